"""Stores that grow: runs that other stores hold already are taken over, and only what is new is lived."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import pandas as pd

from sim.arguments import plain
from sim.errors import InputError, nearest
from sim.study.experiments.differ import MOST, bases, differing
from sim.study.experiments.experiment import Experiment, Work, read_experiment
from sim.study.experiments.people import check_people
from sim.study.store.journal import Lock
from sim.study.store.new import THE_RULES, other_versions
from sim.study.store.parts import BLOCK, blocks
from sim.study.store.series import KINDS
from sim.study.store.store import ABOUT, Store, about_store, open_store
from sim.study.store.writer import StoreWriter

GROWN, BEFORE = ".grown", ".before"  # what a store is called while it grows, and what it was


def take_over(writer: StoreWriter, stores: Sequence[Store]) -> int:
    """Copy into a store every run of it that other stores hold; how many it gained."""
    before = writer.n_done
    for store in stores:
        for rows in _rows(store, writer.experiment):
            writer.add(rows)
    return writer.n_done - before


def check_runs_are_the_same(stores: Sequence[Store], experiment: Experiment) -> None:
    """Raise InputError with every reason why the runs of stores are not those that an experiment would live."""
    faults = [why for store in stores for why in differences(store, experiment)]
    if faults:
        raise InputError(faults)


def differences(store: Store, experiment: Experiment) -> list[str]:
    """Why the runs of a store would be others in this experiment; empty where they are the same."""
    there, found = store.experiment, []
    for was, now in other_versions(store.folder):
        if was.startswith(THE_RULES):
            found.append(f"{store.folder}: was made by {was}, and these are {now}: its runs are others")
    if there.base.hash != experiment.base.hash:
        named = [each.removeprefix("base: ") for each in bases(there.base, experiment.base)]
        more = [f"{len(named) - MOST:,} more"] if len(named) > MOST else []
        what = f": {'; '.join([*named[:MOST], *more])}" if named else " in the defaults of its numbers"
        found.append(f"{store.folder}: its base is another scenario ({there.base.title!r} there){what}")
    if there.guessed != experiment.guessed:
        found.append(f"{store.folder}: its numbers in doubt are others ({len(there.guessed)} there, "
                     f"{len(experiment.guessed)} here)")  # fmt: skip
    own = {each.name: each.digest for each in there.own}
    for name in experiment.outcomes:
        if name not in there.outcomes:
            found.append(f"{store.folder}: has not kept {name}{nearest(name, there.outcomes)}; "
                         "baton experiment STORE --add-outcome lives it again")  # fmt: skip
    for each in experiment.own:
        if each.name in own and own[each.name] != each.digest:
            found.append(f"{store.folder}: {each.name} was reckoned by another source")
    for kind, names in experiment.tables.items():
        found += [f"{store.folder}: has not kept {name} by the {KINDS[kind].row}" for name in names
                  if name not in there.tables.get(kind, ())]  # fmt: skip
    return found


def _rows(store: Store, experiment: Experiment) -> Iterator[list[dict]]:
    """The runs of a store that belong to an experiment, as `run_one` gives them, some at a time."""
    places: dict[frozenset, list[tuple[int, str]]] = {}
    for point in experiment.design().index.tolist():
        for arm in experiment.arms:
            places.setdefault(_key(experiment, point, arm), []).append((point, arm))
    there, markets = store.experiment, set(experiment.markets)
    where = {(point, arm): places.get(_key(there, point, arm), [])
             for point in there.design().index.tolist() for arm in there.arms}  # fmt: skip
    series = _series(store, experiment)
    parcel: list[dict] = []
    for run in store.runs.itertuples(index=False):
        if run.seed not in markets:
            continue
        good = run.status == "done"
        kept = {name: float(getattr(run, name)) for name in experiment.outcomes} if good else None
        of_run = series.get((run.seed, run.point, run.arm)) if good else None
        for point, arm in where[run.point, run.arm]:
            if experiment.each and not experiment.has(Work(int(run.seed), point, arm)):
                continue
            parcel.append({"seed": int(run.seed), "point": point, "arm": arm, "status": run.status,
                           "reason": _none(run.reason), "market": _none(run.market), "diary": _none(run.diary),
                           "broke": _none(run.broke), "outcomes": kept, "series": of_run})  # fmt: skip
        if len(parcel) >= BLOCK:
            yield parcel
            parcel = []
    yield parcel


def _key(experiment: Experiment, point: int, arm: str) -> frozenset:
    """What a run of the base is made of: every number that its point and its arm set."""
    return frozenset({**experiment.levers(point), **experiment.arms[arm]}.items())


def _series(store: Store, experiment: Experiment) -> dict[tuple, list[list[float]]]:
    found: dict[tuple, list[list[float]]] = {}
    for kind, names in experiment.tables.items():
        for key, rows in getattr(store, kind).groupby(["seed", "point", "arm"], observed=True, sort=False):
            found.setdefault(key, []).extend(rows[name].tolist() for name in names)
    return found


def _none(value):
    """A table's gap as None, a number of numpy's as Python's own."""
    return None if pd.isna(value) else plain(value)


def with_markets(experiment: Experiment, markets: Sequence[int]) -> Experiment:
    """The same experiment in other markets; refused where its points have unequal ones."""
    if experiment.each:
        many = f"{experiment.fewest} to {len(experiment.markets)} markets"
        raise InputError(f"{experiment.title!r}: its points have {many}, so it is not put in others, divided or "
                         "merged; --until-known goes on with it")  # fmt: skip
    return experiment.but(markets=tuple(markets))


def shard(experiment: Experiment, number: int, of: int) -> Experiment:
    """One part of an experiment, by markets: part `number` (1 ..) of `of`; together they have every market once.

    >>> import sim
    >>> asked = sim.read_experiment("cost-of-talk")
    >>> sorted(m for k in (1, 2, 3) for m in shard(asked, k, 3).markets) == list(asked.markets)
    True
    """
    if not 1 <= number <= of or of > len(experiment.markets):
        raise InputError(f"shard {number}/{of}: give k/n with k from 1 to n, and n at most {len(experiment.markets)}: "
                         "an experiment is divided by its markets")  # fmt: skip
    return with_markets(experiment, experiment.markets[number - 1 :: of])


def merge(stores: Sequence[Store | str | os.PathLike[str]], folder: str | os.PathLike[str]) -> Store:
    """Stores of one experiment that differ in markets alone, as one store.

    Parameters
    ----------
    stores : list of Store or folder
        Parts of it from anywhere; runs that several hold are taken once.
    folder
        A new or empty folder.

    Returns
    -------
    Store
        With every market of all, in ascending order. Where a part was not complete, what it lacks is missing.

    Raises
    ------
    InputError
        Fewer than two stores, or stores that differ in more than their markets.
    """
    opened = [open_store(each) for each in stores]
    if len(opened) < 2:
        raise InputError(f"merge takes two stores or more; {len(opened)} given")
    first, markets = opened[0], sorted({m for each in opened for m in each.experiment.markets})
    whole = with_markets(first.experiment, markets)
    faults = []
    for each in opened[1:]:
        if with_markets(each.experiment, markets).hash != whole.hash:
            what = differing(first.experiment, each.experiment, (f"in {first.folder}", f"in {each.folder}"), False)
            faults.append(f"{each.folder}: differs from {first.folder} in more than its markets: {what}")
    if faults:
        raise InputError(faults)
    with StoreWriter(folder, whole) as writer:
        take_over(writer, opened)
    return open_store(folder)


def grow(folder: str | os.PathLike[str], experiment: Experiment | str | os.PathLike[str]) -> int:
    """Make a store one of a larger experiment, with all its runs in it; how many it has now.

    The new store is written beside the old one and takes its name when it is
    whole, so that a stop on the way loses nothing; the same call goes on.
    """
    place, experiment = Path(folder).absolute(), read_experiment(experiment)
    new, old = (place.with_name(place.name + end) for end in (GROWN, BEFORE))
    if not place.exists() and new.exists() and old.exists():  # stopped between the two names
        os.replace(new, place)
    elif open_store(place).experiment.hash != experiment.hash:
        there = open_store(place)
        check_people(experiment)  # before anything is written: a store does not keep those of files
        check_runs_are_the_same([there], experiment)
        if (new / ABOUT).exists() and about_store(new)["store"]["experiment"] != experiment.hash:
            shutil.rmtree(new)  # copies for another experiment, which was given up
        lock = Lock(place)
        try:
            with StoreWriter(new, experiment) as writer:
                take_over(writer, [there])
                fewer = there.n_done - writer.n_done
            if fewer > 0:
                shutil.rmtree(new)
                why = "the new one lacks some of its markets, points or arms"
                cure = "give at least those, or another folder"
                what = differing(there.experiment, experiment)
                raise InputError(f"{folder}: {fewer:,} of its {there.n_done:,} runs would be lost, for {why}: {what}; "
                                 f"{cure}")  # fmt: skip
        finally:
            lock.release(finished=len(there.runs) == there.experiment.n_runs or blocks(there.experiment) == 0)
        os.replace(place, old)
        os.replace(new, place)
    if old.exists() and (old / ABOUT).exists():
        shutil.rmtree(old)
    return open_store(place).n_done
