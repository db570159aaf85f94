"""Exponential, logarithm and power out of + - * /, so that every machine and every language gives the same bits.

A processor's own +, -, *, / and square root are rounded by IEEE 754, the same everywhere. exp, log and pow are not:
each system's library has its own, and one last bit in five years is another history. Here they are rules: a table,
a short polynomial and, for a power, a logarithm in two parts. Tables are reckoned by `decimal`, in software, so they
are the same everywhere too.

At most one unit in the last place off for exp and log, two for a power (tests/test_arithmetic.py); inf, NaN and 0 as
libm has them. Methods: Tang 1989 (exp by a table), Dekker 1971 (products in two parts).
"""

from __future__ import annotations

import math
from decimal import Context, Decimal

import numpy as np

from sim.model.kernel import kernel

_EXACT = Context(prec=50)
_SPLIT = 134217729.0  # 2**27 + 1: takes a number apart into two halves of its digits
_STEPS = 32  # of exp's table within a factor of two
_HALF = 540  # powers of two in a table, to both sides
_SLICES = 256  # of the logarithm's table within a factor of two
_LOWEST = 180  # 256 times the smallest number whose logarithm is looked up
_ENTRIES = 183  # up to the root of two
_SHORT = 2.0**32  # parts of logarithms that stand in front are whole multiples of 2**-32: their sums are exact


def _parts(exact: Decimal) -> tuple[float, float]:
    """A number as a short one, whole times 2**-32, and what is missing."""
    front = math.floor(exact * Decimal(_SHORT)) / _SHORT
    return front, float(_EXACT.subtract(exact, Decimal(front)))


def _table(size: int, made) -> np.ndarray:
    """(size, 2) numbers in two parts."""
    return np.array([made(i) for i in range(size)])


def _root(step: int) -> tuple[float, float]:
    exact = _EXACT.power(2, _EXACT.divide(step, _STEPS))
    return float(exact), float(_EXACT.subtract(exact, Decimal(float(exact))))


def _slice(i: int) -> tuple[float, float]:
    """Minus the logarithm of what a number in a slice is multiplied by."""
    return _parts(-_EXACT.ln(Decimal(_near_inverse(i))))


def _near_inverse(i: int) -> float:
    return round(512.0 * _SLICES / (_LOWEST + i + 0.5)) / 512.0


_LN2 = _EXACT.ln(2)
_LN2_FRONT, _LN2_REST = _parts(_LN2)
_STEP = _EXACT.divide(_LN2, _STEPS)
_STEP_FRONT, _STEP_REST = _parts(_STEP)
_A_STEP = float(_EXACT.divide(1, _STEP))
_ROOTS = _table(_STEPS, _root)
_POWERS = np.array([math.ldexp(1.0, e) for e in range(-_HALF, _HALF + 1)])
_INVERSES = np.array([_near_inverse(i) for i in range(_ENTRIES)])
_LOGS = _table(_ENTRIES, _slice)
_MOST, _LEAST = 709.782712893384, -745.1332191019412  # beyond, exp is infinite or 0
_ALL_EVEN = 2.0**53  # from here on every number is whole and even
_ROOT_HALF = 0.7071067811865476
_SMALL, _LARGE = 2.0**-1022, 2.0**54
_BITS_OF_ONE = 1023 << 52
_FRACTION = (1 << 52) - 1


@kernel
def _exp(x: float, rest: float) -> float:
    """e to the x + rest, where rest is far smaller than x's last digit but one."""
    if x != x:
        return x
    if x > _MOST:
        return np.inf
    if x < _LEAST:
        return 0.0
    k = int(x * _A_STEP + (0.5 if x >= 0.0 else -0.5))
    r = (x - k * _STEP_FRONT) - (k * _STEP_REST - rest)
    q = r + r * r * (0.5 + r * (1.0 / 6.0 + r * (1.0 / 24.0 + r * (1.0 / 120.0 + r * (1.0 / 720.0)))))
    step, e = k & (_STEPS - 1), k >> 5
    y = float(_ROOTS[step, 0]) + (float(_ROOTS[step, 1]) + float(_ROOTS[step, 0]) * q)
    half = e >> 1
    return y * float(_POWERS[half + _HALF]) * float(_POWERS[e - half + _HALF])


@kernel
def exp(x: float) -> float:
    """e to the x.

    >>> exp(0.0), exp(1.0), exp(-1000.0), exp(1000.0)
    (1.0, 2.718281828459045, 0.0, inf)
    """
    return _exp(x, 0.0)


@kernel
def _apart(x: float) -> tuple[float, float]:
    """The m and e for which a positive finite x is m 2**e, with m from the root of a half to the root of two.

    They stand in a number's 64 bits (IEEE 754): 11 bits of e, and 52 of what follows the point in m.
    """
    more = 0.0
    if x < _SMALL:  # too small for a 1 before the point
        x, more = x * _LARGE, 54.0
    bits = np.float64(x).view(np.int64)
    m = float(np.int64((bits & _FRACTION) | _BITS_OF_ONE).view(np.float64))
    e = float((bits >> 52) - 1023) - more
    if m >= 2.0 * _ROOT_HALF:
        return 0.5 * m, e + 1.0
    return m, e


@kernel
def log(x: float) -> float:
    """The natural logarithm; NaN of a negative number.

    >>> log(1.0), log(10.0), log(0.0)
    (0.0, 2.302585092994046, -inf)
    """
    if not x > 0.0:
        return -np.inf if x == 0.0 else np.nan
    if x == np.inf:
        return x
    m, e = _apart(x)
    f = m - 1.0
    s = f / (2.0 + f)
    z = s * s
    tail = 2.0 / 13.0 + z * (2.0 / 15.0 + z * (2.0 / 17.0 + z * (2.0 / 19.0 + z * (2.0 / 21.0 + z * (2.0 / 23.0)))))
    r = z * (2.0 / 3.0 + z * (2.0 / 5.0 + z * (2.0 / 7.0 + z * (2.0 / 9.0 + z * (2.0 / 11.0 + z * tail)))))
    return e * _LN2_FRONT - ((s * (f - r) - e * _LN2_REST) - f)


@kernel
def _sum(a: float, b: float) -> tuple[float, float]:
    """a + b, and what is lost of it (Knuth)."""
    total = a + b
    part = total - a
    return total, (a - (total - part)) + (b - part)


@kernel
def _product(a: float, b: float) -> tuple[float, float]:
    """a b, and what is lost of it (Dekker)."""
    whole = a * b
    x, y = a * _SPLIT, b * _SPLIT
    a_front, b_front = x - (x - a), y - (y - b)
    a_back, b_back = a - a_front, b - b_front
    return whole, ((a_front * b_front - whole) + a_front * b_back + a_back * b_front) + a_back * b_back


@kernel
def _log_in_parts(x: float) -> tuple[float, float]:
    """The logarithm of a positive finite number in two parts, together to about 2**-66 of it."""
    m, e = _apart(x)
    i = int(m * _SLICES) - _LOWEST
    inverse, front, rest = float(_INVERSES[i]), float(_LOGS[i, 0]), float(_LOGS[i, 1])
    if 0.99 < m < 1.01:  # what is small must be exact to its own last digits
        inverse, front, rest = 1.0, 0.0, 0.0
    spread = m * _SPLIT
    m_front = spread - (spread - m)
    r, r_rest = _sum(m_front * inverse - 1.0, (m - m_front) * inverse)
    square, square_rest = _product(r, r)
    curve = 1.0 / 7.0 - r * (1.0 / 8.0 - r * (1.0 / 9.0 - r * (1.0 / 10.0 - r * (1.0 / 11.0))))
    cube = square * r * (1.0 / 3.0 - r * (1.0 / 4.0 - r * (1.0 / 5.0 - r * (1.0 / 6.0 - r * curve))))
    total, lost = _sum(e * _LN2_FRONT + front, r)
    total, lost_too = _sum(total, -0.5 * square)
    small = (cube - 0.5 * square_rest + r_rest * (1.0 - r)) + (e * _LN2_REST + rest)
    return _sum(total, (lost + lost_too) + small)


@kernel
def power(base: float, exponent: float) -> float:
    """A number to a power, as libm's pow: 1 to any power and any number to the power 0 are 1; -0.0 counts as 0.0.

    >>> power(2.0, 10.0), power(9.0, -0.5), power(0.0, -1.0), power(-2.0, 3.0)
    (1024.0, 0.3333333333333333, inf, -8.0)
    """
    if exponent == 0.0 or base == 1.0:
        return 1.0
    if base != base or exponent != exponent:
        return np.nan
    whole = abs(exponent) >= _ALL_EVEN or exponent == int(exponent)
    odd = whole and abs(exponent) < _ALL_EVEN and int(exponent) % 2 != 0
    sign = -1.0 if odd and base < 0.0 else 1.0
    size = abs(base)
    if size == 0.0 or size == np.inf:
        return sign * (0.0 if (size == 0.0) == (exponent > 0.0) else np.inf)
    if base < 0.0 and not whole:
        return np.nan
    if size == 1.0:
        return sign
    if abs(exponent) > 1e20:
        return sign * (np.inf if (size > 1.0) == (exponent > 0.0) else 0.0)
    front, rest = _log_in_parts(size)
    x, lost = _product(exponent, front)
    if x > _MOST + 1.0:
        return sign * np.inf
    if x < _LEAST - 1.0:
        return sign * 0.0
    return sign * _exp(x, lost + exponent * rest)
