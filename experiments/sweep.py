"""What a sweep costs beside its bare runs: overhead, threads, memory, runs a second.

    python experiments/sweep.py
    python experiments/sweep.py --only overhead,threads --rounds 9
    python experiments/sweep.py --runs 10000 --jobs 2     # one long sweep: its rate, memory and size

  overhead  a sweep on one thread against the same compiled runs and nothing else (processor time)
  threads   the same sweep on two threads against one (wall clock: the machine must be otherwise idle)
  memory    peak memory of a process that sweeps 200 short runs, and of one that sweeps 20,000

What is compared runs in turn, so that both see the same machine: read the ratios.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from helpers import ROOT
from helpers.printing import table, write_json

from sim.model.day_zero.opening import begin
from sim.model.warm import prepare
from sim.model.wasm import MANY

Row = tuple[str, float, str, str]  # what, value, aim, note

TOML = """
title = "Speed of a sweep"
claim = "A sweep costs hardly more than its runs."
days = {days}
[levers]
trust.initial = {{ low = 0.1, high = 0.9 }}
distance.between_teams_m = {{ low = 2, high = 200, scale = "log" }}
communication.cost_hours = {{ low = 0.1, high = 2.0 }}
liaison.count = {{ low = 0, high = 3 }}
[sample]
method = "latin-hypercube"
points = {points}
[replications]
markets = {markets}
"""


def experiment(points: int, markets: int, days: int = 1300):
    from sim.study.experiments.file import parse

    return parse(TOML.format(points=points, markets=markets, days=days), Path("sweep.toml"))


def swept(made, threads: int = 1) -> tuple[float, float]:
    """Processor seconds and wall seconds of a whole sweep, its folder included."""
    from sim.study.sweep.sweep import sweep

    with tempfile.TemporaryDirectory() as folder:
        busy, began = time.process_time(), time.perf_counter()
        store = sweep(made, Path(folder) / "store", threads)
        busy, taken = time.process_time() - busy, time.perf_counter() - began
        assert store.is_complete and not len(store.failed)
    return busy, taken


def bare(made, threads: int = 1) -> tuple[float, float]:
    """Processor seconds and wall seconds of the same runs and nothing else: begin, live."""
    theories = [(made.scenario(work.point).theory, work.seed) for work in map(made.run_at, range(made.n_runs))]
    days = made.base.days
    busy, began = time.process_time(), time.perf_counter()
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(lambda each: begin(*each, days).advance(days), theories))
    return time.process_time() - busy, time.perf_counter() - began


def overhead(asked) -> list[Row]:
    made = experiment(64, max(1, asked.size // 64))
    ratios, each = [], []
    for turn in range(asked.rounds):
        taken = {which: which(made)[0] for which in ((bare, swept) if turn % 2 else (swept, bare))}
        ratios.append(taken[swept] / taken[bare])
        each.append(taken[bare] / made.n_runs)
    return [
        ("bare run, ms", statistics.median(each) * 1e3, "", f"{made.n_runs} runs of 36 people and 1,300 days"),
        ("sweep over bare", statistics.median(ratios), "<= 1.05", f"{min(ratios):.3f} to {max(ratios):.3f}"),
    ]


def threads(asked) -> list[Row]:
    made = experiment(64, max(1, asked.size // 64))
    taken = {(which, n): [] for which in (bare, swept) for n in (1, 2)}
    for turn in range(asked.rounds):
        for which, n in list(taken)[:: 1 if turn % 2 else -1]:
            taken[which, n].append(which(made, n)[1])
    ratios = {which: [a / b for a, b in zip(taken[which, 1], taken[which, 2], strict=True)] for which in (bare, swept)}
    spread = f"{min(ratios[swept]):.2f} to {max(ratios[swept]):.2f}"
    given = "what the machine gives: near 2 if nothing else runs, else measure again"
    return [
        ("sweep, two threads over one", statistics.median(ratios[swept]), ">= 1.7", spread),
        ("bare runs, two threads over one", statistics.median(ratios[bare]), "", given),
        ("runs a second on two threads", made.n_runs / statistics.median(taken[swept, 2]), "", ""),
    ]


def memory(asked) -> list[Row]:
    peaks = {}
    for runs in (200, asked.many):
        program = [sys.executable, __file__, "--child", str(runs), "--jobs", str(asked.jobs)]
        done = subprocess.run(program, capture_output=True, text=True, check=True, cwd=ROOT)
        peaks[runs] = json.loads(done.stdout)["peak_mb"]
    rows = [(f"peak memory of {runs:,} short runs, MB", peak, "", "") for runs, peak in peaks.items()]
    return [*rows, ("ratio", peaks[asked.many] / peaks[200], "about 1", "")]


def peak_mb() -> float:
    """The most memory that this process had, in MB (Linux counts in kB, macOS in bytes)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)


def child(runs: int, jobs: int) -> None:
    """Sweep short runs and tell the peak of memory, before the tables are looked at."""
    from sim.study.sweep.sweep import sweep

    made = experiment(8, runs // 8, days=65)
    with tempfile.TemporaryDirectory() as folder:
        sweep(made, Path(folder) / "store", jobs)
        print(json.dumps({"peak_mb": peak_mb()}))


def long(asked) -> list[Row]:
    """One long sweep of default runs."""
    from sim.study.sweep.sweep import sweep

    made = experiment(50, max(1, asked.runs // 50))
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        store = sweep(made, Path(folder) / "store", asked.jobs)
        taken = time.perf_counter() - began
        size = sum(path.stat().st_size for path in store.folder.rglob("*") if path.is_file())
        peak, failed = peak_mb(), len(store.failed)
    return [
        ("runs", made.n_runs, "", f"{failed} failed; 36 people, 1,300 days, {asked.jobs} at a time"),
        ("seconds", taken, "", ""),
        ("runs a second", made.n_runs / taken, "", ""),
        ("peak memory, MB", peak, "", ""),
        ("store, bytes a run", size / made.n_runs, "", ""),
    ]


PARTS = {"overhead": overhead, "threads": threads, "memory": memory}


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--only", default=",".join(PARTS), help="parts, such as overhead,threads")
    words.add_argument("--rounds", type=int, default=5, help="how often each is measured in turn (default 5)")
    words.add_argument("--size", type=int, default=128, help="runs in one measurement (default 128)")
    words.add_argument("--many", type=int, default=20_000, help="short runs of the larger sweep for memory")
    words.add_argument("--runs", type=int, help="instead: one sweep of so many default runs")
    words.add_argument("--jobs", type=int, default=2, help="runs at a time (default 2)")
    words.add_argument("--child", type=int, help=argparse.SUPPRESS)
    words.add_argument("-o", "--output", type=Path, help="also write the numbers to a JSON file")
    asked = words.parse_args()
    if asked.child:
        child(asked.child, asked.jobs)
        return
    unknown = [name for name in asked.only.split(",") if name not in PARTS]
    if unknown:
        words.error(f"no such part: {', '.join(unknown)} (there are {', '.join(PARTS)})")
    prepare(MANY)
    found = {}
    for name in ["long"] if asked.runs else asked.only.split(","):
        rows = long(asked) if asked.runs else PARTS[name](asked)
        found[name] = [dict(zip(("what", "value", "aim", "note"), row, strict=True)) for row in rows]
        print(f"\n{name}\n" + table(["", "measured", "aim", ""], [list(row) for row in rows]), flush=True)
    if asked.output:
        write_json(asked.output, found)


if __name__ == "__main__":
    main()
