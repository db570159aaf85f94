"""A theory is lived plain before it is compiled: what fails, or never ends, has a line then; compiled code has none.

In a process of its own, where every rule is the Python it is written in.
"""

from __future__ import annotations

import json
import os
import pickle
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from sim.errors import InputError
from sim.files.own_day import own_line
from sim.model import hashes
from sim.model.day_zero import opening
from sim.run import changes_to_come, live_until
from sim.scenario import Scenario

PATIENCE = 20  # seconds of a processor's time for one day: a plain day of a thousand people takes a tenth of it
TRIES, FOUND = "tries", "found.json"
Ends = dict[int, int] | str  # of each market the hash of its end; or why a day failed, with the theory's own line


def plainly(tries: Sequence[tuple[Scenario, Sequence[int]]]) -> list[Ends]:
    """Live scenarios in some markets by plain rules: what each comes to, until one fails.

    Raises
    ------
    InputError
        The process itself ended: a rule ended it, or the machine did.
    """
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, TRIES).write_bytes(pickle.dumps([(each, list(seeds)) for each, seeds in tries]))
        call = f"from sim.contract.plain_first import live_all; live_all({folder!r})"
        done = subprocess.run([sys.executable, "-c", call], env=environment, capture_output=True, text=True)
        found = Path(folder, FOUND)
        if done.returncode or not found.is_file():
            last = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
            raise InputError(f"the day ends the process that lives it ({last})")
        told = json.loads(found.read_text(encoding="utf-8"))
    return [each if isinstance(each, str) else {int(seed): end for seed, end in each.items()} for each in told]


def live_all(folder: str) -> None:
    """Run in the child process: write down what came of each try."""
    found: list[Ends] = []
    for scenario, seeds in pickle.loads(Path(folder, TRIES).read_bytes()):
        try:
            found.append({seed: _end(scenario, seed) for seed in seeds})
        except InputError as fault:
            found.append("; ".join(fault.problems))
            break
    Path(folder, FOUND).write_text(json.dumps(found), encoding="utf-8")


def _end(scenario: Scenario, seed: int) -> int:
    simulation = opening.begin(scenario.theory, seed, scenario.days, scenario.load_organization())
    coming = changes_to_come(scenario, simulation)
    for day in range(1, scenario.days + 1):
        _watch(PATIENCE)
        live_until(day, simulation, coming)
    _watch(0)
    return int(hashes.state_hash(simulation.firm))


def _watch(seconds: int) -> None:
    """End a day that takes so long (0: no more watching), where the system has such a clock."""
    if hasattr(signal, "setitimer"):
        signal.signal(signal.SIGVTALRM, _too_long)
        signal.setitimer(signal.ITIMER_VIRTUAL, seconds)


def _too_long(number: int, frame) -> None:
    raise InputError(f"{own_line(frame)}: a day does not come to an end (stopped after {PATIENCE} s of work)")
