"""A page's own engine, in JavaScript, answers every question as the server's does: the same data, the same bytes."""

from __future__ import annotations

import base64
import json
import subprocess
from typing import Any

import pytest
from house import NEEDS_OTHER_DATA, ROOT
from test_javascript import NODE, OLDEST, version

from sim.page.engine import Engine, encoded
from sim.page.engine_data import engine_data
from sim.page.questions import QUESTIONS
from sim.errors import InputError
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
    engine, found = Engine(lambda *said: None), []
    who = engine._new()
    for request in questions:
        try:
            answer = QUESTIONS[request["do"]].answer(engine, {**request, "who": who}, lambda part: None)
            found.append({"bytes": base64.b64encode(answer).decode()} if isinstance(answer, bytes)
                         else {"found": json.loads(encoded(answer))})  # fmt: skip
        except InputError as fault:
            found.append({"reasons": fault.told})
    return found


def by_node(conversations: list[list[dict]]) -> list[list[dict]]:
    if NODE is None or version() < OLDEST:
        pytest.skip("no node here that is new enough: install Debian's package nodejs")
    names = {each["scenario"] for talk in conversations for said in talk if isinstance(said.get("arms"), dict)
             for each in (*said["arms"].values(), said.get("base")) if isinstance(each, dict)}  # fmt: skip
    data = engine_data({name: read(name) for name in names if name in SHIPPED})
    given = json.dumps({"data": data, "conversations": conversations}, allow_nan=False)
    done = subprocess.run([NODE, "--disable-warning=MODULE_TYPELESS_PACKAGE_JSON", ROOT / "tests" / "js" / "engine.js"],
                          input=given, capture_output=True, text=True, cwd=ROOT)  # fmt: skip
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def same(*conversations: list[dict]) -> None:
    """Both engines answer alike, question by question."""
    for talk, theirs in zip(conversations, by_node(list(conversations)), strict=True):
        for request, ours, other in zip(talk, by_python(talk), theirs, strict=True):
            assert other == ours, request


LINES, HASH = {"do": "lines"}, {"do": "hash"}


def test_lines_and_markets_are_those_of_python():
    liaison = [change(300, liaison__count=1, distance__between_teams_m=8.0)]
    same(
        [plan(changes=liaison), LINES, {"do": "markets", "n": 12}],
        [plan("growth", changes=[change(70, workforce__salespeople=40)], seed=8), LINES, {"do": "markets", "n": 3}],
        [plan("silo", other="liaison-leaves", seed=2), LINES, {"do": "markets", "n": 4}],
    )
