"""What Baton says when an input is wrong: every problem at once, each with a name and what is allowed."""

from __future__ import annotations

import difflib
import warnings
from collections.abc import Iterable


class InputError(ValueError):
    """The input is wrong, not the program: `problems` holds one sentence for each fault.

    Raised by every reader (scenario, people and ties, saved run); the command
    prints the sentences and ends with exit code 3.
    """

    def __init__(self, problems: str | Iterable[str]):
        self.problems = [problems] if isinstance(problems, str) else list(problems)
        super().__init__("\n".join(self.problems))


class Told(UserWarning):
    """Something that a user should know and that stops nothing: what is damaged or foreign, and what became of it."""


def tell(text: str) -> None:
    """Say it once: in Python as a warning, in the command as a line among its messages."""
    warnings.warn(text, Told, stacklevel=3)


def nearest(name: str, allowed: Iterable[str]) -> str:
    """A suggestion such as `; did you mean "trust.gain"?`, or nothing if no name is near.

    >>> nearest("trust.gian", ["trust.gain", "trust.loss"])
    '; did you mean "trust.gain"?'
    >>> nearest("zebra", ["trust.gain"])
    ''
    """
    found = difflib.get_close_matches(name, list(allowed), n=1, cutoff=0.6)
    return f'; did you mean "{found[0]}"?' if found else ""
