"""A long sweep on workers that are killed on the way: memory over time, what a run costs beside its days."""

from __future__ import annotations

import os
import resource
import signal
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import numpy as np
import psutil

from sim.study.experiments.experiment import Experiment, Work
from sim.study.experiments.file import parse
from sim.study.store.parts import BLOCK, part_name
from sim.study.store.writer import StoreWriter
from sim.study.sweep.cluster import connected, sweep_on_cluster
from sim.study.sweep.sweep import run_batch, sweep

# A market is a part, so that parts of a few markets can be made again without the others, byte for byte.
TINY = f"""
title = "A long store"
claim = "Memory stays flat and nothing is lost."
days = 5

[levers]
trust.initial = {{ low = 0.2, high = 0.6 }}

[outcomes]
names = ["net_value", "revenue", "won"]

[sample]
method = "latin-hypercube"
points = {BLOCK}
"""
SMALL_FIRM = {"workforce.marketers": 1, "workforce.salespeople": 2}
AGAIN = 4  # markets that are lived again on threads
IDLE = 5.0  # seconds in which a cluster has nothing to do
EVERY = 0.5  # seconds between two looks at the memory
SETTLED = 0.2  # of the sweep: before, libraries are still being loaded and buffers filled


class Look(NamedTuple):
    """How much memory (MB) the process that asked and the largest worker had, when so many runs were done."""

    seconds: float
    done: int
    host: float
    worker: float


def experiment(runs: int) -> Experiment:
    """So many runs, in whole parts, of a firm of three people and five days."""
    made = parse(TINY, Path("long.toml"))
    return made.but(base=made.base.but(SMALL_FIRM), markets=range(max(AGAIN, runs // BLOCK)))


class Lives:
    """What a worker does with a batch, and notes of what it took, a file a process, which a killed one leaves."""

    def __init__(self, folder: Path, hollow: bool):
        self.folder, self.do = folder, rows_of_nothing if hollow else run_batch

    def __call__(self, asked: Experiment, work: list[Work]) -> list[dict]:
        began, busy = time.process_time(), time.thread_time()
        rows = self.do(asked, work)
        lived, ended = time.thread_time() - busy, time.process_time()
        with open(self.folder / str(os.getpid()), "a") as file:
            file.write(f"{began} {ended} {lived} {len(work)}\n")
        return rows

    def spent(self) -> dict[str, float]:
        """Processor seconds of all workers, and how many runs they lived: what came twice is counted twice."""
        notes = [np.loadtxt(path, ndmin=2) for path in self.folder.iterdir()]
        return {
            "begin": sum(note[0, 0] for note in notes),
            "beside": sum(note[-1, 1] - note[0, 0] - note[:, 2].sum() for note in notes),
            "lived": sum(note[:, 2].sum() for note in notes),
            "runs": sum(note[:, 3].sum() for note in notes),
        }


def rows_of_nothing(asked: Experiment, work: list[Work]) -> list[dict]:
    """Rows as of runs that cost nothing: what is left is the way to the store. Numbers differ as those of runs do."""
    rows = []
    for each in work:
        dice = np.random.default_rng([each.seed, each.point])
        found = dict(zip(asked.outcomes, dice.normal(size=len(asked.outcomes)).tolist(), strict=True))
        row = {"status": "done", "reason": None, "market": f"{each.seed:016x}", "diary": f"{dice.integers(2**32):08x}"}
        rows.append({**each._asdict(), **row, "broke": None, "outcomes": found, "series": None})
    return rows


class Watch:
    """Kills a worker now and then while a sweep goes on, and looks at the memory."""

    def __init__(self, nannies: dict, runs: int, kills: int, say: Callable[[str], object]):
        self.nannies, self.runs, self.say = nannies, runs, say
        self.at = [runs * (number + 1) // (kills + 1) for number in range(kills)]
        self.looks: list[Look] = []
        self.killed: list[int] = []
        self.done, self.began, self.busy, self.over = 0, 0.0, 0.0, threading.Event()

    def progress(self, done: int, all_: int) -> None:
        if not self.began:
            self.began, self.busy = time.perf_counter(), time.process_time()
        if done * 20 // self.runs > self.done * 20 // self.runs and self.looks:
            at = self.looks[-1]
            self.say(f"{done:,} runs, {at.seconds:.0f} s, {at.host:.0f} MB here, {at.worker:.0f} MB in a worker")
        self.done = done
        if len(self.killed) < len(self.at) and done >= self.at[len(self.killed)]:
            pid = list(self.nannies.values())[len(self.killed) % len(self.nannies)].pid
            if pid and pid not in self.killed:  # else it is being begun again
                os.kill(pid, signal.SIGKILL)
                self.killed.append(pid)

    @contextmanager
    def looking(self) -> Iterator[None]:
        thread = threading.Thread(target=self._look, daemon=True)
        thread.start()
        try:
            yield
        finally:
            self.over.set()
            thread.join()

    def _look(self) -> None:
        while not self.over.wait(EVERY):
            if self.began:
                sizes = [megabytes(each.pid) for each in list(self.nannies.values()) if each.pid]
                taken = time.perf_counter() - self.began
                self.looks.append(Look(taken, self.done, megabytes(os.getpid()), max(sizes, default=0.0)))


def megabytes(pid: int) -> float:
    """The memory that a process has now; 0 if it has died."""
    try:
        return psutil.Process(pid).memory_info().rss / 1e6
    except psutil.Error:
        return 0.0


def grown(looks: list[Look], name: str) -> float:
    """How much a process's memory (MB) rose from the first half of a settled sweep to the second, by medians."""
    settled = [each for each in looks if each.done > SETTLED * looks[-1].done]
    halves = settled[: len(settled) // 2], settled[len(settled) // 2 :]
    first, second = (float(np.median([getattr(each, name) for each in half] or [0.0])) for half in halves)
    return second - first


def long_store(runs: int, workers: int = 2, kills: int = 5, hollow: bool = False, say: Callable = print) -> dict:
    """Sweep so many tiny runs on workers of this machine, some of which are killed, and tell what it took.

    Returns
    -------
    dict
        runs, workers, seconds, kills; `idle` (processor s a second of a cluster that waits); processor ms a run: `host`
        (the process that asked), `beside` (workers, beside what they live), `lived` (the runs); `begin` (processor s
        of a worker's start); `again` (runs that were lived twice); `looks`; `host_grew`, `worker_grew` (MB); `bytes`
        a run on the disk, and `files`; `whole` (every run is there once, and done); `same` (parts that have the bytes
        of a store made on threads); `read` (s and MB to read all runs as a table), `table_bytes` a run of it.
    """
    made = experiment(runs)
    with tempfile.TemporaryDirectory() as place:
        work = Path(place)
        (work / "notes").mkdir()
        lives = Lives(work / "notes", hollow)
        with connected(f"local:{workers}", say) as client:
            watch = Watch(client.cluster.workers, made.n_runs, kills, say)
            busy = time.process_time()
            time.sleep(IDLE)
            idle = (time.process_time() - busy) / IDLE
            with watch.looking():
                address = client.scheduler.address
                store = sweep_on_cluster(made, work / "store", address, watch.progress, say, lives)
            seconds, host = time.perf_counter() - watch.began, time.process_time() - watch.busy
        spent = lives.spent()
        files = [path.stat().st_size for path in store.folder.rglob("*") if path.is_file()]
        same = same_on_threads(made, store.folder, work, hollow)
        before, began = megabytes(os.getpid()), time.perf_counter()
        table = store.runs
        read = time.perf_counter() - began, megabytes(os.getpid()) - before
        keys = table[["seed", "point", "arm"]]
        whole = (
            store.is_complete
            and len(table) == made.n_runs
            and not keys.duplicated().any()
            and (table["status"] == "done").all()
        )
    each = 1e3 / made.n_runs
    return {
        "runs": made.n_runs, "workers": workers, "seconds": seconds, "kills": len(watch.killed), "idle": idle,
        "host": host * each, "beside": spent["beside"] * each, "lived": spent["lived"] / spent["runs"] * 1e3,
        "begin": spent["begin"] / (workers + len(watch.killed)), "again": spent["runs"] - made.n_runs,
        "looks": watch.looks, "host_grew": grown(watch.looks, "host"), "worker_grew": grown(watch.looks, "worker"),
        "bytes": sum(files) / made.n_runs, "files": len(files), "whole": bool(whole),
        "same": same, "read": read, "table_bytes": float(table.memory_usage(deep=True).sum() / len(table)),
    }  # fmt: skip


def same_on_threads(made: Experiment, folder: Path, work: Path, hollow: bool) -> int:
    """How many parts, from the first market to the last, have the bytes of those of a store made on threads."""
    chosen = np.linspace(0, len(made.markets) - 1, AGAIN).round().astype(int).tolist()
    few = made.but(markets=[made.markets[place] for place in chosen])
    if hollow:
        with StoreWriter(work / "threads", few) as writer:
            writer.add(rows_of_nothing(few, list(writer.missing())))
    else:
        sweep(few, work / "threads", threads=2)
    pairs = [(folder / part_name("parts", place), work / "threads" / part_name("parts", number))
             for number, place in enumerate(chosen)]  # fmt: skip
    return sum(one.read_bytes() == other.read_bytes() for one, other in pairs)


def lines(found: dict) -> list[list]:
    """The same for people: what, measured, aim."""
    looks, overhead = found["looks"], found["host"] + found["beside"]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    return [
        ["runs", float(found["runs"]), ""],
        ["seconds", found["seconds"], ""],
        ["workers killed", float(found["kills"]), ""],
        ["every run is there once, and done (1 yes)", float(found["whole"]), "1"],
        [f"parts of {AGAIN} with the bytes of threads", float(found["same"]), str(AGAIN)],
        ["runs that were lived twice", float(found["again"]), ""],
        ["overhead of a run, processor ms", overhead, "<= 1"],
        ["  of it in the process that asked", found["host"], ""],
        ["  of it in workers", found["beside"], ""],
        ["a cluster that waits, processor ms a second", found["idle"] * 1e3, ""],
        ["a run itself, processor ms", found["lived"], ""],
        ["a worker's start, processor s", found["begin"], ""],
        ["the one that asked, MB at its last look", looks[-1].host, ""],
        ["  grew in the second half by, MB", found["host_grew"], "<= 20"],
        ["the largest worker, MB at its last look", looks[-1].worker, ""],
        ["  grew in the second half by, MB", found["worker_grew"], "<= 20"],
        ["store, bytes a run", found["bytes"], ""],
        ["store, files", float(found["files"]), ""],
        ["to read all runs as a table, s", found["read"][0], ""],
        ["  and MB", found["read"][1], ""],
        ["  the table itself, bytes a run", found["table_bytes"], ""],
        ["peak of the one that asked, MB, reading too", peak, ""],
    ]
