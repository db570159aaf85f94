"""Which points of an experiment are known to differ: more markets go where that is open, and what it costs is kept.

All points begin in the same markets. A contrast that is still open is looked at again with twice as many, and so on.
The chance of calling any of them known that is not is shared out beforehand: among contrasts (Bonferroni), and among
looks, of which that at 5, 10, 20, … markets takes 1 / (j (j + 1)) with j = 1, 2, 3, …: all that may ever come take 1
together, so that it does not matter how often, or how far, a store is gone on with. Fewer than 20 markets are not
looked at (40 of what moves in steps, or is held against zero): there Student's t errs too often where differences
are skewed.
"""

from __future__ import annotations

import html
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from sim.errors import InputError
from sim.study.doubt import TOGETHER, UNITS, by_set
from sim.study.intervals import t_quantile
from sim.study.sensitivity.sentences import number, plural

MISS = 0.05  # chance that any contrast is called known and is not, or its interval does not hold it
LEAST, LEAST_ODD = 20, 40  # markets of the first look; of what moves in steps, or has no other point beside it
GRID = 5  # markets of the look that would take half of the chance; the less is left the more skewed it may be
FEWEST = 5  # values without which there is no interval, where runs failed
MOST = 640  # markets that are run without being asked for more
MANY = 400  # points up to which the base is sought among them
BEST, BASE, ZERO = "best", "base", "zero"
HIGHER, LOWER, SMALL, SAME, OPEN, REFERENCE = (
    "higher", "lower", "too small to matter", "the same in every market", "open", "reference")  # fmt: skip


class Settled(NamedTuple):
    """What is known of every point, arrays (points,).

    state        HIGHER, LOWER, SMALL, SAME, OPEN or REFERENCE
    n            markets (or sets of numbers) that its last look was at; 0: none yet
    mean, low, high  the difference at that look, with the interval that holds for all contrasts and looks at once
    reference    the point held against, at that look or the first to come, -1: zero, or not known before a look
    """

    state: np.ndarray
    n: np.ndarray
    mean: np.ndarray
    low: np.ndarray
    high: np.ndarray
    reference: np.ndarray


def share_of_look(n: int) -> float:
    """The part of the chance to err that a look at n markets takes.

    >>> [round(share_of_look(n), 3) for n in (20, 39, 40, 80, 160)]
    [0.083, 0.083, 0.05, 0.033, 0.024]
    """
    j = 1 + int(math.floor(math.log2(n / GRID)))
    return 1.0 / (j * (j + 1))


def settle(Y: np.ndarray, counts: np.ndarray, against: int | str, within: float = 0.0, steps: bool = False) -> Settled:
    """Look at every point as often as it has markets for, and say what is known of it.

    Y        (points, markets): what was found; of point p only the first counts[p] columns are looked at
    counts   (points,) markets of each; looks are at the fewest of them and its doubles
    against  a point, "best" (whichever has the highest mean at the look), or "zero"
    within   a difference that does not matter: a contrast whose interval lies inside is settled too
    steps    whether the outcome moves in steps, so that fewer than 40 markets say nothing

    An interval of level 1 - 0.05 share / contrasts is taken at each look. Against the best, every pair of points is a
    contrast, since which is the best is read off the same markets.
    """
    k = len(Y)
    state = np.full(k, OPEN, object)
    n_at, reference = np.zeros(k, int), np.full(k, -1)
    mean, low, high = (np.full(k, math.nan) for _ in range(3))
    contrasts = k if against == ZERO else max(k - 1, 1) * (k / 2 if against == BEST else 1)
    if isinstance(against, int):  # held against before there is a look, too
        state[against], reference[:] = REFERENCE, against
    n = int(counts.min())
    while n <= counts.max():
        there = np.flatnonzero((counts >= n) & np.isin(state, (OPEN, REFERENCE)))
        X = Y[:, :n]
        if n >= (LEAST_ODD if steps or against == ZERO else LEAST) and np.isfinite(X[there]).any():
            with np.errstate(all="ignore"):
                ref = int(there[np.nanargmax(np.nanmean(X[there], 1))]) if against == BEST else against
            base = 0.0 if ref == ZERO else X[int(ref)]
            tail = MISS * share_of_look(n) / contrasts / 2.0
            for p in there:
                n_at[p], reference[p] = n, -1 if ref == ZERO else int(ref)
                if p == ref:
                    state[p], mean[p], low[p], high[p] = REFERENCE, 0.0, math.nan, math.nan
                    continue
                mean[p], low[p], high[p], state[p] = _look(X[p] - base, tail, within, steps)
        n *= 2
    if against == BEST:  # whoever was the best at an earlier look and is not at the last is open
        last = [p for p in range(k) if state[p] == REFERENCE]
        state[[p for p in last if n_at[p] < max(n_at[last])]] = OPEN
    return Settled(state, n_at, mean, low, high, reference)


def _look(apart: np.ndarray, tail: float, within: float, steps: bool) -> tuple[float, float, float, str]:
    """One contrast at one look: mean, interval, and what is known."""
    apart = apart[np.isfinite(apart)]
    if len(apart) < FEWEST:
        return math.nan, math.nan, math.nan, OPEN
    mean, spread = float(apart.mean()), float(apart.std(ddof=1))
    if not apart.any():
        return 0.0, 0.0, 0.0, SAME
    if spread == 0.0 and steps:
        return mean, math.nan, math.nan, OPEN
    half = t_quantile(1.0 - tail, len(apart) - 1) * spread / math.sqrt(len(apart))
    low, high = mean - half, mean + half
    known = HIGHER if low > 0.0 else LOWER if high < 0.0 else SMALL if max(-low, high) <= within else OPEN
    return mean, low, high, known


def next_counts(found: Settled, counts: np.ndarray, most: int) -> np.ndarray:
    """How many markets each point has at the next look: open ones twice as many, and so what they are held against."""
    after = counts.copy()
    open_ones = np.flatnonzero((found.state == OPEN) & (2 * counts <= most))
    after[open_ones] *= 2
    for p in open_ones:
        if (ref := found.reference[p]) >= 0:
            while after[ref] < after[p]:
                after[ref] *= 2
    return after


def run_until(live: Callable[[np.ndarray], np.ndarray], points: int, against: int | str, first: int, most: int = MOST,
              within: float = 0.0, steps: bool = False) -> tuple[Settled, np.ndarray]:  # fmt: skip
    """The whole procedure: `live(counts)` gives what is found (points, markets) when points have so many markets."""
    counts = np.full(points, first)
    while True:
        found = settle(live(counts), counts, against, within, steps)
        after = next_counts(found, counts, most)
        if (after == counts).all():
            return found, counts
        counts = after


def contrasts(store, outcome: str = "net_value", against: str | int | None = None, within: float = 0.0,
              arm: str | None = None) -> Contrasts:  # fmt: skip
    """What the runs of a store tell of the difference of each point to the base, to the best, or of two arms.

    Parameters
    ----------
    store : Store or folder of one
    outcome : str
        As for `sim.sensitivity`. "net_value(liaison) - net_value(base)" is a difference already: it is held against
        zero, point by point.
    against : "base", "best", "zero" or the number of a point
        By default zero for an outcome that combines arms, else the point that is as the base, else the best.
    within : float
        A difference that does not matter, in the outcome's unit; 0: every one does.
    arm : str, optional
        The arm that outcomes without an arm mean.

    Raises
    ------
    InputError
        Unknown outcome or arm, a condition, no such point.
    """
    from sim.study.sensitivity.sensitivity import opened
    from sim.study.sensitivity.terms import arms_in, read_term

    store = opened(store)
    term = read_term(outcome, store, arm)
    if term.is_condition:
        raise InputError(f"{outcome}: give an outcome, or a difference of arms, not a condition")
    if not (isinstance(within, int | float) and math.isfinite(within) and within >= 0.0):
        raise InputError(f"within = {within}: give a difference that does not matter, 0 or more")
    return Contrasts(store, term, _against(store, against, len(arms_in(term)) > 1), float(within))


def _against(store, given: str | int | None, combined: bool) -> int | str:
    """The point held against, or "best" or "zero"."""
    made, text = store.experiment, str(given)
    if given is None and combined or text == ZERO:
        return ZERO
    if text == BEST:
        return BEST
    if given is None or text == BASE:
        for point in range(made.n_points if made.n_points <= MANY else 0):
            if made.scenario(point).hash == made.base.hash:
                return point
        if given is None:
            return BEST
        raise InputError(f"against = base: no point of {made.title!r} is as its base; give best, zero or a point")
    if not text.isdecimal() or int(text) >= made.n_points:
        raise InputError(f"against = {given}: give base, best, zero, or a point from 0 to {made.n_points - 1:,}")
    return int(text)


def until_known(store, outcome: str = "net_value", against: str | int | None = None, within: float = 0.0,
                most: int = MOST, arm: str | None = None, threads: int = 2, progress=None,
                experiment=None) -> Contrasts:  # fmt: skip
    """Let a store grow where a contrast is open, until none is or `most` markets are reached; see `contrasts`.

    Markets are doubled, so no point has more than the largest double of the first markets that `most` holds. The same
    store comes of an experiment file that lists these markets (`each` under `[replications]`).

    experiment   the store's own, as read from its file: it has the people of files, which no store keeps

    Raises
    ------
    InputError
        As `contrasts`, and where the store is not whole, its markets are a list, or people are missing.
    """
    from sim.study.store.store import open_store
    from sim.study.sweep.growing import grow
    from sim.study.sweep.sweep import sweep

    store = open_store(store if isinstance(store, str | Path) else store.folder)
    while True:
        found, made = contrasts(store, outcome, against, within, arm), store.experiment
        if not store.is_complete:
            raise InputError(f"{store.folder}: has not all of its runs yet; baton experiment goes on with it first")
        first = made.markets[0]
        if made.markets != tuple(range(first, first + len(made.markets))) or (made.doubt and first % TOGETHER):
            raise InputError(f"{store.folder}: its markets are a list, which does not go on by itself")
        counts = next_counts(found.settled, found.counts, most // found.together) * found.together
        if (counts == made.counts).all():
            return found
        chosen = (experiment or made).but(
            markets=tuple(range(first, first + int(counts.max()))), each=tuple(counts.tolist())
        )
        grow(store.folder, chosen)
        store = sweep(chosen, store.folder, threads, progress)


class Contrasts:
    """What is known of each point's contrast, and what is open.

    Attributes
    ----------
    df : DataFrame
        One row a point: its factors, `markets`, `difference` with `low` and `high` (95 % for all contrasts and looks at
        once; NaN before the first look), `state` and `reference` (the point held against; -1: zero).
    against : int or str
        A point, "best" or "zero".
    """

    def __init__(self, store, term, against: int | str, within: float):
        made = store.experiment
        self.outcome, self.unit, self.against, self.within = term.text, term.unit, against, within
        self.together = TOGETHER if made.doubt else 1
        Y = term.all_markets()
        Y = by_set(Y, made.markets) if made.doubt else Y
        self.counts = made.counts // self.together
        self.steps = term.unit != "k€"
        self.settled = settle(Y, self.counts, against, within, self.steps)
        self.df = store.design
        found = self.settled
        for name, values in (("markets", made.counts), ("difference", found.mean), ("low", found.low),
                             ("high", found.high), ("state", found.state), ("reference", found.reference)):  # fmt: skip
            self.df[name] = values
        self.runs, self.even = made.n_runs, made.n_points * len(made.arms) * len(made.markets)

    @property
    def enough(self) -> bool:
        """Whether no contrast is open."""
        return not (self.settled.state == OPEN).any()

    def sentences(self) -> list[str]:
        """How many are known, at which error, what it cost, and what is open."""
        state = self.settled.state
        k, unit = int((state != REFERENCE).sum()), f" {UNITS.get(self.unit, self.unit)}".rstrip()
        told = {each: int((state == each).sum()) for each in (HIGHER, LOWER, SMALL, SAME, OPEN)}
        to = {ZERO: "zero", BEST: f"the best point, {self.best}" if self.best is not None else "the best"}.get(
            str(self.against), f"point {self.against}")  # fmt: skip
        said = ", ".join(f"{n:,} {each}" for each, n in told.items() if n)
        lines = [f"{self.outcome}, {plural(k, 'contrast')} to {to}: {said or 'none'}."]
        if self.within:
            lines[0] += f" Less than {number(self.within)}{unit} does not matter."
        lines.append("Any of these words is wrong, or an interval does not hold its difference, in five of 100 such "
                     "studies at most; in up to eight where differences are very skewed, or one market in six lies far "
                     "from the rest (simulated).")  # fmt: skip
        what = "sets of numbers of two markets each" if self.together > 1 else "markets"
        lines.append(f"{self.runs:,} runs; all points in as many {what} would be {self.even:,}.")
        unseen = int(((state == OPEN) & (self.settled.n == 0)).sum())
        if unseen:
            least = (LEAST_ODD if self.steps or self.against == ZERO else LEAST) * self.together
            lines.append(
                f"{unseen:,} not looked at yet: no look is at fewer than {least} markets of each point (--most)."
            )
        if told[OPEN] > unseen:
            n = int(self.df.loc[(state == OPEN) & (self.settled.n > 0), "markets"].max())
            left = told[OPEN] - unseen
            lines.append(f"{left:,} still open after up to {n:,} markets: they are nearer to {to} than that tells.")
        return lines

    @property
    def best(self) -> int | None:
        """The point with the highest mean, where points are held against the best."""
        there = np.flatnonzero(self.settled.state == REFERENCE)
        return int(there[0]) if self.against == BEST and len(there) else None

    def as_data(self) -> dict[str, Any]:
        """Everything as plain data, for --json."""
        return {"outcome": self.outcome, "unit": self.unit, "against": self.against, "within": self.within,
                "enough": self.enough, "runs": self.runs, "points": self.df.reset_index().to_dict("records"),
                "sentences": self.sentences()}  # fmt: skip

    def summary(self) -> str:
        """The sentences as one text."""
        return "\n".join(self.sentences())

    def __repr__(self) -> str:
        left = int((self.settled.state == OPEN).sum())
        return f"<Contrasts {self.outcome}: {len(self.df)} points, {left} open>"

    def _repr_html_(self) -> str:
        return f"<p>{html.escape(' '.join(self.sentences()))}</p>{self.df.round(3).to_html()}"
