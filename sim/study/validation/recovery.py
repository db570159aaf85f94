"""Several fits at once, and how well fits find the numbers again that simulated data were made with."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from statistics import median
from typing import NamedTuple

import numpy as np
from scipy.stats import qmc

from sim.study.validation.fit import Fit, Posterior, log_odds, needs, smc

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


def misses(posterior: Posterior, truth: Mapping[str, float]) -> dict[str, float]:
    """How far the truth lies from the median, in halves of the 90 % interval on its side."""
    found = {}
    for prior in posterior.priors:
        low, middle, high = log_odds(posterior.place(prior.name, 0.05, 0.5, 0.95))
        off = float(log_odds(prior.place_of(truth[prior.name])) - middle)
        half = float(high - middle if off > 0 else middle - low)
        found[prior.name] = abs(off) / half if half > 0 else np.inf if off else 0.0
    return found


def stretches(missed: Sequence[Mapping[str, float]], level: float = 0.9) -> dict[str, float]:
    """By how much each number's interval must be stretched to hold the truth in so many of the firms that were tried.

    The level's place among n misses is that of a firm to come, ceil((n + 1) x level): split conformal prediction (Lei
    and others 2018). Never below 1: no interval is made narrower.
    """
    at = min(int(np.ceil((len(missed) + 1) * level)), len(missed)) - 1
    return {name: max(float(np.sort([each[name] for each in missed])[at]), 1.0) for name in missed[0]}


def stretched(posterior: Posterior, by: Mapping[str, float]) -> Posterior:
    """The posterior with each number's particles so many times as far from their median (of log-odds)."""
    places = posterior.places.copy()
    for i, prior in enumerate(posterior.priors):
        middle = log_odds(posterior.place(prior.name, 0.5))[0]
        places[:, i] = 1 / (1 + np.exp(-(middle + by[prior.name] * (log_odds(places[:, i]) - middle))))
    return posterior._replace(places=places)


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
