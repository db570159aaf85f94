"""The live page as one HTML file: rules, scenarios and an engine are in it, so it needs no network and no Baton."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from sim import USUAL_MARKET
from sim.errors import InputError, nearest
from sim.files.folder import written_file
from sim.files.provenance import made_by
from sim.model import kernel
from sim.page.bundle import STATIC, bundled, digest
from sim.page.describe import LEVERS, NEEDS_FILES, about
from sim.page.engine_data import engine_data
from sim.page.lessons import lesson_names, read_lesson
from sim.page.serve import OPENS
from sim.scenario import Scenario, read, shipped
from sim.study.own.accepted import ask_gate

LARGEST = 1_000_000  # bytes that a file with all shipped scenarios may have
OPENING = "Opening. If this line stays, the file is damaged or no script may run here: save it, open it in a browser."


@dataclass(frozen=True)
class Wanted:
    """What a file is to hold, and how it opens.

    scenarios   by name, the one it opens with first; none: all that are shipped
    seed        the market it opens with; None: the usual one
    lesson      the lesson it opens with, or None
    locked      levers that nobody can move in it
    embedded    whether it stands in a frame of another page: with fewer things above
    """

    scenarios: Mapping[str, Scenario] | None = None
    seed: int | None = None
    lesson: str | None = None
    locked: Sequence[str] = ()
    embedded: bool = False


def name_of(scenario: str) -> str:
    """What a scenario is called on a page: its own name, or its file's.

    >>> name_of("silo"), name_of("mine/our-firm.toml"), name_of("mine/acme")
    ('silo', 'our-firm', 'acme')
    """
    return Path(scenario).name.removesuffix(".toml")


def write(wanted: Wanted, path: str | Path) -> int:
    """Write the file; returns its size in bytes.

    Raises
    ------
    InputError
        No such lesson or lever; the module is of other rules than these.
    """
    page = html(kept(wanted), wanted.embedded)
    with written_file(path) as work:
        work.write_bytes(page)
    return len(page)


def kept(wanted: Wanted) -> dict[str, Any]:
    """All that the page's script finds in the file, but the rules' module."""
    if by := [f"{name}: lives by {each.own_theory.called}, whose day is Python's, and a file for browsers holds the "
              f"model's own alone; baton serve {name} shows it, baton export replay keeps a run of it"
              for name, each in (wanted.scenarios or {}).items() if each.own_theory]:  # fmt: skip
        raise InputError(by)
    layout = json.loads((STATIC / "rules.json").read_text(encoding="utf-8"))
    if layout["fingerprint"] != kernel.rules_fingerprint():
        raise InputError("the committed rules.wasm is of other rules than these; type `python -m sim.model.wasm_build`")
    _check_levers(wanted.locked)
    for each in (wanted.scenarios or {}).values():
        ask_gate(each)  # every lever of the page asks a what-if
    given = wanted.scenarios or {name: read(name) for name in shipped() if name not in NEEDS_FILES}
    scenarios = {name: each.of_one_set(USUAL_MARKET) for name, each in given.items()}
    first = next(iter(scenarios)) if wanted.scenarios else OPENS
    lessons = _lessons(wanted, scenarios)
    own = {name: each for name, each in scenarios.items() if name not in shipped() or each != read(name)}
    told = about(own)
    told["scenarios"] = {name: told["scenarios"][name] for name in scenarios}
    start = {"scenario": first} | ({} if wanted.seed is None else {"seed": wanted.seed})
    start |= {} if wanted.lesson is None else {"lesson": wanted.lesson}
    told |= {"docs": [], "start": start, "session": "file", "keyed": False, "far": [], "hold": None}
    return {
        "style": _style(), "page": bundled("live.js"), "engine": bundled("engine/worker.js"), "layout": layout,
        "data": engine_data(scenarios), "about": told, "lessons": lessons, "locked": list(wanted.locked),
    }  # fmt: skip


def _check_levers(names: Sequence[str]) -> None:
    faults = [f"{name}: is no lever of the page{nearest(name, LEVERS)}" for name in names if name not in LEVERS]
    if faults:
        raise InputError(faults)


def _lessons(wanted: Wanted, scenarios: dict[str, Scenario]) -> list[dict[str, Any]]:
    """The lessons whose organizations are in the file; those of the one it opens with are put into it."""
    if wanted.lesson is not None:
        for name in _organizations(read_lesson(wanted.lesson)):
            scenarios.setdefault(name, read(name))
    every = map(read_lesson, lesson_names())
    return [lesson for lesson in every if _organizations(lesson) <= set(scenarios)]


def _organizations(lesson: Mapping[str, Any]) -> set[str]:
    """The scenarios that a lesson is held with."""
    return {lesson["scenario"], *(card["scenario"] for card in lesson["cards"] if "scenario" in card)}


def _style() -> str:
    page = (STATIC / "index.html").read_text(encoding="utf-8")
    sheets = re.findall(r'<link rel="stylesheet" href="/static/([\w./-]+)" />', page)
    return "".join((STATIC / name).read_text(encoding="utf-8") for name in sheets)


def html(held: dict[str, Any], embedded: bool = False) -> bytes:
    """The page with all it needs; its scripts and looks are known to the browser by their digests."""
    first = (STATIC / "engine" / "unpack.js").read_text(encoding="utf-8")
    digests = [f"'{digest(text)}'" for text in (first, held["page"])]
    policy = (f"default-src 'none'; script-src {' '.join(digests)} 'wasm-unsafe-eval'; worker-src blob:; "
              f"style-src '{digest(held['style'])}'; img-src data:; base-uri 'none'; form-action 'none'")  # fmt: skip
    page = (STATIC / "index.html").read_text(encoding="utf-8")
    page = re.sub(r" *<link rel=\"stylesheet\"[^>]*>\n", "", page)
    page = re.sub(r" *<script[^>]*></script>\n", "", page)
    said = ", ".join(f"{name} {value}" for name, value in made_by().items())
    meta = f'    <meta name="generator" content="{escape(said)}" />\n'
    meta += f'    <meta http-equiv="Content-Security-Policy" content="{policy}" />\n'
    page = page.replace('    <meta name="viewport"', meta + '    <meta name="viewport"', 1)
    head, frame, tail = re.split(r"(?<=>)(?=\n    <div id=\"app\">)|(?=  </body>)", page)
    rest = {name: each for name, each in held.items() if name != "engine"} | {"frame": frame}
    text = json.dumps(rest, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    raw = {"engine": held["engine"].encode(), "kept": text.encode(), "rules": (STATIC / "rules.wasm").read_bytes()}
    parts = {name: packed(each) for name, each in raw.items()}
    sums = " ".join(hashlib.sha256(raw).hexdigest() for raw in parts.values())
    marks = f'data-source="file" data-sums="{sums}"' + (" data-embed" if embedded else "")
    head = head.replace("<body ", f"<body {marks} ", 1) + f'\n    <p id="opening">{escape(OPENING)}</p>\n'
    end = "".join(f'    <script type="text/plain" id="{name}">{base64.b64encode(raw).decode()}</script>\n'
                  for name, raw in parts.items())  # fmt: skip
    end += f"    <script>{first}</script>\n"
    return (head + end + tail).encode()


def packed(raw: bytes) -> bytes:
    """Bytes as a page holds them, with the same sum whenever they are packed."""
    return gzip.compress(raw, mtime=0)
