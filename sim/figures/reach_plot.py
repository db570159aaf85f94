"""How many markets have reached a stage, quarter by quarter, under each plan."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from matplotlib.axes import Axes

from sim.errors import plural
from sim.figures import look, studies
from sim.figures.axis import label_ends, time_axis
from sim.figures.frame import framed, sides
from sim.figures.look import GHOST, GHOST_DASH, INK, LANGUAGE_DASH, MARKETING, SALES_TEXT, SOFT
from sim.model.firm import QUARTER, YEAR

LINES = ((INK, "-"), (MARKETING, (0, LANGUAGE_DASH)), (SALES_TEXT, (0, (1.5, 1.5))))  # never told apart by colour alone


def reach_plot(result) -> Axes:
    """Draw the share of the unseen markets that have reached the stage, for the as-is and each plan.

    Parameters
    ----------
    result
        What `sim.reach` returned.
    """
    stage, n = result.stage.name.lower(), len(result.plans)
    within = f"{result.days / YEAR:.3g} year{'' if result.days == YEAR else 's'}"
    if n and not result.plans[0].actions:
        title = f"As it is, the firm comes to {stage} within {within}"
    elif n:
        title = f"{plural(n, 'plan')} {'bring' if n > 1 else 'brings'} the firm to {stage} within {within}"
    else:
        title = f"No plan found that brings the firm to {stage} within {within}"
    about = f"{result.as_is.title.rstrip('.')}. Share of {plural(len(result.markets), 'market')} not used in the search"
    about += f" in which {stage} or a higher stage has counted. The dot: what was wished for."
    lines = [("as it is", result.baseline, GHOST, (0, GHOST_DASH))]
    lines += [(plan.name, plan.lives, *LINES[k % len(LINES)]) for k, plan in enumerate(result.shown) if plan.actions]
    with look.drawing():
        now = look.style()
        axes = framed(now.length(170), title, about, *sides(30, 52), name=f"Markets that have reached {stage}")
        axes.set(xlim=(0, result.as_is.days), ylim=(0, 1.0))
        axes.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0", "25 %", "50 %", "75 %", "100 %"])
        end, goal = result.days, result.chance
        axes.plot([0, end, end], [goal, goal, 0], color=SOFT, linewidth=now.line(0.7), zorder=1)
        axes.plot(end, goal, "o", markersize=now.length(5), color=SOFT, zorder=2)
        ends = []
        for name, lives, ink, stroke in lines:
            if not lives:
                continue
            share = [0.0, *result.share_by_quarter(lives)]
            axes.step(QUARTER * np.arange(len(share)), share, where="post", color=ink, linestyle=stroke,
                      linewidth=now.line(1.9), clip_on=False, zorder=3)  # fmt: skip
            ends.append((share[-1], name, ink, name != "as it is"))
        label_ends(axes, ends)
        time_axis([axes], result.as_is.days)
        studies.tell_plans(axes.figure, result)
    return axes


def write_reach(result, path: str | Path) -> None:
    """Draw the plans and write the picture as .png, .svg or .pdf."""
    with look.drawing():
        figure = reach_plot(result).figure
        look.write(figure, path, title=f"Baton: {repr(result).strip('<>')}", about=result.as_is.title)
