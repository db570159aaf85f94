"""How runs are written for good: Parquet parts of fixed run numbers, whose bytes depend on nothing but the runs."""

from __future__ import annotations

import contextlib
import io
import math
import os
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from sim.files.sums import sum_of
from sim.model.firm import QUARTER
from sim.study.experiments.experiment import Experiment
from sim.study.store.series import KINDS

FORMAT = 2  # of the folder as a whole
UNSUMMED = 1  # the format before, without check sums
BLOCK = 1000  # runs in a part
BYTES_A_STORE, BYTES_A_RUN, BYTES_A_NUMBER = 10_000, 20, 7


def blocks(experiment: Experiment) -> int:
    """How many parts a complete store has."""
    return math.ceil(experiment.n_runs / BLOCK)


def bytes_of(experiment: Experiment) -> int:
    """About how large a store will be; what a run and a number take was measured (99 bytes a run with all outcomes)."""
    numbers = sum(rows_of(experiment, kind) * len(names) for kind, names in experiment.tables.items())
    a_run = BYTES_A_RUN + BYTES_A_NUMBER * (len(experiment.outcomes) + numbers)
    a_point = BYTES_A_NUMBER * (1 + len(experiment.factors))
    return BYTES_A_STORE + experiment.n_points * a_point + int(experiment.n_runs * a_run)


def rows_of(experiment: Experiment, kind: str) -> int:
    """About how many rows a run has in a table: quarters, days, or seats of the largest firm."""
    days = experiment.base.days
    return {"series": days // QUARTER, "by_day": days, "by_person": seats(experiment)}[kind]


def seats(experiment: Experiment) -> int:
    """The most people that a point or an arm begins with."""
    most = 0.0
    for name in ("workforce.marketers", "workforce.salespeople", "liaison.count"):
        given = [experiment.base.value(name), *(factor.high for factor in experiment.factors if factor.name == name)]
        most += max([*given, *(levers[name] for levers in experiment.arms.values() if name in levers)])
    return int(most)


def numbers_in(experiment: Experiment, block: int) -> range:
    """The run numbers of one part."""
    return range(block * BLOCK, min((block + 1) * BLOCK, experiment.n_runs))


def block_with(number: int) -> int:
    """The part that a run belongs to."""
    return number // BLOCK


def part_name(kind: str, block: int) -> str:
    """The file of a part within the store."""
    return f"{kind}/{'runs' if kind == 'parts' else kind}-{block:06d}.parquet"


def lost(experiment: Experiment, block: int) -> str:
    """What is lost with a part, in words."""
    numbers = numbers_in(experiment, block)
    return f": {len(numbers):,} runs are lost (those numbered {numbers[0]:,} to {numbers[-1]:,})"


def files_of(experiment: Experiment, block: int) -> list[str]:
    """The files that hold the runs of a block: of its series too, where they are kept."""
    return [part_name(kind, block) for kind in (*experiment.tables, "parts")]


def parts_in(folder: Path, experiment: Experiment, sums: dict[str, str] | None) -> list[int]:
    """The parts that a store holds, in their order: those whose check sums are kept, or that lie there."""
    there = (lambda name: (folder / name).is_file()) if sums is None else sums.__contains__
    return [block for block in range(blocks(experiment)) if all(map(there, files_of(experiment, block)))]


def run_frame(experiment: Experiment, rows: Mapping[int, tuple]) -> pa.Table:
    """Rows (number -> what the journal holds of the run) as the wide table, in the order of their numbers."""
    numbers = sorted(rows)
    work = [experiment.run_at(number) for number in numbers]
    kept = [rows[number] for number in numbers]
    columns = {
        "seed": pa.array([each.seed for each in work], pa.int64()),
        "point": pa.array([each.point for each in work], pa.int64()),
        "arm": pa.array([each.arm for each in work], pa.string()),
        "status": pa.array([row[0] for row in kept], pa.string()),
        "reason": pa.array([row[1] for row in kept], pa.string()),
        "market": pa.array([row[2] for row in kept], pa.string()),
        "diary": pa.array([row[3] for row in kept], pa.string()),
        "broke": pa.array([row[4] for row in kept], pa.int64()),
    }
    for place, name in enumerate(experiment.outcomes):
        columns[name] = pa.array([row[5][place] if row[5] else None for row in kept], pa.float64(), from_pandas=True)
    return pa.table(columns)


def series_frame(experiment: Experiment, rows: Mapping[int, tuple], kind: str = "series") -> pa.Table:
    """Columns that are kept of these runs: seed, point, arm; quarter (from 1), day or person; one column a name."""
    seeds, points, arms, places = [], [], [], []
    names, first = experiment.tables[kind], KINDS[kind].first
    columns: dict[str, list] = {name: [] for name in names}
    order = list(KINDS)
    before = sum(len(each) for other, each in experiment.tables.items() if order.index(other) < order.index(kind))
    for number in sorted(rows):
        if not rows[number][6]:
            continue
        series = rows[number][6][before : before + len(names)]
        work, n = experiment.run_at(number), len(series[0])
        seeds += [work.seed] * n
        points += [work.point] * n
        arms += [work.arm] * n
        places += range(first, first + n)
        for name, values in zip(names, series, strict=True):
            columns[name] += values
    head = {"seed": pa.array(seeds, pa.int64()), "point": pa.array(points, pa.int64()),
            "arm": pa.array(arms, pa.string()), KINDS[kind].row: pa.array(places, pa.int64())}  # fmt: skip
    return pa.table(head | {name: pa.array(v, pa.float64(), from_pandas=True) for name, v in columns.items()})


def write_part(folder: Path, kind: str, block: int, table: pa.Table, scratch: Path) -> str:
    """One part, whole or not at all, and its check sum; what is unfinished lies in `scratch`, on the same disk."""
    whole = io.BytesIO()
    pq.write_table(table, whole, compression="zstd", row_group_size=len(table) or 1)
    with written_safely(folder / part_name(kind, block), scratch) as work:
        work.write_bytes(whole.getvalue())
    return sum_of(whole.getvalue())


@contextlib.contextmanager
def written_safely(target: Path, scratch: Path) -> Iterator[Path]:
    """A temporary file that is on the disk before it takes its name, so that not even a power cut leaves half of it."""
    handle, name = tempfile.mkstemp(prefix=target.stem + "-", suffix=".unfinished", dir=scratch)
    os.close(handle)
    try:
        yield Path(name)
        with open(name, "rb") as file:
            os.fsync(file.fileno())
        os.chmod(name, 0o644)
        os.replace(name, target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    flush_folder(target.parent)


def flush_folder(folder: Path) -> None:
    """Make the names in a folder lasting, where the system can."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
