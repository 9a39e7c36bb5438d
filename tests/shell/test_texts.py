"""What somebody writes into a file is what stands there, whatever a line is made into before it is run."""
# ruff: noqa: E501 (a case stands on one line)

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpenv.events import FileWritten
from corpenv.shell.words import meant, without_texts

SCRIPTS = (
    "#!/bin/bash\nif [[ -r $f && -w \"$g\" ]]; then tail -f /var/log/syslog; fi\n",
    "b() { b | b & }; b\n", "x=$SRANDOM; echo ${SRANDOM} $RANDOM $UID $EPOCHSECONDS\n", "awk 'BEGIN { print systime() }'; echo '{}' | jq now\n",
    "printf '%(%s)T\\n' -1; date +%s; sleep 5 &\nnohup ./run >/dev/null 2>&1 &\n", "[[ a -nt b ]] || tail --follow x\n", "f() { f; }; f\n",
)  # fmt: skip


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_script_is_written_as_it_was_typed(at, script):
    ran = at("desk", f"cat > s <<'END'\n{script}END\ncat s")
    assert [event.text for event in ran.of(FileWritten)] == [script]
    assert ran.text == script


@pytest.mark.parametrize("script", [each for each in SCRIPTS if "'" not in each])
def test_a_quoted_text_is_written_as_it_was_typed(at, script):
    ran = at("desk", f"echo '{script}' > s; cp s t")
    assert {event.text for event in ran.of(FileWritten)} == {f"{script}\n"}


def test_what_is_quoted_for_a_shell_is_meant_for_it(at):
    assert at("desk", "bash -c '[[ -w /etc/passwd ]] && echo open || echo closed'").text == "closed\n"
    assert at("desk", "bash -c ':(){ :|:& };:'").text.endswith("bash: fork: Resource temporarily unavailable\n")


@given(st.text(alphabet="ab '\"[]-rwt<\n$()|&;EO", max_size=60))
def test_what_is_hidden_comes_back(line):
    bare, texts = without_texts(line)
    for number, text in enumerate(texts):
        bare = bare.replace(f"\0{number}\0", text)
    assert bare == line
    assert "[[" in line or meant(line) == line
