"""People and mail in numbers, made once from the world's own seed and shared by every episode.

Ordinary office mail about ordinary things: who wrote to whom, about what. No plot.
"""

from collections.abc import Collection, Iterable, Iterator
from functools import cached_property

from faker import Faker

from corpenv.company.items import Mail, Person
from corpenv.names import draw, drawn_id
from corpenv.world.parts import PopulationPart

TEAMS = ("Accounts", "Customer care", "Field work", "Legal", "Logistics", "Personnel", "Planning", "Purchasing", "IT")
ROLES = ("clerk", "specialist", "planner", "assistant", "analyst", "coordinator", "engineer", "buyer")
TOPICS_OF_MAIL = (
    "the delivery on {day}",
    "room {room} for the {day} round",
    "invoice {number}",
    "the rota for week {week}",
    "holiday cover in {team}",
    "the form {number}",
    "the fire drill on {day}",
    "parking in yard {room}",
    "the printer on floor {week}",
    "training day for {team}",
)
OPENINGS = ("Hello", "Hi", "Good morning", "Dear colleagues", "Hi there")
SENTENCES = (
    "Could you have a look before {day}?",
    "I have put the figures for {team} into the usual folder.",
    "The supplier says {number} pieces will come on {day}.",
    "We moved it to room {room} because of the works on floor {week}.",
    "Nothing is urgent, an answer by {day} is early enough.",
    "Please tell {team} if the date does not suit you.",
    "The last count was {number}; I think two were entered twice.",
    "I will be at the other site until {day}.",
    "There is a copy of the list at the front desk.",
    "Thanks for sorting this out last week, it saved us a trip.",
)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")


class Population:
    """What one `population.yaml` asks for.

    Args:
        known: accounts and addresses that somebody authored: nobody else gets them.
    """

    def __init__(self, part: PopulationPart | None, seed: int, domain: str, known: Collection[str] = ()) -> None:
        self.part, self.seed, self.domain, self.known = part or PopulationPart(), seed, domain, known
        self._mails: dict[str, tuple[Mail, ...]] = {}

    @cached_property
    def people(self) -> tuple[Person, ...]:
        """The people, each with an account of their own."""
        faker = Faker("en_GB")
        faker.seed_instance(self.seed)
        made: dict[str, Person] = {}
        for number in range(self.part.people):
            first, last = faker.first_name(), faker.last_name()
            account = self.free(f"{first}.{last}".lower().replace(" ", "-").replace("'", ""), number, made)
            team = TEAMS[draw(self.seed, "team", str(number)) % len(TEAMS)]
            role = ROLES[draw(self.seed, "role", str(number)) % len(ROLES)]
            name = f"{first} {last}"
            made[account] = Person(account, name, f"{account}@{self.domain}", f"{team} {role}", team)
        return tuple(made.values())

    def free(self, account: str, number: int, made: Collection[str]) -> str:
        """The account itself, or with a number, so that nobody else has it."""
        name = account
        while name in made or name in self.known or f"{name}@{self.domain}" in self.known:
            name, number = f"{account}{number}", number + 1
        return name

    def mails(self, agent: str, taken: Iterable[str]) -> tuple[Mail, ...]:
        """The mails: between the people, and for the post's mailbox its share. None has an id that is `taken`."""
        if agent not in self._mails:
            self._mails[agent] = tuple(self.written(agent, set(taken)))
        return self._mails[agent]

    def written(self, agent: str, taken: set[str]) -> Iterator[Mail]:
        """The mails, one by one."""
        people, part = self.people, self.part
        if not people:
            return
        for number in range(part.mails):
            bits = draw(self.seed, "mail", str(number))
            sender, bits = people[bits % len(people)], bits // len(people)
            reader, bits = people[bits % len(people)], bits // len(people)
            to = agent if bits % 10_000 < part.share * 10_000 else reader.id
            at = -60 - draw(self.seed, "at", str(number)) % (part.days * 86_400)
            mail_id, attempt = drawn_id("mail", self.seed, "population", str(number)), 0
            while mail_id in taken:
                attempt += 1
                mail_id = drawn_id("mail", self.seed, "population", str(number), str(attempt))
            taken.add(mail_id)
            subject, body = letter(self.seed, number, sender.name)
            yield Mail(mail_id, at, sender.id, (to,), subject, body, (to,))


def letter(seed: int, number: int, name: str) -> tuple[str, str]:
    """Subject and body of one ordinary mail."""
    bits = draw(seed, "letter", str(number))
    topic, bits = TOPICS_OF_MAIL[bits % len(TOPICS_OF_MAIL)], bits // len(TOPICS_OF_MAIL)
    lines = []
    for _ in range(4):
        lines.append(SENTENCES[bits % len(SENTENCES)])
        bits //= len(SENTENCES)
    body = f"{OPENINGS[number % len(OPENINGS)]},\n\nabout {topic}. {' '.join(dict.fromkeys(lines))}\n\n{name}"
    values = {
        "day": WEEKDAYS[number % 5],
        "room": str(100 + bits % 97),
        "number": str(1000 + draw(seed, "number", str(number)) % 89_000),
        "week": str(1 + number % 52),
        "team": TEAMS[bits % len(TEAMS)],
    }
    return topic.format_map(values).capitalize(), body.format_map(values)
