"""The rules' module in a headless Chromium: one file opened from disk, with the network off, lives the same days."""

from __future__ import annotations

from base64 import b64encode

import pytest
from house import FEW
from test_page_browser import CHROMIUM, browser  # noqa: F401
from test_wasm import LAYOUT, MODULE, SHIPPED, told

import sim
from sim.page.bundle import bundled
from sim.scenario import read

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")
LIVE = """async ({ packed, layout, cases }) => {
  const module = await WebAssembly.compile(bytes(packed));
  const { begin } = modules['rules/opening.js'], { liveUntil, theoryOf } = modules['rules/simulation.js'];
  const found = [];
  for (const { values, seed, days, steps, told } of cases) {
    const started = performance.now();
    const one = begin(module, layout, theoryOf(layout, values), BigInt(seed), days, told);
    liveUntil(one, days, steps.map(([day, numbers, shock]) => [day, theoryOf(layout, numbers), shock]));
    found.push({ hash: one.stateHash, ms: performance.now() - started });
  }
  return found;
}"""
BYTES = "const bytes = (text) => Uint8Array.from(atob(text), (each) => each.charCodeAt(0));"


@pytest.fixture
def alone(browser, tmp_path):  # noqa: F811
    """A page from disk without network, that holds the rules' host and nothing else."""
    path = tmp_path / "firm.html"
    path.write_text(
        f"<!doctype html><meta charset=utf-8><script>{bundled('rules/opening.js')}{BYTES}</script>", "utf-8"
    )
    context = browser.new_context(offline=True)
    page, faults = context.new_page(), []
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    page.on("request", lambda asked: asked.url.startswith("file:") or faults.append(asked.url))
    page.goto(path.as_uri())
    yield page
    context.close()
    assert not faults


def test_it_ends_in_the_same_states_as_python(alone):
    pairs = [(read(name), seed) for name in SHIPPED if name in FEW for seed in (3, 2**62 + 1)]
    given = {"packed": b64encode(MODULE).decode(), "layout": LAYOUT, "cases": [told(*pair) for pair in pairs]}
    found = alone.evaluate(LIVE, given)
    assert [each["hash"] for each in found] == [sim.run(*pair).about["state"] for pair in pairs]
