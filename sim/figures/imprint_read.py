"""Read what a picture says about itself, and find every number that is another one now."""

from __future__ import annotations

import base64
import io
import json
import math
import re
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import sim
from sim.errors import InputError
from sim.extras import extra
from sim.figures import look
from sim.figures.imprint import FIGURES, FORMAT, KEY, Series, Told
from sim.files.reading import read_bytes

LARGEST = 50_000_000  # bytes of a picture, and of the numbers in it
MOST = 1_000_000  # of them in one row
SVG_SOURCE = "{http://purl.org/dc/elements/1.1/}source"


def read(path: str | Path) -> Told:
    """What a picture's file tells about itself.

    Raises
    ------
    InputError
        No such file, no picture, or one that does not say what it shows.
    """
    path, kind = Path(path), look.kind_of(path)
    raw = io.BytesIO(read_bytes(path, LARGEST))
    try:
        text = {"png": _png_text, "svg": _svg_text, "pdf": _pdf_text}[kind](raw)
    except Exception as fault:  # each library has faults of its own for a file that is damaged
        raise InputError(f"{path}: not a .{kind} picture that can be read ({fault})") from fault
    if not text:
        raise InputError(f"{path}: this picture does not say what it shows; Baton did not write it, or a program "
                         "that changed it has dropped its metadata")  # fmt: skip
    try:
        content = json.loads(text)
        written = content["format"]
        told = told_from(content) if written == FORMAT else None
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError, zlib.error) as fault:
        said = f"{type(fault).__name__}: {fault}"[:200]
        raise InputError(f"{path}: what this picture says about itself cannot be read ({said})") from fault
    if not told:
        version = f"{written!r:.20} (Baton {content.get('version', '?')!s:.20})"
        raise InputError(f"{path}: its record has format {version}, and Baton {sim.__version__} reads {FORMAT}")
    return told


def told_from(content: dict) -> Told:
    """The record as it was written; ValueError, KeyError or TypeError where it is not one."""
    unpacker = zlib.decompressobj()
    series = json.loads(unpacker.decompress(base64.b64decode(content["data"]), LARGEST))
    texts = {name: _text(content[name], name) for name in ("figure", "title", "about", "market", "style", "command")}
    made = {_text(name, "versions"): _text(value, "versions") for name, value in content["versions"].items()}
    scenarios, seeds = tuple(map(_scenario, content["scenarios"])), tuple(map(_whole, _fully(content["seeds"])))
    return Told(**texts, made=made, seeds=seeds, scenarios=scenarios, options=_options(content["options"]),
                data=tuple(map(_series, series)))  # fmt: skip


def _text(value: object, name: str) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{name} is not a text")
    return value


def _whole(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**63:
        raise ValueError(f"{value!r:.40} is not a whole number from 0 to 2**63 - 1")
    return value


def _scenario(kept: dict) -> dict:
    found: dict = {name: _text(kept[name], name) for name in ("name", "hash", "toml")}
    if "given" in kept:
        found["given"] = _text(kept["given"], "given")
    if "set" in kept:
        found["set"] = [_text(each, "set") for each in kept["set"]]
        if not all(re.fullmatch(r"[\w.]+=\S.*", each) for each in found["set"]):
            raise ValueError(f"{found['set']!r:.80} are no levers")
    return found | ({"days": _whole(kept["days"])} if "days" in kept else {})


def _options(given: dict) -> dict:
    """What else was chosen; a name that no figure knows is refused when it is drawn."""
    found: dict = {}
    for name, value in given.items():
        if name == "baseline":
            found[name] = {"seed": _whole(value["seed"])} | {each: _whole(number) for each, number in value.items()}
        elif name == "experiments":
            found[name] = {_text(each, name): _text(digest, name) for each, digest in value.items()}
        elif name == "band":
            found[name] = list(map(_whole, _fully(value)))
        elif name == "doubt":
            if value is not True:
                raise ValueError(f"{value!r:.80} is no doubt")
            found[name] = True
        else:
            found[name] = _whole(value) if name in ("until", "from_day", "quarter") else _text(value, name)
    return found


def _plain(value: object, name: str) -> object:
    if not isinstance(value, str | int | float | bool | None):
        raise ValueError(f"{name} is no plain value")
    return value


def _series(each: dict) -> Series:
    at, values = _fully(each["at"]), tuple(each["values"])
    if len(at) != len(values):
        raise ValueError(f"{each['name']!r:.40}: {len(at)} places, and {len(values)} numbers")
    for value in values:
        if value is not None and (isinstance(value, bool) or not math.isfinite(value)):
            raise ValueError(f"{value!r:.40} is not a number")
    for place in at:
        _plain(place, "a place")
    return Series(*(_text(each[name], name) for name in ("name", "unit", "by")), at, values)


def _png_text(raw: io.BytesIO) -> str:
    from PIL import Image

    with Image.open(raw) as image:
        image.load()  # text may stand behind the picture
        return image.text.get(KEY, "")


def _svg_text(raw: io.BytesIO) -> str:
    from xml.etree import ElementTree

    return next((each.text for each in ElementTree.parse(raw).iter(SVG_SOURCE) if each.text), "")


def _pdf_text(raw: io.BytesIO) -> str:
    with extra("pdf", "To read what a PDF says about itself"):
        from pypdf import PdfReader

    about = PdfReader(raw).metadata or {}
    return str(about.get("/Keywords", ""))


def _fully(numbers: Sequence | dict) -> tuple:
    if isinstance(numbers, dict):
        first, step, n = (numbers[name] for name in ("first", "step", "n"))
        if not all(isinstance(each, int) for each in (first, step, n)) or not 0 <= n <= MOST:
            raise ValueError(f"{str(numbers):.80} is no row of numbers")
        return tuple(first + step * k for k in range(n))
    if not isinstance(numbers, list) or len(numbers) > MOST:
        raise ValueError(f"{numbers!r:.40} is no list of numbers")
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
