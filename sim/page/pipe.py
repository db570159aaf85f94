"""The web server's end of the pipe to a child process that holds the models."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
from collections.abc import Callable
from typing import Any

from sim.page.wire import ANSWER, BYTES, FAULT, MORE, REQUEST

STOP_SECONDS = 3.0


class Refused(Exception):
    """The child process says no, and why."""

    def __init__(self, reasons: list[str]):
        self.reasons = reasons
        super().__init__("; ".join(reasons))


class Stopped(Refused):
    """The child process ended before it had answered: whatever was asked may be asked again."""

    def __init__(self):
        super().__init__(["the model stopped; it is being started again"])


class Link:
    """A child process that lives organizations; asked by ticket, so answers may overtake one another."""

    def __init__(self, plain: bool):
        self.plain = plain
        self.started: asyncio.Future[dict] = asyncio.get_running_loop().create_future()
        self.ready = asyncio.Event()
        self.ended = asyncio.Event()
        self._tickets: dict[int, tuple[asyncio.Future, Callable[[dict], None] | None]] = {}
        self._last = 0

    async def start(self) -> None:
        """Start the child; it says on its own when it can be asked."""
        environment = os.environ | ({"NUMBA_DISABLE_JIT": "1"} if self.plain else {})
        self.process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "sim.page.engine", stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
            env=environment, start_new_session=True,  # Ctrl-C is for the server, which then stops its children
        )  # fmt: skip
        self._reader = asyncio.create_task(self._read())

    async def _read(self) -> None:
        stream = self.process.stdout
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                size, ticket, kind = ANSWER.unpack(await stream.readexactly(ANSWER.size))
                self._give(ticket, kind, await stream.readexactly(size))
        self.ended.set()
        if not self.started.done():
            self.started.set_exception(RuntimeError("the process that holds the models ended at once"))
        for future, _ in self._tickets.values():
            if not future.done():
                future.set_exception(Stopped())
        self._tickets.clear()

    def _give(self, ticket: int, kind: int, payload: bytes) -> None:
        if ticket == 0:
            said = json.loads(payload)
            if said["event"] == "started" and not self.started.done():
                self.started.set_result(said)
            elif said["event"] == "ready":
                self.ready.set()
            return
        if ticket not in self._tickets:
            return
        future, more = self._tickets[ticket]
        if kind == MORE:
            if more:
                more(json.loads(payload))
            return
        del self._tickets[ticket]
        if future.done():
            return
        if kind == FAULT:
            future.set_exception(Refused(json.loads(payload)["reasons"]))
        else:
            future.set_result(payload if kind == BYTES else json.loads(payload))

    async def ask(self, request: dict[str, Any], more: Callable[[dict], None] | None = None) -> dict | bytes:
        """Ask and wait for the answer; `more` is called with what is told before it."""
        if self.ended.is_set():
            raise Stopped()
        self._last += 1
        ticket, future = self._last, asyncio.get_running_loop().create_future()
        self._tickets[ticket] = (future, more)
        body = json.dumps(request).encode()
        try:
            self.process.stdin.write(REQUEST.pack(len(body), ticket) + body)
            await self.process.stdin.drain()
            return await future
        except ConnectionError:
            raise Stopped() from None
        finally:
            self._tickets.pop(ticket, None)

    async def stop(self) -> None:
        """Close the pipe, so that the child ends; end it by force if it does not."""
        with contextlib.suppress(Exception):
            self.process.stdin.close()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.process.wait(), STOP_SECONDS)
        await self.end()
        self._reader.cancel()

    async def end(self) -> None:
        """End the child by force."""
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()
        await self.process.wait()
