"""Speed and memory, everything measured in turn in one program, as ratios with the aim beside.

    python experiments/speed.py
    python experiments/speed.py --only a,c --rounds 3
    python experiments/speed.py --only d --sizes 36,36000 --rounds 9

  a  a default run compiled, one thread, against the same rules in plain Python
  b  person-days a second against the agent-steps a second of a light Mesa model
  c  cost of a person-day against the floor of its own draws and array touches
  d  cost of a person-day and memory from 36 to 36,000 people
  e  first compilation, then `baton run` and `baton --help` from a warm cache
  f  many default runs on two threads against one, bit for bit the same
  g  replicates saved by running two organizations on the same market

Times are processor time of one thread, except in e and f (wall clock: there the
machine must be otherwise idle). Seconds depend on the machine: read the ratios.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from helpers import ROOT
from helpers.lab import Lab, block
from helpers.printing import number, table, write_json

from sim.model.day_zero.opening import begin
from sim.model.firm import CUSTOMERS, LEADS
from sim.model.hashes import state_hash
from sim.model.theory import Theory, with_values
from sim.model.warm import prepare
from sim.model.wasm import MANY

COMPILE = "from sim.model.warm import prepare; from sim.model.wasm import MANY; prepare(MANY)"
Row = tuple[str, float, str, str]  # what, value, aim, note


def child(program: list[str], **environment: str) -> subprocess.CompletedProcess:
    """Another process of this checkout."""
    path = os.pathsep.join([str(ROOT), str(ROOT / "experiments"), os.environ.get("PYTHONPATH", "")])
    with_path = {**os.environ, "PYTHONPATH": path, **environment}
    return subprocess.run(program, env=with_path, cwd=ROOT, capture_output=True, text=True, check=True)


def seconds_to_live(days: int, values=None, seed: int = 1) -> tuple[float, object]:
    """Processor time of `days` days, the start not counted; and the simulation."""
    simulation = begin(with_values(Theory(), values or {}), seed, days)
    began = time.thread_time()
    simulation.advance(days)
    return time.thread_time() - began, simulation


def a(asked) -> list[Row]:
    days, plain_days = 1300, asked.plain_days
    program = (
        "import time, json; from sim.model.hashes import state_hash\n"
        "from sim.model.day_zero.opening import begin; from sim.model.theory import Theory\n"
        f"taken = []\nfor _ in range({asked.rounds}):\n s = begin(Theory(), 1, {plain_days}); b = time.thread_time()\n"
        f" s.advance({plain_days}); taken.append(time.thread_time() - b)\n"
        "print(json.dumps([taken, state_hash(s.firm)]))"
    )
    plain, theirs = json.loads(child([sys.executable, "-c", program], NUMBA_DISABLE_JIT="1").stdout)
    whole = statistics.median(seconds_to_live(days)[0] for _ in range(asked.rounds))
    short, ours = zip(*(seconds_to_live(plain_days) for _ in range(asked.rounds)), strict=True)
    same, people = state_hash(ours[0].firm) == theirs, 36
    each = statistics.median(plain) / (people * plain_days)
    return [
        ("5 years compiled, ms", whole * 1e3, "", f"{whole / people / days * 1e9:.0f} ns a person-day"),
        ("plain Python, µs a person-day", each * 1e6, "", f"{plain_days} days; about 30 when well written"),
        ("plain over compiled, same days", statistics.median(plain) / statistics.median(short), ">= 100", ""),
        ("plain over compiled, against 5 years", each / (whole / people / days), ">= 100", ""),
        ("same state bit for bit (1 yes)", float(same), "1", f"state hash after {plain_days} days"),
    ]


def b(asked) -> list[Row]:
    from helpers.speed.talkers import agent_steps_per_second

    ours, theirs = [], []
    for _ in range(asked.rounds):  # in turn, so that both see the same machine
        theirs.append(agent_steps_per_second())
        ours.append(36 * 1300 / seconds_to_live(1300)[0])
    ours, theirs = statistics.median(ours), statistics.median(theirs)
    return [
        ("Baton, million person-days a second", ours / 1e6, "", "a person-day is a whole working day"),
        (
            "Mesa, million agent-steps a second",
            theirs / 1e6,
            "",
            "an agent-step is one talk; trust collected each step",
        ),
        ("ratio", ours / theirs, ">= 8, aim 15", ""),
    ]


def c(asked) -> list[Row]:
    from helpers.speed.floor import against_floor

    program = [sys.executable, "-m", "helpers.speed.counts", "--days", str(asked.count_days)]
    found = json.loads(child(program, NUMBA_DISABLE_JIT="1").stdout)
    n = found["person_days"]
    measured = statistics.median(seconds_to_live(asked.count_days)[0] / n * 1e9 for _ in range(max(asked.rounds, 5)))
    return against_floor(found["calls"], n, measured, asked.rounds)


def d(asked) -> list[Row]:
    sizes = [int(s) for s in asked.sizes.split(",")]
    taken, memory, started, leads = {s: [] for s in sizes}, {}, {}, {}
    for _ in range(asked.rounds):
        for people in sizes:
            values = {"workforce.marketers": people // 3, "workforce.salespeople": people - people // 3}
            row = []
            for _ in range(max(sizes[-1] // people // 36, 1)):  # small ones in a row, or the large one before counts
                simulation = None  # its memory is free for the next
                began = time.thread_time()
                seconds, simulation = seconds_to_live(260, values)
                started[people] = time.thread_time() - began - seconds
                row.append(seconds / (people * 260) * 1e9)
            taken[people].append(statistics.median(row))
            memory[people] = sum(a.nbytes for a in simulation.firm) / people
            leads[people] = int(simulation.firm.ledger["n_leads"][0]) / people
    cost = {p: statistics.median(v) for p, v in taken.items()}
    rows = [
        (
            f"{p:,} people: ns a person-day",
            cost[p],
            "",
            f"{memory[p] / 1e3:.1f} kB and {leads[p]:.0f} leads a person; started in {started[p]:.2f} s",
        )
        for p in sizes
    ]
    large, small = taken[sizes[-1]], taken[sizes[0]]
    ratios = [one / other for one, other in zip(large, small, strict=True)]  # in turn, on the machine as it was then
    return [
        *rows,
        (
            f"{sizes[-1]:,} over {sizes[0]:,} people",
            statistics.median(ratios),
            "<= 1.5, aim 1.4",
            f"{min(ratios):.2f} to {max(ratios):.2f}; 260 days, market in proportion, memory left by the run before",
        ),
        (
            "the same, the first run of its size",
            ratios[0],
            "<= 1.6",
            f"{large[0]:.0f} ns: the system hands out its memory while it lives",
        ),
        (
            "memory a person, largest over smallest",
            memory[sizes[-1]] / memory[sizes[0]],
            "about 1",
            "all arrays, with room to grow",
        ),
        ("bytes of a lead", float(LEADS.itemsize), "<= 64", f"a customer {CUSTOMERS.itemsize}"),
    ]


def e(asked) -> list[Row]:
    run, help_ = [sys.executable, "-m", "sim", "run", "--seed", "1"], [sys.executable, "-m", "sim", "--help"]
    with tempfile.TemporaryDirectory() as cache:

        def seconds(program):
            began = time.perf_counter()
            done = child(program, BATON_CACHE_DIR=cache)
            return time.perf_counter() - began, done.stdout + done.stderr

        cold, _ = seconds(run)
        compiling, _ = seconds([sys.executable, "-c", COMPILE])
        warm = statistics.median(seconds(run)[0] for _ in range(asked.rounds))
        quick = statistics.median(seconds(help_)[0] for _ in range(asked.rounds))
    return [
        ("first ever `baton run`, s", cold, "", "empty cache: by the module, nothing is compiled"),
        ("first compilation, s", compiling, "<= 30, aim 20", "empty cache, two processes; what many runs ask for"),
        ("`baton run`, s", warm, "<= 1.5", "process started to account printed"),
        ("`baton --help`, s", quick, "<= 0.3", ""),
    ]


def f(asked) -> list[Row]:
    from helpers.speed.floor import bare_work

    def one(seed: int) -> int:
        simulation = begin(Theory(), seed, 1300)
        simulation.advance(1300)
        return state_hash(simulation.firm)

    def all_of(work, threads: int, n: int) -> tuple[float, list]:
        began = time.perf_counter()
        with ThreadPoolExecutor(threads) as pool:
            found = list(pool.map(work, range(n)))
        return time.perf_counter() - began, found

    ratios, bare, same, each = [], [], True, []
    bare_work(1)
    for _ in range(min(asked.rounds, 3)):
        (alone, x), (two, y) = all_of(one, 1, asked.runs), all_of(one, 2, asked.runs)
        ratios.append(alone / two)
        each.append(two)
        same &= x == y
        bare.append(all_of(bare_work, 1, asked.runs)[0] / all_of(bare_work, 2, asked.runs)[0])
    limit = statistics.median(bare)
    return [
        (f"{asked.runs:,} runs on two threads, s", statistics.median(each), "", ""),
        ("one thread over two", statistics.median(ratios), ">= 1.7", f"{os.cpu_count()} processors"),
        (
            "the same of bare loops",
            limit,
            "",
            "what the machine gives: near 2 if nothing else runs, else measure again",
        ),
        ("same bits (1 yes)", float(same), "1", "state hashes of all runs"),
    ]


def g(asked) -> list[Row]:
    from helpers.speed.pairs import pairs

    lab, aims = Lab(block(asked.seeds)), {"liaison 0 to 1": "> 6", "distance 20 to 60 m": "> 19"}
    rows = []
    for name, aim in aims.items():
        for each in pairs(lab, name):
            m = each.measured
            note = "" if m.low == m.high else f"95 % [{number(m.low)}, {number(m.high)}]; must exceed 1"
            rows.append((each.claim, m.mean, aim if "saved" in each.claim else "", note))
    return rows


PARTS = {"a": a, "b": b, "c": c, "d": d, "e": e, "f": f, "g": g}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default=",".join(PARTS), metavar="A,B", help="some of the parts above")
    parser.add_argument("--rounds", type=int, default=5, help="medians of so many rounds (default %(default)s)")
    parser.add_argument("--runs", type=int, default=1000, help="runs of part f (default %(default)s)")
    parser.add_argument("--seeds", default="5000:200", help="markets of part g, first:count (default %(default)s)")
    parser.add_argument("--sizes", default="36,360,3600,36000", help="people of part d (default %(default)s)")
    parser.add_argument("--plain-days", type=int, default=130, help="days of the plain run (default %(default)s)")
    parser.add_argument("--count-days", type=int, default=1300, help="days of the counted run (default %(default)s)")
    parser.add_argument("-o", "--output", type=Path, help="also write JSON to this file")
    asked = parser.parse_args()
    chosen = asked.only.split(",")
    if wrong := [name for name in chosen if name not in PARTS]:
        parser.error(f"{', '.join(wrong)}: there are parts {', '.join(PARTS)}")
    prepare(MANY)
    begin(Theory(), 0, 10).advance(10)  # what is compiled is fetched before anything is timed
    found = {}
    for name in chosen:
        rows = PARTS[name](asked)
        found[name] = [dict(zip(("what", "value", "aim", "note"), row, strict=True)) for row in rows]
        print(f"\n{name}\n" + table(["", "measured", "aim", ""], [list(row) for row in rows]), flush=True)
    write_json(asked.output, found)


if __name__ == "__main__":
    main()
