"""One run on one page: stages, money, trust and language, contacts."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.figures import look, panels, words
from sim.figures.axis import GAP, label_ends, time_axis
from sim.figures.flags import ROW, Flag, draw_flags, flags_of, place_flags
from sim.figures.look import SIDE, SOFT, WIDTH
from sim.figures.panels import yearly

LEFT = 76.0  # points from the page's edge to the axes
RIBBON, TALL, LOW = 36.0, 106.0, 87.0  # heights of the panels
HEAD, BETWEEN = 24.0, 19.0  # from a panel's title to its axes; from axes to the next title
TITLE, ABOUT = 19.5, 13.0  # from line to line, in type of 15 and 9.5 points
MOST = 6  # lines of words under the title


def run_page(run, path: str | Path | None = None, *, baseline=None, band: Mapping | None = None) -> Figure:
    """Draw one run on one page.

    Parameters
    ----------
    run
        A finished run: its daily table, quarters, scenario and seed are drawn.
    path
        Where to write the picture; the ending says the format (.png, .svg, .pdf). Nothing is written without it.
    baseline
        Another run, drawn as a dashed ghost behind this one.
    band
        What many markets gave: `{"revenue": (day, low, high), "net_value": (day, low, high), "words": "..."}`,
        in k€ a year; either may be missing. `band_of` makes it from a list of runs.

    Returns
    -------
    matplotlib.figure.Figure
        Never shown on a screen by itself.
    """
    with look.drawing():
        title = sentence(run)
        figure = _draw(run, title, baseline, band or {})
        if path is not None:
            look.write(figure, path, title=title, about=_subtitle(run, baseline, []))
    return figure


def sentence(run) -> str:
    """The headline of a run, from its stages; also whether its cash ran out."""
    said = words.stage_sentence(list(run.quarters["stage"]), run.days)
    broke = getattr(run, "broke", None)
    return said if broke is None else f"{said}, out of cash on day {broke:,}"


def band_of(runs, share: float = 0.8) -> dict:
    """The middle `share` of several runs on other markets, day by day, for `run_page(band=...)`.

    Needs of each run its `daily` revenue and contribution. A firm that ran out
    of cash earns nothing from then on.
    """
    days, tail = max(len(run.daily) for run in runs), (1 - share) / 2
    made: dict = {"words": f"grey: the middle {share * 100:.0f} % of {words.plural(len(runs), 'market')}"}
    for name, column in (("revenue", "revenue"), ("net_value", "contribution")):
        lines = np.zeros((len(runs), days))
        for line, run in zip(lines, runs, strict=True):
            line[: len(run.daily)] = yearly(run.daily, column)
        known = np.isfinite(lines).all(axis=0)
        low, high = np.quantile(lines[:, known], [tail, 1 - tail], axis=0)
        made[name] = (np.arange(days)[known], low, high)
    return made


def _subtitle(run, baseline, flags: list[Flag], most: int = 1000) -> str:
    """What was run; of the changes no more than `most` are named."""
    people = run.daily["people"].to_numpy() if "people" in run.daily else ()
    heads = ""
    if len(people):
        grown = int(people[-1]) != int(people[0])
        heads = f"{int(people[0]):,} people" + (f" ({int(people[-1]):,} in the end), " if grown else ", ")
    long = words.days_long(run.days)
    if getattr(run, "broke", None) is not None and run.days < run.scenario.days:
        long = f"{run.days:,} of {run.scenario.days:,} days"
    title = run.scenario.title.strip().rstrip(".") or "A scenario without a title"
    said = f"{title}{'' if title.endswith(('?', '!')) else '.'} {heads}market {run.seed:,}, {long}."
    named = [f"({flag.number}) {flag.text_with_day}" if flag.number else flag.text_with_day for flag in flags[:most]]
    if len(named) < len(flags):
        named.append(f"and {words.count(len(flags) - most)} more")
    if named:
        said += f" Changed: {'; '.join(named)}."
    if baseline is not None:
        before = sentence(baseline)
        said += f" Dashed, the baseline: {before[0].lower()}{before[1:]}."
    return said


def _footer(run) -> str:
    source = Path(getattr(run.scenario, "source", "") or "").name
    where = f", {source}" if source else ""
    return (f"Baton {look.version()}{where}, seed {run.seed}. A stage counts after two quarters in its band.\n"
            "How fast real firms move between stages is not known.")  # fmt: skip


def _draw(run, title: str, baseline, band: Mapping) -> Figure:
    ends = panels.end_words(run, baseline)
    room = max(look.text_width(text, 8.5, bold) for labels in ends.values() for _, text, _, bold in labels)
    right = WIDTH - max(room + GAP + 14, 60)
    flags = place_flags(flags_of(run), run.days, right - LEFT)
    rows = 1 + max((flag.row for flag in flags), default=-1)

    title = look.balanced(title, WIDTH - 2 * SIDE, 15, True).split("\n")
    about = _about(run, baseline, flags)
    top = 20 + TITLE * len(title) + 4 + ABOUT * len(about) + 10
    height = top + RIBBON + 4 * (BETWEEN + HEAD) + ROW * rows + 3 + TALL + 3 * LOW + 62
    figure = look.new_figure(WIDTH, height)

    def say(x: float, y: float, text: str, **how) -> None:
        figure.text(x / WIDTH, 1 - y / height, text, **{"va": "baseline", **how})

    def panel(y: float, tall: float) -> Axes:
        axes = figure.add_axes((LEFT / WIDTH, 1 - (y + tall) / height, (right - LEFT) / WIDTH, tall / height))
        axes.set(xlim=(0, max(run.days, 1)), xticks=[], ylim=(0, 1))
        return axes

    def head(y: float, name: str, unit: str) -> None:
        say(SIDE, y + 12, name, fontsize=10.5, fontweight="bold")
        start = SIDE + look.text_width(name, 10.5, True) + 6
        say(start, y + 12, look.shortened(unit, WIDTH - SIDE - start, 8.5), color=SOFT)

    for k, line in enumerate(title):
        say(SIDE, 34 + TITLE * k, line, fontsize=15, fontweight="bold")
    for k, line in enumerate(about):
        say(SIDE, 32 + TITLE * len(title) + ABOUT * k, line, fontsize=9.5, color=SOFT)
    y = top
    ribbon = panel(y, RIBBON)
    say(SIDE, y + RIBBON - 5, "Stage", fontsize=10.5, fontweight="bold")
    panels.stages(ribbon, run)
    y += RIBBON + BETWEEN

    drawn: list[Axes] = []
    order = ((panels.revenue, TALL), (panels.net_value, LOW), (panels.trust, LOW), (panels.contacts, LOW))
    for k, (draw, tall) in enumerate(order):
        at = y + HEAD + (ROW * rows + 3 if k == 0 else 0)
        axes = panel(at, tall)
        name, unit, key = draw(axes, run, baseline, band, ends)
        head(y, name, unit)
        label_ends(axes, ends[key])
        drawn.append(axes)
        y = at + tall + BETWEEN
    time_axis(drawn, run.days)
    draw_flags(drawn, flags)
    say(SIDE, height - 14, _footer(run), fontsize=7.5, color=SOFT, linespacing=1.4, va="bottom")
    return figure


def _about(run, baseline, flags: list[Flag]) -> list[str]:
    """The words under the title in at most MOST lines: changes that find no room are counted."""
    for most in range(len(flags), -1, -1):
        lines = look.wrapped(_subtitle(run, baseline, flags, most), WIDTH - 2 * SIDE, 9.5).split("\n")
        if len(lines) <= MOST:
            break
    return lines
