"""A fit to data, reduced-form: approximate Bayesian computation by pyABC (the extra `fit`).

Sequential Monte Carlo (Toni and others 2009): a first population of parameters is
drawn from the prior; each next one is drawn around the last and kept where the
run's statistics come nearer to the data's than a threshold that shrinks. The
distance is adaptive (Prangle 2017): each statistic is divided by its own spread
in the last population, which also counts how far the data lie off (so that a
statistic which the model cannot reach does not rule the others), and the parts
are added (Schaelte, Alamoudi and Hasenauer 2021).

Every population is seeded by itself and written to SQLite when it is whole, so a
fit that was stopped at any moment goes on and ends in the same numbers.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib
import inspect
import logging
import os
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

import numpy as np

from sim.extras import extra
from sim.model import kernel

FIRST_MARKET = 2**32  # runs of fits live in markets from here on, which nothing else uses
QUANTILE = 0.3  # share of a population that would pass the next threshold
SHRINK = 0.02  # of the lines that move particles, against a variance of 1
FARTHEST = 4.0  # spreads by which a particle's statistic counts at most as off the data
LEAST = 0.1  # populations end when fewer of the runs are accepted
Statistics = dict[str, float]
Model = Callable[[dict[str, float], int], Statistics]


class Prior(NamedTuple):
    """A parameter's range, in which it is uniform; on the logarithm or not."""

    name: str
    low: float
    high: float
    log: bool = False

    def at(self, place: np.ndarray | float) -> np.ndarray | float:
        """Values at places 0..1 of the range."""
        if self.log:
            return self.low * (self.high / self.low) ** place
        return self.low + (self.high - self.low) * place

    def place_of(self, value: float) -> float:
        """The place 0..1 of a value."""
        if self.log:
            return float(np.log(value / self.low) / np.log(self.high / self.low))
        return (value - self.low) / (self.high - self.low)


class Fit(NamedTuple):
    """What is to be fitted: pyABC takes it up again under the same name if nothing of it has changed.

    model        from values and a market to statistics, all finite; a function of a module, or an object of its class
    size         parameters in a population
    populations  at most; fewer if hardly any run is accepted any more
    about        what else the model depends on, in a text that differs where it does
    """

    name: str
    priors: Sequence[Prior]
    model: Model
    data: Mapping[str, float]
    size: int
    populations: int
    seed: int
    about: str = ""

    def file(self, folder: Path) -> Path:
        """The SQLite file; its name holds a fingerprint of rules, libraries, this file, the model's file, the task."""
        task = repr((list(self.priors), sorted(self.data.items()), self.size, self.populations, self.seed))
        said = kernel.fingerprint() + task + self.about + version("pyabc") + version("numpy")
        seen = hashlib.sha256(said.encode() + Path(__file__).read_bytes())
        home = self.model if inspect.isfunction(self.model) else type(self.model)
        seen.update(Path(inspect.getsourcefile(home) or __file__).read_bytes())
        return folder / f"{self.name}-{seen.hexdigest()[:12]}.db"


class Posterior(NamedTuple):
    """The last population: places 0..1 in the priors' ranges, their weights, and what its runs came to.

    statistics   by name: 5 %, 50 % and 95 % of the population's runs
    runs         all that were needed, with those that were not accepted
    """

    priors: Sequence[Prior]
    places: np.ndarray  # (size, parameters)
    weights: np.ndarray  # (size,), sum 1
    statistics: dict[str, list[float]]
    runs: int
    populations: int
    told: np.ndarray  # (size, statistics) what each run came to, in the order of the data

    def place(self, name: str, *at: float) -> np.ndarray:
        """Weighted quantiles of one parameter's place in its range."""
        column = [prior.name for prior in self.priors].index(name)
        return quantiles(self.places[:, column], self.weights, *at)

    def quantile(self, name: str, *at: float) -> list[float]:
        """Weighted quantiles of one parameter."""
        prior = next(prior for prior in self.priors if prior.name == name)
        return [float(prior.at(place)) for place in self.place(name, *at)]

    def width(self, name: str) -> float:
        """The 90 % interval as a share of the range, on the prior's scale."""
        low, high = self.place(name, 0.05, 0.95)
        return float(high - low)

    def narrowing(self, name: str) -> float:
        """How much narrower than the prior's own 90 % interval that is: 0 nothing learnt, 1 all."""
        return 1 - self.width(name) / 0.9


def quantiles(values, weights, *at: float) -> np.ndarray:
    """Weighted quantiles."""
    return np.quantile(np.asarray(values, float), at, weights=np.asarray(weights, float), method="inverted_cdf")


def needs(*libraries: str) -> None:
    """Refuse before anything is done where a library is missing."""
    with extra("fit", "A fit to data"):
        for library in libraries:
            importlib.import_module(library)


def smc(fit: Fit, folder: Path, told: Callable[[int, int], None] | None = None) -> Posterior:
    """Fit, or go on with a fit that was stopped; one process at a time may work on a folder.

    told   function of populations done and at most, called before each

    Raises InputError if pyABC is not installed.
    """
    with extra("fit", "A fit to data"):
        import pyabc

    logging.getLogger("ABC").setLevel(logging.WARNING)

    def run(places: Mapping[str, float]) -> Statistics:
        values = {prior.name: float(prior.at(places[prior.name])) for prior in fit.priors}
        return fit.model(values, FIRST_MARKET + int(np.random.randint(2**31)))

    def smc_from(database: Path, *, new: bool):
        abc = pyabc.ABCSMC(
            run,
            pyabc.Distribution(**{prior.name: pyabc.RV("uniform", 0, 1) for prior in fit.priors}),
            pyabc.AdaptivePNormDistance(
                p=1,
                scale_function=pyabc.distance.combined_median_absolute_deviation,
                all_particles_for_scale=False,  # the rejected are not kept: a fit that goes on could not know them
            ),
            population_size=fit.size,
            eps=pyabc.QuantileEpsilon(alpha=QUANTILE),
            sampler=pyabc.sampler.SingleCoreSampler(),
        )
        address = f"sqlite:///{database}"
        return abc, abc.new(address, dict(fit.data)) if new else abc.load(address)

    file = fit.file(folder)
    folder.mkdir(parents=True, exist_ok=True)
    if not file.exists():
        begun = file.with_suffix(".new")
        begun.unlink(missing_ok=True)
        smc_from(begun, new=True)
        _without_place(begun)
        os.replace(begun, file)
    while True:
        abc, history = smc_from(file, new=False)
        done = history.n_populations
        if done and (done >= fit.populations or _accepted(history) < LEAST):
            return _posterior(fit, history)
        if told:
            told(done, fit.populations)
        np.random.seed([fit.seed, done])  # pyABC draws from numpy's global generator
        abc.run(max_nr_populations=1)


def _without_place(database: Path) -> None:
    """Take out what pyABC notes of the folder that it was called in: it may be a firm's name."""
    with contextlib.closing(sqlite3.connect(database)) as base:
        base.execute("UPDATE abc_smc SET git_hash = ''")
        base.commit()
        base.execute("VACUUM")  # nor is it left in what the file has freed


def _accepted(history) -> float:
    """Share of the runs of the last population that was accepted."""
    last = history.get_all_populations().iloc[-1]
    return last["particles"] / last["samples"]


def _posterior(fit: Fit, history) -> Posterior:
    particles = history.get_population().particles
    weights = np.array([each.weight for each in particles], float)
    told = np.array([[float(each.sum_stat[name]) for name in fit.data] for each in particles])
    return Posterior(
        list(fit.priors),
        np.array([[float(each.parameter[prior.name]) for prior in fit.priors] for each in particles]),
        weights / weights.sum(),
        {name: quantiles(told[:, i], weights, 0.05, 0.5, 0.95).tolist() for i, name in enumerate(fit.data)},
        int(history.total_nr_simulations),
        int(history.n_populations),
        told,
    )


def adjusted(posterior: Posterior, data: Mapping[str, float]) -> Posterior:
    """The posterior with each particle moved to where a line says it would be had its run come to the data.

    Beaumont, Zhang and Balding (2002): the particles' places (their log-odds, so that they stay within the range) are
    explained by their runs' statistics, by weighted least squares with a little shrinkage, and each is moved by what
    its statistics differ from the data. It takes out the width that comes of the threshold alone.
    """
    weights = np.minimum(
        posterior.weights, len(posterior.weights) ** -0.5
    )  # truncated (Ionides 2008): none rules alone
    posterior = posterior._replace(weights=weights / weights.sum())
    x = posterior.told - np.array([data[name] for name in data])
    middle = np.average(x, axis=0, weights=posterior.weights)
    spread = np.sqrt(np.average((x - middle) ** 2, axis=0, weights=posterior.weights))
    x = (x / np.where(spread > 0, spread, 1.0))[:, spread > 1e-9]
    y = log_odds(posterior.places)
    centre = np.average(x, axis=0, weights=posterior.weights)
    root = np.sqrt(posterior.weights)[:, None]
    left, right = (x - centre) * root, (y - np.average(y, axis=0, weights=posterior.weights)) * root
    slopes = np.linalg.solve(left.T @ left + SHRINK * np.eye(x.shape[1]), left.T @ right)
    moved = y - np.clip(x, -FARTHEST, FARTHEST) @ slopes
    return posterior._replace(places=1 / (1 + np.exp(-moved)))


def log_odds(places: np.ndarray | float) -> np.ndarray:
    """Places 0..1 of a range on a scale without ends."""
    inside = np.clip(places, 1e-4, 1 - 1e-4)
    return np.log(inside / (1 - inside))
