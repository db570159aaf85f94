"""Pictures for papers and talks: the right size, one size of type, no words lost, touching or outside."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import matplotlib
import pytest
from matplotlib import font_manager
from test_figures import CARDS, PAGES, change, check_words, fake_comparison, fake_run, fake_simulation

import sim
from sim import figures
from sim.errors import InputError
from sim.figures import look, styles
from sim.figures.stages import survival_plot

MM = 72 / 25.4
COLUMN, TWO, SLIDE = ("paper", 89), ("paper", 183), ("talk", None)
STYLES = [COLUMN, TWO, SLIDE]
THINNEST = 0.25  # points: journals drop what is thinner
SMALLEST = 540 / 50  # points: words on a slide are at least 1/50 of its height


def drawn(draw, style):
    """A picture in a style, with everything checked that every picture of this style must hold."""
    with figures.dressed(*style):
        picture = draw()
    figure = getattr(picture, "figure", None) or picture
    figure.set_dpi(styles.style_of(*style).dpi)  # as it is written: hinting makes words wider where dots are few
    check_words(figure)
    words = [text for text in figure.findobj(matplotlib.text.Text) if text.get_visible() and text.get_text().strip()]
    sizes = {round(text.get_fontsize(), 6) for text in words}
    wide, high = (inches * 72 for inches in figure.get_size_inches())
    if style[0] == "paper":
        assert sizes == {7.0}
        assert wide == pytest.approx(style[1] * MM)
        assert high <= 247 * MM, "longer than a journal's page"
    else:
        assert min(sizes) >= SMALLEST
        assert wide == 960 and high <= 540
    thin = [line for line in figure.findobj(matplotlib.lines.Line2D) if 0 < line.get_linewidth() < THINNEST]
    assert not thin
    assert not [text.get_text() for text in words if "…" in text.get_text()], "words were cut"
    return figure


def test_every_machine_has_the_typeface():
    """Letters come from the font that matplotlib carries, whatever else is installed; bold ones too."""
    with look.drawing():
        for weight in ("normal", "bold"):
            wanted = font_manager.FontProperties(weight=weight)
            found = Path(font_manager.findfont(wanted)).resolve()
            assert found.is_relative_to(Path(matplotlib.get_data_path()).resolve())


# --- the page ---


@pytest.mark.parametrize("case", [case for case in PAGES if case != "many changes"])
def test_the_page_in_one_column(case):
    drawn(lambda: figures.run_page(fake_run(**PAGES[case]), baseline=fake_run(seed=3, stages=[1])), COLUMN)


@pytest.mark.parametrize("style", [TWO, SLIDE], ids=str)
@pytest.mark.parametrize("case", ["five years", "few changes", "20 years", "half a quarter", "no contacts"])
def test_the_page_in_two_columns_and_on_a_slide(case, style):
    drawn(lambda: figures.run_page(fake_run(**PAGES[case]), baseline=fake_run(seed=3, stages=[1])), style)


@pytest.mark.parametrize("style", STYLES, ids=str)
def test_many_changes_find_room_or_become_numbers(style):
    with figures.dressed(*style):
        check_words(figures.run_page(fake_run(**PAGES["many changes"])))


@pytest.mark.parametrize("style", STYLES, ids=str)
def test_the_band_is_told_in_the_caption_where_the_panel_has_no_room(style):
    band = figures.band_of([fake_run(seed=s) for s in range(4)])
    figure = drawn(lambda: figures.run_page(fake_run(), band=band), style)
    assert "the range of 4 markets" in figure.baton.caption


@pytest.mark.parametrize("style", [*STYLES, ("page", None)], ids=str)
def test_contribution_says_what_is_left_out(style):
    with figures.dressed(*style):
        figure = figures.run_page(fake_run(), baseline=fake_run(seed=3, stages=[1]))
    assert any("not discounted" in text.get_text() for text in figure.texts)


def test_a_paper_has_no_headline_and_the_caption_has_it():
    figure = drawn(lambda: figures.run_page(fake_run()), COLUMN)
    said = [text.get_text() for text in figure.findobj(matplotlib.text.Text)]
    headline = "Aligned from the middle of year 3, with half a year lost"
    assert headline not in said and figure.baton.caption.startswith(headline)
    assert {"Stage", "Revenue", "Contribution", "Trust and language", "Contacts across the gap"} <= set(said)


# --- the others ---


@pytest.mark.parametrize("style", STYLES, ids=str)
@pytest.mark.parametrize("case", CARDS)
def test_the_card(case, style):
    figure = drawn(lambda: figures.network_card(fake_simulation(**CARDS[case])), style)
    lines = [line for line in figure.axes[0].lines if len(line.get_xdata()) > 20]
    assert len(lines) <= 200


@pytest.mark.parametrize("style", STYLES, ids=str)
@pytest.mark.parametrize("shifts", [(400.0,), (0.0,), (400.0, -400.0, 0.0)], ids=str)
def test_comparisons(shifts, style):
    figure = drawn(lambda: figures.compare_plot(fake_comparison(*shifts, noise=80.0)), style)
    said = " ".join(text.get_text() for text in figure.findobj(matplotlib.text.Text))
    assert "plan 1" in said and ("less that of silo" in said or style is SLIDE)


@pytest.fixture(scope="module")
def life():
    return sim.run("liaison-leaves", 12)


@pytest.mark.parametrize("style", STYLES, ids=str)
def test_pictures_of_a_real_run(life, style):
    drawn(lambda: figures.audit_plot(life), style)
    drawn(lambda: figures.network_card(life), style)
    for name in ("revenue", "contribution", "equity", "trust", "contacts"):
        drawn(lambda name=name: figures.panel_plot(life, name), style)
    for metric in ("cash", "trust_ms", "contacts"):
        drawn(lambda metric=metric: figures.series_plot(life, metric), style)


@pytest.mark.parametrize("style", STYLES, ids=str)
def test_pictures_of_many_markets(style):
    found = sim.survival("near-cheap", 12)
    for leaving in (False, True):
        drawn(lambda leaving=leaving: survival_plot(found, leaving), style)
    drawn(lambda: figures.stages_plot(found), style)
    nobody = sim.survival("silo", 2, days=195)
    drawn(lambda: figures.stages_plot(nobody), style)


@pytest.mark.parametrize("style", STYLES, ids=str)
@pytest.mark.parametrize("by", ["lever", "funnel"])
def test_waterfalls(by, style):
    found = sim.explain("silo", "liaison", by=by, seeds=3, days=260)
    drawn(lambda: figures.waterfall(found), style)


def test_a_slide_shows_the_statements_that_differ_most(life):
    figure = drawn(lambda: figures.audit_plot(life), SLIDE)
    table = life.audit[life.audit["quarter"] == 20].pivot(index="item", columns="side", values="score")
    apart = (table["Marketing"] - table["Sales"]).abs().sort_values()
    said = " ".join(text.get_text() for text in figure.findobj(matplotlib.text.Text))
    shown = [item for item in table.index if f"{item} " in said or f"{item}  " in said]
    assert apart.index[-1] in shown and len(figure.axes[0].texts) < 40
    column = drawn(lambda: figures.audit_plot(life), COLUMN)
    said = [text.get_text() for text in column.findobj(matplotlib.text.Text)]
    assert all(any(line.startswith(f"{item} ") for line in said) for item in range(1, 21)), "a paper shows all"


# --- styles themselves ---


def test_the_page_is_as_it_was_designed():
    for value in (0.7, 8.5, 15.0):
        assert styles.PAGE.type(value) == styles.PAGE.length(value) == styles.PAGE.line(value) == value


def test_a_style_ends_with_its_block_even_after_a_fault_and_stays_in_its_thread():
    with pytest.raises(ZeroDivisionError), figures.dressed("talk"):
        assert look.style() is styles.TALK
        with figures.dressed("paper", 183):
            with ThreadPoolExecutor(1) as pool:
                assert pool.submit(look.style).result() is styles.PAGE
            1 / 0  # noqa: B018
    assert look.style() is styles.PAGE


@pytest.mark.parametrize(
    ("name", "width", "said"),
    [
        ("papper", None, 'did you mean "paper"'),
        ("talk", 89, "only the style paper takes a width"),
        ("paper", 20, "85 to 190 mm"),
        ("paper", 400, "85 to 190 mm"),
    ],
)
def test_a_style_that_does_not_exist_is_refused(name, width, said):
    with pytest.raises(InputError, match=said), figures.dressed(name, width):
        pass


def test_a_style_is_found_again_by_what_it_is_called():
    for style in (styles.PAGE, styles.TALK, styles.paper(), styles.paper(183), styles.paper(120)):
        assert styles.style_called(style.called) == style


@pytest.mark.parametrize("width", [85, 120, 190])
def test_other_widths_of_journals(width):
    drawn(lambda: figures.run_page(fake_run(changes=[change(196, {"liaison.count": 1})])), ("paper", width))
