"""What of a firm is fitted, where it is sought, and the firm's runs as a fit wants them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from sim.errors import InputError
from sim.files.folder import written_file
from sim.model.day_zero.opening import begin
from sim.model.theory import numbers, with_values
from sim.scenario import Scenario
from sim.scenario.fitted import CUSTOMERS, DEMAND, with_customers
from sim.scenario.toml_file import read_unfitted
from sim.study.many import at_once
from sim.study.own.folder import measured_in, read_funnel
from sim.study.own.signs import COLUMNS, Rows, rows_of_run, signs
from sim.study.own.signs import __file__ as signs_file
from sim.study.validation.fit import Fit, Prior

SIZE, POPULATIONS, SEED = 250, 1, 14
RICH = 100_000.0  # k€ a head at day 0 while it is fitted: that the money runs out is another question
PILOT, RIDGE = 512, 1.0  # runs for the first guess, and its shrinkage
BLOCK = 64  # of them are written down at a time
KEPT = "fit"  # folder in the firm's: what is there to go on with
FIRST_PILOT = 3 * 2**31  # markets of the pilot: nothing else uses them
ABSENT = -9.0  # a sign that a run does not show at all, such as the days to a first call where nobody was called

# What is read off where an export lists enough: of which law, and which part of it (`counts.measured`).
LAWS = {"market.value": ("value", "median"), "market.value_sd": ("value", "sd_log"),
        "market.cycle_days": ("cycle", "median"), "market.cycle_sd": ("cycle", "sd_log")}  # fmt: skip
# What must be simulated (the cycle where it cannot be read off), where it is sought, and what a person calls it. The
# ranges hold all that firms report.
FREE = (
    Prior("market.size", 0.05, 20.0, log=True),
    Prior("market.own_list", 0.3, 30.0, log=True),
    Prior("market.ready", 0.02, 0.9),
    Prior("market.cycle_days", 2.0, 400.0, log=True),
    Prior("selling.base", -8.0, 2.0),
    Prior("selling.interest", 0.1, 1.0),
    Prior("selling.win", 0.1, 1.0),
    Prior("distance.handoff_days", 0.3, 30.0, log=True),
    Prior("customers.renewal", -1.0, 4.0),
)
CALLED = {
    "market.size": "demand", "market.own_list": "own prospects", "market.ready": "readiness of inquirers",
    "market.cycle_days": "selling cycle", "market.cycle_sd": "spread of the cycle", "market.value": "deal value",
    "market.value_sd": "spread of deal value", "selling.base": "follow-up", "selling.interest": "interest when called",
    "selling.win": "chance to win", "distance.handoff_days": "days to hand over", "customers.renewal": "renewal",
    "customers.per_rep": "customers a rep on day 0", "workforce.marketers": "marketers",
    "workforce.salespeople": "salespeople",
}  # fmt: skip


class FirmModel(NamedTuple):
    """A firm's runs as a fit wants them: from numbers and a market to the signs of one half of what was seen.

    scenario   as it was read from the folder, without sets
    days       working days that the export saw
    columns    what the export holds
    names      the signs wanted
    whole      whether the data are of all rows, not of one half
    lines      by number: what each sign adds to a first guess of where it lies (`aimed`); None: the signs themselves
    """

    scenario: Scenario
    days: int
    columns: frozenset[str]
    names: tuple[str, ...]
    lines: dict[str, list[float]] | None = None
    whole: bool = False

    def __call__(self, values: dict[str, float], market: int) -> dict[str, float]:
        return self.told(signs(self.part(values, market), self.columns))

    def part(self, values: dict[str, float], market: int) -> Rows:
        """The rows of one run that are held against the data: one half, or all."""
        rows = self.rows(values, market)
        return rows if self.whole else rows.of_half(False)

    def told(self, found: dict[str, float]) -> dict[str, float]:
        """Signs as the fit compares them: one guess for each number, in place of all of them."""
        plain = {name: found.get(name, ABSENT) for name in self.names}
        if self.lines is None:
            return plain
        x = np.array([*plain.values(), 1.0])
        return {name: float(x @ np.array(line)) for name, line in self.lines.items()}

    def rows(self, values: dict[str, float], market: int, days: int | None = None) -> Rows:
        """All leads and opportunities of one run."""
        days = self.days if days is None else days
        known = {name: self.scenario.value(name) for name in (DEMAND, CUSTOMERS)}
        theory = with_values(self.scenario.theory, {**with_customers(known, values), "money.start_cash": RICH})
        simulation = begin(theory, market, days, self.scenario.load_organization())
        simulation.advance(days)
        return rows_of_run(simulation.firm, days, market)


class Pilot(NamedTuple):
    """Firms of the same people by numbers spread over the ranges: what a first guess of each number is.

    places    (runs, numbers) 0..1 in the ranges
    guesses   (runs, numbers) what `FirmModel.told` makes of each run
    """

    places: np.ndarray
    guesses: np.ndarray


class Task(NamedTuple):
    """What a folder gives to fit."""

    folder: Path
    model: FirmModel
    fit: Fit
    kept: dict[str, Any]
    until: str | None
    pilot: Pilot | None = None


def task_of(folder: str | Path, until: str | None = None, size: int = SIZE, populations: int = POPULATIONS) -> Task:
    """What is to be fitted of a folder that `baton import` wrote.

    Parameters
    ----------
    until
        A day such as 2025-06-30: all rows as they were seen at the last kept end of a month until then, in place of
        one half of all.

    Raises
    ------
    InputError
        The folder holds nothing to fit, or nothing until that day.
    """
    folder = Path(folder)
    kept = read_funnel(folder)
    about = kept.get("fit")
    if not isinstance(about, dict):
        raise InputError(f"{folder}: holds no leads or opportunities with dates, so there is nothing to fit; "
                         "import them first (baton import)")  # fmt: skip
    try:
        days, columns = int(about["days"]), frozenset(map(str, about["columns"])) & set(COLUMNS)
        data = {str(name): float(value) for name, value in about["halves"]["fitted"].items()}
        if until is not None:
            until, then = _snapshot(folder, about, until, str(kept.get("as_of") or ""))
            days, data = int(then["days"]), {str(name): float(value) for name, value in then["signs"].items()}
            kept = kept | {"measured": then.get("measured", kept.get("measured"))}  # older folders have it of all rows
    except InputError:
        raise
    except (KeyError, TypeError, ValueError, AttributeError):
        raise InputError(f"{folder}/funnel.json: has no such numbers to fit as `baton import` writes them") from None
    if not data or not 1 <= days <= 5200 or not np.isfinite(list(data.values())).all():
        raise InputError(f"{folder}: too little was seen for a fit: no sign of the funnel has five leads or deals")
    scenario = plain_scenario(folder)
    told = measured_in(scenario.source)
    scenario = scenario.but({k: v for k, v in read_off(kept).items() if until and k in told}, days=days, changes=())
    model = FirmModel(scenario, days, columns, tuple(sorted(data)), whole=until is not None)
    reckoned = hashlib.sha256(Path(signs_file).read_bytes()).hexdigest()
    about_it = json.dumps([scenario.hash, days, sorted(columns), sorted(data), until, PILOT, reckoned])
    name = f"firm-{until}" if until else "firm"
    return Task(folder, model, Fit(name, priors_of(kept), model, data, size, populations, SEED, about_it), kept, until)


def aimed(task: Task, threads: int = 2, progress: Callable[[int, int], None] | None = None) -> Task:
    """The same task with one statistic for each number: a first guess of it from all signs (Fearnhead, Prangle 2012).

    So a fit of eight numbers does not have to come near in twenty signs at once. The guess is a line in the signs,
    by ridge regression in PILOT runs spread over the ranges; it only decides what counts as near.
    """
    from scipy.stats import qmc

    priors, model = task.fit.priors, task.model
    places = qmc.Sobol(len(priors), seed=SEED).random(PILOT)

    x = _pilot(task, places, threads, progress)
    inside = np.clip(places, 1e-3, 1 - 1e-3)
    y = np.log(inside / (1 - inside))
    spread = x.std(axis=0)
    known = spread > 1e-6
    scaled = (x[:, known] - x[:, known].mean(axis=0)) / spread[known]
    slopes = np.zeros((x.shape[1], len(priors)))
    slopes[known] = np.linalg.solve(scaled.T @ scaled + RIDGE * np.eye(known.sum()), scaled.T @ (y - y.mean(axis=0)))
    slopes[known] /= spread[known][:, None]
    lines = {prior.name: [*slopes[:, i].tolist(), float(y[:, i].mean() - x.mean(axis=0) @ slopes[:, i])]
             for i, prior in enumerate(priors)}  # fmt: skip
    model = model._replace(lines=lines)
    data = model.told(dict(task.fit.data))
    guesses = np.column_stack([x, np.ones(len(x))]) @ np.array(list(lines.values())).T
    return task._replace(model=model, fit=task.fit._replace(model=model, data=data), pilot=Pilot(places, guesses))


def _snapshot(folder: Path, about: dict, until: str, as_of: str) -> tuple[str, dict]:
    known = sorted(about["until"])
    if as_of and until > as_of:
        raise InputError(f"{folder}: the export ends on {as_of}, before {until}")
    before = [day for day in known if day <= until]
    if not before:
        said = f"there are {', '.join(known)}" if known else "the export is too short, or too small, for any"
        raise InputError(f"{folder}: nothing is kept of what had been seen until {until}; {said}")
    return before[-1], about["until"][before[-1]]


def plain_scenario(folder: Path) -> Scenario:
    """The firm as its folder says it, without the sets of an earlier fit."""
    return read_unfitted(folder)


def _pilot(task: Task, places: np.ndarray, threads: int, progress) -> np.ndarray:
    """The signs of the pilot's runs, (runs, signs); kept in the folder block by block, so a stopped fit goes on."""
    path = task.fit.file(task.folder / KEPT).with_suffix(".npy")
    x = np.empty((0, len(task.model.names)))
    if path.is_file():
        try:
            kept = np.load(path, allow_pickle=False)
        except (ValueError, OSError, EOFError):
            kept = x
        if kept.dtype == float and kept.ndim == 2 and kept.shape[1] == x.shape[1] and np.isfinite(kept).all():
            x = kept[: len(places)]

    def one(k: int) -> list[float]:
        values = {prior.name: float(prior.at(u)) for prior, u in zip(task.fit.priors, places[k], strict=True)}
        return list(task.model(values, FIRST_PILOT + k).values())

    while (begun := len(x)) < len(places):
        work = [lambda k=k: one(k) for k in range(begun, min(begun + BLOCK, len(places)))]
        x = np.vstack([x, at_once(work, threads)])
        with written_file(path) as file:
            np.save(file, x)
        if progress:
            progress(len(x), len(places))
    return x


def read_off(kept: dict[str, Any]) -> dict[str, float]:
    """The numbers that an export tells by itself, in the model's units and within its bounds.

    Raises
    ------
    InputError
        What was measured is none of what `baton import` writes.
    """
    laws, found = kept.get("measured") or {}, {}
    try:
        for name, (of, part) in LAWS.items():
            if laws.get(of):
                value, about = float(laws[of][part]) / (1000 if name == "market.value" else 1), numbers()[name]
                found[name] = min(max(value, about.low), about.high)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise InputError("funnel.json: what was measured is not as `baton import` writes it") from None
    return found


def priors_of(kept: dict[str, Any]) -> list[Prior]:
    """Where each number is sought that the export does not tell by itself."""
    known = read_off(kept)
    return [prior for prior in FREE if prior.name not in known]
