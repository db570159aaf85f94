"""Random numbers without a generator: each is a hash of (seed, stream, day, entity).

No draw depends on how many were made before it, so two organizations with the
same seed meet the same market, an idle extra person shifts nobody's luck, and
neither order nor threads matter. The mixer is the finaliser of splitmix64
(Steele, Lea and Flood 2014); a normal is the inverse distribution of one
uniform (Wichura 1988, AS 241, seven digits), so it rises with its uniform.

Streams are numbered once and never renumbered; new ones go to the end.
"""

from __future__ import annotations

import math
from enum import IntEnum
from typing import NamedTuple

from sim.model.arithmetic import exp, log
from sim.model.kernel import kernel, uint64

GOLDEN = uint64(0x9E3779B97F4A7C15)
WEYL = uint64(0xD1B54A32D192ED03)
MIX1 = uint64(0xBF58476D1CE4E5B9)
MIX2 = uint64(0x94D049BB133111EB)
S30, S27, S31, S12 = uint64(30), uint64(27), uint64(31), uint64(12)
ELEVEN_BITS = uint64(2047)


class Dice(NamedTuple):
    """What a rule needs to draw: the market's seed and today."""

    seed: uint64
    day: int


class Stream(IntEnum):
    """What a draw is for. The market's streams come first: with the seed they are the market hash."""

    NEEDS = 1
    NEEDS_JUMP = 2
    OFFER = 3
    OFFER_JUMP = 4
    PROSPECT = 5
    RIVALS = 6
    EVENT = 7
    PATCH = 8
    REORGANIZATION = 9
    CATCH = 10
    FIT = 11
    VALUE = 12
    READY = 13
    ESTIMATE = 14
    ANSWER = 15
    ROUTE = 16
    FOLLOW = 17
    SEEN = 18
    RETURN = 19
    CYCLE = 20
    WIN = 21
    FEEDBACK = 22
    MATERIAL = 23
    JOINT = 24
    BLAME = 25
    LOGGED = 26
    SPECIAL = 27
    RENEW = 28
    PATIENCE = 29
    OWN_CATCH = 30
    NEAR = 31
    TIE = 40
    START = 41
    SITE = 42
    MATE = 43
    TEMPER = 44
    MOMENT = 50
    ACCEPT = 51
    UNDERSTAND = 52
    SUBJECT = 53
    NOISE = 54
    OBSERVE = 55
    RESEARCH = 56
    VISIT = 57
    GOSSIP = 58
    INFORMAL = 59
    ACT = 60
    ACT_WORKS = 61
    BROKER = 62
    BROKER_WORKS = 63
    LEAVE = 64
    HEAD = 65
    HEAD_LEAVES = 66
    TASK = 67
    DECISION = 68
    CREDIT = 69
    COMPLAINT = 70
    QUARREL = 71
    BUSY = 72
    CODED = 73
    EXPERIENCE = 74
    UPSTREAM = 75
    MATES_NOISE = 76
    STINT = 77
    GONE = 78
    ROUND = 79
    GUEST = 90
    FUTURE = 91


@kernel
def mix(h: uint64) -> uint64:
    """Scramble 64 bits so that every input bit moves half of the output bits."""
    h = (h ^ (h >> S30)) * MIX1
    h = (h ^ (h >> S27)) * MIX2
    return h ^ (h >> S31)


@kernel
def key_of(seed: uint64, stream: int, day: int) -> uint64:
    """The key of one stream on one day: hash the entity into it to draw."""
    return mix(mix(seed + uint64(stream) * WEYL) + uint64(day) * GOLDEN)


@kernel
def key_for(key: uint64, entity: int) -> uint64:
    """The key of one entity within a stream and day: 64 bits of its own."""
    return mix(key + uint64(entity) * GOLDEN)


@kernel
def share(key: uint64) -> float:
    """A key read as a number strictly between 0 and 1.

    >>> 0.0 < share(uint64(0)) < share(uint64(2**64 - 1)) < 1.0
    True
    """
    return (float(key >> S12) + 0.5) * (1.0 / 4503599627370496.0)


@kernel
def uniform(key: uint64, entity: int) -> float:
    """A uniform draw in (0, 1) for one entity."""
    return share(mix(key + uint64(entity) * GOLDEN))


@kernel
def pick(key: uint64, n: int) -> int:
    """One of 0..n-1 from the lowest eleven bits of a key (n up to a few dozen: bias below n/2048).

    The bits that `share` reads are others, so one key gives both.
    """
    return (int(key & ELEVEN_BITS) * n) >> 11


@kernel
def normal_at(p: float) -> float:
    """The standard normal quantile of p (AS 241, PPND7: accurate to 1e-7).

    >>> round(normal_at(0.975), 6)
    1.959964
    """
    q = p - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        return (
            q
            * (((5.9109374720e01 * r + 1.5929113202e02) * r + 5.0434271938e01) * r + 3.3871327179)
            / (((6.7187563600e01 * r + 7.8757757664e01) * r + 1.7895169469e01) * r + 1.0)
        )
    r = p if q < 0.0 else 1.0 - p
    r = math.sqrt(-log(r))
    if r <= 5.0:
        r -= 1.6
        z = (((1.7023821103e-01 * r + 1.3067284816) * r + 2.7568153900) * r + 1.4234372777) / (
            (1.2021132975e-01 * r + 7.3700164250e-01) * r + 1.0
        )
    else:
        r -= 5.0
        z = (((1.7337203997e-02 * r + 4.2868294337e-01) * r + 3.0812263860) * r + 6.6579051150) / (
            (1.2258202635e-02 * r + 2.4197894225e-01) * r + 1.0
        )
    return -z if q < 0.0 else z


@kernel
def normal(key: uint64, entity: int) -> float:
    """A standard normal draw for one entity."""
    return normal_at(uniform(key, entity))


@kernel
def logistic(x: float) -> float:
    """The chance that belongs to log-odds x, held inside (0, 1) for any x."""
    if x < -30.0:
        x = -30.0
    if x > 30.0:
        x = 30.0
    return 1.0 / (1.0 + exp(-x))
