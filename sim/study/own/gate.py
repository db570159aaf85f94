"""Does this look like you? A firm's own funnel beside that of the simulated one, step by step."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from sim.errors import InputError
from sim.model import warm, wasm
from sim.model.firm import QUARTER, YEAR
from sim.run import run
from sim.scenario import Scenario, read
from sim.scenario.fitted import FILE
from sim.study.intervals import band
from sim.study.many import at_once
from sim.study.own.firm_model import FirmModel, Task, task_of
from sim.study.own.folder import MARK, read_funnel
from sim.study.own.signs import in_plain, said, signs

RUNS = 50
FIRST_LOOK = 5 * 2**31  # markets in which nothing was fitted
BOOKS = ("customers", "revenue")
BAND = 0.9  # share of simulated firms to come that a band holds
NOTHING: dict[str, dict] = {"fitted": {}, "judged": {}}  # of the halves of a funnel with fewer than five


class Step(NamedTuple):
    """One sign of the funnel: the firm's own, in the half that was not fitted, and that of the simulated firms.

    own, middle, low, high   as a person reads them (`unit`: %, days, k, log, or nothing: a count a month)
    off                      how far the own lies from the middle, in half bands: beyond 1 it is outside
    """

    name: str
    unit: str
    own: float
    low: float
    middle: float
    high: float
    off: float

    @property
    def inside(self) -> bool:
        """Whether it lies in the band, or cannot be told from its end by what a person reads."""
        at_the_end = shown(self, self.own) in {shown(self, self.low), shown(self, self.high)}
        return self.low <= self.own <= self.high or at_the_end

    @property
    def shown(self) -> dict[str, str]:
        """Its numbers for a person."""
        return {name: shown(self, getattr(self, name)) for name in ("own", "low", "middle", "high")}


class Look(NamedTuple):
    """What the gate shows.

    broke   in how many of the runs the money ran out, with the money that the file says
    books   what no export tells and the firm's books do: `customers` at the end of the first quarter, `revenue` a year
            at that pace (k€); low end, middle and high end of what nine in ten firms to come have
    """

    folder: Path
    steps: list[Step]
    fitted: bool
    runs: int
    broke: int
    days: int
    books: dict[str, tuple[float, float, float]] = {}

    @property
    def outside(self) -> list[Step]:
        """What lies outside, the worst first."""
        return sorted((step for step in self.steps if not step.inside), key=lambda step: -abs(step.off))

    def sentence(self) -> str:
        """The answer in a sentence."""
        if not self.steps:
            return "There is no funnel to hold it against: the folder has neither leads nor opportunities"
        n, worst = len(self.steps), self.outside
        head = f"{n - len(worst)} of {n} steps lie inside of what nine in ten simulated firms show"
        if not worst:
            return head
        first = worst[0]
        way = "more" if first.own > first.middle else "less"
        return f"{head}; farthest off is “{first.name}”: {shown(first, first.own)} is {way} than {shown(first, first.middle)}"  # noqa: E501

    def table(self) -> dict[str, Any]:
        """All numbers, for --json and gate.toml."""
        return {"fitted": self.fitted, "runs": self.runs, "broke": self.broke, "days": self.days, "books": self.books,
                "steps": len(self.steps), "outside": len(self.outside), "sentence": self.sentence(),
                "misfit": [step._asdict() | {"inside": step.inside, "shown": step.shown} for step in self.steps],
                }  # fmt: skip


def shown(step: Step, value: float) -> str:
    """A step's number for a person.

    >>> shown(Step("won", "%", 0.2, 0.1, 0.2, 0.3, 0.0), 0.2), shown(Step("days", "days", 3, 1, 2, 4, 0.0), 3.14)
    ('20.0 %', '3.1 days')
    """
    if step.unit == "%":
        return f"{100 * value:.1f} %"
    if step.unit == "log":
        return f"{value:.2f}"
    digits = 0 if abs(value) >= 100 else 1
    return f"{value:,.{digits}f}" + (f" {step.unit}" if step.unit else "")


def look(folder: str | Path, threads: int = 2, progress: Callable[[int, int], None] | None = None) -> Look:
    """Let the simulated firm live in 50 markets, each with its set of numbers, and hold it against the own one.

    Parameters
    ----------
    folder
        One that `baton import` wrote; without a fit the firm lives by the numbers of its file.

    Returns
    -------
    Look
        Of the half of leads and opportunities that was not fitted.
    """
    folder = Path(folder)
    scenario = read(folder) if (folder / MARK).is_file() else None
    if scenario is None or not scenario.firm:
        how = f"`baton import FILES -o {folder}` makes a firm's folder"
        raise InputError(f"{folder}: `baton import` did not write it; {how}")
    about = read_funnel(folder).get("fit")
    empty = about is None or about == {} or (isinstance(about, dict) and about.get("halves") == NOTHING)
    task: Task | None = None if empty else task_of(folder)
    warm.prepare(wasm.MANY)
    days = scenario.days if task is None else task.model.days
    work = [lambda k=k: _life(scenario, task, days, k) for k in range(RUNS)]
    lives = at_once(work, threads, progress)
    steps: list[Step] = []
    if task is not None:
        own = {str(name): float(x) for name, x in task.kept["fit"]["halves"]["judged"].items()}
        k = f"k {task.kept.get('currency') or ''}".strip()
        steps = [_step(name, value, [told.get(name, np.nan) for told, *_ in lives], k) for name, value in own.items()]
        steps = [step for step in steps if not step.low == step.high == step.own]  # the same in all says nothing
    fitted = bool(scenario.sets) or (folder / FILE).is_file()
    kept = [row for _, _, row in lives if row is not None]
    books = dict(zip(BOOKS, band(kept, BAND).T.tolist(), strict=True)) if kept else {}
    return Look(folder, steps, fitted, RUNS, sum(broke for _, broke, _ in lives), days, books)


def _life(scenario: Scenario, task: Task | None, days: int, k: int) -> tuple[dict[str, float], bool, Any]:
    """The signs of one life, whether the money ran out in one with the money of the file, and its BOOKS (or None)."""
    market = FIRST_LOOK + k
    own = run(scenario.but(days=days, changes=()), market)
    broke = own.broke is not None
    first = own.quarters.iloc[0] if len(own.quarters) else None
    books = None if first is None else (float(first["customers"]), float(first["revenue"]) * YEAR / QUARTER)
    if task is None:
        return {}, broke, books
    model: FirmModel = task.model._replace(scenario=scenario.in_market(market).but(days=days, changes=()))
    return signs(model.rows({}, market).of_half(True), task.model.columns), broke, books


def _step(name: str, own: float, simulated: list[float], k: str) -> Step:
    """One row, with misfit and band reckoned where a spread means the same everywhere."""
    known = np.array([x for x in simulated if np.isfinite(x)])
    label, unit = said(name)
    unit = k if unit == "k" else unit
    if not len(known):
        return Step(label, unit, _twice(name, own), np.nan, np.nan, np.nan, np.inf)
    low, middle, high = band(known, BAND)
    half = max((high - middle) if own > middle else (middle - low), 1e-9)
    return Step(label, unit, *(_twice(name, x) for x in (own, low, middle, high)), float((own - middle) / half))


def _twice(name: str, value: float) -> float:
    """A sign of a half as a person reads it: counts are of both halves."""
    return in_plain(name, value) * (2 if name.endswith("a day") else 1)
