"""The one place where a user's file is read: a regular file, no larger than is said, or a sentence why not."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import BinaryIO

from sim.errors import InputError, nearest
from sim.files import file_kinds

SHORT = 1_000_000  # bytes; a scenario, an experiment or a lesson is a page of text
TABLE = 200_000_000  # bytes; people and their ties, a graph, points of an experiment, a picture, a saved state


def read_bytes(path: str | os.PathLike[str], most: int = TABLE) -> bytes:
    """The bytes of a regular file of at most `most` bytes.

    Raises
    ------
    InputError
        There is no such file (with the nearest name beside it), or it is a
        folder, a pipe or a device, or too large.
    """
    with opened(path, most) as file:
        raw = file.read(most + 1)  # some files do not tell their size, and others grow
    if len(raw) > most:
        raise InputError(_too_large(path, most))
    return raw


def read_text(path: str | os.PathLike[str], most: int = SHORT) -> str:
    """The text of a scenario or experiment in UTF-8, as `read_bytes` reads it; another kind of file is told as such."""
    with opened(path, most) as file:
        begins = file.read(4096)
    if what := file_kinds.other_than_text(Path(path), begins):
        raise InputError(f"{path}: is {what}")
    return decoded(read_bytes(path, most), str(path))


def opened(path: str | os.PathLike[str], most: int = TABLE) -> BinaryIO:
    """A regular file opened for reading, for a library that reads it by itself; never a pipe that is waited for."""
    path = Path(path)
    try:
        file = open(path, "rb", opener=_without_waiting)  # noqa: SIM115 - the caller closes it
    except (FileNotFoundError, NotADirectoryError):
        raise InputError(f"{path}: there is no such file{nearest(path.name, _beside(path))}") from None
    except IsADirectoryError:
        raise InputError(f"{path}: is {file_kinds.folder(path) or 'a folder, not a file'}") from None
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise InputError(f"{path}: cannot be read ({why})") from None
    about = os.fstat(file.fileno())
    if not stat.S_ISREG(about.st_mode):
        file.close()
        raise InputError(f"{path}: is a pipe or a device, not a file; save what it gives in a file")
    if about.st_size > most:
        file.close()
        raise InputError(_too_large(path, most))
    return file


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _too_large(path: str | os.PathLike[str], most: int) -> str:
    return f"{path}: is larger than {most:,} bytes, and no more are read"


def _beside(path: Path) -> list[str]:
    """The names of like files in the same folder."""
    try:
        return [each.name for each in path.parent.iterdir() if each.suffix == path.suffix]
    except (OSError, ValueError):
        return []


def decoded(raw: bytes, path: str) -> str:
    """UTF-8 text, with or without a byte order mark; else an InputError that names the byte and its line."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
            raise InputError(f"{path}: is written in UTF-16; save it as UTF-8") from None
        line = raw.count(b"\n", 0, error.start) + 1
        raise InputError(
            f"{path}, line {line}: byte 0x{raw[error.start]:02X} at position {error.start} is not UTF-8; "
            "save the file as UTF-8"
        ) from None


def lines_of(text: str) -> list[str]:
    """The lines of a text as editors count them: U+2028 and their like (`str.splitlines`) end none.

    >>> lines_of("a\\u2028b\\r\\nc")
    ['a\\u2028b', 'c']
    """
    return [line.removesuffix("\r") for line in text.split("\n")]
