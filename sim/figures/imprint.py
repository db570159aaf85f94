"""What a picture's file says about itself: what was drawn, of which runs, and every number that was drawn.

The record travels in the file's own metadata (a text chunk of a PNG, the
keywords of a PDF's information, the Dublin Core source of an SVG) as JSON:
kind of figure, command, versions and rules, scenarios with their hashes and their text,
seeds, the markets' hash, and the numbers. Nothing in it depends on when or
where the file was written: the same command makes the same bytes.
"""

from __future__ import annotations

import base64
import hashlib
import json
import math
import shlex
import sys
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from matplotlib.figure import Figure

import sim
from sim.files.folder import without_folders
from sim.files.provenance import made_by, made_of

__all__ = ["Series", "Told", "attach", "commanded", "made_of", "of"]

FORMAT = 1
FORMATS = ("png", "svg", "pdf")
KEY = "Baton"  # of a PNG's text chunk; the other formats have keys of their own
FIGURES = 7  # significant digits kept of each number
_made_by: ContextVar[tuple[str, tuple[dict, ...]]] = ContextVar("made_by", default=("", ()))


@dataclass(frozen=True)
class Series:
    """Some of the numbers drawn: their name and unit, and where each stands (`by` says what `at` counts)."""

    name: str
    unit: str
    by: str
    at: tuple
    values: tuple[float | None, ...]

    @classmethod
    def of(cls, name: str, unit: str, by: str, at: Iterable, values: Iterable) -> Series:
        """Numbers as they are kept: seven digits, None for what is not a number."""
        kept = tuple(float(f"{v:.{FIGURES}g}") if math.isfinite(v) else None for v in map(float, values))
        return cls(name, unit, by, tuple(a.item() if hasattr(a, "item") else a for a in at), kept)


@dataclass(frozen=True)
class Told:
    """What a picture tells about itself.

    `figure` is the name that `baton export figure` knows it by; `scenarios` hold
    name, hash and text; `options` is what else was chosen (plain values only);
    `made` says by which versions, rules and day (`sim.files.provenance.made_by`).
    """

    figure: str
    title: str
    about: str
    scenarios: tuple[dict, ...] = ()
    seeds: tuple[int, ...] = ()
    market: str = ""
    options: dict = field(default_factory=dict)
    data: tuple[Series, ...] = ()
    style: str = ""
    command: str = ""
    made: dict = field(default_factory=dict)

    @property
    def version(self) -> str:
        """The version of Baton that it was drawn by."""
        return str(self.made.get("baton", ""))

    @property
    def caption(self) -> str:
        """Headline and detail in one paragraph, for a paper's caption."""
        head = self.title if self.title.endswith((".", "?", "!")) else f"{self.title}."
        return f"{head} {self.about}".strip()


def scenario_record(scenario) -> dict:
    """Name, hash and text of a scenario."""
    from sim.result import label

    if not hasattr(scenario, "to_toml"):  # a stand-in with a title only
        return {"name": getattr(scenario, "title", ""), "hash": "", "toml": ""}
    return {"name": label(scenario), "hash": scenario.hash, "toml": scenario.to_toml(shared=True)}


def market_of(run) -> str:
    """The hash of a run's market ("" for a stand-in)."""
    return getattr(run, "about", {}).get("market", "")


def life_options(run) -> dict:
    """What else a run depends on than scenario and market: an early end, and a state that it went on from."""
    found = {}
    if getattr(run, "broke", None) is None and run.days < run.scenario.days:
        found["until"] = run.days
    if getattr(run, "about", {}).get("from_day", 0):
        found["from_day"] = run.about["from_day"]
    return found


def market_digest(hashes: Iterable[str]) -> str:
    """One market's hash as it is; for several, 16 hex digits over all of them."""
    hashes = list(hashes)
    if len(set(hashes)) <= 1:
        return hashes[0] if hashes else ""
    return hashlib.sha256(" ".join(hashes).encode()).hexdigest()[:16]


@contextmanager
def commanded(command: str, given: Iterable[dict] = ()) -> Iterator[None]:
    """Pictures drawn inside say that this command made them, and what the user named for each scenario."""
    token = _made_by.set((command, tuple(given)))
    try:
        yield
    finally:
        _made_by.reset(token)


def attach(figure: Figure, told: Told) -> None:
    """Let a figure carry what it tells about itself, until it is written."""
    from sim.figures import look

    command, given = _made_by.get()
    command = command or typed()
    scenarios = told.scenarios
    if len(given) == len(scenarios):
        named = ({**each, "given": without_folders(each["given"])} for each in given)
        scenarios = tuple({**each, **name} for each, name in zip(scenarios, named, strict=True))
    made, about = told.made or made_by(), told.about
    if "theory" in made and made["theory_hash"] not in about:
        about = f"{about} Theory: {made['theory']} ({made['theory_hash']}).".strip()
    figure.baton = replace(
        told, about=about, scenarios=scenarios, style=look.style().called, command=command, made=made
    )


def typed() -> str:
    """The command that this process was started with, without where its output goes; "" in any other program."""
    program = Path(sys.argv[0])
    if program.stem != "baton" and program.parts[-2:] != ("sim", "__main__.py"):
        return ""
    words, skip = ["baton"], False
    for word in sys.argv[1:]:
        if skip or word in ("-o", "--output"):
            skip = not skip
        elif not word.startswith(("--output=", "-o")):
            words.append(without_folders(word))
    return shlex.join(words)


def of(figure: Figure) -> Told | None:
    """What a figure tells about itself; None for one that says nothing."""
    return getattr(figure, "baton", None)


# ---- into the file


def record(told: Told) -> str:
    """The record as one line of ASCII."""
    content = {"format": FORMAT, "version": told.version, **asdict(told)}
    content["versions"] = content.pop("made")
    content["seeds"] = _shortly(content["seeds"])
    series = [{**each, "at": _shortly(each["at"])} for each in content.pop("data")]
    packed = zlib.compress(json.dumps(series, separators=(",", ":")).encode(), 9)
    content["data"] = base64.b64encode(packed).decode()
    return json.dumps(content, separators=(",", ":"))


def metadata(kind: str, title: str, about: str, told: Told | None) -> dict:
    """What matplotlib writes into a file of this kind; no date, so that the same figure has the same bytes."""
    maker, text = f"Baton {sim.__version__}", record(told) if told else None
    if kind == "png":
        return {"Title": title, "Description": about, "Software": maker, **({KEY: text} if text else {})}
    if kind == "svg":
        found = {"Title": title, "Description": about, "Creator": maker, "Date": None}
        return found | ({"Source": text} if text else {})
    return {"Title": title, "Subject": about, "Creator": maker, "CreationDate": None, "Keywords": text}


def _shortly(numbers: Sequence) -> Sequence | dict:
    """Numbers in even steps as first, step and count."""
    if len(numbers) > 3 and all(isinstance(n, int) for n in numbers):
        step = numbers[1] - numbers[0]
        if all(b - a == step for a, b in zip(numbers, numbers[1:], strict=False)):
            return {"first": numbers[0], "step": step, "n": len(numbers)}
    return numbers
