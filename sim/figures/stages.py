"""The stages of many firms: how large a share has come to each by when, and how long it stays."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from sim.figures import captions, imprint, look
from sim.figures.axis import SAMPLE, label_ends, time_axis
from sim.figures.frame import framed
from sim.figures.imprint import Series, Told
from sim.model.firm import QUARTER
from sim.result import titled

TALL, RISK = 150.0, 12.0  # points of the page: the axes, a line of numbers at risk
DASHES = ("", (1, 1.5), (4, 2), (8, 2, 1.5, 2), "")  # by stage, so that colour is not needed; IV is whole
SHARES = (0, 0.25, 0.5, 0.75, 1)


def survival_plot(found, leaving: bool = False) -> Axes:
    """Draw how large a share of firms has come to each stage by when, with 95 % intervals.

    Kaplan-Meier: a firm that ran out of cash, or that was not looked at any
    longer, is a small upright stroke. Under the axis: firms still on the way.

    Parameters
    ----------
    found
        A result of `sim.survival`.
    leaving
        Instead, how long a stage lasted once it was reached.
    """
    curves = {stage: found.curve(stage, leaving) for stage in (1, 2, 3, 4)}
    shown = [stage for stage, curve in curves.items() if len(curve.time) > 1 and not _at_once(found, stage, leaving)]
    n = len(found.df) // 4
    title, about = _title(found, curves, shown, n, leaving), _about(found, shown, n, leaving)
    with look.drawing():
        axes = _draw(curves, shown, found.days, title, about, leaving)
        told = Told(
            "leaving" if leaving else "survival", title, about, scenarios_of(found), tuple(found.seeds),
            imprint.market_digest(found.markets), data=_curve_series(curves, shown), made=imprint.made_of(found),
        )  # fmt: skip
        imprint.attach(axes.figure, told)
    return axes


def scenarios_of(found) -> tuple[dict, ...]:
    """The scenario that was run, for the record; none for a sweep."""
    return () if found.scenario is None else (imprint.scenario_record(found.scenario),)


def _at_once(found, stage: int, leaving: bool) -> bool:
    """Whether all firms that ever came to a stage were there at the first audit: nothing to draw."""
    rows = found.df[(found.df["stage"] == stage) & (found.df["event"] == 1)]
    return not leaving and bool((rows["from_start"] == 1).all())


def named(stage: int) -> str:
    """A stage by numeral and name."""
    return f"{look.NUMERALS[stage]} {look.STAGE_NAMES[stage]}"


def _title(found, curves: dict, shown: list[int], n: int, leaving: bool) -> str:
    """What the highest stage that was reached (or left) says."""
    if not shown:
        return f"No stage was {'left' if leaving else 'reached after the start'} in {captions.plural(n, 'market')}"
    top = shown[-1]
    summary = found.summary().loc[(look.STAGE_NAMES[top].lower(), "left" if leaving else "reached")]
    median, name = summary["median_days"], look.STAGE_NAMES[top]
    if np.isfinite(median):
        after = captions.quarters_long(round(median / QUARTER))
        return f"{name} is {'left' if leaving else 'reached'} after {after}, in the median"
    share = f"{100 * curves[top].share[-1]:.0f} % of firms"
    if leaving:
        return f"{share} leave {name} within {captions.quarters_long(round(curves[top].time[-1] / QUARTER))}"
    return f"{name} is reached by {share} in {captions.days_long(found.days)}"


def _about(found, shown: list[int], n: int, leaving: bool) -> str:
    said = titled(found.scenario) + ". " if found.scenario is not None else ""
    said += f"{captions.plural(n, 'market')}, {captions.days_long(found.days)}. Kaplan-Meier estimate with 95 % "
    said += "intervals; upright stroke: censored (end of the run, or out of cash); below: firms "
    said += "still in the stage." if leaving else "that have not come to it."
    rows = found.df[(found.df["from_start"] == 1)]
    starts = [f"{named(stage)} in {count}" for stage, count in rows["stage"].value_counts().sort_index().items()]
    if starts and not leaving:
        said += f" At the first audit: {', '.join(starts)}."
    return said


def _draw(curves: dict, shown: list[int], days: int, title: str, about: str, leaving: bool) -> Axes:
    now = look.style()
    ends = [(curves[stage].share[-1], named(stage), look.INK, True) for stage in shown]
    room = now.length(SAMPLE) + max((look.text_width(text, None, True) for _, text, *_ in ends), default=0.0)
    left, right = now.side + now.length(38), now.width - now.side - max(room + now.length(14), now.length(20))
    name = f"Share of firms that have {'left the stage, by time in it' if leaving else 'come to the stage'}"
    axes = framed(now.length(TALL), title, about, left, right, foot=34 + RISK * len(shown), name=name)
    axes.set(xlim=(0, max(days, 1)), ylim=(0, 1.02))
    axes.set_yticks(SHARES, [f"{100 * share:.0f} %" for share in SHARES])
    for stage in shown:
        curve, colour = curves[stage], look.STAGE_FILL[stage]
        end = days if curve.share[-1] == 1 else min(max(curve.times), days)  # nobody was looked at any longer
        time, share = np.append(curve.time, end), np.append(curve.share, curve.share[-1])
        low, high = (np.append(part, part[-1]) for part in (curve.low, curve.high))
        x, *ends_of_steps = (np.repeat(part, 2) for part in (time, low, high))
        low, high = (part[:-1] for part in ends_of_steps)  # each value holds until the next time
        axes.fill_between(x[1:], low, high, color=colour, alpha=0.16, linewidth=0)
        axes.plot(time, share, drawstyle="steps-post", clip_on=False, **_line(stage))
        lost = curve.censored[curve.censored < end]
        axes.plot(lost, share[np.searchsorted(time, lost, side="right") - 1], "|", color=colour,
                  markersize=now.length(6), markeredgewidth=now.line(1))  # fmt: skip
    label_ends(axes, ends, [_line(stage) for stage in shown])
    time_axis([axes], days)
    _at_risk(axes, curves, shown, left, leaving)
    return axes


def _line(stage: int) -> dict:
    """How a stage's curve is drawn: told apart by its dashes, not by colour alone."""
    dash = {"dashes": DASHES[stage]} if DASHES[stage] else {}
    return {"color": look.STAGE_FILL[stage], "linewidth": look.style().line(1.9), **dash}


def _at_risk(axes: Axes, curves: dict, shown: list[int], left: float, leaving: bool) -> None:
    """Under each tick of the axis, how many firms are still on the way to each stage."""
    now = look.style()
    at = axes.get_xticks()
    for k, stage in enumerate(shown):
        down = -now.length(28 + RISK * k)
        axes.annotate(look.NUMERALS[stage], (0, 0), (now.side - left, down), xycoords="axes fraction",
                      textcoords="offset points", fontweight="bold", va="baseline")  # fmt: skip
        for day in at:
            axes.annotate(f"{curves[stage].still(day):,}", (day, 0), (0, down), xycoords=("data", "axes fraction"),
                          textcoords="offset points", color=look.SOFT, va="baseline")  # fmt: skip


def _curve_series(curves: dict, shown: list[int]) -> tuple[Series, ...]:
    found = []
    for stage in shown:
        curve = curves[stage]
        for name, values in (("share", curve.share), ("low", curve.low), ("high", curve.high)):
            found.append(Series.of(f"{named(stage)}, {name}", "0..1", "day", curve.time, values))
    return tuple(found)
