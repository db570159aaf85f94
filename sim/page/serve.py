"""Start the page's server, say where it is, and end it cleanly."""

from __future__ import annotations

import contextlib
import secrets
import socket
import webbrowser
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import uvicorn

from sim.errors import InputError
from sim.extras import extra
from sim.page.conversation import LARGEST
from sim.page.door import Settings
from sim.page.server import application

LOCAL = "127.0.0.1"
OPENS = "journey"  # where nobody names an organization or a lesson: all four stages are seen


class Wanted(NamedTuple):
    """What the command's user asked for."""

    scenario: str | None = None
    seed: int | None = None
    port: int = 8765
    lesson: str | None = None
    lan: str | None = None
    day: str | None = None
    open_page: bool = False
    keep_names: bool = False
    theory: str | None = None


def serve(wanted: Wanted, say: Callable[[str], None]) -> None:
    """Serve until Ctrl-C.

    Raises
    ------
    InputError
        The scenario cannot be read, or the address cannot be had.
    """
    settings = settings_of(wanted)
    with contextlib.closing(_listening(wanted)) as listening:
        port = listening.getsockname()[1]
        link = link_of(wanted.lan or LOCAL, port, settings.token)
        say(f"The page is at {link}")
        if wanted.lan:
            say("Everybody in your network who has this link can watch; the link changes with every start.")
            try:
                code = qr_lines(link)
            except InputError as fault:  # the link can be typed
                code = fault.problems
            for line in code:
                say(line)
            say(f"For whoever teaches, and nobody else: {teacher_link(link, settings.key)}")
        say("Ctrl-C ends it.")
        _more_files()
        config = uvicorn.Config(
            application(settings), log_level="warning", ws="websockets-sansio", ws_max_size=4 * LARGEST,
            ws_ping_interval=20.0, backlog=128, timeout_graceful_shutdown=3, server_header=False, access_log=False,
        )  # fmt: skip
        server = uvicorn.Server(config)
        if wanted.open_page:
            with contextlib.suppress(Exception):
                webbrowser.open(teacher_link(link, settings.key) if settings.key else link)
        with contextlib.suppress(KeyboardInterrupt):  # the usual way to end it, after all has been closed
            server.run(sockets=[listening])
    say("Ended.")


def settings_of(wanted: Wanted) -> Settings:
    """The server's settings; the scenario is read here, so that a fault is told before anything starts."""
    if wanted.lan is not None and not wanted.lan.strip():
        raise InputError("--lan: give this machine's address in the network, such as 192.168.1.20")
    hosts = ("127.0.0.1", "localhost", "[::1]") if wanted.lan is None else (_in_url(wanted.lan), LOCAL, "localhost")
    start: dict[str, object] = {}
    extra: dict[str, tuple[str, bool, str | None]] = {}
    if wanted.scenario is not None or wanted.theory is not None:
        from sim.scenario import read, shipped
        from sim.study.own.accepted import ask_gate

        name = wanted.scenario or OPENS
        lived = read(name)
        ask_gate(lived)  # every lever of the page asks a what-if
        path, own = (name, name) if name in shipped() else (str(Path(name).absolute()), Path(name).stem)
        if wanted.theory is not None:
            own = f"{own}-{lived.but(theory=wanted.theory).lives_by}"
        if own != name:
            name, extra = own, {own: (path, wanted.keep_names, wanted.theory)}
        start["scenario"] = name
    if wanted.day is not None and wanted.lan is not None:
        raise InputError("--day: a class lives in its own browsers, which have no day of yours; leave out --lan")
    if wanted.day is not None:
        from sim.files.own_day import read_day

        read_day(wanted.day)  # a fault is told before anything starts
    if wanted.seed is not None:
        start["seed"] = wanted.seed
    if wanted.lesson is not None:
        from sim.page.lessons import check_values, read_lesson

        lesson = read_lesson(wanted.lesson)
        if faults := check_values(lesson):
            raise InputError([f"{wanted.lesson}.toml: {fault}" for fault in faults])
        start["lesson"] = wanted.lesson
    if not start and wanted.lesson is None:
        start["scenario"] = OPENS
    token, key = (secrets.token_urlsafe(12), secrets.token_urlsafe(9)) if wanted.lan is not None else ("", "")
    return Settings(hosts, token, key, extra=extra, day=wanted.day, start=start)


def link_of(host: str, port: int, token: str) -> str:
    """The page's address."""
    return f"http://{_in_url(host)}:{port}/" + (f"?token={token}" if token else "")


def teacher_link(link: str, key: str) -> str:
    """The link of the projected page, which may open the facilitator's window and lead the class."""
    return f"{link}&key={key}"


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host and not host.startswith("[") else host


def qr_lines(link: str) -> list[str]:
    """A link as a code to scan, for a terminal."""
    import io

    with extra("qr", "A code to scan"):
        import segno

    picture = io.StringIO()
    segno.make(link, error="l", micro=False).terminal(picture, compact=True, border=2)
    return picture.getvalue().rstrip("\n").split("\n")


def _listening(wanted: Wanted) -> socket.socket:
    """A socket on this machine only, or on the address that was named."""
    host = wanted.lan or LOCAL
    try:
        family, _, _, _, address = socket.getaddrinfo(host, wanted.port, type=socket.SOCK_STREAM)[0]
        # Named as TCP, so that asyncio sends small answers at once; else each waits 40 ms for an acknowledgement.
        listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(1024)
        return listening
    except OSError as fault:
        why = fault.strerror or fault
        if wanted.lan is None:
            raise InputError(f"port {wanted.port} cannot be had ({why}); give another (--port)") from None
        raise InputError(f"{host}: not an address of this machine ({why}); give its own (--lan)") from None


def _more_files() -> None:
    """Room for a thousand connections where the system's usual limit is lower."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(max(soft, 8192), hard), hard))
