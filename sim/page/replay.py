"""A run as one HTML file: the page's own words, looks and modules, and all days of the run as plain data.

It needs no network and no Baton, and the same run makes the same file.
"""

from __future__ import annotations

import base64
import gzip
import json
import re
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any

from sim.errors import InputError
from sim.files.folder import written_file
from sim.files.provenance import made_by
from sim.model import drive, hashes
from sim.model.firm import QUARTER
from sim.page.bundle import STATIC, bundled, digest
from sim.page.describe import about
from sim.page.desks import leads_a_dot
from sim.page.frames import read
from sim.page.histories import Histories, person_told
from sim.page.life import Life
from sim.page.lines import Lines
from sim.page.replay_source import Source
from sim.page.view import MANY_PEOPLE, View, people
from sim.scenario.schema import number_of

MARKETS = 30
LARGEST = 5_000_000  # bytes that a default run's file may have
PLACES = 4  # of numbers other than the frames'


def write(source: Source, path: str | Path, progress: Callable[[int, int], None] | None = None) -> int:
    """Write a run's file; returns its size in bytes.

    Raises
    ------
    InputError
        A saved run does not come to the end it had (its rules were others).
    """
    page = html(recording(source, progress))
    with written_file(path) as work:
        work.write_bytes(page)
    return len(page)


def recording(source: Source, progress: Callable[[int, int], None] | None = None) -> dict[str, Any]:
    """All that a page needs to play a run: frames of every day, lines, bands, stories."""
    scenario, steps = source.scenario, source.scenario.days // QUARTER + MARKETS + 1
    tell = progress or (lambda done, of: None)
    life = Life(scenario, source.seed, leads_a_dot(scenario.theory), step=source.step)
    persons, histories = [_persons(life)], Histories(scenario.theory.workload.day_hours)
    histories.watch(life.simulation.firm, 0)
    while not life.over:
        for day in range(life.day + 1, min(life.day + QUARTER, scenario.days) + 1):
            life.live(day)
            histories.watch(life.simulation.firm, life.day)
        persons.append(_persons(life))
        tell(len(persons), steps)
    state = f"{hashes.state_hash(life.simulation.firm):016x}"
    if source.state and state != source.state:
        raise InputError("the run does not come to its end again: it was lived by other rules. Run its scenario anew")
    lines, plan = Lines(source.step), View({"a": scenario}, source.base, source.seed, source.day)
    found = {"too_large": True}
    if max(people(each) for each in (scenario, source.base)) <= MANY_PEOPLE:
        found = lines.many_markets(plan, MARKETS, lambda done, of: tell(steps - of + done, steps) or True)
    told = about({source.name: source.base} if not source.other and not source.baseline else {})
    told["numbers"] |= {name: number_of(name).default for change in source.changes for name in change["values"]}
    shown = {name: told["scenarios"][name] for name in (source.name, source.other) if name}
    return {
        "made": made_by(source.step, [scenario]),
        "about": told | {"scenarios": shown, "market": source.seed, "start": {}},
        "plan": {"scenario": source.name, "other": source.other, "seed": source.seed, "changes": source.changes,
                 "baseline": source.baseline},
        "day": source.day, "days": life.day, "horizon": scenario.days, "per_dot": life.per_dot,
        "per_desk": life.per_desk, "own": life.simulation.own_people,
        "names": life.simulation.names if life.simulation.own_people else (), "state": state, "warning": source.warning,
        "lines": _short(lines.one_market(plan)), "markets": _short(found), "persons": persons,
        "leads": histories.told(life.simulation.firm, _drawn(life), life.simulation.names, life.day),
        "frames": base64.b64encode(b"".join(life.frames[day] for day in range(life.day + 1))).decode(),
    }  # fmt: skip


def _persons(life: Life) -> dict[str, Any]:
    """Everybody as of today."""
    simulation = life.simulation
    working = [row for row in range(int(simulation.firm.ledger["n_people"][0])) if _works(simulation, row)]
    return {"day": life.day, "people": {str(row): _short(person_told(simulation, row)) for row in working}}


def _works(simulation: drive.Simulation, row: int) -> bool:
    return bool(simulation.firm.people["working"][row])


def _drawn(life: Life) -> list[int]:
    return sorted({int(number) for raw in life.frames.values() for number in read(raw)[0]["steps"]["number"]})


def _short(value: Any) -> Any:
    """Numbers with few digits, and those that are none as null."""
    if isinstance(value, dict):
        return {key: _short(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_short(each) for each in value]
    value = value.item() if hasattr(value, "item") else value
    if isinstance(value, float):
        return round(value, PLACES) if value == value and abs(value) != float("inf") else None
    return value


def html(data: dict[str, Any]) -> bytes:
    """The page with its data: the modules as one script, the looks as one style, no other file."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    packed = base64.b64encode(gzip.compress(text.encode(), mtime=0)).decode()
    page = (STATIC / "index.html").read_text(encoding="utf-8")
    sheets = re.findall(r'<link rel="stylesheet" href="/static/([\w./-]+)" />', page)
    style = "".join((STATIC / name).read_text(encoding="utf-8") for name in sheets)
    script = bundled("replay.js").replace("</script", "<\\/script")
    policy = (f"default-src 'none'; script-src '{digest(script)}'; style-src '{digest(style)}'; img-src data:; "
              "base-uri 'none'; form-action 'none'")  # fmt: skip
    page = re.sub(r" *<link rel=\"stylesheet\"[^>]*>\n", "", page)
    page = re.sub(r" *<script[^>]*></script>\n", "", page)
    said = ", ".join(f"{name} {value}" for name, value in data.get("made", {}).items())
    meta = f'    <meta name="generator" content="{escape(said)}" />\n'
    meta += f'    <meta http-equiv="Content-Security-Policy" content="{policy}" />\n'
    page = page.replace('    <meta name="viewport"', meta + '    <meta name="viewport"', 1)
    page = page.replace("  </head>", f"    <style>{style}</style>\n  </head>", 1)
    page = page.replace("<body ", '<body data-source="recorded" ', 1)
    end = f'    <script type="text/plain" id="recording">{packed}</script>\n    <script>{script}</script>\n  </body>'
    head, _, tail = page.rpartition("  </body>")
    return (head + end + tail).encode()
