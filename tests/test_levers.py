"""`baton levers` lists what can be set, and finds it again; an unknown lever is told where to look."""

from __future__ import annotations

import json

import pytest

import sim
from sim.scenario.schema import spoken


def test_every_lever_is_listed_with_what_is_known_of_it(baton):
    _, out, _ = baton("levers", "--json")
    listed = {row["name"]: row for row in json.loads(out)}
    assert set(listed) == {name for name, number in sim.numbers().items() if number.lever}
    for name, row in listed.items():
        number = sim.numbers()[name]
        assert (row["unit"], row["meaning"], row["source"]) == (number.unit, number.meaning, number.source)
        assert row["label"] == spoken(name)
        assert (row["low"], row["high"]) == (number.low, number.high)
    _, out, _ = baton("levers", "--all", "--json")
    assert {row["name"] for row in json.loads(out)} == set(sim.numbers())


def test_levers_are_found_by_name_group_and_part(baton):
    code, out, _ = baton("levers", "practices.rules")
    assert code == 0 and "teams decide | mandated | forbidden" in out and "--set" in out
    assert "called   Rules of engagement" in out
    _, out, _ = baton("levers", "distance", "--from", "silo", "--json")
    rows = json.loads(out)
    assert {row["name"].split(".")[0] for row in rows} == {"distance"}
    assert {row["value"] for row in rows if row["name"] == "distance.between_teams_m"} == {60.0}
    _, out, _ = baton("levers", "planning", "--json")
    assert [row["name"] for row in json.loads(out)] == ["practices.joint_planning"]


def test_actions_are_those_that_are_open_to_the_firm(baton):
    _, out, _ = baton("levers", "--actions", "--from", "near-cheap", "--json")
    names = {row["name"] for row in json.loads(out)}
    assert "mandate-rules" in names and "one-room" not in names
    code, out, _ = baton("levers", "distance", "--actions")
    assert code == 0 and "one-room" in out and "mandate" not in out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("levers", "trust.gian"), '"trust.gain"'),
        (("levers", "zebra"), "the groups are"),
        (("levers", "contact"), "--all"),
        (("levers", "zebra", "--actions"), "zebra"),
        (("run", "--set", "zebra=1"), "baton levers"),
        (("run", "--set", "trust.gian=1"), '"trust.gain"'),
    ],
)
def test_an_unknown_lever_is_told_where_to_look(baton, words, said):
    code, out, err = baton(*words)
    assert (code, out) == (3, "") and said in err


def test_an_audit_takes_levers(baton, tmp_path):
    words = ("audit", "small-simple", "--set", "distance.between_teams_m=5", "--quarter", 2, "--json")
    code, out, _ = baton(*words)
    run = sim.run(sim.read("small-simple").but(distance__between_teams_m=5))
    scores = run.audit[run.audit["quarter"] == 2]["score"].tolist()
    assert code == 0 and [row["score"] for row in json.loads(out)["items"]] == scores
    sim.run("small-simple", until=65).save(tmp_path / "out")
    assert baton("audit", tmp_path / "out", "--set", "liaison.count=1")[0] == 2
