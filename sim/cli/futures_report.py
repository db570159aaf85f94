"""Forked futures in words."""

from __future__ import annotations

import math

from sim.cli.layout import Table
from sim.cli.report import LIMIT, NUMERALS, number, outcome, percent


def account(found) -> list[str | Table]:
    """How much was settled by each day, and where the futures end."""
    df = found.df
    states, each = df.groupby("day")["market"].nunique().max(), df["future"].nunique()
    word = "1 state" if states == 1 else f"{states:,} states"
    told = [f"{found.scenario.title}: {word} a day, {each:,} futures each, {found.scenario.days:,} days"]
    if states > 1:
        told += [_settled(found), NOTE + (OF_SETS.format(len(found.scenario.sets)) if found.scenario.sets else "")]
    return [*told, _spread(found), _ends(found), LIMIT]


NOTE = (
    "Settled: what the states of that day differ in, of all that their futures differ in (intraclass correlation);\n"
    "beside it its 95 % interval. From few states the interval is wide: more --seeds narrow it."
)

OF_SETS = (
    "\nEach state lives by another of the {} sets of numbers that fit the firm: what they differ in by that counts as\n"
    "settled too, on day 0 already."
)


def _settled(found) -> Table:
    table = found.settled()
    days = sorted(set(table["day"]))
    columns = ("settled by day", *(text for day in days for text in (f"{day:,}", "95 %")))
    rows = []
    for name in found.outcomes:
        cells = []
        for day in days:
            row = table[(table["day"] == day) & (table["outcome"] == name)].iloc[0]
            band = "" if math.isnan(row["low"]) else f"{number(100 * row['low'])} to {number(100 * row['high'])}"
            cells += [percent(row["share"]), band]
        rows.append((name.replace("_", " "), *cells))
    return Table("How much was settled", columns, rows)


def _spread(found) -> Table:
    rows = []
    for row in found.spread().itertuples():
        cells = (outcome(row.outcome, value) for value in (row.low, row.median, row.high))
        rows.append((f"{row.outcome.replace('_', ' ')} from day {row.day:,}", *cells))
    return Table("What the futures come to, of all states", ("", "lowest tenth", "median", "highest tenth"), rows)


def _ends(found) -> Table:
    columns = ("from day", *(f"{NUMERALS[k]} {name}" for k, name in enumerate(NAMES, 1)), "states with one end")
    rows = []
    for day, part in found.stages().groupby(level="day"):
        shares = part.sum() / part.to_numpy().sum()
        one = int((part.gt(0).sum(axis=1) == 1).sum())
        rows.append((f"{day:,}", *map(percent, shares), f"{one:,} of {len(part):,}"))
    return Table("The stage at the end", columns, rows)


NAMES = ("undefined", "defined", "aligned", "integrated")


def as_data(found) -> dict:
    """The same for programs."""
    return {
        "scenario": found.scenario.title,
        "days": found.scenario.days,
        "settled": found.settled().to_dict("records"),
        "spread": found.spread().to_dict("records"),
        "stages": found.stages().reset_index().to_dict("records"),
    }
