"""The random agent: any tool, with arguments that fit, aimed at things it has read of."""

import re

import numpy as np

from corpenv.names import ALPHABET, draw
from corpenv.sampling import CallSampler, Pool
from corpenv.turns import Post, ToolSpec, Turn

FINISH = "finish"
MOST_FINISHES = 0.02
"""Chance of handing over, at most; one tool among few would end every episode early."""
MOMENTS = ("+30m", "+2h", "+1d 09:00")

SLUG = r"[a-z0-9]+(?:[._-][a-z0-9]+)*"
THINGS = re.compile(
    rf"""
      (?P<address> (?<![\w.+-]) [\w.+-]+ @ [\w-]+ (?:\.[\w-]+)+ )
    | (?P<made> \b [a-z]+ - [{ALPHABET}]{{5}} \b )
    | (?<![\w&#]) \# (?P<channel> {SLUG} )
    | (?P<account> \b [a-z]{{2,}} (?:[.-][a-z]+)* \. (?!example\b) [a-z]{{2,}} \b (?!\.\w) )
    | ^ (?P<row> {SLUG} ) (?=[ ][ ])
    | \b one [ ] of [ ] (?P<options> [^;()\n]+ )
    | \b (?P<query> [A-Z][a-z]{{4,}} ) \b
    """,
    re.VERBOSE | re.MULTILINE,
)
NOUNS = {"document": "doc", "attachment": "doc", "message": "msg"}
KINDS = {
    **dict.fromkeys(("to", "cc", "account", "approver", "attendees", "members", "owner", "people"), "person"),
    "concerns": "thing",
    "setting_id": "row",
}
"""What an argument is aimed at, where its name does not say."""


class UniformAgent:
    """Calls tools at random: uniformly among them, but `finish` at most every fiftieth time.

    Ids, accounts, addresses and channels it has read of are what its calls are about. The same post and the same
    seed give the same calls for the same answers.

    Args:
        seed: tells agents at one post apart.
    """

    name = "random"

    def __init__(self, seed: int = 0) -> None:
        self.seed = seed
        self.begin(Post("", (), 0))

    def begin(self, post: Post) -> None:
        """Forget everything, and read the briefing."""
        self.generator = np.random.default_rng(draw(post.seed, self.name, str(self.seed)))
        self.work = CallSampler([tool for tool in post.tools if tool.name != FINISH])
        self.finish = CallSampler([tool for tool in post.tools if tool.name == FINISH])
        self.finishes = min(MOST_FINISHES, 1 / len(post.tools)) if self.finish.samplers else 0.0
        self.arguments = arguments_in(post.tools)
        self.found: dict[str, list[str]] = {}
        self.seen: set[tuple[str, str]] = set()
        self.read(post.briefing)

    async def act(self, answers: tuple[str, ...]) -> Turn:
        """One call; none if the post has no tool for it."""
        for answer in answers:
            self.read(answer)
        sampler = self.finish if self.generator.random() < self.finishes else self.work
        return Turn((sampler(self.generator, self.pool()),)) if sampler.samplers else Turn()

    def end(self, ended: str) -> None:
        """Nothing to do."""

    def read(self, text: str) -> None:
        """Note what a text mentions, in order of first sight."""
        for match in THINGS.finditer(text):
            sort = str(match.lastgroup)
            value = match[sort]
            if sort == "made":
                self.note(value.rpartition("-")[0], value)
                self.note("thing", value)
            elif sort == "options":
                for option in value.split(", "):
                    self.note("value", option.strip())
            elif sort in ("address", "account"):
                self.note("person", value)
            else:
                self.note(sort, value)

    def note(self, kind: str, value: str) -> None:
        """Keep a value of a kind, once."""
        if (kind, value) not in self.seen:
            self.seen.add((kind, value))
            self.found.setdefault(kind, []).append(value)

    def pool(self) -> Pool:
        """What each argument can be aimed at."""
        known = {argument: self.found.get(kind, ()) for argument, kind in self.arguments.items()}
        return {**known, "until": MOMENTS, "send_at": MOMENTS}

    def __repr__(self) -> str:
        return f"UniformAgent(seed={self.seed})"


def arguments_in(tools: tuple[ToolSpec, ...]) -> dict[str, str]:
    """Names of the arguments of tools, each with the kind of thing it is aimed at."""
    names = (name for tool in tools for name in tool.parameters.get("properties", {}))
    return {name: kind_of(name) for name in names}


def kind_of(argument: str) -> str:
    """`mail_id` → `mail`, `attachments` → `doc`, `to` → `person`: ids begin with their noun."""
    stem = argument.removesuffix("s").removesuffix("_id")
    return KINDS.get(argument) or NOUNS.get(stem, stem)
