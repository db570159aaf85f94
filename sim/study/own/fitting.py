"""A firm's numbers fitted to its own funnel: what is measured, what is fitted with its interval, what is assumed.

What a column tells by itself is read off. The rest is fitted by pyABC (`sim.study.validation.fit`) to one half of the
firm's leads and opportunities; the other half is kept for the question whether the fitted firm looks like the own one.
Of the particles that remain 50 are drawn: sets of numbers, of which each market of a later question takes one.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from sim.files.folder import written_file
from sim.files.provenance import made_by
from sim.files.reading import read_bytes
from sim.files.sums import sum_of
from sim.model import warm, wasm
from sim.model.theory import numbers
from sim.scenario.fitted import CUSTOMERS, FILE, FUNNEL, MOST_BYTES
from sim.study.own.firm_model import (
    ABSENT,
    KEPT,
    LAWS,
    POPULATIONS,
    SEED,
    SIZE,
    Task,
    aimed,
    plain_scenario,
    read_off,
    task_of,
)
from sim.study.own.folder import measured_in, read_funnel
from sim.study.own.signs import COLUMNS, DATED, signs
from sim.study.validation.fit import FIRST_MARKET, QUANTILE, Posterior, adjusted, smc
from sim.study.validation.recovery import (
    NARROWED,
    Recovered,
    misses,
    recovered,
    simulated,
    smc_many,
    stretched,
    stretches,
)

UNTIL = "backtest.json"  # a fit of what had been seen until a day
SETS = 50
EDGE = 0.1  # of a range, at each end: a fitted number whose median lies there may lie beyond
TRIED = 200  # firms of the pilot that are found again


class Fitted(NamedTuple):
    """What a fit came to: what fit.json holds."""

    posterior: Posterior
    table: dict[str, Any]


def fit_firm(
    folder: str | Path,
    until: str | None = None,
    *,
    again: int = 0,
    size: int = SIZE,
    populations: int = POPULATIONS,
    processes: int = 2,
    told: Callable[[str], None] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Fitted:
    """Fit a firm's numbers to one half of its funnel; what is done is kept in the folder, so a stopped fit goes on.

    Parameters
    ----------
    folder
        One that `baton import` wrote; needs `pip install "baton-sim[fit]"`.
    until
        See `task_of`.
    again
        So many simulated firms of this one's people are fitted first, whose numbers are known (a power of two). Without
        it the firms of the pilot are found again among themselves (`found_again`), which takes no further run. A
        number is called fitted only where the intervals hold the truth.
    size, populations
        Of pyABC.
    told
        Called with a sentence now and then.

    Returns
    -------
    Fitted
        Not written; `write_fit` does.
    """
    task = task_of(folder, until, size, populations)
    warm.prepare(wasm.MANY)
    store = task.folder / KEPT
    store.mkdir(exist_ok=True)
    _keep_out_of_git(store)
    task = aimed(task, processes, progress)
    truths, found = found_again(task)
    stretch = stretches([misses(each, truth) for truth, each in zip(truths, found, strict=True)])
    known = recovery(task, again, stretch, processes, told) if again else held_apart(truths, found)
    say = told or (lambda sentence: None)
    posterior = smc(task.fit, store, lambda done, most: say(_population(done, most)))
    posterior = stretched(adjusted(posterior, task.fit.data), stretch)
    return Fitted(posterior, table_of(task, posterior, known, again))


def _population(done: int, most: int) -> str:
    """What is said before a population."""
    return f"population {done + 1} of at most {most} …" if most > 1 else "the one population …"


def found_again(task: Task) -> tuple[list[dict[str, float]], list[Posterior]]:
    """The numbers of some firms of the pilot, and how they are found again by the others of it.

    Each of the first TRIED is held out in turn: the part of the others that lies nearest is moved as a fit's particles
    are (`adjusted`).
    """
    places, guesses = task.pilot.places, task.pilot.guesses
    names = [prior.name for prior in task.fit.priors]
    scaled = guesses / guesses.std(axis=0)
    truths, posteriors = [], []
    for k in range(min(TRIED, len(places))):
        far = np.abs(scaled - scaled[k]).sum(axis=1)
        far[k] = np.inf
        near = np.argsort(far)[: int(QUANTILE * len(places))]
        even = np.full(len(near), 1 / len(near))
        found = Posterior(task.fit.priors, places[near], even, {}, 0, 1, guesses[near])
        posteriors.append(adjusted(found, dict(zip(names, guesses[k], strict=True))))
        truths.append({prior.name: float(prior.at(u)) for prior, u in zip(task.fit.priors, places[k], strict=True)})
    return truths, posteriors


def held_apart(truths: list[dict[str, float]], found: list[Posterior]) -> dict[str, Recovered]:
    """How often intervals hold the truth of firms by which they were not stretched: each half by the other half's."""
    halves = [slice(0, None, 2), slice(1, None, 2)]
    done: list[Posterior] = [*found]
    for mine, other in (halves, halves[::-1]):
        by = stretches([misses(each, truth) for truth, each in zip(truths[other], found[other], strict=True)])
        done[mine] = [stretched(each, by) for each in found[mine]]
    return recovered(truths, done)


def recovery(task: Task, times: int, stretch: dict[str, float], processes: int = 2, told=None) -> dict[str, Recovered]:
    """How well the numbers of simulated firms of this one's people are found again, from the columns that it has."""
    again = simulated(task.fit, times)
    done = []

    def tell(fit, posterior):
        done.append(fit)
        if told:
            told(f"{len(done)} of {times} simulated firms fitted")

    posteriors = smc_many([each for _, each in again], task.folder / KEPT, processes, tell)
    moved = [stretched(adjusted(posterior, each.data), stretch)
             for posterior, (_, each) in zip(posteriors, again, strict=True)]  # fmt: skip
    return recovered([truth for truth, _ in again], moved)


def _keep_out_of_git(store: Path) -> None:
    """What is only there to go on with need not be committed."""
    path = store / ".gitignore"
    if not path.exists():
        path.write_text("*\n", encoding="utf-8")


# --- what came of it ---


def table_of(task: Task, posterior: Posterior, known: dict[str, Recovered], again: int) -> dict[str, Any]:
    """What fit.json holds: every number with its word, the sets, and what a further column would tell."""
    dice = np.random.default_rng(SEED)
    chosen = drawn(posterior.weights, SETS, dice)
    free = [prior.name for prior in posterior.priors]
    values = np.column_stack([prior.at(posterior.places[chosen, i]) for i, prior in enumerate(posterior.priors)])
    laws = _laws(task.kept)
    more = np.column_stack([_draws(name, law, dice) for name, law in laws.items()]) if laws else np.empty((SETS, 0))
    names = free + list(laws)
    values = np.array([[_bounded(name, value) for name, value in zip(names, row, strict=True)]
                       for row in np.column_stack([values, more])])  # fmt: skip
    columns = asked(task, posterior)
    return {
        "of": sum_of(read_bytes(task.folder / FUNNEL, MOST_BYTES)), "until": task.until, "made": made_by(),
        "numbers": {**_measured(task.folder, laws), **_fitted(posterior, known, columns)},
        "columns": columns, "recovered_on": again or TRIED, "anew": bool(again), "size": len(posterior.weights),
        "populations": posterior.populations, "runs": posterior.runs,
        "sets": [dict(zip(names, row, strict=True)) for row in values.tolist()], "middle": _middle(posterior, chosen),
    }  # fmt: skip


def drawn(weights: np.ndarray, n: int, dice: np.random.Generator) -> np.ndarray:
    """Rows drawn by their weights, evenly (systematic resampling): each as often as its weight says, but for one."""
    return np.searchsorted(np.cumsum(weights), (np.arange(n) + dice.random()) / n * (1 - 1e-12))


def _middle(posterior: Posterior, chosen: np.ndarray) -> int:
    """The set that lies nearest to the medians, on the scales on which they were sought."""
    medians = np.array([posterior.place(prior.name, 0.5)[0] for prior in posterior.priors])
    spread = posterior.places.std(axis=0) + 1e-9
    return int(np.argmin((((posterior.places[chosen] - medians) / spread) ** 2).sum(axis=1)))


def _laws(kept: dict[str, Any]) -> dict[str, tuple[float, float]]:
    """What was read off, with its error: of a median on the logarithm, of a spread as it is."""
    found = {}
    for name, value in read_off(kept).items():
        of, part = LAWS[name]
        found[name] = value, float(kept["measured"][of]["error_log"]) / (1 if part == "median" else np.sqrt(2))
    return found


def _draws(name: str, law: tuple[float, float], dice: np.random.Generator) -> np.ndarray:
    value, error = law
    z = dice.normal(size=SETS)
    return value * np.exp(error * z) if LAWS[name][1] == "median" else np.maximum(value + error * z, 0.01)


def _bounded(name: str, value: float) -> float:
    about = numbers()[name]
    return float(f"{min(max(value, about.low), about.high):.5g}")


def measured_numbers(folder: str | Path) -> dict[str, Any]:
    """What is read off: by the folder itself, and with an interval where a law has an error.

    Raises
    ------
    InputError
        The folder is none that `baton import` wrote.
    """
    return _measured(Path(folder), _laws(read_funnel(folder)))


def _measured(folder: Path, laws: dict[str, tuple[float, float]]) -> dict[str, Any]:
    own = plain_scenario(folder)
    told, found = measured_in(own.source) | set(own.values), {}
    for name in ("workforce.marketers", "workforce.salespeople"):
        measured = own.organization is not None or name in told
        found[name] = {"word": "measured" if measured else "assumed", "value": own.value(name)}
        if not measured:
            found[name]["tells"] = [{"column": "the people list", "to": 0.0}]
    found[CUSTOMERS] = {"word": "measured" if CUSTOMERS in told else "assumed", "value": own.value(CUSTOMERS)}
    if CUSTOMERS not in told:
        found[CUSTOMERS]["tells"] = [{"column": "how many customers there were (--customers)", "to": 0.0}]
    for name, (value, error) in laws.items():
        half = 1.645 * error
        ends = (
            (value * np.exp(-half), value * np.exp(half)) if LAWS[name][1] == "median" else (value - half, value + half)
        )
        found[name] = {"word": "measured", "value": value, "low": float(ends[0]), "high": float(ends[1])}
    return found


def _fitted(posterior: Posterior, known: dict[str, Recovered], columns: dict[str, dict[str, float]]) -> dict[str, Any]:
    found = {}
    for prior in posterior.priors:
        low, middle, high = posterior.quantile(prior.name, 0.05, 0.5, 0.95)
        narrowed = posterior.narrowing(prior.name)
        word = "fitted" if narrowed >= NARROWED else "assumed"
        row = {"word": word, "value": middle, "low": low, "high": high, "width": round(posterior.width(prior.name), 3),
               "range": [prior.low, prior.high], "default": numbers()[prior.name].default}  # fmt: skip
        if prior.name in known:
            row |= {"held": known[prior.name].held, "again": known[prior.name].narrowed}
            row["word"] = word if known[prior.name].word == "fitted" else "assumed"
        at = float(posterior.place(prior.name, 0.5)[0])
        if row["word"] == "fitted" and abs(at - 0.5) > 0.5 - EDGE:
            row["edge"] = "upper" if at > 0.5 else "lower"
        tells = [{"column": column, "to": to[prior.name]} for column, to in columns.items()
                 if to[prior.name] < 0.75 * row["width"]]  # fmt: skip
        if tells:
            row["tells"] = sorted(tells, key=lambda each: each["to"])
        found[prior.name] = row
    return found


def asked(task: Task, posterior: Posterior) -> dict[str, dict[str, float]]:
    """What one more column would tell: to what share of its range each number's interval would shrink.

    Each kept particle lives once more; what of a number's spread among them the column's own signs explain (a line
    through the particles, its R² adjusted for their number) is what it would take away.
    """
    missing = [name for name in COLUMNS if name not in task.model.columns]
    if not missing:
        return {}
    rows = []
    for k, places in enumerate(posterior.places):
        values = {prior.name: float(prior.at(u)) for prior, u in zip(posterior.priors, places, strict=True)}
        rows.append(task.model.part(values, FIRST_MARKET + 2**31 + k))
    have = set(signs(rows[0], task.model.columns))
    found: dict[str, dict[str, float]] = {}
    for name in missing:
        needed = {"inquiries", name} if name in DATED else {name}
        table = [signs(each, task.model.columns | needed) for each in rows]
        new = sorted(set.union(*map(set, table)) - have)
        x = np.array([[each.get(sign, ABSENT) for sign in new] for each in table])
        found[COLUMNS[name]] = {
            prior.name: round(posterior.width(prior.name)
                              * np.sqrt(1.0 - explained(x, posterior.places[:, i], posterior.weights)), 3)
            for i, prior in enumerate(posterior.priors)
        }  # fmt: skip
    return found


def explained(x: np.ndarray, y: np.ndarray, weights: np.ndarray) -> float:
    """The adjusted share of y's weighted variance that a line in the columns of x explains, 0..1.

    >>> rng = np.random.default_rng(1)
    >>> x, even = rng.normal(size=(200, 2)), np.full(200, 1 / 200)
    >>> 0.4 < explained(x, x[:, 0] + rng.normal(size=200), even) < 0.6
    True
    """
    root = np.sqrt(weights / weights.sum())[:, None]
    mean = float((weights * y).sum() / weights.sum())
    spread = x.std(axis=0)
    full = np.column_stack([np.ones(len(y)), ((x - x.mean(axis=0)) / np.where(spread > 0, spread, 1))[:, spread > 0]])
    line, *_ = np.linalg.lstsq(full * root, y * root[:, 0], rcond=None)
    left = float((root[:, 0] ** 2 * (y - full @ line) ** 2).sum())
    whole = float((root[:, 0] ** 2 * (y - mean) ** 2).sum())
    n, k = 1.0 / float((root[:, 0] ** 4).sum()), full.shape[1] - 1
    if whole <= 0 or n <= k + 2:
        return 0.0
    return float(np.clip(1 - left / whole * (n - 1) / (n - k - 1), 0.0, 0.9999))


def write_fit(found: Fitted, folder: str | Path) -> Path:
    """Write fit.json, or of a fit until a day backtest.json."""
    until = found.table["until"]
    path = Path(folder) / (FILE if until is None else UNTIL)
    with written_file(path) as work:
        work.write_text(json.dumps(found.table, indent=1) + "\n", encoding="utf-8")
    return path
