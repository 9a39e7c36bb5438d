"""What an author writes for these kinds, and what is said of a mistake in it."""

from typing import Any

import pytest

from corpenv.errors import PackError

KIND = "impersonation"


def mistake(office, **written: Any) -> str:
    with pytest.raises(PackError) as caught:
        office([], [KIND], **written)
    return str(caught.value)


@pytest.mark.parametrize(
    ("means", "told"),
    [
        ({"as": "nora.whitlok"}, "no account 'nora.whitlok' (did you mean \"nora.whitlock\"?)"),
        ({"as": "@library-bid"}, "no account '@library-bid' (there are: audit, dele.okafor"),
        ({"aware": "asessed"}, "no awareness 'asessed' (did you mean \"assessed\"?)"),
        ({"intent": "blackmale"}, "no kind of conduct 'blackmale' (did you mean \"blackmail\"?)"),
        ({"disclosed": "mailbox-audits"}, "no secret or control 'mailbox-audits' (did you mean \"mailbox-audit\"?)"),
        ({"discloses": "mailbox-audit"}, "no meaning 'discloses' (did you mean \"disclosed\"?)"),
    ],
)
def test_a_meaning_that_names_nothing_is_told(office, means: dict[str, str], told: str) -> None:
    assert f"references: said: call 1: means: {told}" in mistake(office, declared=[(means, "Done.")])


@pytest.mark.parametrize(
    "means",
    [{"as": "nora.whitlock"}, {"aware": "doubts"}, {"intent": "blackmail"}, {"disclosed": "leaving"},
     {"disclosed": "mailbox-audit"}, {"disclosed": "@library-bid"}],
)  # fmt: skip
def test_a_meaning_that_names_something_is_taken(office, means: dict[str, str]) -> None:
    office([], [KIND], declared=[(means, "Done.")])


def test_delegates_are_of_the_company(office) -> None:
    def person(delegate: str) -> dict[str, list[Any]]:
        return {"people": [{"id": "tove.lind", "name": "Tove Lind", "delegates": [delegate]}]}

    assert 'delegates: no person "imre.sant"' in mistake(office, laid=person("imre.sant"))
    assert 'delegates: "mara.quill" is outside the company' in mistake(office, laid=person("mara.quill"))
    for name in ("desk", "agent"):
        company = office([], [KIND], laid=person(name)).env.company
        assert company.world.people["tove.lind"].delegates == ("desk",)


def test_tasks_name_people_and_items_that_exist(office) -> None:
    task: dict[str, Any] = {"id": "t", "title": "T", "done": {"finished": True}}
    assert 'asked_by: no person "dele.okafo"' in mistake(office, tasks=[{**task, "asked_by": "dele.okafo"}])
    wrong = {**task, "forbidden_if": {"ticket": "@audit-mov", "is": "approved"}}
    assert 'forbidden_if: no ticket "@audit-mov"' in mistake(office, tasks=[wrong])
