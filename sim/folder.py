"""Write a folder of results whole or not at all."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path


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
    """A temporary folder beside `target` that takes its name when all is written; on a fault nothing is left."""
    target = check_free(target, overwrite, mark)
    made = [each for each in (target.parent, *target.parent.parents) if not each.exists()]
    target.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
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
    except BaseException:
        shutil.rmtree(work, ignore_errors=True)
        for each in made:
            with contextlib.suppress(OSError):
                each.rmdir()
        raise


@contextlib.contextmanager
def written_file(target: str | Path) -> Iterator[Path]:
    """A temporary file beside `target`, with the same ending, that takes its name when all is written."""
    target = Path(target).absolute()
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{target.stem}-", suffix=target.suffix, dir=target.parent)
    os.close(handle)
    try:
        yield Path(name)
        os.chmod(name, 0o666 & ~_umask())
        os.replace(name, target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


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
