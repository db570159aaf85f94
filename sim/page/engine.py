"""The child process that holds the visitors' organizations: requests come in on stdin, answers go out on stdout.

A process of its own, so that compiling and living never stall the web server.
With NUMBA_DISABLE_JIT=1 it lives by the plain rules, and hands every state
over to the compiled one when that is ready.

    python -m sim.page.engine

A request is u32 bytes, u32 ticket, JSON; an answer u32 bytes, u32 ticket, u8
kind, JSON or bytes.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, BinaryIO

from sim.errors import InputError
from sim.page.wire import ANSWER, BYTES, FAULT, LAST, MORE, REQUEST

HANDS = 3  # requests answered at a time
MOST_FRAMES = 400
MOST_MARKETS = 400


class Engine:
    """All visitors' organizations, and the table of what can be asked."""

    def __init__(self, send: Callable[[int, int, bytes], None]):
        from sim.page.lines import Lines
        from sim.page.visitor import Visitor
        from sim.page.why import Whys

        self._send, self._new = send, Visitor
        self.visitors: dict[str, Visitor] = {}
        self.extra: dict[str, Any] = {}
        self.lines, self.whys = Lines(), Whys()
        self.hands = ThreadPoolExecutor(HANDS, "hand")
        self.background = {do: ThreadPoolExecutor(1, do, initializer=_step_back) for do in ("markets", "why")}

    def take(self, ticket: int, request: dict[str, Any]) -> None:
        """Answer a request, on a thread."""
        self.background.get(request.get("do"), self.hands).submit(self._answer, ticket, request)

    def _answer(self, ticket: int, request: dict[str, Any]) -> None:
        try:
            found = ANSWERS[request["do"]](self, request, lambda part: self._say(ticket, MORE, part))
            if isinstance(found, bytes):
                self._send(ticket, BYTES, found)
            else:
                self._say(ticket, LAST, found)
        except InputError as fault:
            self._say(ticket, FAULT, {"reasons": fault.problems})
        except Exception as fault:  # a visitor's fault or ours: the others must go on
            self._say(ticket, FAULT, {"reasons": [f"our fault: {type(fault).__name__}: {fault}"]})
            import traceback

            traceback.print_exc()

    def _say(self, ticket: int, kind: int, data: dict[str, Any]) -> None:
        self._send(ticket, kind, json.dumps(data, ensure_ascii=False, allow_nan=False, default=_plain).encode())

    def visitor(self, request: dict[str, Any]):
        """Whose request it is; whoever is new gets a place."""
        return self.visitors.setdefault(str(request.get("visitor")), self._new())


def _plain(value: Any) -> Any:
    if hasattr(value, "item"):
        return value.item()
    raise TypeError(f"{value!r} is not plain data")


def _step_back() -> None:
    """Background work gives way to those who watch (where the system lets a thread be nice)."""
    with contextlib.suppress(OSError, AttributeError):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)


def _about(engine: Engine, request, more) -> dict[str, Any]:
    from sim.page.describe import about
    from sim.scenario import read

    for name, (path, keep_names) in (request.get("extra") or {}).items():
        engine.extra[name] = read(path).named() if keep_names else read(path)
    return about(engine.extra)


def _set(engine: Engine, request, more) -> dict[str, Any]:
    from sim.page.plan import plan_of

    return engine.visitor(request).set(plan_of(request, engine.extra))


def _frames(engine: Engine, request, more) -> bytes | dict[str, Any]:
    first, last = int(request.get("from", 0)), int(request.get("to", 0))
    if not 0 <= first <= last < first + MOST_FRAMES:
        raise InputError(f"frames {first} to {last}: ask for at most {MOST_FRAMES}, in order")
    return engine.visitor(request).frames(str(request.get("arm", "a")), int(request.get("rev", 0)), first, last)


def _lines(engine: Engine, request, more) -> dict[str, Any]:
    visitor = engine.visitor(request)
    rev, plan = visitor.now()
    return {"rev": rev, **engine.lines.one_market(plan)}


def _markets(engine: Engine, request, more) -> dict[str, Any]:
    from sim.page.plan import MANY_PEOPLE, people

    n = request.get("n", 30)
    if isinstance(n, bool) or not isinstance(n, int) or not 2 <= n <= MOST_MARKETS:
        raise InputError(f"markets {n!r}: give a number from 2 to {MOST_MARKETS}")
    visitor = engine.visitor(request)
    rev, plan = visitor.now()
    if max(people(each) for each in plan.arms.values()) > MANY_PEOPLE:
        return {"rev": rev, "too_large": True}
    if rev != request.get("rev", rev):
        return {"rev": rev, "stale": True}

    def tell(done: int, of: int) -> bool:
        if done % 5 == 0:
            more({"rev": rev, "done": done, "of": of})
        return visitor.now()[0] == rev and not visitor.gone

    found = engine.lines.many_markets(plan, n, tell)
    return {"rev": rev, **found} if found else {"rev": rev, "stale": True}


class Stale(Exception):
    """The visitor has another plan by now, or has left."""


def _why(engine: Engine, request, more) -> dict[str, Any]:
    visitor = engine.visitor(request)
    rev, plan = visitor.now()

    def tell(done: int, of: int) -> None:
        if visitor.now()[0] != rev or visitor.gone:
            raise Stale
        more({"rev": rev, "done": done, "of": of})

    try:
        return {"rev": rev, "bars": engine.whys.bars(plan, _way(request), tell)}
    except Stale:
        return {"rev": rev, "stale": True}


def _bar(engine: Engine, request, more) -> dict[str, Any]:
    _, plan = engine.visitor(request).now()
    return engine.whys.leads(plan, _way(request), str(request.get("bar")))


def _lives(engine: Engine, request, more) -> dict[str, Any]:
    _, plan = engine.visitor(request).now()
    numbers = [request.get(side) for side in "ab"]
    if not all(each is None or (type(each) is int and each >= 0) for each in numbers) or numbers == [None, None]:
        raise InputError("a lead is a whole number in a, in b, or in both")
    return engine.whys.lives(plan, _way(request), str(request.get("bar")), *numbers)


def _way(request) -> str:
    return "funnel" if request.get("by") == "funnel" else "lever"


def _story(engine: Engine, request, more) -> dict[str, Any]:
    return engine.visitor(request).story(str(request.get("arm", "a")), request)


def _hash(engine: Engine, request, more) -> dict[str, Any]:
    return engine.visitor(request).hashes()


def _gone(engine: Engine, request, more) -> dict[str, Any]:
    visitor = engine.visitors.pop(str(request.get("visitor")), None)
    if visitor is not None:
        visitor.gone = True
    return {"visitors": len(engine.visitors)}


def _leave(engine: Engine, request, more) -> dict[str, Any]:
    """Save a visitor's states, for another process to go on with."""
    return engine.visitor(request).save(Path(request["folder"]))


def _come(engine: Engine, request, more) -> dict[str, Any]:
    from sim.page.plan import plan_of

    plan = plan_of(request["plan"], engine.extra)
    return engine.visitor(request).load(plan, int(request["rev"]), request["files"])


ANSWERS: dict[str, Callable[..., dict[str, Any] | bytes]] = {
    "about": _about, "set": _set, "frames": _frames, "lines": _lines, "markets": _markets, "story": _story,
    "why": _why, "bar": _bar, "lives": _lives, "hash": _hash, "gone": _gone, "leave": _leave, "come": _come,
}  # fmt: skip


def warm() -> None:
    """Compile what a page needs, or load it: a short life with people coming and going, and a liaison."""
    from sim.run import run
    from sim.scenario import Change, read

    changes = (Change(3, {"workforce.marketers": 13, "workforce.salespeople": 25}), Change(4, {"liaison.count": 1}),
               Change(6, {"distance.between_teams_m": 12.0}))  # fmt: skip
    run(read().but(changes=changes, days=66), 0)


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer until the other end closes."""
    lock = threading.Lock()

    def send(ticket: int, kind: int, payload: bytes) -> None:
        with lock, contextlib.suppress(BrokenPipeError, ValueError):
            answers.write(ANSWER.pack(len(payload), ticket, kind) + payload)
            answers.flush()

    def say(data: dict[str, Any]) -> None:
        send(0, LAST, json.dumps(data).encode())

    from sim.model import kernel

    say({"event": "started", "plain": not kernel.COMPILED, "compiled": kernel.is_compiled()})
    engine = Engine(send)
    if kernel.COMPILED:
        threading.Thread(target=lambda: (warm(), say({"event": "ready"})), daemon=True).start()
    else:
        say({"event": "ready"})
    while True:
        head = requests.read(REQUEST.size)
        if len(head) < REQUEST.size:
            break
        size, ticket = REQUEST.unpack(head)
        body = requests.read(size)
        if len(body) < size:
            break
        engine.take(ticket, json.loads(body))
    os._exit(0)  # what is still being lived is of no use to anybody


def main() -> None:
    """Keep stdout for answers alone: whatever else prints goes to stderr."""
    sys.setswitchinterval(0.002)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    serve(sys.stdin.buffer, answers)


if __name__ == "__main__":
    main()
