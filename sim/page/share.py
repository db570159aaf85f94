"""A link that carries a whole plan behind its #: what was changed and when, market, day, view, the rules' version.

    #v=0.3.0-1a2b3c4d&o=default&m=12&d=431&w=compare&c=0:G8;196:C1&e=61
    v version and digest of the rules, o organization, x another one for B, m market, d day, w view,
    c dated changes and b those of the baseline: day, then each lever's letter (sim/scenario/faces.py) and its number,
    e how many characters stand before it: with another number the link was cut (rules before these wrote no e)

static/bar/link.js reads and writes the same.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl, quote, unquote

from sim.errors import InputError
from sim.scenario.faces import FACES

CODES = {name: face.code for name, face in FACES.items()}
LONGEST = 300  # characters of a link
ADDRESS = "http://127.0.0.1:8765/"
KEYS = ("v", "o", "m", "x", "d", "w", "c", "b", "e")
VIEWS = ("run", "compare", "why", "funnel", "project")


def written(state: Mapping[str, Any], version: str, model: str, day: int = 0, view: str = "run") -> str:
    """The part of a link from the # on.

    Parameters
    ----------
    state : mapping
        scenario, seed, changes, baseline, other: as the page's Plan holds them.
    version, model : str
        Of Baton, and the digest of its rules.

    Raises
    ------
    InputError
        The link has no letter for a lever.

    >>> plan = {"scenario": "default", "seed": 12, "changes": [{"day": 0, "values": {"liaison.count": 1}}]}
    >>> written(plan, "1.0", "1a2b3c4d")
    '#v=1.0-1a2b3c4d&o=default&m=12&c=0:C1&e=37'
    """
    parts = [("v", f"{version}-{model}"), ("o", quote(state["scenario"], safe="")), ("m", str(state["seed"]))]
    if state.get("other"):
        parts.append(("x", quote(state["other"], safe="")))
    parts += [("d", str(day))] if day else []
    parts += [("w", view)] if view != "run" else []
    parts += [(key, _changes(state[name])) for key, name in (("c", "changes"), ("b", "baseline")) if state.get(name)]
    text = "#" + "&".join(f"{key}={value}" for key, value in parts)
    return f"{text}&e={len(unquote(text))}"


def _changes(changes: Sequence[Mapping[str, Any]]) -> str:
    unknown = sorted({name for change in changes for name in change["values"]} - set(CODES))
    if unknown:
        raise InputError([f"{name}: a link carries the page's levers only ({', '.join(CODES)})" for name in unknown])
    return ";".join(
        f"{change['day']}:" + "".join(f"{CODES[name]}{_number(value)}" for name, value in change["values"].items())
        for change in changes
    )


def _number(value: float) -> str:
    return str(int(value)) if float(value).is_integer() else repr(float(value))


def read_link(link: str) -> dict[str, Any]:
    """What a link carries: scenario, seed, changes, baseline, other, day, view, version, model; whether it has an end.

    Raises
    ------
    InputError
        It is no link of Baton's.

    >>> read_link("#v=1.0-1a2b3c4d&o=default&m=12&c=0:C1;65:G8H0.5&e=47")["changes"][1]
    {'day': 65, 'values': {'distance.between_teams_m': 8, 'communication.cost_hours': 0.5}}
    """
    text = "#" + link.partition("#")[2]
    parts = parse_qsl(text[1:], keep_blank_values=True)
    told = dict(parts)
    version, _, model = told.get("v", "").rpartition("-")
    faults = [] if version and told.get("o") else ["this is no link of a Baton page: copy it whole, with S or Share"]
    if "e" in told and told["e"] != str(len(unquote(text.rpartition("&e=")[0]))):
        faults.append("this link was cut, or changed on its way: copy it anew, as a whole")
    if unknown := [key for key in told if key not in KEYS]:
        faults.append(f"{', '.join(unknown)[:40]}: no part of a link ({', '.join(KEYS)} are)")
    if len(told) < len(parts):
        faults.append("a part of this link stands in it twice")
    if told.get("w", "run") not in VIEWS:
        faults.append(f"view {told['w'][:30]!r}: there is none of this name ({', '.join(VIEWS)})")
    for key, name in (("m", "market"), ("d", "day")):
        if not re.fullmatch(r"[0-9]{1,15}", told.get(key, "0")):
            faults.append(f"{name} {told[key][:30]!r}: not a whole number")
    found = {}
    for key in ("c", "b"):
        try:
            found[key] = [_change(each) for each in told.get(key, "").split(";") if each]
        except ValueError as fault:
            faults.append(str(fault))
    if faults:
        raise InputError(faults)
    return {"scenario": told["o"], "seed": int(told.get("m", 0)), "changes": found["c"], "baseline": found["b"],
            "other": told.get("x"), "day": int(told.get("d", 0)), "view": told.get("w", "run"), "version": version,
            "model": model, "ends": "e" in told}  # fmt: skip


def _change(text: str) -> dict[str, Any]:
    names = {code: name for name, code in CODES.items()}
    if not re.fullmatch(r"[0-9]{1,6}:([A-Z][-0-9.e]+)+", text):
        raise ValueError(f"{text[:40]!r} is no change of a lever on a day")
    day, _, values = text.partition(":")
    pairs = re.findall(r"([A-Z])([-0-9.e]+)", values)
    if unknown := [code for code, _ in pairs if code not in names]:
        raise ValueError(f"{', '.join(unknown)}: this version knows no such lever")
    return {"day": int(day), "values": {names[code]: _value(value) for code, value in pairs}}


def _value(text: str) -> int | float:
    try:
        return int(text) if text.isdecimal() else float(text)
    except ValueError:
        raise ValueError(f"{text[:40]!r} is no number") from None
