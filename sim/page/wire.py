"""How the web server and the child process that holds the models talk over a pipe."""

from __future__ import annotations

import struct
from pathlib import Path

REQUEST = struct.Struct("<II")  # bytes that follow, ticket
ANSWER = struct.Struct("<IIB")  # bytes that follow, ticket, kind
MORE, LAST, BYTES, FAULT = range(4)  # JSON and more to come, the last JSON, bytes (also last), a refusal

DOCS = Path(__file__).parents[2] / "docs"  # in a checkout; an installed Baton has none, and the page then links none
TEXTS = {"limits": "reference", "validation": "reports", "model": "reference", "fit": "reports"}  # which it may link


def text_of(name: str) -> Path | None:
    """The text that the page may link by this name, where there is one."""
    path = DOCS / TEXTS.get(name, "") / f"{name}.md"
    return path if name in TEXTS and path.is_file() else None
