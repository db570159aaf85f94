"""Findings on the liaison: does what she built stand without her, and do direct ties wither beside her?"""

from __future__ import annotations

from functools import partial

import numpy as np

from helpers.found.results import Results, percent
from helpers.found.talk import LASTING, against_never, by_quarter
from helpers.six.doubt import Doubt
from helpers.six.doubt import told as doubt_told
from helpers.six.figures import INTERVALS, Line, Row, drawn, lines, narrowed, pair_of_rows, rows, tell, two_parts
from helpers.six.words import MEGA, Section, choose, counts, interval, listed, money, points, side, signed, spread
from helpers.six.words import percent as in_percent
from sim.model.firm import QUARTER

DOSES = {"scaffold-6-months": 6, "scaffold-12-months": 12, "scaffold-24-months": 24}
YEAR = 4  # quarters
MIDDLE = 0.35  # trust at which the assumed numbers are tried
DOUBTS = {
    "scaffold": Doubt(
        "scaffold-24-months",
        ({"trust.initial": MIDDLE},),
        ("language.fade", "trust.relax", "trust.attitude_follows", "trust.attitude_anchor", "trust.anchor_firm",
         "trust.ceiling_talk", "contact.strength_fade", "liaison.trust_gain"),
    ),
    "dependency": Doubt(
        "liaison-dependency",
        ({"workforce.ties_per_rep": 3},),
        ("contact.strength", "contact.strength_fade", "contact.benefit", "contact.benefit_rate", "contact.complaint",
         "liaison.part_hours"),
    ),
}  # fmt: skip


def goes(found: Results) -> int:
    """The quarter at whose end she goes."""
    return found.store.experiment.base.changes[-1].day // QUARTER


def scaffold(stores: dict[str, Results], doubts: dict[str, Results]) -> Section:
    gain, left, by_trust = {}, {}, {}
    for name, months in DOSES.items():
        found = stores[name]
        quarters = by_quarter(found, "score")
        gain[months] = quarters["base"] - quarters["never"]
        left[months] = against_never(found)
        by_trust[months] = {t: against_never(found, trust__initial=t) for t in found.levels("trust.initial")}
    doses, gone = tuple(DOSES.values()), {months: goes(stores[name]) for name, months in DOSES.items()}
    most, value = max(doses), {m: left[m]["net_value"] for m in doses}
    lasting = [m for m in doses if side(left[m]["score"], LASTING) == "above"]
    paid = [m for m in doses if side(value[m]) == "above"]
    means = listed([signed(interval(value[m]).mean / MEGA, 1) for m in doses])
    title = (
        f"{f'A liaison of {lasting[0]}' if lasting else f'No liaison of up to {most}'} months leaves {LASTING:g} "
        f"points of the score behind; {'the money stays' if len(paid) == len(doses) else 'net value'}: {means} M€"
    )
    ends = [each["score"] for trusts in by_trust.values() for each in trusts.values()]
    where = [side(each) for each in ends]
    second = value[24] - value[12]
    after = {m: gain[m][min(gone[m] + YEAR, len(gain[m])) - 1] for m in doses}
    words = {
        "dose": f"{lasting[0]} months" if lasting else "not among these three",
        "end": listed([f"{points(left[m]['score'])} after {m} months" for m in doses]),
        "by_trust": listed([f"{points(each['score'])} at {t:g}" for t, each in by_trust[most].items()]),
        "n_pairs": len(ends), "n_above": where.count("above"), "n_below": where.count("below"),
        "there_verdict": choose(side(gain[most][gone[most] - 1]), "While she is there she carries a great deal.",
                                "While she is there the score is lower.", "While she is there she cannot be seen."),
        "there": listed([f"{points(gain[m][gone[m] - 1])} ({m} months)" for m in doses]),
        "year_after": listed([points(after[m]) for m in doses]),
        "seen": counts([last_above(gain[m], gone[m]) for m in doses]),
        "money_verdict": "What remains is money." if len(paid) == len(doses) else "Money does not remain for sure.",
        "value": listed([money(value[m]) for m in doses]),
        "per_month": listed([f"{interval(value[m]).mean / m:,.0f}".replace("-", "−") for m in doses]),
        "late": listed([money(left[m]["revenue_last_year"]) for m in doses]),
        "second": choose(side(second), f"The second year pays as well: {money(second)} more than the first alone.",
                         f"The second year takes money away: {money(second)} against the first alone.",
                         f"Whether the second year pays cannot be told: {money(second)} against the first alone."),
        "doubt": doubt_told(
            DOUBTS["scaffold"], doubts["scaffold"],
            f"score after two years of liaison and three without, trust {MIDDLE:g}",
            lambda found, at: [found.of("score")[at].mean(0) - found.of("score", "never")[at].mean(0)],
            points, lambda x: side(x, LASTING) == "above", f"{LASTING:g} points or more would last"),
    }  # fmt: skip
    return Section("scaffold", tuple(DOSES), title, words, partial(draw_scaffold, stores, title, gain, gone, by_trust))


def last_above(gain: np.ndarray, gone: int) -> int:
    """For how many quarters after `gone` in a row the whole interval lies above zero."""
    many = 0
    for row in gain[gone:]:
        if side(row) != "above":
            break
        many += 1
    return many


@drawn
def draw_scaffold(stores, title, gain, gone, by_trust):
    about = (
        f"Above: score with a liaison for a time less score without her, {next(iter(gain.values())).shape[1]} markets, "
        f"all levels of trust together; triangle: she goes. Below: what is left at the end of year 5. {INTERVALS}"
    )
    names = [f"{m} months, trust {t:g}" for m, trusts in by_trust.items() for t in trusts]
    upper, lower = two_parts(title, about, 150.0, 14.0 * len(names))
    narrowed(upper, 34, 96)
    data = lines(upper, [Line(f"{m} months", each, gone[m]) for m, each in gain.items()], "score, points")
    pairs = [each for trusts in by_trust.values() for each in trusts.values()]
    here = len(next(iter(by_trust.values())))
    found = {o: [Row(name, interval(each[o])) for name, each in zip(names, pairs, strict=True)]
             for o in ("score", "net_value")}  # fmt: skip
    data += pair_of_rows(lower, found["score"], found["net_value"], range(here, len(names), here))
    return tell(upper, "scaffold", {name: stores[name] for name in DOSES}, data)


def talk_change(found: Results, part: slice, at=slice(None)) -> np.ndarray:
    """Contacts of some quarters against those of the firm that never had her, % in each market."""
    talk = by_quarter(found, "contacts", at)
    return percent(talk["base"][part].sum(0), talk["never"][part].sum(0))


def dependency(stores: dict[str, Results], doubts: dict[str, Results]) -> Section:
    found = stores["liaison-dependency"]
    ties, gone = found.levels("workforce.ties_per_rep"), goes(found)
    last = slice(-YEAR, None)
    late = {many: talk_change(found, last, found.rows(workforce__ties_per_rep=many)) for many in ties}
    whole, first = talk_change(found, last), talk_change(found, slice(gone, gone + YEAR))
    fewer, more = ([many for many in ties if side(late[many]) == where] for where in ("below", "above"))
    worst = min(interval(each).low for each in late.values())
    title = (
        f"Direct talk withers where a rep has {listed([str(m) for m in fewer], 'or')} ties: in all it differs by "
        f"{signed(interval(whole).mean, 1)} % in the third year after the liaison went"
        if fewer
        else "No sign that a liaison crowds out direct talk: in the third year after she went it differs by "
        f"{signed(interval(whole).mean, 1)} % ({spread(interval(whole), 1)})"
    )
    left = {many: against_never(found, workforce__ties_per_rep=many)["score"] for many in ties}
    words = {
        "verdict": "Direct talk withers." if fewer else "Direct talk does not wither.",
        "late": in_percent(whole), "first": in_percent(first),
        "by_ties": listed([f"{in_percent(late[m])} with {m}" for m in ties]),
        "bound": (f"Fewer contacts are sure with {listed([str(m) for m in fewer])}. " if fewer else
                  f"A loss of more than {max(-worst, 0.0):.1f} % lies outside of every interval. ")
                 + (f"More contacts are sure with {listed([str(m) for m in more])}." if more else ""),
        "score": listed([f"{points(left[m])} with {m}" for m in ties]),
        "doubt": doubt_told(
            DOUBTS["dependency"], doubts["dependency"], "contacts of the last year, 3 ties a salesperson",
            lambda store, at: [talk_change(store, last, at)],
            in_percent, lambda x: side(x) == "below", "fewer direct contacts, for sure"),
    }  # fmt: skip
    return Section("dependency", ("liaison-dependency",), title, words,
                   partial(draw_dependency, found, title, late, gone))  # fmt: skip


@drawn
def draw_dependency(found, title, late, gone):
    talk = by_quarter(found, "contacts")
    change = 100.0 * (talk["base"] - talk["never"]) / talk["never"].mean(1, keepdims=True)
    about = (
        f"Contacts across the gap against the same firm without a liaison, % of its contacts, {change.shape[1]} "
        "markets. Above: all firms together, from her going on; before, her own talks are counted with the others. "
        f"Below: the last year, by the marketers whom a salesperson can reach. {INTERVALS}"
    )
    upper, lower = two_parts(title, about, 130.0, 16.0 * len(late))
    narrowed(upper, 34, 96)
    data = lines(upper, [Line("contacts", change, 0, gone)], "contacts, %", before="she is there")
    narrowed(lower, 118, 106)
    each = [Row(f"{many} tie{'s' if many > 1 else ''} a rep", interval(values)) for many, values in late.items()]
    data += rows(lower, each, "contacts of the last year, %")
    return tell(upper, "dependency", {"liaison-dependency": found}, data)


SECTIONS = {"scaffold": scaffold, "dependency": dependency}
