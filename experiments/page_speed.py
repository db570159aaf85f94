"""How fast the live page is: python experiments/page_speed.py [--seconds 8] [--file]

Starts `baton serve` on a free port, looks at it in Chromium (BATON_CHROMIUM, or
the one on the path), and prints what is asked for beside what was measured.
With --file it is the page of `baton export live`, opened from disk with the
network off; native runs are timed in turn with the browser's.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import time
from contextlib import contextmanager

import websockets
from playwright.sync_api import sync_playwright


@contextmanager
def server():
    """A server's port and process."""
    child = subprocess.Popen(
        [sys.executable, "-m", "sim", "serve", "--port", "0", "--no-open"],
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        line = next(line for line in child.stderr if "The page is at" in line)
        port = int(re.search(r":(\d+)/", line).group(1))
        asyncio.run(_ready(port))
        yield port, child.pid
    finally:
        child.send_signal(signal.SIGINT)
        child.wait(15)


async def _ready(port: int) -> None:
    async with websockets.connect(f"ws://127.0.0.1:{port}/socket") as socket:
        while "about" not in await socket.recv():
            pass


def processor_seconds(parent: int) -> float:
    """Seconds that a process and its children have computed."""
    total, tick = 0.0, os.sysconf("SC_CLK_TCK")
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/stat", encoding="ascii", errors="replace") as file:
                fields = file.read().rpartition(")")[2].split()
        except OSError:
            continue
        if int(name) == parent or int(fields[1]) == parent:
            total += (int(fields[11]) + int(fields[12])) / tick
    return total


PAINTED = """() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null"""
FRAMES = """(seconds) => new Promise((done) => {
  let n = 0;
  const begun = performance.now();
  const count = () => {
    n += 1;
    if (performance.now() - begun < seconds * 1000) requestAnimationFrame(count); else done(n / seconds);
  };
  baton.player.speed = 'week';
  baton.player.play();
  requestAnimationFrame(count);
})"""
LEVER = """(value) => new Promise((done) => {
  const begun = performance.now(), times = {}, floor = document.querySelector('[data-testid=floor]');
  const note = (what) => {
    times[what] ??= performance.now() - begun;
    if ('said' in times && 'floor' in times && 'lines' in times) { seen.disconnect(); done(times); }
  };
  const seen = new MutationObserver((found) => {
    if (found.some((each) => each.target.dataset?.testid === 'changed')) requestAnimationFrame(() => note('said'));
    if (floor.querySelectorAll('.desk path').length === value) note('floor');
  });
  seen.observe(document.querySelector('.mid'), { childList: true, subtree: true });
  baton.on('lines', () => note('lines'));
  const input = document.querySelector('[data-testid="lever-liaison.count"]');
  input.value = value / 6 * 1000;
  input.dispatchEvent(new Event('input'));
  input.dispatchEvent(new Event('change'));
})"""


LARGE = """async ([marketers, salespeople]) => {
  for (const [name, many] of [['workforce.marketers', marketers], ['workforce.salespeople', salespeople]]) {
    baton.change((plan) => plan.change(name, many, 0));
    await baton.sending;
  }
}"""
THOUSANDS, HUNDREDS = (1200, 2400), (150, 350)
NO_STOPS = "() => { baton.player.stops.push(() => null); }"
LARGE_LEVER = """() => new Promise(async (done) => {
  const taken = [];
  for (const value of [1, 2, 3, 2, 1]) {
    const begun = performance.now();
    baton.change((plan) => plan.change('liaison.count', value, 0));
    await baton.sending;
    await new Promise(requestAnimationFrame);
    taken.push(performance.now() - begun);
  }
  done(taken.sort((a, b) => a - b)[2]);
})"""


def page_of(play, port: int):
    """A page in a browser of its own, with its people on the floor."""
    chromium = os.environ.get("BATON_CHROMIUM") or shutil.which("chromium")
    page = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"]).new_page()
    page.goto(f"http://127.0.0.1:{port}/")
    page.wait_for_selector(".desk")
    return page


def with_thousands(port: int, seconds: float) -> tuple[float, float]:
    """3,600 people: frames a second while they work, and milliseconds from a lever to the floor."""
    with sync_playwright() as play:
        page = page_of(play, port)
        page.evaluate(NO_STOPS)
        return large(page, THOUSANDS, seconds)


def large(page, people: tuple[int, int], seconds: float) -> tuple[float, float]:
    """Of so many marketers and salespeople: frames a second, and milliseconds from a lever to the floor."""
    page.evaluate(LARGE, people)
    shown = page.evaluate(FRAMES, seconds)
    page.evaluate("() => baton.player.pause()")
    return shown, page.evaluate(LARGE_LEVER)


def in_browser(port: int, seconds: float) -> dict[str, float]:
    """What a visitor feels, in milliseconds and frames a second."""
    chromium = os.environ.get("BATON_CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        paints, readies = [], []
        for _ in range(5):
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            begun = time.perf_counter()
            page.goto(f"http://127.0.0.1:{port}/")
            page.wait_for_selector(".desk")
            readies.append((time.perf_counter() - begun) * 1e3)
            paints.append(page.evaluate(PAINTED))
            if len(paints) < 5:
                page.close()
        page.evaluate(NO_STOPS)
        shown = page.evaluate(FRAMES, seconds)
        page.evaluate("() => baton.player.pause()")
        moves = [page.evaluate(LEVER, 1 + i % 4) for i in range(12)]
        browser.close()
    middle = statistics.median
    return {"paint": middle(paints), "people": middle(readies), "frames": shown,
            **{name: middle(each[name] for each in moves) for name in ("said", "floor", "lines")}}  # fmt: skip


ONE_RUN = """async (seed) => {
  const [hand] = baton.source.helpers, begun = performance.now();
  await hand.ask({ do: 'market', seed }); // plan and baseline are the same, so it is lived once
  return performance.now() - begun;
}"""
MARKETS = """async () => {
  const begun = performance.now();
  baton.change((plan) => plan.change('liaison.count', 2, 0));
  await baton.sending;
  await new Promise((done) => {
    const look = () => (baton.progress === null && baton.markets?.rev === baton.rev ? done() : setTimeout(look, 5));
    look();
  });
  return performance.now() - begun;
}"""
ALL_FRAMES = """async ([seed, days]) => {
  baton.change((plan) => plan.set({ seed }));
  await baton.sending;
  const begun = performance.now();
  for (let day = 1; day <= days; day += 200) await baton.source.frames('a', baton.rev, day, day + 199);
  return performance.now() - begun;
}"""
FIRST_DAY = """(() => {
  const look = () => {
    if (document.body?.dataset.ready === '1' && document.querySelector('.desk'))
      requestAnimationFrame(() => setTimeout(() => { globalThis.firstDay = performance.now(); }));
    else requestAnimationFrame(look);
  };
  look();
})()"""  # once it is painted, by the page's own clock


def of_file(seconds: float) -> dict[str, float]:
    """What somebody feels who opens the file from disk, in milliseconds and frames a second."""
    import tempfile
    from pathlib import Path

    import sim
    from sim.page import live

    path = Path(tempfile.mkdtemp()) / "firm.html"
    size = live.write(live.Wanted({"default": sim.read()}), path)
    chromium, scenario = os.environ.get("BATON_CHROMIUM") or shutil.which("chromium"), sim.read()
    sim.run(scenario, 0)
    middle = statistics.median
    with sync_playwright() as play:
        browser, readies = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"]), []
        for _ in range(9):
            page = browser.new_context(viewport={"width": 1440, "height": 900}, offline=True).new_page()
            page.add_init_script(FIRST_DAY)
            page.goto(path.as_uri(), wait_until="commit")
            while (first := page.evaluate("globalThis.firstDay")) is None:
                time.sleep(0.1)
            readies.append(first)
            if len(readies) < 9:
                page.close()
        settled = "() => baton.progress === null && baton.markets?.rev === baton.rev"
        while not page.evaluate(settled):
            time.sleep(0.05)
        runs, native = [], []
        for seed in range(100, 120):
            runs.append(page.evaluate(ONE_RUN, seed))
            begun = time.perf_counter()
            sim.run(scenario, seed).outcomes()
            native.append((time.perf_counter() - begun) * 1e3)
        frames = [page.evaluate(ALL_FRAMES, [seed, 1300]) for seed in range(5)]
        moves = [page.evaluate(LEVER, 1 + i % 4) for i in range(12)]
        thirty = page.evaluate(MARKETS)
        page.evaluate(NO_STOPS)
        shown = page.evaluate(FRAMES, seconds)
        page.evaluate("() => baton.player.pause()")
        hundreds = large(page, HUNDREDS, seconds)
        days = 600e3 / middle(page.evaluate(ALL_FRAMES, [seed, 600]) for seed in range(3))
        thousands = large(page, THOUSANDS, seconds)
        browser.close()
    shutil.rmtree(path.parent)
    return {"size": size, "people": middle(readies), "run": middle(runs), "native": middle(native),
            "frames": middle(frames), "markets": thirty, "shown": shown, "days": days,
            "hundreds": hundreds, "thousands": thousands,
            **{name: middle(each[name] for each in moves) for name in ("said", "lines")}}  # fmt: skip


def tell_of_file(say, seen: dict[str, float]) -> None:
    say("size of the file, default alone", "<= 1 MB", f"{seen['size'] / 1e6:.2f} MB")
    say("opened to first day", "<= 300 ms", f"{seen['people']:.0f} ms")
    say("1,300 days", "<= 3 x native", f"{seen['run']:.0f} ms ({seen['run'] / seen['native']:.1f} x native)")
    say("1,300 days with all their frames", "", f"{seen['frames']:.0f} ms")
    say("lever to first visible change", "<= 30 ms", f"{seen['said']:.0f} ms (median)")
    say("lever to the new five-year line", "<= 200 ms", f"{seen['lines']:.0f} ms (median)")
    say("lever to 30 markets", "<= 2500 ms", f"{seen['markets']:.0f} ms")
    say("frames a second while playing", ">= 60", f"{seen['shown']:.0f}")
    say("500 people: days a second", ">= 100", f"{seen['days']:.0f}")
    for name, (frames, lever) in (("500", seen["hundreds"]), ("3,600", seen["thousands"])):
        say(f"{name} people: frames a second while playing", "usable", f"{frames:.0f}")
        say("    lever to the floor", "usable", f"{lever:.0f} ms (median)")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--file", action="store_true")
    wanted = parser.parse_args()

    def say(what: str, asked: str, measured: str) -> None:
        print(f"{what:46s} {asked:>16s} {measured:>24s}", flush=True)

    say("", "asked", "measured")
    if wanted.file:
        return tell_of_file(say, of_file(wanted.seconds))
    with server() as (port, pid):
        seen = in_browser(port, wanted.seconds)
        say("first paint", "<= 1000 ms", f"{seen['paint']:.0f} ms")
        say("people on the floor", "", f"{seen['people']:.0f} ms")
        say("frames a second while playing", ">= 50", f"{seen['frames']:.0f}")
        say("lever to first visible change", "<= 50 ms", f"{seen['said']:.0f} ms (median)")
        say("lever to a liaison in the gap", "", f"{seen['floor']:.0f} ms (median)")
        say("lever to the new five-year line", "<= 1000 ms", f"{seen['lines']:.0f} ms (median)")
        before, long = processor_seconds(pid), 3 * wanted.seconds  # the system counts hundredths of a second
        time.sleep(long)
        alone = (processor_seconds(pid) - before) / long * 100
        say("a server that nobody looks at", "", f"{alone:.1f} % of a core")
        before = processor_seconds(pid)
        with sync_playwright() as play:
            page_of(play, port).evaluate(FRAMES, long)
        used = (processor_seconds(pid) - before) / long * 100 - alone
        say("    and of each who watches", "the files alone", f"{used:.1f} % of a core")
        shown, answered = with_thousands(port, wanted.seconds)
        say("3,600 people: frames a second while playing", "usable", f"{shown:.0f}")
        say("    lever to the floor", "usable", f"{answered:.0f} ms (median)")


if __name__ == "__main__":
    main()
