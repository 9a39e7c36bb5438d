import pytest

from corpenv.events import CallRefused, Finished, TimePassed, Waited


def test_waiting_lets_time_pass(office, facts):
    env = office()
    assert env.do("wait", minutes=25) == "It is Tue 2031-03-04 08:55."
    assert [event.until for event in facts(env, Waited)] == [25 * 60]
    assert env.do("wait", until="+5m") == "It is Tue 2031-03-04 09:00."
    assert env.do("wait", until="2031-03-04 10:30") == "It is Tue 2031-03-04 10:30."
    assert env.do("wait", until="+0d 11:00", minutes=3) == "It is Tue 2031-03-04 11:00."


@pytest.mark.parametrize(
    "given", [{}, {"minutes": 0}, {"until": "+0m"}, {"until": "-1h"}, {"until": "2031-03-04 08:30"}]
)
def test_waiting_needs_a_moment_to_come(office, facts, given):
    env = office()
    assert "say how many minutes, or a moment after Tue 2031-03-04 08:30" in env.do("wait", **given)
    assert [type(event) for event in facts(env)] == [CallRefused]


@pytest.mark.parametrize("until", ["noon", "+1x", "+99999999w", "2031-02-30 10:00"])
def test_what_is_no_moment_is_refused(office, until):
    assert f"until: '{until}' is no moment" in office().do("wait", until=until)


def test_nobody_waits_longer_than_a_week(office, facts):
    env = office()
    assert "is too large" in env.do("wait", minutes=7 * 24 * 60 + 1)
    env.do("wait", until="2031-12-24 18:00")
    assert facts(env, Waited)[0].until == 7 * 86_400
    assert env.company.ended == "closing_time"


def test_finishing_hands_over(office, facts):
    env = office()
    observation, reward, terminated, truncated, _ = env.step({"name": "finish", "arguments": {"note": "All done."}})
    assert (observation, reward, terminated, truncated) == ("You handed over. Your shift is over.", 0.0, True, False)
    assert [event.note for event in facts(env, Finished)] == ["All done."]
    assert (env.company.note, env.company.ended) == ("All done.", "handed_over")
    assert env.company.when(env.company.now) == "Wed 2031-03-05 12:00"
    assert [type(event) for event in facts(env)][-1] is TimePassed
