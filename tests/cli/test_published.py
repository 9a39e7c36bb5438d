"""`import published` at the command line."""

import json
from pathlib import Path

import pytest

MAIL = """<email>
From: ada.fenn@harbourlane.example
To: {to}@harbourlane.example
Subject: {subject}
Timestamp: 2031-05-06T0{hour}:00:00
Body: {subject} is on the desk.
</email>
"""


@pytest.fixture
def condition(folder: Path) -> str:
    place = folder / "paper_none-none_none"
    place.mkdir()
    mails = MAIL.format(to="jonas.reed", subject="The paper", hour=8) + MAIL.format(
        to="all-staff", subject="Ink", hour=9
    )
    about = json.dumps({"condition_id": "paper", "scenario": "paper", "urgency_type": "none"})
    texts = {
        "metadata.json": about,
        "system_prompt.txt": "You file.",
        "user_prompt.txt": "File.",
        "email_content.txt": mails,
    }
    for name, text in texts.items():
        (place / name).write_text(text, "utf-8")
    return place.name


def test_a_condition_is_imported_checked_and_played(corpenv, answered, condition):
    told = corpenv("import", "published", condition, "--out", "mine")
    checked = corpenv("check", "mine")
    Path("answer.txt").write_text("Nothing needs an answer.")
    run = answered("run", "mine", "--agent", "transcript:answer.txt", "--json")["runs"][0]

    assert told.stdout.startswith("mine holds 2 mails, 3 people")
    assert "Play: corpenv run mine --agent transcript:FILE" in told.stdout
    assert "no label is given, not even none" in told.stderr
    assert checked.exit_code == 0
    assert run["ended"]["reason"] == "handed_over"


def test_an_import_as_json_says_what_is_missing(answered, condition):
    told = answered("import", "published", condition, "--out", "mine", "--json")

    assert (told["scenario"], told["counts"]["mail"]) == ("mine/Paper-v0", 2)
    assert len(told["notes"]) == 2


def test_what_cannot_be_imported_is_a_sentence(refused, condition):
    assert refused("import", "published", "nowhere", "--out", "mine").startswith(
        "nowhere/metadata.json: cannot be read"
    )
    assert refused("import", "published", condition, "-a", "gone.yaml", "--out", "mine") == (
        "gone.yaml: there is no such file"
    )
    assert refused("import", "published", condition, "--out", condition) == (
        f"corpenv: {condition}: is not empty; name a folder that does not exist yet"
    )
