"""A page's own engine, in JavaScript, answers every question as the server's does: the same data, the same bytes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from house import NEEDS_OTHER_DATA
from shells import said

from sim.errors import InputError
from sim.model import warm
from sim.page.engine import Engine, encoded
from sim.page.engine_data import engine_data
from sim.page.questions import QUESTIONS
from sim.scenario import read, shipped

SHIPPED = [name for name in sorted(shipped()) if name not in NEEDS_OTHER_DATA]


def plan(scenario: str = "default", changes=(), base=(), seed: int = 3, day: int = 0, other=None) -> dict[str, Any]:
    """A visitor's plan; with `other` a comparison."""
    pinned = {"scenario": scenario, "changes": list(base)}
    arm = {"scenario": other or scenario, "changes": list(changes)}
    arms = {"a": pinned, "b": arm} if other else {"a": arm}
    return {"do": "set", "arms": arms, "base": pinned, "seed": seed, "day": day}


def change(day: int, **values: float) -> dict[str, Any]:
    return {"day": day, "values": {name.replace("__", "."): value for name, value in values.items()}}


def by_python(questions: list[dict]) -> list[dict]:
    warm.prepare()
    engine, found = Engine(lambda *said: None), []
    who = engine._new()
    for request in questions:
        try:
            answer = QUESTIONS[request["do"]].answer(engine, {**request, "who": who}, lambda part: None)
            found.append({"bytes": answer.hex()} if isinstance(answer, bytes)
                         else {"found": json.loads(encoded(answer))})  # fmt: skip
        except InputError as fault:
            found.append({"reasons": fault.told})
    return found


def by_shell(conversations: list[list[dict]], shell: str = "node") -> list[list[dict]]:
    asked = [each for talk in conversations for each in talk if isinstance(each.get("arms"), dict)]
    named = [each for one in asked for each in (*one["arms"].values(), one.get("base")) if isinstance(each, dict)]
    names = {each.get("scenario", "default") for each in named}
    data = engine_data({name: read(name) for name in names if name in SHIPPED})
    return said("engine.js", {"data": data, "conversations": conversations}, shell)


def same(*conversations: list[dict], shell: str = "node") -> None:
    """Both engines answer alike, question by question."""
    for talk, theirs in zip(conversations, by_shell(list(conversations), shell), strict=True):
        both = list(zip(talk, by_python(talk), theirs, strict=True))
        assert not [(request, ours, other) for request, ours, other in both if other != ours]


LINES, HASH, END = {"do": "lines"}, {"do": "hash"}, {"do": "hash", "end": True}
LIAISON = [change(40, liaison__count=1, distance__between_teams_m=8.0)]


def frames(rev: int, first: int, last: int, arm: str = "a") -> dict[str, Any]:
    return {"do": "frames", "arm": arm, "rev": rev, "from": first, "to": last}


def story(day: int, arm: str = "a", **who: int) -> dict[str, Any]:
    return {"do": "story", "arm": arm, "day": day, **who}


def test_lines_and_markets_are_those_of_python():
    same(
        [plan(changes=LIAISON), LINES, {"do": "markets", "n": 4}],
        [plan("growth", changes=[change(70, workforce__salespeople=40)], seed=8), LINES, {"do": "markets", "n": 2}],
        [plan("small-simple", other="small-simple-integrated", seed=2), LINES, {"do": "markets", "n": 11}],
    )


def test_days_desks_stories_and_hashes_are_those_of_python_while_the_plan_changes():
    people = [story(70, person=5), story(60, person=20), story(70, lead=3), story(66, lead=40), story(3, person=999)]
    same([
        plan(), frames(1, 0, 80), HASH, *people,
        plan(changes=LIAISON, day=80), frames(2, 30, 90), *people, HASH,  # from the change on other days
        plan(changes=LIAISON, day=40), frames(3, 41, 50),  # the same plan, looked at from the day of the change
        plan(changes=[change(40, liaison__count=2)], day=50), frames(3, 0, 1), frames(4, 0, 60), HASH,
        plan(seed=4), frames(5, 0, 3), frames(5, 3, 900), frames(5, 3, 2),
    ])  # fmt: skip


def test_comparisons_shocks_people_who_come_and_go_and_large_teams_are_those_of_python():
    many = [change(5, workforce__marketers=70, workforce__salespeople=90)]
    same(
        [plan("liaison-leaves", other="reorganization"), frames(1, 0, 5), frames(1, 0, 5, "b"), HASH, END,
         plan("liaison-leaves", day=30), frames(2, 20, 40), HASH],
        [plan(changes=many, day=7), frames(1, 0, 12), story(12, person=60), HASH],
        [plan("company-example", day=2), frames(1, 0, 70), story(70, person=1), story(70, lead=9), LINES],
    )  # fmt: skip


def test_what_cannot_be_is_refused_in_the_same_words():
    def bad(**more) -> dict[str, Any]:
        return plan() | more

    same([
        LINES, frames(1, 0, 1),
        bad(arms={}), bad(arms={"b": {}}), bad(seed=-1), bad(seed=2**53), bad(seed="3"), bad(day=-1), bad(day=1.5),
        bad(arms={"a": {"scenario": "default", "more": 1}}), bad(arms={"a": {"scenario": "default", "changes": 3}}),
        plan(changes=[{"day": 1}]), plan(changes=[change(-1, liaison__count=1)]), plan(changes=[change(5)]),
        plan(changes=[change(5, liaison__count=1.5)]), plan(changes=[change(5, communication__cost_hours=9)]),
        plan(changes=[change(1300, liaison__count=1)]), plan(changes=[change(9, trust__initial=0.5)]),
        plan(changes=[change(9, liaison__count=12)]), plan(changes=[change(0, liaison__count=13)]),
        plan(changes=[change(5, zebra__stripes=1)]), plan(changes=[change(5, practices__rules=7)]),
        plan(changes=[change(0, workforce__marketers=4000, workforce__salespeople=4000)]),
        plan("company-example", changes=[change(0, workforce__marketers=4)]),
        plan("company-example", changes=[change(5, distance__between_teams_m=4.0)]),
    ])  # fmt: skip


def test_bars_by_lever_are_those_of_python():
    changes = [change(40, liaison__count=1, distance__between_teams_m=8.0), change(65, communication__cost_hours=1)]
    asked = plan("small-simple", changes=changes, base=[change(40, liaison__count=2)])
    ours = by_python([asked, {"do": "why", "by": "lever"}])[1]["found"]["bars"]
    n = len(ours["seeds"])
    [first] = by_shell([[asked, {"do": "mixtures"}, *({"do": "mixture", "seed": seed} for seed in range(n))]])
    assert first[1]["found"] == {"markets": n}
    values = [each["found"]["values"] for each in first[2:]]
    theirs = by_shell([[asked, {"do": "bars", "values": values}]])[0][1]["found"]["bars"]
    assert near(theirs, {name: ours[name] for name in theirs if name != "bars"} | {"bars": [
        {name: bar[name] for name in theirs["bars"][0]} for bar in ours["bars"]]})  # fmt: skip


def near(one: Any, other: Any) -> bool:
    """Whether two answers are the same but for the last digits of sums that Python adds in another order."""
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(near(one[name], other[name]) for name in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(near, one, other))
    return one == pytest.approx(other, rel=1e-9, abs=1e-9) if isinstance(one, float) else one == other
