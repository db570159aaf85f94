"""Twenty statements about how the two teams deal with each other, scored from what was observed in a quarter.

The statements follow the constructs of the published audit (F02) in our own
words. A score is 1 at `low` and 5 at `high`, in whole numbers; nothing observed
scores 1, not 3 (F03). The anchors stem from the evidence table (C), were typed
in before any run, and are never fitted. The stage is read off the total and
nothing else; no rule reads the score or the stage.
"""

from __future__ import annotations

from typing import NamedTuple

from sim.model.firm import N_ITEMS, N_SIDES, QUARTER, Item, Practice, Side
from sim.model.formulas import clip
from sim.model.kernel import kernel
from sim.model.things import evidence, ledger


class Statement(NamedTuple):
    """One statement of the audit."""

    text: str
    construct: str
    observed: str  # what is counted
    low: float  # value that scores 1
    high: float  # value that scores 5


STATEMENTS = (
    Statement("Our sales forecasts come true.", "Predictability", "1 - |forecast - wins| / wins", 0.5, 0.9),
    Statement("After a bad result nobody points a finger at the other team.", "Shared fate", "bad leads and lost deals without blame", 0.2, 0.9),
    Statement("Marketers are with us at important customers while the deal is open.", "Inside the sale", "key deals with a marketer in them", 0.0, 0.6),
    Statement("Sales is asked into the making of marketing plans.", "Planning upstream", "understood joint planning, acts a head", 0.0, 1.3),
    Statement("Our salespeople find Marketing's material worth using.", "Inside the sale", "deals that used it", 0.1, 0.7),
    Statement("Salespeople tell Marketing how its leads fared.", "Common language", "ended leads with feedback", 0.1, 0.8),
    Statement("Both teams mean the same thing by the same words.", "Common language", "kappa of both sides' coding of the same leads", 0.2, 0.8),
    Statement("The two heads regularly exchange ideas about markets and products to come.", "Planning upstream", "talks of the heads that taught something", 0.0, 3.0),
    Statement("We work out together how each segment buys.", "Common language", "Marketing's revisions that cite Sales", 0.3, 0.9),
    Statement("Our talks are about chances, not about quarrels.", "Shared fate", "contacts that were not about a dispute", 0.2, 0.9),
    Statement("The two heads plan the offer two years ahead and more, together.", "Planning upstream", "months that the heads' joint plans reach", 0.0, 24.0),
    Statement("Both teams are judged by the same measures.", "Predictability", "reviews of common measures, a head and week", 0.0, 0.7),
    Statement("Marketing helps to set and to run the strategy for key accounts.", "Inside the sale", "key deals with a briefed marketer", 0.0, 0.7),
    Statement("One pipeline, built by both, runs from the first interest to service.", "Predictability", "ended leads with a complete shared record", 0.0, 0.9),
    Statement("Marketing studies the funnel and changes what it does.", "Predictability", "changes adopted, a marketer", 0.0, 1.0),
    Statement("The teams rise or fall together.", "Shared fate", "ties with uncredited help", 0.2, 0.8),
    Statement("One person answers for both at the top.", "Structure", "who settled the joint decisions", 0.0, 1.0),
    Statement("People move between the teams.", "Structure", "stints a head and year", 0.0, 0.1),
    Statement("We learn and train together.", "Structure", "hours of joint training that took, a head", 0.0, 8.0),
    Statement("Each team helps to prepare the other's plans.", "Planning upstream", "people who took part in one", 0.0, 0.8),
)  # fmt: skip
LOW = tuple(s.low for s in STATEMENTS)
HIGH = tuple(s.high for s in STATEMENTS)
BANDS = (40.0, 60.0, 80.0)  # totals at which defined, aligned, integrated begin (F02)
# the strategic functions of the seeds (planning, sensing, input to the product), as far as the audit sees them
STRATEGIC = (Item.SALES_IN_PLAN, Item.HEADS_TALK, Item.SEGMENTS_TOGETHER, Item.HEADS_PLAN, Item.EACH_OTHERS_PLAN)
LOWEST, HIGHEST = 1.0, 5.0


@kernel
def score_of(value: float, low: float, high: float) -> float:
    """One statement's score: 1 at low, 5 at high, whole numbers between.

    >>> score_of(0.0, 0.2, 0.8), score_of(0.5, 0.2, 0.8), score_of(1.0, 0.2, 0.8)
    (1.0, 3.0, 5.0)
    """
    x = LOWEST + (HIGHEST - LOWEST) * clip((value - low) / (high - low), 0.0, 1.0)
    return float(int(x + 0.5))


@kernel
def band_of(total: float) -> int:
    """The band of a total: 20-39 undefined, 40-59 defined, 60-79 aligned, 80-100 integrated (F02).

    >>> band_of(39.0), band_of(40.0), band_of(60.0), band_of(80.0)
    (1, 2, 3, 4)
    """
    band = 1
    for edge in BANDS:
        if total >= edge:
            band += 1
    return band


@kernel
def close_quarter(firm, theory, dice):
    """At the quarter's end the counts of all 20 statements become scores, per side and in total, and the stage.

    A side's score uses what that side's people saw; those who saw nothing of a
    statement score it 1, and their share is reported ("don't know"). A stage
    counts after two quarters in the new band.
    """
    if dice.day % QUARTER != QUARTER - 1:
        return
    evidence.gather(firm, dice)
    quarter = dice.day // QUARTER
    row, answers = firm.quarters, firm.answers
    for side in range(N_SIDES):
        total, without = 0.0, 0.0
        for item in range(N_ITEMS):
            base, count = firm.audit[side, item]["base"], firm.audit[side, item]["count"]
            value = count / base if base > 0.0 else 0.0
            raw = score_of(value, LOW[item], HIGH[item]) if base > 0.0 else LOWEST
            know = share_who_know(firm, side, item)
            score = raw if side == Side.BOTH else LOWEST + (raw - LOWEST) * know
            answers[quarter, side, item]["count"] = count
            answers[quarter, side, item]["base"] = base
            answers[quarter, side, item]["score"] = score
            answers[quarter, side, item]["know"] = know
            total += score
            if item != Item.ONE_HEAD:
                without += score
        if side == Side.BOTH:
            row[quarter]["score"] = total
            row[quarter]["score_19"] = without
        elif side == Side.MARKETING:
            row[quarter]["score_m"] = total
        else:
            row[quarter]["score_s"] = total
    strategic = 0.0
    for item in STRATEGIC:
        strategic += answers[quarter, Side.BOTH, item]["score"]
    row[quarter]["strategic"] = strategic / len(STRATEGIC)
    band = band_of(row[quarter]["score"])
    row[quarter]["band"] = band
    row[quarter]["stage"] = ledger.hold_band(firm.ledger, band, quarter == 0)
    evidence.clear(firm)


@kernel
def share_who_know(firm, side, item):
    """The share of a side's people who could judge a statement in the quarter; 1 for the total."""
    if side == Side.BOTH or item == Item.ONE_HEAD:
        return 1.0
    people, rows = firm.people, firm.practices
    told = rows[Practice.MEETINGS]["kept"][side]
    if item == Item.HEADS_TALK or item == Item.HEADS_PLAN:
        return told
    if item == Item.FORECAST:
        return 1.0 if side == Side.SALES else max(told, rows[Practice.FEEDBACK_LOOP]["kept"][Side.MARKETING])
    saw, n = 0.0, 0.0
    for i in range(firm.ledger[0]["n_people"]):
        if people[i]["working"] == 1 and people[i]["team"] == side and people[i]["n_ties"] > 0:
            n += 1.0
            if (people[i]["saw"] >> item) & 1 or (item == Item.MOVES and people[i]["stints"] > 0.0):
                saw += 1.0
    return saw / n if n > 0.0 else 0.0
