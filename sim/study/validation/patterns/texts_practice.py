"""What the five texts claim of practice: visits, agreed ways of working, size, special terms, talk, disagreement,
shared tasks, and who joins or manages whom (S7 to S17 of the second edition; seeds 000 to 004)."""

from __future__ import annotations

import math

from sim.model.theory import Mode
from sim.study.validation.patterns.measured_run import Arm, Life
from sim.study.validation.patterns.organizations import BAD, DEFAULT, LIAISON, NEAR, Levers, sized
from sim.study.validation.patterns.pattern import Mutation, Pattern, changed, difference, percent

FIRMS: dict[str, Levers] = {"default": DEFAULT, "near-cheap": NEAR, "liaison": LIAISON, "silo": BAD}
# Trust and clear roles, and the lack of both: where disagreement should pay, and where not.
CLEAR: Levers = {"trust.initial": 0.8, "trust.attitude": 0.8, "conflict.clarity": 0.9}
UNCLEAR: Levers = {"trust.initial": 0.15, "trust.attitude": 0.22, "conflict.clarity": 0.0}
CALM: Levers = {"structure.reorganizations": 0.0}


def net_value(life: Life) -> float:
    return life.net_value


def last_year(name: str):
    """The sum of a field over year 5."""
    return lambda life: life.year(name, 5)


def all_years(name: str):
    """The sum of a field over all days."""
    return lambda life: life.total(name)


def errors(life: Life) -> float:
    """What Marketing does not know of needs and Sales not of the offer, year 5."""
    return life.year("error_m", 5) + life.year("error_s", 5)


def quarrels(life: Life) -> float:
    """Share of the talks of five years that were about a grievance."""
    return life.total("disputes") / max(life.total("contacts"), 1.0)


def final_score(life: Life) -> float:
    return life.final


def trust(life: Life) -> float:
    return life.trust


def words(life: Life) -> float:
    """Mean common language of the last year."""
    return float(life.weeks["language"][-52:].mean())


def each(of, by):
    """A ratio of two sums within one run."""
    return lambda life: of(life) / by(life) if by(life) else math.nan


def of_funnel(name: str):
    return lambda life: life.funnel[name]


def pair(what: Levers, against: Levers, base: Levers = DEFAULT) -> dict[str, Arm]:
    """A firm with some levers moved one way, and the same firm with them moved the other way."""
    return {"with": Arm({**base, **what}), "without": Arm({**base, **against})}


def gains(arms: dict[str, Arm], of) -> dict:
    """What the one has more than the other."""
    return {"arms": arms, "observe": difference(of, "with", "without")}


def rises(arms: dict[str, Arm], of) -> dict:
    """What the one has more than the other, %."""
    return {"arms": arms, "observe": changed(of, "with", "without"), "combine": percent}


def forbidden(name: str, base: Levers = NEAR) -> dict[str, Arm]:
    """A firm whose teams decide about a practice, and the same firm where it is forbidden."""
    mode = f"practices.{name}"
    return pair({mode: int(Mode.TEAMS_DECIDE)}, {mode: int(Mode.FORBIDDEN)}, base)


def never(name: str) -> Mutation:
    return Mutation("nobody may keep it anyway", {f"practices.{name}": int(Mode.FORBIDDEN)})


def visits(base: Levers = DEFAULT) -> dict[str, Arm]:
    return pair({"marketing.visits": 2.0}, {"marketing.visits": 0.0}, base)


def quiet(base: Levers) -> dict[str, Arm]:
    """A firm whose people speak up as they like, and the same firm with a culture of keeping quiet."""
    return pair({"communication.push": 0.0}, {"communication.push": -4.0}, base)


def size(people: int) -> Levers:
    return dict(sized(people))


def of_marketing(life: Life) -> tuple[float, float]:
    """Deals won of Marketing's leads, and their opportunities."""
    return life.total("won") - life.total("own_won"), life.total("opportunities") - life.total("own_opportunities")


def hire_cost(life: Life) -> float:
    """Cash for hiring, for each of those who left: what is neither payroll nor programme, k€."""
    return (life.total("other_cash") - life.total("budget")) / max(life.left, 1.0)


AT_HOME = Mutation("nobody rides along", {"marketing.visits": 0.0})
MUTE = Mutation("nobody speaks up anyway", {"communication.push": -4.0})
UNTAUGHT = Mutation("what is said teaches nothing", {"rooms.beliefs": 0})
ALIKE = Mutation("both firms are of one size", {"workforce.marketers": 12, "workforce.salespeople": 24})
UNTRAINED: Levers = {"practices.event_training": 0.0, "practices.plan_training": 0.0}
NO_TERMS = Mutation("nobody asks for special terms", {"customization.asked": 0.0})
HARMLESS = Mutation("decayed records do no harm", {"marketing.lost_records": 0.0, "beliefs.research": 0.0,
                    "conflict.by_records": 0.0, "practices.unasked_review": 0.0,
                    "marketing.estimate_noise": 0.0, "marketing.uncoordinated": 0.0})  # fmt: skip
NO_TRADE = Mutation("a day of calling catches nobody", {"marketing.catch": 0.001})

VISITS = (
    Pattern("S7a", "Two days a month in the field: marketers' error about needs in year 5, %", "seed 002; point 7",
            **rises(visits(), last_year("error_m")), below=0.0, mutation=AT_HOME),
    Pattern("S7b", "… salespeople's error about the offer in year 5, %", "seed 002; point 7",
            **rises(visits(), last_year("error_s")), below=0.0, mutation=AT_HOME),
    Pattern("S7c", "… marketers' trust in salespeople, year 5, %", "seed 002; point 7",
            **rises(visits(), last_year("trust_ms")), above=0.0, mutation=AT_HOME),
    Pattern("S7d", "… salespeople's trust in marketers, year 5, %", "seed 002; point 7",
            **rises(visits(), last_year("trust_sm")), above=0.0, mutation=AT_HOME),
    Pattern("S7e", "… share of talks that are quarrels", "seed 002; point 7", **gains(visits(), quarrels), below=0.0,
            mutation=AT_HOME),
    Pattern("S7f", "… net value, % (both grow)", "seed 002; point 7", **rises(visits(), net_value), above=0.0,
            mutation=AT_HOME),
)  # fmt: skip

# What the users of a practice would name, where people are near and cheap to reach and so come to keep it.
EFFECTS = (
    Pattern("S8a", "Rules of engagement: grievances, % (fences keep the peace)", "seed 000; point 8",
            **rises(forbidden("rules"), all_years("grievances")), below=0.0, mutation=Mutation("rules settle nothing",
            {"conflict.rules_calm": 0.0, "selling.blame_rules": 0.0, "marketing.cut": 0.43,
             "marketing.estimate_noise": 0.0, "marketing.volume_target": 0.0, "selling.back_rules": 0.0})),
    Pattern("S8b", "A lead definition: fit of the leads that are handed over", "F27; point 8",
            **gains(forbidden("rules"), each(of_funnel("fit"), of_funnel("handed"))), above=0.0,
            mutation=Mutation("Marketing judges so without one", {"marketing.cut": 0.43,
                              "marketing.estimate_noise": 0.0, "marketing.volume_target": 0.0})),
    Pattern("S8c", "Joint events: inquiries of trade shows that are won", "seed 000; point 8",
            {"with": forbidden("events")["with"], "without": forbidden("events")["without"]},
            lambda v: [v[k].funnel[n] for k in ("with", "without") for n in ("show_wins", "shows")],
            lambda m: m[..., 0] / m[..., 1] - m[..., 2] / m[..., 3], above=0.0, mutation=never("events")),
    Pattern("S8d", "Disciplined meetings: share of talks that are quarrels", "seed 000; point 8",
            **gains(forbidden("meetings"), quarrels), below=0.0, mutation=never("meetings")),
    Pattern("S8e", "The feedback loop, default: marketers' error about needs in year 5, %", "seeds 000, 002; point 8",
            **rises(forbidden("feedback_loop", DEFAULT), last_year("error_m")), below=0.0, mutation=UNTAUGHT),
    Pattern("S8w", "… deals won of the opportunities that Marketing brought", "seed 002; point 8",
            forbidden("feedback_loop", DEFAULT), lambda v: [x for k in ("with", "without") for x in of_marketing(v[k])],
            lambda m: m[..., 0] / m[..., 1] - m[..., 2] / m[..., 3], above=0.0,
            mutation=Mutation("what is told of a lead helps no deal", {"selling.weight_context": 0.0})),
    Pattern("S8f", "Joint planning: what both teams do not know of each other's truth, year 5, %",
            "seed 000; point 8", **rises(forbidden("joint_planning"), errors), below=0.0, mutation=UNTAUGHT),
    Pattern("S8g", "Key-account teams: first yearly value of a contract, %", "seed 000; point 8",
            **rises(forbidden("key_accounts"), each(all_years("new_value"), all_years("won"))), above=0.0,
            mutation=Mutation("a marketer in the deal adds nothing", {"selling.joint": 0.0})),
    Pattern("S8h", "Shared metrics: leads tried, of those handed over", "F31; seed 001; point 8",
            **gains(forbidden("shared_metrics"), each(all_years("followed"), all_years("handed"))), above=0.0,
            mutation=Mutation("measures move no rep", {"selling.metrics": 0.0})),
    Pattern("S8i", "Rotation: common language in the last year", "seeds 000, 002; point 8",
            **gains(forbidden("rotation"), words), above=0.0,
            mutation=Mutation("a stint teaches no words", {"practices.stint_gain": 0.0})),
    Pattern("S8j", "An agenda kept by everybody instead of by nobody: share of talks that are quarrels",
            "seed 000; point 8", **gains(pair({"communication.agenda": 1.0}, {"communication.agenda": 0.0}), quarrels),
            below=0.0, mutation=Mutation("nobody keeps it", {"communication.agenda": 0.0})),
    Pattern("S8k", "… opportunities, % (a disciplined process opens them)", "seed 000; point 8",
            **rises(pair({"communication.agenda": 1.0}, {"communication.agenda": 0.0}), all_years("opportunities")),
            above=0.0, mutation=Mutation("nobody keeps it", {"communication.agenda": 0.0})),
    Pattern("S8l", "Joint training in events and plans: common language in the last year", "seed 000; point 8",
            **gains(pair({}, UNTRAINED, NEAR), words), above=0.0, mutation=Mutation("nobody trains", UNTRAINED)),
)  # fmt: skip

# None is best forbidden everywhere: where each pays was found on markets 100 to 129.
PAYS = {"rules": "default", "events": "default", "meetings": "default", "feedback_loop": "default",
        "joint_planning": "near-cheap", "key_accounts": "liaison", "shared_metrics": "near-cheap",
        "rotation": "near-cheap"}  # fmt: skip
WORTH = (
    *(Pattern(f"S8{k}", f"Permitting {name.replace('_', ' ')}, {firm}: net value, %", "seed 000; point 8",
              **rises(forbidden(name, FIRMS[firm]), net_value), above=0.0, mutation=never(name))
      for k, (name, firm) in zip("mnopqrst", PAYS.items(), strict=True)),
    Pattern("S8u", "Training in events and plans, near-cheap, against none: net value, %", "seed 000; point 8",
            **rises(pair({}, UNTRAINED, NEAR), net_value), above=0.0, mutation=Mutation("nobody trains", UNTRAINED)),
    Pattern("S8v", "An agenda kept by everybody instead of by nobody: net value, %", "seed 000; point 8",
            **rises(pair({"communication.agenda": 1.0}, {"communication.agenda": 0.0}), net_value), above=0.0,
            mutation=Mutation("nobody keeps it", {"communication.agenda": 0.0})),
)  # fmt: skip

SIZE = (
    Pattern("S9a", "360 people instead of 36, a market of the same size a head: score", "seed 000; point 9",
            **gains({"with": Arm(size(360)), "without": Arm(size(36))}, final_score), below=0.0, mutation=ALIKE),
    Pattern("S9b", "… trust in the last quarter", "seed 000; point 9",
            **gains({"with": Arm(size(360)), "without": Arm(size(36))}, trust), below=0.0, mutation=ALIKE),
    Pattern("S9c", "12 people instead of 36: score", "seed 000; point 9",
            **gains({"with": Arm(size(12)), "without": Arm(size(36))}, final_score), above=0.0, mutation=ALIKE),
    Pattern("S9d", "Teams spread over 1 km instead of 30 m: score", "seed 000; point 9",
            **gains(pair({"distance.between_teams_m": 1000.0}, {"distance.between_teams_m": 30.0}), final_score),
            below=0.0, mutation=Mutation("all sit on one floor", {"distance.between_teams_m": 30.0})),
    Pattern("S9e", "Three hours of administration a day instead of 1.2: score", "seed 000; point 9",
            **gains(pair({"workload.admin_hours": 3.0}, {}), final_score), below=0.0,
            mutation=Mutation("nobody administers more", {"workload.admin_hours": 1.2})),
    Pattern("S9f", "… talks across the gap, %", "seed 000; point 9",
            **rises(pair({"workload.admin_hours": 3.0}, {}), all_years("contacts")), below=0.0,
            mutation=Mutation("nobody administers more", {"workload.admin_hours": 1.2})),
)  # fmt: skip

APPROVED = pair({"customization.approval": 1}, {"customization.approval": 0})
TERMS = (
    Pattern("S11a", "Special terms need approval within a limit: share of talks that are quarrels",
            "seed 004; point 11", **gains(APPROVED, quarrels), below=0.0, mutation=NO_TERMS),
    Pattern("S11b", "… grievances, %", "seed 004; point 11", **rises(APPROVED, all_years("grievances")), below=0.0,
            mutation=NO_TERMS),
    Pattern("S11c", "… days from opportunity to its end, more", "seed 004; point 11", APPROVED,
            lambda v: [v[k].funnel[n] for k in ("with", "without") for n in ("cycle_days", "deals")],
            lambda m: m[..., 0] / m[..., 1] - m[..., 2] / m[..., 3], above=0.0, mutation=NO_TERMS),
    Pattern("S11d", "… with a limit of 5 % instead of 50 %: what special terms cost, %", "seed 004; point 11",
            **rises(pair({"customization.limit": 0.05}, {"customization.limit": 0.5}, {"customization.approval": 1}),
                    all_years("special_cost")), below=0.0,
            mutation=Mutation("nothing needs approval", {"customization.approval": 0})),
    Pattern("S11e", "Marketing can live with every special deal instead of 15 %: grievances, %",
            "seed 004; point 11", **rises(pair({"customization.limit": 1.0}, {"customization.limit": 0.15}),
                                          all_years("grievances")), below=0.0, mutation=NO_TERMS),
    Pattern("S11f", "Nobody asks for special terms: share of talks that are quarrels", "seed 004; point 11",
            **gains(pair({"customization.asked": 0.0}, {}), quarrels), below=0.0, mutation=NO_TERMS),
)  # fmt: skip

TALK = (
    *(Pattern(f"S12{k}", f"People speak up instead of keeping quiet, {name}: net value, %", "seed 000; point 12",
              **rises(quiet(FIRMS[name]), net_value), above=0.0, mutation=MUTE)
      for k, name in zip("abcd", FIRMS, strict=True)),
    Pattern("S12e", "… default: what both teams do not know of each other's truth, year 5, %", "seed 000; point 12",
            **rises(quiet(DEFAULT), errors), below=0.0, mutation=MUTE),
    Pattern("S12f", "… default: trust in the last quarter", "seed 000; point 12", **gains(quiet(DEFAULT), trust),
            above=0.0, mutation=MUTE),
)  # fmt: skip

DIFFER = ({"structure.orientation_gap": 0.5}, {"structure.orientation_gap": 0.0})
TENSION = (
    Pattern("S13a", "Trust and clear roles: teams that look at different things against teams that look at the same; "
                    "net value, %", "seed 001; F10; point 13", **rises(pair(*DIFFER, CLEAR), net_value), above=0.0,
            mutation=Mutation("a difference helps no decision", {"decisions.different": 0.0})),
    Pattern("S13b", "Neither trust nor clear roles: the same difference; share of talks that are quarrels",
            "seed 001; F10; point 13", **gains(pair(*DIFFER, UNCLEAR), quarrels), above=0.0,
            mutation=Mutation("a difference makes no argument", {"conflict.by_orientation": 0.0,
                              "decisions.different": 0.0})),
)  # fmt: skip

DECAYED = ({"conflict.shared_tasks": 0.3}, {"conflict.shared_tasks": 0.03})
UNOWNED = ({"conflict.kept_anyway": 0.0}, {"conflict.kept_anyway": 0.4})
TASKS = (
    Pattern("S16a", "Shared tasks decay ten times as fast: net value, %", "seed 003; point 16",
            **rises(pair(*DECAYED), net_value), below=0.0, mutation=HARMLESS),
    Pattern("S16b", "Nobody keeps what nobody owns, default: net value, %", "seed 003; point 16",
            **rises(pair(*UNOWNED), net_value), below=0.0, mutation=HARMLESS),
    Pattern("S16c", "… silo: net value, %", "seed 003; point 16", **rises(pair(*UNOWNED, BAD), net_value), below=0.0,
            mutation=HARMLESS),
    Pattern("S16d", "… silo: score", "seed 003; point 16", **gains(pair(*UNOWNED, BAD), final_score), below=0.0,
            mutation=Mutation("everything is kept", {"conflict.shared_tasks": 0.0})),
)  # fmt: skip

DRAWN = ({"liaison.hired": 0}, {"liaison.hired": 1})
MANAGED = ({"workforce.product_manager": 1}, {"workforce.product_manager": 0})
UNMANAGED = Mutation("nobody manages the product", {"workforce.product_manager": 0})
SHARED = ({"culture.sharing": 0.9}, {"culture.sharing": 0.0})
APART = Mutation("nothing is shared", {"culture.sharing": 0.0})
WORSE = ({"shock.bad_leads": 0.5}, {"shock.bad_leads": 0.0})
GOOD = Mutation("the leads are as good as ever", {"shock.bad_leads": 0.0})
VAGUE = ({"conflict.clarity": 0.0}, {"conflict.clarity": 0.9})
REST = (
    Pattern("S17a", "A liaison drawn from Marketing instead of hired: inquiries, %", "seed 000; point 17",
            **rises(pair(*DRAWN, LIAISON), all_years("inquiries")), below=0.0,
            mutation=Mutation("she is hired anyway", {"liaison.hired": 1})),
    Pattern("S17b", "… revenue in year 5, % (a pair of hands is missing)", "seed 000; point 17",
            **rises(pair(*DRAWN, LIAISON), last_year("revenue")), below=0.0,
            mutation=Mutation("she is hired anyway", {"liaison.hired": 1})),
    Pattern("S17c", "A product manager: distance of the offer from the needs in year 5, %", "seed 000; point 17",
            **rises(pair(*MANAGED), last_year("gap")), below=0.0, mutation=UNMANAGED),
    Pattern("S17d", "… trust in the last quarter (she brings the teams to one table)", "seed 000; point 17",
            **gains(pair(*MANAGED), trust), above=0.0, mutation=UNMANAGED),
    Pattern("S17e", "… what both teams do not know of each other's truth, year 5, %", "seed 000; point 17",
            **rises(pair(*MANAGED), errors), below=0.0, mutation=UNMANAGED),
    Pattern("S17f", "… score, points", "seed 000; point 17", **gains(pair(*MANAGED), final_score), above=0.0,
            mutation=UNMANAGED),
    Pattern("S17g", "Power, information and resources are shared: net value, %", "seed 004; point 17",
            **rises(pair(*SHARED), net_value), above=0.0, mutation=APART),
    Pattern("S17h", "… share of talks that are quarrels (no 'us and them')", "seed 004; point 17",
            **gains(pair(*SHARED), quarrels), below=0.0, mutation=APART),
    Pattern("S17i", "… score, points", "seed 004; point 17", **gains(pair(*SHARED), final_score), above=0.0,
            mutation=APART),
    Pattern("S17j", "Leads that fit half as well for good: share of talks that are quarrels",
            "seed 002; F20; point 17", **gains(pair(*WORSE), quarrels), above=0.0, mutation=GOOD),
    Pattern("S17k", "… salespeople's trust in marketers, year 5, %", "seed 002; F20; point 17",
            **rises(pair(*WORSE), last_year("trust_sm")), below=0.0, mutation=GOOD),
    Pattern("S17l", "… grievances for each lead handed over, %", "seed 002; F20; point 17",
            **rises(pair(*WORSE), each(all_years("grievances"), all_years("handed"))), above=0.0, mutation=GOOD),
    Pattern("S17m", "Unclear roles deter recruits: what a seat costs to fill, %", "seed 001; point 14",
            **rises(pair(*VAGUE, CALM), hire_cost), above=0.0,
            mutation=Mutation("roles are clear anyway", {"conflict.clarity": 0.9})),
)  # fmt: skip

ROWS = (*VISITS, *EFFECTS, *WORTH, *SIZE, *TERMS, *TALK, *TENSION, *TASKS, *REST)
