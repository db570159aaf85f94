"""What a class may not see before the front reveals a bet: later days, whole runs, levers of cards to come.

Every page that the server gives away keeps it back, in a lesson or not (static/class/hold.js): no other window or link
shows it. What answers a bet is in no student's browser before its reveal: a page is sent what a bet asks, and what is
said of it only then; and the market that answers it is drawn then: before, nobody has it, not even this server.
"""

from __future__ import annotations

import hashlib
from typing import Any, NamedTuple

MARKETS = range(1000, 10000)  # of which a bet's is drawn: short to read out, and none of the thirty that all compare in
LATER = "your class sees this when the bet is revealed"


class Hold(NamedTuple):
    """What is kept back, while a bet is not revealed.

    day         the last day that may be seen; None if all may
    levers      may have been moved: those of cards whose bets are revealed
    scenarios   may be watched
    """

    day: int | None
    levers: frozenset[str]
    scenarios: frozenset[str]


def told(hold: Hold | None) -> dict[str, Any] | None:
    """What is kept back, as a page takes it."""
    return hold and {"day": hold.day, "levers": sorted(hold.levers), "scenarios": sorted(hold.scenarios)}


def hold_of(lesson: dict[str, Any], index: int, revealed: set[str]) -> Hold | None:
    """What a window on a card may see of a lesson; None when every bet is revealed."""
    cards = lesson["cards"]
    first = _first_open(lesson, revealed)
    if first is None:
        return None
    card = cards[min(index, first)]
    open_ = card["name"] in revealed or card["kind"] not in ("bet", "look")
    day = None if open_ else card.get("from", 0) if card["kind"] == "bet" else card.get("until", 0)
    levers = {*cards[first].get("before", ())}
    for each in cards[:first]:
        levers |= {*each.get("levers", ()), *each.get("before", ()), *each.get("change", ())}
    scenarios = {lesson["scenario"], *(each["scenario"] for each in cards[: first + 1] if "scenario" in each)}
    return Hold(day, frozenset(levers), frozenset(scenarios))


def _first_open(lesson: dict[str, Any], revealed: set[str]) -> int | None:
    """Which card has the first bet that is not revealed; None if all are."""
    bets = ((i, card["name"]) for i, card in enumerate(lesson["cards"]) if card["kind"] == "bet")
    return next((i for i, name in bets if name not in revealed), None)


def student_lesson(lesson: dict[str, Any], revealed: set[str]) -> dict[str, Any]:
    """A lesson as a student's page may have it: no script, and of a bet that is not revealed only what it asks.

    Of cards after it only their kinds are told: what they ask often says how the bet before them ended.
    """
    first = _first_open(lesson, revealed)
    if first is None:
        return lesson | {"cards": [_told(card, ()) for card in lesson["cards"]]}
    cards = [
        *(_told(card, () if card["kind"] == "bet" else ("claim",)) for card in lesson["cards"][:first]),
        _told(lesson["cards"][first], ("claim", "feedback", "change")),
        *(
            {"name": card["name"], "kind": card["kind"], "title": "", "text": []}
            for card in lesson["cards"][first + 1 :]
        ),
    ]
    if options := cards[first].get("options"):
        cards[first]["options"] = [{"value": each["value"], "text": each["text"]} for each in options]
    return lesson | {"cards": cards, "debrief": {"title": "", "questions": [], "ticket": [], "limits": []}}


def _told(card: dict[str, Any], without: tuple[str, ...]) -> dict[str, Any]:
    told = {name: value for name, value in card.items() if name not in ("facilitator", *without)}
    return told | {"claim": {"says": card["claim"]["says"]}} if "claim" in told else told


def drawn_market(secret: bytes, lesson: str, card: str, turn: int) -> int:
    """The market that answers a bet: by chance, keyed by lesson, card and how often it was played before.

    >>> drawn_market(b"one class", "four-stages", "calls", 0) == drawn_market(b"one class", "four-stages", "calls", 0)
    True
    """
    told = hashlib.blake2b(f"{lesson} {card} {turn}".encode(), key=secret, digest_size=8).digest()
    return MARKETS[int.from_bytes(told, "big") % len(MARKETS)]
