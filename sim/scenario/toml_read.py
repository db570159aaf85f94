"""Scenario files as text: what is read, on which line a key stands, and how a value is called in a sentence."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

from sim.errors import InputError, cut
from sim.files import reading

MOST_DOTS = 5000
HEADER = re.compile(r"\s*(\[\[?)([^\[\]]+)\]")
KEY = re.compile(r"""\s*((?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*'))*)\s*=""")


def read_text(path: Path) -> str:
    """The text of a scenario file, or an InputError that says in one sentence why there is none."""
    text = reading.read_text(path)
    if not text.strip():
        raise InputError(f'{path}: is empty; the shortest scenario is one line such as: title = "My firm"')
    return text


def load(text: str, source: str) -> dict:
    """The tables of a TOML text.

    >>> load("[trust]\\ngain = 0.05", "a.toml")
    {'trust': {'gain': 0.05}}
    """
    if sum(line.count(".") ** 2 for line in reading.lines_of(text)) > MOST_DOTS**2:  # tomllib takes as many steps
        raise InputError(f"{source}: has more than {MOST_DOTS:,} dots on a line, or as much on several")
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{source}: is not valid TOML: {error}") from None
    except RecursionError:
        raise InputError(f"{source}: is not valid TOML: brackets are nested too deeply") from None
    except ValueError as error:  # such as a whole number of thousands of digits
        raise InputError(f"{source}: is not valid TOML: {error}") from None


def key_lines(text: str) -> dict[tuple, int]:
    """On which line each key stands, as far as a simple search can tell.

    >>> key_lines("days = 9\\n[trust]\\ngain = 1\\n[[changes]]\\nday = 3")[("trust", "gain")]
    3
    """
    found: dict[tuple, int] = {}
    header: tuple = ()
    counts: dict[tuple, int] = {}
    for n, line in enumerate(reading.lines_of(text), 1):
        if match := HEADER.match(line):
            header = _parts(match[2])
            if match[1] == "[[":
                counts[header] = counts.get(header, -1) + 1
                header += (counts[header],)
            elif header[:1] in counts:  # [changes.liaison] belongs to the latest change
                header = (header[0], counts[header[:1]], *header[1:])
            found.setdefault(header, n)
        elif match := KEY.match(line):
            found.setdefault(header + _parts(match[1]), n)
    return found


def _parts(dotted: str) -> tuple:
    return tuple(a or b or c for a, b, c in re.findall(r"""([A-Za-z0-9_-]+)|"([^"]*)"|'([^']*)'""", dotted))


def line_of(lines: dict[tuple, int], path: tuple) -> int:
    """The line of the key at `path`, or of the nearest table around it; 0 if it is not in the file."""
    for length in range(len(path), 0, -1):
        if path[:length] in lines:
            return lines[path[:length]]
    return 0


def label(path: tuple, separator: str = ".") -> str:
    """How a key is called in a sentence.

    >>> label(("changes", 1, "liaison", "count"))
    'changes 2: liaison.count'
    """
    if len(path) > 1 and path[0] == "changes" and isinstance(path[1], int):
        inner = label(path[2:], separator)
        return f"changes {path[1] + 1}" + (f": {inner}" if inner else "")
    return separator.join(str(part) for part in path)


def shown(value: object) -> str:
    """What was given, short enough for a sentence."""
    try:
        text = {True: "true", False: "false"}[value] if isinstance(value, bool) else repr(value)
    except ValueError:  # whole numbers of more than 4,300 digits have no decimal text
        return "a number of thousands of digits"
    if isinstance(value, str):
        text = quoted(value)
    return cut(text)


def quoted(text: str) -> str:
    """A TOML string on one line."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
