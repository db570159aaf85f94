"""The pictures of the live page in the README: a firm that gets a liaison, and the same market with and without her.

    python experiments/page_pictures.py

Writes page.png and page-compare.png to docs/pictures/. Needs Chromium on the path, or named in BATON_CHROMIUM.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
SIZE = {"width": 1440, "height": 900}
COMES, SEEN = 196, 431  # the day the liaison comes; the day that is shown


def pictures(folder: Path, program: str) -> list[Path]:
    """Draw both pictures into a folder."""
    from playwright.sync_api import sync_playwright
    from served import serving

    written = [folder / "page.png", folder / "page-compare.png"]
    with serving() as server, sync_playwright() as play:
        server.until("compiled", 600)  # a first run on this machine compiles
        browser = play.chromium.launch(executable_path=program, args=["--no-sandbox"])
        page = browser.new_page(viewport=SIZE)
        page.goto(server.url)
        page.wait_for_selector("body[data-ready='1']", state="attached")
        page.evaluate(f"baton.change((plan) => plan.change('liaison.count', 1, {COMES}))")
        page.evaluate(f"baton.player.seek({SEEN})")
        page.wait_for_selector(f"body[data-day='{SEEN}']", state="attached")
        page.wait_for_selector("[data-testid=band]", state="attached", timeout=300_000)
        page.wait_for_timeout(2000)
        page.screenshot(path=written[0])
        page.keyboard.press("c")
        page.wait_for_selector("[data-testid=verdict]", state="attached", timeout=300_000)
        page.wait_for_timeout(8000)
        page.screenshot(path=written[1])
        browser.close()
    for path in written:
        light(path)
    return written


def light(path: Path) -> None:
    """Keep 256 of a picture's colours: the page has few, so it looks the same at a third of the size."""
    from PIL import Image

    with Image.open(path) as picture:
        small = picture.convert("RGB").quantize(256, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    small.save(path, optimize=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-o", "--output", type=Path, default=ROOT / "docs" / "pictures", help="folder for the pictures")
    asked = parser.parse_args()
    program = os.environ.get("BATON_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        sys.exit("no Chromium here: install the package chromium, or name one in BATON_CHROMIUM")
    for path in pictures(asked.output, program):
        print(path)


if __name__ == "__main__":
    main()
