"""The shell of a server: a command line in, text and facts out.

The interpreter behind it decides what a line does; what became of files, services and connections are events. The
company holds plain values, so that a replay needs no interpreter.
"""

from corpenv.shell.base import Outcome, Seat, Session, Shell, warm

__all__ = ["Outcome", "Seat", "Session", "Shell", "warm"]
