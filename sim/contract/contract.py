"""What any day must promise, whoever wrote it: run this on a theory of your own.

    from sim.contract import check_day
    print(check_day(my_day))

Every broken promise is told in a sentence, all of them at once.
"""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from sim.arguments import days_of, markets
from sim.contract.every_night import books, day_by_day
from sim.errors import InputError
from sim.files.own_day import as_step
from sim.model import drive, hashes
from sim.model.day_zero import opening
from sim.model.firm import QUARTER, Firm
from sim.model.memory import widened
from sim.result import saved
from sim.run import broke, changes_to_come, live_until
from sim.scenario import Scenario, read

__all__ = ["PROMISES", "ContractError", "Report", "check_day"]

PROMISES = {
    "leads": "Leads are conserved: each in exactly one state, none forgotten, none changes its past.",
    "customers": "Customers are conserved, and each active one has a day to renew.",
    "hours": "Hours are finite and never negative.",
    "money": "The money adds up: recurring revenue is its customers', and each day's books close.",
    "bounds": "Every quantity stays within the bounds of its documentation.",
    "same": "The same market gives the same bits again.",
    "stop": "Stopping every night, saving and going on changes nothing.",
    "room": "No rule reads a capacity: pools with more room give the same bits.",
    "idle": "An idle extra person changes nobody else.",
    "plain": "Compiled and plain rules give the same bits.",
}
ROWS = {  # rows of people
    "links": ("other",),
    "ties": ("m", "s"),
    "mates": ("a", "b"),
    "leads": ("m", "s"),
    "customers": ("m", "s"),
}
EXTRA = 3  # code of an idle person's team in a seat number
MOST = 5  # sentences of one kind before the rest is only counted


class ContractError(AssertionError):
    """A day broke its promises: `broken` holds one sentence for each."""

    def __init__(self, broken: Sequence[str]):
        self.broken = list(broken)
        super().__init__("\n".join(self.broken))


@dataclass
class Report:
    """What was tried and held."""

    day: str
    days: int
    seeds: tuple[int, ...]
    kept: tuple[str, ...]
    hashes: dict[int, int] = field(default_factory=dict)

    def __str__(self) -> str:
        markets = ", ".join(map(str, self.seeds))
        return "\n".join(
            [f"{self.day}: {self.days} days in the markets {markets}", *(f"  kept: {k}" for k in self.kept)]
        )


def check_day(
    day: Callable | None = None,
    scenario: Scenario | str | Path | None = None,
    days: int = 130,
    seeds: Sequence[int] = (0, 1),
    plain: bool = False,
) -> Report:
    """Try a day function, and raise an error that lists every promise it broke.

    Parameters
    ----------
    day : function (firm, theory, dice)
        Yours, compiled (`sim.model.kernel.guest`) or as written; None is the scenario's: its theory's, or the model's.
    scenario : Scenario, name of a shipped scenario, or path; None is the default
    days : int
        Working days to live.
    seeds : sequence of int
        Markets to try.
    plain : bool
        Also compare compiled with plain rules. The plain ones run in a process of their
        own, and take about 3 ms a day for 36 people.

    Returns
    -------
    Report

    Raises
    ------
    ContractError
        At least one promise was broken.
    """
    scenario = read(scenario)
    days, seeds = days_of("days", days, least=0), markets(seeds)
    scenario = scenario.but(days=max(days, 1), changes=tuple(c for c in scenario.changes if c.day < days))
    scenario.load_organization()  # faults of the input are told as such
    step = None if day is None else as_step(day)
    broken: dict[str, list[str]] = {name: [] for name in PROMISES}
    hashes = {}
    for seed in seeds:
        try:
            hashes[seed] = _one_market(scenario, seed, step, broken)
        except Exception as fault:  # a day of a stranger may fail in any way; that is a finding too
            said = fault if isinstance(fault, InputError) else f"{type(fault).__name__}: {fault}"
            broken["same"].append(f"market {seed}: the day ends in an error, {said}")
    if plain and not any(broken.values()):
        broken["plain"] += _against_plain(day, scenario, hashes)
    said = [sentence for name, found in broken.items() if found for sentence in [PROMISES[name], *_few(found)]]
    if said:
        raise ContractError(said)
    kept = tuple(sentence for name, sentence in PROMISES.items() if plain or name != "plain")
    name = scenario.own_theory.called if scenario.own_theory else getattr(day, "__name__", "the model's own day")
    return Report(name, days, tuple(seeds), kept, hashes)


def _few(found: list[str]) -> list[str]:
    more = [f"  … and {len(found) - MOST} more like this"] if len(found) > MOST else []
    return [f"  {sentence}" for sentence in found[:MOST]] + more


def _begin(scenario: Scenario, seed: int) -> drive.Simulation:
    return opening.begin(scenario.theory, seed, scenario.days, scenario.load_organization())


def _lived(simulation: drive.Simulation, scenario: Scenario, step) -> drive.Simulation:
    live_until(scenario.days, simulation, changes_to_come(scenario, simulation), step)
    return simulation


def _one_market(scenario: Scenario, seed: int, step, broken: dict[str, list[str]]) -> int:
    """Live through one market in several ways; returns the hash of the end."""
    where = f"market {seed}"
    whole = _lived(_begin(scenario, seed), scenario, step)
    end = int(hashes.state_hash(whole.firm))
    if int(hashes.state_hash(_lived(_begin(scenario, seed), scenario, step).firm)) != end:
        broken["same"].append(f"{where}: two runs of {scenario.days} days end differently")
    nightly = _nightly(scenario, seed, step, broken)
    if int(hashes.state_hash(nightly.firm)) != end:
        broken["stop"].append(f"{where}: {differing(nightly.firm, whole.firm)} differ from a run in one go")
    roomy = _begin(scenario, seed)
    roomy.firm = roomy.firm._replace(leads=_wider(roomy.firm.leads), customers=_wider(roomy.firm.customers))
    if int(hashes.state_hash(_lived(roomy, scenario, step).firm)) != end:
        broken["room"].append(f"{where}: {differing(roomy.firm, whole.firm)} differ when the pools have more room")
    more = scenario.but(workforce__idle=scenario.theory.workforce.idle + 1)
    crowded = without_last_idle(_lived(_begin(more, seed), more, step).firm)
    told = differing(crowded, whole.firm)
    if told:
        broken["idle"].append(f"{where}: with one idle person more, {told} differ")
    return end


def _wider(table: np.ndarray) -> np.ndarray:
    return widened(table, 4 * len(table) + 7)  # as the model does it: to the compiler still the same type


def _nightly(scenario: Scenario, seed: int, step, broken: dict[str, list[str]]) -> drive.Simulation:
    """Live day by day, looking at the books each night; once in a while the state goes through a file."""
    simulation = _begin(scenario, seed)
    coming = changes_to_come(scenario, simulation)
    before, seen = None, set()
    while simulation.day < scenario.days and not broke(simulation):
        live_until(simulation.day + 1, simulation, coming, step)
        found = books(simulation) + (day_by_day(before, simulation) if before is not None else [])
        for promise, sentence in found:
            if (promise, sentence) not in seen:  # the first night is enough
                seen.add((promise, sentence))
                broken[promise].append(f"market {seed}, day {simulation.day - 1}: {sentence}")
        before = simulation.copy()
        if simulation.day % QUARTER == QUARTER // 2:
            with tempfile.TemporaryDirectory() as folder:
                saved.save(simulation, Path(folder) / "state.npz")
                again = saved.load(Path(folder) / "state.npz")
                again.theory, simulation = (
                    simulation.theory,
                    again,
                )  # a state says by which theory, and does not hold it
    return simulation


def without_last_idle(firm: Firm) -> Firm:
    """The firm without its last idle person, every row that pointed past it moved up by one."""
    seats = firm.people["seat"]
    idle = np.flatnonzero(seats % 4 == EXTRA)
    gone = int(idle[np.argmax(seats[idle])])
    kept = np.arange(len(seats)) != gone
    new = np.where(kept, np.cumsum(kept) - 1, len(seats))  # a pointer at the idle person stays wrong on purpose
    fixed = {name: getattr(firm, name)[kept] for name in ("people", "beliefs", "guest")}
    for name, columns in ROWS.items():
        table = getattr(firm, name).copy()
        for column in columns:
            rows = table[column]
            table[column] = np.where(rows >= 0, new[np.clip(rows, 0, None)], rows)
        fixed[name] = table
    moved = np.where(firm.patches >= 0, new[np.clip(firm.patches, 0, None)], firm.patches)
    fixed["patches"] = moved.astype(firm.patches.dtype)
    fixed["ledger"] = firm.ledger.copy()
    fixed["ledger"]["n_people"] -= 1
    return firm._replace(**fixed)


def differing(one: Firm, other: Firm) -> str:
    """The fields in which two firms differ, in words; empty if none does."""
    found = []
    for name in Firm._fields:
        a, b = getattr(one, name), getattr(other, name)
        if name == "tray":  # nothing on it outlives a rule
            continue
        if name in ("leads", "customers", "pages"):
            a, b = a[: int(one.ledger[f"n_{name}"][0])], b[: int(other.ledger[f"n_{name}"][0])]
        if len(a) != len(b):
            found.append(f"the number of {name} ({len(a)} and {len(b)})")
        elif a.dtype.names:
            found += [f"{name}.{column}" for column in a.dtype.names if a[column].tobytes() != b[column].tobytes()]
        elif a.tobytes() != b.tobytes():
            found.append(name)
    more = f" and {len(found) - 2 * MOST} more fields" if len(found) > 2 * MOST else ""
    return ", ".join(found[: 2 * MOST]) + more


def _against_plain(day: Callable | None, scenario: Scenario, hashes: dict[int, int]) -> list[str]:
    """The same days in a process in which every rule is the plain Python it is written in."""
    own = getattr(day, "py_func", day)
    about = {
        "file": own.__code__.co_filename if own else None,
        "name": own.__name__ if own else None,
        "seeds": list(hashes),
    }
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "scenario").write_bytes(pickle.dumps(scenario))
        given = f"{json.dumps(json.dumps(about))}, {folder!r}"
        call = f"from sim.contract.contract import _plain_hashes; _plain_hashes({given})"
        done = subprocess.run([sys.executable, "-c", call], env=environment, capture_output=True, text=True)
    if done.returncode:
        return [f"the plain rules end in an error: {done.stderr.strip().splitlines()[-1]}"]
    found = {int(seed): int(end) for seed, end in json.loads(done.stdout.splitlines()[-1]).items()}
    return [
        f"market {seed}: plain rules end elsewhere than compiled ones" for seed in hashes if found[seed] != hashes[seed]
    ]


def _plain_hashes(about: str, folder: str) -> None:
    """Run in the child process: print the hash of each market's end."""
    from runpy import run_path

    asked = json.loads(about)
    scenario = pickle.loads(Path(folder, "scenario").read_bytes())
    step = run_path(asked["file"])[asked["name"]] if asked["file"] else None
    ends = {
        seed: int(hashes.state_hash(_lived(_begin(scenario, seed), scenario, step).firm)) for seed in asked["seeds"]
    }
    print(json.dumps(ends))
