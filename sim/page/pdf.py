"""A page of ours as a PDF, printed by a browser of this machine: Baton brings none."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from sim.errors import InputError

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge", "microsoft-edge")
SECONDS = 120


def browser() -> str:
    """The browser that prints: the one that BATON_CHROMIUM names, or the first that is found.

    Raises
    ------
    InputError
        There is none.
    """
    found = os.environ.get("BATON_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if not found:
        raise InputError("a .pdf is printed by Chromium, Chrome or Edge, and none is here: "
                         "write a .html and print it from your browser, or name one in BATON_CHROMIUM")  # fmt: skip
    return found


def print_page(browser: str, page: str, path: Path) -> None:
    """Print a page's text into a file.

    Raises
    ------
    InputError
        The browser cannot be run, or prints nothing.
    """
    with tempfile.TemporaryDirectory(prefix="baton-") as folder:
        source, printed = Path(folder) / "page.html", Path(folder) / "page.pdf"
        source.write_text(page, encoding="utf-8")
        command = [browser, "--headless", "--disable-gpu", "--no-first-run", f"--user-data-dir={folder}/profile",
                   "--no-pdf-header-footer", f"--print-to-pdf={printed}", source.as_uri()]  # fmt: skip
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            command.insert(
                1, "--no-sandbox"
            )  # it refuses to run as root otherwise; the page is our own, without scripts
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
        except (OSError, subprocess.TimeoutExpired) as fault:
            raise InputError(f"{browser}: it could not print ({type(fault).__name__}); write a .html instead") from None
        if not printed.is_file():
            why = (done.stderr.strip().splitlines() or [f"it ended with {done.returncode}"])[-1]
            raise InputError(f"{browser}: it printed nothing ({why[:200]}); write a .html instead")
        shutil.copyfile(printed, path)
