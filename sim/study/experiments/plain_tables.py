"""The plain tables of an experiment file: [outcomes], [sample], [replications], [compare]. Faults are collected."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim import MOST_MARKETS
from sim.arguments import SEEDS
from sim.errors import InputError, cut, nearest
from sim.result.outcomes import BUILT_IN, KNOWN, SUCCESSORS
from sim.result.own_outcomes import Own, own_of
from sim.result.own_outcomes import read_outcomes as read_own
from sim.scenario.schema import Fault, checked_values, sentences
from sim.scenario.toml_read import label, shown
from sim.study.doubt import check_sets
from sim.study.experiments.experiment import BASE, METHODS, Sample
from sim.study.experiments.factors import flat_names
from sim.study.store.series import KINDS

NEEDS_POINTS = ("latin-hypercube", "sobol", "saltelli", "morris")
POWERS = ("sobol", "saltelli")
BELONGS = {"points": NEEDS_POINTS, "seed": NEEDS_POINTS, "second_order": ("saltelli",), "file": ("points",)}
HOW_MANY = {"saltelli": "the base size, a power of 2", "morris": "the number of trajectories"}
USUAL_MARKETS = 10
MOST_NAMES = 14  # in a sentence


class Faults(list):
    """What is wrong in a file, each with its place."""

    def say(self, where: tuple, sentence: str) -> None:
        self.append(Fault(where, sentence))

    def wrong(self, where: tuple, given: object, allowed: str) -> None:
        self.say(where, f"{label(where)} = {shown(given)} must be {allowed}")

    def table(self, tables: Mapping[str, Any], key: str, known: tuple[str, ...] = ()) -> dict[str, Any]:
        """A table of the file, without the keys that are not known (all are where none is listed)."""
        given = tables.get(key, {})
        if not isinstance(given, dict):
            self.wrong((key,), given, f"a table: [{key}]")
            return {}
        for name in given if known else ():
            if name not in known:
                near = nearest(name, known, len(self)) or f" (known: {', '.join(known)})"
                self.say((key, name), f"{key}.{cut(name)} is not known{near}")
        return {name: value for name, value in given.items() if name in known or not known}

    def whole(self, where: tuple, given: object, low: int, high: int, usual: int = 0) -> int:
        """A whole number within bounds, or `usual` and a fault."""
        if isinstance(given, bool) or not isinstance(given, int) or not low <= given <= high:
            self.wrong(where, given, f"a whole number from {low:,} to {high:,}")
            return usual
        return given

    def names(self, where: tuple, given: object, known: Mapping, empty: bool = False) -> tuple[str, ...]:
        """A list of known names, each once."""
        if not isinstance(given, list) or not all(isinstance(each, str) for each in given) or not (given or empty):
            few = list(known)[:MOST_NAMES]
            self.wrong(
                where, given, f"a list of names such as {', '.join(few)}{', ...' if len(known) > len(few) else ''}"
            )
            return ()
        for name in dict.fromkeys(given):
            if name not in known:
                near = f" any more: give {SUCCESSORS[name]}" if name in SUCCESSORS else nearest(name, known, len(self))
                near = near or f" (there are {', '.join(known)})"
                self.say(where, f"{label(where)}: {shown(name)} is not known{near}")
            elif given.count(name) > 1:
                self.say(where, f"{label(where)}: {name} is there {given.count(name)} times")
        return tuple(dict.fromkeys(given))


def read_outcomes(
    tables: Mapping[str, Any], faults: Faults, folder: Path, kept: str | None = None
) -> tuple[tuple[str, ...], dict[str, tuple[str, ...]], tuple[Own, ...]]:
    """`[outcomes]`: what is kept of each run, and of its quarters, days and people; which outcomes are the user's own.

    folder   where the file that declares them is sought
    kept     its text as a store has it: then nothing of it is run, and the store says what it declares
    """
    given = faults.table(tables, "outcomes", ("names", *KINDS, "file", "own"))
    own = _own(given, faults, folder, kept)
    known = ChainMap({each.name: each for each in own}, KNOWN)
    names = faults.names(("outcomes", "names"), given.get("names", [*BUILT_IN, *(each.name for each in own)]), known)
    tables = {kind: faults.names(("outcomes", kind), given.get(kind, []), about.known, empty=True)
              for kind, about in KINDS.items()}  # fmt: skip
    return names, tables, tuple(each for each in own if each.name in names)


def _own(given: dict[str, Any], faults: Faults, folder: Path, kept: str | None) -> tuple[Own, ...]:
    if "file" not in given:
        return ()
    file, where = given["file"], ("outcomes", "file")
    if not isinstance(file, str) or not file:
        faults.wrong(where, file, "the path of a Python file that declares outcomes")
        return ()
    if kept is not None:
        return tuple(Own(name, str(each["unit"]), str(each["meaning"]), str(each["digest"]), kept)
                     for name, each in given.get("own", {}).items())  # fmt: skip
    if "own" in given:
        faults.say(("outcomes", "own"), "outcomes.own is a store's; in your own file the Python file says it")
    try:
        return own_of(read_own(folder / file))
    except InputError as fault:
        for sentence in fault.problems:
            faults.say(where, f"outcomes.file: {sentence}")
        return ()


def read_sample(tables: Mapping[str, Any], faults: Faults) -> Sample:
    """`[sample]`: how the points are chosen; a key that says nothing to the method is a fault."""
    given = faults.table(tables, "sample", Sample._fields)
    method = given.get("method", "one-at-a-time")
    if method not in METHODS:
        near = nearest(method, METHODS) if isinstance(method, str) else ""
        known = ", ".join(f'"{each}"' for each in METHODS)
        faults.wrong(("sample", "method"), method, f"one of {known}{near}")
        return Sample("one-at-a-time")
    for key, methods in BELONGS.items():
        if key in given and method not in methods:
            belongs = ", ".join(f'"{each}"' for each in methods)
            faults.say(("sample", key), f'sample.{key} says nothing to method = "{method}"; it belongs to {belongs}')
    second, file = given.get("second_order", True), given.get("file", "")
    if not isinstance(second, bool):
        faults.wrong(("sample", "second_order"), second, "true or false")
    if method == "points" and (not isinstance(file, str) or not file):
        faults.wrong(("sample", "file"), file, "the path of a CSV file, one line a point")
        file = ""
    seed = faults.whole(("sample", "seed"), given.get("seed", 1), 0, 2**32 - 1)
    return Sample(method, _sample_size(given, method, faults), seed, second is True, file if method == "points" else "")


def _sample_size(given: Mapping[str, Any], method: str, faults: Faults) -> int:
    where = ("sample", "points")
    if method not in NEEDS_POINTS:
        return 0
    if "points" not in given:
        faults.say(("sample",), f"sample.points is missing: {HOW_MANY.get(method, 'how many points')}")
        return 0
    points = faults.whole(where, given["points"], 2 if method == "morris" else 1, 2**62)
    if points and method in POWERS and points & (points - 1):
        below = 1 << (points.bit_length() - 1)
        faults.wrong(where, points, f'a power of 2 for method = "{method}", such as {below} or {2 * below}')
    return points


def read_markets(tables: Mapping[str, Any], faults: Faults) -> tuple[int, ...]:
    """`[replications]`: the markets that every point is run in."""
    given = faults.table(tables, "replications", ("markets", "first", "doubt", "each"))
    first = faults.whole(("replications", "first"), given.get("first", 0), 0, SEEDS - 1)
    where, markets = ("replications", "markets"), given.get("markets", USUAL_MARKETS)
    if isinstance(markets, list):
        if "first" in given:
            faults.say(("replications", "first"), "replications.first says nothing to a list of markets")
        right = all(isinstance(m, int) and not isinstance(m, bool) and 0 <= m < SEEDS for m in markets)
        if right and markets and len(set(markets)) == len(markets):
            return tuple(markets)
        faults.wrong(where, markets, "a list of different whole numbers from 0 to 2**63 - 1")
        return (0,)
    n = faults.whole(where, markets, 1, MOST_MARKETS, 1)
    if first + n > SEEDS:
        faults.wrong(("replications", "first"), first, "a number that leaves room for all markets below 2**63")
    return tuple(range(first, first + n))


def read_doubt(tables: Mapping[str, Any], markets: tuple[int, ...], faults: Faults) -> bool:
    """Whether `[replications]` puts the guessed numbers in doubt; then markets come in twos."""
    given = tables.get("replications", {})
    doubt = given.get("doubt", False) if isinstance(given, dict) else False
    if not isinstance(doubt, bool):
        faults.wrong(("replications", "doubt"), doubt, "true or false")
    elif doubt and not faults:
        try:
            check_sets(markets)
        except InputError as fault:
            faults.say(("replications", "doubt"), f"replications.doubt: {fault.problems[0]}")
    return doubt is True


def read_each(tables: Mapping[str, Any], faults: Faults) -> tuple[int, ...]:
    """How many of the markets each point has, where they are not the same: whole numbers in the order of the points."""
    table = tables.get("replications", {})
    given = table.get("each", []) if isinstance(table, dict) else []
    if isinstance(given, list) and all(isinstance(n, int) and not isinstance(n, bool) and n > 0 for n in given):
        return tuple(given)
    faults.wrong(("replications", "each"), given, "a list of whole numbers from 1 on, one for each point")
    return ()


def read_arms(tables: Mapping[str, Any], varied: set[str], faults: Faults) -> dict[str, dict]:
    """`[compare]`: name -> levers, with the arm that changes nothing first."""
    arms: dict[str, dict] = {BASE: {}}
    for arm, changes in faults.table(tables, "compare").items():
        where = ("compare", arm)
        if arm == BASE:
            faults.say(where, f"compare.{arm}: every point is run as it is anyway; choose another name")
        elif not isinstance(changes, dict) or not changes:
            faults.wrong(where, changes, f'a table of levers, such as {arm} = {{ "liaison.count" = 1 }}')
        else:
            levers = {name: value for name, _, value in flat_names(changes, where)}
            arms[arm], more = checked_values(levers)
            for sentence in sentences(more):
                faults.say(where, f"compare.{arm}: {sentence}")
            for name in sorted(varied & set(levers)):
                faults.say(where, f"compare.{arm} sets {name}, which the experiment varies already")
    return arms
