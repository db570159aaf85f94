"""The page's modules as one plain script: a page opened from disk may not import modules.

Each module becomes a function that gives what it exports; they stand in the
order in which they need each other. This reads the few forms that the page's
own modules use, and refuses any other.
"""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path
from posixpath import dirname, join, normpath

STATIC = Path(__file__).parent / "static"
IMPORT = re.compile(r"^import \{([^}]*)\} from '(\.{1,2}/[\w./-]+\.js)';\n", re.M)
DECLARED = re.compile(r"^export ((?:async )?function|class|const) (\w+)", re.M)
SEVERAL = re.compile(r"^export const .*,$", re.M)
LIST = re.compile(r"^export \{([^}]*)\};\n", re.M)


def bundled(entry: str, folder: Path = STATIC) -> str:
    """One script that does what the module `entry` and all it imports do."""
    ordered: list[str] = []
    texts: dict[str, str] = {}

    def need(name: str, asked: tuple[str, ...]) -> None:
        if name in ordered:
            return
        if name in asked:
            raise ValueError(f"modules import each other in a circle: {' → '.join((*asked, name))}")
        text = (folder / name).read_text(encoding="utf-8")
        for _, other in IMPORT.findall(text):
            need(_beside(name, other), (*asked, name))
        texts[name] = _as_function(name, text)
        ordered.append(name)

    need(entry, ())
    return "'use strict';\nconst modules = {};\n" + "".join(texts[name] for name in ordered)


def _as_function(name: str, text: str) -> str:
    exported = [found for _, found in DECLARED.findall(text)]
    if several := SEVERAL.search(text):
        raise ValueError(f"{name}: export one name in a line: {several[0]}")
    for listed in LIST.findall(text):
        exported += [each.strip() for each in listed.split(",") if each.strip()]
    text = IMPORT.sub(lambda found: f"const {{{_renamed(found[1])}}} = modules['{_beside(name, found[2])}'];\n", text)
    text = LIST.sub("", DECLARED.sub(r"\1 \2", text))
    if left := re.search(r"^(import|export)\b.*", text, re.M):
        raise ValueError(f"{name}: cannot put this into one script: {left[0]}")
    return f"modules['{name}'] = (() => {{\n{text}return {{ {', '.join(dict.fromkeys(exported))} }};\n}})();\n"


def _beside(name: str, other: str) -> str:
    """What a module calls `other`, as seen from the folder of all."""
    return normpath(join(dirname(name), other))


def _renamed(names: str) -> str:
    return " ".join(names.split()).replace(" as ", ": ")


def digest(text: str) -> str:
    """What a page's policy calls a script or a style by."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
