"""A class in one lesson: how many have bet, how the bets fell once they are closed, and what the teacher wants seen.

Pages say on which card they stand and what was bet on it; the teacher's pages hear counts, never who. Before the bets
on a card are closed they hear how many, never what: a bet that was seen pulls the others. A bet that was placed stays.
What answers it is sent to nobody before the front reveals it to all, in a market that is drawn then. All of it is in
memory: a bet goes with its page, the counts of closed bets go with the server.
"""

from __future__ import annotations

import asyncio
import secrets
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sim.errors import InputError
from sim.page.lessons import lesson_names, read_lesson
from sim.page.reveal import Hold, drawn_market, hold_of, student_lesson, told

PAUSE = 0.1  # seconds in which news of the class are gathered, so that thirty bets at once are a few messages
PLACES = ("gap", "ladder", "strip", "head")  # of the page, which the teacher may point at
ACTS = ("close", "open", "reveal", "hands", "look", "go", "come")  # of whoever leads
MOST_HANDS = 999
Say = Callable[[dict[str, Any]], Awaitable[None]]


@dataclass
class Member:
    """A window that belongs to a lesson.

    bets    by card: the number or the option that was bet
    leads   may steer; a page that leads by a key is the projected one, and its own bet is not the class's
    """

    say: Say
    page: bool
    leads: bool
    counts: bool
    lesson: str = ""
    index: int = 0
    bets: dict[str, int | str] = field(default_factory=dict)


_read = cache(read_lesson)


@cache
def _cards(lesson: str) -> tuple[str, ...]:
    return tuple(card["name"] for card in _read(lesson)["cards"])


@cache
def _bets_of(lesson: str) -> dict[str, tuple[str, ...]]:
    """The cards of a lesson that ask for a bet, with their options; none where a number is asked for."""
    cards = _read(lesson)["cards"]
    return {card["name"]: tuple(option["value"] for option in card.get("options", ()))
            for card in cards if card["kind"] == "bet"}  # fmt: skip


class Classroom:
    """Everybody who is in a lesson on this server.

    key      what a teacher's link carries; "" if everybody may steer, as on one's own machine
    lesson   that the server opens with: what its bets ask is kept back before the front is there, too
    secret   by which markets are drawn; it leaves the server for nobody
    """

    def __init__(self, key: str, lesson: str = "", secret: bytes | None = None):
        self.key, self._secret = key, secret or secrets.token_bytes(32)
        self.members: dict[str, Member] = {}
        self._windows: dict[str, tuple[Say, Hold | None]] = {}  # everybody, with what was told last to be kept back
        self.closed: dict[str, dict[str, dict[str, int]]] = {}  # by lesson and card: how often each bet was made
        self.revealed: dict[str, set[str]] = {}  # by lesson: cards whose answer the front has begun to show
        self.markets: dict[str, dict[str, int]] = {}  # by lesson and revealed card: in which the bet is answered
        self._played: Counter[tuple[str, str]] = Counter()  # by lesson and card: how often it was revealed
        self.lesson, self.index = lesson, 0  # where the page in front stands
        self.hands: tuple[int, int] | None = None  # bets and people as the teacher counts them in the room
        self._telling: asyncio.Task | None = None
        self._saying: set[asyncio.Task] = set()

    def enter(self, name: str, say: Say) -> dict[str, Any] | None:
        """Somebody new, in a lesson or not; returns what is to be kept back from them."""
        self._windows[name] = say, self.hold_of(name)
        return told(self._windows[name][1])

    def hear(self, name: str, say: Say, message: dict[str, Any]) -> dict[str, Any] | None:
        """What a window of a lesson says; returns what is to be kept back from it from now on.

        Raises
        ------
        InputError
            It says nothing that can be understood, or steers without the teacher's key.
        """
        leads = self.may_lead(message.get("key", ""))
        act = message.get("act")
        if act == "here":
            self._here(name, say, message, leads)
        elif act not in ACTS:
            raise InputError(f"act {str(act)[:40]!r}: a lesson knows here, {', '.join(ACTS)}")
        elif not leads:
            raise InputError("only the teacher's link may lead the class; ask whoever started the server for it")
        else:
            self._lead(act, message)
        self._tell_holds()
        self._tell_soon()
        return told(self.hold_of(name))

    def may_lead(self, key: Any) -> bool:
        """Whether this is the teacher's key."""
        return not self.key or secrets.compare_digest(str(key).encode(), self.key.encode())

    def lesson_for(self, name: str, key: Any) -> dict[str, Any]:
        """A lesson in full for who leads; for a student without what its bets ask, as long as they are not revealed."""
        lesson = _read(name)
        return lesson if self.may_lead(key) else student_lesson(lesson, self.revealed.get(name, set()))

    def leave(self, name: str) -> None:
        """A window was closed; a bet that was not counted yet goes with it."""
        self._windows.pop(name, None)
        if self.members.pop(name, None) is not None:
            self._tell_soon()

    def _here(self, name: str, say: Say, message: dict[str, Any], leads: bool) -> None:
        page = message.get("window") != "facilitator"
        member = Member(say, page, leads, page and not (leads and self.key))
        if page:
            member.lesson, member.index = _lesson(message), _whole(message, "index", 0, MOST_HANDS)
            member.bets = self._placed(name, member, _bets(member.lesson, message.get("bets", {})))
        self.members[name] = member
        if revealed := self.revealed.get(member.lesson):
            told = {"is": "revealed", "cards": sorted(revealed)}
            self._tell_revealed(told, member.lesson, lambda each: each is member)
        if page and leads and (member.lesson, member.index) != (self.lesson, self.index):
            self.lesson, self.index = member.lesson, member.index
            self.hands = self.hands and (0, self.hands[1])

    def _placed(self, name: str, member: Member, bets: dict[str, int | str]) -> dict[str, int | str]:
        """Bets as they stand: one that was placed is not moved any more."""
        before = self.members.get(name)
        placed = before.bets if before and before.lesson == member.lesson else {}
        return {card: placed.get(card, bet) for card, bet in bets.items()}

    def hold_of(self, name: str) -> Hold | None:
        """What a window may not see yet, in a class whose front holds a lesson; None for who leads, or without one."""
        member = self.members.get(name)
        if not self.key or (member and member.leads):
            return None
        lesson = self.lesson or (member.lesson if member else "")
        if not lesson:
            return None
        index = member.index if member and member.lesson == lesson else self.index
        return hold_of(_read(lesson), index, self.revealed.get(lesson, set()))

    def _lead(self, act: str, message: dict[str, Any]) -> None:
        if act in ("close", "open", "reveal"):
            lesson, card = _lesson(message), str(message.get("card"))
            if card not in _bets_of(lesson):
                raise InputError(f"{lesson} has no bet {card[:40]!r}")
            done = self.closed.setdefault(lesson, {})
            if act == "open":
                done.pop(card, None)
                self.revealed.get(lesson, set()).discard(card)
                self.markets.get(lesson, {}).pop(card, None)
            elif card not in done:
                bets = [each.bets[card] for each in self._class(lesson) if card in each.bets]
                done[card] = dict(Counter(str(bet) for bet in bets))
            if act == "reveal":
                self._draw_market(lesson, card)
                self.revealed.setdefault(lesson, set()).add(card)
                self._tell_holds()  # first, so that nobody is held when it plays
                said = {"is": "reveal", "card": card}
                self._tell_revealed(said, lesson, lambda each: each.page and each.lesson == lesson)
        elif act == "hands":
            of = _whole(message, "of", 0, MOST_HANDS)
            self.hands = (min(_whole(message, "has", 0, MOST_HANDS), of), of) if of else None
        elif act == "look":
            if message.get("at") not in PLACES:
                raise InputError(f"at {str(message.get('at'))[:40]!r}: there are {', '.join(PLACES)}")
            self._pass_on({"is": "look", "at": message["at"]}, lambda each: each.page)
        elif act == "go":
            self._pass_on({"is": "go", "by": _whole(message, "by", -1, 1)}, lambda each: each.page and each.leads)
        else:
            said = {"is": "come", "lesson": self.lesson, "index": self.index}
            self._pass_on(said, lambda each: each.page and not each.leads)

    def _draw_market(self, lesson: str, card: str) -> None:
        """By chance, as the bet is revealed; who reveals it again without opening the bets shows the same."""
        drawn = self.markets.setdefault(lesson, {})
        if card not in drawn:
            drawn[card] = drawn_market(self._secret, lesson, card, self._played[lesson, card])
            self._played[lesson, card] += 1

    def _tell_revealed(self, said: dict[str, Any], lesson: str, wanted: Callable[[Member], bool]) -> None:
        """To all the markets that were drawn; to students the text that they may have by now."""
        said |= {"lesson": lesson, "markets": self.markets.get(lesson, {})}
        text = student_lesson(_read(lesson), self.revealed.get(lesson, set()))
        self._pass_on(said, lambda each: wanted(each) and each.leads)
        self._pass_on(said | {"text": text}, lambda each: wanted(each) and not each.leads)

    def _class(self, lesson: str) -> list[Member]:
        return [each for each in self.members.values() if each.counts and each.lesson == lesson]

    def _pass_on(self, said: dict[str, Any], wanted: Callable[[Member], bool]) -> None:
        for each in self.members.values():
            if wanted(each):
                self._say(each.say, said)

    def _say(self, say: Say, said: dict[str, Any]) -> None:
        job = asyncio.get_running_loop().create_task(say({"is": "class", "said": said}))
        self._saying.add(job)  # the loop itself would not hold it
        job.add_done_callback(self._saying.discard)

    def _tell_holds(self) -> None:
        """Whoever may see more now, or less, is told: windows in a lesson and others."""
        for name, (say, before) in list(self._windows.items()):
            if (now := self.hold_of(name)) != before:
                self._windows[name] = say, now
                self._say(say, {"is": "hold", "hold": told(now)})

    def state(self) -> dict[str, Any]:
        """What a teacher's window is told: counts alone."""
        people = self._class(self.lesson)
        cards = _cards(self.lesson) if self.lesson else ()
        card = cards[self.index] if self.index < len(cards) else ""
        closed = {name: bets if sum(bets.values()) > 1 else {}  # a single bet would tell whose it is
                  for name, bets in self.closed.get(self.lesson, {}).items()}  # fmt: skip
        return {"is": "room", "lesson": self.lesson, "index": self.index, "people": len(people),
                "has": sum(card in each.bets for each in people), "hands": self.hands,
                "closed": closed, "revealed": sorted(self.revealed.get(self.lesson, ())),
                "keyed": bool(self.key)}  # fmt: skip

    def _tell_soon(self) -> None:
        if self._telling is None or self._telling.done():
            self._telling = asyncio.get_running_loop().create_task(self._tell())

    async def _tell(self) -> None:
        await asyncio.sleep(PAUSE)
        self._pass_on(self.state(), lambda each: each.leads)


def _lesson(message: dict[str, Any]) -> str:
    name = message.get("lesson")
    if name not in lesson_names():
        raise InputError(f"no lesson {str(name)[:40]!r}")
    return str(name)


def _whole(message: dict[str, Any], name: str, low: int, high: int) -> int:
    value = message.get(name)
    if type(value) is not int or not low <= value <= high:
        raise InputError(f"{name} {str(value)[:40]!r}: a whole number from {low} to {high}")
    return value


def _bets(lesson: str, given: Any) -> dict[str, int | str]:
    """Bets by card: a number from 0 to 100, or an option of the card; anything else is refused."""
    known = _bets_of(lesson)
    if not isinstance(given, dict):
        raise InputError("bets: a table of cards")
    for card, bet in given.items():
        fits = bet in known[card] if known.get(card) else type(bet) is int and 0 <= bet <= 100
        if card not in known or not fits:
            raise InputError(f"{str(card)[:40]!r}: {lesson} has no such bet as {str(bet)[:40]!r}")
    return dict(given)
