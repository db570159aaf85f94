"""Read what a picture says about itself, and find every number that is another one now."""

from __future__ import annotations

import base64
import json
import math
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import sim
from sim.errors import InputError
from sim.figures import look
from sim.figures.provenance import FIGURES, FORMAT, KEY, Series, Told

SVG_SOURCE = "{http://purl.org/dc/elements/1.1/}source"


def read(path: str | Path) -> Told:
    """What a picture's file tells about itself.

    Raises
    ------
    InputError
        No such file, no picture, or one that does not say what it shows.
    """
    path, kind = Path(path), look.kind_of(path)
    if not path.is_file():
        raise InputError(f"{path}: there is no such file")
    try:
        text = {"png": _png_text, "svg": _svg_text, "pdf": _pdf_text}[kind](path)
    except Exception as fault:  # each library has faults of its own for a file that is damaged
        raise InputError(f"{path}: not a .{kind} picture that can be read ({fault})") from fault
    if not text:
        raise InputError(f"{path}: this picture does not say what it shows; Baton did not write it, or a program "
                         "that changed it has dropped its metadata")  # fmt: skip
    try:
        content = json.loads(text)
        told = content["format"] == FORMAT and told_from(content)
    except (ValueError, KeyError, TypeError, AttributeError, zlib.error) as fault:
        raise InputError(f"{path}: what this picture says about itself cannot be read ({fault!r})") from fault
    if not told:
        version = f"{content['format']} (Baton {content.get('version', '?')})"
        raise InputError(f"{path}: its record has format {version}, and Baton {sim.__version__} reads {FORMAT}")
    return told


def told_from(content: dict) -> Told:
    series = json.loads(zlib.decompress(base64.b64decode(content["data"])))
    data = tuple(Series(**{**each, "at": _fully(each["at"]), "values": tuple(each["values"])}) for each in series)
    known = {name: content[name] for name in Told.__dataclass_fields__ if name not in ("data", "seeds", "scenarios")}
    return Told(**known, seeds=_fully(content["seeds"]), scenarios=tuple(content["scenarios"]), data=data)


def _png_text(path: Path) -> str:
    from PIL import Image

    with Image.open(path) as image:
        image.load()  # text may stand behind the picture
        return image.text.get(KEY, "")


def _svg_text(path: Path) -> str:
    from xml.etree import ElementTree

    return next((each.text for each in ElementTree.parse(path).iter(SVG_SOURCE) if each.text), "")


def _pdf_text(path: Path) -> str:
    from pypdf import PdfReader

    about = PdfReader(path).metadata or {}
    return str(about.get("/Keywords", ""))


def _fully(numbers: Sequence | dict) -> tuple:
    if isinstance(numbers, dict):
        return tuple(numbers["first"] + numbers["step"] * k for k in range(numbers["n"]))
    return tuple(numbers)


# ---- two sets of numbers


class Difference(NamedTuple):
    """One number that is not the same in two pictures."""

    name: str
    unit: str
    by: str
    at: object
    then: float | None
    now: float | None

    def __str__(self) -> str:
        then, now = ("no value" if v is None else f"{v:.{FIGURES}g}" for v in (self.then, self.now))
        unit = "" if self.unit in ("", "0..1", "count") else f" {self.unit}"
        return f"{self.name}, {self.by} {self.at}: {then}{unit} in the file, {now}{unit} now"


def differences(then: Sequence[Series], now: Sequence[Series], tolerance: float = 1e-6) -> list[Difference]:
    """Every number that differs by more than `tolerance` (relative), the largest relative difference first.

    A number that only one of the two has stands against None.
    """
    found: list[tuple[float, Difference]] = []
    new = {each.name: each for each in now}
    old = {each.name: each for each in then}
    for name in {**old, **new}:
        about = old.get(name) or new[name]
        here = dict(zip(old[name].at, old[name].values, strict=True)) if name in old else {}
        there = dict(zip(new[name].at, new[name].values, strict=True)) if name in new else {}
        for at in {**here, **there}:
            a, b = here.get(at), there.get(at)
            if a == b and (at in here) == (at in there):
                continue
            size = math.inf if a is None or b is None else abs(a - b) / max(abs(a), abs(b))
            if size > tolerance:
                found.append((size, Difference(name, about.unit, about.by, at, a, b)))
    return [each for _, each in sorted(found, key=lambda pair: -pair[0])]
