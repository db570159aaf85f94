"""The contract of a day: the model's own keeps it, and days broken on purpose are caught."""

from __future__ import annotations

import house
import numpy as np
import pytest

import sim
from sim.contract import PROMISES, ContractError, check_day
from sim.errors import InputError
from sim.model.day import day as model_day
from sim.model.dice import Stream, key_of, uniform
from sim.model.firm import QUARTER, State
from sim.model.kernel import COMPILED, guest
from sim.result.sound import bounds_of

SMALL = "small-simple"
COMPILING = "compiling a day takes ten seconds: caught as plain Python, in the reference pass"


@pytest.mark.bounds
@pytest.mark.parametrize("name", house.few(sorted(set(sim.shipped()) - house.NEEDS_OTHER_DATA)))
def test_the_models_own_day_keeps_the_contract(name):
    report = check_day(scenario=name)
    assert len(report.hashes) == 2
    assert "130 days in the markets 0, 1" in str(report)


def test_it_holds_through_changes_and_shocks():
    changes = [sim.Change(day=20, values={"liaison.count": 1}), sim.Change(day=40, values={}, shock="deception"),
               sim.Change(day=45, values={"workforce.salespeople": 20, "market.size": 2.0}, days=30),
               sim.Change(day=60, values={"structure.kind": 3})]  # fmt: skip
    check_day(scenario=sim.read().but(changes=changes), days=90, seeds=[7])


def test_it_holds_for_twins_compiled_and_plain():
    report = check_day(scenario=SMALL, days=20, seeds=[3], plain=True)
    assert PROMISES["plain"] in report.kept


# --- days broken on purpose: what a mistake in a researcher's own file could look like ---


@guest
def forgets_leads(firm, theory, dice):
    model_day(firm, theory, dice)
    if dice.day == 30:
        firm.agenda[31] = -1


@guest
def revives_a_lead(firm, theory, dice):
    model_day(firm, theory, dice)
    if dice.day == 50:
        for lead in range(firm.ledger[0]["n_leads"]):
            if firm.leads[lead]["state"] == State.LOST:
                firm.leads[lead]["state"] = State.NURTURED
                break


@guest
def renames_a_lead(firm, theory, dice):
    model_day(firm, theory, dice)
    if dice.day == 20:
        firm.leads[0]["segment"] = 1 - firm.leads[0]["segment"]


@guest
def invents_hours(firm, theory, dice):
    model_day(firm, theory, dice)
    if dice.day == 10:
        firm.people[0]["hours"] = -1.0


@guest
def pays_itself(firm, theory, dice):
    model_day(firm, theory, dice)
    firm.ledger[0]["recurring"] += 0.001


@guest
def embezzles(firm, theory, dice):
    model_day(firm, theory, dice)
    firm.days[dice.day]["cash"] -= 1.0


@guest
def loses_a_customer(firm, theory, dice):
    model_day(firm, theory, dice)
    if dice.day == 12:
        firm.renewals[200] = -1


@guest
def trusts_too_much(firm, theory, dice):
    model_day(firm, theory, dice)
    firm.ties[0]["cog"][0] += 0.02


@guest
def not_a_number(firm, theory, dice):
    model_day(firm, theory, dice)
    firm.people[1]["language"] = np.nan


@guest
def reads_the_room(firm, theory, dice):
    model_day(firm, theory, dice)
    firm.guest[0]["a"] = len(firm.leads) + len(firm.customers)


@guest
def counts_heads(firm, theory, dice):
    model_day(firm, theory, dice)
    key = key_of(dice.seed, Stream.GUEST, dice.day)
    for row in range(firm.ledger[0]["n_ties"]):
        firm.ties[row]["favours"] = uniform(key, firm.ledger[0]["n_people"]) - 0.5


@guest
def rewrites_history(firm, theory, dice):
    model_day(firm, theory, dice)
    if dice.day > 0:
        firm.days[dice.day - 1]["contacts"] += 1.0


BROKEN = [
    (forgets_leads, "leads"),
    (revives_a_lead, "leads"),
    (renames_a_lead, "leads"),
    (invents_hours, "hours"),
    (pays_itself, "money"),
    (embezzles, "money"),
    (loses_a_customer, "customers"),
    (trusts_too_much, "bounds"),
    (not_a_number, "bounds"),
    (reads_the_room, "room"),
    (counts_heads, "idle"),
    (rewrites_history, "same"),
]


@pytest.mark.reference
@pytest.mark.parametrize("day, promise", BROKEN, ids=lambda value: getattr(value, "__name__", value))
def test_a_broken_day_is_caught(day, promise):
    if COMPILED and (day, promise) != BROKEN[0]:
        pytest.skip(COMPILING)
    with pytest.raises(ContractError) as caught:
        check_day(day, SMALL, days=QUARTER, seeds=[2])
    assert PROMISES[promise] in caught.value.broken


@pytest.mark.skipif(COMPILED, reason="compiled code cannot keep anything outside the firm")
@pytest.mark.reference
def test_a_day_that_remembers_outside_the_firm_is_caught():
    calls = []

    def day(firm, theory, dice):
        calls.append(dice.day)
        model_day(firm, theory, dice)
        firm.guest[0]["a"] = len(calls)

    with pytest.raises(ContractError) as caught:
        check_day(day, SMALL, days=20, seeds=[2])
    assert PROMISES["same"] in caught.value.broken


@pytest.mark.skipif(COMPILED, reason=COMPILING)
@pytest.mark.reference
def test_all_broken_promises_are_told_at_once():
    def day(firm, theory, dice):
        model_day(firm, theory, dice)
        firm.people[0]["hours"] = -1.0
        firm.people[0]["attitude"] = 2.0

    with pytest.raises(ContractError) as caught:
        check_day(day, SMALL, days=8, seeds=[2])
    assert {PROMISES["hours"], PROMISES["bounds"]} <= set(caught.value.broken)
    assert any("people.attitude leaves 0..1 (it is 2)" in sentence for sentence in caught.value.broken)


@pytest.mark.reference
def test_a_day_that_fails_is_told_too():
    def day(firm, theory, dice):
        if dice.day == 3:
            raise ValueError("nothing left")

    with pytest.raises(ContractError, match="nothing left"):
        check_day(day, SMALL, days=8, seeds=[2])


def test_plain_rules_that_differ_are_caught(tmp_path):
    (tmp_path / "two_faced.py").write_text(
        "from sim.model.day import day as model_day\n"
        "from sim.model.kernel import COMPILED, guest\n"
        "@guest\n"
        "def day(firm, theory, dice):\n"
        "    model_day(firm, theory, dice)\n"
        "    firm.guest[0]['a'] = COMPILED\n"
    )
    from runpy import run_path

    day = run_path(str(tmp_path / "two_faced.py"))["day"]
    with pytest.raises(ContractError) as caught:
        check_day(day, SMALL, days=5, seeds=[2], plain=True)
    assert PROMISES["plain"] in caught.value.broken


def test_input_errors_stay_input_errors():
    with pytest.raises(InputError):
        check_day(scenario="no-such-scenario")


MEANINGS = [
    ("-1..1 who owes whom", (-1, 1)),
    ("0..1", (0, 1)),
    ("1 if it is so", (0, 1)),
    ("20..100 total", (20, 100)),
    ("hours of today", None),
    ("0 marketing, 1 sales", None),
]


@pytest.mark.parametrize("meaning, bounds", MEANINGS)
def test_bounds_are_read_from_the_documentation(meaning, bounds):
    assert bounds_of(meaning) == bounds
