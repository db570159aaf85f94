"""Trust: what breaks it, what heals it, and for what it is used (P8; F45-F50)."""

from __future__ import annotations

import numpy as np

from sim.study.validation.patterns.measured_run import Arm
from sim.study.validation.patterns.organizations import DEFAULT, FAR, NEAR
from sim.study.validation.patterns.pattern import Lives, Mutation, Pattern, difference, over

AT, DAYS = 650, 1690
WEEK = AT // 5
STILL = {"none": Arm(DEFAULT, days=DAYS)}
BAD_LEADS = {
    **STILL,
    "shock": Arm(DEFAULT, ((AT, {"shock.bad_leads": 0.7}), (AT + 30, {"shock.bad_leads": 0.0})), DAYS),
}
PROMISE = {**STILL, "shock": Arm(DEFAULT, ((AT, "broken promise"),), DAYS)}
DECEPTION = {**STILL, "shock": Arm(DEFAULT, ((AT, "deception"),), DAYS)}
TRAINING = {**STILL, "shock": Arm(DEFAULT, ((AT, "training"),), DAYS)}


def gap(lives: Lives, name: str = "trust_sm") -> np.ndarray:
    """Difference with and without the shock, week by week from its day on."""
    return (lives["shock"].weeks[name] - lives["none"].weeks[name])[WEEK:]


def left_after_two_years(lives: Lives) -> tuple[float, float]:
    path = gap(lives)
    return float(path[102:106].mean()), float(path[0:2].mean())


def recovery_over_fall(means: np.ndarray) -> np.ndarray:
    """Weeks from the trough until half is back, over weeks until half the fall, of mean paths."""

    def one(path: np.ndarray) -> float:
        trough = int(path[:78].argmin())
        half = path[trough] / 2
        if half >= 0:
            return np.nan
        fall = int(np.flatnonzero(path[: trough + 1] <= half)[0]) + 1
        back = np.flatnonzero(path[trough:] >= half)
        return float(back[0] if len(back) else len(path) - trough) / fall

    found = [one(path) for path in np.atleast_2d(means)]
    return np.array(found) if means.ndim > 1 else found[0]


def fair(value: float, levers: dict) -> Arm:
    return Arm({**levers, "structure.budget_fairness": value})


ROWS = (
    Pattern("P8a", "A month of bad leads: trust of Sales lost, mean of the next half year", "F48 · A/B", BAD_LEADS,
            lambda v: float(gap(v)[:26].mean()), below=-0.0005,
            mutation=Mutation("trust does not move", {"rooms.trust": 0})),
    Pattern("P8b", "… weeks until half is back over weeks to half the fall, times", "F48 · A/B", BAD_LEADS, gap,
            recovery_over_fall, above=2.0,
            mutation=Mutation("trust returns to the attitude within a week", {"trust.relax": 1.0,
            "trust.attitude_follows": 0.0, "trust.gain": 0.9})),
    Pattern("P8c", "A broken promise: share of the loss left after two years (failure heals: under .25)", "F49 · A",
            PROMISE,
            left_after_two_years, over, below=0.25,
            mutation=Mutation("idle ties keep what they are, and kept promises count little",
                              {"trust.relax": 0.0, "trust.gain": 0.005, "workforce.turnover_m": 0.0,
                               "workforce.turnover_s": 0.0, "structure.reorganizations": 0.0})),
    Pattern("P8d", "A deception: share of the loss left after two years (never quite forgiven: above .25)", "F49 · A",
            DECEPTION,
            left_after_two_years, over, above=0.25,
            mutation=Mutation("scars go with those who bear them, every few months",
                              {"workforce.turnover_m": 4.0, "workforce.turnover_s": 4.0})),
    Pattern("P8e", "… trust still missing after four years", "F49 · A", DECEPTION, lambda v: float(gap(v)[-4:].mean()),
            below=-0.005,
            mutation=Mutation("scars go with those who bear them, every few months",
                              {"workforce.turnover_m": 12.0, "workforce.turnover_s": 12.0})),
    Pattern("F49", "A deception is left over longer than a broken promise: shares of the loss after two years, "
                   "difference",
            "F49 · A", {**STILL, "promise": PROMISE["shock"], "deception": DECEPTION["shock"]},
            lambda v: [x for k in ("deception", "promise")
                       for x in left_after_two_years({"shock": v[k], "none": v["none"]})],
            lambda m: m[..., 0] / m[..., 1] - m[..., 2] / m[..., 3], above=0.1,
            mutation=Mutation("scars go with those who bear them, and broken promises with nobody",
                              {"workforce.turnover_m": 12.0, "workforce.turnover_s": 12.0})),
    Pattern("S1", "Training moves language and not trust: trust of Sales in the next month, two-sided (under .005)",
            "model.md 6 · J",
            TRAINING, lambda v: abs(float(gap(v)[:4].mean())), below=0.005, control=True,
            mutation=Mutation("people talk all day, and trust whom they understand", {"contact.understood": 0.0,
            "trust.gain": 0.05,
                              "contact.understood_language": 1.0, "contact.understood_trust": 0.0, "contact.base": 4.0,
                              "contact.moments": 10, "trust.ceiling_talk": 1.0})),
    Pattern("S2", "A broken promise moves trust and not language: language in the next month, two-sided (under .01)",
            "model.md 6 · J", PROMISE, lambda v: abs(float(gap(v, "language")[:4].mean())), below=0.01, control=True,
            mutation=Mutation("talk depends on trust alone and language comes with every word",
                              {"contact.trust": 20.0, "language.gain": 0.1, "contact.base": 1.0,
                              "language.ceiling_talk": 1.0, "trust.loss": 0.3})),
    Pattern("F50a", "A fair split of budget and credit (.9 against .1): mean trust", "F50 · B",
            {"fair": fair(0.9, DEFAULT), "unfair": fair(0.1, DEFAULT)}, difference(lambda x: x.trust, "fair",
            "unfair"), above=0.0,
            mutation=Mutation("an unfair split is no reason to quarrel", {"conflict.by_unfair": 0.0})),
    Pattern("F50b", "… its effect on trust, much exchange less little exchange", "F50 · B",
            {"near, fair": fair(0.9, NEAR), "near, unfair": fair(0.1, NEAR), "far, fair": fair(0.9, FAR),
            "far, unfair": fair(0.1, FAR)},
            lambda v: v["near, fair"].trust - v["near, unfair"].trust - v["far, fair"].trust + v["far, unfair"].trust,
            above=0.0,
            mutation=Mutation("an unfair split is no reason to quarrel", {"conflict.by_unfair": 0.0})),
)  # fmt: skip
