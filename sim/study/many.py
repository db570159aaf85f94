"""One scenario in many markets, on threads (compiled days run without Python's lock)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, ThreadPoolExecutor, wait
from pathlib import Path
from threading import Event

import pandas as pd

from sim.arguments import markets, threads_of
from sim.result import Run, label
from sim.result.outcomes import KNOWN, checked
from sim.run import passed_on, run
from sim.scenario import Scenario, read


class Interrupted(KeyboardInterrupt):
    """Stopped by the user; `finished` holds what was done, in the order of the work asked for."""

    def __init__(self, finished: list):
        self.finished = finished
        super().__init__("interrupted")


def at_once(work: Sequence[Callable[[], object]], threads: int = 2, progress=None) -> list:
    """The results of several pieces of work, in their order, on some threads.

    The first fault ends it all: from then on nothing is begun. On an interruption
    what runs is finished, the rest is left, and `Interrupted` carries the results so far.
    """
    done, over = 0, Event()

    def begun(piece: Callable[[], object]) -> object:
        if over.is_set():
            raise CancelledError
        try:
            return piece()
        except BaseException:
            over.set()
            raise

    with ThreadPoolExecutor(threads_of(threads)) as pool:
        futures = [pool.submit(begun, piece) for piece in work]
        try:
            open_ones = set(futures)
            while open_ones:
                finished, open_ones = wait(open_ones, return_when=FIRST_COMPLETED)
                for future in finished:
                    if isinstance(future.exception(), CancelledError):
                        continue  # left, because of a fault that comes
                    future.result()
                    done += 1
                if progress:
                    progress(done, len(futures))
        except KeyboardInterrupt:
            pool.shutdown(wait=True, cancel_futures=True)
            whole = [f for f in futures if f.done() and not f.cancelled() and f.exception() is None]
            raise Interrupted([f.result() for f in whole]) from None
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise
    return [future.result() for future in futures]


def outcomes_of(each: Run, more: Sequence[str] = ()) -> dict[str, object]:
    """One row a run: scenario, market, days, the day it broke if it did, final stage, every outcome and `more`."""
    firm, quarters = each.state.firm, each.days // 65
    stage = int(firm.quarters["stage"][quarters - 1]) if quarters else 0
    head = {"scenario": label(each.scenario), "seed": each.seed, "days": each.days, "broke": each.broke, "stage": stage}
    return head | each.outcomes(more) | {"market": each.about["market"]}


def many(
    scenario: Scenario | str | Path | None = None,
    seeds: int | Sequence[int] = 30,
    *,
    threads: int = 2,
    keep: Callable[[Run], object] | None = None,
    more: Sequence[str] = (),
    progress: Callable[[int, int], None] | None = None,
    **options,
) -> pd.DataFrame:
    """Run one scenario in many markets.

    Parameters
    ----------
    scenario : Scenario, name or path
    seeds : int or list of int
        A count (markets 0 .. n - 1), or the markets themselves.
    threads : int
        Runs at a time. The results do not depend on it.
    keep : function of a Run
        Called with every run before it is let go, for whatever else is needed of it.
    more : list of str
        Columns of the daily table that are outcomes too: sums, means or last days.
    progress : function (done, all)
    **options
        Passed to `sim.run`.

    Returns
    -------
    DataFrame
        One row a market, one column an outcome (`sim.result.outcomes.OUTCOMES`, your own,
        and `more`); units in `attrs["units"]`.
    """
    passed_on(many, options)
    checked(more)
    chosen = read(scenario)

    def one(seed: int) -> dict:
        each = run(chosen, seed, **options)
        if keep:
            keep(each)
        return outcomes_of(each, more)

    try:
        rows = at_once([lambda s=seed: one(s) for seed in markets(seeds)], threads, progress)
    except Interrupted as stopped:
        raise Interrupted(stopped.finished and _table(stopped.finished)) from None
    return _table(rows)


def _table(rows: list[dict]) -> pd.DataFrame:
    table = pd.DataFrame(rows)
    table["broke"] = pd.array(table["broke"], dtype="Int64")
    table.attrs["units"] = {name: KNOWN[name].unit for name in table.columns if name in KNOWN}
    return table
