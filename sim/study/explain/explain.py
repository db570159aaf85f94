"""Why one organization does better than another: the difference by lever or by step of the funnel."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from sim.arguments import whole_if_it_can
from sim.errors import InputError
from sim.result.outcomes import KNOWN, unknown
from sim.run import passed_on
from sim.scenario import Scenario, read
from sim.study.doubt import check_sets, guessed, in_doubt
from sim.study.explain.books import lived
from sim.study.explain.explanation import Explanation
from sim.study.explain.funnel_steps import METRICS, part
from sim.study.explain.lever_shares import ORDERS, Mixtures, by_lever, levers_of
from sim.study.many import Interrupted, at_once, markets
from sim.study.own.accepted import ask_gate

WAYS = ("lever", "funnel")


def explain(
    a: Scenario | str | Path,
    b: Scenario | str | Path,
    metric: str = "net_value",
    by: str = "lever",
    seeds: int | Sequence[int] = 30,
    *,
    days: int | None = None,
    threads: int = 2,
    orders: int = ORDERS,
    known: Mapping[tuple[str, int], float] | None = None,
    doubt: bool = False,
    progress: Callable[[int, int], None] | None = None,
    **options,
) -> Explanation:
    """Say what the difference between two organizations is made of, in the same markets.

    Parameters
    ----------
    a, b : Scenario, name or path
        The difference is b less a.
    metric : str
        A name in `sim.result.outcomes.OUTCOMES`; by funnel only those of `METRICS`.
    by : "lever" or "funnel"
        By lever: each changed lever's average part over all orders of changing
        them (Shapley value), from runs of all 2^k mixtures; beyond eight levers
        from sampled orders. By funnel: the difference by the step at which
        prospects' two lives part.
    seeds : int or list of int
        A count (markets 0 .. n - 1), or the markets themselves.
    days : int
        A horizon for both, in place of their own.
    threads : int
        Markets at a time; the results do not depend on it.
    orders : int
        Sampled orders a market where there are more than eight levers (an even number).
    known : mapping of (scenario's hash, market) to the metric, where it is known already
    doubt : bool
        Draw the guessed numbers from their plausible ranges, the same in all mixtures: markets 2k and 2k + 1 take the
        k-th set. Bars add up in every market as ever; their intervals are of sets, and `Explanation.doubt` says what
        of each is luck and what is doubt.
    progress : function (done, all)
    **options
        Passed to `sim.run`; by funnel only `step`.

    Returns
    -------
    Explanation

    Raises
    ------
    InputError
        A metric or way that does not exist, scenarios that do not differ or whose horizons do, too few sets for doubt.
    """
    problems = []
    if metric not in KNOWN:
        problems.append(unknown(metric))
    elif by == "funnel" and metric not in METRICS:
        problems.append(f"{metric} has no funnel ({', '.join(METRICS)} have); explain it by lever")
    if by not in WAYS:
        problems.append(f"by = {by!r}: explain by {' or '.join(WAYS)}")
    orders = whole_if_it_can(orders)
    if not isinstance(orders, int) or orders < 2 or orders % 2:
        problems.append(f"orders = {orders}: give an even number of at least 2 (each order is also taken backwards)")
    if problems:
        raise InputError(problems)
    passed_on(explain, options)
    pair = [read(each) for each in (a, b)]
    if days is not None:
        pair = [each.but(days=days) for each in pair]
    ask_gate(*pair)
    levers, seeds = levers_of(*pair), markets(seeds)
    mixtures = Mixtures(*pair, levers)
    numbers = guessed(pair) if doubt else ()
    if doubt:
        check_sets(seeds)

    def one(seed: int):
        if by == "lever":
            return seed, by_lever(mixtures, seed, metric, known, orders, numbers, **options)
        both = (in_doubt(each, numbers, seed) if doubt else each for each in pair)
        return seed, part(*(lived(each, seed, **options) for each in both), metric)

    def whole(results: list) -> Explanation:
        if by == "lever":
            return Explanation.by_lever(pair, metric, [each.name for each in levers], results, options, numbers)
        return Explanation.by_funnel(pair, metric, results, options, numbers)

    try:
        return whole(at_once([lambda s=seed: one(s) for seed in seeds], threads, progress))
    except Interrupted as stopped:
        raise Interrupted([whole(stopped.finished)] if stopped.finished else []) from None
