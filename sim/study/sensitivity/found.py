"""What every method of analysis gives, and what they share: rows in order, whole walks and blocks, the jackknife."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from sim.errors import InputError
from sim.study.sensitivity.sample import Axis

RESAMPLES = 400  # SALib's bootstrap over walks or blocks
NORMAL = 1.959964  # 97.5 % of the normal distribution
ROUNDING = 1e-12  # a share of the whole below it is none
MOVES, NOTHING, UNKNOWN = "moves it", "indistinguishable from zero", "cannot be told from one market"
LOST = "no point of it has a value"


class Found(NamedTuple):
    """What a method found.

    table    one row a factor, the most important first
    second   one row a pair of factors (Sobol), or None
    curve    one row a value of a factor (one at a time, grid), or None
    left_out what was left out because points are lost, in words
    """

    table: pd.DataFrame
    second: pd.DataFrame | None
    curve: pd.DataFrame | None
    left_out: str


def ranked(rows: list[dict], by: str) -> pd.DataFrame:
    """One row a factor, the largest first; factors that tie keep the experiment's order."""
    table = pd.DataFrame(rows).sort_values(by, ascending=False, kind="stable", na_position="last")
    table.insert(0, "rank", range(1, len(table) + 1))
    return table.set_index("factor")


def whole(parts: np.ndarray, what: str, least: int) -> tuple[np.ndarray, str]:
    """Which walks or blocks have all of their points, and what to say about the others."""
    kept = np.isfinite(parts).reshape(len(parts), -1).all(1)
    if kept.sum() < least:
        raise InputError(
            f"only {int(kept.sum())} of {len(parts)} {what} have a value at every point, and at least {least} are "
            "needed: see why runs failed (column reason of the store), or run more"
        )
    gone = int((~kept).sum())
    return kept, f"{gone} of {len(parts)} {what} were left out, because points in them have no value" if gone else ""


def exact(differences: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Differences of values, where those that are nothing but rounding are 0."""
    least = ROUNDING * np.abs(values[np.isfinite(values)]).max(initial=0.0)
    return np.where(np.abs(differences) <= least, 0.0, differences)


def verdict_of(moves: bool, told: bool) -> str:
    """The verdict: not told apart from luck with one market; else whether it moves the outcome."""
    return UNKNOWN if not told else MOVES if moves else NOTHING


def problem_of(axes: Sequence[Axis]) -> dict:
    """What SALib calls the problem; every factor as a share of its range."""
    return {"num_vars": len(axes), "names": [a.name for a in axes], "bounds": [[0.0, 1.0]] * len(axes)}


def jackknife(one_less: list, size) -> np.ndarray:
    """The standard error that comes from the choice of markets: the estimate with each market left out in turn."""
    if len(one_less) < 2:
        return np.zeros(size)
    each = np.asarray(one_less, float)
    return np.sqrt((len(each) - 1) * each.var(0))
