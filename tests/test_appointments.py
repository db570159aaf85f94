"""What is filed under a day comes up once, last in first out; rows that remember something remember it rightly."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from sim.model import firm as tables
from sim.model.appointments import FIRST, PAGE, give_back, listed, pages_for, put_down
from sim.model.day_zero.opening import begin
from sim.model.firm import AGENDA, NEVER
from sim.model.theory import Theory
from sim.model.things.tie import tie_between, tie_of


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 5), max_size=120), st.integers(0, 5))
def test_a_book_is_last_in_first_out_and_pages_given_back_are_written_on_again(slots, emptied):
    firm = begin(Theory(), 1, 10).firm
    firm.agenda[:] = NEVER
    wanted = {slot: [] for slot in range(6)}
    for number, slot in enumerate(slots):
        put_down(firm, firm.agenda, slot, number)
        wanted[slot].insert(0, number)
    assert {slot: list(listed(firm, firm.agenda, slot)) for slot in wanted} == wanted
    page, freed = int(firm.agenda[emptied]), 0
    firm.agenda[emptied] = NEVER
    while page != NEVER:
        page, freed = int(give_back(firm, page)), freed + 1
    assert freed == -(-len(wanted[emptied]) // (PAGE - FIRST))
    used = int(firm.ledger["n_pages"][0])
    for number in range(freed * (PAGE - FIRST)):
        put_down(firm, firm.agenda, emptied, number)
    assert int(firm.ledger["n_pages"][0]) == used
    others = {slot: list(listed(firm, firm.agenda, slot)) for slot in wanted if slot != emptied}
    assert others == {slot: numbers for slot, numbers in wanted.items() if slot != emptied}


@given(st.integers(0, 10**7))
def test_there_are_pages_enough_for_any_spread_of_so_many_rows(rows):
    dearest = min(rows, AGENDA) + max(rows - AGENDA, 0) // (PAGE - FIRST)  # a page for each day, then full ones
    assert dearest + 1 <= pages_for(rows, 0)  # and the one that is being read


CHANGES = [
    sim.Change(day=20, values={"liaison.count": 1}),
    sim.Change(day=35, values={"workforce.salespeople": 18}),
    sim.Change(day=50, values={"workforce.salespeople": 30, "workforce.marketers": 14}),
    sim.Change(day=60, values={"distance.between_teams_m": 300.0, "communication.cost_hours": 0.2}),
]


@pytest.mark.parametrize("seed", [1, 2])
def test_what_links_and_leads_remember_of_ties_is_true_after_people_came_and_went(seed):
    firm = sim.run(sim.read().but(days=130, changes=CHANGES), seed=seed).state.firm
    for column in ("meet", "ease"):
        assert np.array_equal(firm.links[column], firm.ties[column][firm.links["tie"]])
    n = int(firm.ledger["n_leads"][0])
    leads = firm.leads[:n]
    stale = 0
    for lead in np.flatnonzero((leads["m"] >= 0) & (leads["s"] >= 0)).tolist():
        m, s, tie = (int(leads[column][lead]) for column in ("m", "s", "tie"))
        stale += tie >= len(firm.ties) or (tie >= 0 and (firm.ties["m"][tie], firm.ties["s"][tie]) != (m, s))
        assert tie_of(firm, lead) == tie_between(firm, m, s)
    assert stale, "the changes above must have moved ties, or this test has nothing to show"


def test_memory_that_is_used_again_is_empty_and_belongs_to_one_table_at_a_time():
    rows = 2 * tables.LARGE // tables.LEADS.itemsize
    one = tables.empty(rows, tables.LEADS)
    one["m"] = 7
    part, where = one[5:], one.ctypes.data
    del one
    other = tables.empty(rows, tables.LEADS)
    assert other.ctypes.data != where and part["m"].min() == 7 and not other["m"].any()
    del part, other
    again = tables.empty(rows - 100, tables.LEADS)
    assert not any(again[column].any() for column in again.dtype.names)
    assert again.ctypes.data % tables.LINE == 0
    kept = sum(map(len, tables._SPARE))
    assert 0 < kept <= tables.MOST_SPARE
