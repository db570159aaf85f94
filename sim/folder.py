"""Write a folder of results whole or not at all."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from sim.errors import InputError


def check_free(target: str | Path, overwrite: bool = False, mark: str = "run.toml") -> Path:
    """The folder to write to; refuses one that holds something, or that is not ours to replace.

    Raises FileExistsError. `overwrite` replaces only a folder that holds `mark`,
    so that a mistyped path costs nobody their files.
    """
    target = Path(target).absolute()
    if target.is_dir():
        holds = [each.name for each in target.iterdir()]
        if holds and not overwrite:
            raise FileExistsError(f"{target} is not empty: choose another folder, or allow overwriting (--overwrite)")
        if holds and mark not in holds:
            raise FileExistsError(f"{target} holds other files and no {mark}, so it is not replaced")
    elif target.exists():
        raise FileExistsError(f"{target} is a file, not a folder")
    return target


@contextlib.contextmanager
def written_whole(target: str | Path, overwrite: bool = False, mark: str = "run.toml") -> Iterator[Path]:
    """A temporary folder beside `target` that takes its name when all is written; on a fault nothing is left.

    Raises FileExistsError as `check_free` does, and InputError where the system
    does not let us write.
    """
    given, target = target, check_free(target, overwrite, mark)
    made = [each for each in (target.parent, *target.parent.parents) if not each.exists()]
    work = None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
        yield work
        os.chmod(work, 0o777 & ~_umask())
        check_free(target, overwrite, mark)
        if target.exists() and any(target.iterdir()):
            old = Path(tempfile.mkdtemp(prefix=f".{target.name}-old-", dir=target.parent))
            os.rename(target, old / "was")
            os.rename(work, target)
            shutil.rmtree(old)
        else:
            os.replace(work, target)
    except BaseException as fault:
        if work is not None:
            shutil.rmtree(work, ignore_errors=True)
        for each in made:
            with contextlib.suppress(OSError):
                each.rmdir()
        _raise_as_given(fault, given, work)


@contextlib.contextmanager
def written_file(target: str | Path) -> Iterator[Path]:
    """A temporary file beside `target`, with the same ending, that takes its name when all is written.

    What is raised inside names the file that was asked for, not the temporary
    one; InputError where the system does not let us write.
    """
    given, target = target, Path(target).absolute()
    work = None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{target.stem}-", suffix=target.suffix, dir=target.parent)
        os.close(handle)
        work = Path(name)
        yield work
        os.chmod(work, 0o666 & ~_umask())
        os.replace(work, target)
    except BaseException as fault:
        if work is not None:
            work.unlink(missing_ok=True)
        _raise_as_given(fault, given, work)


def _raise_as_given(fault: BaseException, given: str | Path, work: Path | None) -> None:
    """Raise a fault again: a user knows the name that was given, never the temporary one."""
    if isinstance(fault, InputError) and work is not None:
        named = [each.replace(str(work), str(given)).replace(work.name, Path(given).name) for each in fault.problems]
        if named != fault.problems:
            raise InputError(named) from fault
    if isinstance(fault, OSError) and fault.errno is not None and not isinstance(fault, BrokenPipeError):
        ours = (None, str(work), str(Path(given).absolute()), str(Path(given).absolute().parent))
        about = None if fault.filename is None else os.fspath(fault.filename)
        if about in ours or (work is not None and str(about).startswith(f"{work}{os.sep}")) or work is None:
            raise InputError(f"{given}: cannot be written ({fault.strerror})") from fault
    raise fault


def _umask() -> int:
    now = os.umask(0)
    os.umask(now)
    return now


def toml_text(groups: Mapping[str, Mapping]) -> str:
    """Plain groups of strings, numbers, truths and lists as TOML."""
    lines = []
    for group, values in groups.items():
        lines += [f"[{group}]"] if not lines else ["", f"[{group}]"]
        lines += [f"{_key(name)} = {_value(value)}" for name, value in values.items() if value is not None]
    return "\n".join(lines) + "\n"


def _key(name: str) -> str:
    return name if name.replace("_", "").replace("-", "").isalnum() and name.isascii() else _quoted(name)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        if "\n" in value and "'''" not in value and all(c >= " " or c in "\n\t" for c in value) and "\x7f" not in value:
            return f"'''\n{value}'''"
        return _quoted(value)
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_value(each) for each in value) + "]"
    if isinstance(value, int):
        return str(int(value))
    return repr(float(value))
