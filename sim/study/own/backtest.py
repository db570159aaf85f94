"""A backtest: what a fit of what was known on a day would have said of the months after, and what came.

The model's answer is a crowd of runs; it is scored by the continuous ranked probability score (CRPS: Gneiting and
Raftery 2007), which for a single guess is the absolute error, so that crowd and guess may be held against each other.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from sim.errors import InputError
from sim.files.reading import read_bytes
from sim.model import warm, wasm
from sim.scenario.fitted import MOST_BYTES, sets_of_fit
from sim.study.intervals import band
from sim.study.many import at_once
from sim.study.own.accepted import seen_of
from sim.study.own.firm_model import task_of
from sim.study.own.fitting import UNTIL as FILE
from sim.study.own.signs import SERIES, months_of_run

RUNS = 100
FIRST_TEST = 7 * 2**31
YEAR = 12
TALLIES = {"model": "the model", "year before": "as a year before", "line": "a straight line"}


class Row(NamedTuple):
    """One series over the months that were held out.

    months, came            what came, by month; hidden months are left out
    low, middle, high       5 %, 50 % and 95 % of the runs, by month
    score                   by way of guessing: mean CRPS; None where the way needs months that are not there
    error                   by way: mean absolute error of the (middle) guess
    held                    share of the months inside of the model's band
    """

    name: str
    months: list[str]
    came: list[float]
    low: list[float]
    middle: list[float]
    high: list[float]
    score: dict[str, float | None]
    error: dict[str, float | None]
    held: float

    @property
    def best(self) -> str:
        """The way with the lowest score."""
        return min((way for way, score in self.score.items() if score is not None), key=lambda way: self.score[way])


class Backtest(NamedTuple):
    """All series of one backtest."""

    until: str
    runs: int
    rows: list[Row]

    def sentences(self) -> list[str]:
        """Where the model is worse than a plain guess, as a band or by its middle, said plainly."""
        said = []
        for row in self.rows:
            model = row.score["model"]
            worse = [
                TALLIES[way] for way in ("line", "year before") if row.score[way] is not None and row.score[way] < model
            ]
            if worse:
                said.append(
                    f"{row.name}: {' and '.join(worse)} came nearer than the model; ask the model nothing about it"
                )
            else:
                out, n = round((1 - row.held) * len(row.months)), len(row.months)
                far = f", yet {out} of {n} months lie outside of its band" if 2 * out > n else ""
                middle = row.error["model"]
                nearer = [TALLIES[way] for way in ("line", "year before")
                          if row.error[way] is not None and row.error[way] < middle]  # fmt: skip
                one = f"; of single guesses {' and '.join(nearer)} came nearer than its middle" if nearer else ""
                said.append(f"{row.name}: the model came nearest{' as a band' if nearer else ''}{far}{one}")
        return said

    def table(self) -> dict[str, Any]:
        return {"until": self.until, "runs": self.runs, "rows": [row._asdict() for row in self.rows],
                "said": self.sentences()}  # fmt: skip


def crps(runs: np.ndarray, came: float) -> float:
    """How far a crowd of guesses is off what came: mean distance, less half of the mean distance among themselves.

    >>> crps(np.array([3.0]), 5.0), round(crps(np.array([4.0, 6.0]), 5.0), 3)
    (2.0, 0.5)
    """
    ordered = np.sort(np.asarray(runs, float))
    n = len(ordered)
    among = float((ordered * (2 * np.arange(1, n + 1) - n - 1)).sum()) * 2 / (n * n)
    return float(np.abs(ordered - came).mean() - among / 2)


def straight_line(known: np.ndarray, ahead: int) -> np.ndarray:
    """The months to come, on the line that lies nearest to the months known (least squares); never below zero.

    >>> straight_line(np.array([1.0, 2.0, 3.0]), 2).tolist()
    [4.0, 5.0]
    """
    at = np.arange(len(known))
    right = np.isfinite(known)
    if right.sum() < 2:
        return np.full(ahead, float(known[right].mean()) if right.any() else np.nan)
    slope, begin = np.polyfit(at[right], known[right], 1)
    return np.maximum(np.round(begin + slope * (len(known) + np.arange(ahead)), 9), 0.0)


def backtest(folder: str | Path, threads: int = 2, progress: Callable[[int, int], None] | None = None) -> Backtest:
    """Hold a fit of what was known against the months that came after.

    Parameters
    ----------
    folder
        One that `baton import` wrote, with a fit until a day (`baton fit --until`).

    Raises
    ------
    InputError
        There is no such fit, or no month after it.
    """
    folder = Path(folder)
    kept = _fit_of(folder)
    task = task_of(folder, str(kept["until"]))
    about = task.kept["fit"]
    months = list(about["months"])
    after = [row["month"] for row in months if row["month"] > str(kept["until"])[:7]]
    if not after:
        raise InputError(f"{folder}: no whole month came after {kept['until']}; fit until an earlier day")
    sets, _, faults = sets_of_fit(kept)
    if faults:
        raise InputError(f"{folder / FILE}: {faults[0].sentence}; baton fit --until makes it anew")
    warm.prepare(wasm.MANY)
    whole = int(about["days"])

    def one(k: int) -> list[dict[str, Any]]:
        values = dict(sets[k % len(sets)])
        return months_of_run(task.model.rows(values, FIRST_TEST + k, whole), about["first"], after)

    runs = at_once([lambda k=k: one(k) for k in range(RUNS)], threads, progress)
    rows = []
    for name in SERIES:
        if any(row[name] for row in months):
            made = [{row["month"]: row[name] for row in run} for run in runs]
            if (row := _row(name, months, after, made)) is not None:
                rows.append(row)
    if not rows:
        raise InputError(f"{folder}: every month after {kept['until']} has counts from 1 to 4, which are never kept")
    return Backtest(str(kept["until"]), RUNS, rows)


def _fit_of(folder: Path) -> dict[str, Any]:
    path = folder / FILE
    if not path.is_file():
        raise InputError(
            f"{folder}: holds no fit of what was known on a day; make one by baton fit {folder.name} --until DATE"
        )
    try:
        kept = json.loads(read_bytes(path, MOST_BYTES))
    except (ValueError, RecursionError):
        raise InputError(f"{path}: is not JSON as `baton fit --until` writes it") from None
    if not isinstance(kept, dict) or kept.get("of") != seen_of(folder).get("funnel") or not kept.get("until"):
        raise InputError(f"{path}: was made of another funnel; baton fit {folder.name} --until DATE makes it anew")
    return kept


def _row(name: str, months: list[dict], after: list[str], runs: list[dict[str, float]]) -> Row | None:
    """One series, scored over the months that came and are not hidden."""
    came = {row["month"]: row[name] for row in months}
    known = np.array([np.nan if row[name] is None else row[name] for row in months if row["month"] < after[0]], float)
    line = dict(zip(after, straight_line(known, len(after)), strict=True))
    told = [month for month in after if came[month] is not None]
    if not told or not np.isfinite(known).any():
        return None
    crowd = np.array([[run[month] for run in runs] for month in told])
    low, middle, high = band(crowd.T, 0.9)
    real = np.array([float(came[month]) for month in told])
    ago = [came.get(f"{int(month[:4]) - 1}{month[4:]}") for month in told]
    guesses = {"year before": None if any(x is None for x in ago) else np.array(ago, float),
               "line": np.array([line[month] for month in told])}  # fmt: skip
    score: dict[str, float | None] = {
        "model": float(np.mean([crps(row, x) for row, x in zip(crowd, real, strict=True)]))
    }
    error: dict[str, float | None] = {"model": float(np.abs(middle - real).mean())}
    for way, guess in guesses.items():
        score[way] = error[way] = None if guess is None else float(np.abs(guess - real).mean())
    held = float(((low <= real) & (real <= high)).mean())
    return Row(name, told, real.tolist(), low.tolist(), middle.tolist(), high.tolist(), score, error, held)
