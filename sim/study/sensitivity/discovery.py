"""Scenario discovery: in which corners of the space does a condition hold?"""

from __future__ import annotations

import html
import math
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from sim.errors import InputError, plural
from sim.files.folder import written_whole
from sim.files.harmless import write_csv
from sim.files.provenance import made_by, made_of
from sim.files.toml_written import toml_text
from sim.study.sensitivity.boxes import LEAST_CASES, WAY, Box, Limit, check, limit_words, quasi_p_words, search
from sim.study.sensitivity.sample import Axis, axes_of, blocks, positions_of, star, trajectories
from sim.study.sensitivity.sensitivity import opened
from sim.study.sensitivity.sentences import share
from sim.study.sensitivity.terms import BASE, Held, Term, arms_of, read_term

if TYPE_CHECKING:
    from sim.study.store.store import Store

DENSE = 0.8
MADE_OF_FEW = ("one-at-a-time", "morris")


def discover(store: Store | str | Path, condition: str, arm: str | None = None, density: float = DENSE) -> Discovery:
    """Find the corners of the space in which a condition holds.

    Parameters
    ----------
    store : Store or path
        An experiment whose points fill the space (Latin hypercube, Sobol,
        Saltelli, a grid, a list).
    condition : str
        Such as "net_value(liaison) < net_value(base)" or "score >= 60 and
        net_value > 0", judged by the means over markets. An outcome alone
        ("net_value") means: less in the arm than at the base.
    arm : str, optional
        The arm that outcomes without an arm mean; for an outcome alone, the
        arm that is held against the base (the only other one, if there is one).
    density : float
        Share of a box's points at which the condition should hold, 0.5 .. 1.

    Returns
    -------
    Discovery

    Raises
    ------
    InputError
        Not a condition, a sample that does not fill the space, or EMA Workbench
        is not installed.
    """
    if not 0.5 <= density <= 1.0:
        raise InputError(f"density = {density}: give a share from 0.5 to 1")
    store = opened(store)
    term = _condition(condition, store, arm)
    factors, sample = store.experiment.factors, store.experiment.sample.method
    X = store.design[[factor.name for factor in factors]]
    axes = axes_of(factors, X)
    P = positions_of(axes, X)
    if sample in MADE_OF_FEW or (len(axes) > 1 and (star(P) is not None or trajectories(P) is not None)):
        raise InputError(
            f"this sample ({sample}, {len(X)} points) does not fill the space, so no region can be read off it: in "
            '[sample], method = "latin-hypercube", "sobol", "saltelli" or "grid" does'
        )
    held = term.held()
    found = Discovery(term, axes, X, held, density)
    found.made = made_of(store) or made_by()
    found.in_blocks = sample == "saltelli" or blocks(P) is not None
    if min(found.cases, found.known - found.cases) >= LEAST_CASES:
        found.look()
    return found


def _condition(text: str, store, arm: str | None) -> Term:
    term = read_term(text, store, arm)
    if term.is_condition:
        return term
    others = [name for name in arms_of(store) if name != BASE]
    if arm is None and len(others) == 1:
        arm = others[0]
    if arm in (None, BASE) or "(" in text:
        raise InputError(
            f"{text}: give a condition, such as {text} < 0"
            + (f", or an arm to hold against the base ({', '.join(others)})" if others and "(" not in text else "")
        )
    named = arm if arm.replace("-", "_").isidentifier() else f'"{arm}"'
    return read_term(f"{text}({named}) < {text}({BASE})", store)


class Discovery:
    """Corners of the space in which a condition holds.

    Attributes
    ----------
    condition : str
    boxes : list of Box
        The first is found among all points, each next among those outside the boxes before.
    df : DataFrame
        One row a limit of a box: box, factor, low, high, words, quasi_p.
    trade_off : DataFrame
        Every box on the way: box, step, coverage, density, points, restricted, chosen.
    checked : tuple
        Density and coverage of boxes sought in one half of the points and counted in the other.
    cases, known, clear : int
        Points where the condition holds; points with enough runs; and, of these,
        points where the markets leave no doubt about it.
    """

    def __init__(self, term: Term, axes: list[Axis], X: pd.DataFrame, held: Held, density: float):
        self.condition, self.axes, self.X, self.density = term.text, tuple(axes), X, density
        self.holds, self.is_known = held.holds, held.known
        self.cases, self.known = int((held.holds & held.known).sum()), int(held.known.sum())
        self.clear, self.lost = int(held.clear.sum()), int((~held.known).sum())
        self.boxes: list[Box] = []
        self.trade_off = pd.DataFrame(columns=WAY)
        self.in_blocks, self.checked, self.made = False, (math.nan, math.nan), made_by()

    @property
    def df(self) -> pd.DataFrame:
        """One row a limit of a box."""
        rows = [{"box": k, **limit._asdict(), "words": " / ".join(limit.words)}
                for k, box in enumerate(self.boxes, 1) for limit in box.limits]  # fmt: skip
        return pd.DataFrame(rows, columns=["box", *Limit._fields])

    def look(self) -> None:
        """Search for the boxes."""
        X, y = self.X[self.is_known].reset_index(drop=True), self.holds[self.is_known].astype(int)
        table = pd.DataFrame({axis.name: X[axis.name].astype(str if axis.words else float) for axis in self.axes})
        varied = table[[name for name in table if table[name].nunique() > 1]]
        self.boxes, self.trade_off = search(varied, y, self.axes, self.density)
        if self.boxes:
            self.checked = check(varied, y, self.axes, self.density)

    def axis(self, name: str) -> Axis:
        return next(axis for axis in self.axes if axis.name == name)

    def sentences(self) -> list[str]:
        """What was found in plain sentences."""
        rate = self.cases / self.known if self.known else math.nan
        lines = [f"{self.condition}: true at {self.cases:,} of {plural(self.known, 'point')} ({share(rate)}), by the "
                 "means over markets."]  # fmt: skip
        if self.lost:
            lines.append(f"{plural(self.lost, 'point')} more had too few runs with a value, and were left out.")
        lines += [_box_sentence(k, box, self) for k, box in enumerate(self.boxes, 1)]
        if not self.boxes:
            lines.append(self._nothing())
        else:
            free = [axis.name for axis in self.axes if axis.name not in set(self.df["factor"])]
            if free:
                lines.append(f"Not restricted: {', '.join(free)}.")
            outside = 1 - sum(box.coverage for box in self.boxes)
            where = "the box" if len(self.boxes) == 1 else "all boxes"
            lines.append(f"{share(max(outside, 0.0))} of the cases lie outside of {where}.")
            lines.append(self._check())
        if self.known:
            lines.append(f"At {self.known - self.clear:,} of {plural(self.known, 'point')} the markets do not settle "
                         "whether it is true (95 %); limits are blurred by that much.")  # fmt: skip
        if self.in_blocks and self.boxes:
            lines.append("The sample's points come in blocks that share coordinates, so the quasi-p-values are too "
                         "small; a Latin hypercube gives honest ones.")  # fmt: skip
        return lines

    def _check(self) -> str:
        density, coverage = self.checked
        if math.isnan(density):
            return "Check: from half of the points no box is found; take this one for a hint, and add points."
        return (f"Check: boxes sought in one half of the points hold at {share(density)} of those inside them in the "
                f"other half, and cover {share(coverage)} of the cases there.")  # fmt: skip

    def _nothing(self) -> str:
        if not self.cases:
            return "It is true nowhere in this sample."
        if self.cases == self.known:
            return "It is true everywhere in this sample: no corner to look for."
        fewer = min(self.cases, self.known - self.cases)
        if fewer < LEAST_CASES:
            kind = "true" if self.cases < self.known - self.cases else "not true"
            return f"It is {kind} at {plural(fewer, 'point')} only; a box needs at least {LEAST_CASES}."
        return "No box is told apart from luck: where it is true does not depend on single factors' ranges."

    def summary(self) -> str:
        """The sentences as one text."""
        return "\n".join(self.sentences())

    def plot(self):
        """Coverage against density, and the boxes, as a figure (matplotlib Axes; never calls show)."""
        from sim import figures

        return figures.discovery_plot(self)

    def save(self, folder: str | Path, overwrite: bool = False) -> Path:
        """Write `boxes.csv`, `trade_off.csv`, `discovery.txt`, `discovery.toml` and, if there is a box,
        `discovery.png`, or nothing."""
        from sim import figures

        with written_whole(folder, overwrite, "discovery.toml") as work:
            write_csv(self.df, work / "boxes.csv")
            write_csv(self.trade_off, work / "trade_off.csv")
            (work / "discovery.txt").write_text(self.summary() + "\n", encoding="utf-8")
            about = {"condition": self.condition, "density": self.density, "cases": self.cases, "known": self.known}
            said = toml_text({"discovery": about, "versions": self.made})
            (work / "discovery.toml").write_text(said, encoding="utf-8")
            if self.boxes:
                figures.write_sensitivity(self, work / "discovery.png")
        return Path(folder)

    def as_data(self) -> dict:
        """Everything as plain data, for --json."""
        boxes = [{**box._asdict(), "limits": [limit._asdict() for limit in box.limits]} for box in self.boxes]
        density, coverage = self.checked
        return {"condition": self.condition, "cases": self.cases, "points": self.known, "clear": self.clear,
                "left_out": self.lost, "boxes": boxes, "checked": {"density": density, "coverage": coverage},
                "trade_off": self.trade_off.to_dict("records"), "sentences": self.sentences()}  # fmt: skip

    def __repr__(self) -> str:
        return f"<Discovery of {self.condition}: {len(self.boxes)} boxes, {self.cases} of {self.known} points>"

    def _repr_html_(self) -> str:
        said = "".join(f"<li>{html.escape(line)}</li>" for line in self.sentences())
        return f"<p>{html.escape(repr(self))}</p>{self.df.round(4).to_html(index=False)}<ul>{said}</ul>"


def _box_sentence(k: int, box: Box, found: Discovery) -> str:
    where = "; ".join(f"{limit_words(limit, found.axis(limit.factor))} (quasi-p {quasi_p_words(limit.quasi_p)})"
                      for limit in box.limits)  # fmt: skip
    text = f"Box {k}: {where}. It is true at {share(box.density)} of the {box.points} points inside (density), which "
    text += f"are {share(box.coverage)} of all cases (coverage)."
    return text if box.dense else f"{text} That is less than the {share(found.density)} asked for."
