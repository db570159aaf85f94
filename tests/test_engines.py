"""The engines of Safari and Firefox, in their shells, live the same days as Python: states, frames, answers."""

from __future__ import annotations

import pytest
import test_page_engine as page
import test_page_frames as frames
import test_wasm as states
from house import FEW
from shells import OTHERS
from test_wasm import SHIPPED, of_size

import sim

pytestmark = pytest.mark.browser
in_each = pytest.mark.parametrize("shell", OTHERS)


@in_each
def test_scenarios_and_an_own_firm_end_in_the_same_state(shell):
    states.compare([(sim.read(name), seed) for name in FEW for seed in (1, 2**63 - 1)], shell)


@in_each
def test_every_lever_moves_in_the_middle_and_every_shock_happens(shell):
    pairs = [*states.every_lever(), *states.every_shock()]
    states.compare([(scenario.but(days=70), seed) for scenario, seed in pairs], shell)


@in_each
def test_days_have_the_same_bytes(shell):
    frames.compare([(sim.read("company-example").but(days=70), 3), *frames.of_all_kinds()], shell)


@in_each
def test_the_page_is_answered_alike(shell):
    people = [page.story(70, person=5), page.story(60, lead=3)]
    page.same(
        [page.plan(changes=page.LIAISON), page.LINES, {"do": "markets", "n": 3}, page.frames(1, 0, 80), *people,
         page.plan(changes=page.LIAISON, day=40), page.frames(2, 41, 50), page.HASH, page.END],
        [page.plan("company-example", day=2), page.frames(1, 0, 70), page.story(70, lead=9), page.LINES],
        [page.plan(seed=2**53), page.plan(changes=[page.change(5, communication__cost_hours=9)])],
        shell=shell,
    )  # fmt: skip


@pytest.mark.long
@in_each
@pytest.mark.parametrize("name", SHIPPED)
def test_every_scenario_has_the_same_days_to_its_end(name, shell):
    frames.compare([(sim.read(name), seed) for seed in (0, 12, 2**40)], shell)


@pytest.mark.long
@in_each
def test_a_firm_of_thousands_ends_in_the_same_state(shell):
    states.compare([(of_size(1200, 2400, days=70), 5)], shell)
