"""A class in one lesson: bets are counted, never whose, and not before they are closed; the teacher's link leads."""

# ruff: noqa: F811 (fixtures come by name)
from __future__ import annotations

import json
import time
import urllib.error
import urllib.request

import pytest
from served import Visitor, serving
from test_page_browser import CHROMIUM, WIDE, axe, browser, drawn, told  # noqa: F401
from test_page_lessons import go, open_lesson
from websockets.exceptions import ConnectionClosed

from sim.page.classroom import Classroom
from sim.page.lessons import lesson_names, read_lesson
from sim.page.reveal import MARKETS, drawn_market, hold_of, student_lesson

KEY = "teachers-key"
HERE = {"act": "here", "lesson": "four-stages", "index": 2}
in_browser = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")


@pytest.fixture(scope="module")
def school():
    """A server as --lan makes it: a token to come in, a key to lead."""
    with serving(token="class-token", key=KEY) as found:
        found.until_ready()
        yield found


@pytest.fixture
def visitors(school):
    """Makes windows without a browser; all are closed at the end."""
    opened = []

    def enter() -> Visitor:
        opened.append(school.visitor(query="?token=class-token"))
        return opened[-1]

    yield enter
    for each in opened:
        each.__exit__(None, None, None)


def tell(visitor: Visitor, **said):
    return visitor.ask("class", **said)


def room(teacher: Visitor, wanted) -> dict:
    """What the teacher's window is told of the class, as soon as it is as wanted."""
    end = time.monotonic() + 10
    while time.monotonic() < end:
        heard = teacher.asides.pop(0) if teacher.asides else teacher.hear(timeout=end - time.monotonic())
        if isinstance(heard, dict) and heard.get("is") == "class" and heard["said"].get("is") == "room":
            if wanted(heard["said"]):
                return heard["said"]
    raise AssertionError("the teacher was not told")


def test_bets_are_counted_and_shown_only_when_closed(visitors):
    teacher, pupils = visitors(), [visitors() for _ in range(3)]
    tell(teacher, **HERE, key=KEY)
    for pupil, bet in zip(pupils, (20, 20, 70), strict=True):
        tell(pupil, **HERE, bets={"calls": bet})
    seen = room(teacher, lambda said: said["has"] == 3)
    assert seen["people"] == 3 and seen["closed"] == {}
    assert "20" not in str(seen) and "70" not in str(seen)
    tell(teacher, act="close", lesson="four-stages", card="calls", key=KEY)
    assert room(teacher, lambda said: said["closed"])["closed"] == {"calls": {"20": 2, "70": 1}}
    tell(pupils[0], **HERE, bets={"calls": 90})  # late
    late = room(teacher, lambda said: said["closed"])
    assert late["closed"] == {"calls": {"20": 2, "70": 1}}
    tell(teacher, act="open", lesson="four-stages", card="calls", key=KEY)
    assert room(teacher, lambda said: not said["closed"])["has"] == 3


def test_who_leaves_takes_an_open_bet_along_and_leaves_a_closed_one(visitors, school):
    teacher, stays, goes = visitors(), visitors(), visitors()
    tell(teacher, **HERE, key=KEY)
    for pupil in (stays, goes):
        tell(pupil, **HERE, bets={"calls": 40})
    room(teacher, lambda said: said["has"] == 2)
    goes.socket.close()
    room(teacher, lambda said: said["people"] == said["has"] == 1)
    tell(teacher, act="close", lesson="four-stages", card="calls", key=KEY)
    stays.socket.close()
    assert room(teacher, lambda said: said["people"] == 0)["closed"] == {"calls": {}}  # one bet would tell whose
    tell(teacher, act="open", lesson="four-stages", card="calls", key=KEY)
    kept = school.app.state.guests.classroom
    assert not kept.closed["four-stages"] and not any(each.bets for each in kept.members.values())


def test_pupils_hear_what_the_teacher_wants_seen_and_nothing_of_the_others(visitors):
    teacher, pupil = visitors(), visitors()
    tell(teacher, **HERE, key=KEY)
    tell(pupil, **HERE, bets={"calls": 5})
    room(teacher, lambda said: said["has"] == 1)
    tell(teacher, act="look", at="ladder", key=KEY)
    tell(teacher, act="go", by=1, key=KEY)
    tell(teacher, act="come", key=KEY)
    heard = []
    while len(heard) < 2:
        said = pupil.hear(timeout=5)
        heard += [said["said"]] if said.get("is") == "class" and said["said"]["is"] != "hold" else []
    assert heard == [{"is": "look", "at": "ladder"}, {"is": "come", "lesson": "four-stages", "index": 2}]


def held(visitor: Visitor, **said) -> dict | None:
    """What is kept back from a window, as it is told when it says where it stands."""
    return tell(visitor, **HERE, **said)["hold"]


def test_every_window_keeps_back_what_a_bet_asks_before_the_front_reveals_it(visitors, school):
    teacher, pupil, stranger = visitors(), visitors(), visitors()
    assert held(teacher, key=KEY) is None
    hold = held(pupil)
    assert hold["day"] == 130 and hold["levers"] == [] and hold["scenarios"] == ["default"]
    assert tell(pupil, **HERE | {"index": 6})["hold"] == hold  # whoever says to be farther sees no more
    assert held(pupil) == hold
    tell(stranger, act="shout")
    told_ = [each.get("said", each)["hold"] for each in stranger.asides if "hold" in each.get("said", each)]
    assert told_[-1]["day"] == 130  # nor does another window, without a lesson
    assert "when the bet is revealed" in pupil.set()["reasons"][0]  # nor is anything lived for it elsewhere
    pupil.asides.clear()
    tell(teacher, act="reveal", lesson="four-stages", card="calls", key=KEY)
    assert held(pupil)["day"] is None
    said = [each["said"] for each in pupil.asides if each.get("is") == "class"]
    drawn_ = school.app.state.guests.classroom.markets["four-stages"]
    text = student_lesson(read_lesson("four-stages"), {"calls"})
    more = {"lesson": "four-stages", "markets": drawn_, "text": text}
    reveal = said.index({"is": "reveal", "card": "calls", **more})
    assert said[reveal - 1]["is"] == "hold" and said[reveal - 1]["hold"]["day"] is None  # before it plays
    late = visitors()
    tell(late, **HERE)
    wanted = {"is": "class", "said": {"is": "revealed", "cards": ["calls"], **more}}
    assert wanted in late.asides or late.hear(timeout=5) == wanted  # who comes late, or again, is told
    tell(teacher, act="open", lesson="four-stages", card="calls", key=KEY)
    assert held(pupil) == hold


def answers_of(card: dict) -> set[str]:
    """All that a card's file says once its bet is revealed, and to the teacher."""
    said = {card.get("claim", {}).get("says"), *card["facilitator"].values()}
    said |= {each[way] for each in card.get("options", ()) for way in ("right", "wrong")}
    said |= set(card.get("feedback", {}).values())
    return {text for text in said if isinstance(text, str)}


@pytest.mark.parametrize("name", lesson_names())
def test_a_students_lesson_holds_of_a_bet_what_it_asks_and_the_rest_comes_with_its_reveal(name):
    lesson = read_lesson(name)
    bets = [card for card in lesson["cards"] if card["kind"] == "bet"]
    for n in range(len(bets) + 1):
        told_ = student_lesson(lesson, {card["name"] for card in bets[:n]})
        assert [(card["name"], card["kind"]) for card in told_["cards"]] == [
            (card["name"], card["kind"]) for card in lesson["cards"]
        ]
        flat = json.dumps(told_, ensure_ascii=False)
        texts = [text for card in bets[n:] for text in answers_of(card)]
        texts += [card["title"] for card in bets[n + 1 :]] + [card["facilitator"]["say"] for card in lesson["cards"]]
        texts += lesson["debrief"]["questions"] if n < len(bets) else []
        shared = {text for card in bets[:n] for text in answers_of(card)}  # a phrase may serve several bets
        texts = [text for text in texts if text not in shared]
        assert not [text for text in texts if json.dumps(text, ensure_ascii=False)[1:-1] in flat]
        assert '"check"' not in flat
        if n < len(bets):
            shown = told_["cards"][lesson["cards"].index(bets[n])]
            assert shown["title"] == bets[n]["title"] and shown["bet"] == bets[n]["bet"] and "change" not in shown
        for card in bets[:n]:
            kept = told_["cards"][lesson["cards"].index(card)]
            assert [kept.get(part) for part in ("options", "feedback", "change")] == [
                card.get(part) for part in ("options", "feedback", "change")
            ]
    assert told_["debrief"] == lesson["debrief"]


def lesson_text(school, more: str = "") -> dict:
    with urllib.request.urlopen(f"{school.url.replace('?', 'lessons/four-stages?')}{more}", timeout=5) as answer:
        return json.loads(answer.read())


def test_the_market_of_a_bet_is_drawn_at_its_reveal_and_nothing_told_before_holds_it(visitors, school):
    teacher, facilitator, lesson = visitors(), visitors(), read_lesson("four-stages")
    tell(teacher, **HERE, key=KEY)
    tell(facilitator, act="here", window="facilitator", key=KEY)
    pupil, room_ = visitors(), school.app.state.guests.classroom
    tell(pupil, **HERE)
    assert "calls" not in room_.markets.get("four-stages", {})  # not even the server has it
    assert lesson_text(school) == lesson_text(school, "&key=guessed") == student_lesson(lesson, set())
    assert lesson_text(school, f"&key={KEY}") == lesson
    before = json.dumps([pupil.asides, lesson_text(school)])

    def drawn_(act="reveal") -> int:
        tell(teacher, act=act, lesson="four-stages", card="calls", key=KEY)
        heard = []
        for each in (teacher, pupil):
            tell(each, **HERE, **({"key": KEY} if each is teacher else {}))
            said = [aside["said"] for aside in each.asides if aside.get("is") == "class"]
            heard.append([one for one in said if one["is"] in ("reveal", "revealed")][-1])
        front, theirs = heard
        assert front["markets"] == theirs["markets"] and "text" not in front
        assert theirs["text"] == lesson_text(school) == student_lesson(lesson, {"calls"})
        return front["markets"]["calls"]

    market = drawn_()
    assert market in MARKETS and str(market) not in before
    assert drawn_() == market  # from either window of the front, once is once
    tell(teacher, act="open", lesson="four-stages", card="calls", key=KEY)
    assert lesson_text(school) == student_lesson(lesson, set())
    assert drawn_() != market  # a class that has seen it plays another
    tell(teacher, act="open", lesson="four-stages", card="calls", key=KEY)


def test_markets_are_drawn_evenly_and_by_the_secret_of_their_class_alone():
    seen = [drawn_market(b"a class", "four-stages", "calls", turn) for turn in range(3000)]
    assert set(seen) <= set(MARKETS) and len(set(seen)) > 2400  # of 9,000 by chance: 2,551, deviation 17
    assert abs(sum(seen) / len(seen) - 5499.5) < 6 * 2598 / 3000**0.5
    others = [drawn_market(secret, lesson, card, 0) for secret in (b"a", b"b") for lesson in "xy" for card in "pq"]
    assert len(set(others)) == len(others)
    assert Classroom("k", secret=b"a")._secret == b"a" and Classroom("k")._secret != Classroom("k")._secret


def test_a_class_that_opens_with_a_lesson_keeps_its_bets_back_before_the_front_is_there():
    early = Classroom("k", "four-stages")
    assert early.hold_of("anybody").day == 65 and Classroom("k").hold_of("anybody") is None


def test_a_bet_that_was_placed_stays(visitors):
    teacher, pupil = visitors(), visitors()
    tell(teacher, **HERE, key=KEY)
    other = visitors()
    tell(other, **HERE, bets={"calls": 3})
    tell(pupil, **HERE, bets={"calls": 20})
    tell(pupil, **HERE, bets={"calls": 90})
    room(teacher, lambda said: said["has"] == 2)
    tell(teacher, act="reveal", lesson="four-stages", card="calls", key=KEY)
    seen = room(teacher, lambda said: said["closed"])
    assert (seen["closed"], seen["revealed"]) == ({"calls": {"3": 1, "20": 1}}, ["calls"])
    tell(teacher, act="open", lesson="four-stages", card="calls", key=KEY)


@pytest.mark.parametrize("lesson", ["four-stages", "liaison", "talk-has-a-price", "should-every-firm-integrate"])
def test_each_card_of_a_lesson_can_be_played_in_its_turn_and_not_before(lesson):
    """What a card sets is allowed as soon as the bets before it are revealed, its change only with its own."""
    shipped, revealed = read_lesson(lesson), set()
    for index, card in enumerate(shipped["cards"]):
        scenario = card.get("scenario", shipped["scenario"])
        plans = [{"scenario": scenario, "changes": [{"day": 0, "values": card[part]}]}
                 for part in ("before", "change") if part in card]  # fmt: skip
        hold = hold_of(shipped, index, revealed)
        if card["kind"] == "bet":
            assert hold.day == card["from"]
            assert scenario in hold.scenarios
            revealed.add(card["name"])
            hold = hold_of(shipped, index, revealed)
            assert hold is None or hold.day is None
        for plan in plans if hold else ():
            assert plan["scenario"] in hold.scenarios and set(plan["changes"][0]["values"]) <= hold.levers
    assert hold_of(shipped, 0, revealed) is None


@pytest.mark.parametrize(
    ("said", "reason"),
    [({"act": "close", "lesson": "four-stages", "card": "calls"}, "teacher's link"),
     ({"act": "look", "at": "gap", "key": "guessed"}, "teacher's link"),
     ({"act": "reveal", "lesson": "four-stages", "card": "calls"}, "teacher's link"),
     ({"act": "reveal", "lesson": "four-stages", "card": "hook", "key": KEY}, "no bet"),
     ({"act": "shout"}, "knows here"),
     (HERE | {"lesson": "../../etc"}, "no lesson"),
     (HERE | {"index": -1}, "index"),
     (HERE | {"bets": {"calls": 101}}, "no such bet"),
     (HERE | {"bets": {"calls": "a message to all"}}, "no such bet"),
     (HERE | {"bets": {"liaison": "me"}}, "no such bet"),
     (HERE | {"bets": {"hook": 3}}, "no such bet"),
     (HERE | {"bets": 7}, "table"),
     ({"act": "look", "at": "elsewhere", "key": KEY}, "there are gap"),
     ({"act": "close", "lesson": "four-stages", "card": "hook", "key": KEY}, "no bet"),
     ({"act": "hands", "has": 1, "of": 1e9, "key": KEY}, "whole number")],
)  # fmt: skip
def test_what_a_class_cannot_understand_is_refused_with_a_reason(visitors, said, reason):
    visitor = visitors()
    refused = tell(visitor, **said)
    assert refused["is"] == "fault" and reason in " ".join(refused["reasons"])
    assert tell(visitor, **HERE)["is"] == "class"  # and the conversation goes on


def test_the_facilitators_window_needs_the_teachers_link(school):
    for query, status in (("", 403), ("&key=guessed", 403), (f"&key={KEY}", 200)):
        try:
            with urllib.request.urlopen(f"{school.url}&window=facilitator{query}", timeout=5) as answer:
                assert answer.status == status
        except urllib.error.HTTPError as refused:
            assert refused.code == status


def test_a_thousand_bets_at_once_are_few_messages(visitors):
    teacher, pupil = visitors(), visitors()
    tell(teacher, **HERE, key=KEY)
    for bet in range(100):
        tell(pupil, **HERE, bets={"calls": bet})
    teacher.asides.clear()
    end, told_ = time.monotonic() + 0.5, 0
    while time.monotonic() < end:
        try:
            told_ += "class" in str(teacher.hear(timeout=0.1))
        except (TimeoutError, ConnectionClosed):
            break
    assert 1 <= told_ < 30


@in_browser
def test_a_class_bets_and_its_teacher_shows_how_the_bets_fell(school, browser):
    contexts = [browser.new_context(viewport=WIDE) for _ in range(4)]
    lesson = "&lesson=four-stages"
    teacher = open_lesson(contexts[0], school, query=f"{lesson}&key={KEY}", card="calls")
    pupils = [open_lesson(each, school, query=lesson, card="hook") for each in contexts[1:3]]
    assert not pupils[0].get_by_test_id("open-facilitator").is_visible()
    window = contexts[3].new_page()  # on a machine of her own
    window.goto(f"{school.url}&key={KEY}&window=facilitator")
    window.wait_for_selector("[data-testid=script]")
    assert told(window, "script") == teacher.evaluate("() => baton.lesson.card.facilitator.say")
    window.get_by_test_id("facilitator-come").click()
    for pupil, bet in zip(pupils, ("64", "66"), strict=True):
        pupil.wait_for_selector("body[data-card=calls]", state="attached")
        pupil.wait_for_function("() => !baton.lesson.moving")
        assert pupil.evaluate("() => [baton.day, baton.store.last]") == [130, 130]
        pupil.get_by_test_id("bet-slider").fill(bet)
        pupil.get_by_test_id("place-bet").click()
        assert pupil.get_by_test_id("begin-reveal").count() == 0
        for key in (" ", "n", ".", "c", "r"):
            pupil.keyboard.press(key)
        pupil.evaluate("() => { baton.player.seek(195); baton.player.play(); baton.lesson.begin(); }")
    window.wait_for_function("() => document.body.textContent.includes('2 of 2 windows have bet')")
    assert "64" not in window.locator("body").inner_text() and "66" not in window.locator("body").inner_text()
    window.get_by_test_id("look-ladder").click()
    for page in (teacher, *pupils):
        page.wait_for_selector(".right.looked-at")
    teacher.evaluate("() => baton.said('project')")
    teacher.wait_for_selector("[data-testid=have-bet]")
    assert told(teacher, "have-bet") == "2 of 2 have bet"
    assert [page.evaluate("() => baton.store.last") for page in pupils] == [130, 130]
    teacher.keyboard.press(" ")  # one key in front: the same slow reveal on every screen
    for page in (teacher, *pupils):
        page.wait_for_function("() => baton.player.playing && baton.day > 131")
        assert page.get_by_test_id("play").is_disabled()  # nobody stops or hurries it
    teacher.wait_for_selector(".lesson-projected [data-testid=so-far]")
    teacher.wait_for_function("() => document.querySelectorAll('.lesson-projected .ring').length === 2")
    large = "(least) => document.querySelector('.lesson-projected .live .dots')?.getBoundingClientRect().height > least"
    teacher.wait_for_function(large, arg=WIDE["height"] / 5)  # it is drawn anew every day
    days = [page.evaluate("() => baton.day") for page in (teacher, *pupils)]
    assert max(days) - min(days) < 30
    teacher.evaluate("() => baton.said('project')")
    for page in (teacher, *pupils):
        page.evaluate("() => { baton.player.pause(); return baton.player.seek(195); }")
        page.wait_for_selector("[data-testid=reveal]")
    assert told(pupils[0], "reveal") == told(teacher, "reveal") == told(pupils[1], "reveal")
    (market,) = {page.evaluate("() => baton.plan.seed") for page in (teacher, *pupils)}  # drawn as it was revealed
    assert market in MARKETS
    teacher.wait_for_selector("[data-testid=class-bets]")
    assert "Of 2 bets 2 were too high, 0 close, 0 too low." in told(teacher, "class-bets")
    teacher.evaluate("() => baton.said('project')")
    drawn(teacher)
    assert teacher.locator(".lesson-projected [data-testid=class-bets]").is_visible()
    window.wait_for_selector("[data-testid=class-bets]")
    assert "2 bets; the middle one is 64." in told(window, "class-bets")
    assert axe(window) == []
    assert axe(teacher) == []
    play_end = "() => { baton.player.pause(); return baton.player.seek(baton.lesson.card.until); }"
    pupils[0].evaluate(play_end)
    pupils[0].wait_for_selector("[data-testid=reveal]")
    assert pupils[0].get_by_test_id("class-bets").count() == 0
    window.get_by_test_id("facilitator-next").click()
    teacher.wait_for_selector("body[data-card=liaison]", state="attached")
    assert [page.faults for page in (teacher, *pupils)] == [[], [], []]
    for each in contexts:
        each.close()


@in_browser
def test_no_word_of_the_facilitators_window_stands_outside_the_file_of_words(school, browser):
    context = browser.new_context(viewport=WIDE)
    teacher = open_lesson(context, school, query=f"&lesson=four-stages&key={KEY}", card="calls")
    window = context.new_page()
    window.goto(f"{school.url}&key={KEY}&window=facilitator&language=pseudo")
    window.wait_for_selector("[data-testid=who-has-bet]")
    bare = """() => [...document.querySelectorAll('main *')]
      .filter((node) => !node.children.length && !node.closest('[data-text]'))
      .flatMap((node) => [node.textContent, node.getAttribute('aria-label') || ''])
      .filter((text) => /[A-Za-z]{2,}/.test(text) && !text.includes('⟦'))"""
    assert window.evaluate(bare) == []
    assert teacher.faults == []
    context.close()


@in_browser
def test_one_bet_alone_is_not_shown_and_bets_on_paper_are_counted_by_hand(school, browser):
    context = browser.new_context(viewport=WIDE)
    teacher = open_lesson(context, school, query=f"&lesson=four-stages&key={KEY}", card="liaison")
    pupil = open_lesson(context, school, query="&lesson=four-stages", card="liaison")
    go(pupil, "liaison")
    pupil.get_by_test_id("bet-revenue").check()
    pupil.get_by_test_id("place-bet").click()
    window = context.new_page()
    window.goto(f"{school.url}&key={KEY}&window=facilitator")
    window.wait_for_function("() => document.body.textContent.includes('1 of 1 window has bet')")
    window.get_by_test_id("close-bets").click()
    window.wait_for_selector("[data-testid=open-bets]")
    assert "Revenue" not in window.locator("body").inner_text()
    window.get_by_test_id("room").fill("24")
    window.get_by_test_id("room").press("Tab")
    window.wait_for_selector("[data-testid=hand-more]:enabled")
    window.get_by_test_id("hand-more").click()
    teacher.wait_for_function("() => baton.lesson.room.haveBet?.join() === '1,24'")
    context.close()
