"""Does Baton work on this machine? A few checks, each with what was found."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path


def checks() -> Iterator[tuple[str, bool, str]]:
    """One after the other: what was checked, whether it is well, and what was found."""
    for name, check in (("versions", _versions), ("rules", _rules), ("scenarios", _scenarios), ("memory", _memory),
                        ("a short run", _run), ("same bits", _same_bits), ("writing", _writing)):  # fmt: skip
        try:
            good, said = check()
        except Exception as fault:  # a check that fails is an answer, not an end
            good, said = False, f"{type(fault).__name__}: {fault}"
        yield name, good, said


def _versions() -> tuple[bool, str]:
    from sim.files.provenance import made_by

    return True, ", ".join(f"{n} {v}" for n, v in made_by().items())


def _rules() -> tuple[bool, str]:
    from sim.files import cache
    from sim.model import kernel, wasm

    if not kernel.COMPILED:
        return True, "plain Python (NUMBA_DISABLE_JIT is set): right, and about a hundred times slower"
    if kernel.CACHE is None:
        return False, f"compiled anew in every process: {kernel.WHY_NO_CACHE}; {cache.CURE}"
    if hurt := cache.damaged(kernel.CACHE):
        n = f"{len(hurt)} file{'s are' if len(hurt) > 1 else ' is'} damaged in {kernel.CACHE} ({hurt[0].name})"
        return False, f"{n}: compiled again when needed, or delete that folder"
    later = "when many runs are asked for; until then they live by the module" if wasm.fits() else "on the first run"
    return True, f"{'compiled' if kernel.is_compiled() else f'to be compiled {later}'}, kept in {kernel.CACHE}"


def _scenarios() -> tuple[bool, str]:
    from sim.scenario import read, shipped

    names = sorted(shipped())
    for name in names:
        read(name)
    return bool(names), f"{len(names)} shipped, all right"


def _memory() -> tuple[bool, str]:
    from sim.errors import size
    from sim.model.memory import estimate_bytes
    from sim.run import free_bytes
    from sim.scenario import read

    scenario = read()
    needed, free = estimate_bytes(scenario.theory, scenario.days), free_bytes()
    said = f"{size(free)} free" if free else "free memory unknown"
    return not free or needed < free, f"{said}, the default needs {needed / 1e6:.0f} MB; {os.cpu_count()} processors"


def _run() -> tuple[bool, str]:
    import time

    from sim.run import run

    begun = time.perf_counter()
    first = run(None, 0, until=130)
    spent = time.perf_counter() - begun
    again = run(None, 0, until=130)
    same = first.about["state"] == again.about["state"]
    return (
        same,
        f"130 days in {spent:.2f} s, twice the same (state {first.about['state']})" if same else "two runs differ",
    )


def _same_bits() -> tuple[bool, str]:
    """A quarter by compiled rules, and in a process of its own by the plain Python they are written in."""
    from sim.model import warm, wasm
    from sim.run import run

    warm.prepare(wasm.MANY)
    call = "from sim.run import run; import sys; sys.stdout.write(run(None, 0, until=65).about['state'])"
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    done = subprocess.run([sys.executable, "-c", call], env=environment, capture_output=True, text=True)
    if done.returncode:
        return False, f"the plain rules end in an error: {done.stderr.strip().splitlines()[-1]}"
    same = run(None, 0, until=65).about["state"] == done.stdout.strip()
    return same, f"compiled and plain rules {'give the same' if same else 'give other'} bits after 65 days"


def _writing() -> tuple[bool, str]:
    from sim.result import load
    from sim.run import run

    with tempfile.TemporaryDirectory() as folder:
        result = run(None, 0, until=65)
        result.save(Path(folder) / "out")
        same = load(Path(folder) / "out").daily.equals(result.daily)
    return same, "a run was saved and read back" if same else "a saved run reads back different"
