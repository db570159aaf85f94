"""What may be asked, in one table: a question's name, its arguments, who may ask it, when it is answered, and by what.

The conversation with a visitor, the engine and what a class may not see yet are made from it. The page's own list
(static/common/source.js has a method a question) is held equal by a test.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum, auto
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sim import USUAL_MARKET
from sim.errors import InputError

if TYPE_CHECKING:
    from sim.page.engine import Engine

MOST_FRAMES = 400
MOST_MARKETS = 400


class Pace(Enum):
    """When a question is answered."""

    IN_TURN = auto()  # after what the same visitor asked before
    BESIDE = auto()  # beside the others, so that nobody waits for it; not by the plain rules, which are too slow for it
    BEHIND = auto()  # so too, and by threads that give way to those who watch
    AT_ONCE = auto()  # by whoever reads, before anything that is being lived


class Held(Enum):
    """What a class may not see before the front reveals a bet."""

    NOTHING = auto()
    PLANS = auto()  # other scenarios and levers than those of the cards so far, and later days
    DAYS = auto()  # days after the card's
    DAY = auto()  # anything as of a day after the card's
    ALL = auto()  # it tells of a run to its end: the answer waits


class Question(NamedTuple):
    """What is known of a question.

    takes    its arguments; whatever else stands in a visitor's message does not reach who answers
    answer   given the engine, the request and who is told of progress; None: the web server answers by itself
    visitor  the page of a visitor may ask it; else the server alone
    kept     its arguments are remembered as the visitor's plan, and go along to another process
    """

    takes: tuple[str, ...]
    answer: Callable[[Engine, dict[str, Any], Callable], dict[str, Any] | bytes] | None
    pace: Pace = Pace.IN_TURN
    held: Held = Held.NOTHING
    visitor: bool = True
    kept: bool = False

    @property
    def slow(self) -> bool:
        return self.pace in (Pace.BESIDE, Pace.BEHIND)

    def asked(self, message: Mapping[str, Any]) -> dict[str, Any]:
        """Of a message its arguments alone."""
        return {name: message[name] for name in self.takes if name in message}


def _about(engine: Engine, request, more) -> dict[str, Any]:
    from sim.page.describe import about
    from sim.scenario import read

    for name, (path, keep_names) in (request.get("extra") or {}).items():
        engine.extra[name] = (read(path).named() if keep_names else read(path)).of_one_set(USUAL_MARKET)
    return about(engine.extra)


def _set(engine: Engine, request, more) -> dict[str, Any]:
    from sim.page.view import view_of

    return engine.visitor(request).set(view_of(request, engine.extra))


def _frames(engine: Engine, request, more) -> bytes | dict[str, Any]:
    from sim.page.view import whole

    first, last, rev = (whole(request, name, 0, 2**31) for name in ("from", "to", "rev"))
    if not first <= last < first + MOST_FRAMES:
        raise InputError(f"days {first} to {last}: give the first and the last of at most {MOST_FRAMES} days")
    return engine.visitor(request).frames(str(request.get("arm", "a")), rev, first, last)


def _lines(engine: Engine, request, more) -> dict[str, Any]:
    visitor = engine.visitor(request)
    rev, plan = visitor.now()
    return {"rev": rev, **engine.lines.one_market(plan, visitor.left)}


def _markets(engine: Engine, request, more) -> dict[str, Any]:
    from sim.page.view import MANY_PEOPLE, people, whole

    n = whole(request, "n", 2, MOST_MARKETS, 30)
    visitor = engine.visitor(request)
    rev, plan = visitor.now()
    if max(people(each) for each in plan.arms.values()) > MANY_PEOPLE:
        return {"rev": rev, "too_large": True}
    if rev != request.get("rev", rev):
        return {"rev": rev, "stale": True}

    def tell(done: int, of: int) -> bool:
        if done % 5 == 0:
            more({"rev": rev, "done": done, "of": of})
        return visitor.now()[0] == rev

    found = engine.lines.many_markets(plan, n, tell, visitor.left)
    return {"rev": rev, **found} if found else {"rev": rev, "stale": True}


class Stale(Exception):
    """The visitor has another plan by now."""


def _while_there(visitor) -> Callable[[int, int], None]:
    """Progress of what is given up when its visitor leaves."""

    def tell(done: int, of: int) -> None:
        if visitor.gone:
            raise InputError("whoever asked has left")

    return tell


def _why(engine: Engine, request, more) -> dict[str, Any]:
    visitor = engine.visitor(request)
    rev, plan = visitor.now()
    there = _while_there(visitor)

    def tell(done: int, of: int) -> None:
        there(done, of)
        if visitor.now()[0] != rev:
            raise Stale
        more({"rev": rev, "done": done, "of": of})

    try:
        return {"rev": rev, "bars": engine.whys.bars(plan, _way(request), tell)}
    except Stale:
        return {"rev": rev, "stale": True}


def _bar(engine: Engine, request, more) -> dict[str, Any]:
    visitor = engine.visitor(request)
    _, plan = visitor.now()
    return engine.whys.leads(plan, _way(request), str(request.get("bar")), _while_there(visitor))


def _lives(engine: Engine, request, more) -> dict[str, Any]:
    from sim.page.view import whole

    visitor = engine.visitor(request)
    _, plan = visitor.now()
    numbers = [whole(request, side, 0, 2**31) if request.get(side) is not None else None for side in "ab"]
    if numbers == [None, None]:
        raise InputError("give a lead's number in a, in b, or in both")
    return engine.whys.lives(plan, _way(request), str(request.get("bar")), *numbers, _while_there(visitor))


def _way(request) -> str:
    return "funnel" if request.get("by") == "funnel" else "lever"


def _story(engine: Engine, request, more) -> dict[str, Any]:
    return engine.visitor(request).story(str(request.get("arm", "a")), request)


def _hash(engine: Engine, request, more) -> dict[str, Any]:
    visitor = engine.visitor(request)
    return visitor.ends() if request.get("end") is True else visitor.hashes()


def _gone(engine: Engine, request, more) -> dict[str, Any]:
    """Let a visitor go: what is being lived for nobody ends within a day of the model."""
    visitor = engine.visitors.pop(str(request.get("visitor")), None)
    if visitor is not None:
        visitor.gone = True
    return {"visitors": len(engine.visitors)}


def _alive(engine: Engine, request, more) -> dict[str, Any]:
    return {"visitors": len(engine.visitors)}


def _leave(engine: Engine, request, more) -> dict[str, Any]:
    """Save a visitor's states, for another process to go on with."""
    return engine.visitor(request).save(Path(request["folder"]))


def _come(engine: Engine, request, more) -> dict[str, Any]:
    from sim.page.view import view_of

    plan = view_of(request["plan"], engine.extra)
    return engine.visitor(request).load(plan, int(request["rev"]), request["files"])


QUESTIONS = {
    "set": Question(("arms", "base", "seed", "day"), _set, held=Held.PLANS, kept=True),
    "frames": Question(("arm", "rev", "from", "to"), _frames, held=Held.DAYS),
    "lines": Question(("rev",), _lines, Pace.BESIDE, Held.ALL),
    "markets": Question(("rev", "n"), _markets, Pace.BEHIND, Held.ALL),
    "story": Question(("arm", "lead", "person", "day"), _story, held=Held.DAY),
    "hash": Question(("end",), _hash, held=Held.ALL),
    "why": Question(("by",), _why, Pace.BEHIND, Held.ALL),
    "bar": Question(("by", "bar"), _bar, Pace.BESIDE, Held.ALL),
    "lives": Question(("by", "bar", "a", "b"), _lives, Pace.BESIDE, Held.ALL),
    "class": Question(("act", "key", "window", "lesson", "index", "bets", "card", "has", "of", "at", "by"), None),
    "about": Question(("extra",), _about, visitor=False),
    "gone": Question((), _gone, Pace.AT_ONCE, visitor=False),
    "alive": Question((), _alive, Pace.AT_ONCE, visitor=False),
    "leave": Question(("folder",), _leave, visitor=False),
    "come": Question(("plan", "rev", "files"), _come, visitor=False),
}
OF_VISITORS = {name: question for name, question in QUESTIONS.items() if question.visitor}
