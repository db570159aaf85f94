"""The page's server: who comes in, what is answered, and that it is the same run as everywhere else."""

from __future__ import annotations

import asyncio
import json
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import house
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from served import Visitor, serving
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

import sim
from sim.model.showing.desks import round_up
from sim.model.showing.watch import STEPS
from sim.page import frames as framing
from sim.page.desks import leads_a_dot, people_a_desk
from sim.page.life import Life
from sim.page.view import view_of
from sim.page.visitor import FRAMES
from sim.result.run_tables import SETTLED
from sim.result.stories import OWN

STATIC = house.ROOT / "sim" / "page" / "static"
FILES = sorted(path for path in STATIC.rglob("*") if path.is_file() and path.suffix != ".wasm")
FOUR_PS = ("quality", "heard", "settled", "marketing", "since")
COUNTED = ("contacts", "disputes", "inquiries", "qualified", "handed", "tried", "returned")
LIAISON = {"day": 60, "values": {"liaison.count": 1}}
NEAR = {"day": 90, "values": {"distance.between_teams_m": 6.0}}


def run_of(*changes, scenario="default", seed=12, days=1300):
    plan = sim.read(scenario).but(changes=tuple(sim.Change(c["day"], c["values"]) for c in changes))
    return sim.run(plan, seed, until=days)


def lived(visitor, to_day, rev):
    """All frames of the floor up to a day, as they come."""
    found = []
    for first in range(0, to_day + 1, 300):
        answer = visitor.ask("frames", arm="a", rev=rev, **{"from": first, "to": min(first + 299, to_day)})
        assert isinstance(answer, bytes), answer
        found += frames_in(answer)
    return found


def frames_in(answer: bytes) -> list[bytes]:
    """The frames of an answer, one by one."""
    found, at = [], FRAMES.size
    while at < len(answer):
        at, begun = framing.read(answer, at)[1], at
        found.append(answer[begun:at])
    assert len(found) == FRAMES.unpack_from(answer)[-1], "the answer is longer than what it holds"
    return found


def read_frame(frame: bytes) -> dict:
    """A frame as decode.js reads it."""
    parts, end = framing.read(frame)
    assert end == len(frame), "the frame is longer than what it holds"
    head = parts["head"][0]
    found = {name: head[name].item() for name in ("day", "revenue", "contribution", "equity", *COUNTED)}
    found |= {"ends": head["ends"], "talks": parts["talks"]["bits"].tolist(), "leads": parts["steps"]}
    if len(parts["audited"]):
        found["quarter"] = parts["audited"][0]
    return found


# ---- who may come in


def fetch(url, **headers):
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=5) as answer:
            return answer.status, dict(answer.headers), answer.read().decode()
    except urllib.error.HTTPError as fault:
        return fault.code, dict(fault.headers), fault.read().decode()


def test_the_page_forbids_everything_foreign(served):
    status, headers, text = fetch(served.url)
    assert status == 200 and "served.js" in text
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy and "unsafe-inline" not in policy and "'unsafe-eval'" not in policy
    assert "http" not in policy
    assert "set-cookie" not in {name.lower() for name in headers}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(STATIC).as_posix())
def test_no_file_of_the_page_names_another_server(path):
    text = path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
    assert not re.search(r"https?://|//[a-z]+\.[a-z]+/|@import [\"'u]|integrity=", text), "an address of another server"
    assert "style=" not in text or path.suffix != ".html", "inline styles are refused by the policy"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(STATIC).as_posix())
def test_every_file_of_the_page_is_served(served, path):
    assert fetch(f"{served.url}static/{path.relative_to(STATIC).as_posix()}")[::2] == (200, path.read_text("utf-8"))


def test_the_rules_module_is_served_as_what_it_is(served):
    with urllib.request.urlopen(f"{served.url}static/rules.wasm", timeout=5) as answer:
        assert answer.headers["content-type"] == "application/wasm"
        assert answer.read() == (STATIC / "rules.wasm").read_bytes()


def test_a_file_that_the_browser_holds_is_not_sent_again(served):
    url = f"{served.url}static/main.js"
    status, headers, text = fetch(url)
    names = {name.lower(): value for name, value in headers.items()}
    assert status == 200 and "javascript" in names["content-type"] and text == (STATIC / "main.js").read_text("utf-8")
    assert fetch(url, **{"If-None-Match": names["etag"]})[::2] == (304, "")
    assert fetch(url, **{"If-None-Match": '"another"'})[0] == 200


@pytest.mark.parametrize(
    "name",
    ["nothing.js", "..%2Fserver.py", "..%2f..%2ferrors.py", "%2e%2e/server.py", "main", "floor", "floor/",
     "floor/nothing.js", "floor/../main.js", "floor/..%2f..%2fserver.py", "common/app.js%00"],
)  # fmt: skip
def test_nothing_but_the_pages_own_files_is_given_away(served, name):
    assert fetch(f"{served.url}static/{name}")[0] == 404


def test_small_answers_are_sent_at_once():
    """asyncio sends small pieces at once where a socket is named as TCP; else sixty files take three seconds."""
    from sim.page.serve import Wanted, _listening

    with _listening(Wanted(port=0)) as listening:
        assert listening.proto == socket.IPPROTO_TCP


def test_a_page_asked_for_under_another_name_is_refused(served):
    status, _, text = fetch(served.url, Host="evil.example")
    assert status == 403 and "its own name" in text


@pytest.mark.parametrize("origin", ["http://evil.example", "https://127.0.0.1.evil.example", "null", "file://"])
def test_sockets_of_foreign_pages_are_refused_with_a_reason(served, origin):
    with served.visitor(origin=origin) as stranger:
        assert "another web page" in stranger.hear()["reason"]
        with pytest.raises(ConnectionClosed):
            stranger.hear()


def test_our_own_page_may_open_a_socket(served):
    with served.visitor(origin=served.url.rstrip("/")) as friend:
        assert friend.hear()["is"] == "about"


def test_a_link_without_its_token_is_refused():
    with serving(token="secret-word") as closed:
        status, _, text = fetch(f"http://127.0.0.1:{closed.port}/")
        assert status == 403 and "token" in text
        assert fetch(closed.url)[0] == 200
        with closed.visitor() as stranger:
            assert "token" in stranger.hear()["reason"]
        with closed.visitor(query="?token=secret-word") as friend:
            friend.socket.send('{"do": "ping"}')
            assert friend.past_greeting()["is"] == "pong"


# ---- what is refused, with a reason


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        ("{", "not a message"),
        ("[1]", "not a message"),
        ('{"do": 3}', "not a message"),
        ('{"do": "about"}', "cannot be asked"),
        (b"\x00\x01", "JSON texts"),
        (f'{{"do": "ping", "x": "{"x" * 70_000}"}}', "at most"),
    ],
    ids=["broken", "list", "number", "server's", "bytes", "long"],
)
def test_malformed_and_oversized_messages_end_the_conversation_with_a_reason(served, sent, reason):
    with served.visitor() as visitor:
        visitor.socket.send(sent)
        heard = visitor.past_greeting()
        assert heard["is"] == "refused" and reason in heard["reason"]
        with pytest.raises(ConnectionClosed):
            visitor.hear()


@pytest.mark.parametrize(
    ("message", "reason"),
    [({"arms": {}}, "arms"), ({"scenario": "../../etc/passwd"}, "no scenario"), ({"scenario": "liason"}, "liaison"),
     ({"seed": -1}, "market"), ({"seed": 1.5}, "market"), ({"day": "now"}, "day"),
     ({"changes": [{"day": 0, "values": {"liaison.count": -1}}]}, "liaison.count"),
     ({"changes": [{"day": 0, "values": {"liason.count": 1}}]}, "liaison.count"),
     ({"changes": [{"day": 9999, "values": {"liaison.count": 1}}]}, "9999"),
     ({"changes": [{"day": 0, "values": {"workforce.salespeople": 900_000}}]}, "people"),
     ({"changes": [7]}, "change")],
)  # fmt: skip
def test_a_plan_that_cannot_be_is_refused_and_the_old_one_stays(visitor, message, reason):
    first = visitor.set(day=3)
    arm = {"scenario": message.get("scenario", "default"), "changes": message.get("changes", [])}
    request = {"arms": {"a": arm}, "base": {"scenario": "default"}, "seed": 12, "day": 0} | {
        key: message[key] for key in ("arms", "seed", "day") if key in message
    }
    refused = visitor.ask("set", **request)
    assert refused["is"] == "fault" and reason in " ".join(refused["reasons"])
    assert visitor.ask("hash")["a"]["day"] == 3 and isinstance(lived(visitor, 3, first["rev"])[0], bytes)


def test_frames_out_of_order_are_refused(visitor):
    rev = visitor.set()["rev"]
    for first, last in ((5, 2), (-1, 3), (0, 4000)):
        assert visitor.ask("frames", arm="a", rev=rev, **{"from": first, "to": last})["is"] == "fault"
    assert visitor.ask("frames", arm="a", rev=rev + 1, **{"from": 0, "to": 1})["stale"]


# ---- who lives it


def test_what_a_browser_can_live_is_not_lived_for_it(served):
    with served.visitor() as visitor:
        refused = visitor.set()
        assert refused["is"] == "fault" and "in your browser" in refused["reasons"][0]
        assert "send set first" in visitor.ask("lines")["reasons"][0]


def test_a_page_is_told_at_once_who_lives_what_and_gets_all_its_engine_needs(served, tmp_path):
    large = tmp_path / "large.toml"
    large.write_text("[workforce]\nmarketers = 2500\nsalespeople = 2500\n")
    with serving(extra={"large": (str(large), False, None)}) as own:
        own.until_ready()
        for server in (served, own):
            with server.visitor() as visitor:
                about = visitor.hear()
            data = json.loads(fetch(f"{server.url}engine")[2])
            assert set(about["scenarios"]) == {*data["scenarios"], *about["far"]}
            assert about["far"] == (["large"] if server is own else [])
        with own.visitor() as visitor:
            assert visitor.set(scenario="large")["arms"]["a"]["people_per_desk"] > 1
            assert "in your browser" in visitor.set()["reasons"][0]


def test_what_an_engine_needs_goes_to_nobody_without_the_links_token():
    with serving(token="secret-word") as closed:
        closed.until_ready()
        assert fetch(f"http://127.0.0.1:{closed.port}/engine")[0] == 403
        assert fetch(f"http://127.0.0.1:{closed.port}/engine?token=secret-word")[0] == 200


# ---- it is the same run


@pytest.mark.parametrize("scenario", ["default", "liaison-leaves", "reorganization", "company-example", "growth"])
def test_a_run_ends_where_sim_run_ends(visitor, scenario):
    answer = visitor.set(scenario=scenario, seed=7)
    n = answer["horizon"]
    lived(visitor, n, answer["rev"])
    assert visitor.ask("hash")["a"]["state"] == sim.run(scenario, 7).about["state"]


def test_levers_moved_on_running_days_are_dated_changes_of_the_same_run(visitor):
    rev = visitor.set(day=60)["rev"]
    lived(visitor, 60, rev)
    visitor.set([LIAISON], day=60)
    rev = visitor.set([LIAISON], day=90)["rev"]
    answer = visitor.set([LIAISON, NEAR], day=90)
    assert answer["arms"]["a"]["kept"] == 90
    assert any(desk["k"] == "l" for desk in answer["arms"]["a"]["desks"])
    lived(visitor, 200, answer["rev"])
    assert visitor.ask("hash")["a"] == {"day": 200, "state": run_of(LIAISON, NEAR, days=200).about["state"]}
    answer = visitor.set([NEAR], day=200)  # the first change is undone: the world is as if it had never been
    assert answer["arms"]["a"]["kept"] == 60
    assert visitor.ask("hash")["a"] == {"day": 200, "state": run_of(NEAR, days=200).about["state"]}


def test_a_liaison_shows_before_the_next_day_is_lived(visitor):
    before = visitor.set(day=20)["arms"]["a"]["desks"]
    after = visitor.set([{"day": 20, "values": {"liaison.count": 1}}], day=20)["arms"]["a"]["desks"]
    assert [d["k"] for d in before].count("l") == 0 and [d["k"] for d in after].count("l") == 1
    assert len(before) == len(after) and visitor.ask("hash")["a"]["state"] == run_of(days=20).about["state"]


@settings(max_examples=8)
@given(st.lists(st.tuples(st.integers(0, 70), st.sampled_from([0, 1, 2]), st.integers(0, 80)), max_size=4))
def test_whatever_is_changed_and_undone_the_state_is_that_of_a_fresh_run(steps):
    base = sim.read().but(days=90)
    life, changes = Life(base, 5, 10), {}
    for day, count, stand in steps:
        changes[day] = sim.Change(day, {"liaison.count": count, "distance.between_teams_m": 10.0 + day})
        life.become(base.but(changes=tuple(changes.values())), 5, 10)
        life.live(stand)
        if count == 0:
            changes.pop(day)
            life.become(base.but(changes=tuple(changes.values())), 5, 10)
    life.live(90)
    fresh = sim.run(base.but(changes=tuple(changes.values())), 5)
    assert f"{sim.model.hashes.state_hash(life.simulation.firm):016x}" == fresh.about["state"]
    again = Life(life.scenario, 5, 10)
    again.live(90)
    assert life.told(0, 90) == again.told(0, 90), "frames depend on the plan alone, not on the way to it"


def test_two_visitors_do_not_disturb_one_another(adapted):
    with adapted.visitor() as one, adapted.visitor() as other:
        one.set(seed=3, day=40)
        other.set([{"day": 0, "values": {"liaison.count": 2}}], seed=4, day=25)
        assert one.ask("hash")["a"] == {"day": 40, "state": run_of(seed=3, days=40).about["state"]}
        two = {"day": 0, "values": {"liaison.count": 2}}
        assert other.ask("hash")["a"] == {"day": 25, "state": run_of(two, seed=4, days=25).about["state"]}


def test_the_difference_is_that_of_baton_compare(visitor):
    change = {"day": 0, "values": {"liaison.count": 1}}
    visitor.set(arms={"b": {"scenario": "default", "changes": [change]}})
    answer = visitor.ask("markets", n=6)
    pair = sim.compare("default", sim.read().but(liaison__count=1), seeds=6)
    table = pair.summary().loc[pair.names[1]]
    assert answer["check"] == pair.market_check() == "identical"
    for name, row in table.iterrows():
        told = answer["outcomes"][name]
        ends = (np.nan if told[end] is None else told[end] for end in ("low", "high"))
        given = (told["a"], told["b"], told["difference"], *ends)
        assert given == pytest.approx((row.baseline, row.with_change, row.difference, row.low, row.high), nan_ok=True)
        assert told["values"] == pytest.approx(pair.differences(name, pair.names[1]).tolist())
    assert [aside["done"] for aside in visitor.asides if aside.get("is") == "markets"] == [5]


def test_a_plan_equal_to_its_baseline_differs_nowhere(visitor):
    visitor.set()
    answer = visitor.ask("markets", n=3)
    assert (
        set(answer["paired"]["contribution"]["mean"]) == {0.0} and answer["outcomes"]["net_value"]["difference"] == 0.0
    )


# ---- frames


@pytest.fixture(scope="module")
def five_years(adapted):
    with adapted.visitor() as visitor:
        answer = visitor.set(seed=12)
        return answer, [read_frame(frame) for frame in lived(visitor, 1300, answer["rev"])]


def test_frames_add_up_to_the_runs_tables(five_years):
    _, found = five_years
    run = sim.run("default", 12)
    days = run.daily
    assert [frame["day"] for frame in found] == list(range(1301))
    for name in COUNTED:
        table = days["followed" if name == "tried" else name]
        assert [frame[name] for frame in found[1:]] == table.astype(int).tolist(), name
    assert [frame["equity"] for frame in found[1:]] == pytest.approx(days["equity"].tolist(), rel=1e-6)
    assert found[0]["equity"] == pytest.approx(run.about["opening_equity"], rel=1e-6)
    assert [frame["revenue"] for frame in found[1:]] == pytest.approx(days["revenue"].tolist(), rel=1e-6)
    ends = np.sum([frame["ends"] for frame in found], axis=0)
    fates = run.leads["fate"].value_counts()
    assert ends[3] == fates["never called"] and ends[6] == fates["won"] and ends[5] == fates["deal lost"]
    own = run.leads[run.leads["origin"] == OWN]["fate"].value_counts()
    assert ends[7:].tolist() == [own["deal lost"], own["won"]]
    assert ends[4] == fates["called: not worth it"] + fates["called: not interested"]
    assert ends[:3].sum() == fates[["never answered", "answered too late", "not qualified"]].sum()
    quarters = [frame for frame in found if "quarter" in frame]
    assert [frame["day"] for frame in quarters] == list(range(65, 1301, 65))
    assert [frame["quarter"]["stage"] for frame in quarters] == run.quarters["stage"].tolist()
    assert all(sum(frame["quarter"]["items"]) == frame["quarter"]["score"] for frame in quarters)
    table = run.decisions
    told = {name: np.concatenate([frame["quarter"][name] for frame in quarters]) for name in FOUR_PS}
    assert told["quality"].tolist() == (table["quality"] * 255).astype(int).tolist()
    assert told["heard"].tolist() == table["heard"].tolist()
    assert [SETTLED[each] for each in told["settled"]] == table["settled_by"].tolist()
    assert told["marketing"].tolist() == (table["led_by"] == "Marketing").tolist()
    assert told["since"].tolist() == table["since"].fillna(-1).tolist()


def test_drawn_leads_are_one_in_so_many_and_end_as_the_table_says(five_years):
    answer, found = five_years
    leads = sim.run("default", 12).leads
    rows = np.concatenate([frame["leads"] for frame in found])
    assert (rows["twin"] % answer["leads_per_dot"] == 0).all()
    share = len(np.unique(rows["number"])) * answer["leads_per_dot"] / len(leads)
    assert 0.93 < share < 1.07  # 3,900 of 39,000: four standard deviations are six per cent
    last = {int(row["number"]): row for row in rows}
    state = leads["state"].to_numpy()
    names = ["inquiry", "nurtured", "handed off", "returned", "opportunity", "won", "lost"]
    assert all(names[row["state"]] == state[number] for number, row in last.items())


def test_talks_are_never_more_than_the_diary_counts(five_years):
    _, found = five_years
    for frame in found:
        plain = [bits for bits in frame["talks"] if not bits & 8]
        assert sum(1 for bits in plain if bits & 4) <= frame["disputes"]
    drawn = sum(len(frame["talks"]) for frame in found)
    assert drawn > 0.5 * sum(frame["contacts"] for frame in found)


def test_a_frame_is_small(adapted):
    for scenario in ("default", "near-cheap", "mandated"):
        with adapted.visitor() as visitor:
            sizes = [len(frame) for frame in lived(visitor, 400, visitor.set(scenario=scenario)["rev"])]
            assert np.mean(sizes[1:]) < 1000 and np.quantile(sizes[1:], 0.99) < 2000


def test_both_floors_are_fed_by_the_same_leads(adapted):
    with adapted.visitor() as visitor:
        answer = visitor.set(arms={"b": {"scenario": "default", "changes": [LIAISON]}}, day=50)
        firsts = {}
        for arm in "ab":
            answer_ = visitor.ask("frames", arm=arm, rev=answer["rev"], **{"from": 0, "to": 50})
            for frame in map(read_frame, frames_in(answer_)):
                for row in frame["leads"]:
                    firsts.setdefault(arm, {}).setdefault(int(row["twin"]), frame["day"])
        assert firsts["a"] == firsts["b"]  # before the first difference everything is the same


@given(st.floats(0.01, 1e7))
def test_marks_stand_for_round_numbers(number):
    per = round_up(number)
    assert per >= number and str(per).rstrip("0") in ("1", "2", "5") and (per == 1 or per / 2.5 < max(number, 1))


@pytest.mark.parametrize(("m", "s"), [(3, 5), (12, 24), (60, 60), (61, 20), (400, 800)])
def test_few_marks_and_few_dots_however_large_the_firm(m, s):
    plan = sim.read().but({"workforce.marketers": m, "workforce.salespeople": s}, days=5)
    life = Life(plan, 1, leads_a_dot(plan.theory))
    shown = life.look()
    for kind in "ms":
        assert 1 <= len([desk for desk in shown if desk["k"] == kind]) <= 60
    assert sum(desk["n"] for desk in shown) == m + s
    assert (people_a_desk(life.simulation.firm, plan) == 1) == (max(m, s) <= 60)
    life.live(5)
    alive = life.simulation.firm.leads["ended"][: int(life.simulation.firm.ledger["n_leads"][0])] < 0
    assert alive.sum() / life.per_dot < 140


# ---- limits


def test_a_thousand_sockets_do_not_kill_it(served):
    async def crowd():
        open_ = []
        for _ in range(20):
            address = f"ws://127.0.0.1:{served.port}/socket"
            open_ += await asyncio.gather(*(connect(address, open_timeout=60, close_timeout=0.1) for _ in range(50)))
        heard = await asyncio.gather(*(each.recv() for each in open_))
        assert all(json.loads(each)["is"] == "about" for each in heard)

        def one_more():
            with served.visitor() as visitor:
                return visitor.hear()["is"]

        assert await asyncio.to_thread(one_more) == "about"
        for each in open_:
            each.transport.abort()

    asyncio.run(crowd())


def test_sockets_beyond_the_limit_are_turned_away_with_a_reason():
    with serving(sockets=2) as served, served.visitor(), served.visitor(), served.visitor() as third:
        assert "2 connections" in third.hear()["reason"]


# ---- the command


def test_the_server_itself_loads_no_model():
    heavy = "('numba', 'numpy', 'pandas', 'sim.model')"
    code = f"import sys, sim.page.server; print([n for n in sys.modules if n.startswith({heavy})])"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=house.ROOT)
    assert said.stdout.strip() == "[]"


def test_the_command_serves_and_ends_cleanly_on_an_interruption():
    child = subprocess.Popen(
        [sys.executable, "-m", "sim", "serve", "liaison", "--port", "0", "--no-open", "--seed", "3"],
        stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=house.ROOT,
    )  # fmt: skip
    try:
        link = ""
        for line in child.stderr:
            if "The page is at" in line:
                link = line.split()[-1]
                break
        port = int(re.search(r"127\.0\.0\.1:(\d+)/", link).group(1))
        with Visitor(port) as visitor:
            about = visitor.hear()
            assert about["start"] == {"scenario": "liaison", "seed": 3}
            child.send_signal(signal.SIGINT)
            with pytest.raises(ConnectionClosed):
                while True:
                    visitor.hear(timeout=15)
        assert child.wait(15) == 0
        assert "Traceback" not in child.stderr.read()
    finally:
        child.kill()
        child.wait()


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [(["nowhere"], "no scenario"), (["--lan", "203.0.113.7"], "not an address of this machine")],
)
def test_what_cannot_be_served_is_refused_before_anything_starts(arguments, reason):
    said = subprocess.run([sys.executable, "-m", "sim", "serve", "--no-open", "--port", "0", *arguments],
                          capture_output=True, text=True, cwd=house.ROOT, timeout=60)  # fmt: skip
    assert said.returncode == 3 and reason in said.stderr and "Traceback" not in said.stderr


def test_a_link_for_a_class_carries_a_token_and_a_code_to_scan():
    from sim.page.serve import Wanted, link_of, qr_lines, settings_of, teacher_link

    first, second = (settings_of(Wanted(lan="127.0.0.1")) for _ in range(2))
    assert len(first.token) >= 16 and first.token != second.token
    assert len(first.key) >= 12 and first.key not in (first.token, second.key)
    assert settings_of(Wanted()).token == settings_of(Wanted()).key == ""  # this machine alone: everybody may lead
    link = link_of("127.0.0.1", 8765, first.token)
    assert first.key not in link and teacher_link(link, first.key).startswith(link)
    assert first.token in link and len(qr_lines(link)) > 10
    assert link_of("fe80::1", 1, "") == "http://[fe80::1]:1/"


def test_a_plan_of_two_horizons_ends_with_the_shorter():
    arms = {"a": {"scenario": "default"}, "b": {"scenario": "twenty-years"}}
    plan = view_of({"arms": arms, "seed": 1, "day": 2})
    assert {each.days for each in plan.arms.values()} == {1300} and len(STEPS) == 7


def test_every_static_file_is_part_of_the_package():
    assert {path.suffix for path in FILES} <= {".js", ".css", ".html", ".json"}
    assert [path.name for path in STATIC.rglob("*.wasm")] == ["rules.wasm"]
    assert (Path(sim.__file__).parent / "page" / "static" / "index.html").is_file()
