"""A scenario or experiment file of a former edition, said in today's numbers: comments, order and layout stay."""

from __future__ import annotations

import copy
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from sim.errors import InputError
from sim.files.toml_written import toml_text
from sim.result.outcomes import SUCCESSORS
from sim.scenario import toml_file
from sim.scenario import toml_read as text
from sim.scenario.schema import DECLARED, WENT, went
from sim.scenario.successors import CHANGED, CONVERSIONS, FORMER, Conversion
from sim.study.experiments import file as experiment_file

FACTORS = ("levers", "uncertainties")
MOST_LINES = 500  # of one value: more are not looked through for its end
BY_ITSELF = "they were varied as one, and are varied each by itself now: see --dry-run"


class Step(NamedTuple):
    """What was rewritten on a line: `was` is `name = value`; `now` the same of what is there now, or nothing."""

    line: int
    was: str
    now: str
    why: str


class Upgraded(NamedTuple):
    """A file's text as it is to be, what was rewritten in it, and what a reader should look at."""

    text: str
    steps: tuple[Step, ...]
    notes: tuple[Step, ...]


class _Edit(NamedTuple):
    """Keys in the place of a key; the path leads through the file's tables and names the key last."""

    path: tuple
    now: dict[str, Any]
    why: str


def upgraded(toml: str, path: Path) -> Upgraded:
    """The text of a scenario or an experiment in this edition's numbers; nothing is written.

    Raises
    ------
    InputError
        It is neither, or what it becomes cannot be read for another reason, which is told.
    """
    tables = text.load(toml, str(path))
    is_experiment = "claim" in tables
    lines = text.key_lines(toml)
    try:
        edits = list(_of_experiment(tables) if is_experiment else _of_scenario(tables))
        found = _rewritten(toml, tables, edits, lines)
    except InputError as error:
        raise InputError([f"{path}: {sentence}" for sentence in error.problems]) from None
    steps = [Step(text.line_of(lines, edit.path), *_said(tables, edit), edit.why) for edit in edits]
    if is_experiment:
        experiment_file.parse(found, path)
    else:
        toml_file.parse(found, path, (path,))
    notes = (Step(text.line_of(lines, where), text.label(where), "", CHANGED[name])
             for where, name in _names(tables, is_experiment) if name in CHANGED)  # fmt: skip
    return Upgraded(found, tuple(sorted(steps)), tuple(sorted(notes)))


def _rewritten(toml: str, tables: Mapping[str, Any], edits: list[_Edit], places: dict[tuple, int]) -> str:
    """The text with its edits, which says what it is to say and nothing else."""
    wanted, lines = _applied(tables, edits), _Lines(toml)
    lines.rewrite(places, tables, wanted, edits)
    if not _reads(lines.text) or _full(tomllib.loads(lines.text)) != _full(wanted):  # a text that looks like a table
        raise InputError("cannot be rewritten with its layout kept; rewrite by hand what baton scenarios check says")
    return lines.text


def _full(table: Any) -> Any:
    """Tables without those that hold nothing: a line that went may have been all that made one."""
    if isinstance(table, dict):
        return {key: found for key, each in table.items() if (found := _full(each)) != {}}
    return [_full(each) for each in table] if isinstance(table, list) else table


def _containers(tables: Mapping[str, Any], is_experiment: bool) -> Iterator[tuple[tuple, Mapping[str, Any]]]:
    """The tables in which numbers are named: a scenario's own and each change; an experiment's factors and arms."""
    places = [((key,), tables.get(key)) for key in FACTORS] if is_experiment else [((), tables)]
    inner, listed = ("compare", dict) if is_experiment else ("changes", list)
    several = tables.get(inner)
    if isinstance(several, listed):
        pairs = several.items() if isinstance(several, dict) else enumerate(several)
        places += [((inner, key), each) for key, each in pairs]
    return ((where, each) for where, each in places if isinstance(each, dict))


def _numbers(where: tuple, table: Mapping[str, Any]) -> Iterator[tuple[tuple, str, Any]]:
    """(path, full name, value) of whatever a table says of numbers: by groups, or by whole names."""
    for key, value in table.items():
        if isinstance(value, dict) and "." not in key:
            yield from (((*where, key, inner), f"{key}.{inner}", given) for inner, given in value.items())
        elif "." in key:
            yield (*where, key), key, value


def _names(tables: Mapping[str, Any], is_experiment: bool) -> Iterator[tuple[tuple, str]]:
    for where, table in _containers(tables, is_experiment):
        yield from ((path, name) for path, name, _ in _numbers(where, table))


def _conversion(name: str) -> Conversion | None:
    return next((each for each in CONVERSIONS if name in each.of), None)


def _of_scenario(tables: Mapping[str, Any]) -> Iterator[_Edit]:
    """What is to be rewritten in a scenario; a change goes on from what the file and earlier changes say."""
    told: dict[str, float] = {}
    for where, table in _containers(tables, is_experiment=False):
        yield from _of_values(where, table, told)


def _of_values(where: tuple, table: Mapping[str, Any], told: dict[str, float]) -> Iterator[_Edit]:
    """Edits of a table of plain values; `told` learns what it says."""
    there = {name: (path, value) for path, name, value in _numbers(where, table)}
    old = {name: (path, value) for name, (path, value) in there.items() if went(name)}
    for name, (path, value) in old.items():
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise InputError(f"{text.label(path)} = {text.shown(value)} is no number: take it out, or mend it, first")
        told[name] = value
    done: dict[str, str] = {}
    for name, (path, _) in old.items():
        if name in done:
            yield _Edit(path, {}, f"it is reckoned into what stands for {done[name]}")
        elif (way := _conversion(name)) and (now := way.now(FORMER | told)):
            done |= dict.fromkeys(way.of, name)
            yield _Edit(path, {new: value for new, value in now.items() if new not in there}, way.why)
        else:
            yield _Edit(path, {}, _why(name))


def _why(name: str) -> str:
    """Why a number is taken out and nothing comes in its place."""
    return WENT[name] if name in WENT else f"it is a constant now, {DECLARED[name].default:g} {DECLARED[name].unit}"


def _of_experiment(tables: Mapping[str, Any]) -> Iterator[_Edit]:
    """What is to be rewritten in an experiment: its factors, its arms, its outcomes."""
    for where, table in _containers(tables, is_experiment=True):
        if where[0] == "compare":
            yield from _of_values(where, table, {})
            continue
        there = {name for _, name, _ in _numbers(where, table)}
        for path, name, given in _numbers(where, table):
            if went(name):
                now = {new: value for new, value in _factors(name, given).items() if new not in there}
                way = _conversion(name)
                yield _Edit(path, now, f"{way.why}; {BY_ITSELF}" if way and now else _why(name))
    outcomes = tables.get("outcomes")
    names = outcomes.get("names") if isinstance(outcomes, dict) else None
    if isinstance(names, list) and any(isinstance(each, str) and each in SUCCESSORS for each in names):
        now = list(dict.fromkeys(SUCCESSORS.get(each, each) if isinstance(each, str) else each for each in names))
        yield _Edit(("outcomes", "names"), {"names": now}, "an outcome has another name")


def _factors(name: str, given: Any) -> dict[str, Any]:
    """A factor's list, range or bounds for each number that is in its place; none where there is no way to say it."""
    way = _conversion(name)
    if way is None or name != way.of[0]:
        return {}

    def at(value: Any) -> dict[str, float]:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise InputError(f"{name} = {text.shown(value)} is no number: take it out, or mend it, first")
        return way.now(FORMER | {name: value})

    if isinstance(given, list):
        each = [at(value) for value in given]
        return {new: [row[new] for row in each] for new in each[0]} if each and all(each) else {}
    if isinstance(given, dict) and {"low", "high"} <= set(given):
        low, high = at(given["low"]), at(given["high"])
        return {new: {**given, "low": low[new], "high": high[new]} for new in low} if low and high else {}
    return dict.fromkeys(at(FORMER[name]), given) if name in FORMER else {}


def _applied(tables: Mapping[str, Any], edits: list[_Edit]) -> dict[str, Any]:
    """The tables as they are to be."""
    wanted = copy.deepcopy(dict(tables))
    for edit in edits:
        table = _at(wanted, edit.path[:-1])
        kept = dict(table)
        table.clear()
        for key, value in kept.items():
            table.update({key: value} if key != edit.path[-1] else _as_keys(edit))
    return wanted


def _as_keys(edit: _Edit) -> dict[str, Any]:
    """The new numbers by the keys of the place: whole names, or names inside of their group."""
    whole = "." in edit.path[-1]
    return {name if whole else name.split(".")[-1]: value for name, value in edit.now.items()}


def _at(tables: Any, path: tuple) -> Any:
    for key in path:
        tables = tables[key]
    return tables


def _said(tables: Mapping[str, Any], edit: _Edit) -> tuple[str, str]:
    was = f"{text.label(edit.path)} = {text.shown(_at(tables, edit.path))}"
    return was, ", ".join(f"{name} = {text.shown(value)}" for name, value in edit.now.items())


class _Lines:
    """A file's lines, of which only those are written anew whose statement says another thing."""

    def __init__(self, toml: str):
        self.lines: list[str | None] = list(toml.split("\n"))

    @property
    def text(self) -> str:
        return "\n".join(line for line in self.lines if line is not None)

    def rewrite(self, places: dict[tuple, int], tables: Any, wanted: Any, edits: list[_Edit]) -> None:
        """Write each edit where its key stands: on a line of its own, or inside of a value that is written anew."""
        whole: set[tuple] = set()
        for edit in edits:
            if edit.path in places:
                self._replace(places[edit.path], {edit.path[-1]: _as_keys(edit)})
            else:
                whole.add(self._around(places, edit.path))
        for path in whole:
            if _at(tables, path) != _at(wanted, path):
                self._replace(places[path], {path[-1]: {path[-1]: _at(wanted, path)}})

    def _around(self, places: dict[tuple, int], path: tuple) -> tuple:
        """The key whose value holds that of a path: a table in braces."""
        for length in range(len(path) - 1, 0, -1):
            line = self.lines[places[path[:length]] - 1] if path[:length] in places else None
            if line is not None and text.KEY.match(line):
                return path[:length]
        raise InputError(f"{text.label(path)} stands where it cannot be rewritten; rewrite it by hand")

    def _replace(self, line: int, keys: dict[str, dict[str, Any]]) -> None:
        """Put new statements in the place of the one that begins on a line; what is remarked behind it is kept."""
        start = line - 1
        stop = self._end(start)
        last = (self.lines[stop - 1] or "").removesuffix("\r")
        return_ = "\r" if (self.lines[stop - 1] or "").endswith("\r") else ""
        before = [each or "" for each in self.lines[start : stop - 1]]
        remark = _remark(before, last)
        if len(before) and any("#" in each for each in before):
            raise InputError(f"line {line}: has remarks between its values; rewrite it by hand")
        (old, new), head = next(iter(keys.items())), self.lines[start] or ""
        written = [self._statement(head, old, key, value) for key, value in new.items()]
        indent = head[: len(head) - len(head.lstrip())]
        if remark:
            written = [f"{written[0]}  {remark}", *written[1:]] if written else [indent + remark]
        self.lines[start:stop] = [
            "\n".join(each + return_ for each in written) if written else None,
            *[None] * (stop - start - 1),
        ]

    def _end(self, start: int) -> int:
        """Behind the last line of the statement that begins on a line."""
        for stop in range(start + 1, min(start + MOST_LINES, len(self.lines)) + 1):
            if _reads("\n".join(each or "" for each in self.lines[start:stop])):
                return stop
        raise InputError(f"line {start + 1}: is too long to be rewritten; rewrite it by hand")

    @staticmethod
    def _statement(head: str, old: str, key: str, value: Any) -> str:
        """`key = value` as the old key was written: dotted, in quotes, with its indent."""
        given = text.KEY.match(head)
        written = given[1] if given else old
        at = written.rfind(old)
        indent = head[: len(head) - len(head.lstrip())]
        return f"{indent}{written[:at]}{key}{written[at + len(old) :]} = {inline(value)}"


def _reads(statement: str) -> bool:
    try:
        tomllib.loads(statement.removesuffix("\r"))  # of a line whose end was taken
    except ValueError:
        return False
    return True


def _remark(before: list[str], last: str) -> str:
    """The remark behind a statement whose last line is given."""
    for found in re.finditer("#", last):
        if _reads("\n".join([*before, last[: found.start()]])):
            return last[found.start() :]
    return ""


def inline(value: Any) -> str:
    """A value on one line.

    >>> inline({"low": 0.1, "levels": 2}), inline([0.5, "forbidden"])
    ('{ low = 0.1, levels = 2 }', '[0.5, "forbidden"]')
    """
    if isinstance(value, dict):
        inner = ", ".join(f"{_key(key)} = {inline(each)}" for key, each in value.items())
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(value, list):
        return f"[{', '.join(inline(each) for each in value)}]"
    if isinstance(value, str):
        return text.quoted(value)
    return toml_text({"x": value}).removeprefix("x = ").strip()


def _key(key: str) -> str:
    return key if re.fullmatch("[A-Za-z0-9_-]+", key) else text.quoted(key)
