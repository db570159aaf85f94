"""Shells of JavaScript engines on this machine, and what a script of tests/js says in one of them."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import Any

import pytest
from house import ROOT

NODE = shutil.which("node")
OLDEST = (20, 19)  # reads modules without being told that they are
QUIET = "--disable-warning=MODULE_TYPELESS_PACKAGE_JSON"
# The engines of Chrome, Safari and Firefox: how each is started, and the Debian package that brings it.
SHELLS = {
    "node": ([("node", QUIET)], "nodejs"),
    "JavaScriptCore": ([("jsc", "-m")], "libjavascriptcoregtk-4.0-bin"),
    "SpiderMonkey": ([(f"js{version}", "-m") for version in (140, 128, 115, 102)], "libmozjs-102-dev"),
}
OTHERS = [name for name in SHELLS if name != "node"]


def version() -> tuple[int, ...]:
    said = subprocess.run([NODE, "--version"], capture_output=True, text=True, check=True).stdout
    return tuple(int(part) for part in said.strip().lstrip("v").split("."))


def said(script: str, asked: Any, shell: str = "node") -> list[Any]:
    """The lines that tests/js/<script> says in a shell, as data; the test is skipped where the shell is missing."""
    commands, package = SHELLS[shell]
    found = [command for command in commands if shutil.which(command[0])]
    if not found or shell == "node" and version() < OLDEST:
        pytest.skip(f"no shell of {shell} here that is new enough: install Debian's package {package}")
    done = subprocess.run([*found[0], f"tests/js/{script}"], input=json.dumps(asked, allow_nan=False) + "\n",
                          capture_output=True, text=True, cwd=ROOT)  # fmt: skip
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]
