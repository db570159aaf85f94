"""All that a page without a server must know: scenarios with their numbers, what is allowed, what statistics rest on.

Whatever a browser's engine (static/engine) needs beside the rules' module and its layout is made here from where it
is declared, so that no number is typed into JavaScript.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from sim.arguments import SEEDS
from sim.model import firm as state
from sim.model import network
from sim.model.firm import WEEK, YEAR
from sim.model.rules.money import NOTHING
from sim.page import lines, questions, view, why
from sim.result import run_tables
from sim.result.outcomes import OUTCOMES, discounts
from sim.result.stories import OWN
from sim.scenario import Scenario
from sim.scenario.refusals import MEASURED, measured, refusal
from sim.scenario.schema import LONGEST, NUMBERS, allowed, words
from sim.scenario.schema import MEASURED as UNITS
from sim.study.explain.lever_shares import EXACT
from sim.study.intervals import FEW, t_quantile

CONFIDENCE, BAND = 0.95, 0.8
LAST_SEED = min(SEEDS, 2**53) - 1  # beyond, JavaScript has no whole numbers
PERCENT_POINTS = 0.5 + CONFIDENCE / 2


def engine_data(scenarios: Mapping[str, Scenario]) -> dict[str, Any]:
    """Everything as JSON takes it, for the scenarios that the page offers, by name."""
    return {
        "scenarios": {name: scenario_data(scenario) for name, scenario in scenarios.items()},
        "numbers": {name: number_data(name) for name in NUMBERS},
        "measured": list(MEASURED),
        "bounds": {"changes": view.MOST_CHANGES, "days": view.MOST_DAYS, "work": view.MOST_WORK,
                   "people": view.MANY_PEOPLE, "markets": questions.MOST_MARKETS, "frames": questions.MOST_FRAMES,
                   "seed": LAST_SEED, "day": LONGEST - 1},
        "lines": {"week": WEEK, "mean": lines.WEEKS_MEAN, "years_in_m": lines.YEARS_IN_M, "kept": lines.KEPT},
        "outcomes": {name: each.unit for name, each in OUTCOMES.items()},
        "stages": {each.name.lower(): int(each) for each in state.Stage},
        "interval": {"few": FEW, "band": BAND, "quantiles": quantiles(questions.MOST_MARKETS)},
        "discounts": discount_tables(scenarios.values()),
        "words": words_of_leads(),
        "why": {"runs": why.MOST_RUNS, "markets": why.MOST_MARKETS, "fewest": why.FEWEST, "levers": EXACT - 1,
                "leads": why.MOST_LEADS, "nothing": NOTHING},
    }  # fmt: skip


def scenario_data(scenario: Scenario) -> dict[str, Any]:
    """One scenario: what differs from the declared numbers, its dated changes, its own people if it has some."""
    own = scenario.load_organization()
    changes = [{"day": c.day, "values": dict(c.values), "shock": c.shock, "days": c.days} for c in scenario.changes]
    return {
        "title": scenario.title, "days": scenario.days, "values": dict(scenario.values), "changes": changes,
        "measured": {} if own is None else measured(own), "told": None if own is None else people_data(own),
        "names": None if own is None else list(own.ids),
        "listed": scenario.organization is not None and scenario.organization.lists_ties,
    }  # fmt: skip


def people_data(own: network.Organization) -> dict[str, Any]:
    """A user's own people and ties without their names, as the rules' hosts take them."""
    ties = network.in_order(own.ties)
    columns = ties.dtype.names or ()
    rows = [{name: None if value != value else value for name, value in zip(columns, row, strict=True)}
            for row in ties.tolist()]  # fmt: skip
    days = np.nan_to_num(own.tenure_days, nan=float(YEAR)).astype(np.int64)
    return {"team": own.team.tolist(), "days": days.tolist(), "site": np.asarray(own.site).tolist(), "ties": rows,
            "mates": own.mates.tolist()}  # fmt: skip


def number_data(name: str) -> dict[str, Any]:
    """What a number may be, in words, and where it cannot act.

    begun in a run; own, in one of a user's own people; start and unlisted, at the start of such a one, whose ties are
    told or not
    """
    number = NUMBERS[name]
    found: dict[str, Any] = {"allowed": allowed(number), "unit": UNITS.get(number.unit, "")}
    if number.choices:
        found |= {"words": list(words(number)), "choices": [int(each) for each in number.choices]}
    for key, own, begun, listed in (("begun", False, True, True), ("own", True, True, True),
                                    ("start", True, False, True), ("unlisted", True, False, False)):  # fmt: skip
        if why := refusal(name, own=own, begun=begun, listed=listed):
            found[key] = why
    return found


def quantiles(most: int) -> list[float]:
    """Student's t for a 95 % interval of n means, by n - 1 = 1, 2, …"""
    return [t_quantile(PERCENT_POINTS, freedom) for freedom in range(1, most)]


def discount_tables(scenarios: Iterable[Scenario]) -> dict[str, Any]:
    """By the yearly rate: what a euro of each day is worth on day 0, and at the end of runs of the scenarios' lengths.

    They stand here because a power has other last bits from browser to browser.
    """
    scenarios = list(scenarios)
    longest, found = max((each.days for each in scenarios), default=0), {}
    for rate in sorted({each.theory.money.discount for each in scenarios}):
        ends = {str(days): (1.0 + rate) ** (-days / YEAR) for days in sorted({each.days for each in scenarios})}
        found[repr(rate)] = {"rate": rate, "days": discounts(longest, rate).tolist(), "ends": ends}
    return found


def words_of_leads() -> dict[str, Any]:
    """What stands in a lead's row, in words: `sim.result.run_tables`."""
    return {
        "origins": list(run_tables.ORIGINS.values()),
        "fates": list(run_tables.FATES.values()),
        "states": run_tables.words(state.State),
        "flags": {name: int(bit) for name, bit in run_tables.FLAGS.items()},
        "teams": run_tables.words(state.Team),
        "own": OWN,
    }
