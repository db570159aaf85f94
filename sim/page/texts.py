"""The texts that the page may link: of a checkout; an installed Baton has none, and the page then links none."""

from __future__ import annotations

from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"
TEXTS = {"limits": "reference", "validation": "reports", "model": "reference", "fit": "reports"}  # and where they are


def text_of(name: str) -> Path | None:
    """The text that the page may link by this name, where there is one."""
    path = DOCS / TEXTS.get(name, "") / f"{name}.md"
    return path if name in TEXTS and path.is_file() else None
