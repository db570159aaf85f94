"""Two to four organizations in the same markets: what differs, and how sure that is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from sim.errors import InputError
from sim.files.provenance import made_by
from sim.model.firm import QUARTER
from sim.result import Run, label
from sim.result.outcomes import OUTCOMES, checked
from sim.run import passed_on, run
from sim.scenario import Scenario, read
from sim.scenario.own_theory import MODEL, read_theory
from sim.study.comparison import Comparison, checked_metric, labels
from sim.study.doubt import check_sets, guessed, in_doubt
from sim.study.many import Interrupted, at_once, markets, outcomes_of
from sim.study.own.accepted import ask_gate
from sim.study.until import FIRST, MOST, Until, more_markets, wanted_width

__all__ = ["Comparison", "compare", "labels"]
MOST_SCENARIOS = 4
# What of the diary is kept by quarter for each run: enough to draw two lines and their bands.
KEPT = ("revenue", "bookings", "contribution", "customer_value", "contacts", "disputes")


def compare(
    *scenarios: Scenario | str | Path,
    seeds: int | Sequence[int] | None = None,
    until: float | str | None = None,
    metric: str = "net_value",
    most: int = MOST,
    more: Sequence[str] = (),
    threads: int = 2,
    days: int | None = None,
    doubt: bool = False,
    theories: Sequence[str | Path | None] = (),
    progress: Callable[[int, int], None] | None = None,
    **options,
) -> Comparison:
    """Run scenarios in the same markets and take the differences market by market.

    Parameters
    ----------
    *scenarios : Scenario, name or path
        Two to four. The first is the baseline; each other one is compared with it.
    seeds : int or list of int
        A count (markets 0 .. n - 1), or the markets themselves. Default 30; with
        `until` the markets to begin with, default 10.
    until : float or str
        Add markets until the paired 95 % interval of `metric` is so wide or
        narrower for every scenario: a number in the metric's unit, or "5%" of the
        baseline's mean. The markets added follow the largest given.
    metric : str
        The outcome that `until` looks at, by its name; with `doubt` it is kept too.
    most : int
        Markets at most, for `until`.
    more : list of str
        Columns of the daily table that are compared too: sums, means or last days.
    threads : int
        Runs at a time; the results do not depend on it.
    days : int
        A horizon for all, in place of their own.
    doubt : bool
        Draw the guessed numbers from their plausible ranges, the same in all scenarios: markets 2k and 2k + 1 take the
        k-th set (`Comparison.doubt` says what is luck and what is doubt).
    theories : list of str
        Each scenario is lived by each of them: a Python file, the name of a theory
        that comes with Baton, or "baton" for the model's own; the first is the baseline.
    **options
        Passed to `sim.run`.

    Returns
    -------
    Comparison

    Raises
    ------
    InputError
        Fewer than two scenarios or more than four, horizons that differ, a metric or width that is none.
    """
    passed_on(compare, options)
    chosen = [read(each) for each in scenarios]
    chosen = by_theories(chosen, theories)
    if not 2 <= len(chosen) <= MOST_SCENARIOS:
        what = "scenarios, each by each theory" if theories else "scenarios"
        raise InputError(f"compare takes two to {MOST_SCENARIOS} {what}; {len(chosen)} given")
    ask_gate(*chosen)
    if days is not None:
        chosen = [each.but(days=days) for each in chosen]
    horizons = {each.days for each in chosen}
    if len(horizons) > 1:
        told = ", ".join(f"{label(each)} {each.days}" for each in chosen)
        raise InputError(f"the scenarios have different horizons in days ({told}); give one for all (days=, --days)")
    checked(more)
    if until is not None or doubt:
        more = (*more, *({checked_metric(metric)} - {*OUTCOMES, *more}))
    if until is not None:
        wanted_width(until, 1.0)
    names = labels(chosen)
    seeds = markets((30 if until is None else FIRST) if seeds is None else seeds)
    numbers = guessed(chosen) if doubt else ()
    if doubt:
        check_sets(seeds)

    def one(number: int, seed: int) -> tuple[dict, pd.DataFrame]:
        each = run(in_doubt(chosen[number], numbers, seed) if doubt else chosen[number], seed, **options)
        return outcomes_of(each, more) | {"scenario": names[number]}, _by_quarter(each, names[number])

    results: list = []

    def add(more: Sequence[int]) -> Comparison:
        # Market by market, so that an interruption leaves whole pairs.
        work = [lambda n=n, s=s: one(n, s) for s in more for n in range(len(chosen))]
        try:
            results.extend(at_once(work, threads, progress))
        except Interrupted as stopped:
            left = _whole_markets(chosen, names, [*results, *stopped.finished])
            for each in left:
                each.in_doubt = numbers
            raise Interrupted(left) from None
        found = Comparison.of(chosen, names, results)
        found.made, found.in_doubt = made_by(options.get("step"), chosen), numbers
        return found

    pair = add(seeds)
    if until is not None:
        pair.until = _until(pair, until, metric, most, add)
    return pair


def by_theories(scenarios: Sequence[Scenario], theories: Sequence[str | Path | None]) -> list[Scenario]:
    """Each scenario as it is lived by each theory; where none is named, as they are.

    Raises InputError where two different theories have one name.
    """
    read_ones = [read_theory(each) for each in theories]
    made = [s.but(theory=t, title=f"{label(s)} by {t.name if t else MODEL}") for s in scenarios for t in read_ones]
    made = made if theories else list(scenarios)
    hashes: dict[str, str] = {}
    for each in (s.own_theory for s in made if s.own_theory):
        if hashes.setdefault(each.name, each.digest) != each.digest:
            raise InputError(f"{each.name}: two different theories have this name; give one file another")
    return made


def _until(pair: Comparison, until: float | str, metric: str, most: int, add) -> Until:
    """Add markets, a few looks long, until every difference is known well enough; the pair grows in place."""
    looks = 1
    while True:
        n, (wanted, width) = len(pair.seeds), pair.look(metric, until)
        if width <= wanted or n >= most:
            return Until(metric, wanted, width, looks, width <= wanted, n, pair.unpaired(metric, width))
        after, looks = max(pair.seeds) + 1, looks + 1
        more = add(range(after, after + more_markets(n, width, wanted, most) - n))
        pair.outcomes, pair.quarters = more.outcomes, more.quarters


def _by_quarter(each: Run, name: str) -> pd.DataFrame:
    firm, n = each.state.firm, each.days // QUARTER
    table = pd.DataFrame({"scenario": name, "seed": each.seed, "quarter": np.arange(1, n + 1)})
    for column in ("score", "stage"):
        table[column] = np.array(firm.quarters[column][:n])
    table["equity"] = np.array(firm.days["equity"][QUARTER - 1 : n * QUARTER : QUARTER])
    for column in KEPT:
        table[column] = np.array(firm.days[column][: n * QUARTER]).reshape(n, QUARTER).sum(1)
    return table


def _whole_markets(chosen: list[Scenario], names: list[str], finished: list) -> list[Comparison]:
    """What an interruption left, as a Comparison of the markets that all scenarios finished; or nothing."""
    done: dict[int, int] = {}
    for row, _ in finished:
        done[row["seed"]] = done.get(row["seed"], 0) + 1
    whole = [each for each in finished if done[each[0]["seed"]] == len(chosen)]
    return [Comparison.of(chosen, names, whole)] if whole else []
