"""Several fits at once, and how well fits find the numbers again that simulated data were made with."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from statistics import median
from typing import NamedTuple

from scipy.stats import qmc

from sim.study.validation.fit import Fit, Posterior, needs, smc

FIRST_TRUTH = 2**31  # simulated data come from markets that no fit runs in
NARROWED = 0.3  # a number is fitted if its interval is narrower than the prior's by this,
HELD = 0.75  # and at least this share of the 90 % intervals holds the truth


class Recovered(NamedTuple):
    """How one number was found again in simulated data.

    held      share of the 90 % intervals that hold the truth
    narrowed  median, how much narrower than the prior's the interval is: 0 nothing learnt, 1 all
    """

    held: float
    narrowed: float

    @property
    def word(self) -> str:
        """What a fit of this number to data may be called."""
        return "fitted" if self.narrowed >= NARROWED and self.held >= HELD else "assumed"


def simulated(fit: Fit, times: int) -> list[tuple[dict[str, float], Fit]]:
    """Truths spread over the priors (a Sobol sequence), each with the fit to its own simulated data.

    times   a power of two
    """
    found = []
    for k, place in enumerate(qmc.Sobol(len(fit.priors), seed=21).random(times)):
        truth = {prior.name: float(prior.at(u)) for prior, u in zip(fit.priors, place, strict=True)}
        data = fit.model(truth, FIRST_TRUTH + k)
        found.append((truth, fit._replace(name=f"{fit.name}-again-{k:02d}", data=data, seed=fit.seed + 1 + k)))
    return found


def recovered(truths: Sequence[dict[str, float]], posteriors: Sequence[Posterior]) -> dict[str, Recovered]:
    """Coverage and narrowing by number, over the simulated data."""
    found = {}
    for name in truths[0]:
        ends = [posterior.quantile(name, 0.05, 0.95) for posterior in posteriors]
        held = [low <= truth[name] <= high for truth, (low, high) in zip(truths, ends, strict=True)]
        narrowed = median(posterior.narrowing(name) for posterior in posteriors)
        found[name] = Recovered(sum(held) / len(held), narrowed)
    return found


def smc_many(
    fits: Sequence[Fit], folder: Path, processes: int = 2, told: Callable[[Fit, Posterior], None] | None = None
) -> list[Posterior]:
    """Several fits, each in a process of its own: pyABC's random numbers belong to a process.

    told   function of a Fit and its Posterior, called as each is done

    Stopped, by Ctrl-C or worse, no process outlives the first; the same call goes on.
    """
    needs("pyabc")
    if processes < 2:
        found = {}
        for fit in fits:
            found[fit.name] = smc(fit, folder)
            if told:
                told(fit, found[fit.name])
        return [found[fit.name] for fit in fits]
    own = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=own, initializer=_end_with_parent) as pool:
        work = {pool.submit(smc, fit, folder): fit for fit in fits}
        try:
            for done in as_completed(work):
                posterior = done.result()
                if told:
                    told(work[done], posterior)
        except BaseException:
            for process in multiprocessing.active_children():
                process.terminate()
            raise
        return [done.result() for done in work]


def _end_with_parent() -> None:
    """In a helping process: leave Ctrl-C to the parent, and end when it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()

    def watch():
        parent.join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
