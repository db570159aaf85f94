"""Writes what a sweep finds: each run at once into a journal, each full block of runs into a Parquet part."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from sim.errors import InputError, tell
from sim.files.sums import SUMS, Damaged, sound, sums_text, tell_of
from sim.study.experiments.experiment import Experiment, Work
from sim.study.store.journal import FOLDER, Journal, Lock, journals_in, read_journals
from sim.study.store.new import begin_store, check_same, mend
from sim.study.store.parts import (
    block_with,
    blocks,
    files_of,
    lost,
    numbers_in,
    parts_in,
    run_frame,
    series_frame,
    write_part,
    written_safely,
)
from sim.study.store.store import ABOUT, Store, open_store

FLUSH = 5.0  # seconds; so much is lost in a power cut at most (a killed process loses nothing)


class StoreWriter:
    """Adds runs to a store; begins it, or goes on where an earlier process stopped. Safe to call from threads.

        with StoreWriter("out", experiment) as writer:
            writer.add(run_batch(experiment, list(writer.missing())))

    Raises
    ------
    InputError
        The folder holds something else, another experiment or another version's
        store, or another process writes to it.
    """

    def __init__(self, folder: str | os.PathLike[str], experiment: Experiment):
        self.folder, self.experiment = Path(folder).absolute(), experiment
        self._lock, self._journals, self._closed = threading.RLock(), {}, False
        self._flushed = time.monotonic()
        try:
            if not (self.folder / ABOUT).exists() and not (self.folder / SUMS).exists():
                begin_store(self.folder, experiment)
            with contextlib.suppress(Damaged):  # it is mended below, where only we write
                check_same(self.folder, experiment)
            self._lock_file = Lock(self.folder)
        except OSError as fault:
            raise InputError(f"{self.folder}: cannot be written ({fault.strerror or fault})") from None
        try:
            self._sums = mend(self.folder, experiment)
            check_same(self.folder, experiment)
            self._take_up()
        except OSError as fault:
            self._lock_file.release(finished=False)
            raise InputError(f"{self.folder}: cannot be written ({fault.strerror or fault})") from None
        except BaseException:
            self._lock_file.release(finished=True)
            raise

    def _take_up(self) -> None:
        """Find what an earlier process left; what is damaged since counts as not done."""
        there = parts_in(self.folder, self.experiment, self._sums)
        self._whole = {block for block in there if self._is_sound(block)}
        self._leave_out(set(there) - self._whole)
        self._clear_leftovers()
        runs = range(self.experiment.n_runs)
        for block in sorted({block_with(n) for n in read_journals(self.folder) if n in runs} - self._whole):
            self._journals[block] = Journal(self.folder, block)
            self._finish(block)
        self.n_all = self.experiment.n_runs
        self.n_done = sum(len(numbers_in(self.experiment, block)) for block in self._whole)
        self.n_done += sum(len(journal.rows) for journal in self._journals.values())

    def _is_sound(self, block: int) -> bool:
        """Whether a block's files are as they were written; one that is not is told of, and does not count."""
        for name in files_of(self.experiment, block):
            try:
                sound(self.folder, name, self._sums, lost(self.experiment, block))
            except Damaged as fault:
                tell(f"{fault.problems[0].partition(';')[0]}; only these are done again")
                if (self.folder / name).is_dir():
                    raise InputError(f"{self.folder / name}: is a folder where a file belongs; move it away") from None
                return False
        return True

    def _leave_out(self, blocks_: set[int]) -> None:
        """Damaged parts no longer count, neither for us nor for whoever reads the store meanwhile."""
        names = {name for block in blocks_ for name in files_of(self.experiment, block)}
        if names:
            self._keep_sums({name: made for name, made in self._sums.items() if name not in names})
        for name in names:
            (self.folder / name).unlink(missing_ok=True)

    def _keep_sums(self, sums: dict[str, str]) -> None:
        with written_safely(self.folder / SUMS, self.folder / FOLDER) as work:
            work.write_text(sums_text(sums))
        self._sums = sums

    def _clear_leftovers(self) -> None:
        """Halves of parts that a killed process left, and journals of blocks that are parts already."""
        for path in (self.folder / FOLDER).iterdir():
            if path.suffix == ".unfinished" or (path in journals_in(self.folder) and int(path.stem) in self._whole):
                path.unlink(missing_ok=True)
            elif path.name != "lock" and path not in journals_in(self.folder):
                tell_of(path)

    def missing(self) -> Iterator[Work]:
        """The runs still to be done, in their order: market after market."""
        for block in range(blocks(self.experiment)):
            if block in self._whole:
                continue
            done = set(self._journals[block].rows) if block in self._journals else set()
            for number in numbers_in(self.experiment, block):
                if number not in done:
                    yield self.experiment.run_at(number)

    def add(self, rows: list[dict]) -> None:
        """Keep runs; one that is there already is not written twice.

        Raises OSError (a full disk, say); what was kept before stays kept.
        """
        by_block: dict[int, dict[int, tuple]] = {}
        for row in rows:
            number = self.experiment.number_of(Work(row["seed"], row["point"], row["arm"]))
            by_block.setdefault(block_with(number), {})[number] = self._kept(row)
        with self._lock:
            if self._closed:
                raise ValueError("the store is closed")
            for block, new in by_block.items():
                if block in self._whole:
                    continue
                journal = self._journals.get(block)
                if journal is None:
                    journal = self._journals[block] = Journal(self.folder, block)
                new = {number: row for number, row in new.items() if number not in journal.rows}
                journal.append(new)
                self.n_done += len(new)
                self._finish(block)

    def _kept(self, row: dict) -> tuple:
        """What the journal holds of a run."""
        found = [row["outcomes"][name] for name in self.experiment.outcomes] if row["outcomes"] else None
        return (row["status"], row["reason"], row["market"], row["diary"], row["broke"], found, row["series"])

    def _finish(self, block: int) -> None:
        """Turn a full journal into a part."""
        journal = self._journals[block]
        if len(journal.rows) < len(numbers_in(self.experiment, block)):
            return
        scratch = self.folder / FOLDER
        new = {}
        for name in files_of(self.experiment, block):
            kind = name.partition("/")[0]
            rows = journal.rows
            made = run_frame(self.experiment, rows) if kind == "parts" else series_frame(self.experiment, rows, kind)
            new[name] = write_part(self.folder, kind, block, made, scratch)
        self._keep_sums(self._sums | new)
        journal.close()
        journal.path.unlink(missing_ok=True)
        del self._journals[block]
        self._whole.add(block)

    def flush(self, now: bool = False) -> None:
        """Put what is journalled on the disk, every few seconds."""
        if now or time.monotonic() - self._flushed > FLUSH:
            with self._lock:
                for journal in self._journals.values():
                    journal.flush()
            self._flushed = time.monotonic()

    @property
    def is_complete(self) -> bool:
        return self.n_done == self.n_all

    def close(self) -> Store:
        """Let go of the folder; a complete store loses its traces of work."""
        with self._lock:
            if not self._closed:
                self._closed = True
                for journal in self._journals.values():
                    journal.close()
                self._lock_file.release(finished=len(self._whole) == blocks(self.experiment))
        return open_store(self.folder)

    def __enter__(self) -> StoreWriter:
        return self

    def __exit__(self, *fault) -> None:
        self.close()
