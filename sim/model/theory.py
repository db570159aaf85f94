"""Every number of the model, once: meaning, unit, bounds, default and source.

Numbers marked as levers are what managers choose; the others are what nobody
knows for sure, or constants: bookkeeping, and guesses that hardly move anything
when they are halved or doubled. `numbers()` lists them all; scenario files set
those that are no constants by the same names (`[trust]` then `gain = 0.03`). Sources are rows of the project's evidence
table (F.., B..), "seed 00x" for the texts the project began with, "fitted" for
numbers moved until the default showed the published patterns, or "our guess".
Bounds say what a number may be; the plausible range, within them, where it is
thought to be: that of its source, or a rule of thumb for guesses (`plausible`).
"""

from __future__ import annotations

import functools
import math
import typing
from enum import IntEnum
from typing import Annotated, NamedTuple

GUESS = "our guess"
FITTED = "fitted (our guess, moved in calibration)"


class N(NamedTuple):
    """What is declared about a number beside its type and default."""

    unit: str
    low: float
    high: float
    meaning: str
    source: str = GUESS
    lever: bool = False
    choices: type[IntEnum] | None = None
    plausible: tuple[float, float] | None = None  # where a source, or a judgement, says more than the rule of thumb
    fixed: bool = False  # a constant: no file, no command and no experiment moves it


def L(unit, low, high, meaning, source=GUESS, choices=None, plausible=None) -> N:
    """A number that managers choose."""
    return N(unit, low, high, meaning, source, True, choices, plausible)


def C(unit, low, high, meaning, source=GUESS) -> N:
    """A constant: a number with a home that nobody moves. A rule's test may, by `with_values`."""
    return N(unit, low, high, meaning, source, fixed=True)


class Practice(IntEnum):
    """Agreed ways of working (evidence D)."""

    RULES = 0
    EVENTS = 1
    MEETINGS = 2
    FEEDBACK_LOOP = 3
    JOINT_PLANNING = 4
    KEY_ACCOUNTS = 5
    SHARED_METRICS = 6
    ROTATION = 7


class Mode(IntEnum):
    """What is settled from above about one practice."""

    TEAMS_DECIDE = 0
    MANDATED = 1
    FORBIDDEN = 2


class Kind(IntEnum):
    """Who reports to whom (seeds 002, 003; evidence F11-F13)."""

    SEPARATE = 0
    MARKETING_UNDER_SALES = 1
    SALES_UNDER_MARKETING = 2
    MERGED = 3
    ONE_CHIEF = 4


class Owner(IntEnum):
    """Who owns the P&L and so breaks ties on price (seed 002)."""

    SALES = 0
    MARKETING = 1
    CHIEF = 2


class Brief(IntEnum):
    """Whether Sales states problems or gives orders to Marketing (seed 002)."""

    PROBLEMS = 0
    ORDERS = 1


class Record(IntEnum):
    """Who may work in the shared record of leads (seed 002)."""

    BOTH = 0
    MARKETING = 1
    SALES = 2


class Communication(NamedTuple):
    """What talking across the gap costs."""

    cost_hours: Annotated[float, L("hours per contact and side", 0, 8, "price of a contact before a word is said: to find, reach and prepare each other", "seed 000; F30", plausible=(0.15, 2))] = 0.5
    talk_hours: Annotated[float, L("hours per contact and side", 0, 8, "how long a talk lasts, and so how much it can carry", "F30, F32; size " + GUESS)] = 0.25
    delay_days: Annotated[float, L("days", 0, 30, "how long a joint decision waits for the exchange", "seed 000; F30", plausible=(0, 15))] = 3.0
    push: Annotated[float, L("log-odds", -4, 4, "a culture of talking (+) or of keeping quiet (-)", GUESS, plausible=(-1, 1))] = 0.0
    agenda: Annotated[float, L("0..1", 0, 1, "discipline of talk: agenda, thresholds, whom to call", "F30; seed 000", plausible=(0, 1))] = 0.3


class Trust(NamedTuple):
    """How trust across the gap begins and moves."""

    initial: Annotated[float, L("0..1", 0, 1, "trust on every tie at day 0", "model lever; " + GUESS, plausible=(0.15, 0.65))] = 0.35
    gain: Annotated[float, L("0..1 per kept promise", 0, 1, "share of the missing trust that a kept promise closes", "B23 (0.02-0.10)", plausible=(0.02, 0.1))] = 0.031
    loss: Annotated[float, L("0..1 per broken promise", 0, 1, "share of the trust that a broken promise destroys", "F48, B24", plausible=(0.031, 0.155))] = 0.12
    attitude: Annotated[float, N("0..1", 0, 1, "attitude to the other team that newcomers bring", FITTED + ": P1, P3a", plausible=(0.2, 0.5))] = 0.25
    affect: Annotated[float, N("0..1", 0, 1, "weight of affect-based trust in the whole", "F45 (affect has the larger effect); size " + GUESS)] = 0.55
    spread: Annotated[float, N("0..1", 0, 0.5, "standard deviation of trust between ties at day 0", GUESS)] = 0.06
    ignored: Annotated[float, N("share of a broken promise", 0, 2, "weight of a lead that was never called", FITTED)] = 0.11
    bad_lead: Annotated[float, N("share of a broken promise", 0, 2, "weight of a lead that was worth nothing", FITTED)] = 0.40
    talk: Annotated[float, N("share of a kept promise", 0, 2, "weight of an understood exchange, for affect", FITTED)] = 1.0
    misunderstood: Annotated[float, N("share of a broken promise", 0, 2, "weight of a failed exchange, for affect", FITTED)] = 0.10
    thought_worlds: Annotated[float, N("0..1", 0, 1, "how much lacking language holds back cognition-based gains", "F45 (psychological distance cuts cognition-based trust only)")] = 0.4
    relax: Annotated[float, N("1/week", 0, 1, "pull of an idle tie toward the attitude", "B25")] = 0.03
    attitude_follows: Annotated[float, N("1/week", 0, 1, "pull of attitude toward the mean trust on own ties", FITTED)] = 0.03
    attitude_mates: Annotated[float, N("1/week", 0, 1, "pull of attitude toward team-mates'", GUESS)] = 0.008
    attitude_anchor: Annotated[float, N("1/week", 0, 1, "pull of attitude toward its anchor", FITTED + ": P3a")] = 0.012
    anchor_firm: Annotated[float, N("0..1", 0, 1, "weight of the newcomers' attitude, against the person's own beginning, in the anchor", FITTED)] = 0.15
    scar_per_deception: Annotated[float, N("0..1", 0, 1, "share of trust lost for good when a deception comes out", "F49; size " + GUESS)] = 0.3
    erosion: Annotated[float, N("1/week", 0, 1, "share of trust that an open grievance eats", FITTED)] = 0.015
    ceiling_talk: Annotated[float, N("0..1", 0, 1, "highest trust that chance talk builds at no access", FITTED + ": P3a")] = 0.38
    ceiling_near: Annotated[float, N("0..1", 0, 1, "what full access adds to it", FITTED + ": P3a")] = 0.5
    ceiling_meeting: Annotated[float, N("0..1", 0, 1, "highest trust that meetings and events build", FITTED)] = 0.60
    ceiling_liaison: Annotated[float, N("0..1", 0, 1, "highest trust that a liaison builds", FITTED)] = 0.70
    ceiling_joint: Annotated[float, N("0..1", 0, 1, "highest trust that joint work builds", FITTED)] = 0.95
    followed: Annotated[float, N("share of a kept promise", 0, 2, "weight of a lead that was tried, and of feedback", FITTED)] = 0.35


class Language(NamedTuple):
    """The common language of the two teams."""

    initial: Annotated[float, N("0..1", 0, 1, "at day 0 and for newcomers", "seed 000; size " + GUESS)] = 0.1
    gain: Annotated[float, N("0..1 per exchange", 0, 1, "share of the missing language that an understood exchange closes", FITTED + ": P3a")] = 0.026
    fade: Annotated[float, N("1/week", 0, 1, "return to the beginner's level", GUESS)] = 0.006
    ceiling_talk: Annotated[float, N("0..1", 0, 1, "highest language that chance talk builds at no access", FITTED + ": P3a")] = 0.26
    ceiling_near: Annotated[float, N("0..1", 0, 1, "what full access adds to it", FITTED + ": P3a")] = 0.6
    ceiling_meeting: Annotated[float, N("0..1", 0, 1, "through meetings and events", FITTED)] = 0.55
    ceiling_liaison: Annotated[float, N("0..1", 0, 1, "through a liaison", FITTED)] = 0.65
    ceiling_joint: Annotated[float, N("0..1", 0, 1, "through joint planning, training and rotation", FITTED)] = 0.95


class Liaison(NamedTuple):
    """The person in the gap."""

    count: Annotated[int, L("people", 0, 1000, "liaisons", "seed 000; F44", plausible=(0, 2))] = 0
    trust_marketing: Annotated[float, L("0..1", 0, 1, "how far Marketing trusts the liaison at first", "F44", plausible=(0.2, 0.9))] = 0.5
    trust_sales: Annotated[float, L("0..1", 0, 1, "how far Sales trusts the liaison at first", "F44", plausible=(0.2, 0.9))] = 0.5
    hired: Annotated[int, L("0 or 1", 0, 1, "1: hired from outside; 0: drawn from Marketing, whose craft loses the hours", "seed 000")] = 0
    micromanaged: Annotated[float, L("0..1", 0, 1, "share of the liaison's hours that reporting eats", "F44 (not micromanaged)")] = 0.0
    act_hours: Annotated[float, N("hours per act", 0.1, 8, "what brokering one talk takes", "B33; " + FITTED + ": F38", plausible=(1.0, 2.7))] = 1.66
    part_hours: Annotated[float, N("hours per act and side", 0, 4, "what it takes from each side", FITTED + ": P2a")] = 0.2
    success: Annotated[float, N("0..1", 0, 1, "chance of a brokered act between sides that trust the liaison fully; falls with the square of the lower trust", "F44; form " + GUESS)] = 0.95
    distortion: Annotated[float, N("share of a broken promise", 0, 2, "harm of a failed brokered act to the trust of both", "F44 (negative below a threshold); size " + GUESS)] = 0.06
    trust_gain: Annotated[float, N("times trust.gain", 0, 10, "how fast a good act builds trust in the liaison", FITTED + ": P2a")] = 4.0
    trust_loss: Annotated[float, N("times trust.loss", 0, 10, "how fast a failed act destroys it", FITTED)] = 0.10
    most_trust: Annotated[float, N("0..1", 0, 1, "highest trust in a liaison", GUESS)] = 0.9


class Distance(NamedTuple):
    """Metres between desks, and what they do to a meeting by chance."""

    between_teams_m: Annotated[float, L("metres", 0, 20_000_000, "between the two teams", "F39, B20", plausible=(2, 20_000))] = 30.0
    within_team_m: Annotated[float, L("metres", 0, 20_000_000, "between team-mates", "F39")] = 8.0
    spread: Annotated[float, L("powers of ten", 0, 3, "how far desks are scattered: metres of a pair lie between a so-many-th and so many times those of the teams", "F39 (pairs of one firm from 2 to 200 m); " + GUESS, plausible=(0, 1))] = 0.0
    half_m: Annotated[float, N("metres", 0.1, 1000, "where the steep part of the Allen curve has halved", "F39 (x4 from 2 to 20 m)")] = 4.5
    floor: Annotated[float, N("0..1", 0, 1, "access beyond about 50 m, by telephone and screen", "F39, B20")] = 0.10
    building_m: Annotated[float, N("metres", 10, 100_000, "where another building begins: access halves again and travel begins", "F42")] = 800.0
    far_floor: Annotated[float, N("0..1", 0, 1, "access at the ends of the earth", "B20 (remote 0.03-0.05 a week)", plausible=(0.03, 0.05))] = 0.03
    travel_hours: Annotated[float, N("hours per contact and decade", 0, 8, "travel, averaged over visits and calls, for each tenfold of distance beyond the building", "F42; size " + FITTED + ": E7")] = 0.06
    choosing: Annotated[float, N("exponent", 0, 1, "how far easier access decides whom of several one meets, before familiarity does its part", "F39; size " + FITTED + ": P13a")] = 0.5
    moving: Annotated[float, N("exponent", 0, 1, "how far easier access for all decides how much is met at all", "F40 (co-location raised feedback by a fifth), F41 (-25 % of collaboration across groups); size " + FITTED + ": E7, E8")] = 0.07
    handoff_days: Annotated[float, N("days", 0, 60, "handoff delay between teams without access", "F40, F42; size " + GUESS)] = 6.0


class Contact(NamedTuple):
    """Who talks with whom, about what, at what cost."""

    moments: Annotated[int, N("per person and day", 0, 20, "occasions on which a person may think of one tie", GUESS)] = 3
    base: Annotated[float, N("log-odds", -12, 5, "wish to talk to a stranger of the other team", FITTED + ": F38, E4")] = -0.42
    trust: Annotated[float, N("log-odds", 0, 20, "what full trust adds", FITTED)] = 2.5
    complaint: Annotated[float, N("log-odds", 0, 20, "what an open grievance adds", "seed 000 (contact on conflict); size " + FITTED)] = 2.0
    benefit: Annotated[float, N("log-odds", 0, 20, "what a learnt benefit of 1 adds", FITTED)] = 2.5
    strength: Annotated[float, N("log-odds", 0, 20, "what full familiarity adds", GUESS)] = 1.2
    cost: Annotated[float, N("log-odds per hour", 0, 20, "what an hour of cost takes", FITTED)] = 0.8
    accept: Annotated[float, N("log-odds", -5, 10, "readiness to be interrupted", GUESS)] = 2.0
    accept_trust: Annotated[float, C("log-odds", 0, 20, "what full trust adds", GUESS)] = 3.0
    accept_load: Annotated[float, N("log-odds", 0, 20, "what a full day takes", GUESS)] = 1.2
    refusal_hours: Annotated[float, N("hours", 0, 8, "what a refused request costs", GUESS)] = 0.1
    interruption_hours: Annotated[float, N("hours", 0, 8, "what being interrupted costs beside the talk", "F40; size " + FITTED + ": E4")] = 0.07
    thin_hours: Annotated[float, N("hours", 0, 8, "length of talk that carries half of what it could", "F32 (quality, not frequency); size " + FITTED + ": P6d")] = 0.12
    dispute_hours: Annotated[float, N("times a contact", 0, 10, "how long a dispute is", GUESS)] = 1.5
    understood: Annotated[float, N("0..1", 0, 1, "chance to be understood without language or trust", GUESS)] = 0.2
    understood_language: Annotated[float, N("0..1", 0, 1, "what full language adds", "seed 000; size " + GUESS)] = 0.55
    understood_trust: Annotated[float, N("0..1", 0, 1, "what full trust adds", GUESS)] = 0.25
    benefit_rate: Annotated[float, N("0..1 per contact", 0, 1, "how fast benefit is learnt", GUESS)] = 0.1
    strength_gain: Annotated[float, N("0..1 per exchange", 0, 1, "familiarity from one exchange", GUESS)] = 0.3
    strength_fade: Annotated[float, N("1/week", 0, 1, "familiarity lost", "B25")] = 0.07
    few: Annotated[float, N("people", 0.1, 100, "people whom one must know across the gap to find the other team half as strange", FITTED + ": F26")] = 1.8
    via_colleague: Annotated[float, C("times access", 0, 1, "access of a tie that runs over a colleague of neither team", GUESS)] = 0.5
    act_slot: Annotated[int, C("number", 20, 31, "place of agreed acts among a person's keys of a day", "bookkeeping")] = 24
    cost_idle: Annotated[float, C("share", 0, 2, "weight of the cost of a talk in an empty day", GUESS)] = 0.3
    informal_slot: Annotated[int, C("number", 20, 31, "place of informal acts among a person's keys of a day", "bookkeeping")] = 25
    table_slot: Annotated[int, C("number", 20, 31, "place of a product manager's round among a person's keys of a day", "bookkeeping")] = 26
    most: Annotated[float, C("0..1", 0.01, 1, "highest chance to speak when somebody comes to mind (a bound that saves time)", GUESS)] = 1.0
    numbers: Annotated[int, C("number", 128, 4096, "keys a person can use on one day", "bookkeeping")] = 128


class Beliefs(NamedTuple):
    """What people hold true of the customers' needs and the firm's offer."""

    field: Annotated[float, N("per day", 0, 1, "chance that a salesperson sees needs in a customer meeting", "F10; size " + GUESS)] = 0.5
    field_noise: Annotated[float, N("variance", 0.01, 20, "noise of it", GUESS)] = 0.5
    craft: Annotated[float, N("per day", 0, 1, "chance that a marketer sees the offer in product work", GUESS)] = 0.4
    craft_noise: Annotated[float, N("variance", 0.01, 20, "noise of it", GUESS)] = 0.5
    research: Annotated[float, N("per day", 0, 1, "chance that market research tells a marketer of needs", GUESS)] = 0.06
    research_noise: Annotated[float, C("variance", 0.01, 20, "noise of it", GUESS)] = 1.5
    announced: Annotated[float, N("per day", 0, 1, "chance that an announcement tells a salesperson of the offer", GUESS)] = 0.06
    announced_noise: Annotated[float, N("variance", 0.01, 20, "noise of it", GUESS)] = 1.5
    mates: Annotated[float, N("per day", 0, 1, "chance to talk with a team-mate next to oneself", FITTED + ": E7")] = 0.27
    mates_news: Annotated[float, N("0..1", 0, 1, "share of such talks in which one hears something new", "F47 (familiar news, seldom novel); size " + FITTED + ": E7")] = 0.18
    mates_noise: Annotated[float, C("variance", 0.01, 20, "noise of it", GUESS)] = 0.4
    exchange_noise: Annotated[float, N("variance", 0.001, 20, "noise of an exchange at full language; grows as language falls", FITTED)] = 0.15


class Market(NamedTuple):
    """What the organization meets, and does not choose."""

    size: Annotated[float, L("times the default", 0.01, 100, "prospects, in proportion to the headcount at the start", "B1")] = 1.0
    for_marketers: Annotated[int, L("people", 0, 1_000_000, "marketers that the market is sized for; 0: those of day 0")] = 0
    for_salespeople: Annotated[int, L("people", 0, 1_000_000, "salespeople that the market is sized for; 0: those of day 0")] = 0
    marketing_list: Annotated[float, N("prospects per starting marketer and day", 0, 100, "who can be attracted", "B1 (10-60 raw leads a week); size " + FITTED + ": E21, B1")] = 10.0
    own_list: Annotated[float, N("prospects per starting rep and day", 0, 100, "who can be called on", FITTED + ": E21")] = 3.0
    growth: Annotated[float, L("per year", -0.9, 5, "growth of the market: prospects of a day", "F37; model.md 5 (P9)")] = 0.0
    pull_share: Annotated[float, L("0..1", 0, 1, "how much demand comes by attraction rather than by being called on", "F56; seed 003", plausible=(0.35, 0.85))] = 0.6
    segments: Annotated[int, L("number", 1, 12, "segments with needs of their own", GUESS)] = 3
    drift_sd: Annotated[float, L("complexity", 0.05, 3, "how far needs and offer wander: 1 the default, near 0 a simple offer", "F06", plausible=(0.4, 1.6))] = 1.0
    drift_days: Annotated[float, N("days", 5, 5000, "how long needs and offer remember", GUESS)] = 130.0
    jump_rate: Annotated[float, N("per segment and day", 0, 1, "chance of a jump", GUESS)] = 0.004
    jump_sd: Annotated[float, N("times drift_sd", 0, 5, "size of a jump", GUESS)] = 0.7
    cycle_days: Annotated[float, L("days", 1, 700, "median time from opportunity to close", "B10", plausible=(20, 120))] = 45.0
    cycle_sd: Annotated[float, N("log", 0, 2, "spread of it", "B10")] = 0.4
    value: Annotated[float, L("k€ a year", 0.01, 100_000, "median contract", "B11", plausible=(10, 40))] = 20.0
    value_sd: Annotated[float, L("log", 0, 3, "spread of it: customer concentration", "F12, B11")] = 0.8
    tolerance: Annotated[float, N("standard deviations", 0.1, 5, "misfit at which the fit has fallen to 0.61", GUESS)] = 0.9
    digital: Annotated[float, L("0..1", 0, 1, "digital share of the market at the start", "seed 002")] = 0.5
    digital_growth: Annotated[float, N("per year", 0, 1, "share of the rest that turns digital in a year", GUESS)] = 0.05
    rivals: Annotated[float, L("0..1", 0, 1, "how near the best rival is to the needs at the start", "seed 002")] = 0.5
    rivals_growth: Annotated[float, N("per year", -1, 1, "how it rises", "seed 002 (early adopters gain)")] = 0.01
    event_rate: Annotated[float, L("per year", 0, 52, "trade shows, each a burst of leads", "seeds 000, 002")] = 4.0
    event_burst: Annotated[float, C("times a normal day", 0, 50, "prospects at a trade show", GUESS)] = 4.0
    ready: Annotated[float, N("0..1", 0, 1, "share of inquirers who are ready to buy", "B2 (0.05-0.26)", plausible=(0.05, 0.26))] = 0.2
    patience_days: Annotated[float, C("days", 1, 1000, "how fast readiness fades while a lead waits", "B6; size " + GUESS)] = 15.0
    answer_hour: Annotated[float, C("hours", 0.01, 24, "scale of the decay with the first answer's delay", "B6 (0.7)")] = 0.7
    answer_decay: Annotated[float, N("exponent", 0, 3, "how fast inquirers go to a rival while they wait for an answer", "B6 (0.3-1.7); size " + FITTED + ": P15d", plausible=(0.3, 1.7))] = 0.6
    retail: Annotated[float, L("0..1", 0, 1, "share of sales through retailers: they set the final price, and nobody buys where the offer is not placed", "seed 002")] = 0.0
    rivals_marketing: Annotated[float, L("per year", -0.9, 5, "how fast rivals' budgets for marketing grow", "seed 002")] = 0.0
    answer_floor: Annotated[float, N("0..1", 0, 1, "share of inquirers who wait for us however long: considered purchases", "B6 (floor); size " + FITTED + ": P15d")] = 0.1


class Marketing(NamedTuple):
    """Campaigns, nurturing, qualifying."""

    push_mix: Annotated[float, L("0..1", 0, 1, "share of effort on calling out rather than attracting", "F56 (46:54 in B2B)")] = 0.3
    budget: Annotated[float, L("times the default", 0, 10, "programme budget", GUESS)] = 1.0
    volume_target: Annotated[float, L("0..1", 0, 1, "how far Marketing is judged by the number of leads: lowers the cut", "seed 001 (a path away from the firm's aim)", plausible=(0, 0.8))] = 0.2
    catch: Annotated[float, N("rate", 0, 10, "how strongly a full day of craft catches a prospect", FITTED)] = 0.9
    budget_power: Annotated[float, N("exponent", 0, 1, "diminishing return of budget", "F22; size " + GUESS)] = 0.4
    estimate_noise: Annotated[float, N("0..1", 0, 2, "noise of the judgement of a lead", FITTED)] = 0.22
    cut: Annotated[float, N("0..1", 0, 1, "judgement at which a lead counts as qualified", "B3 (0.25-0.40 qualify); " + FITTED + ": B3, F27a")] = 0.05
    nurture_days: Annotated[float, N("days", 1, 260, "how long a lead that is not ready is nurtured at a time", GUESS)] = 15.0
    nurture_touches: Annotated[int, N("touches", 0, 12, "contacts in that time", GUESS)] = 4
    nurture_scale: Annotated[float, N("touches", 0.1, 50, "touches that close 63 % of missing readiness", GUESS)] = 6.0
    rounds: Annotated[int, C("times", 0, 8, "how often a lead is nurtured at most", GUESS)] = 2
    ready_cut: Annotated[float, N("0..1", 0, 1, "readiness at which a lead is handed off", GUESS)] = 0.35
    answer_median_h: Annotated[float, N("hours", 0.01, 1000, "median first answer of a marketer who knows everybody in Sales", "F25, B7; size " + FITTED + ": P15")] = 0.08
    answer_sd: Annotated[float, N("log", 0, 10, "spread of it", "F25, B7")] = 5.5
    never: Annotated[float, N("0..1", 0, 1, "inquiries never answered at a normal load by a marketer who knows everybody in Sales", "F25 (23 %); size " + FITTED + ": P15", plausible=(0, 0.23))] = 0.0
    visits: Annotated[float, L("per marketer and month", 0, 20, "days in the field with a salesperson", "seed 002", plausible=(0, 2))] = 0.0
    during_sale: Annotated[int, L("touches", 0, 12, "personal touches of a prospect while the deal is open", "seed 002")] = 0
    impression: Annotated[float, L("0..1", 0, 1, "share of Marketing's craft that goes into how the firm is seen, not into inquiries", "seed 003")] = 0.0
    visit_hours: Annotated[float, N("hours", 0, 8, "what a visit takes from the marketer", GUESS)] = 4.0
    touch_hours: Annotated[float, N("hours per lead", 0, 8, "work on one inquiry", FITTED + ": P15c")] = 0.35
    fatigue: Annotated[float, N("touches", 1, 100, "contacts at which a customer's response has fallen to 0.61 (one tolerance)", "F52, B28; size " + FITTED + ": P17a")] = 16.0
    uncoordinated: Annotated[float, N("touches", 0, 50, "needless contacts when neither team knows what the other does", "F52; size " + FITTED + ": P17a")] = 7.0
    answer_first_h: Annotated[float, C("hours", 0, 8, "fastest first answer", "B7")] = 0.05
    answer_last_h: Annotated[float, C("hours", 1, 4000, "slowest first answer", "B7; size " + GUESS)] = 480.0
    busy_from: Annotated[float, N("share of the day", 0, 3, "load from which inquiries are left unanswered", FITTED + ": P15c")] = 1.0
    craft_hours: Annotated[float, N("0..1", 0, 1, "share of a marketer's free time that campaigns fill", GUESS)] = 0.5
    digital: Annotated[float, N("share", 0, 2, "leverage of a digital market on attraction", "seed 002; size " + GUESS)] = 0.5
    lost_records: Annotated[float, N("0..1", 0, 1, "inquiries lost when shared tasks have decayed", "seed 003; size " + GUESS)] = 0.15
    lukewarm: Annotated[float, N("0..1", 0, 1, "highest readiness of those who are not ready", GUESS)] = 0.45
    month_days: Annotated[float, C("days", 1, 31, "working days of a month", "21")] = 21.0
    strange: Annotated[float, N("0..1", 0, 1, "inquiries more that are never answered by a marketer who knows nobody in Sales", "F26; size " + FITTED + ": F26")] = 0.45
    strange_slow: Annotated[float, N("times", 1, 1000, "how much longer a first answer of theirs takes", "F26; size " + FITTED + ": F26")] = 1000.0
    numbers: Annotated[int, N("number", 1024, 1048576, "prospects a segment can have on one day", "bookkeeping")] = 65536
    plain_fit: Annotated[float, N("0..1", 0, 1, "lowest fit of a prospect who was addressed perfectly", GUESS)] = 0.4
    tiny: Annotated[float, C("0..1", 1e-12, 0.01, "how near to 0 and 1 a draw of an answer may come", "bookkeeping")] = 0.0001
    volume_weight: Annotated[float, C("0..1", 0, 1, "how far being judged by volume lowers the bar", "seed 001; size " + GUESS)] = 0.15
    warm: Annotated[float, N("0..1", 0, 1, "lowest readiness of those who are ready", "B2; size " + GUESS)] = 0.6


class Handoff(NamedTuple):
    """A lead changes hands."""

    record: Annotated[int, L("who", 0, 2, "who may work in the shared record of leads", "seed 002", Record)] = 0
    incompetence: Annotated[float, N("share", 0, 1, "context lost to a full difference in competence", "F10; size " + GUESS)] = 0.4
    usual_gap: Annotated[float, C("0..1", 0, 1, "difference in competence of the default", "bookkeeping")] = 0.3
    busy: Annotated[float, C("share of trust", 0, 5, "how a rep's load counts against trust when a marketer chooses", GUESS)] = 0.3
    familiar: Annotated[float, C("0..1", 0, 1, "how far familiarity shortens the delay", GUESS)] = 0.5
    felt: Annotated[float, C("0..1", 0, 1, "weight of one handoff in the running share of context lost", GUESS)] = 0.1
    fresh_days: Annotated[float, N("days", 0.1, 260, "how soon what was said in passing about leads in hand is out of date", FITTED + ": E4")] = 20.0
    felt_firm: Annotated[float, C("0..1", 0, 10, "weight of one handoff in the firm's coordination, over the number of marketers", GUESS)] = 0.5
    hours: Annotated[float, C("hours", 0, 8, "handing over one lead", GUESS)] = 0.25
    passing: Annotated[float, N("0..1", 0, 1, "share of what was not told about a lead that two who talked today tell in passing", FITTED + ": E4")] = 0.9
    recorded: Annotated[float, N("0..1", 0, 1, "share of what was not told about a lead that the shared funnel tells", "F28; size " + FITTED + ": M6")] = 0.35
    saved: Annotated[float, N("share", 0, 1, "share of the delay and of both sides' hours that a lead saves by standing in the shared record", "seed 002; size " + GUESS)] = 0.5
    rules: Annotated[float, N("0..1", 0, 1, "how far kept rules shorten the delay", "evidence D; size " + GUESS)] = 0.6
    told: Annotated[float, N("0..1", 0, 1, "what is told between strangers of one language", GUESS)] = 0.4
    told_familiar: Annotated[float, N("0..1", 0, 1, "what familiarity adds", GUESS)] = 0.4
    told_trust: Annotated[float, C("0..1", 0, 1, "what trust adds", GUESS)] = 0.4
    unasked: Annotated[float, C("0..1", 0, 2, "how readily a lead is put on record without a rule", FITTED + ": P3a")] = 2.0

class Selling(NamedTuple):
    """Follow-up, opportunities, closing."""

    base: Annotated[float, N("log-odds", -10, 10, "readiness to call a middling lead from a half-trusted sender", FITTED + ": P7")] = -3.2
    trust: Annotated[float, N("log-odds", 0, 20, "what full trust adds", "F19, F46; size " + FITTED + ": P7")] = 3.4
    quality: Annotated[float, N("log-odds", 0, 40, "what a perceived quality of 1 adds", "F20 (prequalification); size " + FITTED + ": P7d")] = 13.0
    context: Annotated[float, N("log-odds", 0, 20, "what trusted context adds", FITTED + ": P7")] = 1.5
    rules: Annotated[float, N("log-odds", 0, 20, "what kept rules of engagement add (tracking)", "F20; size " + FITTED)] = 0.3
    metrics: Annotated[float, N("log-odds", 0, 20, "what shared metrics add for a rep who feels wholly part of the firm", "F31, F33; size " + FITTED)] = 6.5
    load: Annotated[float, N("log-odds", 0, 40, "what each unit of load beyond load_from takes", "F20, F21; size " + FITTED)] = 3.0
    load_from: Annotated[float, N("share of the day", 0, 3, "load from which leads are left lying", GUESS)] = 0.8
    experience: Annotated[float, N("0..1", 0, 1, "how far experience weakens the answer to tracking and load and strengthens that to quality", "F20 (signs); size " + GUESS)] = 0.3
    pressure: Annotated[float, C("log-odds", 0, 20, "what quota pressure takes from other people's leads", "F20; size " + GUESS)] = 0.6
    seen_noise: Annotated[float, C("0..1", 0, 1, "noise of the rep's glance at a lead", GUESS)] = 0.12
    good: Annotated[float, N("0..1", 0, 1, "fit from which a lead was worth the call", FITTED + ": B3")] = 0.43
    worthless: Annotated[float, N("times good", 0, 1, "fit below which a lead is held against Marketing although nobody called it", GUESS)] = 0.5
    uncalled: Annotated[float, N("share", 0, 1, "blame for such a lead, against one that was called", GUESS)] = 0.5
    lead_hours: Annotated[float, N("hours", 0, 8, "what trying a lead takes", "B16 (0.25-0.5 to triage a bad one)")] = 0.75
    back_base: Annotated[float, N("log-odds", -10, 10, "readiness to send a lead back with a reason", FITTED)] = -2.2
    interest: Annotated[float, N("0..1", 0, 1, "chance that a perfectly fitting, ready lead that was tried becomes an opportunity", "B4; " + FITTED)] = 0.95
    deal_hours: Annotated[float, N("hours", 1, 1000, "work on one opportunity", "B12; " + FITTED + ": E21, B12")] = 19.0
    own_catch: Annotated[float, N("rate", 0, 10, "how strongly a free day catches an own prospect", FITTED)] = 0.42
    own_floor: Annotated[float, N("share of the day", 0, 1, "time a rep keeps for own prospecting whatever comes", "B13 (0.19-0.24 with research)")] = 0.12
    own_ready: Annotated[float, N("0..1", 0, 1, "readiness of an own prospect who has not heard of the firm", FITTED + ": E1, E2", plausible=(0, 0.15))] = 0.0
    win: Annotated[float, N("0..1", 0, 1, "chance to win when all is perfect", "B5 (0.15-0.30 in the mean); " + FITTED + ": B5")] = 0.59
    weight_context: Annotated[float, N("0..1", 0, 1, "share of it that lacking context takes from a complex offer", FITTED + ": E4")] = 0.3
    joint: Annotated[float, N("share", 0, 2, "what a marketer in a key deal adds for a complex offer", FITTED + ": E5")] = 0.6
    joint_hours: Annotated[float, N("hours", 0, 100, "what it takes from the marketer", GUESS)] = 6.0
    key_value: Annotated[float, N("standard deviations", -3, 4, "log-value from which a deal is a key account", GUESS)] = 0.9
    material: Annotated[float, N("log-odds", -10, 10, "use of Marketing's material by a half-trusting rep", "F29, B29; size " + FITTED + ": F29b")] = -0.4
    overload: Annotated[float, N("exponent", 0, 5, "how a load above a full day lowers the chance to win: at 1 as many deals are won as there are hours for", FITTED + ": E11")] = 1.2
    blame: Annotated[float, N("times missing trust", 0, 5, "chance that a bad lead or lost deal is blamed on the other side", FITTED)] = 1.1
    grievance_bad: Annotated[float, N("0..1", 0, 1, "share of blame for a bad lead that becomes a grievance", FITTED)] = 0.30
    grievance_lost: Annotated[float, N("0..1", 0, 1, "share of blame for a lost deal that becomes a grievance", FITTED)] = 0.15
    feedback: Annotated[float, N("log-odds", -10, 10, "readiness to tell Marketing how a lead ended", FITTED)] = -1.2
    ramp_days: Annotated[float, N("days", 1, 1000, "how fast a newcomer among mates at the next desk learns the craft", "B27 (3-4 months)")] = 53.0
    same_craft: Annotated[float, N("share", 0, 1, "share of the mates at the next desk in one merged department who can show a newcomer the craft", "seed 003; size " + GUESS)] = 0.5
    back_from: Annotated[float, C("0..1", 0, 1, "language from which leads are rather sent back than ignored", GUESS)] = 0.3
    back_hours: Annotated[float, C("hours", 0, 8, "sending a lead back", GUESS)] = 0.15
    back_language: Annotated[float, C("log-odds", 0, 20, "what language adds", GUESS)] = 2.0
    back_logged: Annotated[float, C("log-odds", 0, 20, "what a record in the shared funnel adds", "F28; size " + GUESS)] = 1.0
    back_rules: Annotated[float, N("log-odds", 0, 20, "what kept rules add", "evidence D; size " + GUESS)] = 2.0
    back_trouble: Annotated[float, C("0..1", 0, 1, "how much trouble a lead sent back with a reason makes, against an ignored one", GUESS)] = 0.3
    back_trust: Annotated[float, C("log-odds", 0, 20, "what full trust adds", GUESS)] = 4.0
    blame_metrics: Annotated[float, C("0..1", 0, 1, "share of blame that shared metrics take away", GUESS)] = 0.4
    blame_rules: Annotated[float, N("0..1", 0, 1, "share that kept rules take away", GUESS)] = 0.4
    briefed: Annotated[float, C("0..1", 0, 1, "context above which a marketer in a deal is briefed", GUESS)] = 0.45
    coding: Annotated[float, N("0..1", 0, 2, "noise between two people's words for a good lead without language", FITTED + ": P19g")] = 0.28
    cold: Annotated[float, N("0..1", 0, 1, "interest of somebody called who is not ready, against a ready one", GUESS)] = 0.3
    defined: Annotated[float, N("0..1", 0, 1, "how far a lead definition stands in for a common language", FITTED + ": P19g")] = 0.3
    feedback_from: Annotated[float, C("share of the day", 0, 2, "load from which feedback gets rarer", GUESS)] = 0.6
    feedback_load: Annotated[float, N("log-odds", 0, 20, "what load takes from feedback", GUESS)] = 0.8
    feedback_loop: Annotated[float, N("log-odds", 0, 20, "what the feedback loop adds", "evidence D; size " + GUESS)] = 2.2
    feedback_noise: Annotated[float, C("variance", 0.001, 20, "noise of feedback", GUESS)] = 0.4
    feedback_trust: Annotated[float, C("log-odds", 0, 20, "what full trust adds to feedback", FITTED + ": P3a")] = 6.0
    felt: Annotated[float, C("0..1", 0, 1, "weight of one event in the running shares of trouble and lost deals", GUESS)] = 0.06
    felt_firm: Annotated[float, C("0..1", 0, 1, "weight of one deal in the firm's running share of deals won", GUESS)] = 0.005
    glance: Annotated[float, N("0..1", 0, 1, "perceived fit that makes a rep neither keen nor reluctant", FITTED)] = 0.55
    hoped: Annotated[float, N("0..1", 0, 1, "hope that an ignored lead, not on record, leaves in the forecast, in deals", GUESS)] = 0.25
    join: Annotated[float, N("0..1", 0, 5, "how readily marketers join key deals unasked", FITTED + ": E5")] = 1.0
    join_team: Annotated[float, C("0..1", 0, 1, "how fully key-account teams bring marketers in", GUESS)] = 0.9
    late: Annotated[float, N("days", 0, 200, "how much later a rep comes to a lead for each full day of load beyond load_from", "F57; size " + FITTED + ": E3")] = 3.0
    learning: Annotated[float, C("0..1", 0, 1, "skill from one deal", GUESS)] = 0.005
    longest: Annotated[float, C("days", 10, 1000, "longest selling cycle", "B10")] = 900.0
    material_trust: Annotated[float, C("log-odds", 0, 20, "what full trust adds to the use of material", "F46, B29; size " + FITTED + ": F29")] = 6.0
    offer_tolerance: Annotated[float, N("times", 0.1, 10, "tolerance of a rep's error about the offer, against that of a campaign's", GUESS)] = 1.5
    own_context: Annotated[float, N("0..1", 0, 1, "what a rep knows of an own prospect", GUESS)] = 0.8
    own_cut: Annotated[float, N("0..1", 0, 1, "fit below which an own prospect is not pursued", GUESS)] = 0.36
    own_hours: Annotated[float, N("0..1", 0, 1, "share of free time that goes into own prospecting", "B13")] = 0.5
    product: Annotated[float, C("0..1", 0, 1, "how far the product's fit against the best rival's moves a deal", "seed 002; size " + GUESS)] = 0.35
    promise: Annotated[float, N("share", 0, 2, "what promising one standard deviation too much adds to the chance to win", "F54; size " + GUESS)] = 0.25
    ramp_step: Annotated[float, C("days", 1, 21, "how often skill is reckoned", "bookkeeping")] = 5.0
    small: Annotated[float, C("number", 1e-9, 0.1, "keeps divisions from zero", "bookkeeping")] = 0.000001
    told_clear: Annotated[float, C("0..1", 0, 1, "how far context sharpens a rep's glance", GUESS)] = 0.4
    urged: Annotated[float, C("share", 0, 5, "what quota pressure adds to own prospecting", "seed 001; size " + GUESS)] = 0.3
    usual_pull: Annotated[float, C("0..1", 0, 0.99, "pull share of the default market", "bookkeeping")] = 0.6
    start_deals: Annotated[float, N("deals a rep", 0, 200, "open at day 0", FITTED + ": E21")] = 10.0
    start_fit: Annotated[float, N("0..1", 0, 1, "lowest fit of a deal of day 0", GUESS)] = 0.5
    start_fit_spread: Annotated[float, C("0..1", 0, 1, "spread of it", GUESS)] = 0.3
    usual_cycle: Annotated[float, C("days", 1, 700, "cycle for which start_deals holds", "bookkeeping")] = 45.0
    start_win: Annotated[float, C("0..1", 0, 1, "share of opportunities that people expect to win at day 0", "B5")] = 0.2
    start_quota: Annotated[float, N("deals a month", 0, 1000, "won by a rep in the default", FITTED + ": E21")] = 1.2


class Customization(NamedTuple):
    """Special terms (seed 004)."""

    limit: Annotated[float, L("share of deals", 0, 1, "special terms that Marketing can live with", "seed 004")] = 0.15
    approval: Annotated[int, L("0 or 1", 0, 1, "1: special terms need approval within a limit", "seed 004")] = 0
    approval_days: Annotated[float, N("days", 0, 60, "what approval delays a deal, beside the wait of every joint decision", GUESS)] = 5.0
    asked: Annotated[float, N("0..1", 0, 1, "chance that a rep asks for special terms on a poorly fitting deal", GUESS)] = 0.5
    gain: Annotated[float, N("share", 0, 2, "what special terms add to the chance to win", GUESS)] = 0.15
    cost: Annotated[float, N("share of value", 0, 1, "what they cost every year", GUESS)] = 0.2
    dispute: Annotated[float, N("0..1", 0, 1, "chance that terms beyond the limit become Marketing's grievance", "seed 004; size " + GUESS)] = 0.25


class Decisions(NamedTuple):
    """The four Ps (seed 002)."""

    promotion: Annotated[float, C("share", 0, 2, "what good promotion adds to attraction", GUESS)] = 0.3
    placement: Annotated[float, N("share", 0, 2, "what good placement adds to own prospecting", GUESS)] = 0.3
    price: Annotated[float, N("share", 0, 1, "discount that a badly set price costs", GUESS)] = 0.10
    product: Annotated[float, N("1/quarter", 0, 1, "how far a good product decision moves the offer to the needs", "seed 000 (better product); size " + GUESS)] = 0.10
    different: Annotated[float, N("share", 0, 1, "what a middling difference in orientation adds to a decision that both were heard on", "F10; size " + GUESS)] = 0.2
    managed: Annotated[float, N("times", 0, 10, "what a product manager adds to how far a product decision moves the offer", "seed 000; size " + GUESS)] = 1.0
    dispute: Annotated[float, C("0..1", 0, 1, "chance that a decision without the other side's input is disputed", GUESS)] = 0.3
    asked: Annotated[float, N("0..1", 0, 2, "how readily the lead team asks the other", FITTED + ": S1")] = 1.0
    own_days: Annotated[int, C("days", 0, 60, "how long a decision takes that nobody else is asked about", GUESS)] = 10
    per_tie: Annotated[float, C("0..1", 0, 1, "share of ties on which an objection is voiced", GUESS)] = 0.15


class Customers(NamedTuple):
    """Expectation, satisfaction, renewal, reputation."""

    per_rep: Annotated[float, N("customers", 0, 10_000, "customers per rep at day 0", FITTED + ": E21")] = 75.0
    renewal: Annotated[float, N("log-odds", -10, 10, "renewal of a half-satisfied customer", FITTED + ": E21")] = 1.4
    satisfied: Annotated[float, N("log-odds", 0, 20, "what full satisfaction adds", FITTED)] = 4.8
    overpromise: Annotated[float, L("standard deviations", 0, 3, "how far reps promise more than they believe", "F54; seed 003 (no miracle promises)")] = 0.1
    disappointment: Annotated[float, N("times delight", 1, 10, "weight of less than expected against more", "F54; size " + GUESS)] = 2.0
    impression: Annotated[float, N("about 1", 0, 2, "reputation that all of Marketing's craft could add", "seed 003; size " + GUESS)] = 0.25
    bombardment: Annotated[float, N("0..1", 0, 2, "how uncoordinated contacts wear customers out as the teams grow", "F37, F52; size " + GUESS)] = 0.35
    growth_power: Annotated[float, N("exponent", 0, 2, "how uncoordinated contacts grow with headcount: 1 as the channels of each head do", "F37; size " + FITTED + ": E16")] = 0.7
    reputation_days: Annotated[float, C("days", 1, 5000, "how slowly reputation follows satisfaction", GUESS)] = 130.0
    reputation_base: Annotated[float, N("about 1", 0, 2, "reputation of a firm whose customers are not satisfied at all", FITTED)] = 0.35
    expansion: Annotated[float, N("share", 0, 1, "growth of a fully satisfied customer's contract at renewal, shrinkage of a dissatisfied one's", GUESS)] = 0.06
    best: Annotated[float, N("about 1", 1, 3, "best reputation", GUESS)] = 1.5
    borne: Annotated[float, N("0..1", 0, 2, "contacts that customers bear gladly, as a share of marketing.fatigue", "F52, B28; size " + GUESS)] = 0.4
    by_advice: Annotated[float, N("0..1", 0, 1, "weight of the salesperson's knowledge of the offer in how well a customer is served", GUESS)] = 0.35
    by_product: Annotated[float, N("0..1", 0, 1, "weight of the product's fit", FITTED + ": P17a")] = 0.40
    kept: Annotated[float, N("0..1", 0, 1, "share of last year's satisfaction in this year's", GUESS)] = 0.6
    looked_up: Annotated[float, N("share", 0, 1, "share of what the two teams would say differently to a customer that is looked up in the shared record", "seed 002; size " + GUESS)] = 0.5
    mean_rate: Annotated[float, C("number", 0, 100, "how fast the running mean takes in one customer, over the number of customers", "bookkeeping")] = 2.0
    promise_weight: Annotated[float, N("0..1", 0, 5, "what a promise of one standard deviation costs in satisfaction", "F54; size " + GUESS)] = 0.25
    reputation: Annotated[float, C("log-odds", 0, 20, "what reputation adds to renewal", GUESS)] = 1.0
    worst: Annotated[float, C("about 1", 0, 1, "worst reputation", GUESS)] = 0.2
    start_satisfaction: Annotated[float, N("0..1", 0, 1, "mean satisfaction at day 0", FITTED)] = 0.62
    start_spread: Annotated[float, N("0..1", 0, 1, "spread of it", GUESS)] = 0.1
    start_years: Annotated[int, C("years", 1, 20, "over how many years the customers of day 0 came", GUESS)] = 4


class Money(NamedTuple):
    """The accounting of model.md 7."""

    margin: Annotated[float, N("0..1", 0, 1, "gross margin on revenue", GUESS)] = 0.75
    seat_cost: Annotated[float, L("k€ a year", 0, 10_000, "loaded cost of a seat", FITTED + ": E21")] = 167.0
    head_cost: Annotated[float, N("k€ a year", 0, 10_000, "loaded cost of a head", FITTED + ": E21")] = 250.0
    programme: Annotated[float, N("share of Marketing's payroll", 0, 5, "campaign budget", "B1; size " + FITTED + ": E21")] = 0.9
    severance: Annotated[float, N("k€", 0, 10_000, "to a person whose seat is closed, or who is dismissed", GUESS)] = 20.0
    hire_cost: Annotated[float, N("k€", 0, 10_000, "to replace or add a person", "B26 ($115k replacement)")] = 30.0
    reorganization_cost: Annotated[float, N("k€ per head", 0, 10_000, "cash cost of a reorganization", GUESS)] = 2.0
    term_years: Annotated[float, C("years", 0.1, 10, "contract term that bookings count", GUESS)] = 1.0
    discount: Annotated[float, N("per year", 0, 1, "discount rate", "model.md 7")] = 0.10
    start_cash: Annotated[float, L("k€ per head", -1000, 100_000, "cash at day 0", GUESS)] = 100.0
    benefit: Annotated[float, N("times price", 0, 10, "what a perfectly served customer gains per euro paid", GUESS)] = 1.6
    burden: Annotated[float, N("k€ per contact", 0, 10, "what a needless contact costs the customer", GUESS)] = 0.05
    quarter_days: Annotated[int, C("days", 1, 260, "working days of a quarter", "65")] = 65
    overhead: Annotated[float, N("share of revenue", 0, 1, "research, administration and service, as the accounts report them; no rule reads it", "a vendor's medians of 81 software firms at their listing (research .26, administration .21); size, with service, " + GUESS, plausible=(0.25, 0.55), fixed=True)] = 0.4


class Workload(NamedTuple):
    """Hours in a day."""

    day_hours: Annotated[float, N("hours", 1, 24, "working day", "8 h")] = 8.0
    longest: Annotated[float, N("working days", 1, 3, "longest day that anybody works: twelve hours of eight", GUESS)] = 1.5
    admin_hours: Annotated[float, L("hours a day", 0, 8, "administration", "B14 (0.16-0.33)")] = 1.2
    growth_hours: Annotated[float, N("hours a day", 0, 8, "what each loses to finding out who does what in a firm of twice its size at the start, where neither team knows what the other does", "F37; size " + FITTED + ": E16")] = 4.0
    memory_days: Annotated[float, C("days", 1, 260, "over how many days load is felt", GUESS)] = 10.0


class Conflict(NamedTuple):
    """Grievances and scope."""

    ignored: Annotated[float, N("times missing trust", 0, 1, "chance that an ignored lead becomes a grievance", FITTED)] = 0.05
    lapse: Annotated[float, N("per week", 0, 1, "chance that an open grievance is forgotten", FITTED)] = 0.06
    settled: Annotated[float, N("0..1", 0, 1, "chance to settle in a talk without trust or language", GUESS)] = 0.2
    settled_trust: Annotated[float, N("0..1", 0, 1, "what full trust of the less trusting adds", GUESS)] = 0.6
    settled_language: Annotated[float, N("0..1", 0, 1, "what full language adds", GUESS)] = 0.25
    quarrel: Annotated[float, N("share of a broken promise", 0, 2, "harm of a dispute that settles nothing", FITTED)] = 0.25
    ambiguity: Annotated[float, N("per tie and month", 0, 1, "chance of a quarrel over who does what between people who deal with one another daily, without rules and clarity", "seeds 001, 003; size " + FITTED + ": E14")] = 0.20
    clarity: Annotated[float, L("0..1", 0, 1, "clear common plan: pre-empts disputes", "seed 004", plausible=(0, 0.8))] = 0.3
    shared_tasks: Annotated[float, N("1/week", 0, 1, "how fast unowned shared tasks decay", "seed 003")] = 0.03
    upkeep: Annotated[float, N("1/week", 0, 1, "how fast whoever keeps shared tasks puts them right", "seed 003; size " + GUESS)] = 0.03
    notice_days: Annotated[float, L("days", 1, 1000, "how late a manager notices a lasting grievance", "seed 004 (watch vigilantly)")] = 60.0
    act_days: Annotated[float, L("days", 1, 1000, "how late a manager acts on it", "seed 004 (act swiftly)")] = 20.0
    one_head: Annotated[float, N("times", 0, 1, "how late one head over both teams notices, against two", "F13; seed 003; size " + GUESS)] = 0.5
    complaint: Annotated[float, N("0..1", 0, 1, "chance that a customer lost becomes a grievance between the teams", GUESS)] = 0.5
    missed: Annotated[float, C("times missing trust", 0, 1, "chance of blame for a missed quarter between people who deal with one another daily", "B15; seed 004; size " + FITTED + ": E14")] = 0.16
    by_blur: Annotated[float, N("share", 0, 5, "how blurred roles add to quarrels over scope", "seed 001; size " + GUESS)] = 0.5
    by_competence: Annotated[float, N("share", 0, 5, "what a difference in competence adds", "F10; size " + GUESS)] = 0.4
    by_orientation: Annotated[float, N("share", 0, 5, "what a difference in orientation adds", "F10; size " + GUESS)] = 0.2
    by_records: Annotated[float, N("share", 0, 5, "what decayed shared tasks add", "seed 003; size " + GUESS)] = 0.4
    by_unfair: Annotated[float, N("share", 0, 5, "what an unfair split of budget and credit adds", "F50; size " + GUESS)] = 0.4
    kept_anyway: Annotated[float, N("0..1", 0, 1, "upkeep of shared tasks that nobody owns, against owned ones", GUESS)] = 0.4
    managers: Annotated[float, N("0..1", 0, 1, "share of noticed grievances that a manager can settle", GUESS)] = 0.3
    plan_clarity: Annotated[float, N("0..1", 0, 1, "how far joint planning clears the common strategy", "seed 004; size " + GUESS)] = 0.5
    rules_calm: Annotated[float, N("0..1", 0, 0.5, "share of quarrels over scope that each side's kept rules pre-empt", "evidence D; size " + GUESS)] = 0.3


class Practices(NamedTuple):
    """Agreed ways of working: what is settled from above, and how teams take to them."""

    rules: Annotated[int, L("mode", 0, 2, "rules of engagement: lead definition, who follows up what", "evidence D", Mode)] = 0
    events: Annotated[int, L("mode", 0, 2, "joint events", "evidence D", Mode)] = 0
    meetings: Annotated[int, L("mode", 0, 2, "disciplined meetings", "evidence D", Mode)] = 0
    feedback_loop: Annotated[int, L("mode", 0, 2, "feedback on a shared funnel", "evidence D", Mode)] = 0
    joint_planning: Annotated[int, L("mode", 0, 2, "joint planning and training", "evidence D", Mode)] = 0
    key_accounts: Annotated[int, L("mode", 0, 2, "key-account teams", "evidence D", Mode)] = 0
    shared_metrics: Annotated[int, L("mode", 0, 2, "shared metrics and rewards", "evidence D", Mode)] = 0
    rotation: Annotated[int, L("mode", 0, 2, "job rotation", "evidence D", Mode)] = 0
    threshold: Annotated[float, N("support", -1, 2, "support from which a person keeps, and a head decrees, any practice: one for all", FITTED + ": P3a")] = 0.115
    attitude: Annotated[float, N("support", 0, 5, "weight of the attitude", FITTED)] = 0.3
    hours: Annotated[float, N("support per hour", 0, 1, "weight of the weekly hours", FITTED + ": P3a")] = 0.055
    temper: Annotated[float, N("support", 0, 1, "spread between people", FITTED)] = 0.10
    others: Annotated[float, N("support", 0, 1, "pull of those who keep a decreed practice and believe in it", GUESS)] = 0.12
    decree: Annotated[float, N("support", 0, 1, "force of a fresh decree of one's own head", FITTED)] = 0.025
    decree_days: Annotated[float, C("days", 1, 5000, "how fast it wears off", GUESS)] = 300.0
    mandate: Annotated[float, N("support", 0, 1, "lasting force of a mandate from above", FITTED, plausible=(0, 0.1))] = 0.0
    reactance: Annotated[float, N("share per month and weekly hour", 0, 1, "what an hour ordered from above and kept against one's will does to the attitude, and to resentment", "model.md 6; size " + FITTED + ": M4, M6")] = 0.21
    unwilling: Annotated[float, N("share", 0, 1, "how much less an act works with somebody unwilling", "model.md 6; size " + GUESS)] = 1.0
    detection_days: Annotated[float, N("days", 1, 2000, "how late heads notice support and compliance", "seed 004")] = 60.0
    decision_days: Annotated[float, N("days", 0, 1000, "how late they decree", "seed 004")] = 60.0
    repeal: Annotated[float, N("0..1", 0, 1, "noticed compliance below which a practice is dropped", GUESS)] = 0.3
    renewal: Annotated[float, C("0..1 per month", 0, 1, "chance that a lapsing decree is renewed", GUESS)] = 0.25
    memory_rise_days: Annotated[float, N("days", 1, 5000, "how fast a problem is felt", GUESS)] = 60.0
    memory_fall_days: Annotated[float, N("days", 1, 5000, "how slowly it is forgotten", FITTED)] = 500.0
    unasked_help: Annotated[float, N("per person and day", 0, 5, "help that nobody decrees, of one with an empty day to one with a full day who is fully liked", FITTED + ": P3a, E9")] = 0.33
    unasked_plan: Annotated[float, N("per person and day", 0, 5, "planning that nobody decrees, between people with one language under heads with full trust who know nothing of each other's truth", FITTED + ": P3a, E9")] = 0.28
    unasked_review: Annotated[float, N("per person and day", 0, 5, "looks at figures that nobody decrees, where all is on record, at somebody thought fully competent", FITTED + ": P3a, E9")] = 0.26
    screen: Annotated[float, N("0..1", 0, 1, "how readily joint acts take place by telephone and screen alone, against the default's distance", "F41; size " + FITTED + ": E7")] = 0.8
    access_cost: Annotated[float, N("1/hour", 0, 5, "how joint acts depend on the cost of a contact", FITTED)] = 0.45
    act_spoils: Annotated[float, N("0..1", 0, 1, "chance that an act with somebody unwilling does harm", "model.md 6; size " + FITTED)] = 1.0
    attitude_from: Annotated[float, N("0..1", 0, 1, "attitude that neither helps nor hinders", FITTED)] = 0.4
    dare: Annotated[float, N("0..1", 0, 1, "chance that heads without trust decree what both want", GUESS)] = 0.3
    event_training: Annotated[float, N("hours", 0, 100, "joint training in an event that works", GUESS)] = 1.0
    funnel_changes: Annotated[float, N("0..1", 0, 1, "share of understood reviews that change what Marketing does", GUESS)] = 0.12
    general: Annotated[float, N("0..1", 0, 1, "share of a person's leaning that is the same for all practices", GUESS)] = 0.5
    heads_ahead: Annotated[float, C("0..1", 0, 5, "how readily heads who plan look years ahead", FITTED + ": E18")] = 0.8
    heads_meet: Annotated[float, N("times", 0, 20, "what kept meetings add to the heads' talks", GUESS)] = 0.6
    heads_plan: Annotated[float, C("times", 0, 20, "what kept joint planning adds", GUESS)] = 1.0
    heads_talk: Annotated[float, N("per day", 0, 1, "talks of heads who trust each other fully", FITTED + ": E18")] = 0.09
    help_hours: Annotated[float, N("hours", 0, 8, "uncredited help at a time", GUESS)] = 1.0
    hours_events: Annotated[float, N("hours a week", 0, 40, "of joint events, at the default cost of a contact", GUESS)] = 0.5
    hours_feedback_loop: Annotated[float, N("hours a week", 0, 40, "of the feedback loop", FITTED + ": P3a")] = 0.35
    hours_fixed: Annotated[float, N("0..1", 0, 1, "share of a practice's hours that the cost of a contact does not move", GUESS)] = 0.4
    hours_joint_planning: Annotated[float, N("hours a week", 0, 40, "of joint planning", GUESS)] = 1.0
    hours_key_accounts: Annotated[float, C("hours a week", 0, 40, "of key-account teams", GUESS)] = 0.5
    hours_meetings: Annotated[float, N("hours a week", 0, 40, "of disciplined meetings", "B18; size " + GUESS)] = 0.6
    hours_rotation: Annotated[float, C("hours a week", 0, 40, "of rotation", GUESS)] = 0.5
    hours_rules: Annotated[float, N("hours a week", 0, 40, "of rules of engagement", GUESS)] = 0.3
    hours_shared_metrics: Annotated[float, C("hours a week", 0, 40, "of shared metrics", FITTED + ": E18")] = 0.4
    informal_measures: Annotated[float, N("0..1", 0, 1, "share of informal looks at figures that rest on common measures", GUESS)] = 0.25
    informal_base: Annotated[float, N("0..1", 0, 1, "chance that informal planning is understood without language", GUESS)] = 0.2
    informal_ceiling: Annotated[float, N("0..1", 0, 1, "ceilings of informal planning, against those of agreed planning", FITTED + ": E18")] = 0.9
    meet_base: Annotated[float, N("0..1", 0, 1, "how well meetings work without language or trust", GUESS)] = 0.2
    meet_language: Annotated[float, N("0..1", 0, 1, "what language adds", GUESS)] = 0.55
    meet_trust: Annotated[float, N("0..1", 0, 1, "what trust adds", GUESS)] = 0.25
    metrics_base: Annotated[float, N("0..1", 0, 1, "how well shared metrics work without a shared funnel", "evidence D (common database); size " + GUESS)] = 0.3
    most_ease: Annotated[float, N("times", 0.1, 5, "joint acts at the best access, against the default's", GUESS)] = 1.6
    plan_base: Annotated[float, N("0..1", 0, 1, "chance that joint planning is understood without language or trust", GUESS)] = 0.3
    plan_months: Annotated[float, C("months", 0, 120, "how far an understood plan of the heads reaches", "C11; size " + GUESS)] = 6.0
    plan_training: Annotated[float, N("hours", 0, 100, "joint training in an understood plan", GUESS)] = 1.0
    rate_events: Annotated[float, N("per day", 0, 0.2, "joint events of one who keeps them", GUESS)] = 0.04
    rate_meetings: Annotated[float, N("per day", 0, 0.2, "meetings", "B18", plausible=(0.015, 0.2))] = 0.10
    rate_planning: Annotated[float, N("per day", 0, 0.2, "joint planning", GUESS)] = 0.10
    rate_reviews: Annotated[float, C("per day", 0, 0.2, "reviews of shared metrics", "C12 (0.7 a head and week)")] = 0.14
    rate_stints: Annotated[float, C("per day", 0, 0.1, "stints with the other team", "C18; size " + FITTED + ": P19g")] = 0.0003
    renewal_age: Annotated[float, C("days", 0, 2000, "age from which a decree may be renewed", GUESS)] = 120.0
    review_base: Annotated[float, N("0..1", 0, 1, "chance that a review is understood without language", GUESS)] = 0.3
    rules_trust: Annotated[float, N("exponent", 0, 5, "how rules of engagement depend on trust", GUESS)] = 0.8
    stint_gain: Annotated[float, N("times", 0, 50, "what a stint teaches of words, against an exchange, and of the other truth, against a day of it", FITTED + ": S8i, S8t")] = 20.0
    stint_hours: Annotated[float, N("hours", 0, 100, "a stint with the other team", GUESS)] = 8.0
    usual_hours: Annotated[float, C("hours", 0.01, 8, "hours of a contact in the default, travel included", "D from distance, cost and talk")] = 1.14
    usual_access: Annotated[float, C("0..1", 0.01, 1, "access in the default", "D from distance")] = 0.217
    worth_rules: Annotated[float, N("times", 0, 10, "worth of a solved problem: rules of engagement, against the feedback loop and key-account teams", FITTED)] = 1.25
    worth_events: Annotated[float, N("times", 0, 10, "worth of a solved problem: joint events, against rules of engagement", FITTED + ": P3a")] = 0.7
    worth_joint_planning: Annotated[float, N("times", 0, 10, "joint planning", FITTED + ": P3a")] = 1.2
    worth_meetings: Annotated[float, N("times", 0, 10, "disciplined meetings", FITTED)] = 0.9
    worth_rotation: Annotated[float, N("times", 0, 10, "rotation", FITTED)] = 1.1
    worth_shared_metrics: Annotated[float, N("times", 0, 10, "shared metrics", FITTED + ": P3a, F01b")] = 3.2
    start_skill: Annotated[float, N("0..1", 0, 1, "skill of those who are there at day 0", GUESS)] = 0.95
    start_load: Annotated[float, C("share of the day", 0, 2, "load at day 0", GUESS)] = 0.75
    start_memory: Annotated[float, C("0..1", 0, 1, "share of their usual problems that people remember at day 0", GUESS)] = 0.6
    start_trouble: Annotated[float, C("0..1", 0, 1, "usual share of leads that make trouble", GUESS)] = 0.5
    start_ignorance: Annotated[float, C("0..1", 0, 1, "usual ignorance of the other truth", GUESS)] = 0.7
    start_context: Annotated[float, N("0..1", 0, 1, "usual share of context lost", GUESS)] = 0.85
    start_lost: Annotated[float, N("0..1", 0, 1, "usual share of deals lost", GUESS)] = 0.75
    start_strangeness: Annotated[float, C("0..1", 0, 1, "usual strangeness", GUESS)] = 0.42
    start_near: Annotated[float, C("0..1", 0, 1, "variance of what people believe of their own truth at day 0, in variances of drift", GUESS)] = 0.25
    start_far: Annotated[float, C("0..1", 0, 1, "the same of the other team's truth", GUESS)] = 0.75

    ROWS = ("mode_of", "hours_of", "worth_of")  # one place for each practice, for rules that go through them all

    @property
    def mode_of(self) -> tuple[int, ...]:
        """What is settled from above about each practice."""
        return tuple(getattr(self, q.name.lower()) for q in Practice)

    @property
    def hours_of(self) -> tuple[float, ...]:
        """Hours a week that each practice takes from who keeps it, at the default cost of a contact."""
        return tuple(getattr(self, f"hours_{q.name.lower()}") for q in Practice)

    @property
    def worth_of(self) -> tuple[float, ...]:
        """How much a solved problem is worth, by practice."""
        return tuple(getattr(self, f"worth_{q.name.lower()}", 1.0) for q in Practice)


class Structure(NamedTuple):
    """Who reports to whom, power, quotas, rewards."""

    kind: Annotated[int, L("kind", 0, 4, "separate, one under the other, merged, or one chief over both", "F11-F13; seeds 002, 003", Kind)] = 0
    power: Annotated[float, L("0..1", 0, 1, "0 Sales decides .. 1 Marketing decides; 0.5 equal partners", "seeds 002, 004", plausible=(0.2, 0.8))] = 0.5
    owner: Annotated[int, L("owner", 0, 2, "who owns the P&L", "seed 002", Owner)] = 0
    brief: Annotated[int, L("brief", 0, 1, "Sales states problems or gives orders", "seed 002", Brief)] = 0
    quota: Annotated[float, L("times the usual", 0, 5, "deals a rep is to win", "B15")] = 1.0
    budget_fairness: Annotated[float, L("0..1", 0, 1, "how fairly budget and credit are split", "F50", plausible=(0.2, 0.9))] = 0.5
    dismissal_misses: Annotated[int, L("months", 0, 100, "months in a row far below the quota after which a rep is dismissed under Marketing; 0 never", "seed 003")] = 4
    orientation_gap: Annotated[float, L("0..1", 0, 1, "short against long term, product against customer", "F10", plausible=(0.2, 0.9))] = 0.5
    competence_gap: Annotated[float, L("0..1", 0, 1, "difference in product knowledge and skill with people", "F10", plausible=(0.1, 0.6))] = 0.3
    long_term: Annotated[float, L("0..1", 0, 1, "long-term strategic orientation", "F09")] = 0.5
    support: Annotated[float, N("0..1", 0, 1, "share of the day that a team without any say works to the other's order", "seeds 002, 003; size " + GUESS)] = 0.2
    starved: Annotated[float, N("times", 0, 1, "Marketing's budget under Sales", "seed 003; size " + GUESS)] = 0.6
    pressed: Annotated[float, N("added pressure", 0, 1, "quota pressure under Marketing", "seed 003; size " + GUESS)] = 0.3
    turmoil: Annotated[float, N("attitude", 0, 1, "political cost of a change of structure", "F13; size " + GUESS)] = 0.05
    turmoil_days: Annotated[float, N("days", 1, 5000, "how long it lasts", GUESS)] = 130.0
    reorganizations: Annotated[float, L("per year", 0, 12, "reorganizations, on days that the market's seed decides", "evidence D; size " + GUESS, plausible=(0, 0.6))] = 0.22
    head_tenure: Annotated[float, N("per year", 0, 12, "heads who leave", GUESS)] = 0.25
    chief_talks: Annotated[float, N("times", 0, 10, "what one chief adds to the heads' talks", GUESS)] = 0.5
    usual_people: Annotated[float, N("people", 2, 1000000, "size of a firm whose heads see their teams after practices.detection_days; more people have more layers above them", "seed 000; bookkeeping")] = 36.0
    overview_people: Annotated[float, N("people", 1, 1000, "size at which half of what rules settle is seen without them", "F07 (about 6 to 15 people); form " + GUESS, plausible=(6, 15))] = 10.0
    deaf: Annotated[float, N("0..1", 0, 1, "own insight that Marketing loses when it works to order", "seed 002; size " + GUESS)] = 0.6
    dropped: Annotated[float, C("0..1", 0, 1, "chance that a reorganization drops a practice", GUESS)] = 0.4
    head_drops: Annotated[float, N("0..1", 0, 1, "chance that a new head drops a practice", GUESS)] = 0.25
    months: Annotated[float, C("months", 1, 14, "months of 21 days in a year", "260/21")] = 12.4
    new_counterparts: Annotated[float, N("0..1", 0, 1, "share of ties that a reorganization deals anew", GUESS)] = 0.4
    record: Annotated[float, C("0..1", 0.01, 1, "weight of the last month in what a rep is held to", GUESS)] = 0.33
    far_below: Annotated[float, C("times the quota", 0, 1, "where a rep's months count as missed", GUESS)] = 0.5
    quota_follows: Annotated[float, N("1/month", 0, 1, "how fast quotas follow what is won", GUESS)] = 0.08
    short_pressure: Annotated[float, N("times", 0, 10, "pressure from a month short of quota", GUESS)] = 1.5
    small: Annotated[float, C("number", 1e-9, 0.1, "keeps divisions from zero", "bookkeeping")] = 0.000001
    chief_cost: Annotated[float, N("0..1", 0, 2, "turmoil of appointing one chief, against a merger", "F13; size " + GUESS)] = 1.0


class Culture(NamedTuple):
    """Identification, status, resentment."""

    identification: Annotated[float, L("0..1", 0, 1, "with the firm (1) against the own function (0), at day 0", "F33", plausible=(0.2, 0.7))] = 0.4
    status_gap: Annotated[float, L("-1..1", -1, 1, "Marketing looks down on Sales (+) or Sales on Marketing (-)", "seed 002", plausible=(-0.5, 0.5))] = 0.0
    resentment_rise: Annotated[float, N("1/week", 0, 1, "how fast open grievances and contempt become resentment", "seed 004; size " + GUESS)] = 0.05
    resentment_output: Annotated[float, N("share", 0, 1, "output lost to full resentment", "seed 004; size " + GUESS)] = 0.25
    identify: Annotated[float, N("1/week", 0, 1, "how fast identification follows shared success", GUESS)] = 0.01
    reviewed: Annotated[float, N("0..1", 0, 1, "how much one look at the same figures adds to it between people who feel wholly part of the firm", FITTED + ": F33")] = 0.025
    sharing: Annotated[float, L("0..1", 0, 1, "sharing of power, information, expertise and resources", "seed 004", plausible=(0.1, 0.8))] = 0.4


class Workforce(NamedTuple):
    """Joining, leaving, growing."""

    marketers: Annotated[int, L("people", 1, 1_000_000, "in Marketing, a liaison drawn from it included", "B19", plausible=(5, 30))] = 12
    salespeople: Annotated[int, L("people", 1, 1_000_000, "in Sales", "B19")] = 24
    product_manager: Annotated[int, L("0 or 1", 0, 1, "1: somebody carries what both teams learn into the offer", "seed 000")] = 0
    idle: Annotated[int, L("people", 0, 1_000_000, "extra seats without ties, hours or vote: a test of the dice")] = 0
    ties_per_rep: Annotated[int, L("ties", 1, 100, "marketers whom a rep can reach", GUESS, plausible=(1, 6))] = 3
    mates: Annotated[int, N("people", 0, 50, "team-mates whom one listens to", GUESS)] = 4
    rewired: Annotated[float, N("0..1", 0, 1, "share of them who sit anywhere in the team, not next to oneself", "Watts and Strogatz' range; size " + GUESS)] = 0.15
    turnover_m: Annotated[float, L("per year", 0, 12, "marketers who leave", "B26 (0.15-0.20)", plausible=(0.1, 0.25))] = 0.15
    turnover_s: Annotated[float, L("per year", 0, 12, "salespeople who leave", "B26 (0.25-0.35)", plausible=(0.2, 0.4))] = 0.25
    growth: Annotated[float, L("per year", -0.9, 5, "growth of both teams", "F37")] = 0.0
    growth_with_revenue: Annotated[float, L("0..1", 0, 1, "share of revenue growth that becomes headcount", "F37")] = 0.0
    deterred: Annotated[float, N("share", 0, 5, "what filling a seat costs more where nobody can say who does what", "seed 001; size " + GUESS)] = 0.3
    new_skill: Annotated[float, N("0..1", 0, 1, "skill of a newcomer", "B27")] = 0.5
    other_skill: Annotated[float, N("0..1", 0, 1, "skill at the other team's craft", "seeds 001, 003")] = 0.4
    blurred: Annotated[float, L("0..1", 0, 1, "share of the day spent on the other team's craft", "seeds 000, 001")] = 0.0
    benefit: Annotated[float, C("0..1", 0, 1, "benefit that newcomers expect of talking", GUESS)] = 0.08
    inherits: Annotated[float, N("0..1", 0, 1, "what the team remembers of its problems and passes on", GUESS)] = 0.7
    resented: Annotated[float, C("times", 0, 10, "how resentment raises the rate of leaving", "seed 002; size " + GUESS)] = 1.0
    trained: Annotated[float, N("0..1", 0, 1, "language that joint planning gives a newcomer at once", GUESS)] = 0.3


SHOCKS = ("liaison leaves", "reorganization", "deception", "training", "broken promise")  # what happens on one day


class Shock(NamedTuple):
    """Passing events; a dated change sets them and sets them back."""

    bad_leads: Annotated[float, L("0..1", 0, 1, "how much worse leads fit while it lasts", "P8")] = 0.0
    budget_cut: Annotated[float, L("0..1", 0, 1, "share of Marketing's budget that is cut", "seeds 000, 003")] = 0.0
    training: Annotated[float, N("0..1", 0, 1, "share of the missing common language that one training of all closes", GUESS)] = 0.25
    broken_promise: Annotated[float, N("times trust.loss", 0, 10, "share of salespeople's cognition-based trust that one broken promise to all of them takes", GUESS)] = 3.0


class Rooms(NamedTuple):
    """Switches for ablation: 1 the room works, 0 it does nothing."""

    market: Annotated[int, N("0 or 1", 0, 1, "needs, offer and rivals move", "ablation")] = 1
    marketing: Annotated[int, N("0 or 1", 0, 1, "knowing the needs makes campaigns fit", "ablation")] = 1
    handoff: Annotated[int, N("0 or 1", 0, 1, "context is lost and time passes at the handoff", "ablation")] = 1
    selling: Annotated[int, N("0 or 1", 0, 1, "follow-up depends on trust, quality and load", "ablation")] = 1
    customers: Annotated[int, N("0 or 1", 0, 1, "satisfaction decides renewal and reputation", "ablation")] = 1
    customization: Annotated[int, N("0 or 1", 0, 1, "reps ask for special terms", "ablation")] = 1
    decisions: Annotated[int, N("0 or 1", 0, 1, "the four Ps are decided and matter", "ablation")] = 1
    workload: Annotated[int, N("0 or 1", 0, 1, "joint work takes hours", "ablation")] = 1
    contact: Annotated[int, N("0 or 1", 0, 1, "people talk across the gap", "ablation")] = 1
    beliefs: Annotated[int, N("0 or 1", 0, 1, "talk changes beliefs", "ablation")] = 1
    language: Annotated[int, N("0 or 1", 0, 1, "language grows and fades", "ablation")] = 1
    trust: Annotated[int, N("0 or 1", 0, 1, "trust moves", "ablation")] = 1
    conflict: Annotated[int, N("0 or 1", 0, 1, "grievances arise", "ablation")] = 1
    liaison: Annotated[int, N("0 or 1", 0, 1, "liaisons act", "ablation")] = 1
    practices: Annotated[int, N("0 or 1", 0, 1, "practices are decreed and kept", "ablation")] = 1
    informal: Annotated[int, N("0 or 1", 0, 1, "people work together unasked", "ablation")] = 1
    structure: Annotated[int, N("0 or 1", 0, 1, "reorganizations, quotas and heads' changes happen", "ablation")] = 1
    culture: Annotated[int, N("0 or 1", 0, 1, "resentment and identification move", "ablation")] = 1
    workforce: Annotated[int, N("0 or 1", 0, 1, "people leave and join", "ablation")] = 1


class Theory(NamedTuple):
    """All numbers, by room. Immutable; a dated change makes a new one."""

    communication: Communication = Communication()
    trust: Trust = Trust()
    language: Language = Language()
    liaison: Liaison = Liaison()
    distance: Distance = Distance()
    contact: Contact = Contact()
    beliefs: Beliefs = Beliefs()
    market: Market = Market()
    marketing: Marketing = Marketing()
    handoff: Handoff = Handoff()
    selling: Selling = Selling()
    customization: Customization = Customization()
    decisions: Decisions = Decisions()
    customers: Customers = Customers()
    money: Money = Money()
    workload: Workload = Workload()
    conflict: Conflict = Conflict()
    practices: Practices = Practices()
    structure: Structure = Structure()
    culture: Culture = Culture()
    workforce: Workforce = Workforce()
    shock: Shock = Shock()
    rooms: Rooms = Rooms()


class Number(NamedTuple):
    """One declared number, as a reader or a table sees it."""

    name: str  # "trust.gain"
    type: type  # int or float
    default: float
    unit: str
    low: float
    high: float
    meaning: str
    source: str
    lever: bool
    choices: type[IntEnum] | None
    plausible: tuple[float, float] | None  # both included; None: a source without a range, a choice, a switch
    fixed: bool


def plausible(about: N, kind: type, default: float) -> tuple[float, float] | None:
    """Where a number is thought to be, both ends included: what is declared, or for guesses a rule of thumb.

    The rule of thumb: from half to double, within the bounds; a log-odds that
    may be of either sign as far as halves and doubles the odds. Nothing is said
    of choices, of zero, of bookkeeping, or where a source tells no range.

    >>> plausible(N("days", 1, 300, "how long"), float, 200.0), plausible(N("log-odds", -4, 4, "wish"), float, -1.0)
    ((100.0, 300.0), (-1.69, -0.31))
    """
    if about.plausible is not None:
        return tuple(kind(end) for end in about.plausible)
    if about.choices is not None or GUESS not in about.source or default == 0:
        return None
    if about.unit == "log-odds" and about.low < 0:
        ends = round(default - math.log(2), 2), round(default + math.log(2), 2)
    else:
        ends = default / 2, default * 2
    ends = math.ceil(ends[0]) if kind is int else ends[0], ends[1]
    return kind(max(ends[0], about.low)), kind(min(ends[1], about.high))


@functools.cache
def numbers(theory: type = Theory) -> dict[str, Number]:
    """Every declared number by its name in scenario files, in the order of the rooms.

    >>> numbers()["trust.gain"].unit
    '0..1 per kept promise'
    """
    found = {}
    for group, kind in typing.get_type_hints(theory).items():
        for field, hint in typing.get_type_hints(kind, include_extras=True).items():
            base, about = typing.get_args(hint)
            name = f"{group}.{field}"
            found[name] = Number(name, base, kind._field_defaults[field], about.unit, about.low, about.high,
                                 about.meaning, about.source, about.lever, about.choices,
                                 plausible(about, base, kind._field_defaults[field]), about.fixed)  # fmt: skip
    return found


def with_values(theory: Theory, values: dict[str, float]) -> Theory:
    """A theory with some numbers replaced, by name; each keeps its declared type.

    >>> with_values(Theory(), {"trust.gain": 0.05}).trust.gain
    0.05
    """
    kinds = numbers(type(theory))
    by_group: dict[str, dict] = {}
    for name, value in values.items():
        group, field = name.split(".")
        by_group.setdefault(group, {})[field] = kinds[name].type(value)
    return theory._replace(**{g: getattr(theory, g)._replace(**fields) for g, fields in by_group.items()})
