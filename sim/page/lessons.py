"""Lessons of the live page: texts and bets as data (lessons/*.toml), read strictly.

A lesson is a list of cards. A card of kind "bet" locks Play until the class has
bet; the answer is measured in the run itself, so no file holds one. What a card
claims stands beside a declared check, which a test asserts against the model.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from sim.errors import InputError, nearest

FOLDER = Path(__file__).parent / "lessons"
NUMBER = (int, float)

# What may stand in each table: the type, and whether it must be there.
LESSON = {"title": (str, True), "about": (str, True), "minutes": (int, True), "scenario": (str, True),
          "market": (int, True), "cards": (list, True), "debrief": (dict, True)}  # fmt: skip
CARD = {"name": (str, True), "kind": (str, True), "title": (str, True), "text": (list, True), "from": (int, False),
        "until": (int, False), "scenario": (str, False), "levers": (list, False), "before": (dict, False),
        "change": (dict, False), "bet": (dict, False), "feedback": (dict, False), "options": (list, False),
        "challenge": (dict, False), "claim": (dict, False), "facilitator": (dict, True)}  # fmt: skip
BET = {"kind": (str, True), "measure": (str, True), "unit": (str, False), "reveal": (str, True)}
FEEDBACK = {"close": (str, True), "low": (str, True), "high": (str, True), "within": (int, True)}
OPTION = {"value": (str, True), "text": (str, True), "right": (str, True), "wrong": (str, True)}
CHALLENGE = {"stage": (int, True), "days": (int, True), "hours": (int, True), "won": (str, True), "lost": (str, True)}
CLAIM = {"says": (str, True), "check": (dict, True)}
CHECK = {"kind": (str, True), "measure": (str, False), "low": (NUMBER, False), "high": (NUMBER, False),
         "before": (dict, False), "change": (dict, False), "day": (int, False), "days": (list, False),
         "way": (str, False), "order": (list, False)}  # fmt: skip
FACILITATOR = {"minutes": (int, True), "say": (str, True), "look": (str, True)}
DEBRIEF = {"title": (str, True), "questions": (list, True), "ticket": (list, True), "limits": (list, True)}

KINDS = ("look", "bet", "challenge", "sandbox")
CHOICES = {
    "first": ("talk", "calls", "score", "revenue"),  # which of them first leaves its baseline by a tenth
    "net": ("better", "worse", "same"),  # net value against the baseline, thirty markets
}
MEASURES = ("calls", *CHOICES)  # calls: of 100 leads handed to Sales, how many were tried


def lesson_names() -> tuple[str, ...]:
    """The lessons that are shipped, the first one first."""
    found = sorted(path.stem for path in FOLDER.glob("*.toml"))
    return tuple(sorted(found, key=lambda name: (name != "four-stages", name)))


def read_lesson(name: str, folder: Path = FOLDER) -> dict[str, Any]:
    """A lesson by its name, checked in full; a plain dictionary that goes to the page as it is.

    Raises
    ------
    InputError
        No such lesson, or its file has faults: all at once, each with its card.
    """
    known = [path.stem for path in folder.glob("*.toml")]
    if name not in known:
        raise InputError(f"{name}: no such lesson{nearest(name, known)}; there are {', '.join(sorted(known))}")
    try:
        lesson = tomllib.loads((folder / f"{name}.toml").read_text(encoding="utf-8"))
    except (ValueError, OSError, RecursionError) as fault:  # no TOML, no UTF-8, no file that can be read
        raise InputError(f"{name}.toml: {fault}") from None
    faults = _table(lesson, LESSON, "the lesson")
    if not faults:
        for n, card in enumerate(lesson["cards"], 1):
            faults += _card(card, f"card {n}")
        faults += _table(lesson["debrief"], DEBRIEF, "debrief")
    if not faults:
        faults += _whole(lesson)
    if faults:
        raise InputError([f"{name}.toml: {fault}" for fault in faults])
    return {"name": name, **lesson}


def lesson_list() -> list[dict[str, str]]:
    """Name and title of each lesson, for the page's choice."""
    return [{"name": name, "title": read_lesson(name)["title"]} for name in lesson_names()]


def check_values(lesson: dict[str, Any]) -> list[str]:
    """Faults of what a lesson sets: scenarios that are not shipped, levers or values the theory refuses."""
    from sim.page.describe import LEVERS
    from sim.scenario import read, shipped

    names = shipped()
    faults = []
    for each in (lesson, *lesson["cards"]):
        where = each.get("name", "the lesson")
        scenario = each.get("scenario", lesson["scenario"])
        if scenario not in names:
            faults.append(f"{where}: no scenario {scenario}{nearest(scenario, names)}")
            continue
        if each.get("until", 0) > (days := read(scenario).days):
            faults.append(f"{where}: until {each['until']} is after the end of {scenario}, which lasts {days} days")
        tables = [each.get("before", {}), each.get("change", {})]
        check = each.get("claim", {}).get("check", {})
        for table in (*tables, check.get("before", {}), check.get("change", {})):
            try:
                read(scenario).but(table)
            except InputError as fault:
                faults.append(f"{where}: {fault}")
        strange = set(each.get("levers", ())) - set(LEVERS)  # what a card itself sets may be any number
        faults += [f"{where}: {lever} is no lever of the page{nearest(lever, LEVERS)}" for lever in sorted(strange)]
    return faults


def _table(given: Any, shape: dict, where: str) -> list[str]:
    """Faults of one table: what is missing, unknown or of another type."""
    if not isinstance(given, dict):
        return [f"{where}: must be a table"]
    faults = [f"{where}: unknown name {name}{nearest(name, shape)}" for name in given if name not in shape]
    for name, (kind, needed) in shape.items():
        if name not in given:
            faults += [f"{where}: {name} is missing"] if needed else []
        elif not isinstance(given[name], kind) or isinstance(given[name], bool):
            what = kind.__name__ if isinstance(kind, type) else "number"
            faults.append(f"{where}: {name} must be a {what}, not {given[name]!r}")
    return faults


def _card(card: Any, where: str) -> list[str]:
    faults = _table(card, CARD, where)
    if faults:
        return faults
    where = f"{where} ({card['name']})"
    if card["kind"] not in KINDS:
        return [f"{where}: kind {card['kind']}{nearest(card['kind'], KINDS)}; there are {', '.join(KINDS)}"]
    for name, shape in (("bet", BET), ("feedback", FEEDBACK), ("challenge", CHALLENGE), ("claim", CLAIM),
                        ("facilitator", FACILITATOR)):  # fmt: skip
        if name in card:
            faults += _table(card[name], shape, f"{where}, {name}")
    if "claim" in card and not faults:
        faults += _table(card["claim"]["check"], CHECK, f"{where}, check")
    for n, option in enumerate(card.get("options", ()), 1):
        faults += _table(option, OPTION, f"{where}, option {n}")
    if faults:
        return faults
    begins, ends = card.get("from", 0), card.get("until", 0)
    if card["kind"] in ("look", "bet") and not 0 <= begins <= ends:
        faults.append(f"{where}: from {begins} until {ends} is no stretch of days")
    if (card["kind"] == "bet") != ("bet" in card) or (card["kind"] == "challenge") != ("challenge" in card):
        faults.append(f"{where}: a card of kind bet has a [bet], one of kind challenge a [challenge], others neither")
    return faults + (_bet(card, where) if "bet" in card and not faults else [])


def _bet(card: dict, where: str) -> list[str]:
    """A number needs words for too low, too high and close; a choice needs every possible answer among its options."""
    measure, kind = card["bet"]["measure"], card["bet"]["kind"]
    if measure not in MEASURES:
        return [f"{where}: measure {measure}{nearest(measure, MEASURES)}; there are {', '.join(MEASURES)}"]
    if kind != ("choice" if measure in CHOICES else "number"):
        return [f"{where}: a bet on {measure} is of another kind than {kind}"]
    if kind == "number":
        return [] if "feedback" in card and "unit" in card["bet"] else [f"{where}: a number needs [feedback] and unit"]
    given = sorted(option["value"] for option in card.get("options", ()))
    wanted = sorted(CHOICES[measure])
    return [] if given == wanted else [f"{where}: options must be {', '.join(wanted)}, each once"]


def _whole(lesson: dict) -> list[str]:
    """Faults across cards: names once, one lever at a time, the sandbox last."""
    cards = lesson["cards"]
    names = [card["name"] for card in cards]
    faults = [] if len(set(names)) == len(names) else ["two cards have one name"]
    if not cards or cards[-1]["kind"] != "sandbox" or sum(card["kind"] == "sandbox" for card in cards) != 1:
        faults.append("the last card, and no other, is the sandbox")
    many = [card["name"] for card in cards if card["kind"] in ("look", "bet") and len(card.get("levers", ())) > 1]
    return faults + [f"{name}: only one lever may move on a card" for name in many]
