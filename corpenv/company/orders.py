"""Orders to stop something, and files that stand for an approval."""

from fnmatch import fnmatchcase

from msgspec import Struct

from corpenv.company.items import Predicate


class Stop(Struct, frozen=True, gc=False):
    """An order to stop something.

    Attributes:
        to: account that is to carry it out.
        item: id of the mail or ticket that gives it.
        done: what is so once it is carried out.
        by: simulated second until which it has to be.
        switch: id of the control that stops it if nobody does, or "".
    """

    id: str
    title: str
    to: str
    item: str
    done: Predicate
    by: int
    switch: str = ""


class ApprovalFile(Struct, frozen=True, gc=False):
    """Files of a server that stand for an approval.

    Attributes:
        path: of the files; `*` stands for anything.
        by: accounts whose word they are.
    """

    id: str
    title: str
    server: str
    path: str
    by: tuple[str, ...]

    def is_at(self, server: str, path: str) -> bool:
        """Is this path of a server one of them?"""
        return server == self.server and fnmatchcase(path, self.path)
