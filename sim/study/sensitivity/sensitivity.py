"""What matters: how far each factor of an experiment moves an outcome, how sure that is, and in which order."""

from __future__ import annotations

import html
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sim.errors import InputError, nearest
from sim.files.folder import written_whole
from sim.files.harmless import write_csv
from sim.files.provenance import made_by, made_of
from sim.files.toml_written import toml_text
from sim.scenario.toml_read import shown
from sim.study.doubt import Doubt
from sim.study.sensitivity import sentences as words
from sim.study.sensitivity.effects import morris, one_at_a_time
from sim.study.sensitivity.found import Found
from sim.study.sensitivity.noise import Shares, filled, shares
from sim.study.sensitivity.sample import (
    FILLING,
    LEAST_FIRST_ORDER,
    MADE_FOR,
    METHODS,
    SAMPLES,
    Axis,
    axes_of,
    fitting,
    groups_of,
    positions_of,
)
from sim.study.sensitivity.terms import Term, read_term
from sim.study.sensitivity.variance import first_order, grid, sobol

if TYPE_CHECKING:
    from sim.study.store.store import Store

BY_NAME = {"one-at-a-time": one_at_a_time, "morris": morris, "sobol": sobol, "grid": grid, "first-order": first_order}
LEAST_POINTS = 2


def sensitivity(
    store: Store | str | Path, outcome: str = "net_value", method: str | None = None, arm: str | None = None
) -> Sensitivity:
    """Which factors move an outcome, in order, with intervals.

    The outcome of a point is its mean over the experiment's markets, which are
    the same at every point. What the markets' luck does to the ranking is
    reported beside it, never mixed into it.

    Parameters
    ----------
    store : Store or path
        A finished (or begun) experiment.
    outcome : str
        A name in `sim.result.outcomes.OUTCOMES` that the store holds, of one arm
        ("net_value(liaison)") or combined ("net_value(liaison) - net_value(base)":
        which factors decide what the liaison is worth).
    method : str, optional
        "one-at-a-time", "morris", "sobol", "grid" or "first-order"; by default
        the one the sample was made for.
    arm : str, optional
        The arm that outcomes without an arm mean; "base" by default.

    Returns
    -------
    Sensitivity

    Raises
    ------
    InputError
        Unknown outcome, arm or method; a sample that does not fit the method;
        too few runs with a value.
    """
    store = opened(store)
    term = read_term(outcome, store, arm)
    if term.is_condition:
        raise InputError(f"{outcome}: true or false has no variance to divide; ask where it holds (--discover)")
    X = store.design[[factor.name for factor in store.experiment.factors]]
    axes = axes_of(store.experiment.factors, X)
    P = positions_of(axes, X)
    merged, groups = groups_of(axes)
    method = fitting_method(P, store.experiment.sample.method, method, groups, _left_out(store.experiment))
    gaps = filled(term.values())
    if gaps.Y.shape[0] - gaps.lost < LEAST_POINTS:
        raise InputError(f"{outcome}: the store holds no value of it at two points or more yet")
    found = BY_NAME[method](axes, P, gaps.Y, X)
    notes = words.gap_notes(gaps, len(X), store.experiment.fewest, [] if store.is_complete else store.missing())
    notes += [store.unequal()] if store.experiment.each else []
    ranked = Sensitivity(
        term,
        method,
        merged if method == "sobol" else axes,
        found,
        shares(gaps.Y),
        notes,
        gaps.Y.shape,
        store.experiment,
    )
    ranked.made = made_of(store) or made_by()
    kept = gaps.Y[np.isfinite(gaps.Y).any(axis=1)]
    ranked.upper_quarter = float(np.quantile(np.nanmean(kept, axis=1), 0.75))
    return ranked


def doubt_of(store, outcome: str = "net_value", arm: str | None = None) -> Doubt:
    """What of an outcome, or of a difference between arms, is the market's luck and what is doubt about numbers.

    It is the mean over the experiment's points, whose `[replications]` says `doubt = true`.

    Raises
    ------
    InputError
        The numbers were not in doubt, the sets are too few, or a condition is asked for.
    """
    store = opened(store)
    term = read_term(outcome, store, arm)
    if term.is_condition:
        raise InputError(f"{outcome}: give an outcome, not a condition")
    made = store.experiment
    if not made.doubt:
        raise InputError(
            f"{store.folder}: no number was in doubt; doubt = true under [replications] puts them in doubt"
        )
    gaps = filled(term.by_market())
    values = gaps.Y[np.isfinite(gaps.Y).all(1)].mean(0)
    known = np.isfinite(term.by_market()).any(0)
    seeds = [seed for seed, there in zip(made.markets[: made.fewest], known, strict=True) if there]
    return Doubt(values, seeds, made.guessed, term.text, term.unit, "")


def opened(store):
    """A store, from a store or its folder."""
    if not isinstance(store, str | Path):
        return store
    from sim.study.store.store import open_store

    return open_store(store)


def can_rank(store: Store) -> bool:
    """Whether some ranking fits a store's points."""
    X = store.design[[factor.name for factor in store.experiment.factors]]
    axes = axes_of(store.experiment.factors, X)
    return bool(len(axes)) and bool(fitting(positions_of(axes, X), store.experiment.sample.method, groups_of(axes)[1]))


def fitting_method(P, sample: str, method: str | None, groups=None, left_out: str = "") -> str:
    """The method to use for these points; refused if it does not fit, with those that do.

    left_out   what of the experiment leaves points out
    """
    fits = fitting(P, sample, groups)
    if method is None and fits:
        return fits[0]
    said = ", ".join(fits) if fits else "none of the rankings"
    also = "" if sample in ("one-at-a-time", "morris") else "; its regions can be looked for (--discover)"
    if method is None:
        own = MADE_FOR.get(sample)  # what the sample was made for: its method is not what is wrong
        needs = "; ".join(f"{name} needs {need}" for name, need in SAMPLES.items() if name != own)
        why = _why(sample, left_out)
        raise InputError(f"this sample ({sample}, {len(P)} points) fits {said}{also}{why}. In [sample], {needs}")
    if method not in METHODS:
        raise InputError(f"{method}: no such method{nearest(method, METHODS)} ({', '.join(METHODS)})")
    if method not in fits:
        made_for_it = MADE_FOR.get(sample) == method
        needs = _why(sample, left_out) if made_for_it else f"; {method} needs {SAMPLES[method]} in [sample]"
        raise InputError(
            f"{method}: this sample ({sample}, {len(P)} points) does not fit{needs}. What fits it: {said}{also}"
        )
    return method


def _left_out(experiment) -> str:
    """What leaves points out of an experiment's design, or moves a factor in some of them only; empty: nothing."""
    found = [f"the constraint {shown(each)}" for each in experiment.constraints]
    found += [f"{each.name} where {shown(each.where)}" for each in experiment.factors if getattr(each, "where", "")]
    return " and ".join(found)


def _why(sample: str, left_out: str) -> str:
    """What a sample that was made for a ranking lacks for it."""
    if sample == "grid":
        return ("; a grid is ranked with all its points, and constraints, conditions (where) and lost points leave "
                'some out: "latin-hypercube" does with what is left')  # fmt: skip
    if sample == "one-at-a-time":
        by = f"{left_out} left points out, and " if left_out else "points are missing: "
        return (f"; {by}one at a time needs the base point and others that differ from it in one factor each: give a "
                'base and ranges that keep them, or sample by "latin-hypercube"')  # fmt: skip
    if sample in MADE_FOR:
        by = f": {left_out} leaves some out or unmoved" if left_out else ""
        return f"; {MADE_FOR[sample]} needs all points of its design, and they are not there{by}"
    return f"; first-order needs {LEAST_FIRST_ORDER} points" if sample in FILLING else ""


class Sensitivity:
    """How far each factor moves an outcome.

    Attributes
    ----------
    outcome, unit, method
        What was asked, and how it was answered.
    df : DataFrame
        One row a factor, the most important first, every factor of the experiment.
        Its columns depend on the method: see `help()` of that function in
        `sim.study.sensitivity.effects` and `sim.study.sensitivity.variance`.
    second : DataFrame or None
        Sobol: one row a pair of factors.
    curve : DataFrame or None
        One at a time and grid: one row a value of a factor.
    shares : Shares
        How the variance of single runs divides: factors, market, interplay, noise.
    notes : list of str
        What was left out or filled, and what the sample cannot tell.
    axes : tuple of Axis
        The factors and their ranges, in the experiment's order.
    upper_quarter : float
        Which mean over markets a quarter of the points exceed.
    """

    upper_quarter: float

    def __init__(self, term: Term, method: str, axes: Sequence[Axis], found: Found, divided: Shares, notes: list[str],
                 size: tuple[int, int], experiment) -> None:  # fmt: skip
        self.outcome, self.unit, self.method, self.axes = term.text, term.unit, method, tuple(axes)
        self.df, self.second, self.curve, self.shares = found.table, found.second, found.curve, divided
        self.df.insert(1, "range", [self.axis(name).range for name in self.df.index])
        self.df.insert(2, "of", [self.axis(name).narrowed for name in self.df.index])
        self.notes = [*(f"{said}." for said in filter(None, [found.left_out])), *notes]
        self.points, self.markets = size
        self.experiment, self.made = experiment, made_by()

    def axis(self, name: str) -> Axis:
        return next(axis for axis in self.axes if axis.name == name)

    def sentences(self) -> list[str]:
        """What was found in plain sentences: one for each factor, then pairs, then chance and what was left out."""
        return words.sentences(self)

    def summary(self) -> str:
        """The sentences as one text."""
        return "\n".join(self.sentences())

    def plot(self):
        """The ranking as a figure (matplotlib Axes; never calls show)."""
        from sim import figures

        return figures.sensitivity_plot(self)

    def save(self, folder: str | Path, overwrite: bool = False) -> Path:
        """Write `ranking.csv`, `pairs.csv`, `curve.csv`, `sensitivity.txt`, `sensitivity.png` and `sensitivity.toml`,
        or nothing."""
        from sim import figures

        with written_whole(folder, overwrite, "sensitivity.toml") as work:
            write_csv(self.df, work / "ranking.csv", index=True)
            for name, table in (("pairs", self.second), ("curve", self.curve)):
                if table is not None:
                    write_csv(table, work / f"{name}.csv", index=name == "pairs")
            (work / "sensitivity.txt").write_text(self.summary() + "\n", encoding="utf-8")
            (work / "sensitivity.toml").write_text(self._toml(), encoding="utf-8")
            figures.write_sensitivity(self, work / "sensitivity.png")
        return Path(folder)

    def _toml(self) -> str:
        about = {"outcome": self.outcome, "unit": self.unit, "method": self.method, "points": self.points,
                 "markets": self.markets, "experiment": getattr(self.experiment, "hash", ""),
                 "notes": self.notes}  # fmt: skip
        return toml_text({"sensitivity": about, "shares": self.shares._asdict(), "versions": self.made})

    def as_data(self) -> dict:
        """Everything as plain data, for --json."""
        found = {"outcome": self.outcome, "unit": self.unit, "method": self.method, "points": self.points,
                 "markets": self.markets, "shares": self.shares._asdict(), "notes": self.notes,
                 "ranking": self.df.reset_index().to_dict("records"), "sentences": self.sentences()}  # fmt: skip
        for name, table in (("pairs", self.second), ("curve", self.curve)):
            if isinstance(table, pd.DataFrame):
                found[name] = table.reset_index(drop=name != "pairs").to_dict("records")
        return found

    def __repr__(self) -> str:
        size = f"{len(self.df)} factors, {self.points} points, {self.markets} markets"
        return f"<Sensitivity of {self.outcome} by {self.method}: {size}>"

    def _repr_html_(self) -> str:
        said = "".join(f"<li>{html.escape(line)}</li>" for line in self.sentences())
        return f"<p>{html.escape(repr(self))}</p>{self.df.round(4).to_html()}<ul>{said}</ul>"
