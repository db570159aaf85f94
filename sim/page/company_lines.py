"""Which line of the command a question of the page *Your company* stands for: every word of it is checked here."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from sim.errors import InputError, cut
from sim.files.harmless import UNSEEN

ENDINGS = (".csv", ".tsv", ".txt", ".xlsx", ".graphml")
MOST_WORDS, MOST_LETTERS = 500, 500  # of an answer that holds several; of one
PLAN = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}")  # of an action, and of what it asks for
# Options with one answer.
PLAIN = ("pipeline", "currency", "dates", "decimal", "tests", "as_of", "encoding", "sheet", "customers", "tie_from")
LISTS = {"won": "--won", "lost": "--lost"}
PAIRS = {"columns": "--map", "departments": "--department", "steps": "--step", "rates": "--rate"}
VERDICTS = ("accept", "adjust", "stop")


class Asked:
    """A question, read strictly: what it asks that is not there, or is no text, is told."""

    def __init__(self, given: Mapping[str, Any]):
        self.given, self.read = given, {"do"}

    def text(self, name: str, needed: bool = False, like: re.Pattern[str] | None = None) -> str:
        """One text, cleaned of what cannot be seen; "" where it is not given."""
        self.read.add(name)
        value = self.given.get(name, "")
        if not isinstance(value, str) or len(value) > MOST_LETTERS or UNSEEN.search(value) or "\n" in value:
            raise InputError(f"{name}: must be a text of at most {MOST_LETTERS} letters in one line")
        if needed and not value.strip():
            raise InputError(f"{name}: is needed")
        if value and like is not None and not like.fullmatch(value):
            raise InputError(f"{name}: {cut(value)!r} is no name of small letters, figures and hyphens")
        return value.strip()

    def texts(self, name: str) -> list[str]:
        self.read.add(name)
        value = self.given.get(name, [])
        if not isinstance(value, list) or len(value) > MOST_WORDS:
            raise InputError(f"{name}: must be a list of at most {MOST_WORDS} texts")
        return [Asked({name: each}).text(name, needed=True) for each in value]

    def pairs(self, name: str) -> dict[str, str]:
        self.read.add(name)
        value = self.given.get(name, {})
        if not isinstance(value, dict) or len(value) > MOST_WORDS:
            raise InputError(f"{name}: must be at most {MOST_WORDS} names, each with a text")
        return {Asked({name: left}).text(name, True): Asked({name: right}).text(name, True)
                for left, right in value.items()}  # fmt: skip

    def number(self, name: str, low: int, high: int, usual: int) -> int:
        self.read.add(name)
        value = self.given.get(name, usual)
        if type(value) is not int or not low <= value <= high:
            raise InputError(f"{name}: must be a whole number from {low} to {high}")
        return value

    def yes(self, name: str) -> bool:
        self.read.add(name)
        value = self.given.get(name, False)
        if not isinstance(value, bool):
            raise InputError(f"{name}: must be true or false")
        return value

    def finish(self) -> None:
        if unknown := sorted(set(self.given) - self.read):
            raise InputError(f"{cut(unknown[0])}: is not asked for here")


def line_of(given: Mapping[str, Any], firm: Path, files: Sequence[Path], brief: Path) -> list[str]:
    """The words after `baton` of a question.

    Parameters
    ----------
    given
        The question: `do` names it, the rest is what it asks for.
    firm, files, brief
        The folder, what was dropped (their numbers count from 0), and where a brief is written.

    Raises
    ------
    InputError
        With a sentence on what is wrong.
    """
    asked, do = Asked(given), given.get("do")
    if not isinstance(do, str) or do not in LINES:
        raise InputError(f"do: must be one of {', '.join(LINES)}")
    words = LINES[do](asked, firm, files, brief)
    asked.finish()
    return words


def _import(asked: Asked, firm: Path, files: Sequence[Path], more: Sequence[str]) -> list[str]:
    if not files:
        raise InputError("no file has been dropped yet")
    words = ["import", *map(str, files), "-o", str(firm), "--json", *more]
    for name in PLAIN:
        if value := asked.text(name):
            words.append(f"--{name.replace('_', '-')}={value}")
    for name, option in LISTS.items():
        words += [f"{option}={value}" for value in asked.texts(name)]
    for name, option in PAIRS.items():
        words += [f"{option}={left}={right}" for left, right in asked.pairs(name).items()]
    for number, kind in asked.pairs("kinds").items():
        if not number.isascii() or not number.isdecimal() or int(number) >= len(files):
            raise InputError(f"kinds: {cut(number)!r} is the number of no file")
        words.append(f"--as={files[int(number)].name}={kind}")
    return words + (["--skip-bad"] if asked.yes("skip_bad") else [])


def _look(asked, firm, files, brief) -> list[str]:
    return _import(asked, firm, files, ["--dry-run"])


def _keep(asked, firm, files, brief) -> list[str]:
    return _import(asked, firm, files, ["--overwrite"] if asked.yes("overwrite") else [])


def _fit(asked, firm, files, brief) -> list[str]:
    return ["fit", str(firm), "--size", str(asked.number("size", 50, 5000, 100))]


def _gate(asked, firm, files, brief) -> list[str]:
    said = asked.text("say")
    words = ["gate", str(firm), "--json"]
    if not said:
        return words
    if said not in VERDICTS:
        raise InputError(f"say: must be one of {', '.join(VERDICTS)}")
    return [*words, f"--{said}", f"--name={asked.text('name', needed=True)}", f"--note={asked.text('note')}"]


def _plan(asked: Asked, firm: Path, *more: str) -> list[str]:
    return ["plan", str(firm), asked.text("plan", True, PLAN), *more, "--json"]


def _new(asked, firm, files, brief) -> list[str]:
    said = [f"--{name}={asked.text(name)}" for name in ("title", "question") if asked.text(name)]
    return _plan(asked, firm, "new", *said)


def _add(asked, firm, files, brief) -> list[str]:
    action, given = asked.text("action", True, NAME), asked.pairs("given")
    if wrong := [name for name in given if not NAME.fullmatch(name)]:
        raise InputError(f"given: {cut(wrong[0])!r} is no name of small letters, figures and hyphens")
    return _plan(asked, firm, "add", action, *(f"{name}={value}" for name, value in given.items()))


def _drop(asked, firm, files, brief) -> list[str]:
    return _plan(asked, firm, "drop", str(asked.number("number", 1, 1000, 1)))


def _run(asked, firm, files, brief) -> list[str]:
    return _plan(asked, firm, "run", "--seeds", str(asked.number("seeds", 2, 1000, 30)))


def _brief(asked, firm, files, brief) -> list[str]:
    seeds = str(asked.number("seeds", 2, 1000, 30))
    return ["brief", str(firm), asked.text("plan", True, PLAN), "-o", str(brief), "--seeds", seeds, "--json"]


LINES: dict[str, Callable[..., list[str]]] = {
    "look": _look, "keep": _keep, "fit": _fit, "gate": _gate,
    "funnel": lambda asked, firm, files, brief: ["funnel", str(firm), "--json"],
    "actions": lambda asked, firm, files, brief: ["plan", "--actions", "--json"],
    "plan": lambda asked, firm, files, brief: _plan(asked, firm),
    "undo": lambda asked, firm, files, brief: _plan(asked, firm, "undo"),
    "new": _new, "add": _add, "drop": _drop, "run": _run, "brief": _brief,
}  # fmt: skip
