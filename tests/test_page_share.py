"""A link carries the whole plan: what its writer saw is what its reader sees, and a link from elsewhere is said."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_page_browser import CHROMIUM, WIDE, browser, change, go_to, opened, told  # noqa: F401

import sim
from sim.cli import code_of
from sim.errors import InputError
from sim.model.theory import numbers
from sim.page.describe import LEVERS, about, rules_digest
from sim.page.replay_source import link_of, of_link
from sim.page.share import CODES, LONGEST, read_link, written

in_browser = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")
BOUNDS = numbers()


def until(page, what: str) -> None:
    """Wait until an expression holds; the page forbids Playwright's own way of waiting (it evaluates text in it)."""
    for _ in range(500):
        if page.evaluate(what):
            return
        page.wait_for_timeout(20)
    raise AssertionError(f"never: {what}")


@st.composite
def plans(draw):
    def value(name):
        low, high = BOUNDS[name].low, BOUNDS[name].high
        whole = BOUNDS[name].type is int
        return draw(st.integers(int(low), int(high)) if whole else st.floats(low, min(high, 1e9)))

    def changes():
        days = sorted(draw(st.sets(st.integers(0, 1299), max_size=4)))
        names = st.lists(st.sampled_from(LEVERS), min_size=1, max_size=3, unique=True)
        return [{"day": day, "values": {name: value(name) for name in draw(names)}} for day in days]

    return {"scenario": draw(st.sampled_from(list(sim.scenario.shipped()))), "seed": draw(st.integers(0, 2**40)),
            "changes": changes(), "baseline": changes(), "other": None}  # fmt: skip


@given(plans(), st.integers(0, 1300), st.sampled_from(["run", "compare", "why", "project"]))
def test_what_is_written_is_read(plan, day, view):
    found = read_link("http://127.0.0.1:8765/" + written(plan, "1.2.3", "0a1b2c3d", day, view))
    assert {key: found[key] for key in plan} == plan
    assert (found["day"], found["view"], found["version"], found["model"]) == (day, view, "1.2.3", "0a1b2c3d")


@pytest.mark.parametrize("link", ["", "#v=1-2", "#v=1-2&o=default&m=x", "#v=1-2&o=default&c=1:Z3", "#v=1-2&o=a&c=C1"])
def test_a_link_that_is_none_is_refused(link):
    with pytest.raises(InputError):
        read_link(link)


def test_a_link_that_was_cut_or_added_to_is_refused_wherever_it_was_cut():
    plan = {"scenario": "silo", "seed": 9, "changes": [{"day": 0, "values": {"liaison.count": 1}},
                                                      {"day": 650, "values": {"workforce.marketers": 12}}]}  # fmt: skip
    whole = written(plan, sim.__version__, rules_digest(), 431, "compare")
    assert of_link(whole).changes == plan["changes"] and of_link(quote(whole, safe="#=&")).day == 431
    for damaged in [whole[:end] for end in range(3, len(whole))] + [whole + "0", whole.replace("&e=", "&q=1&e=")]:
        with pytest.raises(InputError):
            of_link(damaged)


def test_a_link_for_what_it_cannot_carry_is_refused():
    base = sim.read()
    with pytest.raises(InputError, match=r"trust\.gain"):
        link_of("default", base, base.but(trust__gain=0.05), 1)
    with pytest.raises(InputError, match="shipped"):
        link_of("my.toml", base, base, 1)


def page_state(page) -> dict:
    return page.evaluate("() => ({...baton.plan.state, day: baton.day, mode: baton.mode})")


@in_browser
def test_a_link_opens_the_same_run_elsewhere(opened):  # noqa: F811
    page = opened()
    change(page, "liaison.count", 1, 10)
    change(page, "distance.between_teams_m", 8, 40)
    page.evaluate("() => baton.change((plan) => plan.set({ seed: 7 }))")
    page.evaluate("() => baton.sending")
    go_to(page, 70)
    page.keyboard.press("c")
    page.wait_for_selector("body[data-mode='compare']", state="attached")
    page.evaluate("() => baton.sending")
    page.keyboard.press("s")
    link = page.get_by_test_id("share-link").input_value()
    assert len(link) <= LONGEST and "#" in link
    assert link.endswith(written(page_state(page), sim.__version__, rules_digest(), 70, "compare"))
    there = opened(query=link[link.index("#") :])
    there.wait_for_selector("body[data-day='70'][data-mode='compare']", state="attached")
    assert page_state(there) == page_state(page)
    hashes = "() => baton.source.hash().then(({ a, b }) => [a, b])"
    assert there.evaluate(hashes) == page.evaluate(hashes)
    assert there.get_by_test_id("undo").is_disabled()


@in_browser
def test_the_link_is_copied(opened):  # noqa: F811
    page = opened(permissions=["clipboard-read", "clipboard-write"])
    page.get_by_test_id("share").click()
    until(page, "document.querySelector('[data-testid=share-said]').textContent")
    assert told(page, "share-said") == "Link copied."
    assert page.evaluate("() => navigator.clipboard.readText()") == page.get_by_test_id("share-link").input_value()


@in_browser
def test_no_link_is_offered_for_an_organization_that_is_nowhere_else(opened):  # noqa: F811
    """In the words of the command; what comes with Baton has its link."""
    page = opened()
    page.evaluate("() => { baton.about.scenarios.default.shipped = false; }")
    page.get_by_test_id("share").click()
    until(page, "document.querySelector('[data-testid=share-dialog]').open")
    with pytest.raises(InputError, match="a link names a shipped scenario") as refused:
        link_of("my.toml", sim.read(), sim.read(), 1)
    assert refused.value.problems[0].endswith("mail the file itself")
    assert "a link names a shipped scenario; mail the file itself" in page.get_by_test_id("share-dialog").inner_text()
    assert page.get_by_test_id("share-link").input_value() == "" and page.get_by_test_id("share-copy").is_disabled()


def test_the_page_knows_what_comes_with_baton():
    told = about({"mine": sim.read("silo")})["scenarios"]
    assert told["silo"]["shipped"] and told["company-example"]["shipped"] and not told["mine"]["shipped"]


@in_browser
def test_a_link_from_other_rules_and_a_damaged_one_are_said(opened):  # noqa: F811
    link = f"#v=0.0.1-deadbeef&o=silo&m=3&d=5&c=0:{CODES['liaison.count']}1"
    page = opened(query=link)
    page.wait_for_selector("body[data-day='5'][data-seed='3']", state="attached")
    until(page, "document.querySelector('#notice').textContent.includes('other rules')")
    assert "0.0.1" in told(page, "notice") and page.get_by_test_id("notice").is_visible()
    ours = written({"scenario": "silo", "seed": 3, "changes": []}, sim.__version__, rules_digest())
    for damaged in ("#v=1-2&o=nowhere&m=3", ours[:-1], ours[: ours.index("&e")], ours.replace("m=3", "m=34")):
        page = opened(query=damaged)
        assert "link" in told(page, "notice").lower()
        assert page_state(page)["scenario"] == "default"


@in_browser
@pytest.mark.long
@pytest.mark.parametrize("link", ["o=silo&m=3&c=0:C99999", "o=silo&c=C1", "o=silo&w=moon"])
def test_a_link_with_something_strange_in_it_is_said(opened, link):  # noqa: F811
    page = opened(query=f"#v=1-2&{link}")
    assert "link" in told(page, "notice").lower()
    assert page_state(page)["scenario"] == "default"


@in_browser
@pytest.mark.parametrize("query", ["?scenario=nope", "#m=bad&x", pytest.param("#nonsense", marks=pytest.mark.long)])
def test_a_link_that_cannot_be_read_is_said_until_somebody_plays(opened, query):  # noqa: F811
    page = opened(query=query)
    assert "This link could not be read; this is the default firm." in told(page, "notice")
    assert page.get_by_test_id("notice").is_visible()
    page.get_by_test_id("play").click()
    page.get_by_test_id("notice").wait_for(state="hidden")


@in_browser
def test_the_command_prints_a_link_that_the_page_reads(opened, capsys):  # noqa: F811
    assert code_of(["export", "link", "silo", "--seed", "9", "--set", "liaison.count=1", "-q"]) == 0
    link = capsys.readouterr().out.strip()
    page = opened(query=link[link.index("#") :])
    state = page_state(page)
    assert (state["scenario"], state["seed"]) == ("silo", 9)
    assert state["changes"] == [{"day": 0, "values": {"liaison.count": 1}}]
    assert not page.get_by_test_id("notice").is_visible()
