"""Another theory in one file: its day, its own numbers, what its people note; a store keeps it without running it."""

from __future__ import annotations

import ast
import functools
import hashlib
import os
import threading
import typing
from collections import namedtuple
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

from sim.errors import InputError, cut, nearest
from sim.files.own_day import ARGUMENTS, HASH, imports_of_own, line_of, module_of_text, remember, step_of
from sim.files.reading import SHORT, decoded, read_bytes
from sim.model.theory import N, Number, plausible
from sim.scenario.schema import GROUPS, declare_own, words

HERE = Path(__file__).parents[1]
FOLDERS = (HERE / "_scenarios" / "theories", HERE.parent / "scenarios" / "theories")  # when installed; in a checkout
MODEL = "baton"  # what the model's own day is called among theories
OWN = "own"  # the day's fourth argument
NOTES = ("a", "b", "c", "d")  # columns of the firm's guest array
TAKEN = (
    *GROUPS,
    MODEL,
    "title",
    "question",
    "days",
    "changes",
    "organization",
    "theory",
    "fitted",
    "imported",
    "shock",
)
KINDS = {"int": int, "float": float}
CURE = 'declare it as stubbornness: Annotated[float, N("0..1", 0, 1, "what it means", GUESS)] = 0.5'


@dataclass(frozen=True)
class OwnTheory:
    """Another theory as a scenario or a store holds it; its code is run when it is first lived by.

    name      its file's, without the end
    text      the file's text
    numbers   its own numbers, as `sim.model.theory` declares the model's
    notes     what its people note, by column of the firm's guest array: (name, unit, low, high, meaning)
    file      where the text was read from; not part of what it is
    """

    name: str
    text: str = field(repr=False)
    numbers: tuple[Number, ...] = field(default=(), repr=False)
    notes: tuple[tuple[str, str, float, float, str], ...] = field(default=(), repr=False)
    file: str = field(default="", compare=False)

    @functools.cached_property
    def digest(self) -> str:
        """12 hex digits of the file."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:HASH]

    @property
    def called(self) -> str:
        """The file's name."""
        return Path(self.file).name if self.file else f"{self.name}.py"

    @property
    def step(self) -> Callable:
        """Its day, compiled where rules are: the file is run for it, once in a process.

        Raises
        ------
        InputError
            The text came with a picture, a run or a store, and nobody here has named the file: a stranger's program.
        """
        if not self.is_trusted:
            how = f"name it (--theory {self.called}, sim.read_theory), or a scenario that lives by it"
            raise InputError(
                f"{self.called} ({self.digest}): is a program that a file carries, and is not run unasked; {how}"
            )
        with _ONE_AT_A_TIME:
            return _day_of(self.text, self.file, self.called, tuple(each.name for each in self.numbers))

    @property
    def made(self) -> dict[str, str]:
        """What a result says of its making, beside Baton's version and rules."""
        return {"theory": self.called, "theory_hash": self.digest}

    def trust(self) -> None:
        """Let its text be run: whoever goes on with a store, or sent it from another process, has asked for that."""
        _NAMED.add(self.digest)

    @property
    def is_trusted(self) -> bool:
        """Whether somebody here has named its file, or it comes with Baton: what else a file carries is not run."""
        return self.digest in _NAMED or self.digest in shipped_digests()

    def declare(self) -> None:
        """Let its numbers be known wherever a number's name is."""
        declare_own(self.name, self.numbers)

    def has(self, name: str) -> bool:
        """Whether a number is one of its own."""
        return any(each.name == name for each in self.numbers)

    def in_force(self, values: Mapping[str, float]) -> InForce:
        """The theory with its own numbers as they stand, those that are not named by their defaults."""
        return InForce(self, tuple(each.type(values.get(each.name, each.default)) for each in self.numbers))

    def table(self) -> dict[str, Any]:
        """What a file that Baton writes says of it: enough to open it without running it, and to run it again."""
        numbers = {each.name.partition(".")[2]: _number_table(each) for each in self.numbers}
        notes = {name: dict(zip(("unit", "low", "high", "meaning"), more, strict=True)) for name, *more in self.notes}
        more = {"numbers": numbers, "notes": notes}
        return {"name": self.name, "hash": self.digest, "text": self.text} | {
            k: each for k, each in more.items() if each
        }

    def __str__(self) -> str:
        return f"{self.name} ({self.digest})"

    def __reduce__(self):
        return _again, (self.table(), self.file)


def _again(table: dict[str, Any], file: str) -> OwnTheory:
    """A theory that another process sent."""
    made = replace(carried_theory(table, file or table["name"]), file=file)
    made.trust()
    return made


_ONE_AT_A_TIME = threading.RLock()  # threads that come at once get the same day, compiled once
_NAMED: set[str] = set()  # hashes of the texts that somebody named, and so may be run


@functools.cache
def shipped_digests() -> frozenset[str]:
    """The hashes of the theories that come with Baton."""
    return frozenset(hashlib.sha256(read_bytes(str(path))).hexdigest()[:HASH] for path in shipped_theories().values())


class InForce(NamedTuple):
    """Another theory with its own numbers in force: what a simulation lives by."""

    theory: OwnTheory
    values: tuple[float, ...]

    @property
    def step(self) -> Callable:
        return self.theory.step

    @property
    def digest(self) -> str:
        return self.theory.digest

    @property
    def numbers(self):
        """The own numbers as its day receives them, or None."""
        names = tuple(each.name.partition(".")[2] for each in self.theory.numbers)
        return _group(names)(*self.values) if names else None


@functools.cache
def _group(names: tuple[str, ...]):
    return namedtuple("Numbers", names)  # its fields are a file's


def shipped_theories() -> dict[str, Path]:
    """The theories that come with Baton: name -> file."""
    for folder in FOLDERS:
        if found := {path.stem: path for path in sorted(folder.glob("*.py"))}:
            return found
    return {}


def read_theory(given: str | os.PathLike[str] | OwnTheory | None, beside: Path | None = None) -> OwnTheory | None:
    """A theory by its name or its file; None for the model's own.

    Parameters
    ----------
    given
        The path of a Python file, the name of a theory that comes with Baton, or "baton".
    beside
        The folder in which a file is sought.

    Raises
    ------
    InputError
        There is no such file, or it is no theory: a sentence for each fault, with its line.
    """
    if given is None or isinstance(given, OwnTheory):
        return given
    name = os.fspath(given)
    known = shipped_theories()
    if name == MODEL:
        return None
    if name.replace("-", "_") in known and not name.endswith(".py"):
        path = known[name.replace("-", "_")]
    elif name.endswith(".py"):
        path = (beside or Path()) / name
    else:
        near = nearest(name, [MODEL, *known])
        raise InputError(
            f"theory: {cut(name)} is neither a Python file (.py) nor one of {', '.join([MODEL, *known])}{near}"
        )
    return _read(path)


def _read(path: Path) -> OwnTheory:
    text, name = decoded(read_bytes(path, SHORT), str(path)), path.stem.replace("-", "_")
    if not name.isidentifier() or name in TAKEN:
        why = "is taken" if name in TAKEN else "is no word of letters, digits and _"
        raise InputError(
            f"{path}: a theory's numbers stand under its file's name, and {cut(name)} {why}; rename the file"
        )
    module = module_of_text(text, str(path.absolute()))
    why = "a file of your own: a theory is one file, or its hash would not say what was lived"
    faults = [f"{path}, line {line}: imports {what}, {why}" for line, what in imports_of_own(text)]
    numbers, more = _numbers(getattr(module, "Numbers", None), name, text, path)
    notes, still = _notes(getattr(module, "Notes", None), text, path)
    faults += more + still
    if not callable(getattr(module, "day", None)):
        given = ", ".join((*ARGUMENTS, *([OWN] if numbers else [])))
        faults.append(f"{path}: has no function day({given})")
    if faults:
        raise InputError(faults)
    made = OwnTheory(name, text, numbers, notes, str(path.absolute()))
    made.trust()
    _ = made.step  # a day with other arguments is told now
    made.declare()
    return made


def _hints(kind: Any, called: str, text: str, path: Path) -> tuple[dict[str, Any], list[str]]:
    """The annotations of a class that a file declares, or why there are none."""
    if kind is None:
        return {}, []
    if not (isinstance(kind, type) and issubclass(kind, tuple) and hasattr(kind, "_field_defaults")):
        return {}, [f"{path}, line {line_of(text, called)}: {called} must be a class {called}(NamedTuple)"]
    try:
        return typing.get_type_hints(kind, include_extras=True), []
    except (NameError, TypeError) as fault:
        named = (each for each in ast.walk(ast.parse(text)) if isinstance(each, ast.Name))
        used = [each.lineno for each in named if each.id == getattr(fault, "name", None)]
        return {}, [f"{path}, line {min(used, default=line_of(text, called))}: {called}: {fault}"]


def _numbers(kind: Any, group: str, text: str, path: Path) -> tuple[tuple[Number, ...], list[str]]:
    """A file's own numbers, or what is wrong with their declarations, each with its line."""
    hints, faults = _hints(kind, "Numbers", text, path)
    found = []
    for key, hint in hints.items():
        where = f"{path}, line {line_of(text, 'Numbers', key)}: {group}.{key}"
        about = next((each for each in getattr(hint, "__metadata__", ()) if isinstance(each, N)), None)
        base = getattr(hint, "__origin__", None)
        if about is None or base not in (int, float) or key not in kind._field_defaults:
            faults.append(f"{where} has no unit, bounds, meaning or default; {CURE}")
            continue
        default = kind._field_defaults[key]
        right = (
            isinstance(default, int | float) and not isinstance(default, bool) and about.low <= default <= about.high
        )
        if not about.low < about.high or not right:
            faults.append(f"{where} = {default!r} must be a number from {about.low:g} to {about.high:g} ({about.unit})")
            continue
        more = (about.lever, about.choices, plausible(about, base, default), about.fixed)
        bounds = (about.unit, base(about.low), base(about.high), about.meaning, about.source)  # as a store reads them
        found.append(Number(f"{group}.{key}", base, base(default), *bounds, *more))
    return tuple(found), faults


def _notes(kind: Any, text: str, path: Path) -> tuple[tuple, list[str]]:
    """What a file says that its people note, or what is wrong with it."""
    hints, faults = _hints(kind, "Notes", text, path)
    found = []
    for key, hint in hints.items():
        about = next((each for each in getattr(hint, "__metadata__", ()) if isinstance(each, N)), None)
        if about is None:
            faults.append(f"{path}, line {line_of(text, 'Notes', key)}: Notes.{key} has no unit or bounds; {CURE}")
        else:
            found.append((key, about.unit, float(about.low), float(about.high), about.meaning))
    if len(found) > len(NOTES):
        line = line_of(text, "Notes")
        faults.append(f"{path}, line {line}: Notes has {len(found)} fields; the guest array has {len(NOTES)} columns")
    return tuple(found), faults


@functools.cache
def _day_of(text: str, file: str, called: str, numbers: tuple[str, ...]) -> Callable:
    module = module_of_text(text, file if file and Path(file).is_file() else "", called)
    _same_numbers(module, called, numbers)
    day = getattr(module, "day", None)
    if not callable(day):
        raise InputError(f"{called}: has no function day({', '.join(ARGUMENTS)})")
    step = step_of(day, text, called, (*ARGUMENTS, OWN) if numbers else ARGUMENTS)
    remember(step, called, hashlib.sha256(text.encode()).hexdigest()[:HASH])
    return step


def _same_numbers(module: ModuleType, called: str, numbers: tuple[str, ...]) -> None:
    there = tuple(getattr(getattr(module, "Numbers", None), "_fields", ()))
    if there != tuple(each.partition(".")[2] for each in numbers):
        raise InputError(f"{called}: its numbers are others than those that are said of it")


def carried_theory(table: Mapping[str, Any], name: object) -> OwnTheory:
    """A theory as a file that Baton wrote carries it: nothing of it is run.

    Raises
    ------
    InputError
        The table is not as Baton writes it, or its text is not what its hash says.
    """
    try:
        group = str(table["name"])
        if not group.isidentifier() or group in TAKEN:
            raise ValueError(f"{cut(group)} cannot be a theory's name")
        numbers = tuple(_number_of(f"{group}.{key}", each) for key, each in table.get("numbers", {}).items())
        notes = tuple((str(key), str(each["unit"]), float(each["low"]), float(each["high"]), str(each["meaning"]))
                      for key, each in table.get("notes", {}).items())  # fmt: skip
        made = OwnTheory(group, str(table["text"]), numbers, notes)
        if made.digest != table["hash"]:
            raise ValueError("its text has another hash")
    except (KeyError, TypeError, ValueError, AttributeError) as fault:
        raise InputError(f"{name}: the theory that it carries cannot be read ({cut(str(fault))})") from None
    made.declare()
    return made


def _number_table(number: Number) -> dict[str, Any]:
    table = {"type": number.type.__name__, "default": number.default, "unit": number.unit, "low": number.low,
             "high": number.high, "meaning": number.meaning, "source": number.source, "lever": number.lever,
             "plausible": list(number.plausible) if number.plausible else None, "fixed": number.fixed or None,
             "choices": list(words(number)) or None}  # fmt: skip
    return {key: value for key, value in table.items() if value is not None}


def _number_of(name: str, table: Mapping[str, Any]) -> Number:
    kind = KINDS[table["type"]]
    choices = [str(each).upper().replace(" ", "_") for each in table.get("choices", [])]
    low, default, high = (kind(table[key]) for key in ("low", "default", "high"))
    if not name.partition(".")[2].isidentifier() or not low <= default <= high:
        raise ValueError(f"{cut(name)} is no number")
    between = tuple(kind(end) for end in table["plausible"]) if "plausible" in table else None
    about = (str(table["unit"]), low, high, str(table["meaning"]), str(table["source"]), bool(table["lever"]))
    words_of = IntEnum("Choice", choices, start=0) if choices else None
    return Number(name, kind, default, *about, words_of, between, bool(table.get("fixed")))
