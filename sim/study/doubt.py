"""Doubt in two layers: what of a difference is the market's luck, and what is doubt about numbers that nobody measured.

Markets come in twos: market 2k and 2k + 1 take the k-th set of numbers, the same for every organization. A set is drawn
from the plausible ranges of guessed numbers, or is one of those that fit a firm of one's own. What differs within a
pair is luck; what differs between pairs beyond that is doubt.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from sim.errors import InputError
from sim.scenario import Scenario
from sim.scenario.refusals import refusal
from sim.scenario.schema import NUMBERS
from sim.study.intervals import FEW, t_quantile
from sim.study.sensitivity.sentences import number

TOGETHER = 2  # markets that share a set of numbers
LEAST_SETS = 5
LUCKY = 0.05  # chance that some number is told to matter where none does
SHUFFLES = 2000
SURE = 0.8  # with which a number that makes SIZE of the variance is to be found
SIZE = 0.2
SPACE = 2.0**64
UNITS = {"20..100": "points", "0..1": "(share)"}  # as they are said


def guessed(scenarios: Sequence[Scenario], besides: Collection[str] = ()) -> tuple[str, ...]:
    """The numbers in doubt: not chosen by managers, with a plausible range, and set in no scenario nor in `besides`."""
    known = set(besides)
    for each in scenarios:
        known |= set(each.values) | {name for change in each.changes for name in change.values}
    found = [name for name, about in NUMBERS.items() if not about.lever and about.plausible and name not in known]
    owns = [(each.organization is not None, each.organization is not None and each.organization.lists_ties)
            for each in scenarios]  # fmt: skip
    return tuple(name for name in found
                 if not any(refusal(name, own=own, begun=False, listed=listed) for own, listed in owns))  # fmt: skip


def set_of(seed: int, of: int = 0) -> int:
    """The set of numbers that a market takes; of so many, or of endlessly many (0).

    >>> [set_of(seed) for seed in range(5)], set_of(8, of=3)
    ([0, 0, 1, 1, 2], 1)
    """
    return seed // TOGETHER % of if of else seed // TOGETHER


def place(name: str, number_set: int) -> float:
    """Where in its plausible range a number lies in a set, 0 to 1: a hash, so that one number moves no other."""
    raw = hashlib.sha256(f"{name} {number_set}".encode()).digest()[:8]
    return int.from_bytes(raw, "big") / SPACE


def drawn(name: str, number_set: int) -> float:
    """A number of a set: evenly over its plausible range, by ratio where both ends are above zero."""
    about, share = NUMBERS[name], place(name, number_set)
    ends = about.plausible
    if ends is None:
        raise InputError(f"{name} has no plausible range")
    low, high = float(ends[0]), float(ends[1])
    if about.type is int:
        return int(min(low + math.floor(share * (high - low + 1)), high))
    return low * (high / low) ** share if low > 0 else low + share * (high - low)


def in_doubt(scenario: Scenario, names: Sequence[str], seed: int) -> Scenario:
    """A scenario with the set of numbers that a market takes; a fitted firm takes one of its own sets besides."""
    fitted = scenario.sets[0] if scenario.sets else {}
    made = scenario.in_market(seed, TOGETHER)
    values = {name: drawn(name, set_of(seed)) for name in names if name not in fitted}
    return made.but(values) if values else made


def drawn_table(names: Sequence[str], seeds: Sequence[int]) -> pd.DataFrame:
    """The sets that some markets draw: set, number, value."""
    sets = dict.fromkeys(set_of(seed) for seed in seeds)
    return pd.DataFrame([(each, name, drawn(name, each)) for each in sets for name in names],
                        columns=["set", "number", "value"])  # fmt: skip


def by_set(values: np.ndarray, seeds: Sequence[int], of: int = 0) -> np.ndarray:
    """Means over the markets of each set (of the last axis), in the sets' order; what is no number is left out."""
    owner = np.array([set_of(seed, of) for seed in seeds])
    columns = [values[..., owner == each] for each in dict.fromkeys(owner.tolist())]
    counts = [np.isfinite(each).sum(-1) for each in columns]
    sums = [np.where(np.isfinite(each), each, 0.0).sum(-1) for each in columns]
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.stack([total / n for total, n in zip(sums, counts, strict=True)], -1)


def check_sets(seeds: Sequence[int]) -> None:
    """Raise InputError where markets give too few sets of numbers, or none has two of them."""
    sets = len({set_of(seed) for seed in seeds})
    if sets < LEAST_SETS or sets == len(seeds):
        raise InputError(
            f"{len(seeds)} markets are {sets} sets of guessed numbers; doubt needs {LEAST_SETS} sets or more, and "
            f"markets in twos (0 and 1, 2 and 3, …): give --seeds {TOGETHER * max(sets, LEAST_SETS)} or more"
        )


class Layers(NamedTuple):
    """How a difference divides into luck and doubt.

    mean, low, high      over markets and sets of numbers, with its 95 % interval
    world_low, world_high  where the mean over markets lies for one plausible set of numbers (95 %)
    luck, doubt          standard deviations: between markets of one set, and between sets
    share                doubt's part of the variance of single markets, with share_low and share_high (95 %)
    of_interval          doubt's part of the variance of the mean, whose interval low to high is
    sets, markets        how many there were
    """

    mean: float
    low: float
    high: float
    world_low: float
    world_high: float
    luck: float
    doubt: float
    share: float
    share_low: float
    share_high: float
    of_interval: float
    sets: int
    markets: int


def layers(values: Sequence[float] | np.ndarray, seeds: Sequence[int], of: int = 0) -> Layers:
    """Divide a difference, market by market, into luck and doubt (one-way analysis of variance, random effects).

    The mean's interval is exact for normal differences, and so is the share's where every set has as many markets.
    The interval for one world uses Satterthwaite's degrees of freedom, and is never wider than that for the mean over
    two markets of a new set (simulated: it holds 94 of 100 worlds or more). `of` is how many sets there are, where
    they are those of a fit.

    Raises
    ------
    InputError
        Fewer than five sets of numbers, or no set with two markets.
    """
    values, owner = np.asarray(values, float), np.array([set_of(seed, of) for seed in seeds])
    finite = np.isfinite(values)
    owner, values = owner[finite], values[finite]
    groups = [values[owner == each] for each in dict.fromkeys(owner.tolist())]
    a, n = len(groups), len(values)
    if not of:
        check_sets([seed for seed, there in zip(seeds, finite, strict=True) if there])
    elif a < 2 or a == n:
        raise InputError(f"{n} markets are {a} sets of numbers; doubt needs two or more, with two markets in some")
    means, sizes = np.array([each.mean() for each in groups]), np.array([len(each) for each in groups])
    mean, spread = float(means.mean()), float(means.var(ddof=1))
    within = sum(float(((each - each.mean()) ** 2).sum()) for each in groups) / (n - a)
    each_has = float((n - (sizes**2).sum() / n) / (a - 1))
    between = float((sizes * (means - np.average(means, weights=sizes)) ** 2).sum() / (a - 1))
    doubt, error = max(between - within, 0.0) / each_has, spread / a
    half = t_quantile(0.975, a - 1) * math.sqrt(error)
    world = _world(between, within, each_has, a, n, error, spread)
    low, high = _share(between, within, each_has, a, n)
    whole, of_mean = doubt + within, doubt + within / each_has
    return Layers(mean, mean - half, mean + half, mean - world, mean + world, math.sqrt(within), math.sqrt(doubt),
                  doubt / whole if whole else math.nan, low, high, doubt / of_mean if of_mean else math.nan, a,
                  n)  # fmt: skip


def layers_of(values: Sequence[float] | np.ndarray, seeds: Sequence[int], unit: str, of: int = 0) -> Layers:
    """Luck and doubt of an outcome in its unit: no interval where it would promise too much (`outcome_interval`)."""
    found = layers(values, seeds, of)
    if unit == "k€" or (found.sets >= FEW and found.low < found.high):
        return found
    ends = ("low", "high", "world_low", "world_high", "share_low", "share_high")
    return found._replace(**dict.fromkeys(ends, math.nan))


def _world(between: float, within: float, each_has: float, a: int, n: int, error: float, spread: float) -> float:
    """Half the width of the interval for one world."""
    doubt = max(between - within, 0.0) / each_has
    below = between**2 / (a - 1) + within**2 / (n - a)
    freedom = min(max((between - within) ** 2 / below, 1.0), a - 1.0) if below else a - 1.0
    plain = t_quantile(0.975, freedom) * math.sqrt(doubt + error)
    return min(plain, t_quantile(0.975, a - 1) * math.sqrt(spread + error))


def _share(between: float, within: float, each_has: float, a: int, n: int) -> tuple[float, float]:
    """The interval of doubt's share of the variance of single markets, from the F distribution."""
    from scipy.stats import f

    if within == 0.0:
        return (1.0, 1.0) if between else (math.nan, math.nan)
    ends = [between / within / float(f.ppf(p, a - 1, n - a)) - 1.0 for p in (0.975, 0.025)]
    return tuple(min(max(end / (end + each_has), 0.0), 1.0) for end in ends)  # type: ignore[return-value]


def rank(
    values: Sequence[float] | np.ndarray, seeds: Sequence[int], names: Sequence[str],
    fitted: Sequence[Mapping[str, float]] = (),
) -> pd.DataFrame:  # fmt: skip
    """Which number to measure first: its share of the variance between sets, the largest first.

    fitted  the sets that fit a firm: their numbers are ranked too, by the values they have

    Returns one row a number: `share` (squared correlation of the sets' means with where the number lay in its range,
    which is too large for whichever happens to be first), `share_low` and `share_high` (95 % for all numbers at once),
    `rises` (whether the difference rises with it), `chance` (how often luck alone would make some number's share as
    large: Westfall and Young's maximum over all numbers, by shuffling the sets) and `told` (chance at most 0.05).
    """
    values = np.asarray(values, float)
    finite = np.isfinite(values)
    kept = [seed for seed, there in zip(seeds, finite, strict=True) if there]
    drawn_ones, of = [name for name in names if not fitted or name not in fitted[0]], 0 if names else len(fitted)
    names = [*(fitted[0] if fitted else ()), *drawn_ones]
    means = by_set(values[finite], kept, of)
    sets = list(dict.fromkeys(set_of(seed, of) for seed in kept))
    rows = [[*(fitted[each % len(fitted)].values() if fitted else ()), *(place(name, each) for name in drawn_ones)]
            for each in sets]  # fmt: skip
    U = np.array(rows, float).reshape(len(sets), len(names))
    y, X = _standard(means), _standard(U)
    r = y @ X
    shuffled = np.random.default_rng(1).permuted(np.tile(y, (SHUFFLES, 1)), axis=1)
    largest = np.sort(np.abs(shuffled @ X).max(1, initial=0.0))
    above = len(largest) - np.searchsorted(largest, np.abs(r) - 1e-12)
    low, high = _shares_around(r, len(sets))
    table = pd.DataFrame({"number": list(names), "share": r**2, "share_low": low, "share_high": high, "rises": r > 0,
                          "chance": (1 + above) / (1 + SHUFFLES)})  # fmt: skip
    table["told"] = table["chance"] <= LUCKY
    return table.sort_values("share", ascending=False, kind="stable").set_index("number")


def _standard(values: np.ndarray) -> np.ndarray:
    """Columns with mean 0 and length 1, so that products are correlations; 0 where nothing varies."""
    apart = values - values.mean(0)
    size = np.sqrt((apart**2).sum(0))
    return np.divide(apart, size, out=np.zeros_like(apart), where=size > 0)


def _shares_around(r: np.ndarray, sets: int) -> tuple[np.ndarray, np.ndarray]:
    """Squared correlations' ends by Fisher's z, for as many as there are (Bonferroni)."""
    from scipy.special import ndtri

    if sets <= 3:
        return np.zeros(len(r)), np.ones(len(r))
    half = float(ndtri(1.0 - LUCKY / (2 * max(len(r), 1)))) / math.sqrt(sets - 3)
    z = np.arctanh(np.clip(np.abs(r), 0.0, 1.0 - 1e-12))
    return np.tanh(np.maximum(z - half, 0.0)) ** 2, np.tanh(z + half) ** 2


def markets_to_tell(numbers: int, size: float = SIZE) -> int:
    """Markets with which a number that makes `size` of the variance between sets is told in four of five studies.

    >>> markets_to_tell(296)
    190
    """
    from scipy.special import ndtri

    reach = float(ndtri(1.0 - LUCKY / (2 * max(numbers, 1))) + ndtri(SURE))
    return TOGETHER * math.ceil((reach / math.atanh(math.sqrt(size))) ** 2 + 3)


class Doubt:
    """A difference in two layers, in numbers and in words.

    Attributes
    ----------
    outcome, unit, name
        What differs, in which unit, and whose it is (nothing: a mean over an experiment's points).
    layers : Layers
    in_doubt
        Names of the guessed numbers that were drawn.
    numbers : DataFrame
        One row a number in doubt, the one to measure first at the top (`rank`).
    """

    def __init__(
        self, values: np.ndarray, seeds: Sequence[int], names: Sequence[str], outcome: str, unit: str, name: str,
        fitted: Sequence[Mapping[str, float]] = (),
    ):  # fmt: skip
        self.outcome, self.unit, self.name, self.in_doubt = outcome, unit, name, tuple(names)
        self.layers = layers_of(values, seeds, unit, 0 if names else len(fitted))
        self.numbers = rank(values, seeds, names, fitted)
        self.fitted = len(fitted[0]) if fitted else 0

    def sentences(self) -> list[str]:
        """What is luck, what is doubt, what more markets can do about it, and what to measure first."""
        found = self.layers
        told, unit = self.outcome.replace("_", " "), f" {UNITS.get(self.unit, self.unit)}".rstrip()
        whose = f" with {self.name}" if self.name else ""
        if not found.luck and not found.doubt:
            return [self.of_what(), f"{told} differs by {_signed(found.mean)}{unit} in every market under every set."]
        lines = [
            self.of_what(),
            f"{told}{whose}: {_signed(found.mean)}{unit} on the average over numbers and markets{self._interval()}.",
            f"Of that mean's variance {_percent(found.of_interval)} is doubt about numbers and "
            f"{_percent(1.0 - found.of_interval)} market luck; of single markets' variance doubt makes "
            f"{_percent(found.share)}{self._share()}.",
            *self.world(),
        ]
        return [*lines, *self.first()]

    def of_what(self) -> str:
        """What is in doubt."""
        found = self.layers
        return _of_what(len(self.numbers) - self.fitted, self.fitted, found.sets, found.markets)

    def _interval(self) -> str:
        found = self.layers
        if math.isnan(found.low):
            return f" ({found.sets} sets give no interval to what moves in steps; {FEW} do)"
        return f" (95 %: {_signed(found.low)} to {_signed(found.high)})"

    def _share(self) -> str:
        found = self.layers
        return "" if math.isnan(found.share_low) else (
            f" (95 %: {_percent(found.share_low)} to {_percent(found.share_high)})")  # fmt: skip

    def world(self) -> list[str]:
        """Where it lies for one set of numbers."""
        found, unit = self.layers, f" {UNITS.get(self.unit, self.unit)}".rstrip()
        if math.isnan(found.world_low):
            return []
        return [f"One firm lives by one set of numbers: for 95 of 100 of them the mean over all markets lies between "
                f"{_signed(found.world_low)} and {_signed(found.world_high)}{unit}. {self._sign()} More markets make "
                "the luck smaller, not the doubt."]  # fmt: skip

    def _sign(self) -> str:
        found = self.layers
        if found.world_low > 0 or found.world_high < 0:
            return "The sign is the same for all of these."
        if found.share_low <= 0.0:
            return "The sign cannot be told; it may be a matter of luck alone."
        return "So the sign depends on numbers that are in doubt."

    def in_short(self) -> str:
        """Luck, doubt and what to measure first, in a sentence without amounts."""
        sure = self.numbers[self.numbers["told"]]
        first = f"to be measured first: {', '.join(sure.index)}" if len(sure) else (
            f"which number to measure first cannot be told from {self.layers.sets} sets")  # fmt: skip
        return (f"Of single markets' variance {_percent(self.layers.share)}{self._share()} is doubt about numbers, the "
                f"rest luck; {first}.")  # fmt: skip

    def first(self) -> list[str]:
        """Which number to measure first."""
        sure = self.numbers[self.numbers["told"]]
        if not len(sure):
            need = markets_to_tell(len(self.numbers))
            more = (f"{need:,} markets find one that makes a fifth of it in four of five studies"
                    if need > self.layers.markets else "no single number makes much of it")  # fmt: skip
            return [f"Which number to measure first cannot be told from {self.layers.sets} sets: {more}."]
        lines = [f"{name} ({NUMBERS[name].meaning}): {_percent(row.share)} of the variance between sets (95 %, all "
                 f"numbers at once: {_percent(row.share_low)} to {_percent(row.share_high)}); the difference "
                 f"{'rises' if row.rises else 'falls'} with it." for name, row in sure.iterrows()]  # fmt: skip
        return ["To be measured first:", *(f"  {line}" for line in lines),
                "The other numbers cannot be told from luck."]  # fmt: skip

    def as_data(self) -> dict[str, Any]:
        """Everything as plain data, for --json and for files."""
        return {"outcome": self.outcome, "unit": self.unit, "scenario": self.name, **self.layers._asdict(),
                "numbers": self.numbers.reset_index().to_dict("records"), "sentences": self.sentences()}  # fmt: skip

    def summary(self) -> str:
        """The sentences as one text."""
        return "\n".join(self.sentences())

    def __repr__(self) -> str:
        found = self.layers
        return f"<Doubt {self.outcome} {self.name}: {_percent(found.share)} of the variance, {found.sets} sets>"


def _of_what(guesses: int, fitted: int, sets: int, markets: int) -> str:
    """What is in doubt, and in how many sets of numbers, in words."""
    each = "two markets each" if markets == TOGETHER * sets else f"{markets} markets in all"
    what = [f"{guesses} guessed numbers, each over its plausible range{',' if fitted else ''}"] if guesses else []
    what += [f"{fitted} numbers, as far as sets that fit the firm differ in them"] if fitted else []
    head = f"Doubt about {' and '.join(what)} ({sets} sets, {each})."
    if guesses:
        head += ("\nEach is drawn by itself, so sets need not fit together as calibrated numbers do: rather too much "
                 "doubt than too little.")  # fmt: skip
    elif fitted:
        head += "\nNumbers of a fit hang together, so that their shares below may be of the same variance."
    return head


def _signed(value: float) -> str:
    """A difference with its sign.

    >>> _signed(15066.2), _signed(-0.0456)
    ('+15,066', '−0.0456')
    """
    return f"{'+' if value > 0 else ''}{number(value)}"


def _percent(share: float) -> str:
    return "–" if math.isnan(share) else f"{100 * share:.0f} %"
