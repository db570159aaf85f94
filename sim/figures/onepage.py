"""One run on one page: stages, money, trust and language, contacts."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.figures import captions, imprint, look, numbers, panels
from sim.figures.axis import label_ends, time_axis
from sim.figures.flags import ROW, Flag, draw_flags, flags_of, place_flags
from sim.figures.look import SOFT
from sim.figures.panels import yearly
from sim.figures.styles import Style
from sim.result import past_market, titled
from sim.study import intervals

# In points of the page.
LEFT, NEAR = 44.0, 36.0  # from the margin to the axes, on a page and on a slide
RIBBON, TALL, LOW = 36.0, 106.0, 87.0  # heights of the panels
HEAD, BETWEEN = 24.0, 19.0  # from a panel's title to its axes; from axes to the next title
TITLE, ABOUT = 19.5, 13.0  # from line to line, in type of 15 and 9.5 points
AXIS, FOOT = 18.0, 44.0  # for the words under the last axes; for the footer under them
LIMIT = "How fast real firms move between stages is not known."
NOTE = (
    "Revenue and contribution: mean of the last quarter at a yearly rate, not discounted. Trust and language: 0 to 1, "
    "mean over ties; squares: Marketing trusts Sales, circles: Sales trusts Marketing. Contacts: hatched, about a "
    "complaint. A stage counts after two quarters in its band."
)
MOST, FEW = 6, 2  # lines of words under the title, on a page and on a slide


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
        What many markets gave: `{"revenue": (day, low, high), "contribution": (day, low, high), "words": "..."}`,
        in k€ a year; either may be missing. `band_of` makes it from a list of runs.

    Returns
    -------
    matplotlib.figure.Figure
        Never shown on a screen by itself.
    """
    with look.drawing():
        title = sentence(run)
        figure = _draw(run, title, baseline, band or {})
        told = _told(run, title, baseline, band or {})
        imprint.attach(figure, told)
        if path is not None:
            look.write(figure, path, title=title, about=told.about)
    return figure


def _told(run, title: str, baseline, band: Mapping) -> imprint.Told:
    """What the page tells about itself; a band counts only if it says which markets it is made of."""
    known = band if band.get("seeds") else {}
    about = f"{_subtitle(run, baseline, flags_of(run))} {NOTE}"
    if band.get("words"):
        about += f" {band['words'][:1].upper()}{band['words'][1:]}."
    options = imprint.life_options(run)
    if baseline is not None:
        options["baseline"] = imprint.life_options(baseline) | {"seed": baseline.seed}
    if known:
        options["band"] = list(known["seeds"])
    return imprint.Told(
        figure="run", title=title, about=f"{about} {LIMIT}",
        scenarios=tuple(imprint.scenario_record(each.scenario) for each in (run, baseline) if each is not None),
        seeds=(run.seed,), market=imprint.market_of(run), options=options,
        data=numbers.of_page(run, baseline, known), made=imprint.made_of(run),
    )  # fmt: skip


def sentence(run) -> str:
    """The headline of a run, from its stages; also whether its cash ran out."""
    said = captions.stage_sentence(list(run.quarters["stage"]), run.days)
    broke = getattr(run, "broke", None)
    return said if broke is None else f"{said}, out of cash on day {broke:,}"


def band_of(runs, share: float = 0.8) -> dict:
    """The middle `share` of several runs on other markets (of few, their range), day by day, for `run_page(band=...)`.

    Needs of each run its `daily` revenue and contribution. A firm that ran out
    of cash earns nothing from then on.
    """
    days, name = max(len(run.daily) for run in runs), intervals.band_name(len(runs), share)
    middle = "the range" if name == "range" else f"the middle {share * 100:.0f} %"
    made: dict = {"words": f"grey: {middle} of {captions.plural(len(runs), 'market')}"}
    made["seeds"] = sorted(run.seed for run in runs if hasattr(run, "seed"))
    for name in ("revenue", "contribution"):
        lines = np.zeros((len(runs), days))
        for line, run in zip(lines, runs, strict=True):
            line[: len(run.daily)] = yearly(run.daily, name)
        known = np.isfinite(lines).all(axis=0)
        low, _, high = intervals.band(lines[:, known], share)
        made[name] = (np.arange(days)[known], low, high)
    return made


def _subtitle(run, baseline, flags: list[Flag], most: int = 1000) -> str:
    """What was run; of the changes no more than `most` are named."""
    people = run.daily["people"].to_numpy() if "people" in run.daily else ()
    heads = ""
    if len(people):
        grown = int(people[-1]) != int(people[0])
        heads = f"{int(people[0]):,} people" + (f" ({int(people[-1]):,} in the end), " if grown else ", ")
    long = captions.days_long(run.days)
    if getattr(run, "broke", None) is not None and run.days < run.scenario.days:
        long = f"{run.days:,} of {run.scenario.days:,} days"
    title = titled(run.scenario) or "A scenario without a title"
    said = f"{title}{'' if title.endswith(('?', '!')) else '.'} {heads}market {run.seed:,}{past_market(run)}, {long}."
    named = [f"({flag.number}) {flag.text_with_day}" if flag.number else flag.text_with_day for flag in flags[:most]]
    if len(named) < len(flags):
        named.append(f"and {captions.count(len(flags) - most)} more")
    if named:
        said += f" Changed: {'; '.join(named)}."
    if worth := panels.worth_words(run):
        said += f" {worth}"
    if baseline is not None:
        before = sentence(baseline)
        said += f" Dashed, the baseline: {before[0].lower()}{before[1:]}."
    return said


def _footer(run, lines: int) -> str:
    source = Path(getattr(run.scenario, "source", "") or "").name
    where = f", {source}" if source else ""
    counts = " A stage counts after two quarters in its band.\n" if lines == 2 else " "
    return f"Baton {look.version()}{where}, seed {run.seed}.{counts}{LIMIT}"


def _draw(run, title: str, baseline, band: Mapping) -> Figure:
    now = look.style()
    ends = panels.end_words(run, baseline)
    plain = now.type(8.5)
    room = max(look.text_width(text, plain, bold) for labels in ends.values() for _, text, _, bold in labels)
    after = max(room + now.length(10) + min(now.length(14), now.side), now.length(60))  # right of the axes
    columns = _columns(now)
    wide = (now.width - now.side * (len(columns) - 1)) / len(columns)
    left, right = now.side + now.length(LEFT if now.height is None else NEAR), wide - after
    flags = place_flags(flags_of(run), run.days, right - left)
    rows = 1 + max((flag.row for flag in flags), default=-1)

    titles = look.balanced(title, now.width - 2 * now.side, now.type(15), True).split("\n") if now.worded else []
    about = _about(run, baseline, flags) if now.worded else []
    top = now.length(20 + TITLE * len(titles) + 4 + ABOUT * len(about) + 10) if now.worded else now.length(3)
    heights, height = _heights(now, columns, top, now.length(ROW * rows + 3))
    figure = look.new_figure(now.width, height)

    def say(x: float, y: float, text: str, **how) -> None:
        figure.text(x / now.width, 1 - y / height, text, **{"va": "baseline", **how})

    def panel(begin: float, y: float, tall: float) -> Axes:
        x = begin + left
        axes = figure.add_axes((x / now.width, 1 - (y + tall) / height, (right - left) / now.width, tall / height))
        axes.set(xlim=(0, max(run.days, 1)), xticks=[], ylim=(0, 1))
        return axes

    def head(begin: float, y: float, name: str, unit: str) -> None:
        say(begin + now.side, y + now.length(12), name, fontsize=now.type(10.5), fontweight="bold")
        start = begin + now.side + look.text_width(name, now.type(10.5), True) + now.length(6)
        unit = look.clauses(unit, begin + wide - now.side - start, plain)
        say(start, y + now.length(12), unit, color=SOFT)

    for k, line in enumerate(titles):
        say(now.side, now.length(34 + TITLE * k), line, fontsize=now.type(15), fontweight="bold")
    for k, line in enumerate(about):
        y = now.length(32 + TITLE * len(titles) + ABOUT * k)
        say(now.side, y, line, fontsize=now.type(9.5), color=SOFT)
    for k, column in enumerate(columns):
        begin, y, drawn = k * (wide + now.side), top, []
        for name in column:
            if name == "stages":
                ribbon = panel(begin, y, heights[name])
                say(begin + now.side, y + heights[name] - now.length(5), "Stage", fontsize=now.type(10.5),
                    fontweight="bold")  # fmt: skip
                panels.stages(ribbon, run)
                y += heights[name] + now.length(BETWEEN)
                continue
            at = y + now.length(HEAD) + (0 if drawn else now.length(ROW * rows + 3))
            axes = panel(begin, at, heights[name])
            said, unit, key = getattr(panels, name)(axes, run, baseline, band, ends)
            head(begin, y, said, unit)
            label_ends(axes, ends[key])
            drawn.append(axes)
            y = at + heights[name] + now.length(BETWEEN)
        time_axis(drawn, run.days)
        draw_flags(drawn, flags)
    if now.worded:
        footer = _footer(run, 1 if now.height else 2)
        say(now.side, height - now.length(14), footer, fontsize=now.type(7.5), color=SOFT, linespacing=1.4, va="bottom")
    return figure


def _columns(now: Style) -> tuple[tuple[str, ...], ...]:
    """The panels from top to bottom; a slide is wide and low, so it has two columns."""
    if now.height is None:
        return (("stages", "revenue", "contribution", "trust", "contacts"),)
    return (("stages", "revenue", "contribution"), ("trust", "contacts"))


def _heights(now: Style, columns, top: float, flagged: float) -> tuple[dict[str, float], float]:
    """The height of each panel and of the whole; `flagged` is what the rows of flags take."""
    heights = {name: now.length(LOW) for column in columns for name in column}
    heights |= {"stages": now.length(RIBBON), "revenue": now.length(TALL)}
    below = now.length(AXIS) + (now.length(FOOT) if now.worded else now.side)
    heads = [sum(name != "stages" for name in column) for column in columns]
    rest = [
        now.length(HEAD * n + BETWEEN * (len(column) - 1)) + flagged for n, column in zip(heads, columns, strict=True)
    ]
    if now.height is None:
        return heights, top + sum(heights.values()) + rest[0] + below
    below = now.length(AXIS + 0.75 * FOOT)
    for n, column, taken in zip(heads, columns, rest, strict=True):
        fixed = sum(heights[name] for name in column if name == "stages")
        each = (now.height - top - taken - fixed - below) / n
        heights |= {name: each for name in column if name != "stages"}
    return heights, now.height


def _about(run, baseline, flags: list[Flag]) -> list[str]:
    """The words under the title in as many lines as there is room for: changes that find none are counted."""
    now = look.style()
    room = MOST if now.height is None else FEW
    for most in range(len(flags), -1, -1):
        lines = look.wrapped(_subtitle(run, baseline, flags, most), now.width - 2 * now.side, now.type(9.5)).split("\n")
        if len(lines) <= room:
            break
    return lines[: max(room, 1)]
