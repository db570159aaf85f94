"""Stop, save, go on elsewhere; fused, daily and plain: always the same bits."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import house
import numpy as np
import pytest

import sim
from sim.model import memory
from sim.model.day_zero import change, opening
from sim.model.drive import Simulation
from sim.model.firm import CUSTOMERS, LEADS, YEAR
from sim.model.hashes import state_hash
from sim.result import saved
from sim.run import changes_to_come, live_until, run

SHIPPED = sorted(set(sim.shipped()) - house.NEEDS_OTHER_DATA)

# A process of its own that goes on from files: [[state, scenario in TOML or null, to day], ...] gives hashes.
GO_ON = """
import json, sys
from sim.model.hashes import state_hash
from sim.run import run
from sim.scenario import read
for state, scenario, until in json.loads(sys.argv[1]):
    print(state_hash(run(read(scenario), from_state=state, until=until).state.firm))
"""
# The same from day 0 on: [[scenario, seed, days], ...].
LIVE = """
import json, sys
from sim.model.hashes import state_hash
from sim.run import run
for scenario, seed, days in json.loads(sys.argv[1]):
    print(state_hash(run(scenario, seed, until=days).state.firm))
"""


def elsewhere(program: str, asked: list, plain: bool = False) -> list[int]:
    """What a new process prints."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    if plain:
        environment["NUMBA_DISABLE_JIT"] = "1"
    arguments = [sys.executable, "-c", program, json.dumps(asked)]
    done = subprocess.run(arguments, env=environment, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr[-2000:]
    return [int(line) for line in done.stdout.split()]


def hash_of(each) -> int:
    return int(state_hash(each.state.firm))


def shrunk(simulation: Simulation) -> Simulation:
    """The same organization with hardly any room left in its pools."""
    firm = simulation.firm
    leads, customers = int(firm.ledger["n_leads"][0]), int(firm.ledger["n_customers"][0])
    simulation.firm = firm._replace(leads=firm.leads[:leads].copy(), customers=firm.customers[:customers].copy())
    return simulation


def test_going_on_from_a_file_in_a_new_process(tmp_path):
    """Random days, deals open, pools full to the brim: the same bits as never having stopped."""
    random = np.random.default_rng(2024)
    asked, expected = [], []
    for name in ("default", "growth", "bad-leads", "liaison-leaves", "company-example"):
        end = 720 if name in ("bad-leads", "liaison-leaves") else 300
        day, seed = int(random.integers(10, end - 10)), int(random.integers(1000))
        stopped = shrunk(run(name, seed, until=day).state)
        assert stopped.firm.ledger["open_deals"][0] > 0
        assert memory.pools_nearly_full(stopped.firm, 1)
        path = tmp_path / f"{name}.npz"
        saved.save(stopped, path)
        asked.append([str(path), name, end])
        expected.append(hash_of(run(name, seed, until=end)))
    assert elsewhere(GO_ON, asked) == expected


def test_going_on_under_other_levers(tmp_path):
    """A branch is the same whether its state was kept in memory or in a file; and the trunk is untouched."""
    trunk = run("silo", 8, until=200).state
    before = state_hash(trunk.firm)
    path = tmp_path / "trunk.npz"
    saved.save(trunk, path)
    asked, expected = [], []
    for place, levers in enumerate([
        {"liaison.count": 1}, {"distance.between_teams_m": 8.0}, {"structure.kind": 3},
        {"workforce.salespeople": 30, "workforce.marketers": 9}, {"market.size": 1.5},
    ]):  # fmt: skip
        branch = sim.read("silo").but(levers)
        file = tmp_path / f"branch{place}.toml"
        file.write_text(branch.to_toml(), encoding="utf-8")
        asked.append([str(path), str(file), 280])
        expected.append(hash_of(run(branch, from_state=trunk, until=280)))
    assert elsewhere(GO_ON, asked) == expected
    assert len({*expected, hash_of(run("silo", 8, until=280))}) == len(expected) + 1
    assert state_hash(trunk.firm) == before


def test_a_branch_is_what_a_dated_change_does():
    """Two ways to say it: a change on day 100, or a run to day 100 and on under the new levers."""
    changed = sim.read("silo").but(changes=[sim.Change(day=100, values={"liaison.count": 1})])
    branch = run(sim.read("silo").but(liaison__count=1), from_state=run("silo", 4, until=100).state, until=200)
    assert hash_of(branch) == hash_of(run(changed, 4, until=200))


@pytest.mark.parametrize("seed", range(3))
def test_saving_every_few_days_changes_nothing(tmp_path, seed):
    random = np.random.default_rng(seed)
    scenario = sim.read("growth")
    simulation = opening.begin(scenario.theory, seed, 300)
    coming = changes_to_come(scenario, simulation)
    while simulation.day < 300:
        live_until(min(simulation.day + int(random.integers(1, 40)), 300), simulation, coming)
        saved.save(shrunk(simulation), tmp_path / "state.npz")
        simulation = saved.load(tmp_path / "state.npz")
    assert state_hash(simulation.firm) == hash_of(run(scenario.but(days=300), seed))


def test_a_copy_has_the_same_hash():
    """Of the state, not of whatever lies between the columns in memory."""
    there = run("default", 1, until=60).state
    assert state_hash(there.copy().firm) == state_hash(there.firm)


def test_a_loaded_state_needs_no_compiling(tmp_path):
    """A file forgets that columns are aligned; to the compiler that is another type, and another minute."""
    there = run("default", 1, until=20).state
    saved.save(there, tmp_path / "state.npz")
    back = saved.load(tmp_path / "state.npz")
    for name, table in there.firm._asdict().items():
        assert getattr(back.firm, name).dtype.isalignedstruct == table.dtype.isalignedstruct, name


@pytest.mark.parametrize(("spoil", "said"), [
    (lambda about: about | {"made": {"rules": "deadbeef0000"}}, "made by other rules"),
    (lambda about: about | {"made": {}}, "does not say by which rules"),
    (lambda about: about | {"theory": {"trust": {"unheard": 1.0}}}, "not a sound state"),
    (lambda about: {k: v for k, v in about.items() if k != "theory"}, "not a sound state"),
])  # fmt: skip
def test_a_state_of_other_rules_or_with_parts_missing_is_refused(tmp_path, spoil, said):
    path = tmp_path / "state.npz"
    saved.save(run("silo", 3, until=10).state, path)
    with np.load(path) as file:
        tables = dict(file)
    about = spoil(json.loads(bytes(tables.pop("about"))))
    np.savez(path, about=np.frombuffer(json.dumps(about).encode(), np.uint8), **tables)
    path.write_bytes(saved.signed(path.read_bytes()))
    with pytest.raises(sim.InputError, match=said):
        saved.load(path)


def test_pools_are_doubled_when_they_are_nearly_full():
    """The test above means something only if room really runs out."""
    stopped = shrunk(run("default", 1, until=60).state)
    room = len(stopped.firm.leads), len(stopped.firm.customers)
    stopped.advance(400)
    assert len(stopped.firm.leads) >= 2 * room[0]
    assert len(stopped.firm.customers) > room[1]
    assert stopped.firm.leads.dtype == LEADS and stopped.firm.customers.dtype == CUSTOMERS


def daily(name: str, seed: int, days: int) -> int:
    """The same life, a day at a time."""
    scenario = sim.read(name)
    simulation = opening.begin(scenario.theory, seed, scenario.days, scenario.load_organization())
    coming = changes_to_come(scenario, simulation)
    while simulation.day < days:
        live_until(simulation.day + 1, simulation, coming)
    return int(state_hash(simulation.firm))


@pytest.mark.bounds
@pytest.mark.parametrize("name", house.few(SHIPPED))
def test_fused_and_daily_have_the_same_bits(name):
    days = max([130, *(step[0] + 30 for step in sim.read(name).steps())])
    assert daily(name, 3, days) == hash_of(run(name, 3, until=days))


@pytest.mark.parametrize(
    ("names", "year"), [(house.FEW, 80), pytest.param(SHIPPED, YEAR, marks=pytest.mark.long)], ids=["few", "all"]
)
def test_fused_and_plain_have_the_same_bits(names, year):
    """Scenarios for some weeks, the default for longer; plain rules in a process of their own."""
    lives = [[name, 3, min(100, year // 2)] for name in names] + [["default", 11, year]]
    plain = elsewhere(LIVE, lives, plain=True)
    compiled = [hash_of(run(name, seed, until=days)) for name, seed, days in lives]
    assert {name: one for (name, *_), one in zip(lives, plain, strict=True)} == {
        name: one for (name, *_), one in zip(lives, compiled, strict=True)
    }


def test_changes_and_shocks_have_the_same_bits_in_plain_rules(tmp_path):
    """Whatever is done to a running organization from outside is done alike in both worlds."""
    shocks = [sim.Change(day=5 + 3 * place, values={}, shock=kind) for place, kind in enumerate(change.SHOCKS)]
    changes = [
        sim.Change(day=22, values={"liaison.count": 2}),
        sim.Change(day=25, values={"workforce.marketers": 14}, days=9),
        sim.Change(day=28, values={"structure.kind": 1}),
        sim.Change(day=30, values={"market.size": 1.7}, days=6),
    ]
    path = tmp_path / "busy.toml"
    path.write_text(sim.read("liaison").but(changes=[*shocks, *changes], days=45).to_toml(), encoding="utf-8")
    lives = [[str(path), 6, 45]]
    assert elsewhere(LIVE, lives, plain=True) == [hash_of(run(str(path), 6))]


@pytest.mark.reference
def test_daily_and_fused_have_the_same_bits_in_plain_rules():
    """In the second pass both are plain."""
    assert daily("small-simple", 3, 70) == hash_of(run("small-simple", 3, until=70))
