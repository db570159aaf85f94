"""What may be asked of an organization, in one table: a question's name, its arguments, and by what Python answers it.

A browser's engine has the same table (static/engine/engine.js), and the page a method a question
(static/common/source.js); tests hold all three equal.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.errors import InputError

if TYPE_CHECKING:
    from sim.page.adapter import Adapter
    from sim.page.visitor import Visitor

MOST_FRAMES = 400
MOST_MARKETS = 400
Tell = Callable[[dict[str, Any]], None]  # progress


class Question(NamedTuple):
    """What is known of a question.

    takes    its arguments; whatever else stands in a visitor's message does not reach who answers
    answer   given who lives the organizations, whose request it is, the request and who is told of progress; None: the
             web server answers by itself
    """

    takes: tuple[str, ...]
    answer: Callable[[Adapter, Visitor, dict[str, Any], Tell], dict[str, Any] | bytes] | None

    def asked(self, message: Mapping[str, Any]) -> dict[str, Any]:
        """Of a message its arguments alone."""
        return {name: message[name] for name in self.takes if name in message}


def _set(adapter: Adapter, visitor: Visitor, request, tell: Tell) -> dict[str, Any]:
    from sim.page.view import view_of

    adapter.check(request)
    return visitor.set(view_of(request, adapter.extra, set(adapter.far) & set(adapter.extra)))


def _frames(adapter: Adapter, visitor: Visitor, request, tell: Tell) -> bytes | dict[str, Any]:
    from sim.page.view import whole

    first, last, rev = (whole(request, name, 0, 2**31) for name in ("from", "to", "rev"))
    if not first <= last < first + MOST_FRAMES:
        raise InputError(f"days {first} to {last}: give the first and the last of at most {MOST_FRAMES} days")
    return visitor.frames(str(request.get("arm", "a")), rev, first, last)


def _lines(adapter: Adapter, visitor: Visitor, request, tell: Tell) -> dict[str, Any]:
    rev, plan = visitor.now()
    return {"rev": rev, **adapter.lines.one_market(plan, visitor.left)}


def _markets(adapter: Adapter, visitor: Visitor, request, tell: Tell) -> dict[str, Any]:
    from sim.page.view import MANY_PEOPLE, people, whole

    n = whole(request, "n", 2, MOST_MARKETS, 30)
    rev, plan = visitor.now()
    if max(people(each) for each in plan.arms.values()) > MANY_PEOPLE:
        return {"rev": rev, "too_large": True}
    if rev != request.get("rev", rev):
        return {"rev": rev, "stale": True}

    def say(done: int, of: int) -> bool:
        if done % 5 == 0:
            tell({"rev": rev, "done": done, "of": of})
        return visitor.now()[0] == rev

    found = adapter.lines.many_markets(plan, n, say, visitor.left)
    return {"rev": rev, **found} if found else {"rev": rev, "stale": True}


class Stale(Exception):
    """The visitor has another plan by now."""


def _while_there(visitor: Visitor) -> Callable[[int, int], None]:
    """Progress of what is given up when its visitor leaves."""

    def say(done: int, of: int) -> None:
        if visitor.gone:
            raise InputError("whoever asked has left")

    return say


def _why(adapter: Adapter, visitor: Visitor, request, tell: Tell) -> dict[str, Any]:
    rev, plan = visitor.now()
    there = _while_there(visitor)

    def say(done: int, of: int) -> None:
        there(done, of)
        if visitor.now()[0] != rev:
            raise Stale
        tell({"rev": rev, "done": done, "of": of})

    try:
        return {"rev": rev, "bars": adapter.whys.bars(plan, _way(request), say)}
    except Stale:
        return {"rev": rev, "stale": True}


def _bar(adapter: Adapter, visitor: Visitor, request, tell: Tell) -> dict[str, Any]:
    _, plan = visitor.now()
    return adapter.whys.leads(plan, _way(request), str(request.get("bar")), _while_there(visitor))


def _lives(adapter: Adapter, visitor: Visitor, request, tell: Tell) -> dict[str, Any]:
    from sim.page.view import whole

    _, plan = visitor.now()
    numbers = [whole(request, side, 0, 2**31) if request.get(side) is not None else None for side in "ab"]
    if numbers == [None, None]:
        raise InputError("give a lead's number in a, in b, or in both")
    return adapter.whys.lives(plan, _way(request), str(request.get("bar")), *numbers, _while_there(visitor))


def _way(request) -> str:
    return "funnel" if request.get("by") == "funnel" else "lever"


def _story(adapter: Adapter, visitor: Visitor, request, tell: Tell) -> dict[str, Any]:
    return visitor.story(str(request.get("arm", "a")), request)


def _hash(adapter: Adapter, visitor: Visitor, request, tell: Tell) -> dict[str, Any]:
    return visitor.ends() if request.get("end") is True else visitor.hashes()


QUESTIONS = {
    "set": Question(("arms", "base", "seed", "day"), _set),
    "frames": Question(("arm", "rev", "from", "to"), _frames),
    "lines": Question(("rev",), _lines),
    "markets": Question(("rev", "n"), _markets),
    "story": Question(("arm", "lead", "person", "day"), _story),
    "hash": Question(("end",), _hash),
    "why": Question(("by",), _why),
    "bar": Question(("by", "bar"), _bar),
    "lives": Question(("by", "bar", "a", "b"), _lives),
    "class": Question(("act", "key", "window", "lesson", "index", "bets", "card", "has", "of", "at", "by"), None),
}
