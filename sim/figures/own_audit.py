"""The audit by a firm's own people and by the simulated ones on one picture: both sides, both sources, the gaps."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.figure import Figure

from sim.figures import imprint, look
from sim.figures.frame import framed
from sim.figures.imprint import Series, Told
from sim.figures.look import EDGE, HAIR, INK, MARKETING, SALES, SALES_TEXT, SOFT
from sim.model.audit import STATEMENTS

ROW, HEAD, ROOM, GAP = 25.0, 17.0, 300.0, 54.0  # points of the page: a statement, a construct, words, the gap's figure
MARKS = {"marketing": ("s", MARKETING, "Marketing"), "sales": ("o", SALES, "Sales"), "both": ("D", INK, "both sides")}


def own_audit_plot(asked: dict[str, Any], simulated: dict[str, list[float]], about: str = "") -> Figure:
    """Draw what people answered (filled) over what the simulated people say (hollow), statement by statement.

    Parameters
    ----------
    asked
        By side ("marketing", "sales", "both") the number of answers and twenty means, None where hidden.
    simulated
        The twenty scores of the same sides in the run.
    about
        What the run is.
    """
    title, said = (
        headline(asked, simulated),
        f"{_answers(asked)} Filled: the people; hollow: the simulated ones. {about}",
    )
    constructs: dict[str, list[int]] = {}
    for n, statement in enumerate(STATEMENTS):
        constructs.setdefault(statement.construct, []).append(n)
    tall = ROW * len(STATEMENTS) + HEAD * len(constructs)
    with look.drawing():
        now = look.style()
        left, right = now.side + now.length(ROOM), now.width - now.side - now.length(GAP)
        axes = framed(now.length(tall), title, said, left, right, foot=30)
        axes.grid(False)
        axes.set(xlim=(0.8, 5.2), ylim=(-tall, 0), yticks=[])
        axes.set_xticks([1, 2, 3, 4, 5], ["1", "2", "3", "4", "5"])

        def say(y: float, text: str, **how) -> None:
            axes.annotate(text, (0, y), (now.side - left, 0), xycoords=("axes fraction", "data"),
                          textcoords="offset points", **how)  # fmt: skip

        y = 0.0
        for construct, items in constructs.items():
            say(y - 13, construct, fontweight="bold")
            y -= HEAD
            for n in items:
                lines = look.wrapped(f"{n + 1}  {STATEMENTS[n].text}", now.length(ROOM - 10), now.type(8)).split("\n")
                for k, line in enumerate(lines[:2]):
                    say(y - 10 - 9.5 * k, line, fontsize=now.type(8), color=SOFT)
                _rails(axes, y, n, asked, simulated)
                y -= ROW
        _key(axes, asked)
        imprint.attach(axes.figure, Told("own audit", title, said, data=_series(asked, simulated)))
        return axes.figure


def _rails(axes, y: float, n: int, asked, simulated) -> None:
    """Two rails of one statement: the people above, the simulated ones beneath; at the right the people's gap."""
    now = look.style()
    for source, at, filled in ((asked, y - 7.0, True), (simulated, y - 16.5, False)):
        axes.plot([1, 5], [at, at], color=HAIR, linewidth=now.line(0.7), zorder=0)
        values = {side: _value(source, side, n) for side in MARKS if side in source}
        apart = {side: value for side, value in values.items() if side != "both" and value is not None}
        if not apart and values.get("both") is not None:
            apart = {"both": values["both"]}
        if len(apart) == 2:
            axes.plot(list(apart.values()), [at, at], color=EDGE, linewidth=now.line(2.2 if filled else 1), zorder=1)
        for side, value in apart.items():
            mark, colour, _ = MARKS[side]
            axes.plot(value, at, mark, markersize=now.length(6.0 if filled else 4.6), color=colour, zorder=3,
                      markerfacecolor=colour if filled else "white", markeredgecolor=colour,
                      markeredgewidth=now.line(1))  # fmt: skip
        if filled and len(apart) == 2:
            gap = round(apart["marketing"] - apart["sales"], 1) + 0.0
            axes.annotate(f"{gap:+.1f}", (1, at), (now.length(8), 0), xycoords=("axes fraction", "data"),
                          textcoords="offset points", va="center", fontsize=now.type(8), color=INK,
                          fontweight="bold" if abs(gap) >= 1 else "normal")  # fmt: skip


def _value(source, side: str, n: int) -> float | None:
    row = source[side]
    value = row["statements"][n] if isinstance(row, dict) else row[n]
    return None if value is None or np.isnan(value) else float(value)


def _key(axes, asked) -> None:
    now, x, wide = look.style(), 1.0, look.axes_width(axes)
    lift = 1 + now.length(5) / look.axes_height(axes)
    axes.annotate("M less S", (1, lift), (now.length(4), now.length(-3)), xycoords="axes fraction",
                  textcoords="offset points", fontsize=now.type(8), color=SOFT)  # fmt: skip
    sides = [side for side in ("sales", "marketing") if side in asked] or ["both"]
    for side in sides:
        mark, colour, name = MARKS[side]
        x -= (look.text_width(name) + now.length(8)) / wide
        axes.plot(x, lift, mark, transform=axes.transAxes, color=colour, markersize=now.length(6), clip_on=False)
        axes.annotate(name, (x, lift), (now.length(6), now.length(-3)), xycoords="axes fraction",
                      textcoords="offset points", color=SALES_TEXT if side == "sales" else colour)  # fmt: skip
        x -= now.length(14) / wide


def total_of(source, side: str) -> float | None:
    """The sum of twenty scores; None where one of them is hidden or nobody answered."""
    if side not in source:
        return None
    values = [_value(source, side, n) for n in range(len(STATEMENTS))]
    return None if any(value is None for value in values) else float(sum(values))  # type: ignore[arg-type]


def headline(asked, simulated) -> str:
    """Who gives how many points, in a sentence."""
    totals = {side: total_of(asked, side) for side in MARKS}
    ours = {side: total_of(simulated, side) for side in MARKS}
    if totals["marketing"] is not None and totals["sales"] is not None:
        return (f"Marketing gives {totals['marketing']:.0f}, Sales {totals['sales']:.0f} of 100; "
                f"the simulated {ours['marketing']:.0f} and {ours['sales']:.0f}")  # fmt: skip
    if totals["both"] is not None:
        return f"The firm gives {totals['both']:.0f} of 100; the simulation counts {ours['both']:.0f}"
    return "Too few answers for a total"


def _answers(asked) -> str:
    said = [f"{asked[side]['answers']} of {MARKS[side][2]}" for side in ("marketing", "sales") if side in asked]
    return f"Answers: {', '.join(said) or asked['both']['answers']}. 1 is never, 5 always."


def _series(asked, simulated) -> tuple[Series, ...]:
    found, numbers = [], range(1, len(STATEMENTS) + 1)
    for name, source in (("people", asked), ("simulated", simulated)):
        for side in source:
            values = [float("nan") if (x := _value(source, side, n)) is None else x for n in range(len(STATEMENTS))]
            found.append(Series.of(f"{MARKS[side][2]}, {name}", "1..5", "statement", numbers, values))
    return tuple(found)
