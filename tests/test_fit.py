"""Fits: what can be recovered is recovered, what cannot is said to be assumed."""

from __future__ import annotations

import numpy as np
import pytest

from sim.study.validation import fit

PRIORS = (fit.Prior("a", -2.0, 2.0), fit.Prior("b", 0.1, 10.0, log=True), fit.Prior("nothing", 0.0, 1.0))


def toy(values: dict[str, float], seed: int) -> list[float]:
    """A mean and a spread of draws; the third number moves nothing."""
    x = values["a"] + values["b"] * np.random.default_rng(seed).normal(size=200)
    return [x.mean(), np.log(x.std())]


@pytest.fixture(scope="module")
def runs():
    return fit.simulate(PRIORS, toy, 1024)


def test_intervals_hold_the_truth_about_as_often_as_they_say(runs):
    """100 intervals of 90 %: fewer than 79 or more than 99 hold by chance once in a thousand."""
    for name, (held, learnt) in fit.recovery(runs, 100).items():
        assert 0.79 <= held <= 0.99, name
        assert learnt > 0.5 if name != "nothing" else learnt < 0.2


def test_the_fit_is_where_the_data_came_from(runs):
    found = fit.posterior(runs, toy({"a": 0.7, "b": 0.5, "nothing": 0.3}, 5))
    low, high = found.quantile("a", 0.025, 0.975)
    assert low < 0.7 < high and high - low < 0.6
    low, high = found.quantile("b", 0.025, 0.975)
    assert low < 0.5 < high
    assert np.abs(found.misfit).max() < 0.3


def test_corrected_draws_stay_inside_of_the_prior(runs):
    found = fit.posterior(runs, [50.0, 9.0])
    for i, prior in enumerate(PRIORS):
        assert (found.draws[:, i] >= prior.low - 1e-9).all() and (found.draws[:, i] <= prior.high + 1e-9).all()


def test_threads_change_nothing(runs):
    assert (fit.simulate(PRIORS, toy, 64, threads=1).statistics == fit.simulate(PRIORS, toy, 64).statistics).all()


def test_a_logit_finds_its_slopes():
    rng = np.random.default_rng(6)
    x = rng.normal(size=(4000, 2))
    y = (rng.random(4000) < 1 / (1 + np.exp(-(0.3 + x @ [0.8, -0.5])))).astype(float)
    found = fit.logit(["one", "two"], x, y, np.arange(4000) // 10)
    assert found.slopes == pytest.approx([0.3, 0.8, -0.5], abs=5 * found.errors.max())
    assert fit.likelihood(found.slopes, x, y) >= fit.likelihood(np.array([0.3, 0.8, -0.5]), x, y)
