"""A firm's own funnel: how many came to each step, and how long its opportunities take."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.figures import imprint, look
from sim.figures.frame import framed, sides
from sim.figures.imprint import Series, Told

BAR, GAP, CURVE = 21.0, 46.0, 130.0  # points of the page: a step, between the parts, the curves
SHARES = (0, 0.25, 0.5, 0.75, 1)
FILL = {"inquiry": look.MARKETING, "qualified": look.MARKETING}  # the steps that Marketing takes; the others are Sales'


def own_funnel_plot(kept: dict[str, Any]) -> Figure:
    """Draw the funnel that `baton import` counted: a bar a step, then shares of opportunities ended and won by time.

    Parameters
    ----------
    kept
        What a folder's funnel.json holds.
    """
    steps, deals = steps_of(kept), kept.get("deals") or {}
    closing = deals.get("closing")
    title, about = _title(steps, deals), _about(kept, closing)
    with look.drawing():
        now = look.style()
        low = now.length(CURVE + GAP) if closing else 0.0
        bars = now.length(BAR * max(len(steps), 1))
        axes = framed(bars + low, title, about, *sides(86, 70), name="Came to each step")
        figure = axes.figure
        if closing:
            box = axes.get_position()
            part = low / (bars + low)
            below = figure.add_axes((box.x0, box.y0, box.width, box.height * part * CURVE / (CURVE + GAP)))
            axes.set_position((box.x0, box.y0 + box.height * part, box.width, box.height * (1 - part)))
            _curves(below, closing)
        _bars(axes, steps)
        imprint.attach(figure, Told("own funnel", title, about, data=_series(steps, closing)))
    return figure


def steps_of(kept: dict[str, Any]) -> list[tuple[str, int | None, float | None, float | None]]:
    """(step, how many came to it, of the step before, median wait in days): leads first, then opportunities, then won.

    >>> steps_of({"steps": [], "deals": {"opportunities": 20, "won": 8, "win_rate": 0.5, "won_days": {"median": 3}}})
    [('opportunities', 20, None, None), ('won', 8, 0.5, 3)]
    """
    found = [(row["step"], row["reached"], row["rate"], (row["wait"] or {}).get("median")) for row in kept["steps"]]
    if deals := kept.get("deals"):
        found.append(("opportunities" if not found else "all opportunities", deals["opportunities"], None, None))
        found.append(("won", deals["won"], deals["win_rate"], (deals["won_days"] or {}).get("median")))
    return found


def _title(steps: list, deals: dict) -> str:
    first, last = steps[0] if steps else ("nothing", None, None, None), steps[-1] if steps else None
    if last and last[0] == "won" and last[1] is not None:
        rate = f", {100 * last[2]:.0f} % of those that ended" if last[2] is not None else ""
        return f"{last[1]:,} of {deals['opportunities']:,} opportunities were won{rate}"
    return f"{first[1]:,} leads came" if first[1] is not None else "A funnel of fewer than five"


def _about(kept: dict[str, Any], closing) -> str:
    said = (
        f"Counted from the firm's own exports, seen until {kept.get('as_of') or 'an unknown day'}. Bars: how many came "
    )
    said += "to a step, with the share of the step before and the median wait."
    if closing:
        of = "opportunities" if closing["n"] is None else f"{closing['n']:,} opportunities"
        said += f" Curves: {of}; the share that has ended (Kaplan-Meier, 95 % interval; "
        said += "open ones count until they were last seen) and the share that is won (Aalen-Johansen)."
    return said


def _bars(axes: Axes, steps: list) -> None:
    now = look.style()
    most = max((row[1] or 0 for row in steps), default=0) or 1
    axes.set(xlim=(0, most), ylim=(max(len(steps), 1) - 0.5, -0.5), xticks=[])
    axes.grid(False)
    axes.spines["bottom"].set_visible(False)
    axes.set_yticks(range(len(steps)), [row[0] for row in steps])
    for at, (name, n, rate, wait) in enumerate(steps):
        axes.barh(at, n or 0, height=0.7, color=FILL.get(name, look.SALES))
        said = [f"{n:,}" if n is not None else "1 to 4, or unknown"]
        said += [f"{100 * rate:.0f} %{' of those that ended' if name == 'won' else ''}"] if rate is not None else []
        said += [f"{wait:g} days"] if wait is not None else []
        axes.annotate(", ".join(said), (n or 0, at), (now.length(4), 0), textcoords="offset points", va="center",
                      annotation_clip=False)  # fmt: skip


def _curves(axes: Axes, closing: dict[str, Any]) -> None:
    now = look.style()
    end = max(closing["day"][-1], closing["won_day"][-1], 1)
    axes.set(xlim=(0, end), ylim=(0, 1.02), xlabel="days since the opportunity was opened")
    axes.set_yticks(SHARES, [f"{100 * share:.0f} %" for share in SHARES])
    axes.fill_between(closing["day"], closing["low"], closing["high"], color=look.GHOST, alpha=0.2, linewidth=0)
    lines = (("day", "closed", "ended", look.INK, "-"), ("won_day", "won", "won", look.SALES_TEXT, (0, (4, 2))))
    for when, what, name, colour, dash in lines:  # between two points at least five deals ended: they are joined
        days, shares = closing[when], closing[what]
        axes.plot(days, shares, color=colour, linestyle=dash, linewidth=now.line(1.9), clip_on=False)
        axes.plot(days, shares, "o", color=colour, markersize=now.length(3.5), clip_on=False)
        axes.annotate(name, (days[-1], shares[-1]), (now.length(6), 0), textcoords="offset points", va="center",
                      color=colour, annotation_clip=False)  # fmt: skip


def _series(steps: list, closing) -> tuple[Series, ...]:
    counts = [float("nan") if row[1] is None else float(row[1]) for row in steps]
    found = [Series.of("came to each step", "count", "step", range(1, len(steps) + 1), counts)] if steps else []
    if closing:
        found.append(Series.of("ended", "0..1", "day", closing["day"], closing["closed"]))
        found.append(Series.of("won", "0..1", "day", closing["won_day"], closing["won"]))
    return tuple(found)
