"""The rules' module in a headless Chromium: one file opened from disk, with the network off, lives the same days."""

from __future__ import annotations

from base64 import b64encode

import pytest
from house import FEW
from test_page_browser import CHROMIUM, browser  # noqa: F401
from test_page_frames import ends_as, watched
from test_wasm import LAYOUT, MODULE, SHIPPED, every_lever, every_shock, of_size, told

import sim
from sim.page.bundle import bundled
from sim.scenario import read

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")
LIVE = """async ({ packed, layout, cases }) => {
  const module = await WebAssembly.compile(bytes(packed)), hex = (all) => Array.from(all, (each) => each.toString(16)
    .padStart(2, '0')).join('');
  const { begin } = modules['rules/opening.js'], frames = modules['rules/frames.js'];
  const { afterChanges, liveUntil, theoryOf } = modules['rules/simulation.js'];
  return cases.map(({ values, seed, days, steps, told, most }) => {
    const sim = begin(module, layout, theoryOf(layout, values), BigInt(seed), days, told);
    const coming = steps.map(([day, numbers, shock]) => [day, theoryOf(layout, numbers), shock]);
    const watcher = frames.begin(sim, frames.leadsADot(sim), frames.peopleADesk(sim, most));
    const seen = [hex(watcher.first(afterChanges(sim, coming)))];
    while (sim.day < days && !sim.broke) {
      liveUntil(sim, sim.day + 1, coming);
      seen.push(hex(watcher.day()));
    }
    return { hash: sim.stateHash, frames: seen };
  });
}"""
BYTES = "const bytes = (text) => Uint8Array.from(atob(text), (each) => each.charCodeAt(0));"


@pytest.fixture
def alone(browser, tmp_path):  # noqa: F811
    """A page from disk without network, that holds the rules' host and nothing else."""
    path = tmp_path / "firm.html"
    path.write_text(
        f"<!doctype html><meta charset=utf-8><script>{bundled('engine/engine.js')}{BYTES}</script>", "utf-8"
    )
    context = browser.new_context(offline=True)
    page, faults = context.new_page(), []
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    page.on("request", lambda asked: asked.url.startswith("file:") or faults.append(asked.url))
    page.goto(path.as_uri())
    yield page
    context.close()
    assert not faults


def compare(alone, pairs: list[tuple[sim.Scenario, int]]) -> None:
    """Every day has the same bytes, and the last the same state."""
    ours = [watched(*pair) for pair in pairs]
    cases = [{**told(*pair), "most": each["most"]} for pair, each in zip(pairs, ours, strict=True)]
    found = alone.evaluate(LIVE, {"packed": b64encode(MODULE).decode(), "layout": LAYOUT, "cases": cases})
    for one, other in zip(ours, found, strict=True):
        assert one["frames"][: one["life"].day + 1] == other["frames"]
        assert ends_as(one["life"]) == other["hash"]


def test_it_lives_the_same_days_as_python(alone):
    compare(alone, [(read(name), seed) for name in SHIPPED if name in FEW for seed in (3, 2**62 + 1)])


@pytest.mark.long
def test_every_scenario_lever_and_shock_lives_the_same_days(alone):
    compare(alone, [*every_lever(), *every_shock(), (of_size(150, 350), 5), (of_size(1, 1), 5)])
    for name in SHIPPED:
        compare(alone, [(read(name), seed) for seed in (0, 12, 2**40)])
