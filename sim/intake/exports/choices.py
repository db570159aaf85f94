"""What somebody said about exports (each an option and a line of firm.toml), what was found, and what must be asked."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import numpy as np

from sim.errors import cut, plural
from sim.intake.csv_files import Problems

SIDES = ("marketing", "sales", "other")


@dataclass(frozen=True)
class Choices:
    """What was said about the files; what is not said is found out or asked.

    kinds          name of a file -> what it is
    columns        header -> role, or "ignore"
    won, lost      names of stages
    steps          name of a lead's stage -> the step that it means, or "none"
    pipeline       the one that sells to new customers
    departments    name -> "marketing", "sales" or "other"
    rates          currency -> how many of it are one of the firm's own
    currency       the firm's own
    dates          "dmy" or "mdy", where no date proves it
    decimal        "." or ",", where no number proves it
    tests          "drop" or "keep": opportunities that look like tests; None: they are dropped
    as_of          the day of the export; None: the last day that something happened
    skip_bad       leave out wrong lines in place of refusing the file
    tie_from       from which value on two people are tied; None: from any
    customers      how many customers the firm had on the first day that is read; None: nobody said it
    """

    kinds: dict[str, str] = field(default_factory=dict)
    columns: dict[str, str] = field(default_factory=dict)
    won: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    steps: dict[str, str] = field(default_factory=dict)
    pipeline: str | None = None
    departments: dict[str, str] = field(default_factory=dict)
    rates: dict[str, float] = field(default_factory=dict)
    currency: str | None = None
    dates: str | None = None
    decimal: str | None = None
    tests: str | None = None
    as_of: datetime.date | None = None
    skip_bad: bool = False
    encoding: str | None = None
    sheet: str | None = None
    tie_from: float | None = None
    customers: int | None = None

    def but(self, **more: Any) -> Choices:
        """The same with something else said."""
        return replace(self, **more)


class Question(NamedTuple):
    """What the files cannot say: the field of Choices that answers it, a sentence, and what may be said.

    about    where the answer is one of several under one field (a department, a currency): which
    needed   nothing can be kept before it is answered; else something is left out, and told
    """

    answers: str
    sentence: str
    option: str
    allowed: tuple[str, ...] = ()
    about: str = ""
    needed: bool = True


@dataclass
class Account:
    """What was found out about one file: for the screen and for the sheet that a works council reads."""

    name: str
    digest: str
    kind: str = ""
    encoding: str = ""
    delimiter: str = ""
    above: int = 0
    heading: tuple[str, ...] = ()
    colleagues: tuple[str, ...] = ()  # all headers of a survey with a column for each: among them are names
    used: list[tuple[str, str, str]] = field(default_factory=list)  # header, role, how it was known (see match.Column)
    ignored: list[str] = field(default_factory=list)
    private: list[str] = field(default_factory=list)
    guessed: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    numbers: dict[str, Any] = field(default_factory=dict)


class Desk:
    """Where the readers of one file put what they find: the account, faults, questions, and which rows are wrong."""

    def __init__(self, account: Account, choices: Choices, problems: Problems, questions: list[Question]):
        self.account, self.choices, self.problems, self.questions = account, choices, problems, questions
        self.departments: list[str] = []  # all that a people list names

    def ask(self, question: Question) -> None:
        """Ask once, whatever number of files raise it."""
        if question not in self.questions:
            self.questions.append(question)

    def refuse(self, lines: np.ndarray, texts, wrong: np.ndarray, header, what: str, of: str = "line") -> np.ndarray:
        """A fault for each wrong cell, by line and column; with --skip-bad they are only counted. Gives `wrong`.

        header   of the column; or one a row
        of       what is left out with --skip-bad: a "line", or the "value" alone
        """
        if self.choices.skip_bad:
            n = int(wrong.sum())
            if n:
                column = f'"{cut(header)}"' if isinstance(header, str) else "a value"
                self.account.told.append(f"{plural(n, of)} left out: {column} {what}")
                counted = "bad_rows" if of == "line" else "bad_values"
                self.account.numbers[counted] = self.account.numbers.get(counted, 0) + n
            return wrong
        for row in np.flatnonzero(wrong):
            column = cut(header if isinstance(header, str) else header[row])
            self.problems.add(
                f'{self.account.name}, line {lines[row]}, column "{column}": "{cut(str(texts[row]))}" {what}; '
                f"--skip-bad leaves such {of}s out"
            )
        return wrong
