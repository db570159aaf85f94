"""Pictures: true sentences, words that neither touch nor leave the page, no trace left in matplotlib."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import matplotlib
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim import figures
from sim.errors import InputError
from sim.figures import captions, look
from sim.figures.crowd import crowd_of, tie_trust
from sim.figures.flags import Flag, place_flags
from sim.model import firm as f
from sim.model.theory import Theory, with_values
from sim.result import outcomes

FIVE_YEARS = [1] * 4 + [2] * 6 + [3] * 4 + [2] * 2 + [3] * 4


def change(day, values=None, shock=None, days=None):
    return SimpleNamespace(day=day, values=values or {}, shock=shock, days=days)


def fake_run(days=1300, stages=FIVE_YEARS, changes=(), revenue=7000.0, net=1500.0, contacts=1.8, seed=12, broke=None):
    """A run made up from a few curves: what the pictures read, and no engine behind it."""
    luck, day = np.random.default_rng(seed), np.arange(days)
    grown = 1 + 0.35 * day / 1300
    rise = 1 / (1 + np.exp(-(day - 700) / 150))
    disputes = luck.poisson(0.3 * contacts, days).astype(float)
    daily = pd.DataFrame({
        "day": day,
        "revenue": revenue * grown / 260 * (1 + 0.02 * luck.normal(size=days)),
        "contribution": net * grown / 260 * (1 + 0.3 * luck.normal(size=days)),
        "contacts": disputes + luck.poisson(contacts * (0.5 + rise), days),
        "disputes": disputes,
        "trust_ms": np.where(day < 4, np.nan, 0.36 + 0.3 * rise),
        "trust_sm": np.where(day < 4, np.nan, 0.34 + 0.3 * rise),
        "language": np.where(day < 4, np.nan, 0.3 + 0.35 * rise),
        "people": 36.0,
    })  # fmt: skip
    n = days // 65
    stage = np.array([stages[min(q, len(stages) - 1)] for q in range(n)], dtype=int)
    quarters = pd.DataFrame({"quarter": np.arange(1, n + 1), "score": 20.0 * stage + 8, "stage": stage})
    scenario = SimpleNamespace(
        title="Two teams, one floor apart", changes=tuple(changes), source="silo.toml", days=1300
    )
    return SimpleNamespace(daily=daily, quarters=quarters, scenario=scenario, seed=seed, days=days, broke=broke)


def fake_simulation(
    nm=12, ns=24, liaisons=1, complaints=3, sites=1, metres=30.0, day=431, ties_per=3, stages=(1, 2, 2)
):
    """People and ties as the engine keeps them."""
    luck, n = np.random.default_rng(5), nm + ns + liaisons
    people, ties = np.zeros(n + 7, f.PEOPLE), np.zeros(ns * ties_per + 3, f.TIES)
    people["working"][:n] = 1
    people["team"][nm : nm + ns], people["team"][nm + ns : n] = f.Team.SALES, f.Team.LIAISON
    people["site"][:n] = luck.integers(0, sites, n)
    people["trust_liaison"] = luck.random(n + 7)
    k = ns * ties_per
    ties["s"][:k] = nm + np.repeat(np.arange(ns), ties_per)
    ties["m"][:k] = (np.repeat(np.arange(ns) * nm // ns, ties_per) + np.tile(np.arange(ties_per), ns)) % nm
    for name, side in (("cog", f.M), ("aff", f.M), ("cog", f.S), ("aff", f.S)):
        ties[name][:, side] = luck.random(len(ties))
    ties["complaint"][:complaints, f.M], ties["distance"] = 1, metres
    ledger, quarters = np.zeros(1, f.LEDGER), np.zeros(len(stages), f.QUARTERS)
    ledger["n_people"], ledger["n_ties"] = n, k
    quarters["stage"], quarters["score"] = stages, np.linspace(30, 55, len(stages))
    theory = with_values(Theory(), {"distance.between_teams_m": metres})
    firm = SimpleNamespace(people=people, ties=ties, ledger=ledger, quarters=quarters)
    return SimpleNamespace(firm=firm, theory=theory, day=day, seed=12)


def texts_of(figure):
    """Every word on the figure with the box it is drawn in, a little tightened."""
    with look.drawing():
        figure.draw_without_rendering()
        renderer = figure.canvas.get_renderer()
    found = []
    for text in figure.findobj(matplotlib.text.Text):
        if text.get_visible() and text.get_text().strip():
            box = text.get_window_extent(renderer)
            found.append((text.get_text(), box.x0, box.y0 + 0.12 * box.height, box.x1, box.y1 - 0.12 * box.height))
    return found


def check_words(figure):
    """No words outside the page, and none on others."""
    wide, high = figure.canvas.get_width_height()
    boxes = texts_of(figure)
    assert len(boxes) > 5
    outside = [t for t, x0, y0, x1, y1 in boxes if x0 < 0 or y0 < 0 or x1 > wide or y1 > high]
    assert not outside
    touching = [
        (a[0], b[0])
        for k, a in enumerate(boxes)
        for b in boxes[k + 1 :]
        if a[1] < b[3] - 0.5 and b[1] < a[3] - 0.5 and a[2] < b[4] - 0.5 and b[2] < a[4] - 0.5
    ]
    assert not touching


# --- sentences ---


@pytest.mark.parametrize(
    ("stages", "sentence"),
    [
        (FIVE_YEARS, "Aligned from the middle of year 3, with half a year lost"),
        ([1] * 20, "Undefined for all five years"),
        ([4], "Integrated for the whole quarter"),
        ([2, 2], "Defined for the whole half year"),
        ([2] * 4, "Defined for the whole year"),
        ([2] * 7, "Defined for all seven quarters"),
        ([2] * 80, "Defined for all 20 years"),
        ([1] * 5 + [2], "Defined from the second quarter of year 2"),
        ([1] * 9 + [2] * 11, "Defined from the second quarter of year 3"),
        ([3] * 4 + [2] * 16, "Aligned at first, Defined from year 2"),
        ([2] * 4 + [3] * 6 + [2] * 10, "Aligned for a year and a half, Defined again from the middle of year 3"),
        ([2, 3, 2, 3, 2], "Aligned for half a year in all, Defined again from year 2"),
        ([3, 2, 1], "Aligned for a quarter, Undefined from the middle of year 1"),
        ([1, 3] + [2] * 12 + [3] * 2, "Aligned again from the middle of year 4, three years after losing it"),
        ([3, 3, 2, 3, 3, 3], "Aligned throughout, but for a quarter"),
        ([], "No stage yet: 40 days, and the first audit comes after 65"),
    ],
)
def test_the_sentence_tells_the_path(stages, sentence):
    assert captions.stage_sentence(stages, 40) == sentence


@given(st.lists(st.integers(1, 4), min_size=1, max_size=90))
def test_the_sentence_names_the_stage_at_the_end_and_when_it_began(stages):
    said = captions.stage_sentence(stages)
    assert captions.STAGE_NAMES[stages[-1]] in said
    if len(set(stages)) > 1 and stages[-1] < max(stages):
        start = max(q for q in range(1, len(stages)) if stages[q] != stages[q - 1])
        assert said.endswith(f"from {captions.quarter_start(start)}")
    assert len(said) < 110


def test_running_out_of_cash_is_in_the_headline():
    figure = figures.run_page(fake_run(731, [2] * 4 + [1] * 7, broke=731, net=-900.0))
    said = " ".join(t for t, *_ in texts_of(figure))
    assert "out of cash on day 731" in said
    assert "731 of 1,300 days" in said


# --- layout ---


@given(st.lists(st.tuples(st.floats(-50, 150), st.floats(1, 20)), min_size=1, max_size=8))
def test_spread_labels_never_overlap(labels):
    wanted, sizes = [w for w, _ in labels], [s for _, s in labels]
    places = look.spread(wanted, sizes, 0.0, 200.0)
    rows = sorted(zip(places, sizes, strict=True))
    for (a, size_a), (b, size_b) in zip(rows, rows[1:], strict=False):
        assert b - a >= (size_a + size_b) / 2 - 1e-6
    assert all(s / 2 - 1e-6 <= p <= 200 - s / 2 + 1e-6 for p, s in rows)
    assert places == pytest.approx(look.spread(places, sizes, 0.0, 200.0))


def test_labels_with_room_stay_where_they_want_to_be():
    assert look.spread([80.0, 10.0, 40.0], [10, 10, 10], 0, 100) == [80.0, 10.0, 40.0]


@given(st.lists(st.integers(0, 1299), min_size=1, max_size=25, unique=True))
def test_words_of_flags_never_cross(days):
    flags = place_flags([Flag(day, f"change of {day}") for day in sorted(days)], 1300, 380.0)
    assert [flag.day for flag in flags] == sorted(days)
    shown = []
    for flag in flags:
        x, size = flag.day / 1300 * 380, look.text_width(flag.text, 8.5, True)
        if not flag.hidden:
            shown.append((flag.row, x - 4 - size, x - 4) if flag.left else (flag.row, x + 4, x + 4 + size))
    for k, (row, begin, end) in enumerate(shown):
        assert not any(row == r and begin < e and b < end for r, b, e in shown[k + 1 :])


PAGES = {
    "five years": {},
    "few changes": {"changes": [change(196, {"liaison.count": 1}), change(900, shock="reorganization")]},
    "many changes": {
        "changes": [change(40 * k, {"trust.gain": k / 100, "liaison.count": k}, days=9) for k in range(30)]
    },
    "change at the end": {"changes": [change(1299, {"practices.joint_planning": 1, "practices.rotation": 2})]},
    "20 years": {"days": 5200, "stages": [1, 2, 3, 4, 3, 2, 1, 2, 1] * 9},
    "one quarter": {"days": 65, "stages": [2]},
    "half a quarter": {"days": 30},
    "one day": {"days": 1},
    "eleven weeks": {"days": 77},
    "no contacts": {"contacts": 0.0, "stages": [1]},
    "losses": {"net": -90_000.0, "revenue": 5e7},
    "no money at all": {"revenue": 0.0, "net": 0.0},
    "cents": {"revenue": 0.004, "net": -0.0001},
}


@pytest.mark.parametrize("case", PAGES)
def test_words_on_the_page_neither_touch_nor_leave_it(case):
    run = fake_run(**PAGES[case])
    check_words(figures.run_page(run))
    check_words(figures.run_page(run, baseline=fake_run(seed=3, stages=[1], net=1400.0)))


def test_the_page_with_baseline_and_band(tmp_path):
    run = fake_run(changes=[change(196, {"liaison.count": 1})])
    band = figures.band_of([fake_run(seed=s) for s in range(6)])
    day, low, high = band["contribution"]
    assert (low <= high).all() and day[-1] == 1299
    figure = figures.run_page(run, tmp_path / "run.png", baseline=fake_run(stages=[1], seed=3), band=band)
    check_words(figure)
    said = " ".join(t for t, *_ in texts_of(figure))
    assert "one liaison, day 196" in said
    assert "How fast real firms move between stages is not known." in said
    assert "the range of 6 markets" in said
    assert (tmp_path / "run.png").read_bytes().startswith(b"\x89PNG")


def test_a_band_counts_a_firm_that_ended_as_earning_nothing():
    _, low, high = figures.band_of([fake_run(400), fake_run(800)], share=1.0)["revenue"]
    assert low[-1] == 0 and high[-1] > 0 and low[100] > 0


def test_money_is_the_mean_of_the_quarter_at_a_yearly_rate():
    daily = pd.DataFrame({"revenue": np.r_[np.zeros(65), np.full(200, 2.0)]})
    rate = figures.yearly(daily, "revenue")
    assert np.isnan(rate[:20]).all() and rate[64] == 0
    assert rate[-1] == pytest.approx(520)
    assert rate[65 + 12] == pytest.approx(520 * 13 / 65)


def test_silence_is_said_in_words():
    said = " ".join(t for t, *_ in texts_of(figures.run_page(fake_run(contacts=0.0, stages=[1]))))
    assert "did not talk in 5 years" in said and "That is what Undefined looks like" in said


@pytest.mark.parametrize("ending", ["png", "svg", "pdf"])
def test_formats(tmp_path, ending):
    figures.run_page(fake_run(130), tmp_path / f"run.{ending}")
    assert (tmp_path / f"run.{ending}").stat().st_size > 5000


def test_an_unknown_format_is_refused_before_anything_is_written(tmp_path):
    with pytest.raises(InputError, match=".png, .svg or .pdf"):
        figures.run_page(fake_run(65), tmp_path / "run.foo")
    assert not list(tmp_path.iterdir())


def test_pictures_leave_no_trace_and_can_be_drawn_at_once(tmp_path):
    before = dict(matplotlib.rcParams)
    with matplotlib.rc_context({"savefig.bbox": "tight", "text.color": "red", "figure.facecolor": "black"}):
        mine = dict(matplotlib.rcParams)
        figures.run_page(fake_run(), tmp_path / "alone.png")
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda k: figures.run_page(fake_run(), tmp_path / f"{k}.png"), range(4)))
        assert dict(matplotlib.rcParams) == mine
    assert dict(matplotlib.rcParams) == before
    same = (tmp_path / "alone.png").read_bytes()
    assert all((tmp_path / f"{k}.png").read_bytes() == same for k in range(4))


# --- the card ---


CARDS = {
    "default": {},
    "nobody between": {"liaisons": 0, "complaints": 0},
    "two people": {"nm": 1, "ns": 1, "ties_per": 1, "complaints": 1, "liaisons": 0, "metres": 2.0},
    "300 people": {"nm": 100, "ns": 200, "liaisons": 3, "complaints": 40},
    "36,000 people": {"nm": 12_000, "ns": 24_000, "liaisons": 40, "complaints": 3000, "metres": 9e6},
    "five buildings": {"nm": 4, "ns": 28, "sites": 5, "liaisons": 0},
    "no ties": {"ties_per": 0, "complaints": 0, "metres": 2500.0},
    "day 0": {"day": 0, "stages": ()},
}


@pytest.mark.parametrize("case", CARDS)
def test_the_card_is_readable(case, tmp_path):
    from matplotlib.image import imread

    figure = figures.network_card(fake_simulation(**CARDS[case]), tmp_path / "net.png")
    assert imread(tmp_path / "net.png").shape[:2] == (630, 1200)
    check_words(figure)
    lines = [line for line in figure.axes[0].lines if len(line.get_xdata()) > 20]
    assert len(lines) <= 200


@pytest.mark.parametrize("case", CARDS)
def test_the_crowd_counts_everybody_once(case):
    simulation = fake_simulation(**CARDS[case])
    crowd = crowd_of(simulation.firm, simulation.theory)
    people = simulation.firm.people
    for side, team in ((crowd.marketing, f.Team.MARKETING), (crowd.sales, f.Team.SALES)):
        seats = np.concatenate(side.members)
        assert sorted(seats) == list(np.flatnonzero((people["team"] == team) & (people["working"] == 1)))
        assert all(len(set(people["site"][group])) == 1 and len(group) <= side.per for group in side.members)
        assert len(side.members) <= 60
    assert all(0 <= bond.m < len(crowd.marketing.members) for bond in crowd.bonds)
    assert all(0 <= bond.s < len(crowd.sales.members) and 0 <= bond.trust <= 1 for bond in crowd.bonds)


def test_an_empty_seat_is_not_drawn():
    simulation = fake_simulation()
    simulation.firm.people["working"][0] = 0
    crowd = crowd_of(simulation.firm, simulation.theory)
    assert crowd.marketing.people == 11
    assert crowd.n_ties == sum(simulation.firm.ties["m"][:72] != 0)


def test_trust_of_a_tie_weighs_both_kinds_and_both_ways():
    tie = np.zeros(1, f.TIES)
    tie["cog"], tie["aff"], tie["scar"] = (0.8, 0.6), (0.4, 0.6), (0.5, 0.0)
    assert tie_trust(tie, 0.25)[0] == pytest.approx((0.5 * (0.75 * 0.8 + 0.25 * 0.4) + 0.6) / 2)


def test_a_loaded_run_has_no_network():
    with pytest.raises(InputError, match="no network"):
        figures.network_card(SimpleNamespace(state=None))


# --- smaller pictures ---


def fake_comparison(*shifts, noise=100.0):
    luck = np.random.default_rng(1)
    found = {f"plan {k}": luck.normal(shift, noise, 30) for k, shift in enumerate(shifts, 1)}
    return SimpleNamespace(
        names=("silo", *found),
        differences=lambda metric, name: found[name],
        alone=lambda values: values,
        in_doubt=False,
    )


@pytest.mark.parametrize(
    ("shifts", "noise", "sentence"),
    [
        ((400.0,), 100.0, "plan 1: net value higher by"),
        ((-4000.0,), 100.0, "plan 1: net value lower by 4.0 M€, in 30 of 30 markets"),
        ((0.0,), 1000.0, "cannot be told apart in net value from 30 markets"),
        ((0.0,), 0.0, "have the same net value in all 30 markets"),
        ((400.0, -400.0, 0.0), 50.0, "plan 1 is higher; plan 2 is lower in net value"),
    ],
)
def test_compare_plot_says_whether_plans_differ(shifts, noise, sentence):
    axes = figures.compare_plot(fake_comparison(*shifts, noise=noise))
    assert sentence in " ".join(" ".join(t for t, *_ in texts_of(axes.figure)).split("\n"))
    check_words(axes.figure)
    names = [text.get_window_extent() for text in axes.texts]
    zero = [line.get_window_extent() for line in axes.lines if list(line.get_xdata()) == [0, 0]]
    assert len(zero) >= len(shifts) and not [1 for name in names for line in zero if name.overlaps(line)]


def test_audit_plot_shows_both_sides_of_all_statements():
    run, luck = fake_run(130), np.random.default_rng(2)
    run.audit = pd.DataFrame([
        {"quarter": q, "side": side, "item": item, "statement": f"Statement {item} of this audit " * 3,
         "score": float(luck.integers(1, 6)), "know": luck.integers(0, 2)}
        for q in (1, 2) for side in ("Marketing", "Sales", "both") for item in range(1, 21)
    ])  # fmt: skip
    axes = figures.audit_plot(run)
    check_words(axes.figure)
    said = " ".join(t for t, *_ in texts_of(axes.figure))
    assert all(f"{item}  Statement" in said for item in range(1, 21))
    total = run.audit[(run.audit["quarter"] == 2) & (run.audit["side"] == "Sales")]["score"].sum()
    assert f"Sales {total:.0f} of 100" in said
    with pytest.raises(InputError, match="2 whole quarters"):
        figures.audit_plot(run, 3)


@pytest.mark.parametrize("metric", ["revenue", "trust_ms", "contacts", "people"])
def test_series_plot(metric):
    check_words(figures.series_plot(fake_run(), metric).figure)


def test_every_picture_of_a_real_run(tmp_path):
    run = sim.run(sim.read("liaison").but(days=195), 12)
    check_words(figures.run_page(run, tmp_path / "run.png", baseline=sim.run("silo", 12, days=195)))
    check_words(figures.network_card(run, tmp_path / "net.png"))
    check_words(figures.audit_plot(run).figure)
    for metric in run.daily.columns[1:]:
        assert figures.series_plot(run, metric).lines
    pair = sim.compare("silo", "liaison", seeds=3, days=130)
    for outcome in outcomes.OUTCOMES:
        check_words(pair.plot(outcome).figure)


def test_series_plot_suggests_the_nearest_name():
    with pytest.raises(InputError, match="revenue"):
        figures.series_plot(fake_run(), "revenu")
