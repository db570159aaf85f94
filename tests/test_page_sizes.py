"""The page at every size: one table of windows, one of what must be reached in each; later work adds rows."""

# ruff: noqa: F811 (fixtures come by name)
from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from test_page_browser import CHROMIUM, WIDE, browser, change, day, drawn, go_to, opened, told  # noqa: F401
from test_page_lessons import go

pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="no Chromium here: install the package chromium, or name one in BATON_CHROMIUM"
)

SIZES = {
    "small phone": (320, 568),
    "a page enlarged four times": (320, 320),
    "phone": (390, 844),
    "phone on its side": (844, 390),
    "low strip": (640, 320),
    "small laptop at 200 %": (720, 450),
    "tablet upright": (768, 1024),
    "tablet on its side": (1024, 768),
    "low and wide": (1280, 320),
    "small laptop": (1280, 720),
    "laptop": (1440, 900),
    "screen": (1920, 1080),
    "large screen": (2560, 1440),
}
# Between two others: left to `pytest -m long`.
BETWEEN = {"phone on its side", "tablet on its side", "small laptop", "screen"}
EACH = [pytest.param(SIZES[n], id=n, marks=pytest.mark.long if n in BETWEEN else ()) for n in SIZES]

# What must be reached: its places on the page, and the visible button behind which it may stand.
CONTROLS = {
    "floor": (["gap"], None),
    "play": (["play", "dock-play"], None),
    "speed": (["speed-quarter", "dock-speed"], None),
    "day": (["scrubber", "dock-scrubber"], None),
    "scenario": (["scenario"], None),
    "share": (["share"], None),
    "help": (["help"], None),
    "a lever": (["lever-liaison.count"], "open-levers"),
    "undo": (["undo", "sheet-undo"], "open-levers"),
    "compare": (["compare", "sheet-compare"], "open-levers"),
    "audit": (["ladder"], None),
    "the four Ps": (["four-ps"], None),
}

# Is it there, whole, and what a finger would meet?  (of a floor, half of its gap)
REACHED = """(names) => {
  const seen = names.map((name) => document.querySelector(`[data-testid="${name}"]`))
    .find((node) => node && node.checkVisibility({ visibilityProperty: true }) && node.getBoundingClientRect().width);
  if (!seen) return 'not visible';
  seen.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  const box = seen.getBoundingClientRect(), x = box.left + box.width / 2, y = box.top + box.height / 2;
  if (box.left < -0.5 || box.right > innerWidth + 0.5) return `off the side: ${box.left} to ${box.right}`;
  const room = Math.min(box.height, names[0] === 'gap' ? innerHeight * 0.4 : box.height) / 2;
  if (y - room < -0.5 || y + room > innerHeight + 0.5) return `off the window: ${box.top} to ${box.bottom}`;
  const met = document.elementsFromPoint(x, y).find((node) => !node.closest('#notice')); // it passes
  const own = met && (seen.contains(met) || met.contains(seen) || seen.closest('svg')?.contains(met));
  return own ? '' : `covered by ${met?.outerHTML.slice(0, 80)}`;
}"""

# Words that lie on other words, or are cut, or stand beyond the page; bar, dock and a comparison's foot lie over what
# is scrolled.
CROWDED = """() => {
  const faults = [], texts = [], page = document.documentElement.scrollWidth;
  if (page > innerWidth) faults.push(`page is ${page} wide`);
  const outside = '.unseen, title, option, .signs, .people, #notice, script, dialog:not([open])';
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const owner = node.parentElement, said = node.textContent.trim();
    if (!said || owner.closest(outside)) continue;
    if (!owner.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const regions = '.compare-foot, .bar, .dock, .left, .lesson, .right, .strip, .mid, #story, dialog';
    const region = owner.closest(regions)?.className;
    for (const box of range.getClientRects()) if (box.width > 1) texts.push({ said, region, box });
    for (let at = owner; at instanceof HTMLElement && at !== document.body; at = at.parentElement) {
      const look = getComputedStyle(at), hides = !['visible', 'auto', 'scroll'].includes(look.overflowX);
      if (hides && at.scrollWidth > at.clientWidth + 1) faults.push(`cut: ${said}`);
      if (look.webkitLineClamp !== 'none' && at.scrollHeight > at.clientHeight + 2) faults.push(`cut below: ${said}`);
    }
  }
  texts.forEach(({ said, region, box }, i) => {
    if (box.right > innerWidth + 1 || box.left < -1) faults.push(`beyond the page: ${said}`);
    for (const { said: other, region: there, box: its } of texts.slice(i + 1)) {
      if (there !== region) continue;
      const wide = Math.min(box.right, its.right) - Math.max(box.left, its.left);
      const high = Math.min(box.bottom, its.bottom) - Math.max(box.top, its.top);
      if (wide > 1.5 && high > Math.min(box.height, its.height) * 0.35) faults.push(`${said} lies on ${other}`);
    }
  });
  return [...new Set(faults)];
}"""


def faults_of_reach(page, controls) -> dict[str, str]:
    """What of the table cannot be reached, and why."""
    found = {}
    for name in controls:
        places, menu = CONTROLS[name]
        why = page.evaluate(REACHED, places)
        if why and menu and not page.evaluate(REACHED, [menu]):
            page.get_by_test_id(menu).click()
            why = page.evaluate(REACHED, places)
            page.get_by_test_id("levers-close").click()
        if why:
            found[name] = why
    return found


@pytest.fixture(scope="module")
def one_page(browser, served):
    """Opens one page a query; it is made larger and smaller, as a window is."""
    context, pages = browser.new_context(), {}

    def at(size, query=""):
        if query not in pages:
            page = pages[query] = context.new_page()
            page.goto(served.url + query)
            page.wait_for_selector("body[data-card]" if query else "body[data-ready='1']", state="attached")
        pages[query].set_viewport_size({"width": size[0], "height": size[1]})
        pages[query].evaluate("() => scrollTo(0, 0)")
        drawn(pages[query])
        return pages[query]

    yield at
    context.close()


def crowded(page, state: str) -> list[str]:
    """Faults that stay: a drawing may follow its window a few frames later."""
    for _ in range(8):
        drawn(page)
        if not (faults := page.evaluate(CROWDED)):
            break
        page.wait_for_timeout(250)
    return [f"{state}: {fault}" for fault in faults]


@pytest.mark.parametrize("size", EACH)
def test_everything_is_reached_and_nothing_overlaps(one_page, size):
    page = one_page(size)
    if day(page) != 268:
        change(page, "liaison.count", 1)
        go_to(page, 268)
    assert faults_of_reach(page, CONTROLS) == {}
    faults = crowded(page, "run")
    page.keyboard.press("?")
    faults += crowded(page, "help")
    page.keyboard.press("Escape")
    page.evaluate("() => baton.said('person', 'a', 0)")
    page.wait_for_selector("[data-testid=story] li")
    faults += crowded(page, "story")
    page.keyboard.press("Escape")
    page.keyboard.press("c")
    faults += crowded(page, "compare")
    reached = [page.evaluate(REACHED, [name]) for name in ("floor-a", "floor-b", "one-floor")]
    faults += [why for why in reached if why.startswith(("not", "covered", "off the side"))]
    page.keyboard.press("c")
    assert faults == []


@pytest.mark.parametrize("size", ["tablet on its side", "laptop", "phone"])
def test_far_apart_figures_comparison_and_why_are_whole(opened, size):
    """Of a wide gap and a long run too: no number is cut or lies on another, and each way of Why is left again."""
    page = opened(dict(zip(("width", "height"), SIZES[size], strict=True)))
    change(page, "liaison.count", 1, 200)
    change(page, "distance.between_teams_m", 2000, 200)
    go_to(page, 420)
    faults = crowded(page, "run")
    strip = "() => [...document.querySelectorAll('.kpi p, .kpi .n')].map((n) => n.getBoundingClientRect().right)"
    line = page.evaluate("() => document.querySelector('.strip [data-testid=ribbon]')?.getBoundingClientRect().left")
    assert line is None or not line or max(page.evaluate(strip)) <= line  # figures stand beside the lines
    page.keyboard.press("c")
    page.wait_for_selector("[data-testid=why]", timeout=60_000)
    faults += crowded(page, "compare")
    feet = [page.get_by_test_id(name).bounding_box() for name in ("why", "one-floor")]
    assert size == "phone" or all(at["y"] + at["height"] <= SIZES[size][1] for at in feet)  # however long the table
    assert page.evaluate("() => { const n = document.querySelector('.compare-left');"
                         " return n.scrollWidth - n.clientWidth; }") <= 0  # fmt: skip
    page.get_by_test_id("why").click()
    for way in ("why-funnel", "why-lever", "why-funnel"):
        page.get_by_test_id(way).click()
        page.wait_for_selector(f"[data-testid={way}][aria-pressed=true]")
        page.wait_for_selector("[data-testid=why-bar-0]", timeout=60_000)
        faults += crowded(page, way)
    assert faults == []


@pytest.mark.parametrize("size", ["tablet on its side", "phone"])
def test_of_thousands_of_people_every_number_is_whole(opened, size):
    page = opened(dict(zip(("width", "height"), SIZES[size], strict=True)))
    change(page, "workforce.marketers", 1200)
    change(page, "workforce.salespeople", 2400)
    go_to(page, 60)
    assert "Too many to draw one by one" in told(page, "each")
    assert crowded(page, "thousands") == []
    if size != "phone":
        cut = "() => [...document.querySelectorAll('[data-testid=each]')].map((n) => n.getBoundingClientRect().right)"
        assert max(page.evaluate(cut)) <= page.evaluate(
            "() => document.querySelector('.mid').getBoundingClientRect().right"
        )


@pytest.mark.parametrize("size", EACH)
def test_a_lesson_is_reached_at_every_size(one_page, size):
    page = one_page(size, "?lesson=four-stages")
    for card, bet in (("calls", "bet-slider"), ("liaison", "bet-revenue")):
        go(page, card)
        drawn(page)
        for name in (bet, "place-bet", "next-card", "lesson-pick"):
            page.wait_for_function(f"names => ({REACHED})(names) === ''", arg=[name], timeout=10_000)
        assert crowded(page, card) == []


def test_text_and_marks_grow_with_a_large_screen(opened):
    sizes = {}
    for name in ("laptop", "large screen"):
        page = opened(dict(zip(("width", "height"), SIZES[name], strict=True)))
        go_to(page, 10)
        sizes[name] = page.evaluate("""() => {
          const texts = [...document.querySelectorAll('body *')].filter((n) => n.checkVisibility()
            && [...n.childNodes].some((c) => c.nodeType === 3 && c.textContent.trim()) && !n.closest('title, .unseen'));
          return [Math.min(...texts.map((n) => parseFloat(getComputedStyle(n).fontSize))),
                  document.querySelector('.desk rect').getBoundingClientRect().width];
        }""")
    assert all(large > 1.3 * usual for usual, large in zip(sizes["laptop"], sizes["large screen"], strict=True)), sizes


def test_what_is_small_is_said_once():
    """The same query everywhere; scripts ask --small, never the window."""
    static = Path(__file__).parents[1] / "sim/page/static"
    small, wide = "(max-width: 999px), (max-height: 559px)", "(min-width: 1000px) and (min-height: 560px)"
    styles = {path.name: path.read_text(encoding="utf-8") for path in static.rglob("*.css")}
    for name, text in styles.items():
        for query in re.findall(r"@media ([^{]*?) *\{", text):
            if "1000px" in query or "999px" in query:
                assert small in query or wide in query or query.startswith("(max-width: 999px) and"), (name, query)
    scripts = "".join(path.read_text(encoding="utf-8") for path in static.rglob("*.js"))
    assert "max-width" not in scripts and "innerWidth <" not in scripts


# ---- what lies on what, wherever it stands

LIES_ON = """([one, others]) => {
  const box = (node) => node.getBoundingClientRect(), a = box(document.querySelector(one));
  return [...document.querySelectorAll(others)].map(box)
    .filter((b) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1).length;
}"""


@pytest.mark.parametrize("size", EACH)
def test_what_the_shares_under_the_piles_are_is_said_where_they_stand(one_page, size):
    """And the legend does not speak of shares where the floor is too low for them."""
    page = one_page(size)
    go_to(page, 70)
    page.wait_for_function("""() => {
      const stand = [...document.querySelectorAll('.piles text')].some((text) => / %/.test(text.textContent));
      return stand === document.querySelector('.legend .of-rates').checkVisibility({ visibilityProperty: true });
    }""")


@pytest.mark.parametrize("size", ["laptop", "phone"])
def test_both_sides_of_the_ladder_are_seen(one_page, size):
    page = one_page(SIZES[size])
    for quarter in (65, 130, 195, 260):
        go_to(page, quarter)
        assert page.evaluate(LIES_ON, ["[data-testid=score-sales]", "[data-testid=score-marketing]"]) == 0, quarter


def test_flags_that_stand_close_together_keep_their_names(opened):
    page = opened()
    for name, value, at in (
        ("liaison.count", 6, 100),
        ("practices.rules", 1, 110),
        ("communication.cost_hours", 1, 120),
    ):
        change(page, name, value, at)
    change(page, "communication.delay_days", 9, 120)
    go_to(page, 200)
    named = page.locator(".money text").all_text_contents()
    assert {"liaison", "practices", "price of talk and one more"} <= set(named)
    assert page.evaluate(LIES_ON, ["[data-testid=more-talks]", ".desk path"]) == 0  # six liaisons, and none beneath it


def test_leads_do_not_lie_in_heaps(opened):
    page = opened()
    go_to(page, 268)
    centres = page.evaluate("""() => [...document.querySelectorAll('.lead')]
      .map((n) => n.getAttribute('transform').match(/[-\\d.]+/g).map(Number))""")
    covered = [
        any((x - u) ** 2 + (y - v) ** 2 < 3.5**2 for u, v in centres[:i]) for i, (x, y) in enumerate(centres)
    ]  # less than half of it to be seen
    assert len(centres) > 30 and sum(covered) <= len(centres) * 0.15


def test_notices_and_histories_leave_the_floor_free(opened):
    page = opened()
    go_to(page, 140)
    page.evaluate("() => baton.said('say', 'What you see is the baseline now.')")
    page.evaluate("() => baton.said('person', 'a', 0)")
    page.wait_for_selector("[data-testid=story] li")
    for over in ("#notice", "#story"):
        assert page.evaluate(LIES_ON, [over, ".floor .desk, .floor text, .head h1"]) == 0, over


def test_chosen_things_are_seen_with_forced_colours(opened):
    page = opened(forced_colors="active")
    go_to(page, 10)
    look = "(n) => getComputedStyle(n).backgroundColor"
    for one, other in (("speed-week", "speed-day"), ("practice-rules-0", "practice-rules-1")):
        assert page.get_by_test_id(one).evaluate(look) != page.get_by_test_id(other).evaluate(look)
    assert page.evaluate("""() => { const n = document.querySelector('.desk rect');
      return getComputedStyle(n).fill; }""") == "rgb(0, 114, 178)"  # fmt: skip


def test_the_live_page_prints_on_one_sheet(opened):
    pypdf = pytest.importorskip("pypdf")
    page = opened()
    change(page, "liaison.count", 1)
    go_to(page, 268)
    sheets = pypdf.PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages
    text = " ".join(sheets[0].extract_text().split())
    assert len(sheets) == 1
    assert all(
        said in text for said in (told(page, "headline"), "Handed off", "What holds it back", "Stage", "Day 268")
    )


def test_organizations_are_grouped_by_what_is_asked_of_them(opened):
    page = opened()
    groups = page.evaluate("""() => [...document.querySelectorAll('[data-testid=scenario] optgroup')]
      .map((n) => [n.label, [...n.children].map((each) => each.value)])""")
    assert "Yours" not in dict(groups) and all(label.endswith("?") for label, _ in groups)
    assert sorted(name for _, names in groups for name in names) == sorted(page.evaluate(
        "() => Object.keys(baton.about.scenarios)"))  # fmt: skip


def test_days_are_asked_for_in_pieces_that_the_server_grants(opened):
    page = opened()
    asked = page.evaluate("""async () => {
      const pieces = [], ask = baton.source.frames.bind(baton.source);
      baton.source.frames = (arm, rev, from, to) => { pieces.push(to - from + 1); return ask(arm, rev, from, to); };
      baton.stores.a.truncate(-1);
      baton.stores.a.clear();
      for (let piece = 0; piece < 10; piece++) await baton.fetch("a", 1200);
      return [Math.max(...pieces), baton.stores.a.last];
    }""")
    assert asked[0] <= 400 and asked[1] == 1200, asked


@pytest.mark.parametrize("size", ["small phone", "phone"])
def test_a_phone_has_no_hole_and_its_small_lines_have_axes(one_page, size):
    page = one_page(SIZES[size])
    go_to(page, 260)
    blocks, marks, axes = page.evaluate("""() => {
      const seen = (node) => node.checkVisibility({ visibilityProperty: true }) && node.getBoundingClientRect().height;
      const span = (node) => [node.getBoundingClientRect().top, node.getBoundingClientRect().bottom];
      const floor = document.querySelector('[data-testid=floor]');
      const drawn = [...floor.querySelectorAll('rect, circle, path, text')].filter(seen).map(span);
      return [[...document.querySelectorAll('.mid > *, .sparks')].filter(seen).map(span), [...drawn, span(floor)],
        [...document.querySelectorAll('.spark svg')].map((svg) => [...svg.querySelectorAll('text')].map((text) =>
          [text.textContent, parseFloat(getComputedStyle(text).fontSize), text.getBoundingClientRect().left]))];
    }""")
    blocks = sorted(blocks)
    assert all(below[0] - above[1] < 24 for above, below in zip(blocks[:-1], blocks[1:], strict=True))
    *drawn, floor = marks
    assert min(top for top, _ in drawn) - floor[0] < 24 and floor[1] - max(bottom for _, bottom in drawn) < 24
    assert len(axes) == 2
    for axis in axes:
        assert sum(text.startswith("Year") for text, _, _ in axis) >= 1
        assert len({text for text, _, _ in axis if re.fullmatch(r"−?[\d.,]+", text)}) >= 2
        assert all(size >= 12 and left >= 0 for _, size, left in axis)
