"""The pictures of the live page: a firm that went through all four stages, and a market with and without a liaison.

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
LATE = 1950  # of the journey: all four stages have been seen
COMES, SEEN = 196, 431  # the day the liaison comes; the day that is shown


def pictures(folder: Path, program: str) -> list[Path]:
    """Draw both pictures into a folder."""
    from playwright.sync_api import sync_playwright
    from served import serving

    from sim.page.serve import OPENS

    written = [folder / "page.png", folder / "page-compare.png"]
    with serving(start={"scenario": OPENS}) as server, sync_playwright() as play:
        server.until_ready()
        browser = play.chromium.launch(executable_path=program, args=["--no-sandbox"])
        page = browser.new_page(viewport=SIZE)
        page.goto(server.url)
        page.wait_for_selector("body[data-ready='1']", state="attached")
        show(page, LATE)
        page.screenshot(path=written[0])
        page.evaluate("baton.change((plan) => plan.set({ scenario: 'default' }))")
        page.evaluate(f"baton.change((plan) => plan.change('liaison.count', 1, {COMES}))")
        show(page, SEEN)
        page.keyboard.press("c")
        page.wait_for_selector("[data-testid=verdict]", state="attached", timeout=300_000)
        page.wait_for_timeout(8000)
        page.screenshot(path=written[1])
        browser.close()
    for path in written:
        light(path)
    return written


def show(page, day: int) -> None:
    """Go to a day, and wait for all that is drawn there."""
    page.evaluate("async () => { while (baton.sending) await baton.sending; }")
    page.evaluate(f"baton.player.seek({day})")
    page.wait_for_selector(f"body[data-day='{day}']", state="attached")
    page.wait_for_selector("[data-testid=band]", state="attached", timeout=300_000)
    page.wait_for_timeout(2000)


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
