"""What can be made again: kept only in folders that nobody else can write, in files that check themselves."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import tempfile
import zlib
from pathlib import Path

from sim.errors import tell

CHECK = 8  # bytes in front of a file: the check sum of what follows, in hex digits
OTHERS_MAY_WRITE = stat.S_IWGRP | stat.S_IWOTH
CURE = "set BATON_CACHE_DIR to a folder of yours that nobody else can write"


def own_folder(name: str) -> tuple[Path | None, str]:
    """A folder of that name in the user's cache, else in a temporary folder: ours alone; or None, and why."""
    refused = []
    for base, ours in _bases():
        try:
            base.mkdir(parents=True, exist_ok=True)
            base = base.resolve()
            why = _others_reach(base) or _not_ours(base / ours) or _not_ours(base / ours / name, emptied=True)
            if not why:
                with tempfile.TemporaryFile(dir=base / ours / name):
                    return base / ours / name, ""
        except (OSError, ValueError) as fault:  # ValueError: a null byte in the name
            why = f"{base} cannot be used ({getattr(fault, 'strerror', None) or fault})"
        refused.append(why)
    return None, "; ".join(refused) or "there is neither a home nor a folder for temporary files"


def _bases():
    """Where caches may lie, and what ours is called there: the user's, then where all temporary files are."""
    given = os.environ.get("BATON_CACHE_DIR") or os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    if not given.startswith("~"):  # a user without a home
        yield Path(given), "baton"
    with contextlib.suppress(OSError):  # there is no temporary folder
        yield Path(tempfile.gettempdir()), f"baton-{_user()}"


def _user() -> int:
    return getattr(os, "getuid", lambda: 0)()


def _others_reach(base: Path) -> str:
    """Why another user could put a folder of his in the place of one in `base`; nothing if nobody can.

    Whoever owns the root of all folders can do it anyway.
    """
    if os.name != "posix":
        return ""
    trusted = {0, _user(), os.stat("/").st_uid}
    for folder in (base, *base.parents):
        found = folder.stat()
        if found.st_uid not in trusted:
            return f"{folder} belongs to another user ({found.st_uid})"
        if found.st_mode & OTHERS_MAY_WRITE and not found.st_mode & stat.S_ISVTX:
            return f"others can write in {folder}"
    return ""


def _not_ours(folder: Path, emptied: bool = False) -> str:
    """Make a folder that only we can enter, or see that it is one; why not, if it is not.

    emptied   whether one that others could write loses what it holds: they may have put it there
    """
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode):
        return f"{folder} is not a folder"
    if os.name != "posix":
        return ""
    if found.st_uid != _user():
        return f"{folder} belongs to another user ({found.st_uid})"
    if emptied and found.st_mode & OTHERS_MAY_WRITE:
        shutil.rmtree(folder)
        folder.mkdir(mode=0o700)
    elif stat.S_IMODE(found.st_mode) != 0o700:
        folder.chmod(0o700)
    return ""


def signed(raw: bytes) -> bytes:
    """What is kept, behind its check sum.

    >>> signed(b"rules")
    b'899a993crules'
    """
    return b"%08x" % zlib.crc32(raw) + raw


def is_sound(raw: bytes) -> bool:
    """Whether these are bytes as `signed` made them.

    >>> [is_sound(each) for each in (signed(b"rules"), signed(b"rules")[:-1], b"")]
    [True, False, False]
    """
    return len(raw) > CHECK and raw[:CHECK] == b"%08x" % zlib.crc32(raw[CHECK:])


def read(path: str | Path) -> bytes | None:
    """What was kept in a file; None where there is none, or where it is damaged: then it is thrown away, and told."""
    path, why = Path(path), "its check sum is wrong"
    try:
        raw = path.read_bytes()
        if is_sound(raw):
            return raw[CHECK:]
    except FileNotFoundError:
        if not path.is_symlink():
            return None
        why = "it leads nowhere"
    except OSError as fault:
        why = fault.strerror or str(fault)
    throw_away(path, why)
    return None


_told: set[Path] = set()  # folders of which damage was told


def throw_away(path: Path, why: str) -> None:
    """Remove what is damaged, and tell it once for all of a folder."""
    if path.parent not in _told:
        _told.add(path.parent)
        tell(f"{path} is damaged ({why}); what is damaged there is thrown away and made again")
    with contextlib.suppress(OSError):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


def damaged(folder: Path) -> list[Path]:
    """The files of compiled code in a folder that are not as they were written."""
    found = []
    for path in sorted(folder.rglob("*.nb[ic]")):
        try:
            found += [] if is_sound(path.read_bytes()) else [path]
        except OSError:
            found.append(path)
    return found
