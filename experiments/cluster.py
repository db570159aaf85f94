"""How much faster two Dask workers on this machine are than one thread, in turn, and whether the files are the same.

    python experiments/cluster.py
    python experiments/cluster.py --runs 2000 --rounds 5 --workers 4
    python experiments/cluster.py --store 100000 --kills 5   # instead: one long store, workers killed on the way
    python experiments/cluster.py --store 1000000 --hollow   # the same of runs that cost nothing

Each round runs the same sweep of default five-year runs on one thread and on
the workers, in an order that alternates; the workers are begun once, before
the first round, and what that takes is told apart.

A long store is of tiny runs (three people, five days), so that what is
measured is what a run costs beside its days: processor time and memory of the
process that asked and of its workers, and whether every run is there.
"""

from __future__ import annotations

import argparse
import filecmp
import statistics
import tempfile
import time
from functools import partial
from pathlib import Path

from helpers.printing import table, write_json
from helpers.speed.long_store import lines, long_store

from sim.study.experiments.experiment import Experiment, read_experiment
from sim.study.sweep.cluster import connected, sweep_on_cluster
from sim.study.sweep.sweep import sweep

FILE = """
title = "Speed on a cluster"
claim = "Two workers are 1.6 times as fast as one thread."

[levers]
trust.initial = {{ low = 0.2, high = 0.6 }}

[sample]
method = "latin-hypercube"
points = {points}

[replications]
markets = 20
first = 30000
"""


def timed(work) -> tuple[float, Path]:
    """Seconds, and the folder of the store."""
    began = time.perf_counter()
    store = work()
    return time.perf_counter() - began, store.folder


def same(one: Path, other: Path) -> bool:
    """Whether two stores are the same byte for byte."""
    names = [str(path.relative_to(one)) for path in one.rglob("*") if path.is_file()]
    return filecmp.cmpfiles(one, other, names, shallow=False)[0] == names


def rounds(experiment: Experiment, work: Path, workers: int, count: int) -> dict:
    """Seconds of each round on one thread and on the workers, and what beginning the workers took."""
    began = time.perf_counter()
    with connected(f"local:{workers}", print) as client:
        sweep_on_cluster(small(experiment, work), work / "warm", client.scheduler.address)
        found: dict = {"begin": time.perf_counter() - began, "one": [], "cluster": [], "same": []}
        for number in range(count):
            ways = {
                "one": lambda n=number: sweep(experiment, work / f"one-{n}", threads=1),
                "cluster": lambda n=number: sweep_on_cluster(
                    experiment, work / f"cluster-{n}", client.scheduler.address
                ),
            }
            folders = {}
            for name in sorted(ways, reverse=bool(number % 2)):
                seconds, folders[name] = timed(ways[name])
                found[name].append(seconds)
            found["same"].append(same(folders["one"], folders["cluster"]))
            one, many = found["one"][-1], found["cluster"][-1]
            alike = "the same" if found["same"][-1] else "DIFFERENT"
            said = f"one thread {one:.1f} s, {workers} workers {many:.1f} s, ratio {one / many:.2f}, files {alike}"
            print(f"round {number + 1}: {said}", flush=True)
    return found


def small(experiment: Experiment, work: Path) -> Experiment:
    """A few runs, so that every worker has loaded the rules before the clock starts."""
    path = work / "warm.toml"
    path.write_text(experiment.text.replace("markets = 20", "markets = 1"))
    return read_experiment(path)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=1000, help="runs of a sweep (default %(default)s)")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("-o", "--output", type=Path, help="also write JSON to this file")
    parser.add_argument("--store", type=int, metavar="RUNS", help="one store of so many tiny runs, instead")
    parser.add_argument("--kills", type=int, default=5, help="workers killed on the way (default %(default)s)")
    parser.add_argument("--hollow", action="store_true", help="rows that no run has found: the way to the store alone")
    asked = parser.parse_args()
    if asked.store:
        say = partial(print, flush=True)
        found = long_store(asked.store, asked.workers, asked.kills, asked.hollow, say)
        print(table(["", "measured", "aim"], lines(found)))
        write_json(asked.output, found)
        return
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        path = work / "speed.toml"
        path.write_text(FILE.format(points=max(1, asked.runs // 20)))
        experiment = read_experiment(path)
        found = rounds(experiment, work, asked.workers, asked.rounds)
    ratios = [one / other for one, other in zip(found["one"], found["cluster"], strict=True)]
    found |= {"runs": experiment.n_runs, "ratio": statistics.median(ratios)}
    print(f"{experiment.n_runs} runs; {asked.workers} workers begun in {found['begin']:.1f} s")
    print(f"ratio: median {found['ratio']:.2f}, lowest {min(ratios):.2f}; files the same: {sum(found['same'])} rounds")
    write_json(asked.output, found)


if __name__ == "__main__":
    main()
