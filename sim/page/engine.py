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
from typing import Any, BinaryIO

from sim.errors import InputError
from sim.page.questions import QUESTIONS, Pace
from sim.page.wire import ANSWER, BYTES, FAULT, LAST, MORE, REQUEST

HANDS, BEHIND = 64, 8  # requests answered at a time, and in the background: a thread each, so that they take turns
MOST_TRACES = 20  # of different faults of ours
FULL = "there is not enough memory for this; try a smaller organization or fewer days"


class Engine:
    """All visitors' organizations."""

    def __init__(self, send: Callable[[int, int, bytes], None]):
        from sim.page.lines import Lines
        from sim.page.visitor import Visitor
        from sim.page.why import Whys

        self._send, self._new = send, Visitor
        self.visitors: dict[str, Visitor] = {}
        self.extra: dict[str, Any] = {}
        self.lines, self.whys = Lines(), Whys()
        self.hands = ThreadPoolExecutor(HANDS, "hand")
        self.background = {do: ThreadPoolExecutor(BEHIND, do, initializer=_step_back)
                           for do, question in QUESTIONS.items() if question.pace is Pace.BEHIND}  # fmt: skip
        self._told: set[str] = set()

    def take(self, ticket: int, request: dict[str, Any]) -> None:
        """Answer a request: on a thread, but at once who asks only whether we live, or says that somebody left."""
        question = QUESTIONS.get(request.get("do"))
        if question is not None and question.pace is Pace.AT_ONCE:
            return self._answer(ticket, request)
        if "visitor" in request:  # known now: who has left by the time of the answer does not come back by it
            request["who"] = self.visitors.setdefault(str(request["visitor"]), self._new())
        self.background.get(request.get("do"), self.hands).submit(self._answer, ticket, request)

    def _answer(self, ticket: int, request: dict[str, Any]) -> None:
        """Every request is answered once, whatever becomes of it."""
        try:
            found = QUESTIONS[request["do"]].answer(self, request, lambda part: self._send(ticket, MORE, encoded(part)))
            kind, payload = (BYTES, found) if isinstance(found, bytes) else (LAST, encoded(found))
        except InputError as fault:
            kind, payload = FAULT, encoded({"reasons": fault.told})
        except MemoryError:
            kind, payload = FAULT, encoded({"reasons": [FULL]})
        except Exception as fault:  # a visitor's fault or ours: the others must go on
            kind, payload = FAULT, encoded({"reasons": [f"our fault: {type(fault).__name__}"]})
            self._complain()
        self._send(ticket, kind, payload)

    def _complain(self) -> None:
        """The trace of a fault of ours, once each: a log is no place for a visitor's every try."""
        import traceback

        trace = traceback.format_exc().encode("ascii", "backslashreplace").decode()
        if trace not in self._told and len(self._told) < MOST_TRACES:
            self._told.add(trace)
            print(trace, file=sys.stderr, flush=True)

    def visitor(self, request: dict[str, Any]):
        """Whose request it is."""
        return request["who"]


def encoded(data: dict[str, Any]) -> bytes:
    """JSON in plain letters: no text can fail to be sent."""
    return json.dumps(data, allow_nan=False, default=_plain).encode()


def _plain(value: Any) -> Any:
    if hasattr(value, "item"):
        return value.item()
    raise TypeError(f"{value!r} is not plain data")


def _step_back() -> None:
    """Background work gives way to those who watch (where the system lets a thread be nice)."""
    with contextlib.suppress(OSError, AttributeError):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)


def warm() -> None:
    """Compile what a page needs, or load it: a short life with people coming and going, and a liaison; days shown."""
    from sim.model import warm, wasm
    from sim.page.life import Life
    from sim.run import run
    from sim.scenario import Change, read

    warm.prepare(wasm.MANY)  # days that are lived one by one

    changes = (Change(3, {"workforce.marketers": 13, "workforce.salespeople": 25}), Change(4, {"liaison.count": 1}),
               Change(6, {"distance.between_teams_m": 12.0}))  # fmt: skip
    run(read().but(changes=changes, days=66), 0)
    Life(read().but(days=1), 0, 1).live(1)


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
