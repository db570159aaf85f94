"""The page's server when things go wrong: all is answered, visitors take turns, whoever left costs nothing."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
import threading
import time
from types import SimpleNamespace

import pytest

import sim
from sim.errors import InputError
from sim.page.adapter import Adapter
from sim.page.conversation import MOST_WAITING, read_message
from sim.page.desks import largest
from sim.page.door import Settings
from sim.page.kept import Kept
from sim.page.life import Life
from sim.page.lines import Lines
from sim.page.questions import QUESTIONS
from sim.page.view import MOST_WORK, view_of
from sim.page.visitor import Visitor as Watching

SECONDS = 60  # after which something is taken to hang; everything here takes a moment


@pytest.fixture
def engine():
    """Who lives what no browser lives."""
    return Adapter({}, ("default",))


def answer(engine, request, visitor=None) -> dict:
    return engine.said(visitor or engine.visitor(), request, lambda part: None)


# ---- every question is answered


def answered_by(monkeypatch, do: str, answer) -> None:
    """For this test a question is answered otherwise."""
    monkeypatch.setitem(QUESTIONS, do, QUESTIONS[do]._replace(answer=answer))


@pytest.mark.parametrize(
    "raised", [ValueError("\ud800"), MemoryError(), InputError("\ud800"), RecursionError(), KeyError("x")], ids=repr
)
def test_a_request_is_answered_whatever_goes_wrong(engine, monkeypatch, raised):
    def fail(*_):
        raise type(raised)(*raised.args)

    answered_by(monkeypatch, "hash", fail)
    said = answer(engine, {"do": "hash"})
    assert said["reasons"]
    json.dumps(said).encode("ascii")


@pytest.mark.parametrize("found", [{"x": "\ud800"}, {"x": float("nan")}, {"x": object()}, {"\ud800": 1}, {1j: 2}])
def test_an_answer_that_cannot_be_written_is_answered_too(engine, monkeypatch, found):
    answered_by(monkeypatch, "hash", lambda *_: found)
    json.dumps(answer(engine, {"do": "hash"}), allow_nan=False).encode("ascii")


def test_half_a_character_and_no_number_are_turned_away_at_the_door(served):
    for sent in ('{"do": "set", "values": {"\\ud800": 1}}', '{"do": "set", "seed": Infinity}',
                 '{"do": "set", "seed": NaN}', '{"do": "set", "seed": 1e999}', "[" * 60_000):  # fmt: skip
        assert read_message(sent) is None
        with served.visitor() as stranger:
            stranger.socket.send(sent)
            heard = stranger.past_greeting()
            assert heard["is"] == "refused" and "not a message" in heard["reason"]
    assert read_message('{"x": "\\ud83d\\ude00 ä"}') == {"x": "😀 ä"}


@pytest.mark.parametrize("wrong", [None, "x", 1.5, True, [], 10**30, -1])
def test_what_is_no_number_is_refused_kindly(visitor, wrong):
    rev = visitor.set(day=3)["rev"]
    for asked in ({"do": "frames", "from": wrong, "to": 3, "rev": rev}, {"do": "frames", "from": 0, "to": wrong},
                  {"do": "frames", "from": 0, "to": 3, "rev": wrong}, {"do": "markets", "n": wrong},
                  {"do": "story", "lead": wrong}, {"do": "story", "person": wrong},
                  {"do": "lives", "bar": "x", "a": wrong if wrong is not None else "x"}):  # fmt: skip
        said = visitor.ask(asked.pop("do"), **asked)
        assert said["is"] == "fault" and "our fault" not in said["reasons"][0], (asked, said)
        assert "give a whole number from" in said["reasons"][0] and len(said["reasons"][0]) < 200


def test_more_questions_than_can_wait_are_turned_away(adapted):
    with adapted.visitor() as flood:
        flood.set(day=1)
        for n in range(3 * MOST_WAITING):
            with contextlib.suppress(Exception):
                flood.socket.send(json.dumps({"do": "markets", "id": n, "n": 400}))
        while (heard := flood.hear())["is"] != "refused":
            pass
        assert "wait for their answers" in heard["reason"]


# ---- who leaves is noticed at once, and costs nothing


class Socket:
    """A connection that says some things and is gone."""

    client = SimpleNamespace(host="10.0.0.7")

    def __init__(self, *said):
        from starlette.websockets import WebSocketState

        self.said, self.application_state = list(said), WebSocketState.CONNECTED

    async def accept(self): ...

    async def send_text(self, text): ...

    async def receive(self):
        await asyncio.sleep(0.01)
        if self.said:
            return {"type": "websocket.receive", "text": json.dumps(self.said.pop(0))}
        return {"type": "websocket.disconnect"}


def test_who_leaves_while_an_answer_is_waited_for_frees_everything(monkeypatch):
    from sim.page.conversation import Conversation, Guests

    async def scene():
        guests, free = Guests(Settings()), threading.Event()
        guests.prepared = SimpleNamespace(about={}, adapter=Adapter({}, ("default",)))
        guests.ready.set()
        answered_by(monkeypatch, "set", lambda *_: free.wait(SECONDS) and {} or {})
        talk = Conversation(Socket({"do": "set", "arms": {}}, {"do": "class", "act": "here"}), guests, Settings())
        await asyncio.wait_for(talk.hold(), SECONDS)
        free.set()
        assert talk.visitor.gone and not guests.classroom.members and not guests.classroom._windows

    asyncio.run(scene())


def test_what_is_lived_for_somebody_who_left_ends(engine, monkeypatch):
    visitor, days = engine.visitor(), []

    def slowly(to_day, *_):
        days.append(to_day)
        visitor.gone = True

    monkeypatch.setattr("sim.page.life.live_until", slowly)
    asked = {"do": "set", "arms": {"a": {"scenario": "default"}}, "seed": 1, "day": 1300}
    assert "has left" in answer(engine, asked, visitor)["reasons"][0] and len(days) == 1


def test_who_left_does_not_come_back_by_what_was_still_waiting(engine):
    lost = Watching()
    lost.gone = True
    with pytest.raises(InputError, match="has left"):
        lost.set(view_of({"arms": {"a": {"scenario": "default"}}, "seed": 1, "day": 0}))
    with pytest.raises(InputError, match="has left"):
        Lines().of(sim.read(), 1, lambda: True)


# ---- turns


def test_the_same_is_not_made_twice_at_a_time():
    kept, made, begun = Kept(2), [], threading.Event()

    def make(what):
        begun.set()
        time.sleep(0.1)
        made.append(what)
        if len(made) == 1:
            raise ValueError("the first one fails")
        return what

    def ask(what, found):
        with contextlib.suppress(ValueError):
            found.append(kept.get(what, lambda: make(what)))

    found = []
    threads = [threading.Thread(target=ask, args=("a", found)) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(SECONDS)
    assert made == ["a", "a"] and found == ["a"] * 7
    for what in "bcd":
        kept.get(what, lambda what=what: what)
    assert kept.get("a", lambda: "again") == "again"


# ---- how large a plan may be


def changed(day, days=1300, **levers):
    values = {name.replace("__", "."): value for name, value in levers.items()}
    return {"arms": {"a": {"scenario": "default", "changes": [{"day": day, "values": values}]}}, "seed": 1, "day": 0}


def test_a_plan_that_would_starve_the_others_is_refused_kindly(monkeypatch):
    with pytest.raises(InputError, match=r"4,512 people for 1,300 days: the page shows at most 4,000 people"):
        view_of(changed(700, workforce__salespeople=4500))
    assert largest(view_of(changed(700, workforce__salespeople=3600)).arms["a"], "salespeople") == 3600
    assert MOST_WORK / 1300 == 4000
    monkeypatch.setattr(sys.modules["sim.run"], "free_bytes", lambda: 37_000_000)
    with pytest.raises(InputError, match=r"needs about .* of memory and 37 MB are free"):
        view_of(changed(700, workforce__salespeople=1900))


def test_a_team_that_grows_on_a_later_day_has_marks_for_its_largest_size():
    plan = sim.read().but(days=12, changes=(sim.Change(6, {"workforce.salespeople": 1000}),))
    life = Life(plan, 1, 100)
    assert life.per_desk == 50 and max(len(each) for each in life.told(0, 0)) < 65_536
    life.live(8)  # before the firm is broke
    assert life.day > 6 and max(len(frame) for frame in life.frames.values()) < 20_000
    assert life.become(plan.but(changes=()), 1, 100) == -1 and life.per_desk == 1
