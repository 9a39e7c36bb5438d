"""What servers let out, compared."""

import pytest

from corpenv.company.egress import Egress

START = Egress("drop", ("mirror.example:443", "*.parts.example:*"), ("10.0.0.9:*",))


@pytest.mark.parametrize(
    ("now", "wider"),
    [
        (START, False),
        (Egress("drop", ("mirror.example:443",), ("10.0.0.9:*", "*:25")), False),
        (Egress("drop", ("a.parts.example:22", "*.b.parts.example:443"), ("10.0.0.9:*",)), False),
        (Egress("drop", START.allowed, START.blocked, gateway=False), False),
        (Egress("drop", (*START.allowed, "drop.example:443"), START.blocked), True),
        (Egress("drop", ("mirror.example:*",), START.blocked), True),
        (Egress("drop", ("*:443",), START.blocked), True),
        (Egress("drop", ("parts.example:443",), START.blocked), True),
        (Egress("drop", START.allowed), True),
        (Egress("accept", (), START.blocked), True),
    ],
)
def test_one_egress_is_wider_than_another_if_it_lets_out_more(now, wider):
    assert now.wider_than(START) is wider


def test_nothing_is_wider_than_everything():
    assert not Egress("drop", ("*:*",)).wider_than(Egress())
