"""How unsure the people of a team are of the other team's truth: a density, moved by what is seen and heard.

A mean will not do here: who has just heard learns nothing from the next talk, and who has not heard for long learns a
lot. Variances are counted in variances of drift, so that nothing here depends on how complex the offer is.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sim.model.firm import WEEK

PLACES = np.linspace(0.0, 1.5, 46)[None, :]  # variances; none grows beyond
STEP = float(PLACES[0, 1])


def at(variance: np.ndarray) -> np.ndarray:
    """Everybody is so unsure. variance   (firms, 1)"""
    return placed(np.ones_like(variance), variance)


def placed(mass: np.ndarray, variance: np.ndarray) -> np.ndarray:
    """Mass (firms, n) put at variances (firms, n), each shared by the two nearest places."""
    where = np.clip(np.broadcast_to(variance, mass.shape) / STEP, 0.0, PLACES.size - 1.001)
    low = where.astype(int)
    upper = where - low
    found, rows = np.zeros((len(mass), PLACES.size)), np.arange(len(mass))[:, None] + 0 * low
    np.add.at(found, (rows, low), mass * (1.0 - upper))
    np.add.at(found, (rows, low + 1), mass * upper)
    return found


def mean(density: np.ndarray) -> np.ndarray:
    """The mean variance, (firms, 1)."""
    return (density * PLACES).sum(1, keepdims=True)


def gain(density: np.ndarray, told: np.ndarray) -> np.ndarray:
    """The mean share of ignorance that goes where somebody is told with so much variance."""
    return (density * np.maximum(1.0 - told / np.maximum(PLACES, 1e-9), 0.0)).sum(1, keepdims=True)


def hears(density: np.ndarray, times, told: np.ndarray) -> np.ndarray:
    """After so many tellings a head (`belief.hear_needs`): who was less sure takes over what is told."""
    moved = density * (told < PLACES) * (1.0 - np.exp(-times))
    return density - moved + placed(moved.sum(1, keepdims=True), told)


def sees(density: np.ndarray, times, noise, where_surer: bool = False) -> np.ndarray:
    """After so many own observations a head (`belief.learnt`); where_surer: only who is less sure than that looks."""
    moved = density * (1.0 - np.exp(-times)) * ((noise < PLACES) if where_surer else 1.0)
    return density - moved + placed(moved, PLACES * noise / (PLACES + noise))


def hears_mates(density: np.ndarray, times, noise) -> np.ndarray:
    """After so many pieces of news from team-mates, each as sure as one of the team is, and a little less."""
    for place in range(PLACES.size - 1):
        told = PLACES[:, place : place + 1] + noise
        density = hears(density, times * density[:, place : place + 1], told)
    return density


def ageing(market) -> Callable[[np.ndarray], np.ndarray]:
    """What a week makes of a variance (`market.forget_weekly`)."""
    phi2 = np.exp(-2.0 * WEEK / market.drift_days)
    new = 1.0 - phi2 + market.jump_sd**2 * market.jump_rate * WEEK
    return lambda variance: phi2 * variance + new


def aged(density: np.ndarray, ages: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    """A week has passed."""
    return placed(density, ages(PLACES))


def begun(density: np.ndarray, share: np.ndarray) -> np.ndarray:
    """A share of the team is new and knows nothing."""
    return density * (1.0 - share) + at(np.ones_like(share)) * share


def observed_daily(variance: np.ndarray, chance: np.ndarray, noise: np.ndarray) -> np.ndarray:
    """The mean variance of one's own truth after a week's days with a chance to see it each."""
    for _ in range(WEEK):
        variance = variance - chance * variance * variance / (variance + noise)
    return variance
