"""Formulas that several rooms use: no state, no chance, each with its law."""

from __future__ import annotations

import math

from sim.model.arithmetic import exp, log
from sim.model.dice import logistic
from sim.model.kernel import kernel

MOST_AT_ONCE = 0.9  # bound: share of something that one event can destroy at most


@kernel
def raised(x: float, share: float, ceiling: float) -> float:
    """Something between 0 and 1 after an event that closes a share of what is missing to a ceiling.

    Above the ceiling nothing happens, so no channel lifts anything beyond what
    it can carry (media richness; without ceilings every design runs away).

        x' = x + share (ceiling - x)    below the ceiling

    >>> raised(0.5, 0.2, 1.0)
    0.6
    >>> raised(0.7, 0.2, 0.6)
    0.7
    """
    if x >= ceiling:
        return x
    return x + min(share, 1.0) * (ceiling - x)


@kernel
def lowered(x: float, share: float) -> float:
    """Something between 0 and 1 after an event that destroys a share of it (nine tenths at most).

        x' = x - share x

    With a share larger than `raised` uses, it is easier lost than won (F48).

    >>> lowered(0.5, 0.4)
    0.3
    """
    return x * (1.0 - min(share, MOST_AT_ONCE))


@kernel
def trust_of(cognition: float, affect: float, scar: float, weight: float) -> float:
    """One person's trust in another: two parts, and what deception has taken for good.

        trust = (1 - scar) ((1 - weight) cognition + weight affect)

    weight   theory.trust.affect
    Source: two parts after Massey and Dawes (F45), the scar after F49; the linear form is our choice.

    >>> trust_of(0.4, 0.8, 0.5, 0.5)
    0.30000000000000004
    """
    return (1.0 - scar) * ((1.0 - weight) * cognition + weight * affect)


@kernel
def both(a: float, b: float) -> float:
    """What two people have in common of something each has: the geometric mean.

    >>> both(0.25, 1.0)
    0.5
    """
    return math.sqrt(max(a * b, 0.0))


@kernel
def access_at(metres: float, half: float, floor: float, building: float, far_floor: float) -> float:
    """How easily two people meet, from the distance of their desks: 1 together, a floor far away.

    Steep over the first metres and flat beyond about fifty (Allen curve, F39);
    beyond the building the floor itself falls, halved at `building` (F42).

        access = f + (1 - f) / (1 + metres/half)
        f      = far_floor + (floor - far_floor) / (1 + metres/building)

    >>> access_at(0.0, 4.5, 0.1, 800.0, 0.03)
    1.0
    """
    f = far_floor + max(floor - far_floor, 0.0) / (1.0 + metres / building)
    return f + (1.0 - f) / (1.0 + metres / half)


@kernel
def contact_hours(cost: float, access: float, metres: float, building: float, travel: float) -> float:
    """Hours that a contact takes from each side: dearer where access is poor, with travel beyond the building.

        hours = cost (2 - access) + travel log10(metres/building)

    >>> contact_hours(0.5, 1.0, 10.0, 800.0, 0.12)
    0.5
    """
    away = 0.0
    if metres > building:
        away = travel * log(metres / building) / log(10.0)  # unit: decades
    return cost * (2.0 - access) + away


@kernel
def closeness(gap: float, tolerance: float) -> float:
    """How good a guess is that misses the truth by `gap`: 1 at no gap, 0.61 at one tolerance.

        exp(-gap^2 / (2 tolerance^2))

    >>> closeness(0.0, 0.9)
    1.0
    """
    return exp(-gap * gap / (2.0 * tolerance * tolerance))


@kernel
def toward(x: float, goal: float, share: float) -> float:
    """A quantity after moving a share of the way to its goal.

    >>> toward(0.0, 1.0, 0.25)
    0.25
    """
    return x + share * (goal - x)


@kernel
def slice_of(number: int, of: int, share: float, patches: int) -> int:
    """The patch of the market where prospect `number` of `of` lives: evenly spread, at a place of its own in its slice.

    >>> slice_of(0, 2, 0.0, 10), slice_of(1, 2, 0.0, 10), slice_of(1, 2, 0.9999999, 10)
    (0, 5, 9)
    """
    return min(int((number + share) / of * patches), patches - 1)


@kernel
def layers(people: float, usual: float) -> float:
    """How many layers lie between a head and the people, 1 in a firm of the usual size; each has as many times more.

        log(people) / log(usual)

    >>> layers(36.0, 36.0), layers(1296.0, 36.0)
    (1.0, 2.0)
    """
    return log(max(people, 2.0)) / log(usual)


@kernel
def clip(x: float, low: float, high: float) -> float:
    """x, held between two bounds.

    >>> clip(1.5, 0.0, 1.0)
    1.0
    """
    return max(low, min(high, x))


@kernel(inline=True)
def chance_to_renew(customers, satisfaction, reputation):
    """The chance that a contract whose year is over is renewed.

        log-odds = renewal + satisfied (satisfaction - 1/2) + reputation' (reputation - 1)

    customers      theory.customers
    satisfaction   0..1, of this customer
    reputation     about 1, of the firm
    """
    t = customers
    return logistic(t.renewal + t.satisfied * (satisfaction - 0.5) + t.reputation * (reputation - 1.0))


@kernel
def agreement(a: float, b: float, c: float, d: float) -> float:
    """Cohen's kappa of a table yes-yes, yes-no, no-yes, no-no; 0 where it says nothing.

    >>> agreement(5.0, 0.0, 0.0, 5.0), agreement(1.0, 1.0, 1.0, 1.0)
    (1.0, 0.0)
    """
    n = a + b + c + d
    if n <= 0.0:
        return 0.0
    observed = (a + d) / n
    expected = ((a + b) * (a + c) + (c + d) * (b + d)) / (n * n)
    if expected >= 1.0:
        return 0.0
    return (observed - expected) / (1.0 - expected)
