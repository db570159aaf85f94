"""One run: its money adds up, its tables agree with each other, and what is saved reads back."""

from __future__ import annotations

import copy
import re
import subprocess
import sys

import house
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

import sim
from sim.cli import report
from sim.files.folder import written_file, written_whole
from sim.files.toml_written import toml_text
from sim.model.firm import DAYS
from sim.result import outcomes, stories
from sim.result.accounts import ratios, revenue_bridge

DAYS_RUN = 330  # a year, a quarter and a week: every period ends in a part


@pytest.fixture(scope="module")
def run():
    return sim.run("near-cheap", seed=3, until=DAYS_RUN)


@pytest.fixture(scope="module")
def saved(run, tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs") / "out"
    run.save(folder)
    return folder


# --- money ---


def test_the_income_statement_adds_up(run):
    table = run.accounts
    assert np.allclose(table["revenue"] - table["delivery"] - table["special_cost"], table["gross_profit"])
    assert np.allclose(table["gross_profit"] - table["payroll"] - table["other_cash"], table["contribution"])
    assert table["contribution"].sum() == pytest.approx(run.daily["contribution"].sum())


def test_overhead_is_told_and_stands_in_no_other_number(run):
    share = run.scenario.theory.money.overhead
    table = run.accounts
    assert np.allclose(table["overhead"], share * table["revenue"])
    assert np.allclose(table["after_overhead"] + table["overhead"], table["contribution"])
    assert np.allclose(run.quarters["overhead"], share * run.quarters["revenue"])
    assert run.quarters.attrs["units"]["overhead"] == "k€"
    rules = [path for path in (house.ROOT / "sim" / "model").rglob("*.py") if path.name != "theory.py"]
    assert rules and not [path for path in rules if "overhead" in path.read_text(encoding="utf-8")]


def test_selling_and_marketing_and_retention_keep_their_identities(run):
    table, bridge = run.ratios, run.revenue_bridge
    assert np.allclose(table["selling_marketing"], table["per_new_euro"] * table["new_business"])
    assert np.allclose(table["growth"], table["net_retention"] - 1 + table["new_recurring"])
    accounts = run.accounts
    assert np.allclose(table["selling_marketing"] * accounts["revenue"], accounts["payroll"] + accounts["other_cash"])
    assert np.allclose(table["left"] * accounts["revenue"], accounts["after_overhead"])
    begun = run.opening_recurring
    for year, row in table.iterrows():
        quarters = bridge.loc[4 * year - 3 : 4 * year]
        if len(quarters) == 4:
            lost = quarters[["contraction", "churn"]].to_numpy().sum()
            assert row["net_retention"] == pytest.approx((begun + quarters["expansion"].sum() - lost) / begun)
            begun = quarters["closing"].iloc[-1]
            assert row["growth"] == pytest.approx(begun / quarters["opening"].iloc[0] - 1)


def test_where_nothing_is_sold_a_ratio_is_no_number():
    names = [
        "revenue",
        "payroll",
        "other_cash",
        "contribution",
        "new_value",
        "expansion",
        "contraction",
        "churned_value",
    ]
    days = pd.DataFrame(0.0, index=range(260), columns=names).assign(day=range(260))
    (row,) = ratios(days.assign(payroll=1.0), 0.0, 0.4).to_dict("records")
    assert all(np.isnan(value) for name, value in row.items() if name != "overhead")


def test_what_delivery_costs_is_the_margin(run):
    assert np.allclose(run.accounts["delivery"], run.accounts["revenue"] * (1 - run.scenario.theory.money.margin))


def test_recurring_revenue_closes_each_quarter(run):
    bridge = run.revenue_bridge
    flows = bridge["new"] + bridge["expansion"] - bridge["contraction"] - bridge["churn"]
    assert np.allclose(bridge["opening"] + flows, bridge["closing"])
    assert np.allclose(bridge["opening"].iloc[1:], bridge["closing"].iloc[:-1])
    assert (bridge[["new", "expansion", "contraction", "churn"]] >= 0).all().all()


def test_revenue_is_what_the_bridge_says_every_day(run):
    """Two books of the same firm: the day's revenue, and the customers who came, grew, shrank and left."""
    days = run.daily
    flows = (days["new_value"] + days["expansion"] - days["contraction"] - days["churned_value"]).cumsum()
    assert np.allclose(days["revenue"] * 260, run.opening_recurring + flows, rtol=1e-9, atol=1e-6)


def test_recurring_revenue_is_the_sum_over_active_customers(run):
    active = run.customers[run.customers["ended"].isna()]
    assert active["value"].sum() == pytest.approx(run.about["closing_recurring"], rel=1e-9)
    assert len(active) == run.daily["customers"].iloc[-1]


def test_net_value_is_contribution_and_the_change_of_equity(run):
    value = run.net_value
    assert value.total == pytest.approx(value.contribution + value.closing - value.opening)
    years, found = run.summary(), run.outcomes()
    assert "net_value" not in years  # a run has one, a year has none
    assert years["contribution"].sum() == pytest.approx(found["contribution"]) == run.daily["contribution"].sum()
    opening, closing = run.about["opening_equity"], run.daily["equity"].iloc[-1]
    assert years["equity_change"].sum() == pytest.approx(found["equity_change"]) == closing - opening
    step = outcomes.discounts(run.days + 1, run.scenario.theory.money.discount)
    today = (run.daily["contribution"] * step[:-1]).sum() + closing * step[-1] - opening
    assert value.total == pytest.approx(today)
    assert run.summary()["revenue"].sum() == pytest.approx(run.daily["revenue"].sum())
    assert run.outcomes()["net_value"] == pytest.approx(value.total)


@given(st.floats(-100, 100), st.floats(0, 0.5), st.floats(0, 1e4), st.integers(1, 600))
def test_net_value_in_closed_form(contribution, rate, equity, days):
    """A firm that earns the same every day and keeps the same customers."""
    value = outcomes.net_value(np.full(days, contribution), np.full(days, equity), equity, rate)
    step = (1 + rate) ** (-1 / 260)
    series = contribution * (days if step == 1.0 else (1 - step**days) / (1 - step))
    assert value.contribution == pytest.approx(series, rel=1e-6, abs=1e-6)
    assert value.closing == pytest.approx(equity * step**days, rel=1e-9)
    assert outcomes.net_value(np.full(days, contribution), [equity], equity, rate, broke=True).closing == 0.0


def test_a_bridge_without_flows_stays():
    table = pd.DataFrame(
        {"quarter": [1, 2], "new_value": 0.0, "expansion": 0.0, "contraction": 0.0, "churned_value": 0.0}
    )
    assert revenue_bridge(table, 70.0)["closing"].tolist() == [70.0, 70.0]


def test_never_called_is_told_of_the_leads_that_were_handed_off(run):
    leads = run.leads[run.leads["origin"] != stories.OWN]
    rows = {row[0]: row for row in report.fate_table(run).rows}
    ignored, handed = int((leads["fate"] == "never called").sum()), int(leads["handed"].notna().sum())
    assert rows["never called"][1:4] == (f"{ignored:,}", report.percent(ignored / len(leads)),
                                         report.percent(ignored / handed))  # fmt: skip
    assert rows["never answered"][2] == rows["never answered"][3]


# --- tables ---


def test_periods_are_sums_of_days(run):
    for table, flow in ((run.weekly, "contacts"), (run.weekly, "bookings")):
        assert table[flow].sum() == pytest.approx(run.daily[flow].sum())
    assert run.weekly["days"].sum() == run.days
    whole = run.daily[run.daily["day"] < len(run.quarters) * 65]
    assert run.quarters["contacts"].sum() == pytest.approx(whole["contacts"].sum())
    assert run.quarters["cash"].tolist() == run.daily["cash"].iloc[64::65].tolist()


def test_the_long_table_holds_all_days_and_quarters(run):
    table = run.df
    assert list(table.columns) == ["run", "scenario", "seed", "day", "metric", "value", "unit"]
    assert len(table) == run.days * len(DAYS.names) + len(run.quarters) * 7
    revenue = table[table["metric"] == "revenue"]
    assert revenue["value"].tolist() == run.daily["revenue"].tolist() and set(revenue["unit"]) == {"k€"}
    stages = table[table["metric"] == "stage"]
    assert stages["day"].tolist() == run.quarters["day"].tolist()
    assert stages["value"].tolist() == run.quarters["stage"].tolist()


def test_every_column_of_the_diary_has_a_unit(run):
    assert set(run.daily.attrs["units"]) == set(run.daily.columns)


def test_every_lead_is_in_one_state_and_its_days_are_in_order(run):
    leads = run.leads
    assert (leads["fate"] == "open").equals(leads["ended"].isna())
    assert (leads["state"].isin(["won", "lost"])).equals(leads["fate"] != "open")
    for before, after in (("born", "qualified"), ("qualified", "handed"), ("handed", "tried"), ("opened", "ended")):
        known = leads[before].notna() & leads[after].notna()
        assert (leads[after][known] >= leads[before][known]).all(), (before, after)
    assert (leads["born"] < run.days).all()


def test_the_funnel_of_the_diary_is_that_of_the_leads(run):
    leads, days = run.leads, run.daily
    assert (leads["fate"] == "won").sum() == days["won"].sum()
    assert leads["opened"].notna().sum() == days["opportunities"].sum()


def test_a_lead_tells_its_story(run):
    for lead in [0, 1, 2, *run.leads.index[run.leads["fate"] == "won"][:3]]:
        story = run.lead_story(int(lead))
        whens = [re.match(r"(?:Day (\d+)|(\d+) days? before day 0): ", line).groups() for line in story]
        days = [int(day) if day else -int(before) for day, before in whens]
        assert days == sorted(days) and days[0] == run.leads.at[lead, "born"]
        ended = run.leads.at[lead, "fate"]
        end = "there was nobody to answer it" if ended == "never answered" else ended.replace(": ", ", ")
        assert story[-1].endswith("won." if ended == "won" else f"lost: {end}." if ended != "open" else ").")
        assert "never answered" not in ended or len(story) == 2  # it came and was lost, on one day
    with pytest.raises(sim.InputError):
        run.lead_story(len(run.leads))


def test_a_lead_is_answered_on_its_day_and_sent_back_before_it_is_called(run):
    """A lead judged once is judged on the day of its answer; a return is told between handoff and call."""
    leads = run.leads
    once = leads[(leads["fate"] == "not qualified") & (leads["touches"] == leads["touches"].min())]
    assert len(once)
    for lead, row in once.head(20).iterrows():
        answer = next(line for line in run.lead_story(int(lead)) if "first answered" in line)
        assert answer.startswith(f"Day {int(row['ended'])}: ")
    young = leads[leads["answer_hours"] >= 8 * (run.days - leads["born"])]
    assert len(young) and not any("answered" in line for line in run.lead_story(int(young.index[0])))
    row = leads[leads["tried"].notna() & leads["handed"].notna()].iloc[0].to_dict() | {"returned": 1}
    told = [line.partition(": ")[2] for line in stories.lead_story(row, run.days, 8.0)]
    order = [next(i for i, line in enumerate(told) if words in line) for words in ("handed", "sent back", " called")]
    assert order == sorted(order)


def test_the_audit_has_twenty_statements_a_side_and_quarter(run):
    audit = run.audit
    assert len(audit) == len(run.quarters) * 3 * 20
    both = audit[audit["side"] == "both"].groupby("quarter")["score"].sum()
    assert np.allclose(both.to_numpy(), run.quarters["score"])
    assert audit["score"].between(1, 5).all()


def test_changes_of_stage_are_those_of_the_quarters():
    quarters = pd.DataFrame({"stage": [1, 1, 2, 2, 1], "band": [1, 2, 2, 1, 1]})
    quarters["stage_name"] = quarters["stage"].map({1: "undefined", 2: "defined"})
    rows = [(q + 1, "both", i, f"S{i}.", s) for q, row in enumerate([(1, 1), (2, 1), (3, 1), (1, 2), (1, 1)])
            for i, s in enumerate(row, 1)]  # fmt: skip
    audit = pd.DataFrame(rows, columns=["quarter", "side", "item", "statement", "score"])
    up, down = stories.stage_changes(quarters, audit)
    assert (up["quarter"], up["from"], up["to"], up["day"], up["compared_with"]) == (3, "undefined", "defined", 195, 1)
    assert [(i["item"], i["before"], i["after"]) for i in up["items"]] == [(1, 1, 3)]
    assert (down["quarter"], down["to"], down["compared_with"]) == (5, "undefined", 3)
    assert [(i["item"], i["before"], i["after"]) for i in down["items"]] == [(1, 3, 1)]
    assert "S1" in down["sentence"] and "undefined" in down["sentence"]


# --- the same run again ---


def test_the_same_seed_gives_the_same_tables(run):
    again = sim.run("near-cheap", seed=3, until=DAYS_RUN)
    assert again.about == run.about
    assert_frame_equal(again.df, run.df)
    assert_frame_equal(again.leads, run.leads)
    assert sim.run("near-cheap", seed=4, until=DAYS_RUN).about["state"] != run.about["state"]


def test_a_run_that_is_watched_is_the_same_run(run):
    seen = []
    watched = sim.run("near-cheap", seed=3, until=DAYS_RUN, progress=lambda day, all_: seen.append((day, all_)))
    assert watched.about == run.about
    assert seen[-1] == (DAYS_RUN, DAYS_RUN) and len(seen) == DAYS_RUN // 65 + 1


@pytest.mark.parametrize("stop", [1, 64, 65, 200])
def test_going_on_from_a_file_is_as_if_it_had_never_stopped(run, tmp_path, stop):
    path = sim.run("near-cheap", seed=3, until=stop).save_state(tmp_path / "state.npz")
    assert [p.name for p in tmp_path.iterdir()] == ["state.npz"]
    went_on = sim.run("near-cheap", from_state=path, until=DAYS_RUN)
    assert went_on.about["state"] == run.about["state"] and went_on.seed == 3
    assert_frame_equal(went_on.daily, run.daily)
    assert_frame_equal(went_on.leads, run.leads)


def test_dated_changes_are_met_once_whether_or_not_the_run_stopped():
    scenario = sim.Scenario().but(
        days=200,
        changes=[
            sim.Change(50, {"liaison.count": 1}),
            sim.Change(90, {"shock.bad_leads": 0.5}, days=40),
            sim.Change(100, shock="broken promise"),
        ],
    )
    whole = sim.run(scenario, 5)
    for stop in (50, 60, 100, 130, 131):
        half = sim.run(scenario, 5, until=stop)
        assert half.days == stop
        assert sim.run(scenario, from_state=half.state).about["state"] == whole.about["state"], stop


def test_a_branch_leaves_the_trunk_as_it_was(run):
    trunk = sim.run("near-cheap", seed=3, until=100)
    before = copy.deepcopy(trunk.about)
    other = sim.run(trunk.scenario.but(liaison__count=0), from_state=trunk.state, until=200)
    assert trunk.about == before and trunk.state.day == 100 and other.days == 200
    assert other.daily["contacts"].iloc[:100].tolist() == trunk.daily["contacts"].tolist()


def test_no_day_at_all_is_a_run_too():
    start = sim.run("near-cheap", until=0)
    assert start.days == 0 and len(start.daily) == 0 and len(start.ties) > 0
    assert start.stage_changes() == [] and np.isnan(start.outcomes()["score"])


# --- what is refused ---


@pytest.mark.parametrize(
    "options",
    [
        {"seed": -1}, {"seed": 2**63}, {"seed": 1.5}, {"seed": True}, {"days": 0}, {"days": 2.5}, {"until": -1},
        {"until": float("nan")}, {"from_state": "nowhere.npz"},
    ],
)  # fmt: skip
def test_what_cannot_be_run_is_refused(options):
    with pytest.raises(sim.InputError):
        sim.run("silo", **options)


def test_a_run_from_a_state_cannot_end_before_it(run):
    with pytest.raises(sim.InputError, match="day"):
        sim.run("near-cheap", from_state=run.state, until=10)


def test_a_run_that_has_no_room_is_refused(monkeypatch):
    monkeypatch.setattr(sys.modules["sim.run"], "free_bytes", lambda: 1000)
    with pytest.raises(sim.InputError, match="memory"):
        sim.run("silo")


# --- files ---


def test_what_is_saved_reads_back(run, saved):
    assert {p.name for p in saved.iterdir()} == {
        "run.parquet", "leads.parquet", "customers.parquet", "people.parquet", "ties.parquet", "audit.parquet",
        "decisions.parquet", "run.toml", "run.png", "checksums.sha256",
    }  # fmt: skip
    back = sim.load(saved)
    assert back.state is None and back.about == run.about
    assert (back.seed, back.days, back.name) == (run.seed, run.days, run.name)
    assert back.scenario == run.scenario and back.scenario.hash == run.about["scenario_hash"]
    for name in ("daily", "weekly", "quarters", "leads", "customers", "people", "ties", "audit", "df", "accounts"):
        assert_frame_equal(getattr(back, name), getattr(run, name), obj=name)
    assert_frame_equal(back.summary(), run.summary())
    assert back.outcomes() == pytest.approx(run.outcomes())
    assert back.stage_changes() == run.stage_changes()
    assert back.lead_story(5) == run.lead_story(5)


def test_a_full_folder_is_refused_and_left_alone(run, tmp_path):
    target = tmp_path / "out"
    target.mkdir()
    (target / "mine.txt").write_text("mine")
    for overwrite in (False, True):
        with pytest.raises(FileExistsError):
            run.save(target, overwrite=overwrite)
    assert [p.name for p in tmp_path.iterdir()] == ["out"]
    assert (target / "mine.txt").read_text() == "mine" and len(list(target.iterdir())) == 1


def test_a_fault_while_saving_leaves_nothing_behind(run, tmp_path, monkeypatch):
    def fails(*_, **__):
        raise RuntimeError("no ink")

    monkeypatch.setattr("sim.figures.run_page", fails)
    with pytest.raises(RuntimeError):
        run.save(tmp_path / "a" / "b" / "out")
    assert list(tmp_path.iterdir()) == []


def test_an_earlier_run_may_be_replaced(tmp_path):
    target = tmp_path / "out"
    for text in ("one", "two"):
        with written_whole(target, overwrite=True) as work:
            (work / "run.toml").write_text(text)
    assert (target / "run.toml").read_text() == "two"
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_a_file_is_written_whole_or_not_at_all(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("before")
    with pytest.raises(RuntimeError), written_file(path) as work:
        work.write_text("half")
        raise RuntimeError
    assert path.read_text() == "before" and [p.name for p in tmp_path.iterdir()] == ["a.txt"]


def test_what_is_no_saved_run_is_refused(saved, tmp_path):
    import shutil

    with pytest.raises(sim.InputError, match="missing"):
        sim.load(tmp_path)
    broken = tmp_path / "broken"
    shutil.copytree(saved, broken)
    (broken / "checksums.sha256").unlink()  # as of an earlier version
    (broken / "run.toml").write_text("seed = ")
    with pytest.raises(sim.InputError):
        sim.load(broken)
    (broken / "run.toml").write_text((saved / "run.toml").read_text())
    (broken / "leads.parquet").write_bytes(b"no parquet")
    with pytest.raises(sim.InputError):
        sim.load(broken)
    (broken / "run.toml").write_text((saved / "run.toml").read_text().replace("[versions]", "[visions]"))
    (broken / "leads.parquet").write_bytes((saved / "leads.parquet").read_bytes())
    with pytest.raises(sim.InputError, match="versions"):
        sim.load(broken)


@pytest.mark.parametrize("name", ["run.toml", "run.parquet", "leads.parquet", "audit.parquet", "checksums.sha256"])
def test_damage_in_a_saved_run_is_named(saved, tmp_path, capsys, name):
    import shutil

    shutil.copytree(saved, tmp_path / "run")
    raw = bytearray((saved / name).read_bytes())
    raw[len(raw) // 2] ^= 1
    (tmp_path / "run" / name).write_bytes(raw)
    with pytest.raises(sim.InputError, match="is damaged") as caught:
        sim.load(tmp_path / "run")
    assert str(tmp_path / "run" / name) in caught.value.problems[0]
    assert sim.cli.code_of(["audit", str(tmp_path / "run")]) == 3
    assert str(tmp_path / "run" / name) in capsys.readouterr().err


@given(st.dictionaries(st.text(min_size=1, max_size=5), st.text(max_size=20) | st.integers(-(2**63), 2**63 - 1)
                       | st.booleans() | st.floats(allow_nan=False)))  # fmt: skip
def test_toml_reads_back(values):
    import tomllib

    assert tomllib.loads(toml_text({"group": values}))["group"] == values


def test_the_function_keeps_its_name_though_a_file_has_it_too():
    program = "from sim.run import Run; import sim.run; import sim; assert callable(sim.run), sim.run"
    subprocess.run([sys.executable, "-c", program], check=True)


def test_a_loaded_run_has_no_state_to_save(saved, tmp_path):
    with pytest.raises(sim.InputError):
        sim.load(saved).save_state(tmp_path / "x.npz")


def test_a_run_shows_itself(run):
    assert "near-cheap-3" in repr(run) and "<table" in run._repr_html_()


def test_a_state_may_go_on_beyond_the_horizon_it_began_with():
    short = sim.run("silo", 6, days=100)
    assert (
        sim.run("silo", from_state=short.state, days=200).about["state"] == sim.run("silo", 6, days=200).about["state"]
    )
