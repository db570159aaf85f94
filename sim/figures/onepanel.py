"""One panel of the page, or customer equity, as a picture of its own."""

from __future__ import annotations

from collections.abc import Mapping

from matplotlib.axes import Axes

from sim.errors import InputError, nearest
from sim.figures import captions, imprint, look, numbers, panels
from sim.figures.axis import label_ends, time_axis
from sim.figures.flags import ROW, draw_flags, flags_of, place_flags
from sim.figures.frame import framed
from sim.model.firm import QUARTER
from sim.result import past_market, titled
from sim.result.outcomes import CONTRIBUTION, EQUITY

PANELS = ("revenue", "contribution", "equity", "trust", "contacts")
SAID = {"revenue": "Revenue", "contribution": "Contribution", "equity": "Customer equity"}
TALL = 130.0  # points of the page
NOTES = {
    "revenue": "Mean of the last quarter at a yearly rate.",
    "contribution": f"Mean of the last quarter at a yearly rate: {CONTRIBUTION}.",
    "equity": f"{EQUITY[:1].upper()}{EQUITY[1:]}.",
    "trust": "0 to 1, mean over ties. Squares: Marketing trusts Sales; circles: Sales trusts Marketing; broken line: "
    "common language.",
    "contacts": "Hatched: about a complaint.",
}


def panel_plot(run, name: str, *, baseline=None, band: Mapping | None = None) -> Axes:
    """Draw one panel of the page (`run_page`) alone.

    Parameters
    ----------
    run
        A finished run.
    name
        "revenue", "contribution", "equity", "trust" or "contacts".
    baseline, band
        As in `run_page`, for money only.

    Raises
    ------
    InputError
        There is no such panel.
    """
    if name not in PANELS:
        raise InputError(f"{name}: no such panel{nearest(name, PANELS)} ({', '.join(PANELS)})")
    band = band or {}
    with look.drawing():
        title, about = _title(run, name), _about(run, name, baseline, band)
        axes = _draw(run, name, title, about, baseline, band)
        imprint.attach(axes.figure, _told(run, name, title, about, baseline, band))
    return axes


def _title(run, name: str) -> str:
    """What the panel comes to, in a sentence."""
    if name == "trust":
        known = [(run.daily[column].dropna(), said) for column, said in zip(
            ("trust_ms", "trust_sm", "language"),
            ("Marketing trusts Sales", "Sales trusts Marketing", "common language"), strict=True)]  # fmt: skip
        said = ", ".join(f"{words} {look.digits(values.iloc[-1], 2)}" for values, words in known if len(values))
        return said or "Nobody can reach anybody across the gap"
    if name == "contacts":
        talks = run.daily["contacts"].iloc[-QUARTER:].sum()
        if not talks:
            return "Marketing and Sales did not talk"
        share = run.daily["disputes"].iloc[-QUARTER:].sum() / talks
        return f"{talks:,.0f} contacts in the last quarter, {100 * share:.0f} % about a complaint"
    values = panels.yearly(run.daily, name)
    scale, unit = look.money_unit(values[-1:])
    return f"{SAID[name]} {look.digits(values[-1] / scale)} {unit}{'' if name == 'equity' else ' a year'} at the end"


def _about(run, name: str, baseline, band: Mapping) -> str:
    title = titled(run.scenario) or "A scenario without a title"
    market = f"Market {run.seed:,}{past_market(run)}"
    said = f"{title}{'' if title.endswith(('?', '!')) else '.'} {market}, {captions.days_long(run.days)}. "
    said += NOTES[name]
    if baseline is not None:
        said += f" Dashed, the baseline: {titled(baseline.scenario)}."
    if name in band:
        grey = str(band.get("words", "grey: many markets"))
        said += f" {grey[:1].upper()}{grey[1:]}."
    return said


def _draw(run, name: str, title: str, about: str, baseline, band: Mapping) -> Axes:
    now = look.style()
    ends = panels.end_words(run, baseline)
    key = name
    room = max((look.text_width(text, None, bold) for _, text, _, bold in ends[key]), default=0.0)
    left, right = now.side + now.length(44), now.width - max(room + now.length(10) + now.side, now.length(45))
    flags = place_flags(flags_of(run), run.days, right - left)
    rows = 1 + max((flag.row for flag in flags), default=-1)
    axes = framed(now.length(TALL), title, about, left, right, foot=30, over=ROW * rows, name=_name(run, name))
    axes.set(xlim=(0, max(run.days, 1)), ylim=(0, 1))
    getattr(panels, name)(axes, run, baseline, band, ends)
    label_ends(axes, ends[key])
    time_axis([axes], run.days)
    draw_flags([axes], flags)
    return axes


def _name(run, name: str) -> str:
    """What the axes show and in which unit, for a picture without a headline."""
    if name == "trust":
        return "Trust and language, 0 to 1"
    if name == "contacts":
        return f"Contacts across the gap, per {panels.bars(run)[4]}"
    unit = look.money_unit(panels.yearly(run.daily, name))[1]
    return f"{SAID[name]}, {unit}{'' if name == 'equity' else ' a year'}"


def _told(run, name: str, title: str, about: str, baseline, band: Mapping) -> imprint.Told:
    data, options = {"trust": numbers.of_trust, "contacts": numbers.of_contacts}.get(name), imprint.life_options(run)
    scenarios = [run.scenario]
    if data is not None:
        found = data(run)
    else:
        known = band if band.get("seeds") else {}
        found = [each for each in numbers.of_page(run, baseline, known) if name in each.name]
        if baseline is not None:
            options["baseline"] = imprint.life_options(baseline) | {"seed": baseline.seed}
            scenarios.append(baseline.scenario)
        if known:
            options["band"] = list(known["seeds"])
    return imprint.Told(
        name, title, about, tuple(imprint.scenario_record(each) for each in scenarios), (run.seed,),
        imprint.market_of(run), options=options, data=tuple(found), made=imprint.made_of(run),
    )  # fmt: skip
