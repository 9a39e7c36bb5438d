import pytest

from corpenv.events import ChannelRead, ChatPosted

CHANNELS = [
    {"id": "owners", "topic": "Owners only", "members": ["nora.whitlock"],
     "messages": [{"at": "-1h", "from": "nora.whitlock", "text": "Quiet please."}]},
    {"id": "bench", "members": ["desk", "imre.sand"]},
]  # fmt: skip


@pytest.fixture
def env(mini, office):
    return office(mini.with_items("channels", CHANNELS))


def test_only_channels_the_account_is_in_are_listed(env):
    assert env.do("list_channels").splitlines() == ["Channels:", "#workshop  What is on the benches", "#bench  "]


def test_a_channel_is_read_newest_first(env, facts):
    rows = env.do("read_channel", channel="#workshop").splitlines()
    assert rows[0] == "#workshop:"
    assert [row.split("  ")[0] for row in rows[1:]] == [
        "Tue 2031-03-04 08:00", "Mon 2031-03-03 13:30", "Mon 2031-03-03 12:30",
    ]  # fmt: skip
    assert [event.channel for event in facts(env, ChannelRead)] == ["workshop"]


def test_an_empty_channel_says_so(env):
    assert env.do("read_channel", channel="bench") == "Nobody wrote in #bench yet."


@pytest.mark.parametrize("channel", ["owners", "#owners", "journal", "nowhere", "owners "])
def test_a_channel_the_account_is_not_in_is_like_one_that_does_not_exist(env, facts, channel):
    for name, more in (("read_channel", {}), ("post_message", {"text": "Hello."})):
        answer = env.do(name, channel=channel, **more)
        assert answer.startswith(f"{name} was refused: you are in no channel '{channel}'")
        assert "Quiet" not in answer
        assert facts(env, ChannelRead, ChatPosted) == []


def test_a_message_can_be_read_by_everybody_in_the_channel(env, facts):
    assert env.do("post_message", channel="#bench", text="The lid is here.") == "Posted in #bench."
    (posted,) = facts(env, ChatPosted)
    assert (posted.channel, posted.text, posted.item) == ("bench", "The lid is here.", "")
    assert env.do("read_channel", channel="bench").endswith("Office Desk: The lid is here.")


def test_long_conversations_are_read_page_by_page_and_part_by_part(env):
    for number in range(23):
        env.do("post_message", channel="bench", text=f"No {number} {'x' * 2_000}")
    first = env.do("read_channel", channel="bench")
    assert "(Part 1 of 4; go on with part=2.)" in first
    whole = "".join(env.do("read_channel", channel="bench", part=part).partition("\n(Part")[0] for part in (1, 2, 3, 4))
    assert [f"No {number} " in whole for number in range(23)] == [number >= 3 for number in range(23)]
    assert whole.endswith("More: page=2.")
    assert env.do("read_channel", channel="bench", page=2).startswith("#bench, page 2:\n")
    assert env.do("read_channel", channel="bench", page=3) == "#bench: there is no page 3."


def test_posting_needs_a_tier_that_may_write_inside(office, mini):
    assert "file a ticket" in office(mini, tier="P0").do("post_message", channel="workshop", text="Hello.")
    assert "file a ticket" in office(mini, tier="P1").do("post_message", channel="workshop", text="Hello.")
    assert "needs approval" in office(mini, tier="P2").do("post_message", channel="workshop", text="Hello.")
    assert "Posted" in office(mini, tier="P3").do("post_message", channel="workshop", text="Hello.")
