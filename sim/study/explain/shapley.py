"""Shapley values: what each of several changes adds, averaged over all orders in which they can be made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import factorial

import numpy as np


def of_all(values: np.ndarray) -> np.ndarray:
    """Each player's Shapley value from the values of all coalitions.

    values (2^k, ...): `values[mask]` with bit i set if player i takes part.
    Returns (k, ...); their sum is values[-1] - values[0].

    >>> of_all(np.array([0.0, 1.0, 2.0, 5.0])).tolist()
    [2.0, 3.0]
    """
    values = np.asarray(values, float)
    k = len(values).bit_length() - 1
    masks = np.arange(len(values))
    size = np.array([int(mask).bit_count() for mask in masks])
    found = np.zeros((k, *values.shape[1:]))
    for i in range(k):
        without = masks[masks & (1 << i) == 0]
        gain = values[without | 1 << i] - values[without]
        weight = np.array([factorial(s) * factorial(k - 1 - s) / factorial(k) for s in size[without]])
        found[i] = np.tensordot(weight, gain, axes=1)
    return found


def of_product(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """What each factor adds to the change of a product, (n, k) from factors (n, k); exact, and good with zeros.

    >>> of_product(np.array([[2.0, 3.0]]), np.array([[4.0, 5.0]])).tolist()
    [[8.0, 6.0]]
    """
    k = before.shape[1]
    chosen = (np.arange(1 << k)[:, None] >> np.arange(k)) & 1 == 1
    values = np.where(chosen[:, None, :], after, before).prod(axis=2)
    return of_all(values).T


def sampled(value: Callable[[int], np.ndarray], k: int, orders: int, dice: np.random.Generator):
    """Shapley values estimated from some orders, each also taken backwards (antithetic).

    Parameters
    ----------
    value : function of a mask of players; called as often as an order asks, so it had better remember
    k : int
        Players.
    orders : int
        Orders in all, an even number; every one of them adds up, and so does their mean.
    dice : Generator

    Returns
    -------
    (k, ...) estimates, and (k, ...) their standard errors over the orders drawn.

    Source: permutation sampling, Castro, Gómez and Tejada 2009; reversed pairs, Mitchell et al. 2022.
    """
    pairs = []
    for _ in range(orders // 2):
        order = dice.permutation(k)
        pairs.append((_along(value, order) + _along(value, order[::-1])) / 2.0)
    many = np.array(pairs)
    error = many.std(axis=0, ddof=1) / np.sqrt(len(many)) if len(many) > 1 else np.full(many.shape[1:], np.nan)
    return many.mean(axis=0), error


def _along(value: Callable[[int], np.ndarray], order: Sequence[int]) -> np.ndarray:
    mask, before, found = 0, value(0), [np.zeros(0)] * len(order)
    for player in order:
        mask |= 1 << int(player)
        now = value(mask)
        found[int(player)], before = now - before, now
    return np.array(found)
