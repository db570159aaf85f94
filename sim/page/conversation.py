"""One visitor's socket: the class hears what it says, and organizations that no browser lives are asked by it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import secrets
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from sim.errors import InputError
from sim.page.classroom import Classroom
from sim.page.door import Settings
from sim.page.questions import QUESTIONS
from sim.page.reveal import LATER

if TYPE_CHECKING:
    from sim.page.adapter import Prepared
    from sim.page.visitor import Visitor

LOG = logging.getLogger("uvicorn.error")
LARGEST = 64 * 1024  # bytes of a message
MOST_WAITING = 100  # questions of one visitor that wait for their answers; a page has a handful
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


class Guests:
    """Who is connected, their class, and what every page is told as soon as it is put together."""

    def __init__(self, settings: Settings):
        self.sockets: set[WebSocket] = set()
        self.classroom = Classroom(settings.key, settings.start.get("lesson", ""))
        self.prepared: Prepared | None = None
        self.ready = asyncio.Event()


class Conversation:
    """One visitor's socket."""

    def __init__(self, connection: WebSocket, guests: Guests, settings: Settings):
        self.connection, self.guests, self.settings = connection, guests, settings
        self.name = secrets.token_hex(8)
        self.sending = asyncio.Lock()
        self.jobs: set[asyncio.Task] = set()
        self.visitor: Visitor | None = None  # of organizations that no browser lives
        self.unanswered = 0

    async def hold(self) -> None:
        """Talk until one of us ends it: whoever leaves is noticed at once, also while an answer is waited for."""
        await self.connection.accept()
        self._later(self._greet())
        try:
            while await self._one():
                pass
        except (WebSocketDisconnect, RuntimeError):
            pass
        finally:
            for job in list(self.jobs):
                job.cancel()
            self.guests.classroom.leave(self.name)
            if self.visitor is not None:
                self.visitor.gone = True  # what is being lived for nobody ends within a day of the model

    def _later(self, work: Coroutine) -> None:
        job = asyncio.create_task(work)
        self.jobs.add(job)
        job.add_done_callback(self.jobs.discard)

    async def _greet(self) -> None:
        await self.guests.ready.wait()
        settings, classroom = self.settings, self.guests.classroom
        await self.say({"is": "about", "start": settings.start, "session": settings.session,
                        "keyed": bool(settings.key), "hold": classroom.enter(self.name, self.say),
                        **self.guests.prepared.about})  # fmt: skip

    async def say(self, message: dict[str, Any]) -> None:
        text = json.dumps(message)  # in plain letters: no text can fail to be sent
        async with self.sending:
            if self.connection.application_state == WebSocketState.CONNECTED:
                with contextlib.suppress(RuntimeError, WebSocketDisconnect):
                    await self.connection.send_text(text)

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
        if message["do"] not in QUESTIONS:
            known = ", ".join(QUESTIONS)
            return await self._refuse(BAD, f"{message['do'][:40]!r} cannot be asked; known are {known}")
        if self.unanswered >= MOST_WAITING:
            return await self._refuse(AGAIN_LATER, f"{MOST_WAITING} questions wait for their answers already")
        self.unanswered += 1
        if message["do"] == "class":  # in the order in which it was said
            await self._answer(message)
        else:
            self._later(self._answer(message))
        return True

    async def _answer(self, message: dict[str, Any]) -> None:
        number, kind = message.get("id"), message["do"]
        try:
            asked = QUESTIONS[kind].asked(message)
            if kind == "class":
                found = {"hold": self.guests.classroom.hear(self.name, self.say, asked)}
            else:
                found = await self._lived({"do": kind, **asked}, number)
        except InputError as fault:
            found = {"reasons": fault.told}
        except Exception as fault:  # every question is answered
            LOG.error("our fault in answering %s: %.200r", kind, fault)
            found = {"reasons": ["our fault; please try again"]}
        finally:
            self.unanswered -= 1
        await self.say({"is": "fault" if "reasons" in found else kind, "id": number, **found})

    async def _lived(self, request: dict[str, Any], number: Any) -> dict[str, Any]:
        """The answer to a question about an organization that no browser lives: on a thread, so that nobody waits."""
        await self.guests.ready.wait()
        adapter = self.guests.prepared.adapter
        if self.guests.classroom.hold_of(self.name) is not None:
            raise InputError(LATER)
        self.visitor = self.visitor or adapter.visitor()
        loop = asyncio.get_running_loop()

        def tell(part: dict[str, Any]) -> None:
            said = {"is": request["do"], "id": number, **part}
            loop.call_soon_threadsafe(lambda: self._later(self.say(said)))

        return await asyncio.to_thread(adapter.said, self.visitor, request, tell)
