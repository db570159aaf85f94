"""The firms by which the analytic twin is judged, listed before anything was measured, and by what it is judged."""

from __future__ import annotations

from sim.study.validation.patterns.organizations import (
    BAD,
    DISTRUSTED_BY_SALES,
    FAR,
    FORBIDDEN,
    LIAISON,
    NEAR,
    Levers,
    sized,
)

# Markets that nothing else uses: those that judge, and others on which mistakes in the equations were sought, on other
# firms. On 96000 to 96003 the firms of the list were looked at once; a formula that did not hold for reps with one tie
# was put right after that.
MARKETS, TRIAL_MARKETS = (96_100, 96_101, 96_102, 96_103), (96_900, 96_901, 96_902)
# What is compared: the mean of the last year, taken at the quarters' ends.
DAYS, READINGS = 1300, (1105, 1170, 1235, 1300)
LEAST_R, MOST_ERROR = 0.95, 0.05  # of the firms' means; of the range that the simulated firms span

FIRMS: dict[str, Levers] = {
    "default": {},
    "liaison": LIAISON,
    "liaison distrusted by Sales": DISTRUSTED_BY_SALES,
    "two trusted liaisons": {"liaison.count": 2, "liaison.trust_marketing": 0.8, "liaison.trust_sales": 0.8},
    "near, cheap, liaison": NEAR,
    "near, cheap": {**NEAR, "liaison.count": 0},
    "bad": BAD,
    "far": FAR,
    "at one desk": {"distance.between_teams_m": 2.0},
    "another continent": {"distance.between_teams_m": 8_000_000.0},
    "talk dear": {"communication.cost_hours": 2.0},
    "talk cheap": {"communication.cost_hours": 0.1},
    "trust high": {"trust.initial": 0.65, "trust.attitude": 0.5},
    "trust low": {"trust.initial": 0.15, "trust.attitude": 0.2},
    "quiet": {"communication.push": -1.0},
    "talkative": {"communication.push": 1.0},
    "one tie a rep": {"workforce.ties_per_rep": 1},
    "six ties a rep": {"workforce.ties_per_rep": 6},
    "a hundred and twenty people": sized(120),
    "simple offer": {"market.drift_sd": 0.4},
}
TRIAL_FIRMS: dict[str, Levers] = {
    "middling": {"communication.cost_hours": 0.7, "trust.initial": 0.45},
    "twelve metres": {"distance.between_teams_m": 12.0},
    "twelve metres, liaison": {"distance.between_teams_m": 12.0, "liaison.count": 1, "liaison.trust_sales": 0.7},
    "dear, distrust": {"communication.cost_hours": 1.2, "trust.initial": 0.2, "trust.attitude": 0.25},
    "cheap, trust": {"communication.cost_hours": 0.2, "trust.initial": 0.5, "trust.attitude": 0.4},
    "four ties": {"workforce.ties_per_rep": 4, "communication.push": 0.5},
}


def with_practices(levers: Levers, permitted: bool) -> Levers:
    """A firm whose teams may agree on ways of working, or may not."""
    return dict(levers) if permitted else {**FORBIDDEN, **levers}
