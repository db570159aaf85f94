"""The model described by the ODD protocol (Grimm et al. 2020), made from the code's own words.

Purpose and design concepts are written here; entities, processes, submodels and
numbers come from `firm.py`, `day.py`, the rooms' docstrings and `theory.py`, so
the description cannot say what the code does not.
"""

from __future__ import annotations

import ast
import functools
import inspect
import re
from pathlib import Path
from typing import NamedTuple

from sim.model import day, dice, firm
from sim.model.theory import Number, numbers

MODEL = Path(firm.__file__).parent
EVIDENCE = re.compile(r"\b(?:[FB]\d{1,2}|C\d{1,2}|P\d{1,2}|evidence [A-F]|seeds? 00\d(?:, 00\d)*|model\.md \d+)\b")
OURS = "No evidence is named: form and size are our choice."
ENTITIES = {
    "PEOPLE": "Person",
    "BELIEFS": "Belief of one person about one segment",
    "TIES": "Tie across the gap",
    "LEADS": "Lead",
    "CUSTOMERS": "Customer",
    "SEGMENTS": "Segment of the market",
    "PRACTICES": "Practice",
    "HEADS": "Head of a team",
    "DECISIONS": "Decision",
    "LEDGER": "Firm",
}

PURPOSE = """\
How do everyday dealings between marketers and salespeople, under a cost of communicating, trust, a liaison and
distance, carry an organization through the four relationship types of Kotler, Rackham and Krishnaswamy (undefined,
defined, aligned, integrated), up and back down, and what does that do to revenue, net value and the customers' own
gain? The model is made to compare organizations in one and the same market, for research and teaching; it forecasts
no real firm ([limits.md](limits.md)).

It is judged by the published patterns of [validation.md](../reports/validation.md), all with one default
calibration: where firms begin and what carries them up or down, contact and distance, follow-up and conversion of
leads, breaking and healing of trust, customers, firm size and structure, and by negative controls that must not
appear."""

CONCEPTS = {
    "Basic principles":
        "Two thought worlds: each team sees one of two moving truths first (Sales what customers want, Marketing "
        "what the firm brings to market) and needs the other for the other truth. Trust has a part from results "
        "and a part from help, and is lost more easily than won. Everything costs hours. The stage is read off "
        "behaviour by an audit of twenty statements; no rule reads it.",
    "Emergence":
        "Stages, follow-up, revenue, net value and the customers' own gain emerge. Imposed are the market, the forms "
        "of the rules and, for each practice, how much trust and language it needs.",
    "Adaptation":
        "People choose whether to talk, and to whom; whether to call, send back or ignore a lead; whether to keep "
        "an agreed practice. Heads decree and drop practices. Each choice is a chance that grows with trust, "
        "expected benefit and need and falls with hours and load.",
    "Objectives":
        "Nobody maximizes. Salespeople feel a quota; Marketing may be judged by the number of leads; support for "
        "a practice weighs problems that were felt against hours.",
    "Learning":
        "Beliefs about needs and offer are Gaussian and learn by Kalman's rule; trust, language, familiarity and "
        "the benefit expected of talking are learnt from events.",
    "Prediction":
        "Forecasts are the open deals times the usual chance to win; nobody looks further ahead.",
    "Sensing":
        "People know what they met with themselves and what they are told, with noise that falls with a common "
        "language. Heads notice support and compliance late.",
    "Interaction":
        "Direct, along sparse ties across the gap and among team-mates: talks, disputes, help, meetings, leads "
        "that change hands. Indirect, by the hours of a day and by customers whom both teams contact.",
    "Stochasticity":
        "All chance is a hash of (seed, stream, day, entity): what happens to a prospect does not depend on the "
        "organization, so two organizations with the same seed meet the same market.",
    "Collectives":
        "Two teams with heads; the firm.",
    "Observation":
        "A diary by day; at each quarter's end the audit, for each side and for all; leads and customers keep "
        "their history. What was never observed scores 1.",
}  # fmt: skip

SCALES = (
    "One step is a working day; 5 make a week, 21 a month, 65 a quarter, 260 a year; a run is 1,300 days unless a "
    "scenario says otherwise. Space is distance in metres between desks, from one room to half around the earth."
)
ORDER = (
    "Every day the following happens in this order; each line is one rule, and what is changed is seen by the lines "
    "below it on the same day. Within a rule people and ties take their turn by seat, which changes nobody's luck."
)
BEGINNING = (
    "Day 0 looks as if the firm had been living for years: people with experience, ties with some familiarity and the "
    "trust that the scenario says, leads on their way, customers with contracts. Draws have keys here too."
)
INPUT = (
    "None while it runs, but for dated changes that a scenario declares (any lever but the few that say how a run "
    "begins, or a shock). People, ties and trust of day 0 may come from a user's own files instead of being generated."
)
CONSTANTS = (
    "Managers, or the market, choose a *lever*. A *constant* is bookkeeping, or a guess that by itself moves neither "
    "score nor net value much when it is halved or doubled: it is documented like any other number, and nobody sets it."
)


class Submodel(NamedTuple):
    """One rule that the day calls."""

    name: str  # room.function
    text: str  # its docstring
    evidence: list[str]
    numbers: list[Number]


@functools.cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@functools.cache
def functions_of(path: Path) -> dict[str, ast.FunctionDef]:
    """The functions of a file by name."""
    return {node.name: node for node in tree_of(path).body if isinstance(node, ast.FunctionDef)}


def read_by(function: ast.FunctionDef) -> list[str]:
    """Names (`group.field`) of the numbers that a function reads, whatever it calls their group."""
    short: dict[str, str] = {}
    for node in ast.walk(function):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                pairs = (
                    zip(target.elts, node.value.elts, strict=False)
                    if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple)
                    else [(target, node.value)]
                )
                for name, value in pairs:
                    if isinstance(name, ast.Name) and _group(value):
                        short[name.id] = _group(value)
    found = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Attribute):
            group = _group(node.value) or (short.get(node.value.id, "") if isinstance(node.value, ast.Name) else "")
            if f"{group}.{node.attr}" in numbers():
                found.add(f"{group}.{node.attr}")
    return [name for name in numbers() if name in found]


def _group(node: ast.AST) -> str:
    plain = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "theory"
    return node.attr if plain else ""


@functools.cache
def submodels() -> list[Submodel]:
    """Every rule of the rooms and the audit, in the order of the day."""
    found = []
    for room in order_of_rooms():
        path = MODEL / "rules" / f"{room}.py"
        path = path if path.exists() else MODEL / f"{room}.py"
        for name, function in functions_of(path).items():
            text = ast.get_docstring(function) or ""
            read = [numbers()[n] for n in read_by(function) if not n.startswith("rooms.")]
            said = EVIDENCE.findall(text) + [e for n in read for e in EVIDENCE.findall(n.source)]
            found.append(Submodel(f"{room}.{name}", text, sorted(dict.fromkeys(said), key=_order), read))
    return found


def _order(evidence: str) -> tuple:
    letters, digits = re.match(r"(\D*)(\d*)", evidence).groups()
    return letters, int(digits or 0), evidence


def order_of_rooms() -> list[str]:
    """The rooms in the order in which the day first calls them, then the audit."""
    source = inspect.getsource(day)
    rooms = re.findall(r"^\s+(?:if |lead = |return )?(\w+)\.\w+\(firm, theory", source, re.M)
    first = list(dict.fromkeys(r for r in rooms if (MODEL / "rules" / f"{r}.py").exists()))
    rest = sorted(p.stem for p in (MODEL / "rules").glob("*.py") if p.stem not in first and p.stem != "__init__")
    return [*first, *rest, "audit"]


def schedule() -> list[tuple[str, str]]:
    """The lines of the day: what the comment above says, and each call with the first sentence of its rule."""
    lines, heading = [], ""
    inside = False
    for line in inspect.getsource(day).splitlines():
        if line.startswith("def "):
            inside = line.startswith("def day(")
        if not inside:
            continue
        if line.strip().startswith("#"):
            heading = line.strip("# ").strip()
        call = re.match(r"\s+(?:(\w+)\.)?(\w+)\(firm, theory, dice\)", line)
        if call:
            lines.append((heading, f"{call[1] + '.' if call[1] else ''}{call[2]}"))
            heading = ""
    return lines


def sentence(name: str) -> str:
    """The first sentence of a rule's docstring, by its name in the day."""
    room, _, rule = name.rpartition(".")
    for path in [MODEL / "rules" / f"{room}.py"] if room else [MODEL / f"{m}.py" for m in ("day", "diary", "audit")]:
        if rule in functions_of(path):
            return (ast.get_docstring(functions_of(path)[rule]) or "").split("\n\n")[0].replace("\n", " ")
    return ""


def type_of(kind) -> str:
    """The type of a field as people read it: f8 and, where it has an axis, how many places.

    >>> type_of(firm.TIES["aff"]), type_of(firm.TIES["m"])
    ('f64 x 2', 'i32')
    """
    places = f" x {kind.shape[0]}" if kind.shape else ""
    return f"{kind.base.kind}{kind.base.itemsize * 8}{places}"


def entities() -> list[str]:
    """A table for each kind of entity: its variables with what they mean."""
    parts = []
    for table, name in ENTITIES.items():
        meaning = getattr(firm, f"{table}_DOC")
        kinds = getattr(firm, table)
        rows = [f"| `{v}` | {type_of(kinds[v])} | {m} |" for v, m in meaning.items()]
        parts += [f"### {name}", "\n".join(["| variable | type | meaning, unit, bounds |", "|---|---|---|", *rows])]
    return parts


def submodel_text(each: Submodel) -> str:
    """One submodel: its own words, its evidence, its numbers."""
    parts = [f"#### `{each.name}`", _indented(each.text)]
    parts.append(f"*Evidence:* {', '.join(each.evidence)}; forms and sizes where no row gives them are our choice."
                 if each.evidence else f"*Evidence:* {OURS}")  # fmt: skip
    if each.numbers:
        parts.append("*Numbers:* " + ", ".join(f"`{n.name}`" for n in each.numbers) + ".")
    return "\n\n".join(parts)


def _indented(text: str) -> str:
    """A docstring in Markdown: its indented formulas are code already; examples are fenced."""
    text, _, examples = text.partition("\n>>>")
    return text.rstrip() + (f"\n\n```pycon\n>>>{examples}\n```" if examples else "")


def table_of_numbers() -> str:
    """Every number: default, unit, bounds, plausible range, meaning, source."""
    rows = ["| number | default | unit | bounds | plausible | meaning | source |", "|---|---|---|---|---|---|---|"]
    for n in numbers().values():
        bounds = f"{n.low:g} to {n.high:g}"
        plausible = f"{n.plausible[0]:g} to {n.plausible[1]:g}" if n.plausible else ""
        name = f"`{n.name}`" + (" (lever)" if n.lever else " (constant)" if n.fixed else "")
        rows.append(f"| {name} | {n.default:g} | {n.unit} | {bounds} | {plausible} | {n.meaning} | {n.source} |")
    return "\n".join(rows)


def odd(declared: bool = False) -> str:
    """The whole description in Markdown; or only what is declared: fields, numbers, the order of the day."""
    return _declared() if declared else _in_words()


def _parts(note: str, steps: list[str], beginning: list[str], rules: list[str]) -> str:
    """The seven elements of the protocol."""
    streams = ", ".join(s.name.lower() for s in dice.Stream)
    parts = [
        "# ODD: overview, design concepts, details", note,
        "## 1. Purpose and patterns", PURPOSE,
        "## 2. Entities, state variables, and scales", SCALES, *entities(),
        "## 3. Process overview and scheduling", ORDER, "\n".join(steps),
        "## 4. Design concepts", *(f"**{name}.** {text}" for name, text in CONCEPTS.items()),
        f"Streams of chance: {streams}.",
        "## 5. Initialization", *beginning,
        "## 6. Input data", INPUT,
        "## 7. Submodels", *rules,
        "### All numbers", CONSTANTS, table_of_numbers(),
    ]  # fmt: skip
    return "\n\n".join(parts) + "\n"


def _steps(said) -> list[str]:
    lines = []
    for heading, name in schedule():
        lines += [f"\n*{heading[:1].upper() + heading[1:]}*\n"] if heading else []
        lines.append(f"- `{name}`{said(name)}")
    return lines


def _in_words() -> str:
    begin = [f"- `{path.stem}.{n}`: {(ast.get_docstring(f) or '').split(chr(10) + chr(10))[0].replace(chr(10), ' ')}"
             for path in sorted((MODEL / "day_zero").glob("*.py"))
             for n, f in functions_of(path).items() if f.decorator_list]  # fmt: skip
    return _parts(
        "*Written by `baton export odd` from the code (ODD protocol of 2020); do not edit.*",
        _steps(lambda name: f": {sentence(name)}"),
        [ast.get_docstring(tree_of(MODEL / "day_zero" / "opening.py")) or "", "\n".join(begin)],
        [_room(room) for room in order_of_rooms()],
    )


def _declared() -> str:
    """Without the rules' words, which a change of words would move."""
    rooms = {room: f"rules/{room}.py" if (MODEL / "rules" / f"{room}.py").exists() else f"{room}.py"
             for room in order_of_rooms()}  # fmt: skip
    return _parts(
        "*Written by `baton export odd --declared` from what the code declares (ODD protocol of 2020); do not edit.\n"
        "`baton export odd` adds every rule in its own words, with its evidence and its numbers.*",
        _steps(lambda name: ""),
        [BEGINNING],
        ["\n".join(f"- [{room}](../../sim/model/{path})" for room, path in rooms.items())],
    )


def _room(room: str) -> str:
    path = MODEL / "rules" / f"{room}.py"
    path = path if path.exists() else MODEL / f"{room}.py"
    members = [each for each in submodels() if each.name.startswith(room + ".")]
    head = f"### {room.capitalize()}\n\n{ast.get_docstring(tree_of(path)) or ''}"
    return "\n\n".join([head, *(submodel_text(each) for each in members)])
