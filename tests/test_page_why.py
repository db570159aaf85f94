"""Why two organizations differ, on the page: bars that add up, their leads, and a lead's two lives."""

from __future__ import annotations

import re

import numpy as np
import pytest
from test_page_browser import CHROMIUM, axe, browser, change, opened, told  # noqa: F401

import sim
from sim.errors import InputError
from sim.page.view import view_of
from sim.page.why import MOST_MARKETS, Whys, lives_in_bar, pair_of

in_browser = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")
VALUES = {"liaison.count": 1, "distance.between_teams_m": 8}


def plan(changes, days: int = 1300):
    return view_of({"arms": {"a": {"scenario": "default", "changes": changes}}, "base": {"scenario": "default"},
                    "seed": 3, "day": 0})  # fmt: skip


@pytest.fixture(scope="module")
def whys():
    return Whys()


@pytest.mark.parametrize("by", ["lever", "funnel"])
def test_bars_add_up_and_are_those_of_sim_explain(whys, by):
    found = whys.bars(plan([{"day": 0, "values": VALUES}]), by, lambda done, of: None)
    base = sim.read()
    known = sim.explain(base, base.but(VALUES), by=by, seeds=MOST_MARKETS)
    assert found["difference"]["mean"] == pytest.approx(known.difference.mean)
    assert sorted(bar["mean"] for bar in found["bars"]) == pytest.approx(sorted(known.bars.mean()))
    assert sum(bar["shown"] for bar in found["bars"]) == pytest.approx(found["shown"])
    assert found["shown"] == pytest.approx(
        found["difference"]["mean"] / found["scale"], abs=0.5 * 10 ** -found["digits"]
    )


def test_levers_moved_together_are_bars_of_their_own(whys):
    found = whys.bars(plan([{"day": 0, "values": VALUES}]), "lever", lambda done, of: None)
    moved = {each["name"]: (each["before"], each["to"]) for bar in found["bars"] for each in bar["moved"]}
    assert moved == {"liaison.count": (0, 1), "distance.between_teams_m": (30, 8)}
    assert [len(bar["moved"]) for bar in found["bars"]] == [1, 1]


def test_a_lead_of_a_bar_has_the_two_ends_that_the_table_says(whys):
    the_plan = plan([{"day": 0, "values": VALUES}])
    bar = whys.bars(the_plan, "lever", lambda done, of: None)["bars"][0]["name"]
    found = whys.leads(the_plan, "lever", bar)
    assert sum(found["ways"].values()) == found["n"] >= len(found["rows"]) > 0
    row = next(each for each in found["rows"] if each["a"] is not None and each["b"] is not None)
    told_ = whys.lives(the_plan, "lever", bar, row["a"], None)
    assert (told_["lead_a"], told_["lead_b"]) == (row["a"], row["b"])
    for side in "ab":
        end = re.match(r"won on day (\d+)", row[f"end_{side}"])
        assert not end or any(f"Day {end[1]}:" in each for each in told_[side])


def test_a_bars_leads_show_what_the_bar_says_in_the_market_of_the_floor_where_that_agrees(whys):
    the_plan = plan([{"day": 0, "values": VALUES}])
    told_ = []
    for bar in whys.bars(the_plan, "funnel", lambda done, of: told_.append((done, of)))["bars"]:
        found = whys.leads(the_plan, "funnel", bar["name"])
        differences = [row["difference"] * np.sign(bar["mean"]) for row in found["rows"]]
        assert differences == sorted(differences, reverse=True)
        here = bar["markets"][the_plan.seed]
        assert found["value"] == bar["markets"][found["market"]] and found["value"] * bar["mean"] >= 0
        assert (found["market"] == the_plan.seed) == (here * bar["mean"] > 0 or found["value"] == here)
    assert not told_ or told_[0] == (0, MOST_MARKETS)  # that it has begun is said at once


def test_what_cannot_be_explained_is_refused(whys):
    with pytest.raises(InputError, match="nothing to explain"):
        whys.bars(plan([]), "lever", lambda done, of: None)
    many = [{"day": 5 * i, "values": {"communication.cost_hours": 0.1 * i}} for i in range(1, 10)]
    with pytest.raises(InputError, match="levers differ"):
        whys.bars(plan(many), "lever", lambda done, of: None)
    explanation = sim.explain("silo", "liaison", seeds=1)
    with pytest.raises(InputError, match="no such bar"):
        lives_in_bar(explanation, "magic", 1, None)
    assert pair_of(plan([]))[0] == sim.read()


@in_browser
def test_why_from_the_comparison_to_a_lead_told_twice(opened):  # noqa: F811
    page = opened()
    for name, value in VALUES.items():
        change(page, name, value)
    page.keyboard.press("c")
    page.wait_for_selector("[data-testid=why]", timeout=60_000)
    page.get_by_test_id("why").click()
    page.wait_for_selector("[data-testid=why-bar-1]", timeout=60_000)
    assert "the plan is worth" in told(page, "why-headline").lower()
    parts, whole = told(page, "why-sum").removesuffix(" M€.").split(" = ")
    numbers = [float(each) for each in parts.replace("− ", "-").replace("−", "-").replace("+ ", "").split()]
    assert sum(numbers) == pytest.approx(float(whole))
    for n in (0, 1):  # each says what it is about, beside its figures
        assert re.search(r"^(?!.*\[object).*[a-z]{4}", page.get_by_test_id(f"why-bar-{n}").text_content())
    page.get_by_test_id("why-bar-0").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".why-lead", timeout=60_000)
    market, sign = re.search(r"Leads of market (\d+), where this bar is ([+−])", told(page, "why-market")).groups()
    assert f", {sign}" in told(page, "why-bar-title")  # the market says what the bar says, and so does its first lead
    assert page.locator(".why-leads tbody .number").first.inner_text().startswith(sign)
    assert (market == str(sim.USUAL_MARKET)) == ("is the market that the floor shows" in told(page, "why-market"))
    assert (
        "contribution plus the change in customer equity, both discounted to day 0"
        in page.locator(".why-ways").inner_text()
    )
    page.locator(".why-lead").first.click()
    page.wait_for_selector("[data-testid=why-life-b] li", timeout=60_000)
    assert page.locator("[data-testid=why-life-a] li").count()
    assert axe(page) == []
    page.get_by_test_id("why-funnel").click()
    page.wait_for_selector("[data-testid=why-bar-4]", timeout=60_000)
    assert axe(page) == []
    page.get_by_test_id("play").click()  # whoever plays on is told why the waterfall is gone
    page.wait_for_selector("body[data-mode='run']", state="attached")
    assert "Why opens anew" in told(page, "notice") and page.evaluate("() => baton.player.playing")
    page.get_by_test_id("play").click()
    page.get_by_test_id("compare").click()
    page.wait_for_selector("[data-testid=why]", timeout=60_000)
    page.get_by_test_id("why").click()
    page.wait_for_selector("[data-testid=why-view]")
    page.get_by_test_id("why-back").click()
    assert page.get_attribute("body", "data-mode") == "compare"
    assert page.get_by_test_id("compare-a").is_visible() and not page.get_by_test_id("why-view").count()


@in_browser
def test_two_equal_plans_have_no_why(opened):  # noqa: F811
    page = opened()
    page.evaluate("() => baton.said('why')")
    assert "same as the baseline" in told(page, "notice")
    assert page.get_attribute("body", "data-mode") == "run"


@in_browser
def test_no_word_of_why_and_info_stands_outside_the_file_of_words(opened):  # noqa: F811
    page = opened(query="?language=pseudo")
    change(page, "liaison.count", 1)
    page.evaluate("() => baton.said('why')")
    page.wait_for_selector("[data-testid=why-bar-0]", timeout=60_000)
    assert "; all of it:" in told(page, "why-headline")  # there is but one change
    page.get_by_test_id("why-bar-0").click()
    page.locator(".why-lead").first.click()
    page.wait_for_selector("[data-testid=why-life-b] li", timeout=60_000)
    page.evaluate("() => baton.said('info')")
    bare = page.evaluate("""() => [...document.querySelectorAll('.why *, .why-right *, #info *')]
      .filter((node) => !node.children.length && !node.closest('[data-text]'))
      .flatMap((node) => [node.textContent, node.getAttribute('aria-label') || ''])
      .filter((text) => /[A-Za-z]{2,}/.test(text) && !text.includes('⟦'))""")
    assert bare == []
    assert axe(page) == []
