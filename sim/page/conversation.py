"""One visitor's socket: what is asked is checked, passed on to the child process, and answered."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import secrets
import time
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from sim.page.door import Settings
from sim.page.guests import Guests
from sim.page.pipe import Refused, Stopped
from sim.page.questions import OF_VISITORS, Held, Question

LOG = logging.getLogger("uvicorn.error")
LARGEST = 64 * 1024  # bytes of a message
MOST_WAITING = 100  # requests of one visitor that wait for their turn; a page has a handful
TOO_BIG, POLICY, AGAIN_LATER, BAD = 1009, 1008, 1013, 1003


async def turn_away(connection: WebSocket, code: int, reason: str) -> None:
    """Say why, then close: a browser shows no reason of a refused handshake."""
    await connection.accept()
    await connection.send_text(json.dumps({"is": "refused", "reason": reason}))
    await connection.close(code, reason[:120])


def read_message(text: str) -> Any:
    """A message as plain data, or None where it is none: JSON with finite numbers and texts that can be written.

    >>> read_message('{"do": "ping"}'), read_message('{"x": 1e999}'), read_message('["\\ud800"]')
    ({'do': 'ping'}, None, None)
    """
    try:
        message = json.loads(text)
        json.dumps(message, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError):  # among them half a character, and no number
        return None
    return message


class Conversation:
    """One visitor's socket."""

    def __init__(self, connection: WebSocket, guests: Guests, settings: Settings):
        self.connection, self.guests, self.settings = connection, guests, settings
        self.name = secrets.token_hex(8)
        self.sending = asyncio.Lock()
        self.jobs: set[asyncio.Task] = set()
        self.waiting: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.unanswered = 0

    async def hold(self) -> None:
        """Talk until one of us ends it: whoever leaves is noticed at once, also while an answer is waited for."""
        await self.connection.accept()
        self.guests.locks[self.name] = asyncio.Lock()
        self.guests.tell[self.name] = self.say
        self.guests.address[self.name] = self.connection.client.host if self.connection.client else ""
        self.guests.models.told.append(self._engine_changed)
        self._later(self._greet())
        self._later(self._take_turns())
        try:
            while await self._one():
                pass
        except (WebSocketDisconnect, RuntimeError):
            pass
        finally:
            for job in list(self.jobs):
                job.cancel()
            self.guests.models.told.remove(self._engine_changed)
            self.guests.classroom.leave(self.name)
            self.guests.locks.pop(self.name, None)
            self.guests.tell.pop(self.name, None)
            self.guests.free(self.name)
            self.guests.address.pop(self.name, None)

    def _engine_changed(self, state: str) -> None:
        self._later(self.say({"is": "engine", "state": state}))

    def _later(self, work) -> None:
        job = asyncio.create_task(work)
        self.jobs.add(job)
        job.add_done_callback(self.jobs.discard)

    async def _greet(self) -> None:
        models = self.guests.models
        await models.usable.wait()
        settings = self.settings
        await self.say({"is": "about", "engine": models.state, "start": settings.start, "session": settings.session,
                        "keyed": bool(settings.key), **(models.about or {})})  # fmt: skip

    async def say(self, message: dict[str, Any]) -> None:
        await self._send(json.dumps(message))  # in plain letters: no text can fail to be sent

    async def _send(self, payload: str | bytes) -> None:
        async with self.sending:
            if self.connection.application_state != WebSocketState.CONNECTED:
                return
            with contextlib.suppress(RuntimeError, WebSocketDisconnect):
                if isinstance(payload, bytes):
                    await self.connection.send_bytes(payload)
                else:
                    await self.connection.send_text(payload)

    async def _refuse(self, code: int, reason: str) -> bool:
        await self.say({"is": "refused", "reason": reason})
        await self.connection.close(code, reason[:120])
        return False

    async def _one(self) -> bool:
        """Hear one message; False when the conversation is over."""
        heard = await self.connection.receive()
        if heard["type"] == "websocket.disconnect":
            return False
        text = heard.get("text")
        if text is None:
            return await self._refuse(BAD, "messages are JSON texts")
        if len(text) > LARGEST:
            return await self._refuse(TOO_BIG, f"a message of {len(text)} characters; at most {LARGEST} are read")
        message = read_message(text)
        if not isinstance(message, dict) or not isinstance(message.get("do"), str):
            return await self._refuse(BAD, 'not a message: give JSON such as {"do": "ping"}')
        if message["do"] == "ping":
            await self.say({"is": "pong"})
            return True
        question = OF_VISITORS.get(message["do"])
        if question is None:
            known = ", ".join(OF_VISITORS)
            return await self._refuse(BAD, f"{message['do'][:40]!r} cannot be asked; known are {known}")
        self.guests.heard[self.name] = time.monotonic()
        if self.unanswered >= MOST_WAITING:
            return await self._refuse(AGAIN_LATER, f"{MOST_WAITING} questions wait for their answers already")
        self.unanswered += 1
        if question.answer is None:
            await self._answer(message)
        elif question.slow:
            self._later(self._answer(message))
        else:
            self.waiting.put_nowait(message)
        return True

    async def _take_turns(self) -> None:
        """Answer in the order asked, while the socket is read on: a ping never waits for an answer."""
        while True:
            await self._answer(await self.waiting.get())

    async def _answer(self, message: dict[str, Any]) -> None:
        number, kind, question = message.get("id"), message["do"], OF_VISITORS[message["do"]]
        request = {"do": kind, **question.asked(message), "visitor": self.name}
        try:
            if question.answer is None:
                if self.name not in self.guests.classroom.members:
                    self.guests.check_windows(self.name, self.guests.classroom.members)
                self.guests.classroom.hear(self.name, self.say, request)
                return await self.say({"is": kind, "id": number})
            hold = self.guests.classroom.hold(self.name)
            if hold:
                request = hold.check(request)
            late = question.held is Held.ALL and hold is not None and hold.day is not None
            if late or (question.slow and self.guests.models.state == "plain"):
                return await self.say({"is": kind, "id": number, "waiting": True})
            if question.slow:
                found = await self._ask(request, number, kind)
            else:
                found = await self._in_turn(request, number, question)
            if isinstance(found, bytes):
                await self._send(found)
            else:
                await self.say({"is": kind, "id": number, **found})
        except Refused as fault:
            again = isinstance(fault, Stopped)
            await self.say({"is": "fault", "id": number, "to": kind, "reasons": fault.reasons, "again": again})
        except Exception as fault:  # every question is answered
            LOG.error("our fault in answering %s: %.200r", kind, fault)
            await self.say({"is": "fault", "id": number, "to": kind, "reasons": ["our fault; please try again"]})
        finally:
            self.unanswered -= 1

    async def _in_turn(self, request: dict[str, Any], number: Any, question: Question):
        """Ask while nobody moves this visitor to another process."""
        guests, most = self.guests, self.settings.visitors
        if question.kept and self.name not in guests.plans:
            if len(guests.plans) >= most:
                raise Refused([f"{most} visitors are watching already; try again when one has left"])
            guests.check_windows(self.name, guests.plans)
        while True:
            await guests.models.settled.wait()
            async with guests.locks[self.name]:
                if not guests.models.settled.is_set():
                    continue
                found = await self._ask(request, number, request["do"])
                if question.kept:
                    guests.plans[self.name] = question.asked(request)
                return found

    async def _ask(self, request: dict[str, Any], number: Any, kind: str):
        models = self.guests.models
        await models.usable.wait()
        if models.current is None:
            raise Stopped
        return await models.current.ask(request, lambda part: self._later(self.say({"is": kind, "id": number, **part})))
