"""The web server of the live page: pages and files, one WebSocket a visitor, and who may come in.

It imports no model: organizations live in the visitors' browsers. What these must know is put together on a thread
(`sim.page.adapter`), so the page paints at once.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import logging
import secrets
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from sim.page.conversation import AGAIN_LATER, POLICY, Conversation, Guests, turn_away
from sim.page.door import Settings, allowed_origin, foreign_host, reason_against
from sim.page.files import answer
from sim.page.lessons import lesson_list, lesson_names
from sim.page.texts import text_of

LOG = logging.getLogger("uvicorn.error")
POLICY_TEXT = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; style-src 'self'; "
    "img-src 'self' data:; connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)


def application(settings: Settings) -> Starlette:  # noqa: C901  one small answer a route
    """The page as an ASGI application."""
    state: dict[str, Any] = {}

    async def page(request: Request) -> Response:
        if reason := reason_against(request, settings):
            return PlainTextResponse(f"Not let in: {reason}.\n", 403)
        facilitates = request.query_params.get("window") == "facilitator"
        given = request.query_params.get("key", "")
        if facilitates and settings.key and not secrets.compare_digest(given.encode(), settings.key.encode()):
            return PlainTextResponse("Not let in: this window needs the teacher's link.\n", 403)
        return answer(request, "facilitator.html" if facilitates else "index.html")

    async def file(request: Request) -> Response:
        if reason := foreign_host(request, settings):  # no token: the page's own files name none
            return PlainTextResponse(f"Not let in: {reason}.\n", 403)
        return answer(request, request.path_params["name"])

    async def lessons(request: Request) -> Response:
        """All lessons by name and title, or one: in full, but of a class's bets only what is revealed."""
        if reason := reason_against(request, settings):
            return PlainTextResponse(f"Not let in: {reason}.\n", 403)
        name = request.path_params.get("name")
        if name is None:
            return JSONResponse(lesson_list())
        if name not in lesson_names():
            return PlainTextResponse("No such lesson.\n", 404)
        return JSONResponse(state["guests"].classroom.lesson_for(name, request.query_params.get("key", "")))

    async def told(request: Request) -> Response:
        if reason := reason_against(request, settings):
            return PlainTextResponse(f"Not let in: {reason}.\n", 403)
        path = text_of(request.path_params["name"])
        if path is None:
            return PlainTextResponse("There is no such text here.\n", 404)
        return PlainTextResponse(path.read_text(encoding="utf-8"))

    async def health(request: Request) -> Response:
        if reason := foreign_host(request, settings):
            return PlainTextResponse(f"Not let in: {reason}.\n", 403)
        return PlainTextResponse("ready" if state["guests"].ready.is_set() else "starting")

    async def engine(request: Request) -> Response:
        """What an engine lives by, in whoever's browser it is."""
        if reason := reason_against(request, settings):
            return PlainTextResponse(f"Not let in: {reason}.\n", 403)
        await state["guests"].ready.wait()
        return Response(state["guests"].prepared.data, media_type="application/json")

    async def socket(connection: WebSocket) -> None:
        guests: Guests = state["guests"]
        if reason := reason_against(connection, settings):
            await turn_away(connection, POLICY, reason)
        elif not allowed_origin(connection.headers.get("origin"), connection.headers.get("host", ""), settings):
            await turn_away(connection, POLICY, "another web page may not use this server")
        elif len(guests.sockets) >= settings.sockets:
            await turn_away(connection, AGAIN_LATER, f"{settings.sockets} connections are open already")
        else:
            guests.sockets.add(connection)
            try:
                await Conversation(connection, guests, settings).hold()
            finally:
                guests.sockets.discard(connection)

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        asyncio.get_running_loop().set_exception_handler(said_once())
        guests = state["guests"] = app.state.guests = Guests(settings)
        preparing = asyncio.create_task(prepare(guests, settings))
        yield
        for each in list(guests.sockets):
            with contextlib.suppress(Exception):
                await asyncio.wait_for(each.close(1001, "the server stops"), 1)
        preparing.cancel()

    app = Starlette(
        routes=[
            Route("/", page),
            Route("/health", health),
            Route("/engine", engine),
            Route("/docs/{name}", told),
            Route("/lessons", lessons),
            Route("/lessons/{name}", lessons),
            WebSocketRoute("/socket", socket),
            Route("/static/{name:path}", file),
        ],
        lifespan=lifespan,
    )
    app.add_middleware(Headers)
    return app


async def prepare(guests: Guests, settings: Settings) -> None:
    """Put together what every page is told."""

    def made():
        from sim.page.adapter import prepared

        return prepared(settings)

    try:
        guests.prepared = await asyncio.to_thread(made)
    except Exception as fault:
        LOG.error("the page cannot be put together: %.300s", fault)
        raise
    guests.ready.set()


def said_once(every: float = 60.0) -> Callable[[asyncio.AbstractEventLoop, dict[str, Any]], None]:
    """What the loop does with a fault: out of files is said once a minute, not once a connection; others as usual."""
    told = -every

    def handle(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        nonlocal told
        if getattr(context.get("exception"), "errno", None) not in (errno.EMFILE, errno.ENFILE):
            return loop.default_exception_handler(context)
        if time.monotonic() - told >= every:
            told = time.monotonic()
            LOG.warning("no more files can be opened: new visitors wait until others have left")

    return handle


class Headers:
    """Every answer forbids what the page does not need: foreign scripts, frames, requests."""

    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        async def dressed(message):
            if message["type"] == "http.response.start":
                message["headers"] = [
                    *message["headers"],
                    (b"content-security-policy", POLICY_TEXT.encode()),
                    (b"x-content-type-options", b"nosniff"),
                    (b"referrer-policy", b"no-referrer"),
                    (b"cache-control", b"no-cache"),
                ]
            await send(message)

        await self.app(scope, receive, dressed if scope["type"] == "http" else send)
