"""Every lever acts or is refused with the reason, in every kind of scenario; the table comes from the declarations."""

from __future__ import annotations

from functools import cache

import pytest

import sim
from sim.errors import InputError
from sim.page.describe import LEVERS, lever_values
from sim.page.view import view_of
from sim.run import run
from sim.scenario import Change, Scenario, read
from sim.scenario.refusals import COUNTED, MEASURED, ONLY_WITH, refusal
from sim.scenario.schema import NUMBERS
from sim.study.reach.actions import open_to, with_actions

SEED, SHORT, LONG, DATED = 3, 70, 780, 30  # years: growth begins in the second, a decree is carried out late
CHOSEN = tuple(name for name, number in NUMBERS.items() if number.lever)
FIRMS = ("generated", "imported")
PEOPLE = {"workforce.marketers": 9, "workforce.salespeople": 20, "workforce.idle": 4, "liaison.count": 2,
          "market.for_marketers": 20, "market.for_salespeople": 40}  # fmt: skip


@cache
def firm(kind: str, name: str, days: int) -> Scenario:
    """A small firm of a kind, with what a lever needs in order to matter."""
    small = {"workforce.marketers": 6, "workforce.salespeople": 13}
    base = read("company-example") if kind == "imported" else Scenario().but(small)
    return base.but(ONLY_WITH.get(name, {}), days=days)


@cache
def lived(scenario: Scenario) -> bytes:
    """What a run writes down: its days, its quarters, how many people it has, and the parts of a seat they grew by."""
    return written(run(scenario, SEED))


def written(each) -> bytes:
    made = each.state.firm
    return (
        made.days.tobytes()
        + made.quarters.tobytes()
        + bytes([len(made.people) % 256])
        + b"".join(made.ledger[name].tobytes() for name in ("grown_m", "grown_s"))
    )


def values(name: str, now: float) -> list[float]:
    """Values well away from what is in force: both sides of it, or the other words."""
    number = NUMBERS[name]
    if number.choices:
        return [int(choice) for choice in number.choices if choice != now]
    ends = [PEOPLE.get(name, min(number.high, 5 * abs(now) + 1)), number.low]
    return [value for value in ends if value != now]


def acts(make) -> bool | str:
    """Whether some value makes another run; or why it is refused. `make(days)` gives pairs (with, without) of runs."""
    try:
        return any(one != other for days in (SHORT, LONG) for one, other in make(days))
    except InputError as fault:
        return str(fault)


def check(found: bool | str, name: str, why: str | None) -> None:
    """It acts where nothing is said against it, else it is refused by its name and with the reason."""
    if why is None:
        assert found is True, f"{name} does nothing, or is refused: {found}"
    else:
        assert isinstance(found, str) and name in found and why in found, found


@pytest.mark.parametrize("kind", FIRMS)
@pytest.mark.parametrize("name", CHOSEN)
def test_a_lever_acts_or_is_refused_with_the_reason(name, kind):
    own = kind == "imported"

    def from_the_start(days):
        base = firm(kind, name, days)
        return ((lived(base.but({name: value})), lived(base)) for value in values(name, base.value(name)))

    def dated(days):
        base = firm(kind, name, days)
        for value in values(name, base.value(name)):
            yield lived(base.but(changes=(*base.changes, Change(DATED, {name: value})))), lived(base)

    def branch(days):
        base = firm(kind, name, days)
        trunk = run(base, SEED, until=DATED).state
        for value in values(name, base.value(name)):
            moved = base.but(changes=(*base.changes, Change(0, {name: value}))) if name in COUNTED and own else None
            yield written(run(moved or base.but({name: value}), from_state=trunk)), lived(base)

    begins, later = (refusal(name, own=own, begun=begun) for begun in (False, True))
    check(acts(from_the_start), name, begins)
    check(acts(dated), name, later)
    check(acts(branch), name, later)


@pytest.mark.parametrize("kind", FIRMS)
@pytest.mark.parametrize("name", CHOSEN)
def test_mesa_the_page_and_the_first_day_take_and_refuse_the_same(name, kind):
    """They make the scenario that a file makes, or refuse it in the same words."""
    base = firm(kind, name, SHORT)
    value = NUMBERS[name].type(values(name, base.value(name))[0])

    def made(make):
        try:
            return make()
        except InputError as fault:
            return str(fault)

    mesa = made(lambda: sim.FirmModel(base, SEED, **{name.replace(".", "__"): value}).firm_scenario)
    assert mesa == made(lambda: base.but({name: value}))
    for day in (0, DATED):
        change = {"day": day, "values": {name: value}}
        plain = made(lambda day=day: base.but(changes=(*base.changes, Change(day, {name: value}))))
        asked = {"arms": {"a": {"scenario": "firm", "changes": [change]}}, "seed": SEED}
        page = made(lambda asked=asked: view_of(asked, {"firm": base}).arms["a"])
        assert page == plain
        if day == 0 and not isinstance(plain, str):
            assert plain.theory_on(0) == with_measured(base, name, value).theory_on(0)
            assert name not in MEASURED or kind != "imported" or plain.steps()


def with_measured(base: Scenario, name: str, value: float) -> Scenario:
    """The lever from the start; what is counted on one's own people is only moved by a change."""
    if base.organization is not None and name in COUNTED:
        return base.but(changes=[*base.changes, Change(0, {name: value})])
    return base.but({name: value})


@pytest.mark.parametrize("kind", FIRMS)
def test_reach_offers_no_action_that_does_nothing_and_none_twice(kind):
    left = {action.name for action in open_to(firm(kind, "", SHORT))}
    for days in (SHORT, 2 * LONG):  # the longer one only for those that cannot be told apart in the shorter
        base = firm(kind, "", days)
        found = {action.name: lived(with_actions(base, [action])) for action in open_to(base) if action.name in left}
        runs = [lived(base), *found.values()]
        left = {name for name, came in found.items() if runs.count(came) > 1}
    assert not left
    offered = {lever for action in open_to(firm("imported", "", SHORT)) for lever in action.levers}
    assert "workforce.ties_per_rep" not in offered and "distance.between_teams_m" in offered


def test_the_page_says_what_is_so_of_own_people():
    base = firm("imported", "", SHORT)
    metres = base.load_organization().ties["distance"].mean()
    assert lever_values(base)["distance.between_teams_m"] == pytest.approx(metres)
    assert set(LEVERS) <= set(CHOSEN)
