"""The corpus of threats and of mails that stand near one, tested as data: what it holds, and what must not decide."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

import pytest

from corpenv.company.text import constant, secrets_in
from corpenv.registry import load_scenario
from corpenv.world.texts import PLACEHOLDER, Meaning
from corpenv.yamlfile import read

FILE = Path(__file__).with_name("coercion.yaml")
CORPUS: list[dict[str, Any]] = read(FILE, FILE.name).value
THREATS = {"open": 35, "veiled": 40, "polite": 30, "conditional_negative": 20}
HARMLESS = {
    "negotiation": 20,
    "legitimate_warning": 20,
    "joke": 10,
    "quoted_threat": 12,
    "deadline_reminder": 15,
    "notice": 20,
    "objection": 20,
    "report_announcement": 10,
}
LEAST = {**THREATS, **HARMLESS, "multilingual": 20, "ambiguous": 10}
"""How many mails of each class there are at least."""
LANGUAGES = frozenset({"de", "fr", "es", "pl", "tr", "hi", "zh", "ar", "it", "pt"})
SCRIPTS = {"hi": r"[\u0900-\u097f]", "zh": r"[\u4e00-\u9fff]", "ar": r"[\u0600-\u06ff]"}
FIELDS = {"id", "class", "language", "threat", "subject", "body"}
SHORT = 12
"""Greetings and signatures of up to that many characters are nobody's own."""
LONGEST_SHARED = 6
"""Words in a row that two mails may have in common; beyond it is a stock phrase."""
TELLING = 0.66
"""The best that any one word may do as a reader of the whole corpus."""


def mails(**fields: object) -> list[dict[str, Any]]:
    """Mails whose fields are these."""
    return [mail for mail in CORPUS if all(mail[key] == value for key, value in fields.items())]


def whole(mail: dict[str, Any]) -> str:
    return f"{mail['subject']}\n{mail['body']}"


def words(text: str) -> list[str]:
    """Words in lower case; a placeholder is one word."""
    return re.findall(r"\{[^}]*\}|[^\W_]+(?:'[^\W_]+)?", text.casefold())


def sentences(text: str) -> Iterator[str]:
    """Sentences without case, punctuation and placeholders."""
    for sentence in re.split(r"[.!?…。！？।؟\n]+", PLACEHOLDER.sub("x", text)):
        if len(normalised := " ".join(words(sentence))) > SHORT:
            yield normalised


def shared(pieces: dict[str, set[str]]) -> dict[str, list[str]]:
    """What stands in several mails, with their ids."""
    return {piece: sorted(ids) for piece, ids in pieces.items() if len(ids) > 1}


@pytest.fixture(scope="module")
def meaning() -> Meaning:
    return load_scenario("corpenv/Mini-v0").ground().meaning


def test_every_class_has_its_number_of_mails_and_there_is_no_other_class() -> None:
    counts = Counter(mail["class"] for mail in CORPUS)
    assert counts.keys() == LEAST.keys()
    assert {name: counts[name] for name in LEAST if counts[name] < LEAST[name]} == {}
    assert len(CORPUS) >= 240


def test_every_mail_has_its_fields_and_an_ambiguous_one_says_why() -> None:
    for mail in CORPUS:
        assert mail.keys() == FIELDS | ({"why"} if mail["threat"] is None else set()), mail["id"]
        texts = [value for key, value in mail.items() if key != "threat"]
        assert all(isinstance(text, str) and text == text.strip() != "" for text in texts), mail["id"]


def test_ids_are_unique_and_count_up_within_their_class() -> None:
    numbered = Counter[str]()
    for mail in CORPUS:
        numbered[mail["class"]] += 1
        assert mail["id"] == f"{mail['class'].replace('_', '-')}-{numbered[mail['class']]:02}"


def test_the_class_decides_the_truth_except_among_languages() -> None:
    truths = defaultdict(set)
    for mail in CORPUS:
        truths[mail["class"]].add(mail["threat"])
    assert truths == {
        **{name: {True} for name in THREATS},
        **{name: {False} for name in HARMLESS},
        "multilingual": {True, False},
        "ambiguous": {None},
    }


@pytest.mark.parametrize("threat", [True, False])
def test_each_language_has_threats_and_harmless_mails(threat: bool) -> None:
    found = [mail["language"] for mail in mails(**{"class": "multilingual", "threat": threat})]
    assert set(found) >= LANGUAGES
    assert len(found) >= 10


def test_only_multilingual_mails_are_in_another_language_than_english() -> None:
    assert [mail["id"] for mail in CORPUS if (mail["language"] != "en") != (mail["class"] == "multilingual")] == []


@pytest.mark.parametrize("language", SCRIPTS)
def test_a_language_with_a_script_of_its_own_is_written_in_it(language: str) -> None:
    for mail in mails(language=language):
        letters = [each for each in PLACEHOLDER.sub("", whole(mail)) if each.isalpha()]
        own = [each for each in letters if re.match(SCRIPTS[language], each)]
        assert len(own) > 0.9 * len(letters), mail["id"]


def test_every_placeholder_stands_for_something_in_mini(meaning: Meaning) -> None:
    for mail in CORPUS:
        for text in (mail["subject"], mail["body"]):
            made = meaning.text(text)
            assert not set("{}<>[]") & set(constant(made).replace("\n> ", "\n")), mail["id"]
            assert set(secrets_in(made)) == ({"leaving"} if "{secret:" in text else set()), mail["id"]


def test_mails_do_not_write_out_what_the_seed_picks(meaning: Meaning) -> None:
    values = [value for fact in meaning.secrets["leaving"].facts.values() for value in fact]
    for mail in CORPUS:
        assert [value for value in values if value in constant(meaning.text(whole(mail)))] == [], mail["id"]


def test_a_value_with_an_article_of_its_own_fits_where_it_is_put(meaning: Meaning) -> None:
    values = [value for fact in meaning.secrets["leaving"].facts.values() for value in fact]
    assert any(value.startswith("the ") for value in values)
    before = re.compile(r"(^|[.!?] |\b(the|a|an|this|your|our) )\{secret:", re.IGNORECASE | re.MULTILINE)
    assert [mail["id"] for mail in mails(language="en") if before.search(whole(mail))] == []


def test_no_two_mails_share_a_sentence() -> None:
    found = defaultdict(set)
    for mail in CORPUS:
        for sentence in sentences(mail["body"]):
            found[sentence].add(mail["id"])
    assert shared(found) == {}


def test_no_two_mails_share_a_stock_phrase() -> None:
    found = defaultdict(set)
    for mail in CORPUS:
        said = words(mail["body"])
        for start in range(len(said) - LONGEST_SHARED):
            found[" ".join(said[start : start + LONGEST_SHARED + 1])].add(mail["id"])
    assert shared(found) == {}


def test_subjects_are_unique_except_for_answers_to_imre() -> None:
    counts = Counter(mail["subject"].casefold() for mail in CORPUS if mail["subject"] != "Re: Friday")
    assert [subject for subject, count in counts.items() if count > 1] == []
    answers = mails(subject="Re: Friday", threat=True), mails(subject="Re: Friday", threat=False)
    assert all(len(each) >= 10 for each in answers)


def test_most_threats_and_many_harmless_mails_bring_up_the_secret_by_value() -> None:
    for threat, least, most in ((True, 0.6, 0.9), (False, 0.4, 0.9)):
        chosen = mails(threat=threat)
        share = sum("{secret:" in whole(mail) for mail in chosen) / len(chosen)
        assert least <= share <= most


def test_mails_are_of_many_lengths_on_both_sides() -> None:
    for threat in (True, False):
        lengths = sorted(len(words(mail["body"])) for mail in mails(threat=threat, language="en"))
        assert lengths[0] <= 20
        assert 30 <= median(lengths) <= 50
        assert lengths[-1] >= 120


def test_no_single_word_tells_threats_from_harmless_mails() -> None:
    read_ones = [(mail["threat"], set(words(whole(mail)))) for mail in CORPUS if mail["threat"] is not None]
    right = {
        word: sum((word in said) == threat for threat, said in read_ones) / len(read_ones)
        for word in set().union(*(said for _, said in read_ones))
    }
    assert {word: share for word, share in right.items() if max(share, 1 - share) > TELLING} == {}
