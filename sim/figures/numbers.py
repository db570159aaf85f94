"""The numbers behind each picture, as series that its file carries."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from sim.figures import panels
from sim.figures.imprint import Series
from sim.model.firm import WEEK
from sim.result.outcomes import KNOWN
from sim.result.run_tables import UNITS
from sim.study.intervals import outcome_interval

MEANS = ("trust_ms", "trust_sm", "language")


def of_page(run, baseline=None, band: Mapping | None = None) -> tuple[Series, ...]:
    """All that the page draws: stages, money at a yearly rate, trust and language by week, contacts."""
    found = [of_stages(run), *of_money(run), *of_trust(run), *of_contacts(run)]
    if baseline is not None:
        found += [*of_money(baseline, "baseline ", run.days)]
    for name in panels.MONEY:
        if band and name in band:
            day, low, high = band[name]
            for end, values in (("low", low), ("high", high)):
                found.append(Series.of(f"{name}, {end} end of the band", "k€ a year", "day", day + 1, values))
    return tuple(found)


def of_stages(run) -> Series:
    """The stage that counted in each quarter."""
    stages = run.quarters["stage"]
    return Series.of("stage", "1..4", "quarter", range(1, len(stages) + 1), stages)


def of_money(run, before: str = "", days: int | None = None) -> list[Series]:
    """Money as drawn: k€ a year, mean of the last quarter; customer equity in k€."""
    found = []
    for name, column in panels.MONEY.items():
        if column not in run.daily:
            continue
        values, unit = panels.yearly(run.daily, column)[:days], "k€" if name == "equity" else "k€ a year"
        found.append(Series.of(before + name, unit, "day", range(1, len(values) + 1), values))
    return found


def of_trust(run) -> list[Series]:
    """Trust and language at each week's end."""
    found = []
    for name in MEANS:
        values = run.daily[name].to_numpy(float)[WEEK - 1 :: WEEK]
        found.append(Series.of(name, "0..1", "day", range(WEEK, WEEK * len(values) + 1, WEEK), values))
    return found


def of_contacts(run) -> list[Series]:
    """Contacts by purpose, in the stretches that are drawn."""
    starts, _, work, dispute, stretch = panels.bars(run)
    return [
        Series.of(f"contacts about {what}", f"per {stretch}", "from day", starts + 1, values)
        for what, values in (("work", work), ("a complaint", dispute))
    ]


def of_differences(comparison, metric: str) -> tuple[Series, ...]:
    """One outcome of each scenario less the baseline's, market by market."""
    unit = KNOWN[metric].unit
    base = comparison.names[0]
    sets = bool(getattr(comparison, "in_doubt", ()))
    seeds = None if sets else getattr(comparison, "seeds", None)
    found = []
    for name in comparison.names[1:]:
        values = comparison.differences(metric, name)
        values = comparison.alone(values) if sets else values
        at = seeds if seeds is not None else range(len(values))
        said = f"{metric} of {name} less that of {base}"
        found.append(Series.of(said, unit, "set" if sets else "market", at, values))
        known = values[np.isfinite(values)]
        interval = outcome_interval(known, unit)
        found.append(Series.of(f"{said}, mean and 95 %", unit, "end", ("mean", "low", "high"), interval))
    return tuple(found)


def of_audit(m, s) -> tuple[Series, ...]:
    """What each side gives each statement, and the share of it that could judge."""
    found = []
    for side, rows in (("Marketing", m), ("Sales", s)):
        for column, unit in (("score", "1..5"), ("know", "0..1")):
            name = f"{side}: {'score' if column == 'score' else 'share who saw'}"
            found.append(Series.of(name, unit, "statement", rows.index, rows[column]))
    return tuple(found)


def of_line(run, metric: str, values: np.ndarray) -> tuple[Series, ...]:
    """One number of a day, in the unit of the daily table's column (flows as drawn)."""
    return (Series.of(metric, UNITS.get(metric, "count"), "day", range(1, len(values) + 1), values),)


def of_card(firm, crowd) -> tuple[Series, ...]:
    """Who is drawn on the card: trust of every line, complaints, people."""
    bonds, helped = crowd.bonds, crowd.helped
    people = (crowd.marketing.people, crowd.sales.people, crowd.n_liaisons, crowd.n_ties, crowd.complaints)
    stages = np.array(firm.quarters["stage"])
    return (
        Series.of("marketers, salespeople, liaisons, ties, complaints", "count", "number", range(1, 6), people),
        Series.of("trust", "0..1", "line", range(1, len(bonds) + 1), [bond.trust for bond in bonds]),
        Series.of("trust in a liaison", "0..1", "line", range(1, len(helped) + 1), [each[3] for each in helped]),
        Series.of("distance", "metres", "number", (1, 2, 3), crowd.distance),
        Series.of("stage", "1..4", "quarter", range(1, len(stages) + 1), stages),
    )
