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
    visitors   most who watch at a time
    sockets    most connections, watching or not
    idle       seconds without a message after which a visitor's model is freed
    """

    hosts: tuple[str, ...] = ("127.0.0.1", "localhost", "[::1]")
    token: str = ""
    key: str = ""
    visitors: int = 60
    sockets: int = 1500
    idle: float = 1800.0
    extra: dict[str, tuple[str, bool]] = field(default_factory=dict)
    plain_first: bool | None = None
    start: dict[str, Any] = field(default_factory=dict)  # what the page opens with: scenario, seed, lesson
    session: str = field(default_factory=lambda: secrets.token_hex(4))  # of this server: a page forgets bets of another

    @property
    def windows(self) -> int:
        """Most windows of one machine that watch: half the seats."""
        return max(1, self.visitors // 2)


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
