"""What the five texts claim of decisions, structures, kinds of company and campaigns (review point in brackets)."""

from __future__ import annotations

import numpy as np

from sim.model.audit import STRATEGIC
from sim.model.firm import Decision, Item, Practice
from sim.model.theory import Kind, Mode, Record
from sim.study.validation.patterns.measured_run import Arm, Life
from sim.study.validation.patterns.organizations import BAD, DEFAULT, FORBIDDEN, NEAR, Levers
from sim.study.validation.patterns.pattern import Lives, Mutation, Pattern, changed, difference, less, percent, times


def net_value(life: Life) -> float:
    return life.net_value


def gains(other: Levers, base: Levers) -> dict:
    """Net value against that of another organization, per cent."""
    arms = {"other": Arm(other), "base": Arm(base)}
    return {"arms": arms, "observe": changed(net_value, "other", "base"), "combine": percent}


def more_there(other: Levers, here: Levers, there: Levers, of=net_value) -> dict:
    """What levers change there, less what they change here, points of %."""
    arms = {"there with": Arm({**there, **other}), "there": Arm(there), "here with": Arm({**here, **other}),
            "here": Arm(here)}  # fmt: skip
    observe = lambda v: [x for k in ("there", "here") for x in (of(v[f"{k} with"]) - of(v[k]), of(v[k]))]  # noqa: E731
    return {"arms": arms, "observe": observe, "combine": less}


def two(other: Levers, base: Levers = DEFAULT, days: int = 1300) -> dict[str, Arm]:
    return {"other": Arm(other, (), days), "base": Arm(base, (), days)}


def rises(of) -> dict:
    return {"observe": difference(of, "other", "base")}


def by_percent(of) -> dict:
    return {"observe": changed(of, "other", "base"), "combine": percent}


def quality(q: int):
    """How good the decisions on one of the four Ps were, the first quarter aside."""
    return lambda life: float(life.quality[1:, q].mean())


def heard_by_sales(life: Life) -> float:
    """The share of quarters in which Sales' decisions in force rested on Marketing's word too."""
    return float(life.heard[1:, Decision.PLACEMENT :].mean())


def strategic(life: Life) -> float:
    """Mean score of what is planned and sensed together."""
    return float(life.items[:, list(STRATEGIC)].mean())


def settled(life: Life) -> tuple[float, float]:
    return life.total("settled"), life.total("grievances")


def more_settled(lives: Lives) -> list[float]:
    """Grievances settled and arisen, with and without."""
    return [*settled(lives["other"]), *settled(lives["base"])]


def win_rate(life: Life) -> tuple[float, float]:
    return life.total("won"), life.total("won") + life.total("lost")


def day_agreed(life: Life) -> float:
    """Day on which shared metrics were first agreed, at most the horizon."""
    day = float(life.since[Practice.SHARED_METRICS])
    return day if day >= 0 else 1300.0


def days_of_deals(life: Life) -> tuple[float, float]:
    return life.funnel["cycle_days"], life.funnel["deals"]


ratio = {"combine": lambda m: 100.0 * (times(m) - 1.0)}
ALONE: Levers = {"decisions.asked": 0.0, "culture.sharing": 0.0}
SALES_LEADS, MARKETING_LEADS = {"structure.power": 0.2}, {"structure.power": 0.8}
PULL: Levers = {"market.pull_share": 1.0, "marketing.push_mix": 0.0}
PUSH: Levers = {"market.pull_share": 0.0, "marketing.push_mix": 1.0}
CONSUMER: Levers = {"market.retail": 0.8, "market.pull_share": 0.85, "marketing.push_mix": 0.2, "market.value": 10.0,
                    "market.cycle_days": 20.0, "market.drift_sd": 0.7}  # fmt: skip
BUSINESS: Levers = {"market.pull_share": 0.35, "market.value": 40.0, "market.cycle_days": 90.0, "market.drift_sd": 1.2}
UNDER_SALES: Levers = {"structure.kind": int(Kind.MARKETING_UNDER_SALES)}
ORDERS: Levers = {"structure.brief": 1}
LOOP: Levers = {**NEAR, "practices.feedback_loop": int(Mode.MANDATED)}
BY_MARKETING: Levers = {**LOOP, "handoff.record": int(Record.MARKETING)}
BY_SALES: Levers = {**LOOP, "handoff.record": int(Record.SALES)}
NO_RECORD: Levers = {**NEAR, "practices.feedback_loop": int(Mode.FORBIDDEN)}
MERGED: Levers = {"structure.kind": int(Kind.MERGED)}
ONE_CHIEF: Levers = {"structure.kind": int(Kind.ONE_CHIEF)}
SLOW, QUICK = {"communication.delay_days": 30.0}, {"communication.delay_days": 0.0}
APPROVED: Levers = {"customization.approval": 1, "customization.asked": 1.0, "customization.limit": 1.0}
PERSONAL: Levers = {"marketing.during_sale": 4}
IMPRESSED: Levers = {"marketing.impression": 0.3}
DIGITAL, PAPER = {"market.digital": 0.95}, {"market.digital": 0.05}
RIVALS: Levers = {"market.rivals_marketing": 0.2}
# A budget that grows as the rivals' does, a step a year.
FOLLOWS = tuple((260 * year, {"marketing.budget": 1.2**year}) for year in range(1, 5))

UNDECIDED = Mutation("the four Ps are not decided", {"rooms.decisions": 0})
NO_ORDERS = Mutation("nobody works to the other's order", {"structure.support": 0.0})
NO_LOOP = Mutation("nobody keeps a practice, and nobody works together unasked", {"rooms.practices": 0,
                   "rooms.informal": 0})  # fmt: skip
SAME_EVERYWHERE = Mutation("all firms are separate", {"structure.kind": 0})
NO_TOUCH = Mutation("nobody is touched while a deal is open", {"marketing.during_sale": 0})
NOT_SEEN = Mutation("Marketing looks after inquiries alone", {"marketing.impression": 0.0})
NO_RIVALS = Mutation("rivals stand still", {"market.rivals_marketing": 0.0})

ROWS = (
    *(Pattern(f"S1{letter}", f"Nobody asks the other team: quality of {name} decisions", "seed 002 (review 5.1)",
              two(ALONE), **rises(quality(q)), below=0.0, mutation=UNDECIDED)
      for letter, name, q in (("a", "product", Decision.PRODUCT), ("b", "promotion", Decision.PROMOTION),
                              ("c", "placement", Decision.PLACEMENT), ("d", "price", Decision.PRICE))),
    Pattern("S1e", "… net value, %", "seed 002 (review 5.1)", **gains(ALONE, DEFAULT), below=0.0, mutation=UNDECIDED),
    Pattern("S2a", "Pure pull: net value where Marketing leads against where Sales does, %", "seeds 003, 004 (review "
            "5.2)", **gains({**PULL, **MARKETING_LEADS}, {**PULL, **SALES_LEADS}), above=0.0, mutation=NO_ORDERS),
    Pattern("S2b", "Pure push: the same", "seeds 003, 004 (review 5.2)", **gains({**PUSH, **MARKETING_LEADS},
            {**PUSH, **SALES_LEADS}), below=0.0, mutation=NO_ORDERS),
    Pattern("S2c", "Consumer goods through retailers: the same", "seeds 002, 004 (review 5.2)",
            **gains({**CONSUMER, **MARKETING_LEADS}, {**CONSUMER, **SALES_LEADS}), above=0.0, mutation=NO_ORDERS),
    Pattern("S2d", "Business-to-business: the same", "seed 004 (review 5.2)", **gains({**BUSINESS, **MARKETING_LEADS},
            {**BUSINESS, **SALES_LEADS}), below=0.0, mutation=NO_ORDERS),
    Pattern("S2e", "How far the own price decisions move revenue (weight .5 against none), through retailers less "
            "direct, points of %", "seed 002 (review 5.2)",
            **more_there({"decisions.price": 0.5}, {"decisions.price": 0.0}, {"decisions.price": 0.0,
                         "market.retail": 0.8}, lambda x: x.total("revenue")), below=0.0,
            mutation=Mutation("all sales are direct", {"market.retail": 0.0}),
            note="posed anew after its first measurement: prices here are better than middling, so their weight gains"),
    Pattern("S2f", "What nobody asking the other team costs in inquiries, through retailers less direct, points of %",
            "seed 002 (review 5.2)", **more_there(ALONE, {}, {"market.retail": 0.8}, lambda x: x.total("inquiries")),
            below=0.0, mutation=Mutation("all sales are direct", {"market.retail": 0.0})),
    Pattern("S3a", "Marketing under Sales: its budget, %", "seed 003 (review 5.3)", two(UNDER_SALES),
            **by_percent(lambda x: x.total("budget")), below=0.0,
            mutation=Mutation("the budget stays", {"structure.starved": 1.0})),
    Pattern("S3b", "… share of Sales' decisions on which it was heard", "seed 003 (review 5.3)", two(UNDER_SALES),
            **rises(heard_by_sales), below=0.0, mutation=UNDECIDED),
    Pattern("S3c", "… strategic functions, 1 to 5", "seed 003 (review 5.3)", two(UNDER_SALES), **rises(strategic),
            below=0.0, mutation=SAME_EVERYWHERE),
    Pattern("S3d", "… score, points", "seed 003 (review 5.3)", two(UNDER_SALES), **rises(lambda x: x.final),
            below=0.0, mutation=SAME_EVERYWHERE),
    Pattern("S3e", "… hours of work to Sales' order", "seed 003 (review 5.3)", two(UNDER_SALES),
            **rises(lambda x: x.total("hours_support")), above=0.0, mutation=NO_ORDERS),
    Pattern("S3f", "… net value, %", "seed 003 (review 5.3)", **gains(UNDER_SALES, DEFAULT), below=0.0,
            mutation=SAME_EVERYWHERE),
    Pattern("S3g", "Sales gives orders instead of stating problems: net value, %", "seed 002 (review 5.3)",
            **gains(ORDERS, DEFAULT), below=0.0, mutation=Mutation("nobody works to the other's order, and who does "
            "hears no less", {"structure.support": 0.0, "structure.deaf": 0.0})),
    Pattern("S3h", "… score, points", "seed 002 (review 5.3)", two(ORDERS), **rises(lambda x: x.final), below=0.0,
            mutation=Mutation("nobody works to the other's order, and who does hears no less",
                              {"structure.support": 0.0, "structure.deaf": 0.0})),
    Pattern("S3i", "Marketing finds out by herself what customers need (research .2 against none), two bad teams: "
            "score, points (not below -1)", "model.md 6 (review 5.3)",
            two({**BAD, "beliefs.research": 0.2}, {**BAD, "beliefs.research": 0.0}), **rises(lambda x: x.final),
            above=-1.0, mutation=Mutation("who knows her market talks to nobody", {"rooms.contact": 0,
                                          "rooms.informal": 0}, only=("other",))),
    Pattern("S4a", "Two near teams: a shared record that both keep against none, net value, %",
            "seed 002 (review 5.4)", **gains(LOOP, NO_RECORD), above=0.0, mutation=NO_LOOP),
    Pattern("S4b", "… that both keep against Marketing alone, net value, %", "seed 002 (review 5.4)",
            **gains(LOOP, BY_MARKETING), above=0.0, mutation=NO_LOOP),
    Pattern("S4c", "… that both keep against Sales alone, net value, %", "seed 002 (review 5.4)",
            **gains(LOOP, BY_SALES), above=0.0, mutation=NO_LOOP),
    Pattern("S4d", "… share of ended leads with a complete record, both against Marketing alone",
            "seed 002 (review 5.4)", two(LOOP, BY_MARKETING),
            **rises(lambda x: float(np.nanmean(x.seen[:, Item.ONE_PIPELINE]))), above=0.0, mutation=NO_LOOP),
    *(Pattern(f"S5{letter}", f"Decisions wait 30 days instead of none: quality of {name} decisions",
              "seed 000 (review 5.5)", two(SLOW, QUICK), **rises(quality(q)), below=0.0, mutation=UNDECIDED)
      for letter, name, q in (("a", "product", Decision.PRODUCT), ("b", "promotion", Decision.PROMOTION),
                              ("c", "price", Decision.PRICE))),
    Pattern("S5d", "… net value where no practice is permitted, %", "seed 000 (review 5.5)",
            **gains({**FORBIDDEN, **SLOW}, {**FORBIDDEN, **QUICK}), below=0.0, mutation=UNDECIDED),
    Pattern("S5e", "Decisions wait 8 days instead of 7: net value, % (one day never costs 1 %)",
            "seed 000 (review 5.5)", **gains({"communication.delay_days": 8.0}, {"communication.delay_days": 7.0}),
            above=-1.0, mutation=Mutation("what waits a day waits half a year", {"practices.decision_days": 200.0},
                                          only=("other",))),
    Pattern("S5f", "Special terms need approval, and decisions wait 30 days: days of a deal, %",
            "seeds 000, 004 (review 5.5)", two({**APPROVED, **SLOW}, {**APPROVED, **QUICK}),
            lambda v: [*days_of_deals(v["other"]), *days_of_deals(v["base"])], **ratio, above=0.0,
            mutation=Mutation("special terms need no approval", {"customization.approval": 0})),
    Pattern("S5g", "Two near teams, decisions wait 30 days: day on which shared measures are agreed, later",
            "seed 000 (review 5.5)", two({**NEAR, **SLOW}, {**NEAR, **QUICK}), **rises(day_agreed), above=0.0,
            mutation=Mutation("nothing is agreed", {"rooms.practices": 0})),
    Pattern("S6a", "One department from day 0, desks where they were: grievances settled of those that arise, %",
            "seed 003; F13 (review 5.6)", two(MERGED), more_settled, **ratio, above=0.0, mutation=SAME_EVERYWHERE),
    Pattern("S6b", "… mean skill at the own craft", "seed 003; F13 (review 5.6)", two(MERGED),
            **rises(lambda x: x.skill), below=0.0, mutation=SAME_EVERYWHERE),
    Pattern("S6c", "One chief over both from day 0: grievances settled of those that arise, %",
            "seed 003; F13 (review 5.6)", two(ONE_CHIEF), more_settled, **ratio, above=0.0, mutation=SAME_EVERYWHERE),
    Pattern("S6d", "… payroll, %", "seed 003; F13 (review 5.6)", two(ONE_CHIEF),
            **by_percent(lambda x: x.total("payroll")), above=0.0, mutation=SAME_EVERYWHERE),
    Pattern("S6e", "… mean skill at the own craft, against one department", "seed 003; F13 (review 5.6)",
            two(ONE_CHIEF, MERGED), **rises(lambda x: x.skill), above=0.0, mutation=SAME_EVERYWHERE),
    Pattern("S14a", "Personal touches while a deal is open, two near teams with a shared record: deals won, %",
            "seed 002 (review 5.14)", two({**LOOP, **PERSONAL}, LOOP),
            lambda v: [*win_rate(v["other"]), *win_rate(v["base"])], **ratio, above=0.0, mutation=NO_TOUCH),
    Pattern("S14b", "… what they add to net value there, less in two bad teams, points of %", "seed 002 (review 5.14)",
            **more_there(PERSONAL, BAD, LOOP), above=0.0, mutation=NO_TOUCH),
    Pattern("S14c", "Three tenths of Marketing's craft goes into how the firm is seen: reputation of year 5, %",
            "seed 003 (review 5.14)", two(IMPRESSED), **by_percent(lambda x: x.year("reputation", 5)), above=0.0,
            mutation=NOT_SEEN),
    Pattern("S14d", "… inquiries of year 1, %", "seed 003 (review 5.14)", two(IMPRESSED),
            **by_percent(lambda x: x.year("inquiries", 1)), below=0.0, mutation=NOT_SEEN),
    Pattern("S14e", "… opportunities from salespeople's own calls in year 5, %", "seed 003 (review 5.14)",
            two(IMPRESSED), **by_percent(lambda x: x.year("own_opportunities", 5)), above=0.0, mutation=NOT_SEEN),
    Pattern("S15a", "Orders instead of problems: net value in a digital market less in one of paper, points of %",
            "seed 002 (review 5.15)", **more_there(ORDERS, PAPER, DIGITAL), below=0.0, mutation=NO_ORDERS),
    Pattern("S15b", "What two teams that work together (near) gain over two bad ones, digital less paper, points of %",
            "seed 002 (review 5.15)",
            {f"{k} {n}": Arm({**levers, **world}) for k, world in (("digital", DIGITAL), ("paper", PAPER))
             for n, levers in (("near", NEAR), ("bad", BAD))},
            lambda v: [x for k in ("digital", "paper") for x in
                       (v[f"{k} near"].net_value - v[f"{k} bad"].net_value, v[f"{k} bad"].net_value)], less,
            above=0.0, mutation=Mutation("a digital market is as any", {"marketing.digital": 0.0,
                                         "market.digital": 0.5})),
    Pattern("S15c", "Rivals' budgets grow by a fifth a year, ours does not: revenue of year 5, %",
            "seed 002 (review 5.15)", two(RIVALS), **by_percent(lambda x: x.year("revenue", 5)), below=0.0,
            mutation=NO_RIVALS),
    Pattern("S15d", "What a budget that grows with them brings, against rivals that grow less against rivals that do "
            "not: revenue of year 5, points of %", "seed 002 (review 5.15)",
            {"grow, follows": Arm(RIVALS, FOLLOWS), "grow": Arm(RIVALS), "still, follows": Arm({}, FOLLOWS),
             "still": Arm()},
            lambda v: [x for k in ("grow", "still") for x in
                       (v[f"{k}, follows"].year("revenue", 5) - v[k].year("revenue", 5), v[k].year("revenue", 5))],
            less, above=0.0, mutation=NO_RIVALS),
)  # fmt: skip
