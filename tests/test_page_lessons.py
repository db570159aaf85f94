"""A lesson in a real browser: the gate, the reveal, the answer's feedback, a reload, a phone, two sheets of paper."""

# ruff: noqa: F811 (fixtures come by name)
from __future__ import annotations

import io
import re

import pytest
from served import serving
from test_lessons import _quarters
from test_page_browser import CHROMIUM, PHONE, WIDE, axe, browser, drawn, told  # noqa: F401

import sim
from sim.page.lessons import read_lesson
from sim.page.serve import Wanted, settings_of

pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="no Chromium here: install the package chromium, or name one in BATON_CHROMIUM"
)


LESSON = "?lesson=four-stages"


@pytest.fixture
def context(browser):
    found = browser.new_context(viewport=WIDE)
    yield found
    found.close()


def open_lesson(context, served, query=LESSON, card="hook"):
    page = context.new_page()
    page.faults = []
    page.on("pageerror", lambda fault: page.faults.append(str(fault)))
    page.on("console", lambda said: page.faults.append(said.text) if said.type == "error" else None)
    page.goto(served.url + query)
    page.wait_for_selector("body[data-card]", state="attached")
    go(page, card)
    return page


def go(page, card: str) -> None:
    page.evaluate(
        """async (name) => {
          const { lesson } = baton;
          while (lesson.moving) await new Promise((on) => setTimeout(on, 20));
          await lesson.go(lesson.lesson.cards.findIndex((card) => card.name === name));
        }""",
        card,
    )
    page.wait_for_selector(f"body[data-card='{card}']", state="attached")


def play_out(page) -> None:
    """Place the bet, begin the reveal, and go to the card's last day at once."""
    page.get_by_test_id("place-bet").click()
    page.get_by_test_id("begin-reveal").click()
    page.wait_for_function("() => baton.lesson.toReveal")
    page.evaluate("() => { baton.player.pause(); return baton.player.seek(baton.lesson.card.until); }")
    page.wait_for_selector("[data-testid=reveal]", timeout=60_000)


def test_the_lesson_of_the_command_line_opens_at_its_first_card(context):
    with serving(start={"lesson": "four-stages"}) as own:
        page = open_lesson(context, own, query="")
        assert told(page, "card-title") == "Watch one lead"
        page.close()


def stages_shown(page) -> list[str]:
    """The numerals on the ribbon under the money."""
    return [said.split()[0] for said in page.locator("[data-testid=ribbon] text").all_text_contents() if said]


def test_the_page_opens_with_the_journey_and_shows_all_four_stages(browser):
    with serving(start=settings_of(Wanted()).start) as own:
        page = browser.new_page(viewport=WIDE)
        page.goto(own.url)
        page.wait_for_selector("body[data-ready='1']", state="attached")
        assert page.evaluate("() => baton.plan.scenario") == "journey" and "#" not in page.url
        last = sim.read("journey").days
        page.evaluate("day => { baton.player.seek(day); }", last)
        page.wait_for_selector(f"body[data-day='{last}']", state="attached", timeout=60_000)
        drawn(page)
        assert stages_shown(page) == ["I", "II", "III", "IV"]
        page.close()


def test_the_first_lesson_shows_all_four_stages_and_ends_there(context, served):
    page = open_lesson(context, served, card="journey")
    card = next(card for card in read_lesson("four-stages")["cards"] if card["name"] == "journey")
    page.evaluate("() => { baton.player.seek(5000); }")
    page.wait_for_selector(f"body[data-day='{card['until']}']", state="attached", timeout=60_000)
    drawn(page)
    assert stages_shown(page) == ["I", "II", "III", "IV"]
    go(page, "challenge")
    assert page.evaluate("() => baton.plan.scenario") == "default"  # the lesson's own firm again
    assert page.faults == []


def test_a_card_may_change_what_is_no_lever_of_the_page(context, served):
    page = open_lesson(context, served, query="?lesson=product-manager", card="hired")
    page.get_by_test_id("bet-better").check()
    play_out(page)
    assert told(page, "reveal") == "Better: a better product."
    assert page.evaluate("() => baton.plan.changes") == [{"day": 130, "values": {"workforce.product_manager": 1}}]
    assert page.faults == []


def test_a_card_to_look_at_plays_at_once(context, served):
    page = open_lesson(context, served)
    assert page.get_by_test_id("play").is_enabled()
    assert not page.get_by_test_id("compare").is_visible()
    page.keyboard.press("n")
    page.wait_for_selector("body[data-card=marks]", state="attached")
    assert page.faults == []


def test_nothing_plays_and_nothing_moves_before_a_bet(context, served):
    page = open_lesson(context, served, card="calls")
    assert page.get_by_test_id("play").is_disabled()
    assert "Bet first" in told(page, "play")
    assert page.get_by_test_id("next-card").is_disabled()
    for key in (" ", ".", "c", "n", "z"):
        page.keyboard.press(key)
    page.evaluate("() => baton.change((plan) => plan.change('liaison.count', 1, 130))")
    drawn(page)
    about = page.evaluate("() => ({...document.body.dataset})")
    assert {"day": "130", "card": "calls", "mode": "run"}.items() <= about.items()
    assert page.evaluate("() => baton.plan.changes") == []
    assert page.locator("[data-testid=ghost], [data-testid=band], [data-testid=ahead]").count() == 0
    assert page.locator(".pit-question").is_visible()
    page.get_by_test_id("seed").fill("3")
    page.keyboard.press("Enter")
    assert page.get_by_test_id("seed").input_value() == "12"  # the lesson's own market, and it is said
    assert "market 12 stays" in told(page, "notice")
    assert not page.get_by_test_id("reset").is_visible()


def test_placing_a_bet_shows_nothing_and_the_reveal_is_slow_and_fills_its_dots(context, served):
    page = open_lesson(context, served, card="calls")
    page.get_by_test_id("bet-slider").fill("60")
    page.get_by_test_id("place-bet").click()
    for key in (".", "c"):
        page.keyboard.press(key)
    page.evaluate("() => { baton.player.seek(195); baton.player.play(); }")
    drawn(page)
    assert page.get_attribute("body", "data-day") == "130"
    assert page.evaluate("() => baton.store.last") == 130
    assert page.get_by_test_id("bet-slider").count() == 0  # it stands
    page.keyboard.press(" ")
    page.wait_for_function("() => baton.player.playing && baton.day > 132")
    begun, at = page.evaluate("() => [baton.day, performance.now()]")
    page.wait_for_function("(day) => baton.day >= day + 10", arg=begun)
    seconds = (page.evaluate("() => performance.now()") - at) / 1000
    assert seconds >= 0.9 * 10 * 10 / 65  # 10 to 15 seconds a quarter; a busy machine may be slower
    assert 10 <= 65 / page.evaluate("() => baton.player.pace") <= 15
    assert page.locator(".seg [aria-pressed=true]").count() == 0  # it has a pace of its own, and shows no other's
    assert "So far this quarter" in told(page, "so-far")
    filled = page.evaluate("() => document.querySelectorAll('.lesson-card .dots circle[fill=\"#595959\"]').length")
    assert filled < 100 and page.locator(".lesson-card .dots .ring").count() == 1
    page.evaluate("() => baton.player.seek(1300)")
    page.wait_for_selector("[data-testid=reveal]")
    assert page.get_attribute("body", "data-day") == "195"  # not a day beyond its end before the answer is said
    assert page.faults == []


def test_a_card_to_look_at_plays_to_its_last_day_and_no_further(context, served):
    page = open_lesson(context, served, card="marks")
    page.evaluate("() => baton.player.seek(400)")
    page.wait_for_selector("body[data-day='130']", state="attached")
    assert page.evaluate("() => baton.store.last") == 130


def test_the_reveal_is_the_runs_own_number_and_the_feedback_fits_the_bet(context, served):
    quarter = sim.run(sim.read("default"), 12).quarters.iloc[2]
    answer = round(100 * quarter["followed"] / quarter["handed"])
    said = {}
    page = open_lesson(context, served, card="calls")
    for bet in (90, answer):
        page.get_by_test_id("bet-slider").fill(str(bet))
        assert told(page, "bet-number") == str(bet)
        play_out(page)
        assert told(page, "reveal") == f"{answer} of 100 were called."
        said[bet] = told(page, "feedback")
        pile = re.search(r"[\d,]+ (?=never called)", page.get_by_test_id("floor").text_content()).group()
        assert f"another count: {pile}leads" in page.locator(".lesson-card").inner_text()
        page.get_by_test_id("card-again").click()
        page.wait_for_selector("[data-testid=place-bet]:enabled")
    assert f"{90 - answer} too high" in said[90]
    assert "exactly right" in said[answer]
    assert page.faults == []


def test_only_the_cards_lever_moves_after_its_reveal(context, served):
    page = open_lesson(context, served, card="liaison")
    page.get_by_test_id("bet-calls").check()
    play_out(page)
    assert "Talk across the gap" in told(page, "reveal")
    assert page.locator("[data-lever]:visible").count() == 1
    assert page.get_by_test_id("lever-liaison.count").is_enabled()
    assert page.get_by_test_id("lever-distance.between_teams_m").is_disabled()
    assert page.get_by_test_id("next-card").is_enabled()


@pytest.mark.long
def test_a_bet_on_net_value_is_settled_by_thirty_markets_as_compare_says_it(context, served):
    page = open_lesson(context, served, card="distrusted")
    page.get_by_test_id("bet-better").check()
    play_out(page)
    assert told(page, "reveal") == "Worse than none."
    base = sim.read("default")
    plan = base.but(changes=[sim.Change(day=195, values={"liaison.count": 1, "liaison.trust_sales": 0.1})])
    gains = [sim.run(plan, s).outcomes()["net_value"] - sim.run(base, s).outcomes()["net_value"] for s in range(30)]
    assert f"Better in {sum(gain > 0 for gain in gains)} of 30" in told(page, "lesson")


def test_the_challenge_counts_hours_and_says_whether_it_was_met(context, served):
    page = open_lesson(context, served, card="challenge")
    no_price = {"liaison.count": 0, "communication.cost_hours": 0.05}
    for levers, said, over in (({"liaison.count": 2}, "with 144 talking hours", True),
                               (no_price, "Aligned was reached by day 520, with 32", False)):  # fmt: skip
        page.evaluate("(levers) => { for (const [name, value] of Object.entries(levers))"
                      " baton.change((plan) => plan.change(name, value, 0)); }", levers)  # fmt: skip
        page.wait_for_function("() => !baton.sending && !baton.stale")
        page.evaluate("() => baton.player.seek(520)")
        page.wait_for_function(
            "(said) => document.querySelector('[data-testid=verdict-challenge]')?.textContent.includes(said)", arg=said
        )
        assert ("over the limit" in told(page, "counter")) == over


def test_a_bet_outlives_a_reload_and_a_walk_to_the_card_before(context, served):
    page = open_lesson(context, served, card="calls")
    page.get_by_test_id("bet-slider").fill("31")
    page.get_by_test_id("place-bet").click()
    go(page, "marks")
    page.reload()
    page.wait_for_selector("body[data-card='marks']", state="attached")
    go(page, "calls")  # the bet stands, and its reveal waits
    assert "You said 31." in told(page, "lesson") and page.get_by_test_id("place-bet").count() == 0
    page.keyboard.press("n")
    page.wait_for_function("() => baton.lesson.toReveal")
    page.reload()  # a reveal that had begun goes on: nothing is locked for ever
    page.wait_for_function("() => globalThis.baton?.lesson?.toReveal")
    page.evaluate("() => baton.player.seek(195)")
    page.wait_for_selector("[data-testid=reveal]", timeout=30_000)
    revealed = told(page, "reveal"), told(page, "feedback")
    page.reload()
    page.wait_for_selector("[data-testid=next-card]:enabled", timeout=30_000)
    assert (told(page, "reveal"), told(page, "feedback")) == revealed
    go(page, "hook")
    page.get_by_test_id("begin-again").click()
    page.wait_for_selector("[data-testid=begin-again]", state="detached")
    go(page, "calls")
    assert page.get_by_test_id("play").is_disabled()
    assert page.faults == []


def test_what_was_moved_in_a_challenge_outlives_a_reload_until_it_is_begun_again(context, served):
    page = open_lesson(context, served, card="challenge")
    page.evaluate("() => { baton.change((plan) => plan.change('liaison.count', 2, 65)); }")
    page.wait_for_function("() => !baton.sending && !baton.stale")
    mine = page.evaluate("() => JSON.stringify(baton.plan.changes)")
    page.reload()
    page.wait_for_function("(mine) => globalThis.baton?.lesson && !baton.lesson.moving && !baton.sending && "
                           "JSON.stringify(baton.plan.changes) === mine", arg=mine)  # fmt: skip
    go(page, "hook")
    go(page, "challenge")
    assert page.evaluate("() => JSON.stringify(baton.plan.changes)") == mine
    page.evaluate("() => baton.lesson.restart()")
    assert page.evaluate("() => baton.plan.changes.length") == 0
    assert page.faults == []


def test_a_lesson_fits_a_phone(browser, served):
    context = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True)
    page = open_lesson(context, served, card="liaison")
    assert page.evaluate("() => document.documentElement.scrollWidth") <= PHONE["width"]
    assert not page.get_by_test_id("open-levers").is_visible()  # no lever moves before the bet
    page.get_by_test_id("bet-talk").check()
    page.get_by_test_id("place-bet").tap()
    page.get_by_test_id("begin-reveal").tap()
    page.wait_for_function("() => { const top = document.querySelector('.mid').getBoundingClientRect().top; "
                           "return top > 0 && top < 120; }")  # fmt: skip
    page.evaluate("() => { baton.player.pause(); return baton.player.seek(baton.lesson.card.until); }")
    page.wait_for_selector("[data-testid=reveal]", timeout=30_000)
    for card, lever in (("liaison", "liaison.count"), ("challenge", "distance.between_teams_m")):
        go(page, card)
        page.get_by_test_id("open-levers").tap()
        slider = page.get_by_test_id(f"lever-{lever}")
        slider.scroll_into_view_if_needed()
        assert slider.bounding_box()["height"] >= 44
        gap, sheet = page.get_by_test_id("gap").bounding_box(), page.locator(".left").bounding_box()
        assert gap["y"] > 48 and gap["y"] + 100 < sheet["y"]
        page.get_by_test_id("levers-close").tap()
    context.close()


def test_the_projected_bet_shows_the_question_and_nobodys_number(context, served):
    page = open_lesson(context, served, card="calls")
    page.get_by_test_id("bet-slider").fill("77")
    page.keyboard.press("Tab")
    page.evaluate("() => baton.said('project')")
    assert page.get_by_test_id("lesson-projected").is_visible()
    assert "How many get a call?" in told(page, "lesson-projected")
    assert "77" not in page.locator("body").inner_text()


def test_the_debrief_prints_on_two_sheets(context, served):
    pypdf = pytest.importorskip("pypdf")
    page = open_lesson(context, served, card="calls")
    play_out(page)
    go(page, "sandbox")
    assert page.get_by_test_id("compare").is_visible()
    page.get_by_test_id("open-debrief").click()
    called = round(_quarters(sim.run("default", 12, until=195), "calls")[2])
    assert f"{called} of 100 were called." in told(page, "debrief")
    sheets = pypdf.PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages
    assert len(sheets) == 2
    assert "Exit ticket" in sheets[1].extract_text()


def test_no_word_of_a_lesson_stands_outside_the_words_and_the_lessons_file(context, served):
    page = open_lesson(context, served, query=f"{LESSON}&language=pseudo", card="calls")
    play_out(page)
    for card in ("calls", "challenge", "distrusted", "hook"):
        go(page, card)
        bare = page.evaluate("""() => {
          const found = [], card = document.querySelector('.lesson-card');
          const walk = document.createTreeWalker(card, NodeFilter.SHOW_TEXT);
          for (let node = walk.nextNode(); node; node = walk.nextNode())
            if (/[A-Za-z]{2,}/.test(node.textContent) && !/⟦/.test(node.textContent)
                && !node.parentElement.closest('[data-text]')) found.push(node.textContent);
          return found;
        }""")
        assert bare == [], card


@pytest.mark.parametrize("state", ["bet", "reveal", "debrief"])
def test_axe_finds_nothing_serious_in_a_lesson(context, served, state):
    page = open_lesson(context, served, card="sandbox" if state == "debrief" else "liaison")
    if state == "reveal":
        page.get_by_test_id("bet-talk").check()
        play_out(page)
    elif state == "debrief":
        page.get_by_test_id("open-debrief").click()
    assert axe(page) == []
