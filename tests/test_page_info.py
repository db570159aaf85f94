"""The info page: what it asks for is short, and each thing to try does what its button says."""

from __future__ import annotations

import pytest
from test_page_browser import CHROMIUM, browser, opened, told  # noqa: F401

import sim
from sim.page.lessons import read_lesson

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")
MORE, LESS, NOT_MORE = "more", "less", "not more"
CLAIMS = {
    "liaison": {"followed_up": MORE, "disputes": LESS},
    "distance": {"followed_up": LESS, "disputes": MORE},
    "dear": {"followed_up": LESS, "score": LESS},
    "distrusted": {"score": LESS, "disputes": MORE},
    "small": {"score": MORE, "net_value": NOT_MORE},
}
LESSON = read_lesson("should-every-firm-integrate")


def open_info(page) -> None:
    page.keyboard.press("?")
    page.get_by_test_id("info").click()


@pytest.mark.documents
def test_each_thing_to_try_sets_levers_whose_claim_the_model_keeps(opened):  # noqa: F811
    page = opened()
    open_info(page)
    buttons = page.locator("[data-testid^=try-]").evaluate_all("all => all.map((each) => each.dataset.testid.slice(4))")
    assert set(buttons) == set(CLAIMS)
    page.keyboard.press("Escape")
    for name in buttons:
        page.evaluate("() => baton.setMode('run')")
        open_info(page)
        page.get_by_test_id(f"try-{name}").click()
        page.wait_for_selector("body[data-mode='compare']", state="attached")
        state = page.evaluate("() => baton.plan.state")
        (change,) = state["changes"]
        base = sim.read(state["scenario"])
        plan = base.but(changes=(*base.changes, sim.Change(change["day"], change["values"])))
        rows = sim.compare(base, plan, seeds=30).summary()
        for outcome, claim in CLAIMS[name].items():
            low, high = rows.xs(outcome, level="outcome")[["low", "high"]].iloc[0]
            assert {MORE: low > 0, LESS: high < 0, NOT_MORE: low <= 0}[claim], (name, outcome, low, high)


def test_the_small_firm_is_asked_one_question_and_gets_one_answer(opened):  # noqa: F811
    """What the lesson bets on is what the button sets: the same levers on the same day."""
    page = opened()
    tries = page.evaluate("async () => (await import('/static/bar/info.js')).TRIES")
    tried = next(each for each in tries if each["name"] == "small")
    card = next(card for card in LESSON["cards"] if card["name"] == "small-liaison")
    assert (tried["scenario"], tried["day"]) == (LESSON["scenario"], card["from"])
    assert tried["values"] == card["change"]
    assert (CLAIMS["small"]["net_value"] == LESS) == (card["claim"]["check"]["way"] == "worse")


def test_belief_is_asked_for_in_few_words_with_limits_and_validation(opened):  # noqa: F811
    page = opened()
    open_info(page)
    assert len(told(page, "info-believe").split()) <= 120
    headings = page.locator("#info h3").all_text_contents()
    for heading in ("What is it?", "How it works", "How to use it", "Things to notice", "Things to try",
                    "Extending the model", "Related models", "Credits and references"):  # fmt: skip
        assert heading in headings
    for name in ("limits", "validation"):
        link = page.get_by_test_id(f"info-{name}").get_attribute("href")
        answer = page.request.get(link if "://" in link else page.url.rstrip("/") + link)
        assert answer.ok and answer.text().startswith("#")
    assert not page.request.get(page.url.rstrip("/") + "/docs/..%2Fpyproject").ok
