"""A brief on one page: what was asked, where the teams stand, money, what holds the firm back, limits of the claim."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from sim.figures import captions, imprint, look
from sim.figures.imprint import Series, Told
from sim.figures.look import EDGE, HAIR, INK, SOFT
from sim.figures.plots import SAID
from sim.figures.shares import stacked
from sim.files.provenance import made_by
from sim.model.firm import QUARTER
from sim.result import titled
from sim.result.outcomes import KNOWN
from sim.scenario.schema import NUMBERS, in_speech, moved, spoken
from sim.study.briefing import LIMITS, MADE_UP, OF_OWN
from sim.study.doubt import set_of
from sim.study.intervals import band_name

WIDE, HIGH, SIDE = 595.0, 842.0, 48.0  # points: A4, its margin
STACK, LINE = 66.0, 13.5  # points: one organization's stages at least, a line of text
TALLEST = 165.0  # points: one organization's stages where the page has room for more
MOST, NAMED = 6, 3  # changes listed at least; named in the headline


class Page:
    """A sheet with a cursor that goes down; lengths in points from the top."""

    def __init__(self, stack: float = STACK, most: int = MOST, scale: float = 1.0) -> None:
        self.figure, self.y = look.new_figure(WIDE, HIGH), 44.0
        self.stack, self.most, self.scale = stack * scale, most, scale

    def say(self, text: str, size: float = 10, bold: bool = False, colour: str = INK, x: float = SIDE) -> None:
        """Text in as many lines as it takes, in the page's scale."""
        size *= self.scale
        for line in look.wrapped(text, WIDE - SIDE - x, size, bold).split("\n"):
            self.y += 1.32 * size
            self.at(x, line, size, bold, colour)

    def at(self, x: float, text: str, size: float = 10, bold: bool = False, colour: str = INK, **how) -> None:
        """One line at the cursor's height."""
        self.figure.text(x / WIDE, 1 - self.y / HIGH, text, fontsize=size, color=colour, va="baseline",
                         fontweight="bold" if bold else "normal", **how)  # fmt: skip

    def head(self, text: str) -> None:
        """A section's name, under a hair line."""
        self.y += 15
        self.figure.add_artist(Rectangle((SIDE / WIDE, 1 - self.y / HIGH), 1 - 2 * SIDE / WIDE, 0.7 / HIGH,
                                         color=HAIR, transform=self.figure.transFigure))  # fmt: skip
        self.y += 4
        self.say(text, 10.5, True)
        self.y += 2

    def axes(self, height: float, left: float, right: float) -> Axes:
        """Axes as high as given, under the cursor, which goes below them."""
        self.y += height
        return self.figure.add_axes((left / WIDE, 1 - self.y / HIGH, (right - left) / WIDE, height / HIGH))


def brief_page(found) -> Figure:
    """Draw a brief on a sheet of A4.

    Parameters
    ----------
    found
        A result of `sim.study.briefing.brief`.
    """
    with look.drawing():
        title, about = headline(found), _about(found)
        for scale in (1.0, 0.95, 0.9, 0.85, 0.8):  # a full page is set smaller, down to eight points
            page = _drawn(found, Page(scale=scale), title, about)
            if page.y <= HIGH - 50:
                break
        if (room := HIGH - 50 - page.y) > LINE:  # what is left of the sheet goes to the changes, and to the stages
            more = min(max(len(found.differs()) - MOST, 0), int(room / LINE))
            stack = min(STACK + (room - more * LINE) / len(found.sides), TALLEST)
            page = _drawn(found, Page(stack, MOST + more, scale), title, about)
        _foot(page, found)
        imprint.attach(page.figure, _told(found, title, about))
    return page.figure


def _drawn(found, page: Page, title: str, about: str) -> Page:
    """All but the footer."""
    page.say(title, 18, True)
    page.y += 3
    page.say(about, 10.5, colour=SOFT)
    if len(found.sides) > 1:
        _changes(page, found)
    _stages(page, found)
    _money(page, found)
    _holding(page, found)
    page.head("Limits of these claims")
    doubt = found.doubt()
    for limit in ([doubt.in_short()] if doubt else []) + _limits(found):
        page.say(f"· {limit}", 9.5, colour=SOFT)
    return page


def _limits(found) -> list[str]:
    """Limits of the claims; of a firm that was imported the level of money is its own, as far as it was measured."""
    own = any(side.scenario.firm for side in found.sides)
    return [OF_OWN if own and limit == MADE_UP else limit for limit in LIMITS]


def headline(found) -> str:
    """The answer in a sentence, from the data."""
    n, last = captions.plural(len(found.seeds), "market"), found.last
    if len(found.sides) == 1:
        ends = [path[-1] for path in last.stages if path]
        if not ends:
            return f"No stage yet: the first audit comes after {QUARTER} days"
        stage = max(sorted(set(ends)), key=ends.count)
        years = captions.days_long(last.scenario.days)
        return f"{look.STAGE_NAMES[stage]} in {ends.count(stage)} of {n} after {years}"
    row = found.table().loc["net_value"]
    scale, unit = look.money_unit([row["difference"]])
    if np.isnan(row["low"]):
        return "One market says nothing about chance: give the brief more of them"
    ends = f"between {_signed(row['low'] / scale)} and {_signed(row['high'] / scale)} {unit}"
    if row["low"] <= 0 <= row["high"]:
        if found.in_doubt and row["low"] < row["high"]:  # the mean may well be known where the sign for one firm is not
            more = f"{last.name} has more net value in {row['higher_in']:.0f} of {n}"
            return f"{more}; one firm's mean lies {ends} (95 %, luck and doubt about numbers)"
        return f"{last.name} and {found.sides[0].name} cannot be told apart in net value: {ends} by {n}"
    moved = "higher" if row["difference"] > 0 else "lower"
    luck = "luck and doubt about numbers" if found.in_doubt else f"luck of {n}"
    return f"Net value is {moved} with {_whole_change(found)}: {ends} (95 %, {luck})"


def _whole_change(found) -> str:
    """All that differs, by name as far as there is room: a headline that named one of five levers would lie."""
    names = list(dict.fromkeys("changes on later days" if name == "changes" else spoken(name).replace(": ", " ")
                               for name, *_ in found.differs()))  # fmt: skip
    if not names:
        return found.last.name
    if len(names) > NAMED + 1:
        names = [*names[:NAMED], f"{captions.count(len(names) - NAMED)} more changes"]
    told = [f"{name[:1].lower()}{name[1:]}" for name in names]
    return told[0] if len(told) == 1 else f"{', '.join(told[:-1])} and {told[-1]}"


def _signed(value: float) -> str:
    return f"{'+' if value > 0 else ''}{look.digits(value, 2)}"


def _about(found) -> str:
    titles = " against ".join(f"“{titled(side.scenario)}”" for side in reversed(found.sides))
    said = f"{titles}: {captions.plural(len(found.seeds), 'market')}, {captions.days_long(found.last.scenario.days)}"
    same = ", the same leads in both." if found.same_markets else ". The markets themselves differ between the two."
    if not found.money:
        said += "; money in per cent of revenue until somebody accepts the gate (baton gate)"
    if len(found.sides) == 1:
        return f"{said}."
    if found.in_doubt:
        sets = len({set_of(seed) for seed in found.seeds})
        return (
            f"{said}{same} {captions.plural(len(found.in_doubt), 'guessed number')} drawn from their plausible ranges, "
            f"{captions.count(sets)} sets; the intervals say where the mean over markets lies for another set."
        )
    if any(side.scenario.sets for side in found.sides):
        return f"{said}{same} The intervals are of these markets' luck and of the doubt about fitted numbers."
    return f"{said}{same} The intervals are of these markets' luck; doubt about the numbers is not in them."


def _changes(page: Page, found) -> None:
    page.head("What changes")
    rows = found.differs()
    if not rows:
        page.say("Nothing: both are the same organization.", colour=SOFT)
    for name, was, now in rows[: page.most]:
        if name == "changes":  # each a row of its own, there or not there
            text = in_speech(f"{now[:1].upper()}{now[1:]}" if now else f"Not any more: {was}")
        else:
            change = moved(name, _word(was), _word(now)) if name in NUMBERS else f"{_word(was)} → {_word(now)}"
            text = f"{spoken(name)}: {change}"
        page.say(look.shortened(text, WIDE - 2 * SIDE, 10))
    if len(rows) > page.most:
        page.say(f"and {captions.count(len(rows) - page.most)} more", colour=SOFT)


def _word(value) -> str:
    if value in ("", None):
        return "none"
    return captions.plain(value) if isinstance(value, int | float) else str(value)


def _stages(page: Page, found) -> None:
    page.head("Where the two teams stand: markets in each stage, quarter by quarter")
    n = len(found.seeds)
    for k, side in enumerate(found.sides):
        page.y += 4 if k == 0 else 20
        page.say(side.name, 9.5, True)
        page.y += 9
        stacked(page.axes(page.stack, SIDE + 24, WIDE - SIDE - 96), side.shares(), n, side.scenario.days)
    page.y += 14


def _money(page: Page, found) -> None:
    """The outcomes as a table: medians and bands, or both sides and their paired difference."""
    two = len(found.sides) > 1
    page.head("What it comes to" + (": means, and the difference market by market" if two else ", in these markets"))
    heads = ([side.name for side in found.sides] + ["difference", "95 %", "higher in"]) if two else (
        ["median", band_name(len(found.seeds))])  # fmt: skip
    ends = (255, 328, 400, 490, WIDE - SIDE) if two else (255, 400)
    page.y += LINE
    for x, text in zip(ends, heads, strict=True):
        page.at(x, look.shortened(text, 72 if two else 200, 9), 9, colour=SOFT, ha="right")
    for outcome, row in found.table().iterrows():
        page.y += LINE
        columns = [row["before"], row["after"], row["difference"]] if two else [row["median"]]
        scale, unit = _scale(outcome, [*columns, row["low"], row["high"]], found.money)
        said = SAID.get(outcome, outcome.replace("_", " "))
        page.at(SIDE, f"{said[:1].upper()}{said[1:]}{', ' if unit else ''}{unit}")
        figure = [look.digits(value / scale) for value in columns]
        if two:
            figure[2] = _signed_three(columns[2] / scale)
            band = f"{_signed_three(row['low'] / scale)} to {_signed_three(row['high'] / scale)}"
            cells = [*figure, band if np.isfinite(row["low"]) else "", f"{int(row['higher_in'])} of {len(found.seeds)}"]
        else:
            cells = [*figure, f"{look.digits(row['low'] / scale)} to {look.digits(row['high'] / scale)}"]
        for k, (x, text) in enumerate(zip(ends, cells, strict=True)):
            page.at(x, text, bold=two and k == 2, ha="right")


def _signed_three(value: float) -> str:
    return f"{'+' if value > 0 else ''}{look.digits(value)}"


def _scale(outcome: str, values, money: bool) -> tuple[float, str]:
    unit = KNOWN[outcome].unit
    if unit == "k€" and not money:
        return 1.0, "% of revenue"
    if unit == "k€":
        return look.money_unit(values)
    return (0.01, "%") if unit == "0..1" else (1.0, "20 to 100" if unit == "20..100" else unit)


def _holding(page: Page, found) -> None:
    """The statements that score lowest at the end, as rails from 1 to 5."""
    last = found.last
    page.head(
        look.shortened(
            f"What holds {last.name} back: lowest statements at the end (1 without evidence, 5 fully)", 499, 10.5, True
        )
    )
    rows = last.holding()
    if not rows:
        page.say("No audit yet.", colour=SOFT)
    for item, text, score in rows:
        page.y += 15
        page.at(SIDE, look.shortened(f"{item}  {text}", 372, 10))
        page.at(WIDE - SIDE, look.digits(score, 2), bold=True, ha="right")
        left, right, y = 430.0, WIDE - SIDE - 28, 1 - (page.y - 3.5) / HIGH
        for end, colour, thick in ((5.0, HAIR, 4.0), (score, INK, 4.0)):
            wide = (right - left) * (end - 1) / 4
            corner = (left / WIDE, y - thick / 2 / HIGH)
            page.figure.add_artist(Rectangle(corner, wide / WIDE, thick / HIGH, color=colour,
                                             transform=page.figure.transFigure))  # fmt: skip
    if last.broke:
        page.say(f"The money ran out in {last.broke} of {captions.plural(len(found.seeds), 'market')}.", bold=True)


def _foot(page: Page, found) -> None:
    hashes = ", ".join(f"{side.name} {side.scenario.hash}" for side in found.sides)
    seeds = f"{found.seeds[0]} to {found.seeds[-1]}" if len(found.seeds) > 1 else f"{found.seeds[0]}"
    page.y = max(page.y + 16, HIGH - 34)
    page.at(SIDE, look.shortened(f"Baton {look.version()}. Scenarios {hashes}; markets {seeds}.", WIDE - 2 * SIDE, 7.5),
            7.5, colour=EDGE)  # fmt: skip


def _told(found, title: str, about: str) -> Told:
    table, data = found.table(), []
    for column in table:
        data.append(Series.of(column, "", "outcome", table.index, table[column]))
    for side in found.sides:
        shares = side.shares()
        for stage in (1, 2, 3, 4):
            name = f"{side.name}, {look.NUMERALS[stage]} {look.STAGE_NAMES[stage]}"
            data.append(Series.of(name, "markets", "quarter", range(1, shares.shape[1] + 1), shares[stage - 1]))
        data.append(Series.of(f"{side.name}, score", "1..5", "statement", range(1, 21), side.items))
    return Told(
        "brief", title, about, tuple(imprint.scenario_record(side.scenario) for side in found.sides),
        tuple(found.seeds), imprint.market_digest(found.market_hashes),
        options={"doubt": True} if found.in_doubt else {}, data=tuple(data),
        made=made_by(lived=[side.scenario for side in found.sides]),
    )  # fmt: skip
