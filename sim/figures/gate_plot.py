"""The gate as a picture: each step of the own funnel on the band of the simulated firms."""

from __future__ import annotations

from matplotlib.figure import Figure

from sim.figures import imprint, look
from sim.figures.frame import framed, sides
from sim.figures.imprint import Series, Told
from sim.study.own.gate import Look, shown

ROW, FARTHEST = 17.0, 2.6  # points of the page for a step; half bands to each side


def gate_plot(seen: Look) -> Figure:
    """Draw one line a step: the band of nine in ten simulated firms, its middle, and the firm's own number as a dot.

    Parameters
    ----------
    seen
        What `sim.study.own.gate.look` found. Each side of a band has its own scale, so that bands lie under each other.
    """
    about = (
        f"{seen.runs} simulated firms over {seen.days} working days; bars: nine in ten of them, stroke: their middle."
    )
    about += " Dots: the firm's own, in the half of its funnel that nothing was fitted to; hollow outside of the band."
    steps = seen.steps
    with look.drawing():
        now = look.style()
        axes = framed(now.length(ROW * max(len(steps), 1)), seen.sentence(), about, *sides(150, 130), foot=16,
                      name="The own funnel on the simulated one")  # fmt: skip
        axes.set(xlim=(-FARTHEST, FARTHEST), ylim=(max(len(steps), 1) - 0.5, -0.5), xticks=[])
        axes.grid(False)
        axes.spines["bottom"].set_visible(False)
        axes.set_yticks(range(len(steps)), [step.name for step in steps])
        for at, step in enumerate(steps):
            off = max(min(step.off, FARTHEST), -FARTHEST)
            axes.barh(at, 2, left=-1, height=0.5, color=look.GHOST, alpha=0.35)
            axes.plot([0, 0], [at - 0.36, at + 0.36], color=look.MARKETING, linewidth=now.line(1.9))
            face = look.SALES if step.inside else "white"
            axes.plot(
                off, at, "o", markersize=now.length(6), markerfacecolor=face, markeredgecolor=look.SALES, clip_on=False
            )
            said = f"{shown(step, step.own)}, simulated {shown(step, step.middle)}"
            axes.annotate(said, (FARTHEST, at), (now.length(6), 0), textcoords="offset points", va="center",
                          annotation_clip=False)  # fmt: skip
        numbers = range(1, len(steps) + 1)
        data = (
            [Series.of("off the middle", "half bands", "step", numbers, [step.off for step in steps])] if steps else []
        )
        imprint.attach(axes.figure, Told("gate", seen.sentence(), about, data=tuple(data)))
        return axes.figure
