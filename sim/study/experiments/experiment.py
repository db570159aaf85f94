"""An experiment: many organizations by a design, each in the same markets. Read from a file, never changed after."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from sim.arguments import markets, path_of
from sim.errors import InputError
from sim.result.outcomes import BUILT_IN, KNOWN, Outcome, checked
from sim.result.own_outcomes import Own, own_of
from sim.scenario import Scenario
from sim.scenario.own_theory import OwnTheory
from sim.study.doubt import guessed, in_doubt
from sim.study.experiments.factors import Factor, of_nobody, theories_of
from sim.study.experiments.settings import with_levers

METHODS = ("grid", "one-at-a-time", "latin-hypercube", "sobol", "saltelli", "morris", "points")
BASE = "base"  # the arm without changes
OWN_FILE = "outcomes.py"  # of a store: the source of the outcomes that are the user's own


class Sample(NamedTuple):
    """How points are chosen: one of METHODS, how many, and with which dice."""

    method: str
    points: int = 0
    seed: int = 1
    second_order: bool = True
    file: str = ""


class Work(NamedTuple):
    """One run to be done: the market, the point of the design, and the arm of the comparison."""

    seed: int
    point: int
    arm: str


@dataclass(frozen=True)
class Experiment:
    """A claim, and the runs that can refute it.

    Parameters
    ----------
    title, claim
        What it is called, and the sentence it can refute.
    base
        The scenario that every point begins from, with the experiment's horizon.
    factors
        What is varied.
    outcomes, series
        Names of outcomes that are kept (Baton's, your own, columns of the daily table), and quarterly columns.
    by_day, by_person
        Columns that are kept of every day, and of every seat as it is at the end.
    sample
        How the points are chosen.
    markets
        The markets that every point is run in.
    arms
        Name -> levers: each point is run as it is ("base", always first), and
        once more with the changes of each other arm.
    source, text
        The file it was read from, and what stood there.
    own
        The outcomes that are your own, with the source that reckons them; none: those declared here and now.
    constraints
        What must hold of a point, such as "workforce.salespeople >= 2 * workforce.marketers"; others are left out.
    each
        How many of the markets each point is run in, the first of them; none: every point in all.
    doubt
        Whether guessed numbers are drawn from their plausible ranges: markets 2k and 2k + 1 take the k-th set, the same
        at every point and in every arm.
    """

    title: str
    claim: str
    base: Scenario
    factors: tuple[Factor, ...]
    outcomes: tuple[str, ...] = BUILT_IN
    series: tuple[str, ...] = ()
    sample: Sample = Sample("one-at-a-time")
    markets: tuple[int, ...] = tuple(range(10))
    arms: dict[str, dict] = field(default_factory=lambda: {BASE: {}})
    source: str = field(default="", compare=False)
    text: str = field(default="", compare=False, repr=False)
    given: pd.DataFrame | None = field(
        default=None, compare=False, repr=False
    )  # the points, where no sampler makes them
    known_hash: str = field(default="", compare=False, repr=False)
    own: tuple[Own, ...] = field(default=(), repr=False)
    constraints: tuple[str, ...] = ()
    doubt: bool = False
    each: tuple[int, ...] = ()
    by_day: tuple[str, ...] = ()
    by_person: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        levers_first = sorted(self.factors, key=lambda each: each.kind != "lever")  # as a file has them
        names = ("outcomes", "series", "by_day", "by_person")
        listed = {name: (each,) if isinstance(each := getattr(self, name), str) else tuple(each) for name in names}
        listed["factors"], outcomes = tuple(levers_first), listed["outcomes"]
        listed["constraints"] = (self.constraints,) if isinstance(self.constraints, str) else tuple(self.constraints)
        if faults := of_nobody(levers_first, self.base):
            raise InputError(faults)
        known = {each.name for each in self.own}
        checked([name for name in outcomes if name not in known])
        listed["own"] = self.own or own_of(outcomes)
        if len({each.text for each in listed["own"]}) > 1:
            names = ", ".join(each.name for each in listed["own"])
            raise InputError(f"{names}: outcomes of your own that one experiment keeps are declared in one file")
        listed["markets"] = tuple(markets(self.markets, name="markets"))
        listed["each"] = () if set(self.each) == {len(listed["markets"])} else tuple(map(int, self.each))
        for name, value in listed.items():
            object.__setattr__(self, name, value)

    @property
    def tables(self) -> dict[str, tuple[str, ...]]:
        """What is kept of each run besides its outcomes: kind of table (`sim.study.store.series.KINDS`) -> columns."""
        kinds = {"series": self.series, "by_day": self.by_day, "by_person": self.by_person}
        return {kind: names for kind, names in kinds.items() if names}

    def design(self) -> pd.DataFrame:
        """The points: index `point` (0 ..), one column a factor; enumerated levers in words.

        `attrs["method"]` says how they were chosen, `attrs["problem"]` is what SALib calls the problem.
        """
        return self._design.copy()

    @cached_property
    def _design(self) -> pd.DataFrame:
        from sim.study.experiments.design import design

        return design(self)

    @property
    def theories(self) -> tuple[OwnTheory | None, ...]:
        """The theories that are compared, where there are several; None among them: the model's own."""
        return next((each.theories for each in self.factors if each.theories), ())

    @property
    def n_points(self) -> int:
        """How many points the design has."""
        return len(self._design)

    @property
    def n_runs(self) -> int:
        """Points times arms times the markets of each."""
        return int(self.counts.sum()) * len(self.arms)

    @cached_property
    def counts(self) -> np.ndarray:
        """In how many markets each point is run, (points,).

        Raises InputError where `each` does not fit points and markets.
        """
        found, most = np.array(self.each or [len(self.markets)] * self.n_points), len(self.markets)
        if len(found) != self.n_points or found.min() < 1 or found.max() != most:
            raise InputError(
                f"each = {len(found):,} counts from {found.min():,} to {found.max():,}: give one for each of the "
                f"{self.n_points:,} points, from 1 to the {most:,} markets, which one point at least has"
            )
        return found

    @property
    def fewest(self) -> int:
        """How many markets all points have: the first ones."""
        return min(self.each, default=len(self.markets))

    def has(self, work: Work) -> bool:
        """Whether a run is one of this experiment's."""
        place = self._place.get(work.seed, len(self.markets))
        return place < len(self.markets) and (not self.each or place < self.counts[work.point])

    def _there(self, market: int) -> np.ndarray:
        """The points that are run in the market with a place in the list."""
        level = int(np.searchsorted(self._levels, market, "right"))
        if level not in self._points_of:
            self._points_of[level] = np.flatnonzero(self.counts > market)
        return self._points_of[level]

    @cached_property
    def _levels(self) -> np.ndarray:
        return np.unique(self.counts)

    @cached_property
    def _points_of(self) -> dict[int, np.ndarray]:
        return {}

    @cached_property
    def _begins(self) -> np.ndarray:
        """The number of the first run in each market, (markets,)."""
        sizes = self.n_points - np.searchsorted(np.sort(self.counts), np.arange(len(self.markets)), "right")
        return np.concatenate([[0], np.cumsum(sizes)[:-1]]) * len(self.arms)

    def levers(self, point: int) -> dict:
        """What one point sets, by name."""
        row = self._design.index.get_loc(point)
        asleep = {name for name, moved in self._moved.items() if not moved[row]}
        return {name: column[row] for name, column in self._columns.items() if name not in asleep}

    @cached_property
    def _moved(self) -> dict[str, np.ndarray]:
        """For each factor with a condition, at which points it is moved."""
        from sim.study.experiments.allowed import moved

        return moved(self, self._design)

    @cached_property
    def _columns(self) -> dict[str, np.ndarray]:
        return {str(name): column.to_numpy() for name, column in self._design.items()}

    @property
    def kept(self) -> dict[str, Own | Outcome]:
        """Unit and meaning of every outcome that is kept, by name."""
        own = {each.name: each for each in self.own}
        return {name: own.get(name) or KNOWN[name] for name in self.outcomes}

    def scenario(self, point: int, arm: str = BASE) -> Scenario:
        """One point of the design under one arm.

        Raises
        ------
        InputError
            A combination that no organization can have.
        """
        return self.set_out({**self.levers(point), **self.arms[arm]})

    def set_out(self, levers: dict) -> Scenario:
        """The base with what some factors, or an arm, set."""
        return with_levers(self.base, levers, self._people, self._theories)

    @cached_property
    def _people(self) -> dict:
        return {name: source for each in self.factors for name, (source, _) in each.sources.items()}

    @cached_property
    def _theories(self) -> dict[str, OwnTheory | None]:
        return theories_of(self.factors)

    def in_market(self, work: Work) -> Scenario:
        """What a run lives: its point and arm, with the numbers that its market takes where they are in doubt."""
        made = self.scenario(work.point, work.arm)
        return in_doubt(made, self.guessed, work.seed) if self.doubt else made

    @cached_property
    def guessed(self) -> tuple[str, ...]:
        """The numbers in doubt: none that the base sets, a factor varies or an arm moves."""
        varied = {each.name for each in self.factors} | {each.name.rpartition(".year")[0] for each in self.factors}
        return (
            guessed([self.base], {*varied, *(name for arm in self.arms.values() for name in arm)}) if self.doubt else ()
        )

    def scenarios(self, point: int) -> dict[str, Scenario]:
        """One point of the design under every arm, "base" first."""
        return {arm: self.scenario(point, arm) for arm in self.arms}

    def run_at(self, number: int) -> Work:
        """The run with a number: market after market, in each all points that it is for, for each all arms."""
        arms = len(self.arms)
        if not self.each:
            market, rest = divmod(number, self.n_points * arms)
            return Work(self.markets[market], rest // arms, self._arm_names[rest % arms])
        market = int(np.searchsorted(self._begins, number, "right")) - 1
        rest = number - int(self._begins[market])
        return Work(self.markets[market], int(self._there(market)[rest // arms]), self._arm_names[rest % arms])

    def number_of(self, work: Work) -> int:
        """The number of a run."""
        arms, market = len(self.arms), self._place[work.seed]
        if not self.each:
            return (market * self.n_points + work.point) * arms + self._arm_names.index(work.arm)
        row = int(np.searchsorted(self._there(market), work.point))
        return int(self._begins[market]) + row * arms + self._arm_names.index(work.arm)

    @cached_property
    def _arm_names(self) -> tuple[str, ...]:
        return tuple(self.arms)

    @cached_property
    def _place(self) -> dict[int, int]:
        return {seed: place for place, seed in enumerate(self.markets)}

    def to_toml(self) -> str:
        """The experiment as a file says it, whose base is beside it as base.toml."""
        from sim.study.experiments.text import to_toml

        return to_toml(self)

    def excerpt(self, points: Sequence[int], markets: Sequence[int] = ()) -> Experiment:
        """The same experiment with these points only, and these markets (none: all), small enough to be sent away."""
        own = self._design.loc[sorted(set(points))]
        return replace(self, given=own, markets=tuple(sorted(set(markets))) or self.markets, text="",
                       known_hash=self.hash, each=())  # fmt: skip

    def but(self, **changes) -> Experiment:
        """The same experiment with other fields; points that its sampler makes are made anew, as of a file."""
        sampled = self.given is not None and self.sample.method != "points"
        again = replace(self, given=None, known_hash="") if sampled else None
        same = again is not None and again._design.equals(self._design)
        return replace(self, text="", known_hash="", given=None if same else self.given, **changes)

    @cached_property
    def hash(self) -> str:
        """16 hex digits of all that matters to the runs: base, factors, points, arms, markets, outcomes; no title."""
        if self.known_hash:
            return self.known_hash
        points = None if self.given is None else self.given.to_numpy(object).tolist()
        factors = [(f.name, f.kind, float(f.low), float(f.high), f.codes(f.values).tolist(), f.scale, f.levels,
                    *([[each and each.digest for each in f.theories]] if f.theories else []))
                   for f in self.factors]  # fmt: skip
        about = [self.base.hash, factors, self.outcomes, self.series]
        about += [[each.name, each.where, each.group, [digest for _, digest in each.sources.values()]]
                  for each in self.factors if each.where or each.group or each.sources]  # fmt: skip
        about += [list(self.constraints)] if self.constraints else []
        about += [["doubt", list(self.guessed)]] if self.doubt else []
        about += [["each", list(self.each)]] if self.each else []
        about += [[kind, list(names)] for kind, names in self.tables.items() if kind != "series"]
        about += [[each.name, each.unit, each.digest] for each in self.own]
        about += [self.sample._replace(file=""), points, self.markets, list(self.arms.items())]
        return hashlib.sha256(json.dumps(about).encode()).hexdigest()[:16]


def read_experiment(experiment: Experiment | str | os.PathLike[str]) -> Experiment:
    """Read an experiment.

    Parameters
    ----------
    experiment
        The path of a TOML file, or the name of a shipped experiment. An Experiment is given back as it is.

    Returns
    -------
    Experiment

    Raises
    ------
    InputError
        With one sentence for each fault of the file: its place, what was given
        and what is allowed.
    """
    from sim.study.experiments.file import read

    if isinstance(experiment, Experiment):
        return experiment
    return read(path_of(experiment, "experiment", "sim.Experiment"))


def shipped_experiments() -> dict[str, Path]:
    """The experiments that come with Baton: name -> file."""
    from sim.study.experiments.file import shipped

    return shipped()
