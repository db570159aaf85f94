"""How the web server and the child process that holds the models talk over a pipe."""

from __future__ import annotations

import struct

REQUEST = struct.Struct("<II")  # bytes that follow, ticket
ANSWER = struct.Struct("<IIB")  # bytes that follow, ticket, kind
MORE, LAST, BYTES, FAULT = range(4)  # JSON and more to come, the last JSON, bytes (also last), a refusal

TEXTS = ("limits", "validation", "model", "fit")  # of docs/, which the page may link
