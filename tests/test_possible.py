"""Points that no organization can have are counted, with the reason, before any run."""

from __future__ import annotations

import json
import warnings
from dataclasses import replace

import pytest
from test_cli import baton  # noqa: F401

import sim
from sim.errors import InputError, Told
from sim.study.experiments.experiment import Sample
from sim.study.experiments.possible import impossible

SMALL = """
claim = "Liaisons need marketers."
days = 1
{more}
[levers]
liaison.count = {liaisons}
workforce.marketers = [2, 24]
[sample]
method = "{method}"
{sample}
[replications]
markets = 1
"""


@pytest.fixture
def written(tmp_path):
    def write(liaisons="[0, 1, 5, 24]", method="grid", sample="", more=""):
        path = tmp_path / "mine.toml"
        path.write_text(SMALL.format(liaisons=liaisons, method=method, sample=sample, more=more), encoding="utf-8")
        return path

    return write


def test_they_are_counted_by_reason_before_any_run(written):
    found = impossible(sim.read_experiment(written()))
    assert (found.points, found.of) == (3, 8)  # 5 and 24 liaisons of 2 marketers, 24 of 24
    ((reason, count),) = found.reasons
    assert count == 3 and "liaison.count = 5 must be less than the 2 marketers" in reason


def test_the_dry_run_says_it_and_so_does_the_sweep(written, tmp_path, baton):  # noqa: F811
    path = str(written())
    code, said, _ = baton("experiment", path, "--dry-run")
    assert (
        code == 0
        and "3 of 8 points cannot be run (3 such as: liaison.count = 5 must be less than the 2 marketers" in said
    )
    told = json.loads(baton("experiment", path, "--dry-run", "--json")[1])["impossible"]
    assert (told["points"], told["of"]) == (3, 8)
    code, _, err = baton("experiment", path, "-o", tmp_path / "store")
    assert code == 5 and "3 of 8 points cannot be run" in err


def test_python_warns_before_the_first_run(written, tmp_path):
    with pytest.warns(Told, match="3 of 8 points"):
        store = sim.sweep(sim.read_experiment(written()), tmp_path / "store")
    assert len(store.failed) == 3


@pytest.mark.parametrize("method, sample", [("saltelli", "points = 8"), ("morris", "points = 4")])
def test_a_design_of_blocks_is_refused_where_it_has_gaps(written, tmp_path, method, sample):
    made = sim.read_experiment(written("{ low = 0, high = 24 }", method, sample))
    with pytest.raises(InputError, match=rf'points cannot be run .* method = "{method}" needs every point'):
        sim.sweep(made, tmp_path / "store")
    assert not (tmp_path / "store").exists()


def test_the_documented_bounds_can_all_be_run(tmp_path):
    """Liaisons end where the base has no marketer left; distance and cost take all of theirs."""
    path = tmp_path / "bounds.toml"
    names = ("liaison.count", "distance.between_teams_m", "communication.cost_hours")
    lines = ['claim = "All can be run."', "days = 1", "[levers]", *(f'{name} = "bounds"' for name in names)]
    lines += ["[sample]", 'method = "sobol"', "points = 64", "[replications]", "markets = 1"]
    path.write_text("\n".join(lines), encoding="utf-8")
    made = sim.read_experiment(path)
    assert (made.factors[0].low, made.factors[0].high) == (0, 11)
    assert impossible(made).points == 0
    with warnings.catch_warnings():
        warnings.simplefilter("error", Told)
        store = sim.sweep(made, tmp_path / "store")
    assert not len(store.failed)
    assert sim.salib_problem({"liaison.count": "bounds"}, "silo")["bounds"] == [[-0.5, 11.5]]
    hired = replace(made, base=made.base.but(liaison__hired=1), sample=Sample("sobol", 64))
    assert impossible(hired).points == 0
