"""What the experiments share: archetypes, many short lives, intervals, verdicts, tables."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # a checkout runs without being installed

import numpy as np  # noqa: E402

from sim.model.drive import Simulation  # noqa: E402
from sim.model.firm import DAYS, QUARTER, Practice  # noqa: E402
from sim.model.opening import begin  # noqa: E402
from sim.model.theory import Theory, with_values  # noqa: E402
from sim.model.warm import prepare  # noqa: E402
from sim.result.outcomes import measure  # noqa: E402
from sim.study.intervals import Interval, mean_interval  # noqa: E402

PRACTICES = [each.name.lower() for each in Practice]
MANDATED = {f"practices.{name}": 1 for name in PRACTICES}
FORBIDDEN = {f"practices.{name}": 2 for name in PRACTICES}
LIAISON = {"liaison.count": 1}
NEAR = {"distance.between_teams_m": 5.0, "communication.cost_hours": 0.25, "liaison.count": 1}
BAD = {"distance.between_teams_m": 60.0, "communication.cost_hours": 1.0, "trust.initial": 0.15, "trust.attitude": 0.22}
FAR = {**BAD, "distance.between_teams_m": 100.0, "communication.cost_hours": 1.2}
NEAR_DISTRUST = {**NEAR, "liaison.count": 0, "trust.initial": 0.10, "trust.attitude": 0.15}
DEEP_DISTRUST = {**NEAR_DISTRUST, "trust.initial": 0.05, "trust.attitude": 0.10}  # the shipped scenario
ARCHETYPES: dict[str, dict[str, float]] = {
    "default": {},
    "liaison": LIAISON,
    "distrusted by Sales": {**LIAISON, "liaison.trust_sales": 0.1},
    "distrusted by Marketing": {**LIAISON, "liaison.trust_marketing": 0.1},
    "near": NEAR,
    "bad": BAD,
    "far": FAR,
    "bad, mandated": {**BAD, **MANDATED},
    "near, distrust": NEAR_DISTRUST,
    "near, distrust, mandated": {**NEAR_DISTRUST, **MANDATED},
    "near, deep distrust": DEEP_DISTRUST,
    "near, deep distrust, mandated": {**DEEP_DISTRUST, **MANDATED},
    "default, mandated": MANDATED,
    "default, forbidden": FORBIDDEN,
    "near, forbidden": {**NEAR, **FORBIDDEN},
}
Change = tuple[int, Mapping[str, float] | str]  # day, and the levers that change or a shock


class Life(NamedTuple):
    """What is kept of one run: quarterly sums of the diary, audits, and the last state of the practices."""

    score: np.ndarray  # (quarters,)
    stage: np.ndarray  # (quarters,)
    sums: dict[str, np.ndarray]  # field of the diary -> (quarters,)
    seen: np.ndarray  # (quarters, 20) what was observed over what could have been, NaN without a base
    items: np.ndarray  # (quarters, 20) scores
    kept: np.ndarray  # (8,) compliance on the last day
    since: np.ndarray  # (8,) day of the first decree, or -1
    outcomes: dict[str, float]  # by the names of sim.result.outcomes
    broke: int
    extra: object  # whatever `keep` returned

    def year(self, name: str, number: int) -> float:
        """The sum of a field of the diary over year 1, 2, ..."""
        return float(self.sums[name][4 * (number - 1) : 4 * number].sum())

    @property
    def trust(self) -> float:
        """Mean trust over the last quarter, both directions."""
        return float(self.sums["trust_ms"][-1] + self.sums["trust_sm"][-1]) / (2 * QUARTER)


def live(
    values: Mapping[str, float],
    seed: int,
    days: int = 1300,
    changes: Sequence[Change] = (),
    keep: Callable[[Simulation], object] | None = None,
) -> Life:
    """One run. `changes` are dated; each adds to the levers in force, or is a shock's name."""
    levers = dict(values)
    simulation = begin(with_values(Theory(), levers), seed, days)
    for day, what in sorted(changes, key=lambda change: change[0]):
        simulation.advance(day)
        if isinstance(what, str):
            simulation.shock(what)
        else:
            levers.update(what)
            simulation.change(with_values(Theory(), levers))
    simulation.advance(days)
    firm, n = simulation.firm, days // QUARTER
    base, count = firm.answers["base"][:n, 2], firm.answers["count"][:n, 2]
    rows = firm.days[: n * QUARTER]
    broke = int(firm.ledger["broke"][0])
    found = measure(
        firm.days[: simulation.day],
        firm.quarters[: simulation.day // QUARTER],
        float(firm.ledger["opening_equity"][0]),
        simulation.theory.money.discount,
        broke >= 0,
    )
    return Life(
        firm.quarters["score"][:n].copy(),
        firm.quarters["stage"][:n].copy(),
        {name: rows[name].reshape(n, QUARTER).sum(1) for name in DAYS.names},
        np.where(base > 0, count / np.maximum(base, 1e-9), np.nan),
        firm.answers["score"][:n, 2].copy(),
        (firm.practices["kept_m"] + firm.practices["kept_s"]) / 2.0,
        firm.practices["since"].copy(),
        found,
        broke,
        keep(simulation) if keep else None,
    )


class Lab:
    """Runs many lives on the same markets, and remembers those that several experiments share."""

    def __init__(self, seeds: Sequence[int], threads: int = 2):
        self.seeds, self.threads, self.known, self.runs = list(seeds), threads, {}, 0
        prepare()  # the first time ever: compiles the rules

    def lives(self, values, days: int = 1300, changes: Sequence[Change] = (), keep=None, seeds=None) -> list[Life]:
        """One life a seed, in the order of the seeds."""
        seeds = self.seeds if seeds is None else list(seeds)
        asked = (tuple(sorted(values.items())), days, repr(changes), tuple(seeds))
        if keep is None and asked in self.known:
            return self.known[asked]
        found = self.each([(values, seed, days, changes, keep) for seed in seeds])
        if keep is None:
            self.known[asked] = found
        return found

    def each(self, work: Sequence[tuple]) -> list[Life]:
        """Lives for any list of the arguments of `live`."""
        self.runs += len(work)
        with ThreadPoolExecutor(self.threads) as pool:
            return list(pool.map(lambda one: live(*one), work))


class Check(NamedTuple):
    """One claim with what was measured: it holds if the whole interval lies where it should, fails if none of it."""

    pattern: str
    claim: str
    expected: str
    measured: Interval
    verdict: str
    unit: str = ""


class Report(NamedTuple):
    """What one experiment found: claims judged, and tables beside them (title, head, rows)."""

    checks: list[Check]
    tables: list[tuple[str, list[str], list[list]]] = []


def stages(lives: Sequence[Life]) -> np.ndarray:
    """Stages, one row a market, one column a quarter."""
    return np.array([life.stage for life in lives])


def final(lives: Sequence[Life]) -> np.ndarray:
    """Mean score of the last year, one a market."""
    return np.array([life.score[-4:].mean() for life in lives])


def net_value(lives: Sequence[Life]) -> np.ndarray:
    return np.array([life.outcomes["net_value"] for life in lives])


def exact(x: float) -> Interval:
    """A number without chance."""
    return Interval(float(x), float(x), float(x))


def bootstrap(statistic: Callable[[np.ndarray], float], n: int, draws: int = 1000) -> Interval:
    """A statistic of row numbers 0 .. n - 1 with its 95 % percentile interval over resampled rows."""
    rng = np.random.default_rng(20)
    many = [statistic(rng.integers(0, n, n)) for _ in range(draws)]
    low, high = np.nanquantile(many, [0.025, 0.975]) if np.isfinite(many).any() else (math.nan, math.nan)
    return Interval(float(statistic(np.arange(n))), float(low), float(high))


def share_interval(hits) -> Interval:
    """A share with its 95 % interval (Wilson)."""
    hits = np.asarray(hits, float)
    n, p, z = len(hits), float(np.mean(hits)), 1.959964
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return Interval(p, max(middle - half, 0.0), min(middle + half, 1.0))


def median_interval(values) -> Interval:
    """A median with its bootstrap interval."""
    values = np.asarray(values, float)
    return bootstrap(lambda rows: float(np.median(values[rows])), len(values))


def check(pattern: str, claim: str, measured, above=None, below=None, unit: str = "", share: bool = False) -> Check:
    """A claim judged: `measured` is an Interval, or one value a market."""
    if not isinstance(measured, Interval):
        measured = share_interval(measured) if share else mean_interval(measured)
    least, most = -math.inf if above is None else above, math.inf if below is None else below
    expected = f"{least:g} to {most:g}" if above is not None and below is not None else ""
    expected = expected or (f"> {least:g}" if above is not None else f"< {most:g}" if below is not None else "")
    low, high = (m if math.isnan(b) else b for m, b in ((measured.mean, measured.low), (measured.mean, measured.high)))
    if not expected:
        verdict = "reported"
    elif math.isnan(measured.mean):
        verdict = "undecided"
    elif least <= low and high <= most:
        verdict = "holds"
    else:
        verdict = "fails" if high < least or low > most else "undecided"
    return Check(pattern, claim, expected or "-", measured, verdict, unit)


def number(x: float) -> str:
    """A number with about four figures."""
    if not math.isfinite(x):
        return "-"
    if x == 0 or 1e-3 <= abs(x) < 1e6:
        return f"{x:,.{max(0, min(3, 3 - int(math.floor(math.log10(abs(x)))))) if x else 0}f}"
    return f"{x:.3g}"


def table(head: Sequence[str], rows: Sequence[Sequence]) -> str:
    """A plain table: text to the left, numbers to the right."""
    cells = [[number(c) if isinstance(c, float) else str(c) for c in row] for row in rows]
    right = [any(isinstance(row[j], int | float) for row in rows) for j in range(len(head))]
    width = [max(len(row[j]) for row in [list(head), *cells]) for j in range(len(head))]
    lines = [list(head), ["-" * w for w in width], *cells]
    parts = [[c.rjust(w) if r else c.ljust(w) for c, w, r in zip(row, width, right, strict=True)] for row in lines]
    return "\n".join("  ".join(row).rstrip() for row in parts)


def block(text: str) -> list[int]:
    """The markets of `first:count`.

    >>> block("5000:3")
    [5000, 5001, 5002]
    """
    first, _, count = text.partition(":")
    return list(range(int(first), int(first) + int(count or 1)))


def write_json(path: Path | None, found) -> None:
    """Results for other programs; a number that is not one is written as null."""

    def plain(x):
        if isinstance(x, Check):
            return {**x._asdict(), "measured": plain(x.measured)}
        if isinstance(x, Interval):
            return {"mean": plain(x.mean), "low": plain(x.low), "high": plain(x.high)}
        if isinstance(x, Mapping):
            return {str(k): plain(v) for k, v in x.items()}
        if isinstance(x, list | tuple):
            return [plain(v) for v in x]
        if isinstance(x, float | np.floating):
            return float(x) if math.isfinite(x) else None
        return int(x) if isinstance(x, np.integer | np.bool_) else x

    if path:
        Path(path).write_text(json.dumps(plain(found), indent=1) + "\n", encoding="utf-8")
        print(f"written: {path}")
