"""The same prospects in two organizations: who is whose twin, and at which step their lives part."""

from __future__ import annotations

import itertools
import math
from typing import NamedTuple

import numpy as np
import pandas as pd

from sim.model.firm import NEVER, WEEK
from sim.study.explain.books import CALLED, FOUND, INTERESTED, MARKETING, OPENING, OWN, PASSED, SIGNED, Books

STEP_TO = {FOUND: "leads found", PASSED: "passed on", CALLED: "followed up in time", INTERESTED: "fitting",
           SIGNED: "won"}  # fmt: skip
OWN_STEP, STILL_OPEN, AT_START = "own prospects", "sooner or later", "customers at the start"
_TINY = 1e-12  # keeps the logarithm of a fit of nothing finite


class Twins(NamedTuple):
    """Every prospect that either organization met: its row among the prospects of each, -1 where it was not met."""

    rows: tuple[np.ndarray, np.ndarray]

    def column(self, books: Books, side: int, name: str, absent) -> np.ndarray:
        """Something known of the prospects of one side (0 or 1), (twins,); `absent` where it was not met."""
        column = getattr(books.prospects, name)
        return np.append(column, np.array([absent], column.dtype))[self.rows[side]]  # row -1 is the appended one


class Parting(NamedTuple):
    """Where the two lives of each prospect part; arrays (twins,)."""

    step: np.ndarray  # a name, "" where they never part
    level: np.ndarray  # FOUND .. SIGNED: the first step that only one passed
    by_b: np.ndarray  # whether it was b that passed it
    reached: tuple[np.ndarray, np.ndarray]  # how far the prospect came in either, -1 if it was not met


def match(a: Books, b: Books) -> Twins:
    """The same prospects in both organizations, by the market's key."""
    keys = np.union1d(a.prospects.key, b.prospects.key)

    def rows(known: np.ndarray) -> np.ndarray:
        if not len(known):
            return np.full(len(keys), NEVER)
        at = np.minimum(np.searchsorted(known, keys), len(known) - 1)
        return np.where(known[at] == keys, at, NEVER)

    return Twins((rows(a.prospects.key), rows(b.prospects.key)))


def parting(a: Books, b: Books, twins: Twins) -> Parting:
    """The first step that only one of a prospect's two lives passed.

    A prospect whom both called, and whom one interested, was either a better fit
    there or called while readier: whichever speaks more for it in the chance of
    interest, fit (cold + (1 - cold) ready). One that had not passed but was still
    under way when the run ended only came later.
    """
    sides = ((a, 0), (b, 1))
    reached = tuple(twins.column(books, side, "reached", NEVER) for books, side in sides)
    kind = np.maximum(*(twins.column(books, side, "kind", NEVER) for books, side in sides))
    low, level = np.minimum(*reached), np.minimum(*reached) + 1
    apart, by_b = reached[0] != reached[1], reached[1] > reached[0]
    step = np.full(len(low), "", object)
    for number, name in STEP_TO.items():
        step[apart & (level == number)] = name
    fit, ready = (np.where(by_b, now - was, was - now) for was, now in
                  zip(*(_logs(books, side, twins) for books, side in sides), strict=True))  # fmt: skip
    step[(step == STEP_TO[INTERESTED]) & (ready > fit)] = STEP_TO[CALLED]
    step[apart & (kind == OWN)] = OWN_STEP
    waiting = [twins.column(books, side, "open", False) & (reached[side] == low) for books, side in sides]
    step[apart & (low >= FOUND) & (waiting[0] | waiting[1])] = STILL_OPEN
    step[apart & (kind == OPENING)] = AT_START
    return Parting(step, level, by_b, reached)


def _logs(books: Books, side: int, twins: Twins) -> tuple[np.ndarray, np.ndarray]:
    """Logarithms of the two parts of the chance of interest: fit, and cold + (1 - cold) ready."""
    cold = books.scenario.theory.selling.cold
    fit, ready = (twins.column(books, side, name, 1.0) for name in ("fit", "ready"))
    return np.log(np.maximum(fit, _TINY)), np.log(np.maximum(cold + (1.0 - cold) * ready, _TINY))


def rates(a: Books, twins: Twins, parted: Parting) -> dict[int, float]:
    """How much likelier a prospect passed each step in a than in b, among those who came before it in both.

    The same prospects are in both counts, so this compares the organizations and
    not whom they met. Half a prospect is added to either, against none at all.
    """
    marketing = twins.column(a, 0, "kind", NEVER) == MARKETING
    found = {}
    for step in (PASSED, CALLED, INTERESTED, SIGNED):
        there = marketing & (np.minimum(*parted.reached) >= step - 1)
        passed = [float((there & (reached >= step)).sum()) for reached in parted.reached]
        found[step] = (passed[0] + 0.5) / (passed[1] + 0.5)
    return found


FUNNEL = ("leads found", "passed on", "called", "opportunities", "won")  # of Marketing's leads, each of those before


def counts(a: Books, b: Books) -> pd.DataFrame:
    """How many prospects came how far in either organization, and the hours that working together took."""
    return pd.DataFrame({"a": _counted(a), "b": _counted(b)})


def with_rates(found: pd.DataFrame) -> pd.DataFrame:
    """The counts with each step's own rate (of those who came so far), `rate_a`, and the share of all, `share_a`."""
    table = found.copy()
    for side in "ab":
        for chain in (FUNNEL, ("own prospects", "own prospects won")):
            for before, step in itertools.pairwise(chain):
                for name, whole in (("rate", before), ("share", chain[0])):
                    all_of = table.at[whole, side]
                    table.loc[step, f"{name}_{side}"] = table.at[step, side] / all_of if all_of else math.nan
    return table


def _counted(books: Books) -> dict[str, float]:
    p, days = books.prospects, books.diary
    marketing, own = p.reached[p.kind == MARKETING], p.reached[p.kind == OWN]
    hours = sum(float(days[f"hours_{use}"].sum()) for use in ("contact", "dispute", "meeting", "liaison"))
    return {
        "leads found": float(len(marketing)),
        "passed on": float((marketing >= PASSED).sum()),
        "called": float((marketing >= CALLED).sum()),
        "opportunities": float((marketing >= INTERESTED).sum()),
        "won": float((marketing == SIGNED).sum()),
        "own prospects": float(len(own)),
        "own prospects won": float((own == SIGNED).sum()),
        "customers lost": float(days["churned"].sum()),
        "customers at the end": float(days["customers"][-1]) if len(days) else 0.0,
        "hours of working together, a head and week": hours / max(float(days["people"].sum()) / WEEK, 1.0),
    }
