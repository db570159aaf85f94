"""*Your company* on this machine: drop exports and see how they are read, look at the gate, write plans and the brief.

The page is a face of the command: each button is one line of `baton`, run as a process of its own, and the page shows
the line. What is dropped lies in a private folder under numbers, never under its own name, and goes with the server.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
import shlex
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sim.errors import InputError, cut
from sim.files.harmless import printable
from sim.page.company_lines import ENDINGS, line_of
from sim.page.door import Settings, allowed_origin, foreign_host, reason_against
from sim.page.files import answer

LOCAL = "127.0.0.1"
MOST_FILES, MOST_BYTES, MOST_ASKED = 20, 200_000_000, 64 * 1024  # dropped; of all files together; of a question
MOST_SAID, MOST_OUT = 200, 50_000_000  # lines of messages, bytes of a result that are kept
LOOKS = "default-src 'none'; style-src 'self'; img-src data:; "
POLICY = f"{LOOKS}script-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
SHEET = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; sandbox"


class Desk:
    """One firm's folder, what was dropped for it, and the one line that runs at a time."""

    def __init__(self, firm: Path, work: Path):
        self.firm, self.work = firm, work
        self.names: list[str] = []  # of what was dropped, as its owner calls it; on the disk they are numbers
        self.paths: list[Path] = []
        self.held = 0  # bytes
        self.coming = False  # a file is being dropped
        self.run: Line | None = None

    @property
    def brief(self) -> Path:
        return self.work / "brief.html"

    def state(self) -> dict[str, Any]:
        """What is there: the folder, what was dropped, and what has been said of the firm."""
        from sim.study.own.accepted import gate_of
        from sim.study.own.folder import key_of
        from sim.study.own.plans import names

        there = {name: (self.firm / f"{name}.json").is_file() for name in ("funnel", "fit")}
        gate, faults = None, []
        try:
            gate = gate_of(self.firm)
        except InputError as fault:
            faults = fault.told
        return {
            "firm": printable(self.firm.name), "imported": (self.firm / "firm.toml").is_file(), **there,
            "taken": any(each.exists() for each in (self.firm, key_of(self.firm))),
            "gate": gate and gate._asdict(), "files": self.names, "plans": names(self.firm), "faults": faults,
            "brief": self.brief.is_file(),
        }  # fmt: skip

    def forget_files(self) -> None:
        for path in self.paths:
            path.unlink(missing_ok=True)
        self.names, self.paths, self.held = [], [], 0

    def named(self, text: str) -> str:
        """A text of the command with the owner's names in place of numbers, and without folders."""
        for path, name in zip(self.paths, self.names, strict=True):
            text = text.replace(str(path), name).replace(path.name, name)
        return text.replace(str(self.brief), "brief.html").replace(str(self.firm), self.firm.name)


class Line:
    """One line of the command that runs, or has run: what it said, and what came of it."""

    def __init__(self, desk: Desk, words: list[str]):
        self.desk, self.words, self.begun = desk, words, time.monotonic()
        self.said: list[str] = []
        self.out, self.code, self.process = b"", None, None  # type: ignore[var-annotated]
        self.task = asyncio.create_task(self._live())

    async def _live(self) -> None:
        self.process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "sim", *self.words, stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        try:
            await asyncio.gather(self._hear(self.process.stdout), self._messages(self.process.stderr))
            self.code = await self.process.wait()
        finally:
            if self.process.returncode is None:
                self.process.kill()

    async def _hear(self, stream) -> None:
        while piece := await stream.read(1 << 16):
            if len(self.out) <= MOST_OUT:
                self.out += piece

    async def _messages(self, stream) -> None:
        rest = b""
        while piece := await stream.read(1 << 14):
            *lines, rest = (rest + piece).split(b"\n")
            self._say(lines)
            rest = rest[-(1 << 14) :]
        self._say([rest])

    def _say(self, lines: list[bytes]) -> None:
        told = [printable(line.decode("utf-8", "replace")).strip() for line in lines]
        self.said = [*self.said, *(self.desk.named(line) for line in told if line)][-MOST_SAID:]

    def told(self) -> dict[str, Any]:
        """How it stands: the line, since when it runs; and at its end the exit code and what it printed."""
        line = shlex.join(["baton", *map(self.desk.named, self.words)])
        found = {"line": line, "said": self.said, "seconds": round(time.monotonic() - self.begun), "code": self.code}
        if self.code is None:
            return found | ({"code": 1} if self.task.done() else {})
        text = self.out.decode("utf-8", "replace")
        if "--json" not in self.words:
            return found | {"text": self.desk.named(text)}
        with contextlib.suppress(ValueError, RecursionError):
            found["result"] = self._named(json.loads(text)) if text.strip() else None
        return found

    def _named(self, value: Any) -> Any:
        """Data with the owner's names in their texts: put in after reading, so that no name can be more than a text."""
        if isinstance(value, str):
            return self.desk.named(value)
        if isinstance(value, list):
            return [self._named(each) for each in value]
        return {key: self._named(each) for key, each in value.items()} if isinstance(value, dict) else value

    async def stop(self) -> None:
        """End it as Ctrl-C would; after some seconds at once."""
        if self.process is not None and self.process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self.process.terminate()
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(asyncio.shield(self.task), 5)
        if not self.task.done():
            self.task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self.task


def application(firm: Path, settings: Settings) -> Starlette:  # noqa: C901  one small answer a route
    """The page as an ASGI application."""

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        with tempfile.TemporaryDirectory(prefix="baton-") as work:
            app.state.desk = desk = Desk(firm, Path(work))
            yield
            if desk.run:
                await desk.run.stop()

    async def page(request: Request) -> Response:
        return answer(request, "company/index.html")

    async def file(request: Request) -> Response:
        return answer(request, request.path_params["name"])

    async def state(request: Request) -> Response:
        return JSONResponse(await asyncio.to_thread(request.app.state.desk.state))

    async def files(request: Request) -> Response:
        desk = request.app.state.desk
        if _runs(desk) or desk.coming:
            return _no(409, "a line is running, or a file is on its way; wait, or stop it")
        if request.method == "DELETE":
            desk.forget_files()
        else:
            desk.coming = True
            try:
                if reason := await _dropped(request, desk):
                    return _no(413, reason)
            finally:
                desk.coming = False
        return JSONResponse({"files": desk.names})

    async def run(request: Request) -> Response:
        desk = request.app.state.desk
        asked = await _asked(request)
        if asked is None:
            return _no(400, f"a question is a JSON object of at most {MOST_ASKED:,} bytes")
        if _runs(desk) or desk.coming:
            return _no(409, "a line is running already; wait for it, or stop it")
        try:
            words = line_of(asked, desk.firm, desk.paths, desk.brief)
        except InputError as fault:
            return _no(400, *fault.told)
        desk.run = Line(desk, words)
        return JSONResponse(desk.run.told())

    async def job(request: Request) -> Response:
        desk = request.app.state.desk
        if request.method == "DELETE" and desk.run:
            await desk.run.stop()
        return JSONResponse(desk.run.told() if desk.run else None)

    async def brief(request: Request) -> Response:
        path = request.app.state.desk.brief
        if not path.is_file():
            return _no(404, "no brief has been written yet")
        return Response(path.read_bytes(), media_type="text/html", headers={"content-security-policy": SHEET})

    routes = [
        Route("/", page), Route("/static/{name:path}", file), Route("/state", state),
        Route("/files", files, methods=["POST", "DELETE"]), Route("/run", run, methods=["POST"]),
        Route("/run", job, methods=["GET", "DELETE"]), Route("/brief", brief),
    ]  # fmt: skip
    app = Starlette(routes=routes, lifespan=lifespan)
    app.add_middleware(Guarded, settings=settings)
    return app


class Guarded:
    """Only this machine, only by the link that was printed, and no other page; every answer forbids what is foreign."""

    def __init__(self, app, settings: Settings):
        self.app, self.settings = app, settings

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            return await self.app(scope, receive, send) if scope["type"] == "lifespan" else None

        async def dressed(message):
            if message["type"] == "http.response.start":
                given = message["headers"]
                own = [] if any(n == b"content-security-policy" for n, _ in given) else [POLICY]
                message["headers"] = [
                    *given, *((b"content-security-policy", each.encode()) for each in own),
                    (b"x-content-type-options", b"nosniff"), (b"referrer-policy", b"no-referrer"),
                    (b"cache-control", b"no-store"), (b"cross-origin-resource-policy", b"same-origin"),
                ]  # fmt: skip
            await send(message)

        request = Request(scope, receive)
        if reason := self._against(request):
            return await _no(403, f"Not let in: {reason}")(scope, receive, dressed)
        await self.app(scope, receive, dressed)

    def _against(self, request: Request) -> str:
        if request.client is None or request.client.host not in (LOCAL, "::1"):
            return "this page is for this machine alone"
        if not allowed_origin(request.headers.get("origin"), request.headers.get("host", ""), self.settings):
            return "another web page may not use this server"
        if request.url.path.startswith("/static/"):  # the page's own files name nothing
            return foreign_host(request, self.settings)
        return reason_against(request, self.settings)


def _no(code: int, *sentences: str) -> Response:
    return JSONResponse({"faults": list(sentences)}, code)


def _runs(desk: Desk) -> bool:
    return desk.run is not None and not desk.run.task.done()


async def _asked(request: Request) -> dict[str, Any] | None:
    """A question's JSON object, or None."""
    raw = b""
    with contextlib.suppress(ClientDisconnect):
        async for piece in request.stream():
            raw += piece
            if len(raw) > MOST_ASKED:
                return None
    try:
        asked = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return asked if isinstance(asked, dict) else None


async def _dropped(request: Request, desk: Desk) -> str:
    """Keep a file that was dropped under the next number; why not, if not."""
    if len(desk.paths) >= MOST_FILES:
        return f"at most {MOST_FILES} files at a time"
    given = cut(printable(request.query_params.get("name", "")).replace("\n", " ").replace("\t", " ")) or "file"
    ending = next((each for each in ENDINGS if given.lower().endswith(each)), ".csv")
    path = desk.work / f"dropped-{len(desk.paths) + 1}{ending}"
    size = 0
    try:
        with open(path, "xb") as file:
            async for piece in request.stream():
                size += len(piece)
                if desk.held + size > MOST_BYTES:
                    break
                await asyncio.to_thread(file.write, piece)
    except (ClientDisconnect, OSError) as fault:
        path.unlink(missing_ok=True)
        return f"the file did not come whole ({getattr(fault, 'strerror', None) or 'it was broken off'})"
    if desk.held + size > MOST_BYTES:
        path.unlink()
        return f"{given}: with it the files are larger than {MOST_BYTES:,} bytes; use baton import in a terminal"
    desk.names.append(given)
    desk.paths.append(path)
    desk.held += size
    return ""


def serve_company(firm: Path, port: int, open_page: bool, say) -> None:
    """Serve *Your company* on this machine alone, until Ctrl-C.

    Raises
    ------
    InputError
        The port cannot be had, or the folder is somebody else's.
    """
    import webbrowser

    from sim.files.folder import place_of
    from sim.page.serve import Wanted, _listening, link_of

    firm = place_of(firm)
    if firm.exists() and not (firm / "firm.toml").is_file() and (not firm.is_dir() or any(firm.iterdir())):
        raise InputError(f"{firm.name}: is no folder that `baton import` wrote; name a new one, or one that it wrote")
    settings = Settings(token=secrets.token_urlsafe(12))
    with contextlib.closing(_listening(Wanted(port=port))) as listening:
        link = link_of(LOCAL, listening.getsockname()[1], settings.token)
        say(f"Your company is at {link}")
        say("Only this machine gets there, by this link. Ctrl-C ends it; what was dropped is gone then.")
        config = uvicorn.Config(application(firm, settings), log_level="warning", server_header=False,
                                access_log=False, timeout_graceful_shutdown=3)  # fmt: skip
        if open_page:
            with contextlib.suppress(Exception):
                webbrowser.open(link)
        with contextlib.suppress(KeyboardInterrupt):
            uvicorn.Server(config).run(sockets=[listening])
    say("Ended.")
