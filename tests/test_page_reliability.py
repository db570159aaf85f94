"""The page's server when things go wrong: all is answered, visitors take turns, whoever left costs nothing."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from types import SimpleNamespace

import house
import pytest

import sim
from sim.errors import InputError
from sim.page.conversation import MOST_WAITING, read_message
from sim.page.desks import largest
from sim.page.door import Settings
from sim.page.engine import Engine, encoded
from sim.page.guests import Guests
from sim.page.kept import Kept
from sim.page.life import Life
from sim.page.lines import Lines
from sim.page.models import Models
from sim.page.pipe import Refused
from sim.page.questions import QUESTIONS
from sim.page.view import MOST_WORK, view_of
from sim.page.visitor import Visitor as Watching
from sim.page.wire import BYTES, FAULT, LAST, MORE

SECONDS = 60  # after which something is taken to hang; everything here takes a moment


@pytest.fixture
def engine():
    """An engine whose answers are kept, by ticket."""
    heard: dict[int, list] = {}
    made = Engine(lambda ticket, kind, payload: heard.setdefault(ticket, []).append((kind, payload)))
    made.heard = heard
    yield made
    made.hands.shutdown(wait=False)
    for each in made.background.values():
        each.shutdown(wait=False)


def until(true, seconds=SECONDS) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.01)


def answer(engine, request, ticket=1) -> tuple[int, object]:
    """The last thing said to a request, when it is said."""
    engine.take(ticket, request)
    until(lambda: any(kind != MORE for kind, _ in engine.heard.get(ticket, [])))
    kind, payload = engine.heard[ticket][-1]
    return kind, payload if kind == BYTES else json.loads(payload)


# ---- every question is answered


def answered_by(monkeypatch, do: str, answer) -> None:
    """For this test a question is answered otherwise."""
    monkeypatch.setitem(QUESTIONS, do, QUESTIONS[do]._replace(answer=answer))


@pytest.mark.parametrize(
    "raised", [ValueError("\ud800"), MemoryError(), InputError("\ud800"), RecursionError(), KeyError("x")], ids=repr
)
def test_a_request_is_answered_whatever_goes_wrong(engine, monkeypatch, raised, capsys):
    def fail(*_):
        raise type(raised)(*raised.args)

    answered_by(monkeypatch, "hash", fail)
    for ticket in (1, 2, 3):
        kind, said = answer(engine, {"do": "hash", "visitor": "v"}, ticket)
        assert kind == FAULT and said["reasons"]
    assert capsys.readouterr().err.count("Traceback") <= 1, "one trace is enough"


@pytest.mark.parametrize("found", [{"x": "\ud800"}, {"x": float("nan")}, {"x": object()}, {"\ud800": 1}, {1j: 2}])
def test_an_answer_that_cannot_be_written_is_answered_too(engine, monkeypatch, found):
    answered_by(monkeypatch, "hash", lambda *_: found)
    assert answer(engine, {"do": "hash", "visitor": "v"})[0] in (FAULT, LAST)
    encoded({"reasons": ["\ud800"]}).decode("ascii")


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


def test_more_questions_than_can_wait_are_turned_away(served):
    with served.visitor() as flood:
        flood.set(day=1)
        for n in range(3 * MOST_WAITING):
            with contextlib.suppress(Exception):
                flood.socket.send(json.dumps({"do": "markets", "id": n, "n": 400}))
        while (heard := flood.hear())["is"] != "refused":
            pass
        assert "wait for their answers" in heard["reason"]


# ---- who leaves is noticed at once, and costs nothing


class Waiting:
    """A model that never answers."""

    state, about, told = "compiled", {}, None

    def __init__(self):
        self.told, self.usable, self.settled = [], asyncio.Event(), asyncio.Event()
        self.usable.set()
        self.settled.set()
        self.current, self.asked, self.move = self, [], None

    async def ask(self, request, more=None):
        self.asked.append(request["do"])
        await asyncio.Event().wait()


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


def test_who_leaves_while_an_answer_is_waited_for_frees_everything():
    from sim.page.conversation import Conversation

    async def scene():
        models = Waiting()
        guests = Guests(Settings(), models)
        talk = Conversation(Socket({"do": "set", "arms": {}}, {"do": "frames"}, {"do": "lines"}), guests, Settings())
        await asyncio.wait_for(talk.hold(), SECONDS)
        await asyncio.sleep(0.05)
        assert models.asked[:2] == ["set", "lines"] and models.asked[-1] == "gone"
        assert not (guests.plans or guests.locks or guests.tell or guests.address or guests.models.told)

    asyncio.run(scene())


def test_what_is_lived_for_somebody_who_left_ends(engine, monkeypatch):
    watched, left = threading.Event(), threading.Event()

    def slowly(to_day, *_):
        watched.set()
        assert left.wait(SECONDS)
        days.append(to_day)

    days: list[int] = []
    monkeypatch.setattr("sim.page.life.live_until", slowly)
    engine.take(1, {"do": "set", "visitor": "v", "arms": {"a": {"scenario": "default"}}, "seed": 1, "day": 1300})
    assert watched.wait(SECONDS)
    engine.take(2, {"do": "gone", "visitor": "v"})
    left.set()
    until(lambda: 1 in engine.heard)
    assert engine.heard[1][-1][0] == FAULT and len(days) == 1 and "v" not in engine.visitors
    engine.take(3, {"do": "gone", "visitor": "v"})
    assert json.loads(engine.heard[3][-1][1]) == {"visitors": 0}


def test_who_left_does_not_come_back_by_what_was_still_waiting(engine):
    lost = Watching()
    lost.gone = True
    with pytest.raises(InputError, match="has left"):
        lost.set(view_of({"arms": {"a": {"scenario": "default"}}, "seed": 1, "day": 0}))
    with pytest.raises(InputError, match="has left"):
        Lines().of(sim.read(), 1, lambda: True)


# ---- turns


def test_many_long_works_do_not_keep_a_short_one_waiting(engine, monkeypatch):
    free = threading.Event()
    answered_by(monkeypatch, "lines", lambda *_: free.wait(SECONDS) and {} or {})
    answered_by(monkeypatch, "markets", lambda *_: free.wait(SECONDS) and {} or {})
    answered_by(monkeypatch, "hash", lambda *_: {"quick": True})
    try:
        for n in range(20):
            engine.take(100 + n, {"do": "lines", "visitor": f"slow {n}"})
        for n in range(6):
            engine.take(200 + n, {"do": "markets", "visitor": f"slow {n}"})
        assert answer(engine, {"do": "hash", "visitor": "quick"}) == (LAST, {"quick": True})
        assert answer(engine, {"do": "alive"}, 2)[0] == LAST
        assert all(ticket not in engine.heard for ticket in range(100, 206))
    finally:
        free.set()


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


def test_windows_of_one_machine_do_not_take_all_seats():
    async def scene():
        guests = Guests(Settings(visitors=6), Waiting())
        guests.address = {f"w{n}": "10.0.0.7" for n in range(9)} | {"other": "10.0.0.8"}
        guests.plans = {"w0": {}, "w1": {}, "w2": {}}
        guests.check_windows("other", guests.plans)
        with pytest.raises(Refused, match="3 windows of your machine"):
            guests.check_windows("w3", guests.plans)

    asyncio.run(scene())


# ---- the child


class Child:
    """A child process as `Models` sees it: it ends, or answers nothing."""

    lives = 0

    def __init__(self, plain):
        Child.lives += 1
        self.ended, self.ready, self.killed = asyncio.Event(), asyncio.Event(), False
        self.started = asyncio.get_running_loop().create_future()

    async def start(self):
        self.started.set_result({"compiled": True, "plain": False})
        self.ready.set()

    async def ask(self, request, more=None):
        if request["do"] == "alive" and self.deaf:
            await asyncio.Event().wait()
        if self.dies:
            self.ended.set()
        return {}

    async def end(self):
        self.killed = True
        self.ended.set()

    stop = end


def test_a_child_that_ends_again_and_again_is_started_again_and_it_is_said(monkeypatch, caplog):
    async def scene():
        monkeypatch.setattr("sim.page.models.Link", type("Dying", (Child,), {"dies": True, "deaf": False}))
        monkeypatch.setattr("sim.page.models.SHORTEST", 0.001)
        monkeypatch.setattr("sim.page.models.LONGEST", 0.002)
        Child.lives, models, told = 0, Models(), []
        models.told.append(told.append)
        running = asyncio.create_task(models.run())
        while Child.lives < 6:
            assert not running.done(), "it gave up"
            await asyncio.sleep(0.01)
        await models.stop()
        running.cancel()
        return told

    with caplog.at_level("WARNING", "uvicorn.error"):
        told = asyncio.run(scene())
    assert {"starting", "compiled"} <= set(told) and "started again" in caplog.text


def test_a_child_that_is_stopped_is_noticed_and_ended(monkeypatch):
    async def scene():
        links = []
        kind = type("Deaf", (Child,), {"dies": False, "deaf": True})
        monkeypatch.setattr("sim.page.models.Link", lambda plain: links.append(kind(plain)) or links[-1])
        monkeypatch.setattr("sim.page.models.SHORTEST", 0.001)
        models = Models()
        models.every, models.patience = 0.01, 0.05
        running = asyncio.create_task(models.run())
        while len(links) < 2:
            assert not running.done()
            await asyncio.sleep(0.01)
        await models.stop()
        running.cancel()
        return links

    assert asyncio.run(scene())[0].killed


def test_a_child_ends_with_the_server_that_was_killed():
    code = """import asyncio
from sim.page.pipe import Link
async def scene():
    link = Link(plain=True)
    await link.start()
    print(link.process.pid, flush=True)
    await link.started
    print("started", flush=True)
    await asyncio.Event().wait()
asyncio.run(scene())"""
    server = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, cwd=house.ROOT)
    pid = int(server.stdout.readline())
    assert server.stdout.readline() == "started\n"
    server.send_signal(signal.SIGKILL)
    server.wait(SECONDS)

    def ended() -> bool:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        with contextlib.suppress(OSError), open(f"/proc/{pid}/stat", encoding="ascii") as about:
            return about.read().rpartition(")")[2].split()[0] == "Z"  # nobody took its exit code in yet
        return False

    until(ended)
