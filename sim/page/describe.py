"""What a visitor's page must know before anything is lived: scenarios, levers, the audit, versions."""

from __future__ import annotations

from typing import Any

import sim
from sim.files.provenance import rules_fingerprint
from sim.model.audit import STATEMENTS
from sim.model.firm import Practice
from sim.model.theory import Theory, numbers
from sim.page.share import CODES
from sim.page.wire import TEXTS, text_of
from sim.scenario import Scenario, read, shipped
from sim.scenario.refusals import refusal
from sim.scenario.schema import NUMBERS

PRACTICES = tuple(name.lower() for name in Practice.__members__)
LEVERS = (
    *("workforce.marketers", "workforce.salespeople", "liaison.count", "liaison.trust_marketing"),
    *("liaison.trust_sales", "trust.initial", "distance.between_teams_m", "communication.cost_hours"),
    "communication.delay_days",
    *(f"practices.{name}" for name in PRACTICES),
)
NEEDS_FILES = {"company"}  # a template for a user's own files


def lever_values(scenario: Scenario) -> dict[str, float]:
    """The page's levers as a scenario begins with them."""
    theory = scenario.theory
    return {name: getattr(getattr(theory, name.split(".")[0]), name.split(".")[1]) for name in LEVERS}


def rules_digest() -> str:
    """The rules' fingerprint, as short as a link needs: two pages with the same show the same run for the same link."""
    return rules_fingerprint()[:8]


def about(extra: dict[str, Scenario]) -> dict[str, Any]:
    """Scenarios by name with their levers at day 0, the levers' bounds, what each practice costs, versions."""
    known, scenarios = numbers(), {}
    touched: set[str] = set()  # numbers that are no levers of the page's, and are not the same everywhere
    for name, scenario in [*((name, read(name)) for name in shipped() if name not in NEEDS_FILES), *extra.items()]:
        changes = [{"day": c.day, "values": dict(c.values), "shock": c.shock} for c in scenario.changes]
        scenarios[name] = {
            "title": scenario.title,
            "question": scenario.question,
            "days": scenario.days,
            "own": scenario.organization is not None,
            "shipped": name in shipped() and name not in extra,
            "levers": lever_values(scenario),
            "numbers": {n: v for n, v in scenario.values.items() if n not in LEVERS and v != NUMBERS[n].default},
            "changes": changes,
        }
        touched.update(scenarios[name]["numbers"], *(change["values"] for change in changes))
    hours = Theory().practices._asdict()
    return {
        "scenarios": scenarios,
        "levers": {name: {"low": known[name].low, "high": known[name].high, "whole": known[name].type is int,
                          "default": known[name].default, "meaning": known[name].meaning,
                          "starts": refusal(name, own=False, begun=True) is not None} for name in LEVERS},
        "numbers": {name: NUMBERS[name].default for name in sorted(touched - set(LEVERS))},
        "hours": {name: hours.get(f"hours_{name}") for name in PRACTICES},
        "statements": [each.text for each in STATEMENTS],
        "codes": CODES,
        "docs": [name for name in TEXTS if text_of(name)],
        "market": sim.USUAL_MARKET,
        "version": sim.__version__,
        "model": rules_digest(),
    }  # fmt: skip
