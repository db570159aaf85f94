"""From an experiment to its points: grids and lists are our own, samplers are scipy's and SALib's."""

from __future__ import annotations

import itertools
import math
import warnings

import numpy as np
import pandas as pd

from sim.errors import InputError
from sim.extras import extra
from sim.study.experiments.experiment import Experiment, Factor, Sample

MORRIS_LEVELS = 4
ONE_AT_A_TIME_LEVELS = 5  # of a range that does not say
MOST_POINTS = 10_000_000
MOST_RUNS = 1_000_000_000
BYTES_A_VALUE = 40  # of memory while a design is made and checked


def count(sample: Sample, factors: tuple[Factor, ...]) -> int:
    """How many points a design will have, without making it.

    >>> count(Sample("saltelli", 64), (Factor("trust.initial", "lever", 0.0, 1.0),) * 3)
    512
    """
    k = len(factors)
    if sample.method == "grid":
        return math.prod(len(each.steps()) for each in factors)
    if sample.method == "one-at-a-time":
        return 1 + sum(len(each.steps(ONE_AT_A_TIME_LEVELS)) for each in factors)
    if sample.method == "saltelli":
        return sample.points * ((2 * k + 2) if sample.second_order else (k + 2))
    if sample.method == "morris":
        return sample.points * (k + 1)
    return sample.points


def memory(points: int, factors: int) -> int:
    """About how many bytes a design takes while it is made."""
    return points * (factors + 1) * BYTES_A_VALUE


def design(experiment: Experiment) -> pd.DataFrame:
    """The points of an experiment: index `point`, one column a factor; words where a lever takes words."""
    factors, sample = experiment.factors, experiment.sample
    if experiment.given is not None:
        table = experiment.given.copy(deep=False)
    elif sample.method == "grid":
        table = _table(factors, list(itertools.product(*(each.steps() for each in factors))))
    elif sample.method == "one-at-a-time":
        table = _table(factors, _one_at_a_time(experiment))
    elif sample.method == "points":
        raise InputError("an experiment whose points are listed needs the list")
    else:
        shares = _shares(sample, len(factors))
        table = pd.DataFrame({f.name: f.at(shares[:, i]) for i, f in enumerate(factors)})
    table.index.name = "point"
    table.attrs = {"method": sample.method, "problem": problem(factors)}
    return table


def problem(factors: tuple[Factor, ...]) -> dict:
    """What SALib calls the problem; words are counted 0, 1, 2, …"""
    names = [each.name for each in factors]
    return {"num_vars": len(names), "names": names, "bounds": [[f.low, f.high] for f in factors]}


def _table(factors: tuple[Factor, ...], rows: list[tuple]) -> pd.DataFrame:
    columns = zip(*rows, strict=True)
    kinds = {f.name: object if f.words else "i8" if f.whole else "f8" for f in factors}
    return pd.DataFrame({f.name: np.array(c, kinds[f.name]) for f, c in zip(factors, columns, strict=True)})


def _one_at_a_time(experiment: Experiment) -> list[tuple]:
    """The base, then each factor through its values while the others stay as in the base."""
    usual = [f.usual(experiment.base) for f in experiment.factors]
    rows = [tuple(usual)]
    for place, each in enumerate(experiment.factors):
        for value in each.steps(ONE_AT_A_TIME_LEVELS):
            rows.append((*usual[:place], value, *usual[place + 1 :]))
    return rows


def _shares(sample: Sample, k: int) -> np.ndarray:
    """Positions (points, k) between 0 and 1, by the sampler that is asked for."""
    if sample.method in ("latin-hypercube", "sobol"):
        from scipy.stats import qmc

        kind = qmc.LatinHypercube if sample.method == "latin-hypercube" else qmc.Sobol
        return kind(k, rng=np.random.default_rng(sample.seed)).random(sample.points)
    unit = {"num_vars": k, "names": [f"x{i}" for i in range(k)], "bounds": [[0.0, 1.0]] * k}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with extra("sensitivity", f"A sample by {sample.method}"):
            from SALib.sample import morris, sobol
        if sample.method == "saltelli":
            return sobol.sample(unit, sample.points, calc_second_order=sample.second_order, seed=sample.seed)
        return morris.sample(unit, sample.points, num_levels=MORRIS_LEVELS, seed=sample.seed)
