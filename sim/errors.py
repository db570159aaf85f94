"""What Baton says when an input is wrong: every problem at once, each with a name and what is allowed."""

from __future__ import annotations

import difflib
import warnings
from collections.abc import Iterable, Sequence
from itertools import islice

MOST = 20  # faults that are told one by one; the rest is counted
LONG = 600  # characters of a sentence
NAME = 60  # characters of a name, or of a value that was given
MANY = 2000  # names among which a nearest one is looked for: comparing with a million, or long ones, takes minutes
HELPED = 200  # faults for which a nearest name is looked for


class InputError(ValueError):
    """The input is wrong, not the program: `problems` holds one sentence for each fault.

    Raised by every reader (scenario, people and ties, saved run); the command
    prints the sentences (`told`) and ends with exit code 3.
    """

    def __init__(self, problems: str | Iterable[str]):
        self.problems = [problems] if isinstance(problems, str) else list(problems)
        super().__init__("\n".join(self.told))

    @property
    def told(self) -> list[str]:
        """The sentences as people are told them: the first few, none of them endless, the rest counted."""
        return [cut(sentence, LONG) for sentence in few(self.problems)]


class Refused(InputError):
    """The input is right and the answer is no: the command ends with exit code 4, before anything is run."""


class Told(UserWarning):
    """Something that a user should know and that stops nothing: what is damaged or foreign, and what became of it."""


_told: dict = {}  # Python's own book of what was shown


def tell(text: str) -> None:
    """Say it once, wherever it is noticed: in Python as a warning, in the command as a line among its messages."""
    warnings.warn_explicit(text, Told, "baton", 1, registry=_told)


class Rest(str):
    """A sentence that stands for faults that were only counted.

    >>> Rest(1234), Rest(1)
    ('... and 1,234 more faults', '... and 1 more fault')
    """

    n: int

    def __new__(cls, n: int) -> Rest:
        made = super().__new__(cls, f"... and {n:,} more fault{'s' if n > 1 else ''}")
        made.n = n
        return made

    def __reduce__(self) -> tuple:
        return Rest, (self.n,)


def few(sentences: Sequence[str]) -> list[str]:
    """The first sentences, and how many more there are.

    >>> few(["a", "b"]), few([*(str(n) for n in range(30)), Rest(70)])[19:]
    (['a', 'b'], ['19', '... and 80 more faults'])
    """
    told = [each for each in sentences if not isinstance(each, Rest)][:MOST]
    more = sum(each.n if isinstance(each, Rest) else 1 for each in sentences) - len(told)
    return [*told, Rest(more)] if more else told


def plural(number: int, noun: str, nouns: str = "") -> str:
    """A number with its noun.

    >>> plural(1, "liaison"), plural(24, "salesperson", "salespeople")
    ('1 liaison', '24 salespeople')
    """
    return f"{number:,} {noun if number == 1 else nouns or noun + 's'}"


def cut(text: str, most: int = NAME) -> str:
    """A text short enough for a sentence: its beginning and its end.

    >>> cut("abcdefghijklmnop", 10)
    'abcdef...p'
    """
    if len(text) <= most:
        return text
    end = most // 4 - 1
    return f"{text[: most - 3 - end]}...{text[-end:] if end > 0 else ''}"


def size(n_bytes: float) -> str:
    """So much memory in words, never none where there is some.

    >>> size(3_210_000_000), size(37_000_000), size(900)
    ('3.2 GB', '37 MB', '1 MB')
    """
    return f"{n_bytes / 1e9:,.1f} GB" if n_bytes >= 1e9 else f"{max(1, round(n_bytes / 1e6))} MB"


def nearest(name: str, allowed: Iterable[str], after: int = 0) -> str:
    """A suggestion such as `; did you mean "trust.gain"?`, or nothing if no name is near.

    after   faults found before in the same input: behind many of them nobody reads suggestions, and each costs time

    >>> nearest("trust.gian", ["trust.gain", "trust.loss"])
    '; did you mean "trust.gain"?'
    >>> nearest("zebra", ["trust.gain"])
    ''
    """
    known = list(islice(allowed, MANY + 1))
    if len(name) > NAME or len(known) > MANY or after > HELPED:
        return ""
    near = difflib.get_close_matches(name, [each for each in known if len(each) <= NAME], n=1, cutoff=0.6)
    return f'; did you mean "{near[0]}"?' if near else ""
