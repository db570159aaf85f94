"""What a class may not see before the front reveals a bet: later days, whole runs, levers of cards to come.

A page hides it by itself; here the server keeps it back as well, so that no other window, link or message shows it.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from sim.page.pipe import Refused
from sim.page.questions import QUESTIONS, Held

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

    def check(self, asked: dict[str, Any]) -> dict[str, Any]:
        """What was asked, with no day too late; whole runs wait anyway, as long as `day` is a day.

        Raises
        ------
        Refused
            It would answer a bet that is not revealed.
        """
        held = QUESTIONS[asked["do"]].held
        if held is Held.PLANS:
            self._check_plans([*_tables(asked.get("arms")), asked.get("base")])
            return asked | {"day": self._at_most(asked.get("day", 0))}
        if held is Held.DAYS and self.day is not None:
            if type(asked.get("from")) is int and asked["from"] > self.day:
                raise Refused([LATER])
            return asked | {"to": self._at_most(asked.get("to", 0))}
        return asked

    def _at_most(self, day: Any) -> Any:
        return day if self.day is None or type(day) is not int else min(day, self.day)

    def _check_plans(self, plans: list[Any]) -> None:
        for plan in plans:
            if not isinstance(plan, dict):
                continue  # whoever reads the plan says what is wrong with it
            moved = {name for change in _rows(plan.get("changes")) for name in _names(change.get("values"))}
            if plan.get("scenario") not in self.scenarios or moved - self.levers:
                raise Refused([LATER])


def hold_of(lesson: dict[str, Any], index: int, revealed: set[str]) -> Hold | None:
    """What a window on a card may see of a lesson; None when every bet is revealed."""
    cards = lesson["cards"]
    first = next((i for i, card in enumerate(cards) if card["kind"] == "bet" and card["name"] not in revealed), None)
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


def _tables(given: Any) -> list[Any]:
    return list(given.values()) if isinstance(given, dict) else []


def _rows(given: Any) -> list[dict[str, Any]]:
    return [each for each in given if isinstance(each, dict)] if isinstance(given, list) else []


def _names(given: Any) -> set[str]:
    return set(given) if isinstance(given, dict) else set()
