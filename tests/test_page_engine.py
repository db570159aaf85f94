"""A page's own engine, in JavaScript, answers every question as the server's does: the same data, the same bytes."""

from __future__ import annotations

from typing import Any

import pytest
from house import NEEDS_OTHER_DATA
from shells import said

from sim.errors import InputError
from sim.model.day import day
from sim.page import why
from sim.page.adapter import Adapter, plainly
from sim.page.engine_data import engine_data
from sim.scenario import read, shipped
from sim.study.explain.funnel_steps import REST

DUST = 1e-6  # k€
SHIPPED = [name for name in sorted(shipped()) if name not in NEEDS_OTHER_DATA]


def plan(scenario: str = "default", changes=(), base=(), seed: int = 3, day: int = 0, other=None) -> dict[str, Any]:
    """A visitor's plan; with `other` a comparison."""
    pinned = {"scenario": scenario, "changes": list(base)}
    arm = {"scenario": other or scenario, "changes": list(changes)}
    arms = {"a": pinned, "b": arm} if other else {"a": arm}
    return {"do": "set", "arms": arms, "base": pinned, "seed": seed, "day": day}


def change(day: int, **values: float) -> dict[str, Any]:
    return {"day": day, "values": {name.replace("__", "."): value for name, value in values.items()}}


def by_python(questions: list[dict], step=None, adapter=None) -> list[dict]:
    adapter, found = adapter or Adapter({}, tuple(SHIPPED), step), []
    visitor = adapter.visitor()
    for request in questions:
        try:
            answer = adapter.answer(visitor, request, lambda part: None)
            found.append({"bytes": answer.hex()} if isinstance(answer, bytes)
                         else {"found": plainly(answer)})  # fmt: skip
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


def test_a_day_of_ones_own_that_is_the_models_gives_the_bytes_of_the_module():
    """Whoever lives by another day, from the first on or from a change on, answers as a browser's engine."""
    people = [story(50, person=5), story(33, lead=3)]
    talk = [plan(), frames(1, 0, 60), HASH, *people, plan(changes=LIAISON, day=60), frames(2, 0, 70), *people, HASH,
            END, LINES, plan("small-simple", changes=LIAISON), {"do": "markets", "n": 3}]  # fmt: skip
    both = zip(talk, by_python(talk, day), by_shell([talk])[0], strict=True)
    assert not [request for request, ours, theirs in both if ours != theirs]


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


WHY = {by: {"do": "why", "by": by} for by in ("lever", "funnel")}
CHANGES = [change(40, liaison__count=1, distance__between_teams_m=8.0), change(65, communication__cost_hours=1)]


def near_in_turn(ours: list[dict], theirs: list[dict]) -> None:
    for mine, other in zip(ours, theirs, strict=True):
        for each in (mine, other):
            bars = each.get("found", {}).get("bars")
            if isinstance(bars, dict):  # what no step explains is dust of sums: whether it is noise, chance says
                bars["bars"] = [bar for bar in bars["bars"] if bar["name"] != REST or abs(bar["mean"]) > DUST]
        assert near(mine, other), (mine, other)


@pytest.fixture
def few(monkeypatch) -> int:
    """Both explain in few markets."""
    monkeypatch.setattr(why, "MOST_MARKETS", why.FEWEST)
    return why.FEWEST


@pytest.mark.browser
@pytest.mark.parametrize("by", WHY)
def test_why_the_leads_of_each_bar_and_their_two_lives_are_those_of_python(by, few):
    kept = Adapter({}, tuple(SHIPPED))
    asked = [plan("small-simple", changes=CHANGES, base=[change(40, liaison__count=2)]), WHY[by]]
    ours = by_python(asked, adapter=kept)
    names = [bar["name"] for bar in ours[1]["found"]["bars"]["bars"] if bar["name"] != REST]
    bars = [{"do": "bar", "by": by, "bar": name} for name in names]
    told = by_python([*asked, *bars], adapter=kept)
    rows = [(name, row) for name, each in zip(names, told[2:], strict=True) for row in each["found"]["rows"]]
    lives = [{"do": "lives", "by": by, "bar": name, **{side: row[side] for side in "ab"}}
             for name, row in rows if (row["a"], row["b"]) != (None, None)]  # fmt: skip
    talk = [
        *asked,
        *bars,
        *lives[::3],
        {"do": "lives", "by": by, "bar": names[0]},
        {"do": "bar", "by": by, "bar": "x"},
        *({"do": "lives", "by": by, **asked} for asked in ({"bar": names[0], "b": 10**6}, {"bar": "x", "a": 1})),
    ]
    assert len(bars) > 1 and len(lives) > 9
    near_in_turn(by_python(talk, adapter=kept), by_shell([talk])[0])


@pytest.mark.browser
def test_why_of_comparisons_of_firms_that_end_and_of_own_people_is_that_of_python(few):
    broke = [change(260, money__seat_cost=3000)]
    for first in (plan("liaison-leaves", other="small-simple"), plan("small-simple", changes=broke),
                  plan("company-example", changes=[change(9, liaison__count=1)])):  # fmt: skip
        talk = [first, WHY["funnel"], {"do": "bar", "by": "funnel", "bar": "kept"}]
        ours = by_python(talk)
        near_in_turn(ours, by_shell([talk])[0])
        bars = [bar["name"] for bar in ours[1]["found"]["bars"]["bars"]]
        assert ("after the money ran out" in bars) == (broke in [each["changes"] for each in first["arms"].values()])


def test_markets_that_others_have_lived_give_the_same_bars(few):
    asked = plan("small-simple", changes=CHANGES)
    for by in WHY:
        [first] = by_shell([[asked, WHY[by], {"do": "pieces", "by": by},
                            *({"do": "piece", "by": by, "seed": seed} for seed in range(few))]])  # fmt: skip
        assert first[2]["found"] == {"markets": few}
        pieces = [each["found"]["piece"] for each in first[3:]]
        assert by_shell([[asked, WHY[by] | {"pieces": pieces}]])[0][1] == first[1]


def test_what_cannot_be_explained_is_refused_in_the_same_words():
    many = [change(5 * i, communication__cost_hours=0.1 * i) for i in range(1, 10)]
    same([WHY["lever"], plan(), WHY["lever"], WHY["funnel"], plan(changes=many), WHY["lever"],
          plan(changes=[change(0, workforce__marketers=700)]), WHY["funnel"]])  # fmt: skip


def near(one: Any, other: Any) -> bool:
    """Whether two answers are the same but for the last digits of sums that Python adds in another order."""
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(near(one[name], other[name]) for name in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(near, one, other))
    return one == pytest.approx(other, rel=1e-9, abs=1e-9) if isinstance(one, float) else one == other
