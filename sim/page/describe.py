"""What a visitor's page must know before anything is lived: scenarios, levers, the audit, versions, what frames are."""

from __future__ import annotations

from typing import Any

import sim
from sim.files.provenance import rules_fingerprint
from sim.model import wasm_layout
from sim.model.audit import STATEMENTS
from sim.page.lessons import lesson_names, read_lesson
from sim.page.texts import TEXTS, text_of
from sim.scenario import Scenario, read, shipped
from sim.scenario.faces import FACES, GROUPS, served
from sim.scenario.refusals import ONLY_WITH, refusal
from sim.scenario.schema import DECLARED, NUMBERS

LEVERS = tuple(FACES)
NEEDS_FILES = {"company"}  # a template for a user's own files
QUESTIONS = {  # what the shipped scenarios are about, in the order in which a page offers them
    "How do firms live?": ("default", "journey", "silo", "near-cheap", "far-dear", "remote", "twenty-years",
                           "company-example"),
    "What does a liaison change?": ("liaison", "liaison-distrusted", "liaison-distrusted-by-marketing",
                                    "liaison-leaves", "scaffold-6-months", "scaffold-12-months", "scaffold-24-months"),
    "Can working together be ordered?": ("mandated", "silo-mandated", "near-distrust-mandated", "forbidden",
                                         "first-two-years"),
    "Who should lead?": ("one-chief", "merged", "marketing-under-sales", "sales-under-marketing", "reorganization"),
    "Does it pay?": ("small-simple", "small-simple-integrated", "growth", "growth-integrated"),
    "Where does demand come from?": ("pure-pull", "pure-push", "consumer-goods", "business-to-business", "lead-surge",
                                     "bad-leads"),
}  # fmt: skip


def lever_values(scenario: Scenario) -> dict[str, float]:
    """The page's levers as a scenario begins with them."""
    theory = scenario.theory
    return {name: getattr(getattr(theory, name.split(".")[0]), name.split(".")[1]) for name in LEVERS}


def rules_digest() -> str:
    """The rules' fingerprint, as short as a link needs: two pages with the same show the same run for the same link."""
    return rules_fingerprint()[:8]


def _lever(name: str) -> dict[str, Any]:
    """A lever's bounds and face, and where it acts.

    starts    it says how a run begins: no day but the first moves it
    counted   people of a user's own are counted in its place
    needs     the lever without which it does nothing
    hours     a week that a practice takes
    """
    number, hours = NUMBERS[name], DECLARED.get(f"practices.hours_{name.split('.')[1]}")
    return {
        **served(FACES[name]),
        "low": number.low, "high": number.high, "whole": number.type is int,
        "default": number.default, "meaning": number.meaning,
        "starts": refusal(name, own=False, begun=True) is not None,
        "counted": refusal(name, own=True, begun=False) is not None,
        "needs": next(iter(ONLY_WITH.get(name, ())), None),
        "hours": hours.default if hours else None,
    }  # fmt: skip


def about(extra: dict[str, Scenario]) -> dict[str, Any]:
    """Scenarios by name with their levers at day 0, the levers' bounds and faces, the audit, versions."""
    scenarios = {}
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
    for lesson in map(read_lesson, lesson_names()):
        touched.update(name for card in lesson["cards"] for key in ("before", "change") for name in card.get(key, ()))
    return {
        "scenarios": scenarios,
        "levers": {name: _lever(name) for name in LEVERS},
        "groups": GROUPS,
        "questions": QUESTIONS,
        "numbers": {name: NUMBERS[name].default for name in sorted(touched - set(LEVERS))},
        "statements": [each.text for each in STATEMENTS],
        "docs": [name for name in TEXTS if text_of(name)],
        "market": sim.USUAL_MARKET,
        "version": sim.__version__,
        "model": rules_digest(),
        "frames": wasm_layout.frames(),
    }  # fmt: skip
