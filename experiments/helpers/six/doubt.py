"""How far a finding leans on what we assumed: each number halved and doubled, one at a time, in the same markets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pandas as pd

from helpers.found.results import Results
from helpers.six.words import listed, told_source
from sim.model.theory import numbers
from sim.study.experiments.experiment import Experiment, Sample
from sim.study.experiments.factors import Factor

TIMES = (0.5, 2.0)


class Doubt(NamedTuple):
    """Which points of which experiment are run again, and which numbers are halved and doubled."""

    experiment: str
    points: tuple[dict, ...]  # those that have all the values of one of these
    names: tuple[str, ...] = ()
    arms: dict[str, dict] = {}  # run beside the experiment's own


def doubted(made: Experiment, doubt: Doubt) -> Experiment:
    """The kept points of an experiment as they are, then with each number halved and doubled (within its bounds)."""
    every = made.design()
    kept = [np.all([every[name] == value for name, value in each.items()], axis=0) for each in doubt.points]
    points = every[np.any(kept, axis=0)]
    ends = {name: values_of(name) for name in doubt.names}
    usual = {name: float(numbers()[name].default) for name in doubt.names}
    changes = [{}, *({name: value} for name in doubt.names for value in ends[name])]
    tables = [points.assign(**{**usual, **change}) for change in changes]
    factors = tuple(Factor(name, "uncertainty", *values) for name, values in ends.items())
    given = pd.concat(tables, ignore_index=True)
    return replace(made, factors=made.factors + factors, given=given, text="", arms=made.arms | doubt.arms,
                   sample=Sample("points", file="points.csv"))  # fmt: skip


def values_of(name: str) -> tuple[float, float]:
    """Half and twice the default, within the declared bounds."""
    number = numbers()[name]
    low, high = (min(max(times * number.default, number.low), number.high) for times in TIMES)
    return low, high


def rows_of(doubt: Doubt, found: Results) -> dict[tuple[str, int], np.ndarray]:
    """(number, 0 halved or 1 doubled) -> its points; ("", 0) the points as they are."""
    keys = [("", 0), *((name, end) for name in doubt.names for end in range(len(TIMES)))]
    each = len(found.design) // len(keys)
    return {key: np.arange(k * each, (k + 1) * each) for k, key in enumerate(keys)}


def told(
    doubt: Doubt,
    found: Results,
    what: str,
    measure: Callable[[Results, np.ndarray], Sequence],
    say: Callable[..., str],
    other: Callable[..., bool],
    verdict: str,
) -> str:
    """The table of the page, and a sentence: which of the changes would have brought another verdict.

    Parameters
    ----------
    what
        What is measured, and where.
    measure
        From the store and some of its points to what is told (values a market).
    say, other
        What was measured in words; whether it is another verdict.
    verdict
        What the other verdict would be, in words: "the score would last".
    """
    rows, turned = rows_of(doubt, found), []
    lines = [f"| as it is | {say(*measure(found, rows['', 0]))} | |"]
    for name in doubt.names:
        cells = []
        for end, word in enumerate(("halved", "doubled")):
            measured = measure(found, rows[name, end])
            cells.append(say(*measured))
            if other(*measured):
                turned.append(f"`{name}` {word}")
        lines.append(f"| `{name}` = {told_source(name)} | {cells[0]} | {cells[1]} |")
    many = len(TIMES) * len(doubt.names)
    sentence = (
        f"Of these {many} changes, {listed(turned)} would have brought another verdict ({verdict})."
        if turned
        else f"None of these {many} changes brings another verdict ({verdict})."
    )
    head = f"| {what} | halved | doubled |\n|---|---|---|"
    return "\n".join([
        "Numbers that it rests on, each halved and doubled by itself, in the same markets:\n", head, *lines,
        f"\n{sentence} Which numbers to try was our choice, and several at once were not tried.",
    ])  # fmt: skip
