"""Contact: how much, how near, how good, and what a liaison carries (P6, P13, P21; F30-F43)."""

from __future__ import annotations

import numpy as np

from sim.study.validation.patterns.measured_run import Arm, Life
from sim.study.validation.patterns.organizations import BAD, DEFAULT, FORBIDDEN, LIAISON, NEAR
from sim.study.validation.patterns.pattern import (
    IN_VAIN,
    Lives,
    Mutation,
    Pattern,
    above_both,
    changed,
    difference,
    over,
    percent,
    times,
)

FREE = Mutation("joint work and talk take no hours", {"rooms.workload": 0, "contact.refusal_hours": 0.0})


def metres(m: float, **more: float) -> Arm:
    """Practices forbidden, so that chance contact shows by itself."""
    return Arm({**FORBIDDEN, "distance.between_teams_m": m, **more})


def scattered(m: float, spread: float) -> dict:
    """One firm whose desks lie so many powers of ten around a distance; half a year, before trust has answered."""
    return {"arms": {"one": metres(m, **{"distance.spread": spread})._replace(days=130)}}


def met(life: Life, metres: float) -> tuple[float, float]:
    """Contacts of the pairs about so far apart (a tenth of a power of ten), and how many pairs these are."""
    near = np.abs(np.log10(life.pairs[:, 0] / metres)) < 0.1
    return float(life.pairs[near, 1].sum()), float(near.sum())


def pairs(*places: float):
    """What is observed of pairs at these distances within one firm."""
    return lambda v: [x for m in places for x in met(v["one"], m)]


def a_pair(m: np.ndarray, place: int) -> np.ndarray:
    """Contacts a pair at one of these distances."""
    return m[..., 2 * place] / m[..., 2 * place + 1]


def early(life: Life) -> float:
    """Contacts of the first half year, before trust has answered."""
    return float(life.sums["contacts"][:2].sum())


def pushed(levers: dict, push: float) -> Arm:
    return Arm({**levers, "communication.push": push})


def volume(levers: dict) -> dict[str, Arm]:
    return {"mid": pushed(levers, 1.0), "low": pushed(levers, -4.0), "high": pushed(levers, 4.0)}


def value_of_volume(lives: Lives) -> list[float]:
    return [lives[k].net_value for k in ("mid", "low", "high")]


def removed(ties: int) -> dict[str, Arm]:
    """At the end of year 3 the liaison goes, or a marketer goes; either way one seat fewer."""
    firm = {**LIAISON, "workforce.ties_per_rep": ties}
    return {
        "liaison goes": Arm(firm, ((780, {"liaison.count": 0, "workforce.marketers": 11}),)),
        "marketer goes": Arm(firm, ((780, {"workforce.marketers": 11}),)),
    }


def after_removal(lives: Lives) -> float:
    return float((lives["liaison goes"].score - lives["marketer goes"].score)[12:].mean())


def ended(life: Life) -> tuple[float, float]:
    """Deals won, and deals ended."""
    return life.total("won"), life.total("won") + life.total("lost")


def win_rates(m: np.ndarray) -> np.ndarray:
    """Two differences of rates, one less the other, in points."""
    rates = [m[..., i] / m[..., i + 1] for i in (0, 2, 4, 6)]
    return 100.0 * (rates[0] - rates[1] - rates[2] + rates[3])


def slack(levers: dict, size: float) -> dict[str, float]:
    return {**levers, "market.size": size}


# Talk that teaches nothing and warms nobody, so that only its hours are left.
USELESS = {"rooms.beliefs": 0, "rooms.language": 0, "rooms.trust": 0}
COLLABORATION = {"practices.shared_metrics": 1, "practices.joint_planning": 1}
STEEP = Mutation("the Allen curve is flat: everybody is as near as anybody", {"distance.half_m": 1000.0})

ROWS = (
    Pattern("P6a", "Near firms: net value at a livelier culture of talk (+1) above both extremes (-4, +4), %",
            "F30 · H", volume(NEAR), value_of_volume, above_both, above=0.0, mutation=FREE),
    Pattern("P6h", "Ordered meetings: net value at one a fortnight above none and above one a week, %", "F30, B18 · H",
            {f"{r:g}": Arm({"practices.meetings": 1, "practices.rate_meetings": r}) for r in (0.1, 0.0, 0.2)},
            lambda v: [v[k].net_value for k in ("0.1", "0", "0.2")], above_both, above=0.0, mutation=FREE,
            note="a meeting never becomes one too many within the bounds of its number"),
    Pattern("P6b", "Meetings alone, without shared goals: revenue, % (no gain: under 0.5)", "F31 · B",
            {"meet": Arm({**FORBIDDEN, "practices.meetings": 1}), "none": Arm(FORBIDDEN)},
            changed(lambda x: x.outcomes["revenue"], "meet", "none"), percent, below=0.5, control=True,
            mutation=Mutation("everybody believes in meetings and understands everything there",
                              {"practices.threshold": -1.0, "practices.meet_base": 1.0, "practices.rate_meetings": 0.2,
                               "trust.ceiling_meeting": 1.0, "language.ceiling_meeting": 1.0,
                               "practices.act_spoils": 0.0}, only=("meet",))),
    Pattern("P6c", "Shared goals and joint planning at fixed meetings: revenue, %", "F31 · B",
            {"goals": Arm({**FORBIDDEN, "practices.meetings": 1, **COLLABORATION}),
             "meet": Arm({**FORBIDDEN, "practices.meetings": 1})},
            changed(lambda x: x.outcomes["revenue"], "goals", "meet"), percent, above=0.0,
            mutation=Mutation("shared goals move nobody, and are resented",
                              {"selling.metrics": 0.0, "practices.threshold": 2.0, "practices.mandate": 0.0})),
    Pattern("P6d", "Frequency without quality: trust after five years of talk twice as often but a fifth as long "
                   "(under .03)",
            "F32 · B", {"often": Arm({**FORBIDDEN, "communication.push": 1.0, "communication.cost_hours": 0.1}),
                        "usual": Arm(FORBIDDEN)},
            difference(lambda x: x.trust, "often", "usual"), below=0.03, control=True,
            mutation=Mutation("a word in passing carries as much as a talk, and everybody understands it",
                              {"contact.thin_hours": 0.0, "contact.understood": 1.0})),
    Pattern("P6e", "Overload needs scarce time: what much idle talk costs in deals won of deals ended, full days less "
                   "slack days, points (more than half of one)",
            "F35 · B", {"full": pushed(slack(USELESS, 2.0), 4.0), "full, usual": pushed(slack(USELESS, 2.0), 0.0),
                        "slack": pushed(slack(USELESS, 0.3), 4.0), "slack, usual": pushed(slack(USELESS, 0.3), 0.0)},
            lambda v: [x for k in ("full", "full, usual", "slack", "slack, usual") for x in ended(v[k])], win_rates,
            below=-0.5,
            mutation=FREE),
    Pattern("P6f", "… and with slack days much idle talk costs nothing of that rate, points (more than -.3)", "F35 · B",
            {"slack": pushed(slack(USELESS, 0.3), 4.0), "usual": pushed(slack(USELESS, 0.3), 0.0)},
            lambda v: [x for k in ("slack", "usual") for x in ended(v[k])],
            lambda m: 100.0 * (m[..., 0] / m[..., 1] - m[..., 2] / m[..., 3]), above=-0.3, control=True,
            mutation=Mutation("people next door talk at every occasion, at length, and overload counts",
                              {"contact.interruption_hours": 8.0, "contact.moments": 20, "contact.accept": 8.0,
                               "communication.cost_hours": 4.0, "contact.cost": 0.0, "selling.overload": 5.0,
                               "distance.between_teams_m": 0.0})),
    Pattern("P13a", "Pairs of one firm 2 m apart over those 20 m apart: chance contacts, times", "F39, B20 · B",
            **scattered(20.0, 1.0), observe=pairs(2.0, 20.0), combine=lambda m: a_pair(m, 0) / a_pair(m, 1), above=3.0,
            below=5.0, mutation=STEEP),
    Pattern("P13b", "… slope 2-10 m over 10-50 m (convex), times", "F39 · B", **scattered(20.0, 1.0),
            observe=pairs(2.0, 10.0, 50.0),
            combine=lambda m: (a_pair(m, 0) - a_pair(m, 1)) / 8 / ((a_pair(m, 1) - a_pair(m, 2)) / 40), above=2.0,
            mutation=STEEP),
    Pattern("P13c", "… fall 50-200 m over fall 2-50 m (flat)", "F39 · B", **scattered(20.0, 1.0),
            observe=pairs(2.0, 50.0, 200.0),
            combine=lambda m: (a_pair(m, 1) - a_pair(m, 2)) / (a_pair(m, 0) - a_pair(m, 1)), below=0.1,
            mutation=Mutation("each tenfold of metres takes as much", {"distance.half_m": 1000.0,
                              "distance.floor": 0.0})),
    Pattern("P13d", "Pairs of one firm 200 m apart over those 200 km apart (another city is not another floor), times",
            "F42 · B", **scattered(6300.0, 1.5), observe=pairs(200.0, 200_000.0),
            combine=lambda m: a_pair(m, 0) / a_pair(m, 1), above=1.1,
            mutation=Mutation("no travel, and telephones work as well from afar",
                              {"distance.travel_hours": 0.0, "distance.far_floor": 0.1, "distance.half_m": 0.1})),
    Pattern("P13e", "Days from qualified to tried: 30 m less 2 m", "F40 · A", {"30": metres(30.0), "2": metres(2.0)},
            lambda v: v["30"].funnel["handoff_days"] / v["30"].funnel["handoffs"]
            - v["2"].funnel["handoff_days"] / v["2"].funnel["handoffs"], above=0.0,
            mutation=Mutation("distance delays no handoff", {"distance.handoff_days": 0.0})),
    Pattern("F40a", "Desks moved from 30 to 5 m: own craft and prospecting, % (a small price)", "F40, B22 · A",
            {"5": Arm({"distance.between_teams_m": 5.0}), "30": Arm(DEFAULT)},
            changed(lambda x: x.total("hours_craft"), "5", "30"), percent, above=-3.0, below=-1.0, mutation=FREE),
    Pattern("F40b", "Desks moved from 30 to 5 m: contacts of the first half year, % (co-location raised feedback by a "
                    "fifth)",
            "F40, B22 · A", {"5": metres(5.0), "30": metres(30.0)}, changed(early, "5", "30"), percent,
            above=10.0, below=40.0, mutation=STEEP,
            note="pulls against P13a: an Allen curve of four times from 20 to 2 m cannot give a fifth more from 30 to "
                 "5"),
    Pattern("F38", "The liaison's share of what crosses the gap", "F38, B33 · C/J", {"one": Arm(LIAISON)},
            lambda v: (v["one"].total("brokered"), v["one"].total("contacts")), over,
            above=0.20, below=0.35, mutation=Mutation("liaisons do nothing", {"rooms.liaison": 0})),
    Pattern("F51", "Quarters in defined and above: a minority of contacts is about disputes", "F51 · B",
            {"default": Arm(DEFAULT), "liaison": Arm(LIAISON), "near": Arm(NEAR)},
            lambda v: [sum(x.in_stage(what, 2, 3, 4) for x in v.values()) for what in ("disputes", "contacts")], over,
            below=0.5, mutation=Mutation("every grievance is talked about and hardly one is settled",
                                         {"conflict.settled": 0.0, "conflict.settled_trust": 0.0, "conflict.lapse": 0.0,
                                          "conflict.settled_language": 0.0, "conflict.managers": 0.0,
                                          "selling.blame": 5.0,
                                          "conflict.ambiguity": 1.0, "contact.complaint": 20.0, "contact.base": -8.0,
                                          "selling.grievance_bad": 1.0, "selling.grievance_lost": 1.0,
                                          "conflict.rules_calm": 0.0, "selling.blame_rules": 0.0})),
    Pattern("P21a", "Thinly linked teams: the liaison goes against a marketer goes, score of the two years after, "
                    "points",
            "F43 · B", removed(1), after_removal, below=0.0,
            mutation=Mutation("liaisons only do harm", {"liaison.success": 0.0, "liaison.distortion": 2.0})),
    Pattern("P21b", "Densely linked teams: what her going costs, as a share of that in thinly linked ones (redundant: "
                    "under .5)",
            "F43 · B", {**{f"thin, {k}": a for k, a in removed(1).items()}, **{f"dense, {k}": a for k,
            a in removed(12).items()}},
            lambda v: [after_removal({k: v[f"{how}, {k}"] for k in ("liaison goes", "marketer goes")})
                       for how in ("dense", "thin")], over, below=0.5,
            mutation=Mutation("liaisons act without a limit of hours", {"liaison.act_hours": 0.1})),
    Pattern("F44", "Score with a liaison whom both trust fully less one whom both distrust, points", "F44 · H",
            {"trusted": Arm({**LIAISON, "liaison.trust_sales": 0.8, "liaison.trust_marketing": 0.8}),
             "distrusted": Arm({**LIAISON, "liaison.trust_sales": 0.2, "liaison.trust_marketing": 0.2})},
            difference(lambda x: x.final, "trusted", "distrusted"), above=0.0,
            mutation=Mutation("liaisons do nothing", {"rooms.liaison": 0})),
    Pattern("F08a", "Days from inquiry to contract, near against dear-and-far, %", "F08 · H",
            {"near": Arm(NEAR), "bad": Arm(BAD)},
            lambda v: [v[k].funnel[w] for k in ("near", "bad") for w in ("win_days", "wins")],
            lambda m: 100.0 * (times(m) - 1.0), below=0.0,
            mutation=Mutation("distance and rules delay no handoff", {"distance.handoff_days": 0.0,
            "handoff.rules": 0.0, "selling.late": 60.0})),
    Pattern("F08b", "Cost of sales (payroll and cash over new business), near against dear-and-far, %", "F08 · H",
            {"near": Arm(NEAR), "bad": Arm(BAD)},
            lambda v: [x for k in ("near", "bad") for x in
                       (v[k].total("payroll") + v[k].total("other_cash"), v[k].total("new_value"))],
            lambda m: 100.0 * (times(m) - 1.0), below=0.0,
            mutation=IN_VAIN),
)  # fmt: skip
