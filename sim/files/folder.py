"""Where results go: a folder or a file, asked for before anything is run, and written whole or not at all."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

from sim.errors import InputError
from sim.files.sums import SUMS, sums_of, sums_text

WORK = ".baton-"  # how names of what is not finished begin: short, so that any name that a system takes will do
LONGEST_ENDING = 16  # of a file, beside which its beginnings have the same


def place_of(target: str | Path) -> Path:
    """Where a file or folder will really lie: its full path, through links. Refuses what cannot be written there.

    Nothing is written but a file without a name, which is gone at once; so a command can ask before it runs anything.
    """
    try:
        path = Path(os.path.realpath(Path(target).absolute()))
        near = next(each for each in (path, *path.parents) if os.path.lexists(each))
        most = os.pathconf(near, "PC_NAME_MAX") if hasattr(os, "pathconf") else 255
        if long := [each for each in path.relative_to(near).parts if len(os.fsencode(each)) > most]:
            raise InputError(f"{target}: a name may have {most} bytes here, and {long[0][:30]}… has more")
        if near != path and not near.is_dir():
            raise InputError(f"{target}: cannot be written ({near} is a file, not a folder)")
        if near.is_dir() or near.is_file():
            with tempfile.TemporaryFile(dir=near if near.is_dir() else near.parent):
                return path
        return path  # a device or a pipe
    except (OSError, ValueError) as fault:  # ValueError: a null byte
        if isinstance(fault, InputError):
            raise
        raise InputError(f"{target}: cannot be written ({getattr(fault, 'strerror', None) or fault})") from None


def check_free(target: str | Path, overwrite: bool = False, mark: str = "run.toml") -> Path:
    """The folder to write to; refuses one that holds something, or that is not ours to replace.

    Raises FileExistsError, or InputError where the system does not let us write.
    `overwrite` replaces only a folder that holds `mark`, so that a mistyped path
    costs nobody their files.
    """
    given, target = Path(target), place_of(target)
    if target.is_dir():
        try:
            holds = [name for name in os.listdir(target) if not name.startswith(WORK)]
        except OSError as fault:
            raise InputError(f"{given}: cannot be read ({fault.strerror})") from None
        if holds and not overwrite:
            raise FileExistsError(f"{given} is not empty: choose another folder, or allow overwriting (--overwrite)")
        if holds and mark not in holds:
            raise FileExistsError(f"{given} holds other files and no {mark}, so it is not replaced")
    elif target.exists():
        raise FileExistsError(f"{given} is a file, not a folder")
    return target


@contextlib.contextmanager
def written_whole(target: str | Path, overwrite: bool = False, mark: str = "run.toml") -> Iterator[Path]:
    """A temporary folder that takes the name of `target` when all is written; on a fault nothing is left.

    The check sums of its files (`sim.files.sums`) are written with them.

    A folder that is there already stays the same one (a mount point, a link to
    it, somebody's working directory; owner and mode): what is written moves
    into it at the end, `mark` last, and what it held before goes.

    Raises FileExistsError as `check_free` does, and InputError where the system
    does not let us write.
    """
    given, target = target, check_free(target, overwrite, mark)
    made = [each for each in (target.parent, *target.parent.parents) if not each.exists()]
    work = None
    try:
        inside = target.is_dir()
        target.parent.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=WORK, dir=target if inside else target.parent))
        yield work
        (work / SUMS).write_text(sums_text(sums_of(work)), encoding="utf-8")
        check_free(given, overwrite, mark)
        if inside:
            _move_in(work, target, mark)
        else:
            os.chmod(work, 0o777 & ~_umask() | work.stat().st_mode & stat.S_ISGID)
            os.replace(work, target)
    except BaseException as fault:
        if work is not None:
            shutil.rmtree(work, ignore_errors=True)
        for each in made:
            with contextlib.suppress(OSError):
                each.rmdir()
        _raise_as_given(fault, given, work)


def _move_in(work: Path, target: Path, mark: str) -> None:
    """Put what was written in the place of what a folder holds; on a fault all is as it was."""
    old = Path(tempfile.mkdtemp(prefix=WORK, dir=target))
    gone, come = [], []
    try:
        for each in sorted(target.iterdir(), key=lambda path: path.name != mark):  # the mark first: half is no result
            if not each.name.startswith(WORK):
                gone.append((each.rename(old / each.name), each))
        for each in sorted(work.iterdir(), key=lambda path: path.name == mark):
            come.append((each.rename(target / each.name), each))
    except BaseException:
        for now, before in (*come[::-1], *gone[::-1]):
            now.rename(before)
        old.rmdir()
        raise
    shutil.rmtree(old, ignore_errors=True)
    work.rmdir()


@contextlib.contextmanager
def written_file(target: str | Path, private: bool = False) -> Iterator[Path]:
    """A temporary file, with the same ending, that takes the name of `target` when all is written.

    A file that is there already keeps its mode, and a link to it leads to the
    new one; a device or a pipe is written to. `private`: only its owner may read
    it, from its first moment on. What is raised inside names the file that was
    asked for, not the temporary one; InputError where the system
    does not let us write.
    """
    given, work, made = target, None, []
    target = place_of(target)
    if target.is_dir():
        raise InputError(f"{given}: is a folder; name a file")
    try:
        plain = target.is_file() or not target.exists()
        made = [each for each in (target.parent, *target.parent.parents) if not each.exists()]
        target.parent.mkdir(parents=True, exist_ok=True)
        ending = target.suffix if len(target.suffix) <= LONGEST_ENDING else ""
        handle, name = tempfile.mkstemp(prefix=WORK, suffix=ending, dir=target.parent if plain else None)
        os.close(handle)
        work = Path(name)
        yield work
        if plain:
            mode = stat.S_IMODE(target.stat().st_mode) if target.exists() else 0o666 & ~_umask()
            os.chmod(work, 0o600 if private else mode)
            os.replace(work, target)
        else:
            with open(work, "rb") as file, open(target, "wb") as device:
                shutil.copyfileobj(file, device)
            work.unlink()
    except BaseException as fault:
        if work is not None:
            work.unlink(missing_ok=True)
        for each in made:
            with contextlib.suppress(OSError):
                each.rmdir()
        _raise_as_given(fault, given, work)


def _raise_as_given(fault: BaseException, given: str | Path, work: Path | None) -> None:
    """Raise a fault again: a user knows the name that was given, never the temporary one."""
    if isinstance(fault, InputError) and work is not None:
        named = [each.replace(str(work), str(given)).replace(work.name, Path(given).name) for each in fault.problems]
        if named != fault.problems:
            raise InputError(named) from fault
    if isinstance(fault, OSError) and fault.errno is not None and not isinstance(fault, BrokenPipeError):
        place = os.path.realpath(given) if work is not None else ""
        ours = (None, str(work), place, os.path.dirname(place))
        about = None if fault.filename is None else os.fspath(fault.filename)
        if work is None or about in ours or str(about).startswith((f"{work}{os.sep}", f"{place}{os.sep}")):
            raise InputError(f"{given}: cannot be written ({fault.strerror})") from fault
    raise fault


def _umask() -> int:
    now = os.umask(0)
    os.umask(now)
    return now


def without_folders(word: str) -> str:
    """A word as typed, without the folders of a path in it: a file that may be mailed names none.

    >>> without_folders("/srv/acme/firm.toml"), without_folders("--baseline=../firm.toml")
    ('firm.toml', '--baseline=firm.toml')
    """
    head, equals, tail = word.rpartition("=")
    return head + equals + (re.split(r"[/\\]", tail.rstrip("/\\"))[-1] or tail)
