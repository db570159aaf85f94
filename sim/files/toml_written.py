"""Every TOML file that Baton writes, laid out by tomli-w."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import tomli_w

from sim.arguments import plain


def toml_text(table: Mapping[str, Any]) -> str:
    """A TOML text that reads back to the same table; what is None is left out.

    A text of several lines is written on several lines, unless it holds a
    carriage return, which TOML would read back as a line's end.

    >>> print(toml_text({"run": {"seed": 12, "until": None}}), end="")
    [run]
    seed = 12
    """
    kept = _kept(table)
    text = tomli_w.dumps(kept)
    return text if "\\r" in text else tomli_w.dumps(kept, multiline_strings=True)


def _kept(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _kept(each) for key, each in value.items() if each is not None}
    if isinstance(value, list | tuple):
        return [_kept(each) for each in value]
    return plain(value)
