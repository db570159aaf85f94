"""A run exported as a CRM would list it and imported again gives the run's own funnel: the law that tries both."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from house import few

import sim
from sim.cli import code_of
from sim.errors import InputError
from sim.intake.exports.choices import Choices
from sim.intake.exports.reading import read_exports
from sim.study.own.counts import funnel_of
from sim.study.own.hidden import shown
from sim.study.own.twin import HEADERS, date_of, twin_of, write_twin

SCENARIOS = ["default", "silo", "liaison", "growth", "small-simple", "company-example"]
STEPS = ("inquiry", "qualified", "handed off", "called", "opportunity")


def run_of(name: str, seed: int, days: int = 400):
    return sim.run(sim.read(name).but(days=days, changes=()), seed=seed)


def imported(folder, **said):
    truth = json.loads((folder / "truth.json").read_text())
    files = [each for each in sorted(folder.glob("*.csv")) if each.stat().st_size > 10]
    return funnel_of(read_exports(files, Choices(**said).but(as_of=pd.Timestamp(truth["as_of"]).date()))), truth


def check(kept: dict, truth: dict) -> None:
    """Every number that the truth knows, or None where it is one of those that are hidden."""
    assert {row["step"]: row["reached"] for row in kept["steps"]} == {step: shown(truth[step]) for step in STEPS}
    deals = kept["deals"]
    cells = [truth[name] for name in ("won", "lost", "open")]
    assert [deals[name] for name in ("won", "lost", "open")] == (cells if all(map(shown, cells)) else [None] * 3)
    assert deals["opportunities"] == truth["opportunities"]
    if truth["won"] >= 5:
        assert deals["won_days"]["median"] == truth["median_won_days"]
        assert deals["won_value"] == pytest.approx(truth["won_value"], abs=0.01 * truth["won"])
    assert kept["as_of"] == truth["as_of"]


@pytest.mark.parametrize("name", few(SCENARIOS))
@pytest.mark.parametrize("seed", [1, 2])
def test_every_tool_s_twin_is_read_as_the_run_was(name, seed, tmp_path):
    run = run_of(name, seed)
    found = []
    for tool in HEADERS:
        assert write_twin(run, tool, tmp_path / tool) == imported(tmp_path / tool)[1]
        kept, truth = imported(tmp_path / tool)
        check(kept, truth)
        found.append({key: kept[key] for key in ("deals", "dead", "by_pair", "by_month", "measured")})
    assert found[0] == found[1] == found[2] and truth["opportunities"] > 100


def test_the_law_finds_a_deal_that_is_lost_on_the_way(tmp_path):
    """A check that cannot fail is no check."""
    write_twin(run_of("small-simple", 1), "salesforce", tmp_path / "crm")
    path = tmp_path / "crm" / "opportunities.csv"
    path.write_text("".join(path.read_text().splitlines(keepends=True)[:-1]))
    kept, truth = imported(tmp_path / "crm")
    with pytest.raises(AssertionError):
        check(kept, truth)


def test_rows_may_come_in_any_order_and_twice(tmp_path):
    write_twin(run_of("small-simple", 1), "salesforce", tmp_path / "crm")
    for name in ("leads.csv", "opportunities.csv"):
        table = pd.read_csv(tmp_path / "crm" / name, dtype=str, keep_default_na=False)
        mixed = pd.concat([table, table.head(50)]).sample(frac=1, random_state=3)
        mixed.to_csv(tmp_path / "crm" / name, index=False, sep=";", encoding="utf-16")
    check(*imported(tmp_path / "crm"))


def test_what_is_read_off_is_what_the_scenario_says(tmp_path):
    """The cycle of a market of 45 working days, and its deals' value, within what the model itself moves them by."""
    write_twin(sim.run(sim.read("default").but(days=1300, changes=()), seed=3), "hubspot", tmp_path / "crm")
    kept, _ = imported(tmp_path / "crm")
    theory = sim.read("default")
    assert kept["measured"]["cycle"]["median"] == pytest.approx(theory.value("market.cycle_days"), rel=0.15)
    assert kept["measured"]["value"]["median"] / 1000 == pytest.approx(theory.value("market.value"), rel=0.15)


def test_a_twin_says_nothing_of_tools_that_are_not_there(tmp_path):
    run = run_of("small-simple", 1, 30)
    with pytest.raises(InputError, match='did you mean "hubspot"'):
        twin_of(run, "hubsport")
    assert date_of(5).weekday() == 0


def test_the_command_goes_all_the_way(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert code_of(["export", "crm", "small-simple", "--days", "260", "--as", "pipedrive", "-o", "crm"]) == 0
    (line,) = [each for each in capsys.readouterr().err.splitlines() if each.startswith("Next: baton import")]
    assert code_of(line.removeprefix("Next: baton ").split()) == 0
    assert code_of(["funnel", "firm", "-o", "funnel.svg"]) == 0
    assert code_of(["run", "firm", "--days", "30", "--quiet"]) == 0
    assert code_of(["export", "crm", "small-simple", "--as", "excel", "-o", "x"]) == 3
    assert code_of(["export", "crm", "small-simple", "-o", "crm"]) == 2  # it is not empty
