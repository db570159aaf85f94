"""The small Baton: a day on one page, the numbers that decide, and the decomposition of common cause."""

from __future__ import annotations

import json
import sys

import house
import numpy as np
import pytest
from house import ROOT

import sim
from sim.files.own_day import read_day
from sim.model.theory import numbers
from sim.study import core

DAY = ROOT / "docs" / "tutorials" / "core_day.py"
sys.path.insert(0, str(ROOT / "experiments"))


@pytest.fixture(scope="module")
def lived():
    """The core day with dear and with cheap talk, with and without trust, in the same market."""
    step = read_day(DAY)
    firms = {"as it is": {}, "dear": {"communication__cost_hours": 3.0}, "silent": {"contact__moments": 0},
             "near": {"distance__between_teams_m": 3.0},
             "trusting": {"trust__initial": 0.7}}  # fmt: skip
    return {name: sim.run(sim.read("default").but(days=390, **levers), 4, step=step).daily
            for name, levers in firms.items()}  # fmt: skip


def test_talk_makes_trust_trust_makes_follow_up_and_follow_up_makes_money(lived):
    assert (
        lived["silent"]["contacts"].sum() == 0 < lived["dear"]["contacts"].sum() < lived["as it is"]["contacts"].sum()
    )
    assert lived["near"]["trust_ms"].iloc[-1] > lived["silent"]["trust_ms"].iloc[-1]
    for of in (lambda d: d["followed"].sum() / d["handed"].sum(), lambda d: d["revenue"].iloc[-65:].sum()):
        assert of(lived["trusting"]) > of(lived["as it is"])


def test_the_core_days_books_add_up(lived):
    for d in lived.values():
        assert (d["handed"] == d["followed"] + d["ignored"]).all() and (d["won"] <= d["followed"]).all()
        assert np.allclose(d["contribution"], 0.75 * d["revenue"] - d["payroll"])
        assert (d["exchanges"] <= d["contacts"]).all()
    handed = [tuple(d["handed"]) for d in lived.values()]
    assert len(set(handed)) == 1  # the same leads in each


def test_the_core_day_is_one_page():
    text = DAY.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 150
    assert {"talk(", "pass_leads_on(", "earn("} <= {line.strip().split("firm")[0] for line in text.splitlines()}


# ---- the numbers that decide


def test_the_core_is_of_numbers_that_may_be_moved():
    assert 0 < len(core.CORE) <= core.MOST and len(set(core.CORE)) == len(core.CORE)
    assert set(core.CORE) <= {n.name for n in core.asked()}


def test_numbers_are_moved_within_their_bounds_around_the_default():
    for n in core.asked():
        low, high = core.ends(n)
        assert n.low <= low < high <= n.high and low <= n.default <= high, n.name
        if n.plausible:
            assert n.plausible[0] - 1 <= low and high <= n.plausible[1] + 1, n.name
    switches = [n for n in numbers().values() if n.choices is not None or n.fixed]
    assert all(core.ends(n) is None for n in switches)


def test_levers_lists_the_core(baton):
    code, out, _ = baton("levers", "--core", "--json")
    assert code == 0 and [row["name"] for row in json.loads(out)] == list(core.CORE)
    group = core.CORE[0].split(".")[0]
    _, out, _ = baton("levers", group, "--core", "--json")
    assert {row["name"].split(".")[0] for row in json.loads(out)} == {group}
    code, _, err = baton("levers", "zebra", "--core")
    assert code == 3 and "baton levers --core" in err


# ---- common cause


@pytest.mark.documents
def test_the_three_parts_of_common_cause_add_up():
    import common_cause as cc

    found = cc.measure(range(8), 2)
    parts = cc.Parts(found, np.arange(len(found["as it is"])))
    assert sum(parts.share(name) for name in parts.parts) == pytest.approx(1.0)
    assert sum(parts.parts.values()) == pytest.approx(parts.money["as it is"])
    assert {"common causes", "the hours it takes", "what it earns"} == set(parts.parts)
    talk = [cc.cheaper(levers)["communication.cost_hours"] / levers["communication.cost_hours"]
            for levers, _ in map(cc.firm_of, range(8))]  # fmt: skip
    assert talk == pytest.approx([cc.CHEAPER] * 8)
    assert len(cc.rows_of(found)) == 8 and len({c.pattern for c in cc.checks(found)}) == len(cc.CLAIMS)


@pytest.mark.documents
@pytest.mark.parametrize("name", ["twin", "core", "common-cause"])
def test_reports_name_the_command_that_writes_them(name):
    text = (ROOT / "docs" / "reports" / f"{name}.md").read_text(encoding="utf-8")
    assert f"python experiments/{name.replace('-', '_')}.py --page" in text
    assert list(house.fences(text)) == []
