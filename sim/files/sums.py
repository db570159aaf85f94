"""The check sum of every file in a folder that Baton wrote: what is damaged is named, and only that is done again.

`checksums.sha256` is what `sha256sum --check checksums.sha256` reads; its first line
is a remark for that program, and the check sum of its other lines for us.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path

from sim.errors import InputError, tell

SUMS = "checksums.sha256"
AGAIN = "the command that made it"
_PART = re.compile(r"parts/runs-\d+\.parquet|series/series-\d+\.parquet")
_LINE = re.compile(r"([0-9a-f]{64})  (\S+)")


class Damaged(InputError):
    """A file of a folder is not as it was written; `name` says which."""

    def __init__(self, folder: Path, name: str, what: str, cure: str):
        self.name = name
        super().__init__(f"{folder / name}: {what}; {cure}")


def sum_of(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def sums_of(folder: Path) -> dict[str, str]:
    """The check sum of each file in a folder and below."""
    found = {}
    for path in folder.rglob("*"):
        if path.is_file() and path.name != SUMS:
            with open(path, "rb") as file:
                found[path.relative_to(folder).as_posix()] = hashlib.file_digest(file, "sha256").hexdigest()
    return found


def sums_text(sums: dict[str, str]) -> str:
    lines = "".join(f"{sums[name]}  {name}\n" for name in sorted(sums))
    return f"# {sum_of(lines.encode())}\n{lines}"


def read_sums(folder: Path, cure: str = f"{AGAIN} reckons it anew from what can be read") -> dict[str, str]:
    """The check sum of each file by its name; what they say was checked itself. Raises Damaged."""
    try:
        raw = (folder / SUMS).read_bytes()
    except FileNotFoundError:
        raise Damaged(folder, SUMS, "is missing, so that damage would not be noticed", cure) from None
    except OSError as fault:
        raise Damaged(folder, SUMS, f"cannot be read ({fault.strerror})", cure) from None
    head, _, lines = raw.partition(b"\n")
    found = [_LINE.fullmatch(line) for line in lines.decode("ascii", "replace").splitlines()]
    if head != f"# {sum_of(lines)}".encode() or not all(found):
        raise Damaged(folder, SUMS, "is damaged", cure)
    return {each[2]: each[1] for each in found if each}


def sound(folder: Path, name: str, sums: dict[str, str] | None, lost: str = "", cure: str = "") -> bytes:
    """What a file holds, if it is as it was written. Raises Damaged.

    sums    None for a folder of an earlier version, which has none
    lost    what is lost with the file, and
    cure    what brings it back
    """
    cure = cure or f"{AGAIN} writes it again"
    try:
        raw = (folder / name).read_bytes()
    except FileNotFoundError:
        raise Damaged(folder, name, f"is missing{lost}", cure) from None
    except OSError as fault:
        raise Damaged(folder, name, f"cannot be read ({fault.strerror}){lost}", cure) from None
    if sums is not None and sum_of(raw) != sums.get(name):
        raise Damaged(folder, name, f"is damaged or was changed (its check sum is wrong){lost}", cure)
    return raw


def tell_unsummed(folder: Path) -> None:
    tell(f"{folder}: was written by an earlier version, without check sums: damage would not be noticed")


def tell_foreign(folder: Path, known: Iterable[str], busy: bool = False) -> None:
    """Tell of files that are none of the store's; they are left alone.

    busy   whether another process may be writing: then a part may lie there whose check sum does not yet
    """
    known = set(known)
    for place in ("", "parts/", "series/"):
        for path in sorted((folder / place).iterdir()) if (folder / place).is_dir() else ():
            if place + path.name not in known and not (busy and _PART.fullmatch(place + path.name)):
                tell_of(path)


def tell_of(path: Path) -> None:
    tell(f"{path}: is no file of this store; it is left alone, and not read")
