"""What people, talk and time earn at the margin, and what the firm's numbers are (the second edition's rows)."""

from __future__ import annotations

import math

import numpy as np

from sim.study.validation.patterns.measured_run import Arm, Change, Life
from sim.study.validation.patterns.organizations import BAD, DEFAULT, LIAISON, MOVES_NOTHING, NEAR, Levers, sized
from sim.study.validation.patterns.pattern import (
    Lives,
    Mutation,
    Pattern,
    changed,
    difference,
    less,
    over,
    percent,
    times,
)

# The default's market, however many people meet it.
MARKET: Levers = {"market.for_marketers": 12, "market.for_salespeople": 24}
DOUBLED, FLOODED_DAYS = 520, 1820  # day on which Marketing doubles; seven years
NAMES = {"default": DEFAULT, "near": NEAR, "liaison": LIAISON}


def net_value(life: Life) -> float:
    return life.net_value


def staffed(marketers: int = 12, salespeople: int = 24, **more: float) -> Arm:
    """So many people in the default's market."""
    heads = {"workforce.marketers": marketers, "workforce.salespeople": salespeople}
    return Arm({**MARKET, **heads, **{name.replace("_", ".", 1): x for name, x in more.items()}})


def elasticity(high: Arm, low: Arm, ratio: float) -> dict:
    """Revenue of year 5: its change in logarithms over that of what was put in."""
    return {"arms": {"high": high, "low": low},
            "observe": lambda v: (v["high"].year("revenue", 5), v["low"].year("revenue", 5)),
            "combine": lambda m: np.log(m[..., 0] / m[..., 1]) / math.log(ratio)}  # fmt: skip


def costs(other: Arm, base: Arm) -> dict:
    """Net value against that of another organization, per cent."""
    return {"arms": {"other": other, "base": base}, "observe": changed(net_value, "other", "base"), "combine": percent}


def without(room: str, name: str) -> dict:
    """What a firm loses without a room, % of net value."""
    return costs(Arm({**NAMES[name], f"rooms.{room}": 0}), Arm(NAMES[name]))


FLOOD: dict[str, Arm] = {
    "flooded": Arm(MARKET, ((DOUBLED, {"workforce.marketers": 24}),), FLOODED_DAYS),
    "steady": Arm(MARKET, (), FLOODED_DAYS),
}


def after(life: Life, name: str, quarter: int = DOUBLED // 65) -> float:
    """The sum of a field from a quarter on."""
    return float(life.sums[name][quarter:].sum())


def of_marketing(life: Life, quarter: int) -> float:
    return after(life, "won", quarter) - after(life, "own_won", quarter)


def ratio_of_ratios(of, base) -> dict:
    """A ratio in the flooded firm over the same in the steady one, % more."""
    return {"arms": FLOOD, "observe": lambda v: [f(v[k]) for k in ("flooded", "steady") for f in (of, base)],
            "combine": lambda m: 100.0 * (times(m) - 1.0)}  # fmt: skip


def shares_of_stages(stage: int) -> dict:
    """Five hundred firms in a hundred markets: the share that ends year 5 in a stage."""
    return {"arms": {f"ranged {k}": Arm(design=k, permitted="ranges") for k in range(5)},
            "observe": lambda v: float(np.mean([x.stage[-1] == stage for x in v.values()])), "above": 0.10,
            "below": 0.60}  # fmt: skip


def stages_held(lives: Lives) -> list[float]:
    """Of all quarters of twenty years, the share in each stage."""
    return [float((lives["default"].stage == k).mean()) for k in (1, 2, 3, 4)]


GROWTH: Levers = {"workforce.growth": 0.15, "market.growth": 0.15}
GROWN = {
    "bad, grown": Arm({**BAD, **GROWTH}),
    "bad, still": Arm(BAD),
    "near, grown": Arm({**NEAR, **GROWTH}),
    "near, still": Arm(NEAR),
}
ALONE = Mutation("nobody's messages get in anybody's way", {"marketing.uncoordinated": 0.0,
                 "customers.growth_power": 0.0})  # fmt: skip


def fallen(lives: Lives, name: str, of) -> tuple[float, float]:
    """What growth changes in something a head, and its level without growth."""
    grown, still = (
        of(lives[f"{name}, {how}"]) / lives[f"{name}, {how}"].year("people", 5) for how in ("grown", "still")
    )
    return grown - still, still


def forecasts(life: Life) -> float:
    return float(life.items[:, 0].mean())


def retention(lives: Lives) -> tuple[float, float]:
    """What is still there, of the recurring revenue that came up for renewal in year 5."""
    life = lives["default"]
    due = life.year("due_value", 5)
    return due - life.year("churned_value", 5) - life.year("contraction", 5), due


def default(of, whole=None) -> dict:
    """A number of the default, or a ratio of two."""
    if whole is None:
        return {"arms": {"default": Arm(DEFAULT)}, "observe": lambda v: of(v["default"])}
    return {"arms": {"default": Arm(DEFAULT)}, "observe": lambda v: (of(v["default"]), whole(v["default"])),
            "combine": over}  # fmt: skip


def waiting(days: float) -> Arm:
    return Arm({"communication.delay_days": days})


def dated(day: int, levers: Levers, days: int = 1300) -> Arm:
    change: Change = (day, levers)
    return Arm(DEFAULT, (change,), days)


def half_year_after(life: Life) -> float:
    return float(life.sums["contacts"][4:6].sum())


TWENTY: Levers = {"distance.between_teams_m": 20.0}
REMOTE = {
    "sent": Arm(TWENTY, ((520, {"distance.between_teams_m": 1e6}),), 780),
    "stayed": Arm(TWENTY, (), 780),
}


def year_3(life: Life, *names: str) -> float:
    """The sum of fields over days 520 to 779."""
    return float(sum(life.sums[name][8:12].sum() for name in names))


def crossing(life: Life) -> float:
    """Contacts (brokered ones and meetings are among them) and joint acts across the gap, year 3."""
    return year_3(life, "contacts", "informal", "agreed")


def together(life: Life) -> float:
    """Hours that people spend on each other across the gap, year 3."""
    return year_3(life, "hours_contact", "hours_dispute", "hours_meeting", "hours_liaison")


NEAR_ANYHOW = Mutation("everybody is as near as anybody", {"distance.half_m": 1000.0, "distance.floor": 1.0,
                       "distance.far_floor": 1.0, "distance.travel_hours": 0.0})  # fmt: skip
NO_CAMPAIGN = Mutation("campaigns catch hardly anybody", {"marketing.catch": 0.001})
SILENT_ANYWAY = Mutation("people do not talk and work together anyway", {"rooms.contact": 0, "rooms.informal": 0})
SPEECHLESS = Mutation("talk and joint work move no lead, deal or customer", {**MOVES_NOTHING, "handoff.passing": 0.0})
HIRED_NOT = Mutation("the new marketers never come", {"workforce.marketers": 12})

ROWS = (
    Pattern("E1a", "Nine marketers to fifteen on the same market: elasticity of year 5's revenue", "F55 · A",
            **elasticity(staffed(15), staffed(9), 15 / 9), above=0.05, below=0.25, mutation=NO_CAMPAIGN),
    Pattern("E1b", "Budget .9 to 1.1: elasticity of year 5's revenue", "F55 · A",
            **elasticity(staffed(marketing_budget=1.1), staffed(marketing_budget=0.9), 1.1 / 0.9), above=0.0,
            mutation=Mutation("budget moves nothing", {"marketing.budget_power": 0.0, "beliefs.research": 0.0})),
    Pattern("E1c", "Salespeople 22 to 26 on the same market: elasticity of year 5's revenue", "F55 · A",
            **elasticity(staffed(salespeople=26), staffed(salespeople=22), 26 / 22), above=0.25, below=0.45,
            mutation=Mutation("a day of calling catches nobody", {"selling.own_catch": 0.0})),
    Pattern("E2a", "Half of Marketing cut: net value, % (-2 or worse)", "F55 · A; model.md 1", **costs(staffed(6),
            staffed()), below=-2.0, mutation=NO_CAMPAIGN),
    Pattern("E2b", "All of Marketing but one cut: net value, % (-10 or worse)", "F55 · A; model.md 1",
            **costs(staffed(1), staffed()), below=-10.0, mutation=NO_CAMPAIGN),
    Pattern("E2c", "Eleven of twelve marketers become liaisons: net value, % (-10 or worse)", "F55 · A; model.md 1",
            **costs(staffed(liaison_count=11), staffed()), below=-10.0, mutation=NO_CAMPAIGN),
    Pattern("E2d", "… and such a firm ends aligned or higher (share of markets)", "F02 · H; model.md 1",
            {"one": staffed(liaison_count=11)}, lambda v: bool(v["one"].stage[-1] >= 3), below=0.1, share=True,
            mutation=Mutation("joint work needs nobody's time", {"practices.unasked_plan": 5.0, "trust.initial": 0.9,
                              "practices.unasked_help": 5.0, "trust.attitude": 0.9, "language.initial": 0.9,
                              "workload.day_hours": 24.0, "liaison.part_hours": 0.0})),
    Pattern("E3a", "Twice the marketers from day 520 on: inquiries since then, %", "F57 · model result", FLOOD,
            changed(lambda x: after(x, "inquiries"), "flooded", "steady"), percent, above=33.0, mutation=HIRED_NOT),
    Pattern("E3b", "… days from qualified to tried, more", "F57 · model result", FLOOD,
            lambda v: [v[k].funnel[w] for k in ("flooded", "steady") for w in ("handoff_days", "handoffs")],
            lambda m: m[..., 0] / m[..., 1] - m[..., 2] / m[..., 3], above=0.0, mutation=HIRED_NOT),
    Pattern("E3c", "… leads tried, of those handed off, %", "F57 · model result",
            **ratio_of_ratios(lambda x: after(x, "followed"), lambda x: after(x, "handed")), below=0.0,
            mutation=HIRED_NOT),
    Pattern("E3d", "… reputation in years 4 to 7, %", "F57 · model result", FLOOD,
            changed(lambda x: after(x, "reputation", 12), "flooded", "steady"), percent, below=0.0,
            mutation=HIRED_NOT),
    Pattern("E3e", "… Marketing's wins per inquiry in years 4 to 7, %", "F57 · model result",
            **ratio_of_ratios(lambda x: of_marketing(x, 12), lambda x: after(x, "inquiries", 12)), below=0.0,
            mutation=HIRED_NOT),
    *(Pattern(f"E4{k}", f"Nobody talks across the gap, {name}: net value, % (-3 or worse)", "seed 000 · H",
              **without("contact", name), below=-3.0, mutation=SPEECHLESS)
      for k, name in zip("abc", NAMES, strict=True)),
    *(Pattern(f"E5{k}", f"Nobody works together unasked, {name}: net value, % (-3 or worse)", "seeds 000, 001 · H",
              **without("informal", name), below=-3.0, mutation=SPEECHLESS)
      for k, name in zip("abc", NAMES, strict=True)),
    Pattern("E6", "Talks that one liaison brokers a week", "B33 · J", {"one": Arm(LIAISON)},
            lambda v: v["one"].total("brokered") / 260, above=20.0,
            mutation=Mutation("a talk takes her half a day", {"liaison.act_hours": 4.0})),
    Pattern("E7a", "Twenty metres apart: share of all talk and joint work that crosses the gap", "F41 · A",
            {"stayed": REMOTE["stayed"]},
            lambda v: (crossing(v["stayed"]), crossing(v["stayed"]) + year_3(v["stayed"], "within")), over,
            above=0.1, below=0.5,
            mutation=Mutation("team-mates tell each other nothing", {"workforce.mates": 0})),
    Pattern("E7b", "Sent from 20 m to 1,000 km on day 520: that share in the year after, %", "F41 · A", REMOTE,
            lambda v: [x for k in ("sent", "stayed") for x in
                       (crossing(v[k]), crossing(v[k]) + year_3(v[k], "within"))],
            lambda m: 100.0 * (times(m) - 1.0), above=-40.0, below=-15.0, mutation=NEAR_ANYHOW),
    Pattern("E7c", "… talk and joint work across the gap, % (-50 at most)", "F41 · A", REMOTE,
            changed(crossing, "sent", "stayed"), percent, above=-50.0,
            mutation=Mutation("who does not sit near is not met", {"distance.floor": 0.0, "distance.far_floor": 0.0,
                              "practices.screen": 0.0})),
    Pattern("E7d", "… hours of contact, dispute, meeting and liaison a head, % (not below -5)", "F41 · A", REMOTE,
            changed(together, "sent", "stayed"), percent, above=-5.0,
            mutation=Mutation("who does not sit near is not met", {"distance.floor": 0.0, "distance.far_floor": 0.0,
                              "practices.screen": 0.0})),
    Pattern("E8", "Desks moved from 30 to 5 m on day 260: contacts of the half year after, % (co-location raised "
                  "feedback by a fifth)", "F40, B22 · A",
            {"moved": dated(260, {"distance.between_teams_m": 5.0}, 650), "stayed": Arm(DEFAULT, (), 650)},
            changed(half_year_after, "moved", "stayed"), percent, above=10.0, below=40.0,
            mutation=Mutation("everybody is as near as anybody", {"distance.half_m": 1000.0, "distance.floor": 1.0,
                              "distance.far_floor": 1.0})),
    Pattern("E13a", "Decisions wait 30 days instead of none: net value, % (-5 or worse)", "seed 000; F30 · H",
            **costs(waiting(30.0), waiting(0.0)), below=-5.0,
            mutation=Mutation("nothing is decided", {"rooms.decisions": 0, "rooms.practices": 0})),
    Pattern("E13b", "Team-mates 1,000 km apart instead of 8 m: net value, %", "F39, F41 · A",
            **costs(Arm({"distance.within_team_m": 1e6}), Arm(DEFAULT)), below=0.0,
            mutation=Mutation("everybody is as near as anybody", {"distance.floor": 1.0, "distance.far_floor": 1.0})),
    Pattern("E14a", "Twelve marketers within a rep's reach instead of one: score, points (not below -1)", "F47 · B",
            {"12": Arm({"workforce.ties_per_rep": 12}), "1": Arm({"workforce.ties_per_rep": 1})},
            difference(lambda x: x.final, "12", "1"), above=-1.0,
            mutation=Mutation("familiarity is gone within a week", {"contact.strength_fade": 1.0})),
    Pattern("E14b", "… net value, % (not below -1)", "F47 · B",
            **costs(Arm({"workforce.ties_per_rep": 12}), Arm({"workforce.ties_per_rep": 1})), above=-1.0,
            mutation=Mutation("familiarity is gone within a week", {"contact.strength_fade": 1.0})),
    Pattern("E16a", "The market grows as the heads do: revenue a head in year 5, what growth costs without integration "
                    "less with, points of % (10 at least)", "F37; seed 000 · A/B", GROWN,
            lambda v: [x for k in ("bad", "near") for x in fallen(v, k, lambda life: life.year("revenue", 5))],
            less, below=-10.0, mutation=ALONE),
    Pattern("E16b", "… the customers' own gain, k€ a head and day", "F37; seed 000 · A/B", GROWN,
            lambda v: [x for k in ("bad", "near") for x in fallen(v, k, lambda life: life.year("customer_value", 5))],
            lambda m: (m[..., 0] - m[..., 2]), below=0.0, mutation=ALONE),
    *(Pattern(f"E18{'abcd'[k - 1]}", f"Five hundred firms of plausible levers: share that ends year 5 in stage {k}",
              "F05 · C", **shares_of_stages(k),
              mutation=Mutation("talk is free and trust is blind", {"trust.initial": 0.9, "trust.attitude": 0.9,
                                "language.initial": 0.9, "communication.cost_hours": 0.05})
              if k < 4 else SILENT_ANYWAY) for k in (1, 2, 3, 4)),
    Pattern("E19a", "The default over twenty years: score of years 11 to 20 less years 3 to 5, points",
            "model.md 5 · J", {"default": Arm(DEFAULT, (), 5200)},
            lambda v: float(v["default"].score[40:].mean() - v["default"].score[8:20].mean()), above=-3.0, below=3.0,
            mutation=Mutation("heads leave every year, and practices with them", {"structure.head_tenure": 4.0,
                              "structure.head_drops": 1.0, "structure.reorganizations": 2.0})),
    Pattern("E19b", "… the second most frequent stage's share of quarters", "model.md 5 · J",
            {"default": Arm(DEFAULT, (), 5200)}, stages_held, lambda m: np.sort(m, -1)[..., -2], above=0.2,
            mutation=Mutation("nobody works together unasked or by agreement", {"rooms.practices": 0,
                              "rooms.informal": 0})),
    Pattern("E20", "Statement 1's mean at 6, 36 and 360 people: largest less smallest, points", "C1; F02 · H",
            {str(n): Arm(sized(n)) for n in (6, 36, 360)}, lambda v: [forecasts(x) for x in v.values()],
            lambda m: m.max(-1) - m.min(-1), below=0.5,
            mutation=Mutation("single deals decide a quarter", {"market.size": 0.1}, only=("6",))),
    Pattern("E21a", "New business of a rep a year, k€", "model.md 7; B15 · C",
            **default(lambda x: x.total("new_value") / 24 / 5), above=350.0, below=750.0,
            mutation=Mutation("half as easy to win", {"selling.win": 0.2})),
    Pattern("E21c", "A contract's first yearly value, k€", "B11 · C", **default(lambda x: x.total("new_value"),
            lambda x: x.total("won")), above=15.0, below=30.0,
            mutation=Mutation("large customers", {"market.value": 60.0})),
    Pattern("E21e", "Recurring revenue kept of what came up for renewal, year 5", "model.md 7 · C",
            {"default": Arm(DEFAULT)}, retention, over, above=0.80, below=0.90,
            mutation=Mutation("customers leave", {"customers.renewal": -1.0})),
    Pattern("E21f", "Selling and marketing for each euro of new business, year 5", "model.md 7 · C",
            **default(lambda x: x.year("payroll", 5) + x.year("other_cash", 5), lambda x: x.year("new_value", 5)),
            above=0.8, below=1.3, mutation=Mutation("half as easy to win", {"selling.win": 0.2})),
)  # fmt: skip
