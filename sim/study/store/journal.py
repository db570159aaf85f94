"""Runs that are done and not yet in a part: one self-checking line a run, and a lock so that one process writes."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import zlib
from pathlib import Path

from sim.errors import InputError

try:
    import fcntl
except ImportError:  # Windows: two processes are not kept apart there
    fcntl = None  # type: ignore[assignment]

FOLDER = "unfinished"  # gone once the store is complete


def line_of(number: int, row: tuple) -> bytes:
    """One run as a line: a check sum, then JSON; numbers keep every bit."""
    payload = json.dumps([number, *row], separators=(",", ":")).encode()
    return b"%08x %s\n" % (zlib.crc32(payload), payload)


def rows_in(raw: bytes) -> tuple[dict[int, tuple], int]:
    """The runs in a journal, and how many bytes of it are sound; what follows a torn line is none of ours.

    >>> rows_in(line_of(7, ("done", None)) + b"0000")
    ({7: ('done', None)}, 25)
    """
    rows: dict[int, tuple] = {}
    sound = 0
    while (end := raw.find(b"\n", sound)) >= 0:
        check, _, payload = raw[sound:end].partition(b" ")
        if check != b"%08x" % zlib.crc32(payload):
            break
        number, *row = json.loads(payload)
        rows[number] = tuple(row)
        sound = end + 1
    return rows, sound


def read_journals(folder: Path) -> dict[int, tuple]:
    """Every journalled run, by its number."""
    found: dict[int, tuple] = {}
    for path in sorted((folder / FOLDER).glob("*.jsonl")):
        with contextlib.suppress(FileNotFoundError):  # it became a part meanwhile
            found.update(rows_in(path.read_bytes())[0])
    return found


class Journal:
    """The lines of the runs of one block; they are in the system's hands before `append` returns.

    A killed process loses none of them. `flush` puts them on the disk, against a power cut.
    """

    def __init__(self, folder: Path, block: int):
        self.path = folder / FOLDER / f"{block:06d}.jsonl"
        self.rows: dict[int, tuple] = {}
        sound = 0
        if self.path.exists():
            self.rows, sound = rows_in(self.path.read_bytes())
        self.handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o644)
        os.ftruncate(self.handle, sound)
        self.length = os.lseek(self.handle, 0, os.SEEK_END)

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
        self.folder = folder / FOLDER
        path = self.folder / "lock"
        while True:
            self.folder.mkdir(exist_ok=True)
            try:
                self.handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
            except FileNotFoundError:  # another process has just finished and cleared up
                continue
            if fcntl is None:
                break
            try:
                fcntl.flock(self.handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                pid = os.read(self.handle, 40).decode(errors="replace").strip()
                os.close(self.handle)
                raise InputError(
                    f"{folder}: process {pid or '?'} is writing to this store; wait for it, or stop it first"
                ) from None
            with contextlib.suppress(FileNotFoundError):
                if os.stat(path).st_ino == os.fstat(self.handle).st_ino:
                    break
            os.close(self.handle)
        os.ftruncate(self.handle, 0)
        os.write(self.handle, str(os.getpid()).encode())

    def release(self, finished: bool) -> None:
        """Let go; with the whole folder of unfinished work where all is finished."""
        if finished:
            shutil.rmtree(self.folder, ignore_errors=True)
        else:
            with contextlib.suppress(OSError):
                os.ftruncate(self.handle, 0)
        os.close(self.handle)
