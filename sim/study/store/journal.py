"""Runs that are done and not yet in a part: one self-checking line a run, and a lock so that one process writes."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import re
import zlib
from pathlib import Path

from filelock import FileLock, Timeout

from sim.errors import InputError, tell

FOLDER = "unfinished"  # gone once the store is complete
_BEGIN = re.compile(rb"[0-9a-f]{8} \[")  # of a line
_NAME = re.compile(r"\d{6,}\.jsonl")


def line_of(number: int | str, row: tuple) -> bytes:
    """One run as a line: a check sum, then JSON; numbers keep every bit."""
    payload = json.dumps([number, *row], separators=(",", ":")).encode()
    return b"%08x %s\n" % (zlib.crc32(payload), payload)


def rows_in(raw: bytes) -> tuple[dict[int, tuple], int]:
    """The runs in a journal, and how many lines of it are damaged.

    A line that was never finished is none of ours: its run was in flight. A
    line's end that is damaged costs neither line.

    >>> rows_in(line_of(7, ("done", None)) + b"0000")
    ({7: ('done', None)}, 0)
    >>> rows_in(b"00000000 [6]\\n" + line_of(7, ("done", None)))
    ({7: ('done', None)}, 1)
    """
    rows: dict[int, tuple] = {}
    damaged = 0
    *lines, _ = raw.split(b"\n")
    for line in lines:
        found = [_row_of(line)]
        if found == [None]:  # perhaps two, and what is damaged is the end of the first
            begins = [0, *(each.start() for each in _BEGIN.finditer(line, 1)), len(line) + 1]
            found = [_row_of(line[begin : end - 1]) for begin, end in itertools.pairwise(begins)]
        rows.update(row for row in found if row)
        damaged += found.count(None)
    return rows, damaged


def _row_of(line: bytes) -> tuple[int, tuple] | None:
    """A run's number and what is kept of it, or None if the line is not as it was written."""
    check, _, payload = line.partition(b" ")
    if check != b"%08x" % zlib.crc32(payload):
        return None
    number, *row = json.loads(payload)
    return number, tuple(row)


def journals_in(folder: Path) -> list[Path]:
    """The journals of a store; a file of another name is none of ours."""
    return sorted(path for path in (folder / FOLDER).glob("*.jsonl") if _NAME.fullmatch(path.name))


def read_journals(folder: Path) -> dict[int, tuple]:
    """Every journalled run, by its number; lines that are damaged are told of."""
    found: dict[int, tuple] = {}
    for path in journals_in(folder):
        with contextlib.suppress(FileNotFoundError):  # it became a part meanwhile
            rows, damaged = rows_in(path.read_bytes())
            found.update(rows)
            if damaged:
                runs = "1 run is" if damaged == 1 else f"{damaged} runs are"
                tell(f"{path}: {runs} damaged (their check sums are wrong) and missing; only these are done again")
    return found


class Journal:
    """The lines of the runs of one block; they are in the system's hands before `append` returns.

    A killed process loses none of them. `flush` puts them on the disk, against a power cut.
    """

    def __init__(self, folder: Path, block: int):
        self.path = folder / FOLDER / f"{block:06d}.jsonl"
        self.rows: dict[int, tuple] = {}
        raw = self.path.read_bytes() if self.path.exists() else b""
        self.rows, damaged = rows_in(raw)
        if damaged:
            self._leave_out_damage()
            raw = self.path.read_bytes()
        self.handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o644)
        os.ftruncate(self.handle, raw.rfind(b"\n") + 1)
        self.length = os.lseek(self.handle, 0, os.SEEK_END)

    def _leave_out_damage(self) -> None:
        """The same journal without its damaged lines, whole or not at all."""
        work = self.path.with_suffix(".unfinished")
        with open(work, "wb") as file:
            file.write(b"".join(line_of(number, row) for number, row in self.rows.items()))
            os.fsync(file.fileno())
        os.replace(work, self.path)

    def append(self, rows: dict[int, tuple]) -> None:
        """Add runs; all of their lines, or none."""
        lines = b"".join(line_of(number, row) for number, row in rows.items())
        try:
            written = 0
            while written < len(lines):
                written += os.write(self.handle, lines[written:])
        except BaseException:
            with contextlib.suppress(OSError):
                os.ftruncate(self.handle, self.length)
                os.lseek(self.handle, self.length, os.SEEK_SET)
            raise
        self.length += written
        self.rows.update(rows)

    def flush(self) -> None:
        os.fsync(self.handle)

    def close(self) -> None:
        os.close(self.handle)


class Lock:
    """Keeps a second process away from a store; the system lets go of it when the process dies, however it dies."""

    def __init__(self, folder: Path):
        self.path = folder / FOLDER / "lock"
        self.lock = FileLock(self.path, timeout=0, thread_local=False)
        while not self.lock.is_locked:
            self.path.parent.mkdir(exist_ok=True)
            writer = self._writer()
            try:
                self.lock.acquire()
            except FileNotFoundError:  # another process has just finished and cleared up
                continue
            except Timeout:
                said = f"process {writer or '?'} is writing to this store; wait for it, or stop it first"
                raise InputError(f"{folder}: {said}") from None
        if self._writer() != str(os.getpid()):
            with contextlib.suppress(OSError):  # Windows lets nobody write to what is locked
                self.path.write_text(str(os.getpid()))

    def _writer(self) -> str:
        """The number of the process that holds the lock, where the file says it."""
        with contextlib.suppress(OSError):
            return self.path.read_text(errors="replace").partition("\n")[0].strip()
        return ""

    def release(self, finished: bool) -> None:
        """Let go; with the folder of unfinished work where all is finished, unless it holds what is not ours."""
        with contextlib.suppress(OSError):
            if finished:
                self.path.unlink()
            else:
                self.path.write_text("")
        self.lock.release()
        if finished:
            with contextlib.suppress(OSError):
                self.path.parent.rmdir()
