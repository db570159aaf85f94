"""Who may come in: the names the page answers to, the token of a link, the pages that may open a socket."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Settings:
    """How a server is set up.

    hosts      names under which the page may be asked for, without port
    token      what a link must carry; "" if only this machine can come in
    key        what a teacher's link carries besides, to lead the class; "" if everybody may, as on one's own machine
    sockets    most connections
    extra      by the name that the page gives them scenarios by path, whether their people keep their names, and by
               which theory they are lived (None: as they say)
    day        the file of a day of the user's own, by which all live
    start      what the page opens with: scenario, seed, lesson
    session    of this server: a page forgets bets of another
    """

    hosts: tuple[str, ...] = ("127.0.0.1", "localhost", "[::1]")
    token: str = ""
    key: str = ""
    sockets: int = 1500
    extra: dict[str, tuple[str, bool, str | None]] = field(default_factory=dict)
    day: str | None = None
    start: dict[str, Any] = field(default_factory=dict)
    session: str = field(default_factory=lambda: secrets.token_hex(4))


def allowed_origin(origin: str | None, host: str, settings: Settings) -> bool:
    """Whether a page that opens a socket is ours: no Origin (no browser), or the very name and port that it asks."""
    return origin is None or (origin.partition("://")[2] == host and origin.startswith(("http://", "https://")))


def host_of(headers) -> str:
    """The name a page was asked for, without its port."""
    given = headers.get("host", "")
    return given.rpartition(":")[0] if ":" in given.rpartition("]")[2] else given


def foreign_host(connection, settings: Settings) -> str:
    """Why a name that is not ours is not answered, or nothing."""
    if host_of(connection.headers) in settings.hosts:
        return ""
    return "this server answers only under its own name; see what `baton serve` printed"


def reason_against(connection, settings: Settings) -> str:
    """Why somebody may not come in, or nothing."""
    if reason := foreign_host(connection, settings):
        return reason
    given = connection.query_params.get("token", "")
    if settings.token and not secrets.compare_digest(given.encode(), settings.token.encode()):
        return "this link lacks the right token; ask whoever started the server for the whole link"
    return ""
