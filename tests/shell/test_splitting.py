"""What a line leaves in the background is found in its text, and what waits in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpenv.shell.splitting import BACK, pieces, with_background
from corpenv.shell.waiting import bare, waiting

LEFT = {
    "sleep 600 && x & echo hi": ["sleep 600 && x"],
    "nohup ./a.sh > out.log 2>&1 &": ["nohup ./a.sh > out.log 2>&1"],
    "for i in 1 2; do sleep 5 & done; wait": ["sleep 5"],
    "(sleep 60; rm x) & echo $!": ["(sleep 60; rm x)"],
    "while true; do a; sleep 5; done &\nls": ["while true; do a; sleep 5; done"],
    "cat > x <<'EOF'\nfoo & bar\nEOF\nbash x &": ["bash x"],
    "a; { b; c; } & d": ["{ b; c; }"],
    "if true; then x & fi": ["x"],
    "a 2>&1 | tee b &": ["a 2>&1 | tee b"],
    "x & y &": ["x", "y"],
    "[[ a && b ]]; x &": ["x"],
    "a && b || c": [],
    "echo 'a & b'": [],
    'echo "a & b"': [],
    "curl http://x/?a=1\\&b=2": [],
    "echo $((1&3)) # a & b": [],
    "a >& b; c &> d; e |& f": [],
}


@pytest.mark.parametrize("line", LEFT)
def test_what_is_left_in_the_background_is_handed_over_whole(line):
    made = with_background(line)
    assert made.count(BACK + " '") == len(LEFT[line])
    for text in LEFT[line]:
        assert f"{BACK} '{text}'" in made
    assert LEFT[line] or made == line


def test_the_pid_of_the_last_is_asked_for_where_it_stands():
    assert with_background("x & echo $! '$!'").endswith("echo $(.bgpid) '$!'")
    assert with_background("echo $!") == "echo $!"


@pytest.mark.parametrize("line", ["echo yes > f", "printf 'off: yes\n' > f && x", "yes | head > f", "x yes > f"])
def test_only_a_program_that_never_ends_fills_a_disk(line):
    assert with_background(line) == line


@pytest.mark.parametrize("line", ["yes > f", "a; yes no >> f", "if a; then cat /dev/zero > f; fi", "a && yes>f"])
def test_what_never_ends_fills_a_disk(line):
    assert ".fill " in with_background(line)


@given(st.text("abc &;|()'\"\\\n<>{}#$", max_size=30))
def test_any_line_is_taken_apart_without_a_fault(line):
    with_background(line)
    assert "".join("".join(piece.text.split()) for piece in pieces(line)) in "".join(line.split()) or ";" in line or "&" in line or "\n" in line  # fmt: skip  # noqa: E501


WAITS = {
    "sleep 10m && x": ("", 600, "x", False),
    "a; sleep 90; b": ("a", 90, "b", False),
    "while true; do a; sleep 120; b; done": ("a", 120, "b\na", True),
    "while :; do sleep 5; a; done": ("", 60, "a", True),
    "until false; do a; done": ("a", 60, "a", True),
    "watch -n 300 'cat x'": ("cat x", 300, "cat x", True),
    "while [ -f x ]; do a; sleep 300; done": (
        "if [ -f x ]; then\na\nfi", 300, "if [ -f x ]; then\na\nfi", True,
    ),
}  # fmt: skip


@pytest.mark.parametrize("text", WAITS)
def test_a_command_waits_where_it_sleeps(text):
    wait = waiting(text)
    assert (wait.before, wait.seconds, wait.after, wait.again) == WAITS[text]


@pytest.mark.parametrize("text", ["ls; a", "for i in 1 2; do a; sleep 1; done", "echo sleep 5", "./a.sh"])
def test_what_does_not_sleep_does_not_wait(text):
    assert waiting(text) is None


@pytest.mark.parametrize(
    ("text", "inner", "ends", "tail"),
    [
        ("nohup ./x > /dev/null 2>&1", "./x > /dev/null 2>&1", 0, ""),
        ("nohup bash -c 'sleep 5; rm x' > o", "sleep 5; rm x", 0, "> o"),
        ("timeout 5m nice -n 10 ./x", "./x", 300, ""),
        ("( a; b ) > l 2>&1", "a; b", 0, "> l 2>&1"),
        ("setsid sh -c 'a'", "a", 0, ""),
    ],
)
def test_what_is_only_wrapped_around_a_command_is_taken_off(text, inner, ends, tail):
    assert bare(text) == (inner, ends, tail)
