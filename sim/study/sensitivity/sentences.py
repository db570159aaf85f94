"""Sentences about a sensitivity analysis: what each index says, how sure it is, and what it cannot say."""

from __future__ import annotations

import math
from types import SimpleNamespace

from sim.errors import plural
from sim.study.sensitivity.found import LOST, MOVES, NOTHING, UNKNOWN
from sim.study.sensitivity.noise import Filled

LARGE = 10_000  # k€ that are told in M€
WIDE = 0.15  # half of an interval, of a share of variance, from which on the sample is called small
POINTS = {"0..1": 100.0, "20..100": 1.0}  # outcomes whose differences are told in points
FULL = {
    "one-at-a-time": "One factor at a time: every other factor stays at the base, so nothing is said about interplay.",
    "morris": "Morris: mu* is the mean size of what a factor does over its whole range; sigma, how unlike that is from "
    "place to place (it bends, or its effect depends on other factors).",
    "sobol": "Sobol: shares of the variance between points. First: a factor alone; total: with everything it takes "
    "part in.",
    "grid": "Shares of the variance over the grid's points, exact for these values. First: a factor alone; total: with "
    "everything it takes part in.",
    "first-order": "Share of the variance that each factor explains alone (RBD-FAST); interplay cannot be told from "
    "this sample.",
}


def number(value: float, figures: int = 3) -> str:
    """About three figures with a true minus sign.

    >>> number(1234.56), number(-0.04567), number(0.0), number(12.0)
    ('1,235', '−0.0457', '0', '12')
    """
    if not math.isfinite(value):
        return "unknown"
    if value == 0:
        return "0"
    places = max(0, figures - 1 - math.floor(math.log10(abs(value))))
    text = f"{value:,.{places}f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace("-", "−")


def amount(value: float, unit: str, signed: bool = False) -> str:
    """A difference of an outcome, with its unit.

    >>> amount(0.031, "0..1"), amount(-250.2, "k€", signed=True)
    ('3.1 percentage points', '−250 k€')
    """
    if unit == "k€" and abs(value) >= LARGE:
        value, unit = value / 1000, "M€"
    text = number(value * POINTS.get(unit, 1.0))
    text = f"+{text}" if signed and value > 0 else text
    name = {"0..1": "percentage points", "20..100": "points"}.get(unit, unit)
    return f"{text} {name}".strip()


def amounts(low: float, high: float, unit: str) -> str:
    """Two differences of an outcome with one unit, that of the larger.

    >>> amounts(9_000, 12_300, "k€"), amounts(0.01, 0.02, "0..1")
    ('9 to 12.3 M€', '1 to 2 percentage points')
    """
    scale = 1000.0 if unit == "k€" and abs(high) >= LARGE else 1 / POINTS.get(unit, 1.0)
    return f"{number(low / scale)} to {amount(high, unit)}"


def level(value: float, unit: str) -> str:
    """An outcome's own value, with its unit.

    >>> level(0.31, "0..1"), level(61.2, "20..100")
    ('31 %', '61.2')
    """
    if not math.isfinite(value):
        return "unknown"
    if unit == "0..1":
        return f"{number(100 * value)} %"
    if unit == "k€" and abs(value) >= LARGE:
        return f"{number(value / 1000)} M€"
    return f"{number(value)} {'' if unit == '20..100' else unit}".strip()


def share(value: float) -> str:
    """A share of variance in percent.

    >>> share(0.4567), share(-0.012), share(0.00012)
    ('46 %', '−1.2 %', '0.01 %')
    """
    return "unknown" if not math.isfinite(value) else f"{number(100 * value, 2 if abs(value) >= 0.01 else 1)} %"


def shown(value: object) -> str:
    """A factor's value: words as they are, numbers short."""
    return value if isinstance(value, str) else number(float(value))  # type: ignore[arg-type]


def sentences(found) -> list[str]:
    """Everything in order: what was asked, a sentence a factor, pairs, chance, what was left out."""
    about = f"{found.outcome}: {plural(len(found.df), 'factor')}, {plural(found.points, 'point')}, "
    about += f"the same {plural(found.markets, 'market')} at each."
    each = []
    for factor, row in found.df.to_dict("index").items():
        each.append(f"{row['rank']}. {factor} {TOLD[found.method](SimpleNamespace(**row), found)}")
    rest = [*_together(found), *_width(found), *_pairs(found), *_chance(found), *found.notes]
    return [about, FULL[found.method], *each, *rest]


def _one_at_a_time(row, found) -> str:
    unit = found.unit
    if row.verdict == LOST:
        return "cannot be told: no point of it has a value."
    if row.swing == 0:
        return "does nothing here: the same in every run."
    way = f"moves it between {level(row.least, unit)} (at {shown(row.least_at)}) and {level(row.most, unit)} "
    way += f"(at {shown(row.most_at)}): a swing of {amount(row.swing, unit)}"
    if row.verdict == UNKNOWN:
        return f"{way}; one market cannot say how much of that is luck."
    if row.verdict == NOTHING:
        return f"is indistinguishable from zero: a swing of {amount(row.swing, unit)} is within the markets' luck."
    ends = {row.at_low_end, row.at_high_end}
    inside = row.values > 2 and not isinstance(row.least_at, str) and (row.least not in ends or row.most not in ends)
    return f"{way}{', not at the ends of its range' if inside else ''}."


def _morris(row, found) -> str:
    unit, size = found.unit, amount(row.mu_star, found.unit)
    if row.mu_star == 0:
        return "does nothing: indistinguishable from zero (the same in every run)."
    if row.verdict == NOTHING:
        return f"is indistinguishable from zero: mu* {size}, where luck alone makes about {amount(row.noise, unit)}."
    text = f"moves it by {size} on average over its range (95 % {amounts(max(row.low, 0.0), row.high, unit)})"
    if math.isfinite(row.mu):
        one_way = abs(row.mu) / row.mu_star
        text += ", up or down depending on the others" if one_way < 0.5 else ", mostly " if one_way < 0.95 else ", "
        text += "" if one_way < 0.5 else "upward" if row.mu > 0 else "downward"
    luck = row.sigma_noise if math.isfinite(row.sigma_noise) else 0.0
    ratio = math.sqrt(max(row.sigma**2 - luck**2, 0.0)) / row.mu_star  # what the markets' luck does not explain
    text += "; about the same everywhere" if ratio < 0.1 else "; it bends or interacts strongly" if ratio > 1 else (
        "; it bends or interacts somewhat" if ratio > 0.5 else "")  # fmt: skip
    return text + (" (one market: luck is not told apart)." if row.verdict == UNKNOWN else ".")


def _band(low: float, high: float) -> str:
    return f"95 % {share(low)} to {share(high)}"


def _variance(row, found) -> str:
    alone = f"alone {share(row.first)} of the variance ({_band(row.first_low, row.first_high)})"
    alone += _negative(row.first, row.first_low <= 0 <= row.first_high)
    if found.method == "first-order":
        if row.first == 0 and row.first_low == row.first_high:
            return "does nothing alone: indistinguishable from zero."
        return f"explains {alone}."
    if row.total == 0:
        return "does nothing: indistinguishable from zero (first and total index 0)."
    total = f"with all it takes part in {share(row.total)} ({_band(row.total_low, row.total_high)})"
    if row.verdict == NOTHING:
        luck = f"; the markets' luck alone makes {share(row.noise)}" if row.noise > 0 else ""
        return f"is indistinguishable from zero: {total}{luck}."
    if row.noise > 0.005:
        total += f", of which {share(row.noise)} is the markets' luck"
    text = f"explains {alone}, {total}"
    interplay = row.total - row.first
    if row.total_low - (row.noise if row.noise > 0 else 0.0) > max(row.first_high, 0.0):
        text += f"; {share(interplay)} come only through interplay"
    if found.method == "grid":
        text += f"; the mean goes from {level(row.at_low_end, found.unit)} (at {shown(row.low_end)}) to "
        text += f"{level(row.at_high_end, found.unit)} (at {shown(row.high_end)})"
    return text + (" (one market: luck is not told apart)." if row.verdict == UNKNOWN else ".")


def _negative(value: float, covers: bool) -> str:
    """What is said behind an index whose interval covers 0, or that is below 0."""
    said = ["indistinguishable from zero"] if covers else []
    if value < 0:
        said.append("a share cannot be negative: that is error of the sample, read it as zero")
    return f" [{'; '.join(said)}]" if said else ""


TOLD = {"one-at-a-time": _one_at_a_time, "morris": _morris, "sobol": _variance, "grid": _variance,
        "first-order": _variance}  # fmt: skip


def _together(found) -> list[str]:
    if "first" not in found.df:
        return []
    alone = float(found.df["first"].clip(lower=0).sum())
    if alone == 0 and not (found.df["verdict"] == MOVES).any():
        return ["No factor moves it here."]
    if alone >= 0.97:
        return [f"Together the factors alone explain {share(min(alone, 1.0))}: their effects nearly add up."]
    rest = "interplay of factors, and the markets' luck"
    if "total" not in found.df:
        rest = "interplay, bends too sharp for it, and luck"
    return [f"Together the factors alone explain {share(alone)}; the rest is {rest}."]


def _width(found) -> list[str]:
    """A word of warning where the sample is too small for its question."""
    if found.method not in ("sobol", "first-order"):
        return []
    halves = {said: float((found.df[f"{name}_high"] - found.df[f"{name}_low"]).max()) / 2
              for name, said in (("first", "alone"), ("total", "in all")) if name in found.df}  # fmt: skip
    wide = [f"±{share(half)} ({said})" for said, half in halves.items() if half >= WIDE]
    if not wide:
        return []
    return [f"Intervals are as wide as {' and '.join(wide)}: the sample is small for this question; double its points."]


def _pairs(found) -> list[str]:
    if found.second is None or not len(found.second):
        return []
    lines = []
    for (one, other), row in found.second.iterrows():
        if row.verdict == MOVES and row.second > 0:
            lines.append(f"{one} and {other}: together {share(row.second)} more than each alone "
                         f"({_band(row.low, row.high)}).")  # fmt: skip
    rest = len(found.second) - len(lines)
    below = int((found.second["second"] < 0).sum())
    if rest:
        text = f"{'The other ' if lines else 'All '}{plural(rest, 'pair')}: indistinguishable from zero."
        if below:
            text += f" {below} of them came out below zero, which is error of the sample: read it as zero."
        lines.append(text)
    return lines


def _chance(found) -> list[str]:
    divided = found.shares
    if found.markets < 2:
        return ["With one market nothing tells the factors' doing from luck: use more ([replications] markets)."]
    if not math.isfinite(divided.factors):
        return ["It is the same in every run."]
    return [
        f"Of the variance between single runs {share(divided.factors)} is the factors', {share(divided.market)} the "
        f"market's (luck that all points share), {share(divided.interplay)} what a market does to one point and not to "
        f"another. Of the variance between the means over {found.markets} markets {share(divided.noise)} is such luck."
    ]


def gap_notes(gaps: Filled, points: int, markets: int, missing) -> list[str]:
    """What is said about runs that failed, have no value, or are not there yet."""
    notes = []
    waiting = len(missing)
    if waiting:
        notes.append(f"The experiment is not finished: {plural(waiting, 'run')} are not there yet.")
    if gaps.missing:
        late = ", or are not there yet" if waiting else ""
        filled = f"{plural(gaps.missing, 'run')} of {points * markets:,} failed or have no value of it{late}"
        if gaps.missing > gaps.lost * markets or not gaps.lost:
            filled += "; a point that lacks less than half of its markets is given what point and market are worth "
            filled += "elsewhere"
        if gaps.lost:
            filled += f"; {plural(gaps.lost, 'point')} lack more and {'is' if gaps.lost == 1 else 'are'} lost"
        notes.append(filled + ".")
    return notes
