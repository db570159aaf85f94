"""The page's own files from memory: sixty small ones are asked for at once, and each should cost nothing."""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

STATIC = Path(__file__).parent / "static"
KINDS = {".js": "text/javascript", ".css": "text/css", ".html": "text/html", ".json": "application/json",
         ".wasm": "application/wasm"}  # fmt: skip
NAME = re.compile(r"(?:[a-z]+/)?[a-z]+\.(?:js|css|html|json|wasm)")  # a file, or one in a folder; nothing above


@lru_cache(maxsize=256)
def _read(path: Path, changed: int) -> tuple[bytes, str]:
    """A file's bytes and their digest; `changed` is its time, so that whoever edits it sees the edit."""
    data = path.read_bytes()
    return data, f'"{hashlib.sha256(data).hexdigest()[:16]}"'


def answer(request: Request, name: str) -> Response:
    """A file of the page; nothing but its digest if the browser holds it already."""
    path = STATIC / name
    if not NAME.fullmatch(name) or not path.is_file():
        return PlainTextResponse("There is no such file here.\n", 404)
    data, tag = _read(path, path.stat().st_mtime_ns)
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers={"ETag": tag})
    return Response(data, media_type=KINDS[path.suffix], headers={"ETag": tag})
