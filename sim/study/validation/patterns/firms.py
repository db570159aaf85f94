"""Which firms should work together more closely, and under whom (P10, P16; F06-F13, F33)."""

from __future__ import annotations

from sim.model.theory import Kind
from sim.study.validation.patterns.measured_run import Arm, Life
from sim.study.validation.patterns.organizations import (
    BAD,
    COMPLEX,
    DEFAULT,
    FORBIDDEN,
    LIAISON,
    MANDATED,
    NEAR,
    SIMPLE,
    SMALL,
    sized,
)
from sim.study.validation.patterns.pattern import Mutation, Pattern, changed, difference, less, percent, times


def value(life: Life) -> float:
    return life.net_value


def value_changed(arm: str, base: str) -> dict:
    return {"observe": changed(value, arm, base), "combine": percent}


def rules(people: int) -> dict:
    firm = {**sized(people), **FORBIDDEN}
    return {"arms": {"rules": Arm({**firm, "practices.rules": 1}), "none": Arm(firm)}, **value_changed("rules", "none")}


def under(kind: Kind, levers: dict | None = None) -> Arm:
    return Arm({**(levers or {}), "structure.kind": int(kind)})


def appointed(kind: Kind, levers: dict | None = None, day: int = 260) -> Arm:
    return Arm(levers or {}, ((day, {"structure.kind": int(kind)}),))


def closer(levers: dict) -> dict[str, Arm]:
    """The same firm near, cheap and with a liaison, and far, dear and without trust."""
    return {"near": Arm({**levers, **NEAR}), "bad": Arm({**levers, **BAD})}


def two_worlds(one: dict, other: dict) -> dict[str, Arm]:
    return {f"{n}, {k}": arm for n, levers in (("one", one), ("other", other)) for k, arm in closer(levers).items()}


def gains(lives) -> list[float]:
    return [x for n in ("one", "other") for x in changed(value, f"{n}, near", f"{n}, bad")(lives)]


def fit(life: Life) -> tuple[float, float]:
    return life.funnel["fit"], life.funnel["handed"]


def shared(identification: float) -> dict[str, Arm]:
    firm = {"culture.identification": identification}
    return {f"{identification:g}, shared": Arm({**firm, "practices.shared_metrics": 1}),
            f"{identification:g}, not": Arm({**firm, "practices.shared_metrics": 2})}  # fmt: skip


def exchanged(identification: float):
    return difference(lambda x: x.total("exchanges"), f"{identification:g}, shared", f"{identification:g}, not")


def knowing(levers: dict, research: float) -> Arm:
    return Arm({**levers, "beliefs.research": research})


COMPLEX_ALL = Mutation("every offer needs explaining and every market moves", {"market.drift_sd": 1.2,
    "market.cycle_days": 90.0,
                       "workforce.marketers": 12, "workforce.salespeople": 24})  # fmt: skip
SEEN_ALL = Mutation("nobody sees what others do, and rules make reps call every lead",
    {"structure.overview_people": 1.0,
                    "selling.rules": 5.0})  # fmt: skip

STARVED_NOT = Mutation("Marketing keeps budget, insight and say under Sales", {"structure.starved": 1.0,
    "structure.deaf": 0.0,
                       "rooms.decisions": 0})  # fmt: skip

ROWS = (
    Pattern("P10a", "Small, simple firm: a liaison and permitted practices, net value, %", "F06, F07 · H",
            {"with": Arm({**SMALL, **LIAISON}), "none": Arm({**SMALL, **FORBIDDEN})}, **value_changed("with", "none"),
            below=0.0,
            mutation=COMPLEX_ALL),
    Pattern("P10b", "Small, simple firm: permitted practices alone, net value, %", "F06, F07 · H",
            {"with": Arm(SMALL), "none": Arm({**SMALL, **FORBIDDEN})}, **value_changed("with", "none"), below=0.0,
            mutation=COMPLEX_ALL),
    Pattern("P10c", "Six people: rules by order, net value, % (do not pay: under 1)", "F07 · H", **rules(6), below=1.0,
            control=True, mutation=SEEN_ALL),
    Pattern("P10d", "Fifteen people: rules by order, net value, %", "F07 · H", **rules(15), above=0.0,
            mutation=Mutation("nobody keeps the rules", {"rooms.practices": 0})),
    Pattern("P10e", "Thirty-six people: rules by order, net value, %", "F07 · H", **rules(36), above=0.0,
            mutation=Mutation("nobody keeps the rules", {"rooms.practices": 0})),
    Pattern("F06", "What working closely is worth, complex offer less simple offer, points of net value's %", "F06 · H",
            two_worlds(COMPLEX, SIMPLE), gains, less, above=0.0,
            mutation=Mutation("all offers are simple", {"market.drift_sd": 0.2, "market.cycle_days": 15.0})),
    Pattern("P16a", "Marketing under Sales: fit of the leads handed off, %", "seed 003; F11 · B",
            {"under": under(Kind.MARKETING_UNDER_SALES), "separate": Arm(DEFAULT)},
            lambda v: [*fit(v["under"]), *fit(v["separate"])], lambda m: 100.0 * (times(m) - 1.0), below=0.0,
            mutation=STARVED_NOT),
    Pattern("P16b", "Marketing under Sales: leads handed off, %", "seed 003",
            {"under": under(Kind.MARKETING_UNDER_SALES), "separate": Arm(DEFAULT)},
            changed(lambda x: x.total("handed"), "under", "separate"), percent, below=0.0,
            mutation=STARVED_NOT,
            note="a starved Marketing hands off fewer leads, whatever their fit"),
    Pattern("P16c", "One chief appointed at the end of year 1: contribution of the half year after, % (dips first)",
            "F13 · A/B",
            {"chief": appointed(Kind.ONE_CHIEF), "separate": Arm(DEFAULT)},
            lambda v: [float((v["chief"].sums["contribution"] - v["separate"].sums["contribution"])[4:6].sum()),
                       float(v["separate"].sums["contribution"][4:6].sum())], percent, below=0.0,
            mutation=Mutation("a change of structure costs nothing", {"structure.chief_cost": 0.0,
            "structure.turmoil": 0.0,
                              "money.reorganization_cost": 0.0})),
    Pattern("P16d", "One chief with everything ordered less one chief with nothing permitted: net value, %",
            "F13 · A/B",
            {"linked": under(Kind.ONE_CHIEF, MANDATED), "bare": under(Kind.ONE_CHIEF, FORBIDDEN)},
            **value_changed("linked", "bare"),
            above=0.0, mutation=Mutation("nobody keeps a practice", {"rooms.practices": 0})),
    Pattern("P16e", "No structure wins everywhere: Sales under Marketing, dear and far: net value against separate, %",
            "F11-F13; seed 003", {"under": under(Kind.SALES_UNDER_MARKETING, BAD), "separate": Arm(BAD)},
            **value_changed("under", "separate"), below=0.0,
            mutation=Mutation("nobody is pressed or dismissed under Marketing", {"structure.pressed": 0.0,
            "structure.dismissal_misses": 0,
                              "rooms.decisions": 0})),
    Pattern("P16f", "… small and simple: net value against separate, %", "F11-F13; seed 003",
            {"under": under(Kind.SALES_UNDER_MARKETING, SMALL), "separate": Arm(SMALL)}, **value_changed("under",
            "separate"), above=0.0,
            mutation=Mutation("whoever misses a month is dismissed", {"structure.dismissal_misses": 1})),
    Pattern("F10a", "A wide difference in competence (.9 against .3): new business, %", "F10 · B",
            {".9": Arm({"structure.competence_gap": 0.9}), ".3": Arm(DEFAULT)},
            changed(lambda x: x.total("new_value"), ".9", ".3"), percent, below=0.0,
            mutation=Mutation("context survives incompetence, and nobody despises it", {"handoff.incompetence": 0.0,
            "conflict.by_competence": 0.0})),
    Pattern("F10b", "A difference in orientation (.5 against 0): trust falls", "F10 · B",
            {".5": Arm({"structure.orientation_gap": 0.5}), "0": Arm({"structure.orientation_gap": 0.0})},
            difference(lambda x: x.total("trust_ms") + x.total("trust_sm"), ".5", "0"), below=0.0,
            mutation=Mutation("different views are no reason to quarrel", {"conflict.by_orientation": 0.0,
            "decisions.different": 0.0})),
    Pattern("F10c", "… and new business does not, % (above -0.5)", "F10 · B",
            {".5": Arm({"structure.orientation_gap": 0.5}), "0": Arm({"structure.orientation_gap": 0.0})},
            changed(lambda x: x.total("new_value"), ".5", "0"), percent, above=-0.5,
            mutation=Mutation("every difference is a quarrel", {"conflict.by_orientation": 5.0,
            "conflict.ambiguity": 0.6,
                              "decisions.different": 0.0})),
    Pattern("F11", "Linkages and a Marketing that knows its market: net value above that of either alone, %", "F11 · B",
            {"both": knowing(NEAR, 0.3), "linked": knowing(NEAR, 0.0), "knowing": knowing(BAD, 0.3)},
            lambda v: [v[k].net_value for k in ("both", "linked", "knowing")],
            lambda m: 100.0 * (m[..., 0] - m[..., 1:].max(-1)) / abs(m[..., 0]), above=0.0,
            mutation=Mutation("market research tells nobody anything", {"beliefs.research": 0.0})),
    Pattern("F33", "Shared metrics by order: exchanges, strong identification with the firm less with the function",
            "F33 · B",
            {**shared(0.9), **shared(0.05)}, lambda v: exchanged(0.9)(v) - exchanged(0.05)(v), above=0.0,
            mutation=Mutation("nobody keeps a practice", {"rooms.practices": 0})),
    Pattern("F33b", "… and with the function they backfire: exchanges", "F33 · B", shared(0.05), exchanged(0.05),
            below=0.0,
            mutation=Mutation("an order is kept whatever people think, and talk follows", {"practices.threshold": -1.0,
                              "practices.reactance": 0.0, "practices.act_spoils": 0.0})),
)  # fmt: skip
