"""The live page in a real browser: what a stranger sees and does, by mouse, keyboard and thumb."""

from __future__ import annotations

import json
import os
import re
import shutil

import pytest

import sim

playwright = pytest.importorskip("playwright.sync_api")
CHROMIUM = os.environ.get("BATON_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="no Chromium here: install the package chromium, or name one in BATON_CHROMIUM"
)
WIDE, SMALL, PHONE = {"width": 1440, "height": 900}, {"width": 1280, "height": 720}, {"width": 390, "height": 844}
SERIOUS = {"serious", "critical"}


@pytest.fixture(scope="module")
def browser():
    """One a file: as long as it lives, no other test may use asyncio."""
    with playwright.sync_playwright() as play:
        found = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture
def opened(browser, served):
    """Opens pages; at the end none may have had an error, or asked anybody but our server."""
    contexts, faults = [], []

    def open_page(viewport=WIDE, query="", **more):
        context = browser.new_context(viewport=viewport, **more)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda fault: faults.append(str(fault)))
        page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
        page.on("request", lambda asked: asked.url.startswith((served.url, "data:")) or faults.append(asked.url))
        page.goto(served.url + query)
        page.wait_for_selector("body[data-ready='1']", state="attached")
        return page

    yield open_page
    faults += closed(contexts)
    assert not faults


def closed(contexts) -> list[str]:
    """Close what was opened; what stood there at the end that nobody wrote for a reader."""
    found = []
    for context in contexts:
        for page in context.pages:
            text = page.evaluate("""() => {
              const seen = document.body?.cloneNode(true);
              seen?.querySelectorAll('script').forEach((packed) => packed.remove());
              return seen?.textContent ?? '';
            }""")
            found += re.findall(r".{,40}(?:\[object |\bNaN\b).{,40}", text)
        context.close()
    return found


def day(page) -> int:
    return int(page.get_attribute("body", "data-day"))


def go_to(page, wanted: int) -> None:
    page.evaluate("day => { baton.player.seek(day); }", wanted)
    page.wait_for_selector(f"body[data-day='{wanted}']", state="attached")
    drawn(page)


def drawn(page) -> None:
    """Wait until what was asked for has been drawn: nothing is on its way, and two frames have passed."""
    page.evaluate("""async () => {
      while (baton.sending) await baton.sending;
      for (let i = 0; i < 2; i++) await new Promise(requestAnimationFrame);
    }""")


def change(page, name: str, value, at: int = 0) -> None:
    page.evaluate(
        "([name, value, day]) => { baton.change((plan) => plan.change(name, value, day)); }", [name, value, at]
    )
    page.evaluate("() => baton.sending")


def told(page, name: str) -> str:
    return page.get_by_test_id(name).first.text_content()


def floor_of(page) -> list[str]:
    """What is drawn on the floor, whatever the order in which it came to be drawn."""
    marks = "node => [...node.querySelectorAll('*')].map((n) => n.outerHTML).filter((t) => !t.includes('id=')).sort()"
    return page.get_by_test_id("floor").evaluate(marks)


# ---- one floor


def test_a_stranger_sees_an_organization_that_has_not_been_played(opened):
    page = opened()
    assert told(page, "headline") == "Nothing has been played yet"
    assert page.locator("[data-testid^=person-]").count() == 36
    assert told(page, "distance") == "30 m, other floor"
    assert page.get_attribute("body", "data-seed") == str(sim.USUAL_MARKET)
    assert page.get_attribute("body", "data-stage") == "0"
    assert "after 65 days" in page.locator(".right").inner_text()


def test_play_pause_step_and_back_by_button_and_key(opened):
    page = opened()
    page.get_by_test_id("play").click()
    page.wait_for_selector("body:not([data-day='0'])", state="attached")
    page.keyboard.press(" ")
    here = day(page)
    page.wait_for_timeout(300)
    assert day(page) == here > 0
    page.keyboard.press(".")
    page.wait_for_selector(f"body[data-day='{here + 1}']", state="attached")
    page.get_by_test_id("back").click()
    page.wait_for_selector(f"body[data-day='{here}']", state="attached")
    assert told(page, "day") == f"Day {here}"


def test_scrubbing_shows_the_same_days_again(opened):
    page = opened()
    go_to(page, 200)
    seen = floor_of(page)
    go_to(page, 131)
    other = floor_of(page)
    go_to(page, 200)
    assert floor_of(page) == seen != other
    handle = page.get_by_test_id("scrubber")
    handle.focus()
    page.keyboard.press("PageDown")
    page.wait_for_selector("body[data-day='135']", state="attached")
    page.wait_for_selector("[data-testid=scrubber][aria-valuenow='135']")  # drawn in the frame after the day is set


def test_the_picture_of_a_day_needs_no_later_day(opened):
    seen = []
    for ahead in (0, 90):
        page = opened()
        go_to(page, 131 + ahead)
        go_to(page, 131)
        seen.append(floor_of(page))
    assert seen[0] == seen[1]


def test_however_many_liaisons_they_stand_above_the_slab(opened):
    page = opened()
    change(page, "liaison.count", 6)
    page.wait_for_function("() => document.querySelectorAll('.desk path').length === 6")
    boxes = [each.bounding_box() for each in page.locator(".desk path").all()]
    slab = min(box["y"] for each in page.locator("[data-testid=floor] rect[height='6']").all()
               if (box := each.bounding_box()))  # fmt: skip
    assert all(box["y"] + box["height"] < slab for box in boxes)


def test_people_stay_put_whatever_happens(opened):
    page = opened()
    spots = """() => [...document.querySelectorAll('.desk')].map((n) =>
      n.dataset.desk + n.querySelector('rect, circle').outerHTML)"""
    before = page.evaluate(spots)
    go_to(page, 400)
    assert page.evaluate(spots) == before


def test_a_lever_is_seen_before_the_next_day(opened):
    page = opened()
    go_to(page, 30)
    assert page.locator("[data-testid=person-M12] rect").count() == 1
    lever = page.get_by_test_id("lever-liaison.count")
    lever.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_selector("[data-testid=person-M12] path", state="attached")
    assert day(page) == 30
    assert "one liaison since day 30" in told(page, "changed")
    assert lever.get_attribute("aria-valuetext") == "1, was none"
    gap = page.get_by_test_id("gap")
    narrow = float(gap.get_attribute("width"))
    change(page, "distance.between_teams_m", 400, 30)
    page.wait_for_function("(most) => document.querySelector('[data-testid=gap]').getAttribute('width') > most",
                           arg=narrow + 20)  # fmt: skip
    assert told(page, "distance") == "400 m, other building"


def test_undo_redo_and_replay_of_the_last_change(opened):
    page = opened()
    go_to(page, 60)
    page.get_by_test_id("practice-meetings-1").click()
    page.wait_for_selector("[data-testid=practice-meetings-1][aria-checked=true]")
    go_to(page, 100)
    page.keyboard.press("z")
    page.wait_for_selector("[data-testid=practice-meetings-0][aria-checked=true]")
    assert day(page) == 100 and page.get_by_test_id("redo").is_enabled()
    page.keyboard.press("y")
    page.wait_for_selector("[data-testid=practice-meetings-1][aria-checked=true]")
    page.evaluate("() => baton.sending")
    page.get_by_test_id("speed-day").click()
    page.get_by_test_id("replay").click()
    page.wait_for_selector("body[data-day='51']", state="attached", timeout=15000)
    page.get_by_test_id("speed-end").click()
    page.wait_for_selector("body[data-day='125']", state="attached", timeout=15000)
    page.wait_for_function("() => !baton.player.playing")
    drawn(page)
    assert day(page) == 125


def test_the_last_change_is_replayed_up_to_where_one_was_through_changes_of_stage(opened):
    page = opened()
    first = sim.run("default", sim.USUAL_MARKET).stage_changes()[0]["day"]
    change(page, "liaison.count", 1, first - 20)
    change(page, "practices.rules", 1, first + 300)  # is still to come: it is not the last change here
    until = first + 90
    go_to(page, until)
    page.get_by_test_id("speed-end").click()
    page.evaluate("() => { baton.seen = []; baton.on('day', () => baton.seen.push(baton.day)); }")
    page.get_by_test_id("replay").click()
    page.wait_for_function("() => baton.seen.length > 2 && !baton.player.playing", timeout=60_000)
    assert page.evaluate("() => Math.min(...baton.seen)") == first - 30  # ten days before the change
    assert day(page) == until


def test_it_stops_at_a_change_of_stage_with_one_sentence(opened):
    page = opened()
    run = sim.run("default", sim.USUAL_MARKET)
    first = run.stage_changes()[0]
    page.get_by_test_id("speed-end").click()
    page.keyboard.press(" ")
    page.wait_for_selector(f"body[data-day='{first['day']}']", state="attached", timeout=20000)
    said = page.get_by_test_id("notice").inner_text()
    assert f"Day {first['day']}: from {first['from']} to {first['to']}." in said
    page.wait_for_timeout(300)
    assert day(page) == first["day"]
    assert told(page, "badge") == "II"


def test_the_page_ends_where_sim_run_ends(opened):
    page = opened()
    page.get_by_test_id("seed").fill("4")
    page.keyboard.press("Enter")
    page.wait_for_selector("body[data-seed='4']", state="attached")
    go_to(page, 200)
    go_to(page, 120)
    change(page, "liaison.count", 1, 120)  # the eighty days after it are lived anew
    go_to(page, 1300)
    state = page.evaluate("() => baton.source.hash()")["a"]
    plan = sim.read().but(changes=(sim.Change(120, {"liaison.count": 1}),))
    run = sim.run(plan, 4)
    assert state == {"day": 1300, "state": run.about["state"]}
    assert page.get_attribute("body", "data-stage") == str(run.quarters["stage"].iloc[-1])
    assert page.evaluate("() => baton.store.sum('contacts', 1, 1300)") == run.daily["contacts"].sum()
    revenue = run.daily["revenue"].iloc[-20:].mean() * 0.26
    assert float(told(page, "revenue")) == pytest.approx(revenue, rel=0.006)


def test_two_visitors_do_not_see_one_another(opened):
    one, other = opened(), opened()
    go_to(one, 50)
    change(one, "liaison.count", 3, 0)
    go_to(other, 20)
    assert day(one) == 50 and day(other) == 20
    assert other.locator(".desk path").count() == 0 and one.locator(".desk path").count() == 3


def test_a_lead_and_a_person_tell_their_history(opened):
    page = opened()
    go_to(page, 150)
    page.get_by_test_id("person-S7").click()
    page.wait_for_selector("[data-testid=story] li")
    assert "Works in Sales" in told(page, "story")
    page.keyboard.press("Escape")
    lead = page.locator(".death").first
    number = lead.get_attribute("data-lead")
    lead.dispatch_event("click")
    page.wait_for_selector("[data-testid=story] li[data-text=story]")
    assert f"Lead {int(number):,}" in told(page, "story") and "lost" in told(page, "story")


def test_silence_is_said_in_the_gap(opened):
    page = opened()
    for name, value in (("distance.between_teams_m", 2_000_000), ("communication.cost_hours", 4), ("trust.initial", 0)):
        change(page, name, value)
    go_to(page, 130)
    assert "did not talk this quarter" in page.locator(".silence").inner_text()
    assert "No one crossed the gap" in told(page, "changed")


def test_a_large_firm_is_drawn_in_groups_and_says_so(opened):
    page = opened()
    change(page, "workforce.salespeople", 90)
    page.wait_for_function("() => { const n = document.querySelectorAll('.desk').length; return n && n < 60; }")
    drawn(page)
    assert re.search(r"stands for \d+ people, one dot or cross for \d+ leads", told(page, "each"))


def test_another_organization_begins_anew(opened):
    page = opened()
    change(page, "liaison.count", 1)
    page.get_by_test_id("scenario").select_option("remote")
    page.wait_for_function(
        "() => document.querySelector('[data-testid=distance]').textContent === '2,000 km, other city'"
    )
    drawn(page)
    assert not page.get_by_test_id("lever-liaison.trust_sales").is_enabled()
    page.get_by_test_id("scenario").select_option("liaison-leaves")
    go_to(page, 660)
    assert page.locator(".desk path").count() == 0


def test_a_page_that_is_loaded_again_shows_the_same_and_can_begin_anew(opened):
    page = opened()
    assert "#" not in page.url
    change(page, "liaison.count", 1, 20)
    page.get_by_test_id("pin").click()
    change(page, "distance.between_teams_m", 8, 40)
    page.get_by_test_id("seed").fill("7")
    page.keyboard.press("Enter")
    go_to(page, 70)
    page.get_by_test_id("compare").click()
    page.wait_for_timeout(600)
    state = "() => ({...baton.plan.state, day: baton.day, mode: baton.mode})"
    before = page.evaluate(state)
    page.reload()
    page.wait_for_selector("body[data-ready='1'][data-mode='compare'][data-day='70']", state="attached")
    assert page.evaluate(state) == before and before["seed"] == 7 and before["baseline"]
    page.get_by_test_id("compare").click()
    drawn(page)
    page.get_by_test_id("reset").click()
    page.wait_for_selector("body[data-day='0']", state="attached")
    drawn(page)
    assert page.evaluate("() => baton.plan.isAsFound") and not page.get_by_test_id("reset").is_visible()
    page.keyboard.press("z")
    drawn(page)
    assert page.evaluate("() => baton.plan.state.changes.length") == 2


MORE = [pytest.param(given, marks=pytest.mark.long) for given in ("-5", "", "1.5")]


@pytest.mark.parametrize("given", ["abc", "9007199254740992", *MORE])
def test_what_is_no_market_is_refused_with_a_reason_and_the_field_shows_what_runs(opened, given):
    page = opened()
    page.get_by_test_id("seed").fill(given)
    page.keyboard.press("Enter")
    assert page.get_by_test_id("seed").input_value() == str(sim.USUAL_MARKET)
    assert "is no market" in told(page, "notice") and str(sim.USUAL_MARKET) in told(page, "notice")


def test_the_baseline_is_a_ghost_and_can_be_pinned(opened):
    page = opened()
    assert page.get_by_test_id("ghost").count() == 0
    change(page, "liaison.count", 1)
    page.wait_for_selector("[data-testid=ghost]", state="attached")
    page.keyboard.press("b")
    page.wait_for_selector("[data-testid=ghost]", state="detached")
    page.keyboard.press("b")
    page.get_by_test_id("pin").click()
    page.wait_for_selector("[data-testid=ghost]", state="detached")
    assert page.locator(".lever.changed").count() == 0


def test_a_lost_connection_is_said_and_the_run_is_kept(opened):
    page = opened()
    go_to(page, 80)
    page.evaluate("() => { baton.source.far.connect = () => {}; baton.source.far.socket.close(); }")
    page.wait_for_selector("[data-testid=notice]:not([hidden])", timeout=5000)
    assert "Connection lost" in told(page, "notice")
    page.get_by_test_id("back").click()
    page.wait_for_selector("body[data-day='79']", state="attached")
    page.evaluate("() => { delete baton.source.far.connect; baton.source.far.connect(); }")
    page.wait_for_selector("body[data-connected='true']", state="attached")
    page.evaluate("() => baton.sending")
    go_to(page, 90)
    assert page.evaluate("() => baton.source.hash()")["a"]["state"] == sim.run("default", until=90).about["state"]


# ---- compare


def test_compare_shows_the_difference_of_baton_compare(opened):
    page = opened()
    change(page, "liaison.count", 1)
    go_to(page, 70)
    page.keyboard.press("c")
    cell = page.get_by_test_id("difference-net_value")
    cell.wait_for(timeout=60000)
    pair = sim.compare("default", sim.read().but(liaison__count=1), seeds=30)
    row = pair.summary().loc[(pair.names[1], "net_value")]
    assert float(cell.get_attribute("data-value")) == pytest.approx(row.difference)
    shown = re.match(r"\+([\d.]+)\n\+([\d.]+) to \+([\d.]+)", cell.inner_text())
    millions = [f"{each / 1e3:.1f}" for each in (row.difference, row.low, row.high)]
    assert list(shown.groups()) == millions  # beside hundreds of millions one digit is shown, and it is the right one
    check = re.search(r"([\d,]+) of ([\d,]+)", page.locator(".compare-left").inner_text())
    assert check.group(1) == check.group(2) != "0"
    assert page.locator("[data-testid=floor-a] .desk path").count() == 0
    assert page.locator("[data-testid=floor-b] .desk path").count() == 1
    page.locator("[data-testid=floor-a] .lead").first.dispatch_event("click")
    page.wait_for_selector(".over text", state="attached")
    twins = page.evaluate("""() => {
      const [a, b] = ['a', 'b'].map((arm) =>
        [...baton.stores[arm].leads.values()].filter((lead) => lead.versions[0].day <= baton.day));
      return a.map((mine) => [mine.number, b.find((theirs) => theirs.twin === mine.twin)?.number])
        .find(([mine, theirs]) => theirs !== undefined && theirs !== mine);
    }""")  # one prospect, two numbers: both floors say both
    names = page.evaluate("([a, b]) => [baton.leadName('a', a), baton.leadName('b', b)]", twins)
    assert set(names) == {f"Lead {twins[0]:,} of A, {twins[1]:,} of B"}
    page.keyboard.press("c")
    page.wait_for_selector("[data-testid=floor] .desk path", state="attached")
    assert day(page) == 70


def test_a_plan_of_several_changes_is_named_by_all_of_them(opened):
    page = opened()
    change(page, "liaison.count", 1, 60)
    change(page, "distance.between_teams_m", 8, 80)
    go_to(page, 100)
    page.keyboard.press("c")
    page.wait_for_selector("[data-testid=difference-net_value]", timeout=60000)
    drawn(page)
    name = "() => [...document.querySelectorAll('.cmp-title b')].map((n) => n.textContent)"
    assert page.evaluate(name) == ["Baseline", "One liaison; closer (8 m)"]
    said = page.locator(".compare-left").inner_text()
    assert "since day 60" in said and "since day 80" in said
    assert "Five years, mean of 30 markets" in said and "years, M€" not in said
    assert "Net value: contribution plus the change in customer equity, both discounted to day 0." in said
    assert "Contribution a year" in page.locator(".between").inner_text()  # a year has no net value
    change(page, "communication.cost_hours", 1, 90)
    drawn(page)
    assert page.evaluate(name)[1] == "Plan: 3 changes"


def test_two_plans_inside_the_noise_are_called_so(opened):
    page = opened()
    change(page, "communication.delay_days", 4)
    page.get_by_test_id("compare").click()
    page.wait_for_selector(".between .cannot, .between .figure", timeout=60000)
    page.wait_for_selector("[data-testid=difference-net_value]", timeout=60000)
    pair = sim.compare("default", sim.read().but(communication__delay_days=4), seeds=30)
    row = pair.summary().loc[(pair.names[1], "net_value")]
    noisy = row.low <= 0 <= row.high
    drawn(page)
    assert (page.locator(".between .cannot").count() == 1) == noisy
    if noisy:
        assert told(page, "verdict") == "We cannot tell these apart"
        assert page.locator(".between circle").count() == 30


def test_two_equal_plans_are_called_so(opened):
    page = opened()
    go_to(page, 70)
    page.keyboard.press("c")
    page.wait_for_selector("[data-testid=difference-net_value]", timeout=60000)
    assert told(page, "verdict") == "The plan is the same as the baseline."
    said = page.locator(".compare-left").inner_text()
    assert "Nothing differs yet" in said and "null" not in said


# ---- for everybody


def axe(page) -> list[str]:
    """What axe-core holds to be serious, as sentences."""
    found = pytest.importorskip("axe_playwright_python.sync_playwright").Axe().run(page).response["violations"]
    return [
        f"{v['id']}: {v['help']} ({[n['html'][:90] for n in v['nodes']][:3]})" for v in found if v["impact"] in SERIOUS
    ]


MORE_STATES = [pytest.param(state, marks=pytest.mark.long) for state in ("never run", "projection", "story")]


@pytest.mark.parametrize("state", ["running", "compare", "help", "phone", *MORE_STATES])
def test_axe_finds_nothing_serious(opened, state):
    page = opened(PHONE if state == "phone" else WIDE)
    if state != "never run":
        change(page, "liaison.count", 1)
        go_to(page, 140)
    key = {"compare": "c", "projection": "p", "help": "?"}.get(state)
    if key:
        page.keyboard.press(key)
        drawn(page)
    if state == "story":
        page.get_by_test_id("person-M1").click()
        page.wait_for_selector("[data-testid=story] li")
    assert axe(page) == []


def test_everything_can_be_reached_and_done_by_keyboard(opened):
    page = opened()
    reached = set()
    for _ in range(70):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("() => document.activeElement?.dataset?.testid || document.activeElement?.tagName"))
        ring = page.evaluate(
            "() => { const s = getComputedStyle(document.activeElement); return s.outlineStyle + s.outlineWidth; }"
        )
        assert ring is not None
    wanted = {"play", "step", "scenario", "seed", "dice", "speed-week", "compare", "help", "scrubber", "person-M1",
              "lever-liaison.count", "lever-distance.between_teams_m", "practice-rules-0"}  # fmt: skip
    assert wanted <= reached
    page.keyboard.press("?")
    assert page.locator("dialog[open]").count() == 1
    page.keyboard.press("Escape")
    assert page.locator("dialog[open]").count() == 0
    person = page.get_by_test_id("person-M1")
    person.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-testid=story] li")
    assert "M2" in told(page, "story")


def test_a_screen_reader_is_told_how_things_stand(opened):
    page = opened()
    go_to(page, 130)
    summary = page.get_by_test_id("summary").inner_text()
    assert "Day 130" in summary and told(page, "headline") in summary
    assert "leads died in the gap" in page.get_by_test_id("floor").get_attribute("aria-label")


def test_who_wants_less_motion_sees_weeks(opened):
    page = opened(reduced_motion="reduce")
    assert page.evaluate("() => baton.reduced")
    go_to(page, 60)
    page.evaluate("() => { baton.player.speed = 'day'; baton.player.play(); }")
    page.wait_for_timeout(500)
    marks = "() => [...document.querySelectorAll('.lead')].map((n) => n.getAttribute('transform')).join()"
    before = page.evaluate(marks)
    page.wait_for_timeout(300)
    assert page.evaluate(marks) == before
    assert page.evaluate("() => getComputedStyle(document.body).getPropertyValue('--rung').trim()") == "0ms"


@pytest.mark.parametrize(
    "size", [SMALL, pytest.param({"width": 1920, "height": 1080}, marks=pytest.mark.long)], ids=["720", "1080"]
)
def test_projected_text_is_at_least_a_fiftieth_of_the_height(opened, size):
    page = opened(size)
    go_to(page, 140)
    page.keyboard.press("p")
    drawn(page)
    sizes = page.evaluate("""() => {
      const found = [];
      const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      for (let node = walk.nextNode(); node; node = walk.nextNode()) {
        const box = node.parentElement.getBoundingClientRect();
        if (!node.textContent.trim() || !box.width || node.parentElement.closest('.unseen, [hidden], title')) continue;
        found.push([parseFloat(getComputedStyle(node.parentElement).fontSize), node.textContent]);
      }
      return found;
    }""")
    assert sizes and not [each for each in sizes if each[0] < size["height"] / 50]
    page.keyboard.press("p")
    assert page.locator(".bar").is_visible()


@pytest.mark.parametrize(
    "size",
    [
        SMALL,
        {"width": 1024, "height": 700},
        *(pytest.param(size, marks=pytest.mark.long) for size in (WIDE, {"width": 1920, "height": 1080})),
    ],
    ids=lambda s: str(s["width"]),
)
def test_nothing_is_cut_off_or_overlaps_on_a_screen(opened, size):
    page = opened(size)
    change(page, "liaison.count", 1)
    go_to(page, 1300)  # the longest words of the bar
    assert page.get_by_test_id("help").bounding_box()["x"] + 36 <= size["width"]
    go_to(page, 140)
    assert page.evaluate(
        "() => [document.documentElement, document.querySelector('.bar')].every((n) => n.scrollWidth <= innerWidth)"
    )
    boxes = page.evaluate("""() => [...document.querySelectorAll('.bar > *')].map((n) => n.getBoundingClientRect())
      .filter((b) => b.width > 0).map((b) => [b.left, b.right])""")
    assert all(b[0] >= a[1] - 0.5 for a, b in zip(boxes, boxes[1:], strict=False)) and boxes[-1][1] <= size["width"]


def test_a_day_belongs_to_the_quarter_that_its_piles_count(opened):
    page = opened()
    for wanted, quarter in ((0, 1), (65, 1), (66, 2), (195, 3), (196, 4), (1300, 20)):
        go_to(page, wanted)
        assert page.locator(".when").inner_text().split("quarter ")[1] == f"{quarter} of 20", wanted
    assert page.get_by_test_id("piles-of").is_visible()


def test_projection_and_compare_leave_one_another(opened):
    page = opened(SMALL)
    out = ["Escape"]
    for keys, mode, projected in (("pc", "compare", False), ("p", "run", True), ("c", "compare", False),
                                  ("p", "run", True), (out, "run", False), (out, "run", False)):  # fmt: skip
        for key in keys:
            page.keyboard.press(key)
            drawn(page)
        assert page.get_attribute("body", "data-mode") == mode
        assert page.evaluate("() => document.body.classList.contains('is-projected')") == projected


def test_where_the_future_is_hidden_the_axes_begin_at_nothing_and_keep_their_scale(opened):
    page = opened()
    page.evaluate("() => { baton.blind = true; }")
    ticks = "() => [...document.querySelectorAll('[data-testid=strip] text')].map((node) => node.textContent)"
    seen = []
    for wanted in (30, 70, 120):
        go_to(page, wanted)
        page.evaluate("() => baton.said('resize')")
        drawn(page)
        seen.append([each for each in page.evaluate(ticks) if re.fullmatch(r"[−\d.]+", each)])
    assert all(each.count("0") + each.count("0.0") + each.count("0.00") == 2 for each in seen), seen
    assert len({tuple(each) for each in seen}) == 1, seen  # days that pass do not move the scale


def test_a_small_laptop_loses_no_word_and_no_scale(opened):
    page = opened(SMALL)
    fits = "(n) => n.scrollHeight <= n.clientHeight + 1 && n.scrollWidth <= n.clientWidth"
    assert page.get_by_test_id("changed").evaluate(fits) and page.locator(".legend").first.evaluate(fits)
    change(page, "liaison.count", 1)
    go_to(page, 1300)
    page.wait_for_selector("[data-testid=band]", state="attached", timeout=60000)
    drawn(page)
    assert "Contribution" in page.locator(".kpi.contribution").inner_text()
    labels, ticks = page.evaluate("""() => [
      [...document.querySelectorAll('[data-testid=line-label]')].map((n) => [n.textContent, +n.getAttribute('y')]),
      [...document.querySelectorAll('.money text[text-anchor=end]')].filter((n) => /^[−\\d.]+$/.test(n.textContent))
        .map((n) => +n.getAttribute('y'))]""")
    assert {name for name, _ in labels} == {"30 markets", "if all stays", "baseline"} and len(labels) == 6
    assert all(b[1] - a[1] >= 14 for a, b in zip(labels, labels[1:], strict=False))
    assert sum(y < 58 for y in ticks) >= 2 and sum(y > 58 for y in ticks) >= 2


def test_how_many_more_talks_there_are_is_said_on_a_plate_of_its_own(opened):
    page = opened()
    more = page.evaluate("() => import('/static/common/words.js').then(({ W }) => [W.floor.more(1), W.floor.more(37)])")
    assert more == ["and 1 more talk", "and 37 more talks"]
    change(page, "liaison.count", 1)
    go_to(page, 140)
    said = page.get_by_test_id("more-talks")
    text = said.bounding_box()
    plate = said.evaluate("(n) => { const b = n.previousSibling.getBoundingClientRect(); return [b.left, b.right]; }")
    assert plate[0] < text["x"] and text["x"] + text["width"] < plate[1]


def test_a_phone_is_enough(opened):
    page = opened(PHONE, has_touch=True, is_mobile=True)
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
    page.get_by_test_id("dock-speed").select_option("quarter")
    page.get_by_test_id("dock-play").tap()
    page.wait_for_selector("body:not([data-day='0'])", state="attached")
    page.get_by_test_id("dock-play").tap()
    small = page.evaluate("""() => [...document.querySelectorAll('.dock :is(button, select), .bar :is(button, select)')]
      .filter((n) => n.getBoundingClientRect().height > 0 && !n.closest('.market'))
      .map((n) => n.getBoundingClientRect().height)""")
    assert min(small) >= 44
    order = page.evaluate(
        """() => ['.mid', '.strip', '.right']
          .map((name) => document.querySelector(name).getBoundingClientRect().top)"""
    )
    assert order == sorted(order)
    page.get_by_test_id("open-levers").tap()
    assert page.get_by_test_id("lever-liaison.count").is_visible()
    gap, sheet = page.get_by_test_id("gap").bounding_box(), page.locator(".left").bounding_box()
    assert 48 < gap["y"] < gap["y"] + 150 < sheet["y"]  # the floor stays in view
    change(page, "liaison.count", 1)
    page.get_by_test_id("sheet-undo").tap()
    page.get_by_test_id("sheet-redo").tap()
    assert page.evaluate("() => baton.plan.changes.length") == 1
    page.get_by_test_id("levers-close").tap()
    assert not page.get_by_test_id("lever-liaison.count").is_visible()
    page.get_by_test_id("open-levers").tap()
    page.keyboard.press("Escape")  # by a keyboard too, and back where one was
    assert not page.get_by_test_id("lever-liaison.count").is_visible()
    assert page.evaluate("() => document.activeElement.dataset.testid") == "open-levers"
    go_to(page, page.evaluate("() => baton.horizon"))
    assert told(page, "dock-play") == "Start again"
    page.get_by_test_id("open-levers").tap()
    page.get_by_test_id("sheet-compare").tap()
    page.wait_for_selector("body[data-mode='compare']", state="attached")
    assert page.get_by_test_id("compare-a").is_visible()
    page.get_by_test_id("one-floor").tap()
    assert page.get_by_test_id("floor").is_visible()


def test_no_word_stands_anywhere_but_in_the_file_of_words(opened):
    page = opened(query="?language=pseudo")
    change(page, "liaison.count", 1)
    go_to(page, 140)
    for key in ("", "?", "Escape", "c", "c", "p", "p", "s"):
        if key:
            page.keyboard.press(key)
            drawn(page)
        bare = page.evaluate("""() => {
          const found = [], said = (text, node) => {
            const letters = /[A-Za-z]{2,}/.test(text) && !/⟦/.test(text);
            if (letters && !node.closest('option, [data-text], script, style, .seed, title')) found.push(text.trim());
          };
          const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          for (let node = walk.nextNode(); node; node = walk.nextNode()) said(node.textContent, node.parentElement);
          for (const node of document.querySelectorAll('[aria-label], [title], [placeholder], [aria-valuetext]')) {
            const names = ['aria-label', 'title', 'placeholder', 'aria-valuetext'];
            for (const name of names) said(node.getAttribute(name) || '', node);
          }
          return found;
        }""")
        data = {about.title for about in map(sim.read, sim.shipped())} | {
            about.question for about in map(sim.read, sim.shipped())
        }
        assert [each for each in bare if each not in data] == [], key


def test_the_data_attributes_say_where_the_page_stands(opened):
    page = opened()
    go_to(page, 65)
    about = page.evaluate("() => ({...document.body.dataset})")
    assert {"day": "65", "seed": "10", "ready": "1", "mode": "run"}.items() <= about.items()
    assert about["stage"] in "1234" and json.dumps(about)
