"""What a replay plays, or a link opens: an organization with its baseline, from a scenario, a saved run or a link."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sim
from sim.errors import InputError
from sim.files.provenance import other_day, other_rules
from sim.page.describe import rules_digest
from sim.page.share import read_link, written
from sim.page.view import view_of
from sim.result import label, load
from sim.scenario import Scenario, shipped
from sim.scenario.schema import NUMBERS


@dataclass(frozen=True)
class Source:
    """An organization in a market, and what it is held against.

    scenario, base   what is lived, and the baseline
    name             what the baseline is called
    other            what the organization is called, where it is not the baseline with some levers moved
    changes          the numbers that differ: [{day, values}]
    baseline         and those in which the baseline differs from what it is called
    day              the day to open
    state            the hash that the end must have, where it is known
    step             a day of the user's own; None: the model's
    warning          what must be said to the reader, or nothing
    """

    scenario: Scenario
    base: Scenario
    seed: int
    name: str
    other: str | None = None
    changes: list[dict[str, Any]] = field(default_factory=list)
    baseline: list[dict[str, Any]] = field(default_factory=list)
    day: int = 0
    state: str = ""
    warning: str = ""
    step: Callable | None = None


def moved_levers(base: Scenario, moved: Scenario) -> dict[str, float]:
    """The numbers of a scenario that are not those of another."""
    return {name: moved.value(name) for name in NUMBERS if base.value(name) != moved.value(name)}


def of_scenario(base: Scenario, moved: Scenario, seed: int, step: Callable | None = None) -> Source:
    """A scenario with numbers moved from the first day, against the scenario as it is: levers and others."""
    base, moved = base.of_one_set(seed), moved.of_one_set(seed)
    values = moved_levers(base, moved)
    return Source(moved, base, seed, label(base), changes=[{"day": 0, "values": values}] if values else [], step=step)


def of_run(folder: str | Path, step: Callable | None = None) -> Source:
    """A saved run; it is lived again, by the same rules and the same day, which must come to the same end.

    Raises
    ------
    InputError
        The folder holds no run, one that did not begin at day 0, or one of other rules or of another day.
    """
    run = load(folder)
    made = run.about["versions"]
    if fault := other_rules(folder, made) or other_day(folder, made, step):
        raise InputError(fault)
    if int(run.about.get("from_day", 0)):
        raise InputError(f"{folder}: this run went on from a saved state; a replay begins at day 0")
    scenario = run.scenario
    if scenario.days != run.days and run.broke is None:
        scenario = scenario.but(days=run.days)
    return Source(scenario, scenario, run.seed, label(scenario), state=str(run.about["state"]), step=step)


def of_link(link: str) -> Source:
    """What a link of the live page shows.

    Raises
    ------
    InputError
        It is no link, or about an organization that is not shipped.
    """
    told = read_link(link)
    if told["model"] == rules_digest() and not told["ends"]:
        raise InputError("this link was cut on its way: copy it anew, as a whole")
    organization = {"scenario": told["other"] or told["scenario"], "changes": told["changes"]}
    base = {"scenario": told["scenario"], "changes": told["baseline"]}
    plan = view_of({"arms": {"a": organization}, "base": base, "seed": told["seed"], "day": told["day"]})
    warning = (
        ""
        if told["model"] == rules_digest()
        else f"the link was made with other rules (Baton {told['version']}, rules {told['model']})"
    )
    return Source(plan.arms["a"], plan.base, plan.seed, told["scenario"], told["other"], told["changes"],
                  told["baseline"], plan.day, warning=warning)  # fmt: skip


def link_of(name: str, base: Scenario, moved: Scenario, seed: int, day: int = 0, view: str = "run") -> str:
    """The part of a link from the # on, for a shipped scenario with levers moved from the first day.

    Raises
    ------
    InputError
        The scenario is not shipped, a lever is not the page's, the day is beyond the end.
    """
    if name not in shipped():
        raise InputError(f"{name}: a link names a shipped scenario ({', '.join(shipped())}); mail the file itself")
    if not 0 <= day <= base.days:
        raise InputError(f"day {day}: {name} lasts {base.days} days")
    values = moved_levers(base, moved)
    state = {"scenario": name, "seed": seed, "changes": [{"day": 0, "values": values}] if values else []}
    return written(state, sim.__version__, rules_digest(), day, view)
