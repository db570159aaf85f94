"""Plans: one named person leaves or becomes the liaison, actions are dated, costed, undone, compared, and judged."""

from __future__ import annotations

import datetime
import hashlib
import json
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.text import Text

import sim
from sim.cli import code_of, plan_report
from sim.errors import InputError
from sim.figures import plan_page
from sim.model.firm import Team
from sim.model.theory import OF_ONE, SHOCKS, who_and_what
from sim.scenario import Change
from sim.study.own import actions, judged, plans, standing

SMALL = {"workforce.marketers": 4, "workforce.salespeople": 6}
DAYS, ON = 130, 65


def firm(**more) -> sim.Scenario:
    return sim.Scenario(days=DAYS, values=SMALL).but(**more)


def with_shock(shock: str, day: int = ON, **values) -> sim.Scenario:
    return firm(changes=(Change(day, {k.replace("__", "."): v for k, v in values.items()}, shock),))


def person(run, code: str):
    seat = 4 * (int(code[1:]) - 1) + "MS".index(code[0])
    people = run.state.firm.people
    return people[people["seat"] == seat][0]


# --- one person


@pytest.mark.parametrize("shock, more", [("S3 leaves", {}), ("M2 leaves", {}), ("S3 is replaced", {}),
                                         ("M2 becomes liaison", {"liaison__count": 1})])  # fmt: skip
def test_until_the_day_it_is_the_same_life_and_after_it_the_same_market(shock, more):
    with_it, without = sim.run(with_shock(shock, **more), 3), sim.run(firm(), 3)
    one, other = with_it.state.firm.days[:ON], without.state.firm.days[:ON]
    for name in ("revenue", "contribution", "contacts", "handed", "payroll", "other_cash"):
        assert (one[name] == other[name]).all(), name
    assert with_it.about["market"] == without.about["market"]
    after = [run.state.firm.days[ON:] for run in (with_it, without)]
    assert after[0].tobytes() != after[1].tobytes()
    leads = [run.state.firm.leads[: int(run.state.firm.ledger["n_leads"][0])] for run in (with_it, without)]
    keys = [each["key"][each["born"] < ON] for each in leads]
    assert len(keys[0]) and (keys[0] == keys[1]).all()


def test_who_leaves_works_no_more_and_leaves_nothing_in_hand():
    run = sim.run(with_shock("S3 leaves"), 3)
    firm_, row = run.state.firm, int(np.flatnonzero(run.state.firm.people["seat"] == 4 * 2 + 1)[0])
    assert person(run, "S3")["working"] == 0 and int(firm_.ledger["n_s"][0]) == 5
    leads = firm_.leads[: int(firm_.ledger["n_leads"][0])]
    assert not (leads["s"][leads["state"] < 5] == row).any() or not (leads["ended"][leads["s"] == row] >= ON + 1).any()
    customers = firm_.customers[: int(firm_.ledger["n_customers"][0])]
    assert not (customers["s"][customers["ended"] < 0] == row).any()
    paid = firm_.days["other_cash"][ON] - sim.run(firm(), 3).state.firm.days["other_cash"][ON]
    assert paid == pytest.approx(sim.Scenario().theory.money.severance)
    assert (firm_.days["payroll"][ON:] < firm_.days["payroll"][ON - 1]).all()


def test_the_liaison_is_the_one_who_was_named_and_the_only_one():
    run = sim.run(with_shock("M2 becomes liaison", liaison__count=1), 3)
    people = run.state.firm.people
    assert person(run, "M2")["team"] == Team.LIAISON and (people["team"] == Team.LIAISON).sum() == 1
    both = firm(changes=(Change(ON, {"liaison.count": 1}, "M2 becomes liaison"), Change(ON, {}, "S1 leaves"),
                         Change(100, {"liaison.count": 0})))  # fmt: skip
    back = sim.run(both, 3)
    assert person(back, "M2")["team"] == Team.MARKETING and person(back, "S1")["working"] == 0
    assert (back.state.firm.people["team"] == Team.LIAISON).sum() == 0


def test_an_idle_extra_person_changes_nobody_when_somebody_leaves():
    with_idle = sim.run(with_shock("S3 leaves").but(workforce__idle=3), 3)
    without = sim.run(with_shock("S3 leaves"), 3)
    for name in ("revenue", "contribution", "contacts", "other_cash"):
        assert (with_idle.state.firm.days[name] == without.state.firm.days[name]).all()


def test_who_is_not_there_is_told():
    for shock, word in (("S7 leaves", "nobody works"), ("M9 is replaced", "nobody works")):
        with pytest.raises(InputError, match=word):
            sim.run(with_shock(shock), 3)
    alone = sim.Scenario(days=20, values={"workforce.marketers": 1, "workforce.salespeople": 2})
    with pytest.raises(InputError, match="nobody else works"):
        sim.run(alone.but(changes=(Change(3, {}, "M1 leaves"),)), 0)
    for bad in ("S0 leaves", "S3 leave", "S3  leaves", "X1 leaves", "S٣ leaves"):
        with pytest.raises(InputError, match="must be one of"):
            Change(5, {}, bad)
    with pytest.raises(InputError, match="from day 1 on"):
        Change(0, {}, "S3 leaves")
    with pytest.raises(InputError, match=r"liaison\.count"):
        Change(5, {}, "M3 becomes liaison")
    assert not any(who_and_what(shock) for shock in SHOCKS)


@given(st.sampled_from("MS"), st.integers(1, 9_999_999), st.sampled_from(OF_ONE[:2]), st.integers(1, 129))
def test_what_happens_to_one_comes_back_from_its_text(side, number, what, day):
    scenario = with_shock(f"{side}{number} {what}", day)
    from sim.scenario.toml_file import carried

    again = carried(scenario.to_toml(), "x.toml")
    assert again == scenario and again.hash == scenario.hash


# --- plans as files


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "firm"
    place.mkdir()
    (place / "firm.toml").write_text(
        f'days = {DAYS}\n[workforce]\nmarketers = 4\nsalespeople = 6\n[imported]\nas_of = "2025-01-06"\n', "utf-8"
    )
    (tmp_path / "firm.key.csv").write_text("what,code,name\nperson,M2,Ada Example\nperson,S1,Bo Example\n", "utf-8")
    return place


def baton(capsys, *words) -> tuple[int, str]:
    code = code_of(["plan", *map(str, words)])
    said = capsys.readouterr()
    return code, said.out + said.err


def test_a_plan_is_written_changed_compared_and_undone(folder, capsys):
    code, said = baton(capsys, folder, "liaison", "new", "--title", "A liaison")
    assert code == 0 and "Next: baton plan --actions" in said, "a plan of nothing has nothing to run"
    code, said = baton(capsys, folder, "liaison", "add", "add-liaison", "who=Ada Example", "date=2025-02-03",
                       "cost_once=5", "cost_year=12", "hours=4")  # fmt: skip
    assert code == 0 and "make M2 the liaison" in said and "day 20" in said
    written = (folder / "plans" / "liaison.toml").read_text("utf-8")
    assert "Ada" not in written and 'who = "M2"' in written
    assert baton(capsys, folder, "liaison", "add", "mandate", "practice=rules")[0] == 0
    assert baton(capsys, folder, "other", "new")[0] == 0
    assert baton(capsys, folder, "other", "add", "mandate", "practice=rules")[0] == 0
    assert "only in liaison" in baton(capsys, folder, "liaison", "diff", "other")[1]
    for verb in ("compare", "explain"):  # a shipped scenario has this name too, and is another firm
        assert code_of([verb, str(folder), "liaison"]) == 3
        assert f"baton plan {folder} liaison run" in capsys.readouterr().err
    assert baton(capsys, folder, "liaison", "drop", "1")[0] == 0
    assert len(plans.read_plan(folder, "liaison").steps) == 1
    assert baton(capsys, folder, "liaison", "undo")[0] == 0
    again = plans.read_plan(folder, "liaison")
    assert [step.do for step in again.steps] == ["add-liaison", "mandate"]
    assert plans.totals(again) == {"cost_once": 5, "cost_year": 12, "hours": 4}
    for _ in range(2):
        assert baton(capsys, folder, "liaison", "undo")[0] == 0
    assert plans.read_plan(folder, "liaison").steps == ()
    assert baton(capsys, folder, "liaison", "undo")[0] == 3


@pytest.mark.parametrize("words, said", [
    (["remove", "who=S7"], "S1 to S6"),
    (["add-liaison", "who=S1"], "drawn from Marketing"),
    (["remove"], "who is missing"),
    (["remove", "who=Nobody Known"], "by code"),
    (["route-leads"], "no lever"),
    (["change-boss"], "no lever"),
    (["adopt"], "permit"),
    (["mandat", "practice=rules"], 'did you mean "mandate"'),
    (["mandate", "practice=ruels"], "one of rules"),
    (["set", "lever=marketing.budgt", "to=1"], "marketing.budget"),
    (["set", "lever=marketing.budget", "to=99"], "marketing.budget"),
    (["set", "lever=trust.initial", "to=0.5"], "begins"),
    (["remove", "who=S1", "day=130"], "after the end"),
    (["remove", "who=S1", "date=2025-01-06"], "after the day of the export"),
    (["remove", "who=S1", "cost_once=-1"], "from 0"),
    (["remove", "who=S1", "cost_once=nan"], "from 0"),
    (["remove", "who=S1", "sum=3"], "not asked for"),
])  # fmt: skip
def test_what_a_plan_cannot_say_is_told_and_nothing_is_written(folder, capsys, words, said):
    baton(capsys, folder, "p", "new")
    before = (folder / "plans" / "p.toml").read_text("utf-8")
    code, told = baton(capsys, folder, "p", "add", *words)
    assert code == 3 and said in told
    assert (folder / "plans" / "p.toml").read_text("utf-8") == before


def test_all_faults_of_a_plan_are_told_at_once_and_names_lead_nowhere_else(folder):
    (folder / "plans").mkdir()
    (folder / "plans" / "p.toml").write_text(
        'titel = "x"\n[[actions]]\ndo = "fly"\n[[actions]]\ndo = "remove"\nday = 0\n', "utf-8"
    )
    with pytest.raises(InputError) as fault:
        plans.read_plan(folder, "p")
    assert len(fault.value.problems) == 4
    for name in ("../firm", "a/b", "", ".before", "A", "x" * 41):
        with pytest.raises(InputError):
            plans.read_plan(folder, name)


STEPS = st.lists(st.builds(
    actions.Step, st.sampled_from(["train-all", "reorganize", "one-chief", "bigger-budget"]), st.just({}),
    st.integers(1, DAYS - 1), st.floats(0, 1e6), st.floats(0, 1e6), st.floats(0, 40), st.text(max_size=20).map(
        lambda text: text.encode("utf-8", "ignore").decode().replace("\r", ""))), max_size=4)  # fmt: skip


@given(STEPS)
def test_any_plan_comes_back_from_its_file(steps):
    from sim.scenario.toml_read import load

    plan = plans.Plan("p", "title", "", tuple(steps))
    assert plans.plan_of(load(plans.text_of(plan), "p"), "p", "p", None) == plan


def test_every_action_is_dated_and_can_be_taken_or_says_why():
    """Each moves something in some firm, on its day and not before."""
    asked = {"who": "M2", "people": 2, "metres": 5.0, "practice": "rules", "to": "merged", "within_hours": 2.0,
             "lever": "marketing.budget"}  # fmt: skip
    for name, kind in actions.KINDS.items():
        given = {each: asked[each] for each in kind.asks}
        if name == "set":
            given["to"] = 1.5
        step, faults = actions.step_of({"do": name, "day": 7, **given}, "")
        assert step and not faults, faults
        after = actions.compiled(sim.Scenario(days=20), (step,))
        assert after.changes[-1].day == 7 and step.says and "{" not in step.says
        assert after.theory == sim.Scenario(days=20).theory


def test_dates_are_working_days_after_the_export():
    monday = datetime.date(2025, 1, 6)
    assert [plans.day_of(monday + datetime.timedelta(days=n), monday) for n in range(9)] == [0, 1, 2, 3, 4, 5, 5, 5, 6]


# --- what a plan brings


def test_own_costs_and_hours_are_in_the_result_and_the_bars_add_up():
    today = firm()
    one = actions.Step("mandate", {"practice": "rules"}, 5, cost_once=7.0, cost_year=26.0)
    two = actions.Step("remove", {"who": "S2"}, 20)
    plan, free = plans.Plan("p", steps=(one, two)), plans.Plan("p", steps=(actions.Step("mandate", one.given, 5), two))
    found = judged.judge(today, plan, 3, turns=False)
    bare = judged.judge(today, free, 3, turns=False, why=False)
    cost = 7.0 + 26.0 * (DAYS - 5) / 260
    assert bare.interval("contribution").mean - found.interval("contribution").mean == pytest.approx(cost)
    assert bare.months()[-1] - found.months()[-1] == pytest.approx(cost)  # the sixth month ends with the run
    assert sum(bar[1] for bar in found.bars) == pytest.approx(found.interval("net_value").mean)
    assert {bar[0] for bar in found.bars} == {one.says, two.says, judged.COSTS}
    busy = plans.Plan("p", steps=(actions.Step("mandate", one.given, 5, hours=20.0),))
    heads = sum(SMALL.values())
    assert busy.scenario(today).theory_on(6).workload.admin_hours == pytest.approx(1.2 + 20 / 5 / heads)


def test_several_sets_of_numbers_widen_the_interval():
    sets = ({"selling.win": 0.4}, {"selling.win": 0.62}, {"selling.win": 0.7})
    plan = plans.Plan("p", steps=(actions.Step("one-room", {}, 1),))
    found = judged.judge(replace(firm(), sets=sets), plan, 6, why=False, turns=False)
    assert found.sets == [dict(each) for each in sets] and found.values("revenue", True).shape == (3, 2)
    low, high = found.interval("revenue")[1:]
    means = (found.values("revenue", True) - found.values("revenue", False)).mean(axis=1)
    assert low <= means.min() and means.max() <= high
    assert found.seeds == [0, 1, 2, 3, 4, 5], "each set has markets of its own"
    table, *told = plan_report.judged_account(replace(found, bars=[("x", 1.0, 1.0, 1.0)], why_seeds=[0]))
    assert table.title == "What it brings in 2 quarters" and plan_report.WHY in told, "bars of one set, table of all"
    with_one = judged.judge(firm().but(selling__win=0.7), plan, [4, 5], why=False, turns=False)
    assert (with_one.values("revenue", True) == found.values("revenue", True)[2]).all()


def test_a_plan_of_a_firm_without_a_fit_is_judged_over_plausible_sets():
    plan = plans.Plan("p", steps=(actions.Step("one-room", {}, 1),))
    found = judged.judge(firm(), plan, 11, why=False, turns=False, doubt=True)
    assert len(found.sets) == 5 and found.seeds == list(range(10)) and found.values("revenue", True).shape == (5, 2)
    assert found.in_doubt and set(found.sets[0]) == set(found.in_doubt)
    doubt, gain = found.doubt(), found.values("net_value", True) - found.values("net_value", False)
    assert doubt.layers.mean == pytest.approx(gain.mean())
    assert found.interval("net_value")[1:] == (doubt.layers.world_low, doubt.layers.world_high)
    assert (
        "plausible set" in found.interval_is and judged.judge(firm(), plan, 2, why=False, turns=False).doubt() is None
    )
    said = json.dumps(plan_report.judged_data(found, False))
    assert "in_short" in said and "world_low" not in said, "no amounts where money is not told"
    with pytest.raises(sim.InputError, match="doubt needs 5 sets"):
        judged.judge(firm(), plan, 4, doubt=True)
    fitted = replace(firm(), sets=tuple({"selling.win": 0.4 + 0.05 * k} for k in range(6)))
    both = judged.judge(fitted, plan, 2, why=False, turns=False, doubt=True)
    assert len(both.sets) == 6 and both.sets[3]["selling.win"] == pytest.approx(0.55)
    assert {"selling.win", *both.in_doubt} == set(both.sets[0]) == set(both.doubt().numbers.index)


@pytest.mark.parametrize("month", [0, None, 3])
def test_where_nobody_can_tell_a_break_even_is_said_to_be_the_mean_s(month):
    for said, words in ((plan_report.break_even_words, "in a mean that cannot be told"),
                        (plan_page.break_even_title, "in the mean")):  # fmt: skip
        told = [said(SimpleNamespace(break_even=month, open=each, months=lambda: range(9))) for each in (True, False)]
        assert [words in each for each in told] == [True, False]


def test_the_answer_turns_where_it_is_said_to():
    """A plan that hires pays where a deal is worth enough: below the value that is told, it does not."""
    today = firm(days=260)
    plan = plans.Plan("p", steps=(actions.Step("one-room", {}, 1, cost_once=0.0),))
    gain = judged.judge(today, plan, 4, why=False, turns=False).interval("net_value").mean
    dear = plans.Plan("p", steps=(actions.Step("one-room", {}, 1, cost_once=max(gain, 1.0) * 0.9),))
    flips, tried = judged.flips_of(today, dear, [0, 1, 2, 3], [{}])
    assert tried >= 10
    assert flips
    flip = flips[0]
    at = today.but({flip.name: flip.high if flip.value > flip.assumed else flip.low})
    at_end = judged.judge(at, dear, 4, why=False, turns=False).interval("net_value").mean
    at_home = judged.judge(today, dear, 4, why=False, turns=False).interval("net_value").mean
    assert (at_end > 0) != (at_home > 0)


# --- the gate, and the brief


def accept(folder) -> None:
    (folder / "funnel.json").write_text("{}", "utf-8")
    seen = hashlib.sha256(b"{}").hexdigest()
    (folder / "gate.toml").write_text(
        f'answer = "accept"\nname = "A. Person"\ndate = "2025-02-01"\nnote = ""\n[seen]\nfunnel = "{seen}"\n', "utf-8"
    )


def test_a_plan_is_not_run_before_the_gate_is_accepted_nor_after_something_changed(folder, capsys):
    baton(capsys, folder, "p", "new")
    baton(capsys, folder, "p", "add", "one-room", "cost_once=7")
    code, said = baton(capsys, folder, "p", "run", "--seeds", "2")
    assert code == 4 and "baton gate" in said
    accept(folder)
    code, said = baton(capsys, folder, "p", "run", "--seeds", "2")
    assert code == 0 and said.index("7") < said.index("contribution"), "what it costs comes first"
    (folder / "funnel.json").write_text("{ }", "utf-8")
    assert baton(capsys, folder, "p", "run", "--seeds", "2")[0] == 4


@pytest.fixture(scope="module")
def found():
    plan = plans.Plan("p", "Near", "What if they sat in one room?", (
        actions.Step("one-room", {}, 1, cost_once=7.0), actions.Step("remove", {"who": "S2"}, 20),
        actions.Step("mandate", {"practice": "rules"}, 5), actions.Step("train-all", {}, 9)))  # fmt: skip
    return judged.judge(firm(), plan, 3, why=True, turns=False)


def standing_for(accepted: bool) -> standing.Standing:
    return standing.Standing(accepted, ["Misfit: unknown."], [], [])


@pytest.mark.parametrize("money", [False, True])
def test_the_brief_is_one_sheet_and_tells_no_money_before_the_gate(found, money, tmp_path):
    figure = plan_page.plan_page(found, money, standing_for(money), "baton brief firm p")
    words = [text.get_text() for text in figure.findobj(Text)]
    said = " ".join(words)
    assert [round(x * 72) for x in figure.get_size_inches()] == [595, 842]
    assert ("% of today's revenue" in said) != money
    assert ("M€" in said or "k€," in said or " k€ " in said.replace("k€ once", "").replace("k€ a year", "")) == money
    for part in ("What if they sat in one room?", "Contribution", "customer equity", "Why:", "Misfit", "baton brief"):
        assert part in said, part
    figure.canvas.draw()
    boxes = [
        text.get_window_extent() for text in figure.findobj(Text) if text.get_text().strip() and text.get_visible()
    ]
    lowest = min(box.y0 for box in boxes) / figure.dpi * 72
    assert 8 < lowest < 60, "down to the foot, and no further"
    data = plan_report.judged_data(found, money)
    assert (data["bars_unit"] == "k€") == money and json.dumps(data)
    if not money:
        assert all("difference" not in row for row in data["outcomes"] if row["unit"] == "k€")
    assert sum(bar[1] for bar in plan_page.three_bars(found)) == pytest.approx(sum(bar[1] for bar in found.bars))
    assert len(plan_page.three_bars(found)) == 3


def test_the_page_for_a_browser_says_in_words_what_it_draws(found):
    told = plan_page.Money(found, False)
    html = plan_page.page_html("<?xml?><svg></svg>", found, told, standing_for(False), "baton brief firm <p>")
    assert "&lt;p&gt;" in html and "Why:" in html and "default-src 'none'" in html and "://" not in html


def test_no_command_writes_a_brief_of_nothing(folder, capsys):
    baton(capsys, folder, "p", "new")
    assert code_of(["brief", str(folder), "p", "-o", str(folder / "b.pdf")]) == 3
    assert code_of(["brief", str(folder), "p", "-o", str(folder / "b.doc")]) == 3
    assert not (folder / "b.pdf").exists()
