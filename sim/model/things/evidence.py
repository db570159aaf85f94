"""What the audit will see: what happened in the quarter, who could see it, what both called good, the forecast."""

from __future__ import annotations

from sim.model.firm import BY_CHIEF, BY_OWNER, N_SIDES, QUARTER, Item, Side
from sim.model.formulas import agreement
from sim.model.kernel import kernel
from sim.model.things import tie

QUARREL_HEADS = 0.5  # contacts a head that silence counts as: talking about nothing is no harmony
QUARTER_WEEKS = 13.0
OWN_REVISIONS = 3.0  # of a marketer's picture of the segments in a quarter by own research, as the default does it
KEPT_STINTS = 0.75  # a quarter's end keeps three quarters of the rotation count: its sum is a year's


@kernel(inline=True)
def witness(firm, item, m, s, count, base):
    """Write down for the audit what one or two people saw: `count` of `base` for one statement.

    m, s   seats of the marketer and the salesperson who saw it, or -1
    """
    counts, bases = firm.audit["count"], firm.audit["base"]
    counts[Side.BOTH, item] += count
    bases[Side.BOTH, item] += base
    if m >= 0:
        counts[Side.MARKETING, item] += count
        bases[Side.MARKETING, item] += base
        see(firm.people, m, item)
    if s >= 0:
        counts[Side.SALES, item] += count
        bases[Side.SALES, item] += base
        see(firm.people, s, item)


@kernel(inline=True)
def see(people, i, item):
    """A person could judge a statement this quarter."""
    people[i]["saw"] |= 1 << item


@kernel(inline=True)
def both_see(people, m, s, item):
    """Two people could judge a statement this quarter."""
    see(people, m, item)
    see(people, s, item)


@kernel(inline=True)
def cite(firm, m, s, gain):
    """Marketing's picture of the segments was revised citing Sales, if the talk taught anything."""
    if gain > 0.0:
        witness(firm, Item.SEGMENTS_TOGETHER, m, s, 1.0, 1.0)


@kernel(inline=True)
def train(people, m, s, hours):
    """Two people learnt together for hours that took."""
    people[m]["training"] += hours
    people[s]["training"] += hours
    both_see(people, m, s, Item.TRAINING)


@kernel(inline=True)
def plan(people, m, s):
    """Two people took part in a plan that both understood."""
    people[m]["planned"] = 1
    people[s]["planned"] = 1


@kernel(inline=True)
def stay(people, m, s):
    """Two people spent a day with the other team."""
    people[m]["stints"] += 1.0
    people[s]["stints"] += 1.0
    both_see(people, m, s, Item.MOVES)


@kernel(inline=True)
def code(firm, m, s, good_for_m, good_for_s):
    """Both sides said of a lead whether it is good: the audit's seventh statement asks whether they agree."""
    row = firm.ledger[0]
    if good_for_m and good_for_s:
        row["yes_yes"] += 1.0
    elif good_for_m:
        row["yes_no"] += 1.0
    elif good_for_s:
        row["no_yes"] += 1.0
    else:
        row["no_no"] += 1.0
    both_see(firm.people, m, s, Item.VOCABULARY)


@kernel(inline=True)
def forecast(ledger, deals):
    """Deals are counted on for this quarter."""
    ledger[0]["forecast"] += deals


@kernel(inline=True)
def begin(people, i):
    """Somebody new has seen nothing yet."""
    people[i]["saw"] = 0
    people[i]["training"] = 0.0
    people[i]["stints"] = 0.0
    people[i]["planned"] = 0


@kernel
def gather(firm, dice):
    """Counts that are read off the state at the quarter's end, and denominators that count heads.

    Of joint plans and reviews each side counts those of its own people, a head;
    the total counts each once over the heads of both, so that it lies below both sides.
    """
    count, base, ties, ledger = firm.audit["count"], firm.audit["base"], firm.ties, firm.ledger
    won = 0.0
    for day in range(dice.day - QUARTER + 1, dice.day + 1):
        won += firm.days[day]["won"]
    heads = (ledger[0]["voters_m"], ledger[0]["voters_s"], ledger[0]["voters_m"] + ledger[0]["voters_s"])
    helped, n_ties = 0.0, float(ledger[0]["n_ties"])
    for e in range(ledger[0]["n_ties"]):
        if ties[e]["helped"] > 0:
            helped += 1.0
    structure = 0.0
    for q in range(len(firm.decisions)):
        settled = firm.decisions[q]["settled"]
        structure += 1.0 if settled == BY_CHIEF else (0.5 if settled == BY_OWNER else 0.0)
    kappa = max(agreement(ledger[0]["yes_yes"], ledger[0]["yes_no"], ledger[0]["no_yes"], ledger[0]["no_no"]), 0.0)
    for side in range(N_SIDES):
        count[side, Item.FORECAST] = max(1.0 - abs(ledger[0]["forecast"] - won) / max(won, 1.0), 0.0)
        base[side, Item.FORECAST] = 1.0 if won > 0.0 else 0.0
        base[side, Item.SALES_IN_PLAN] = heads[side]
        count[side, Item.VOCABULARY] = kappa
        base[side, Item.VOCABULARY] = 1.0 if ledger[0]["yes_yes"] + ledger[0]["no_no"] > 0.0 else 0.0
        count[side, Item.HEADS_TALK] = count[Side.BOTH, Item.HEADS_TALK]
        base[side, Item.HEADS_TALK] = 1.0
        if side != Side.SALES:
            base[side, Item.SEGMENTS_TOGETHER] += OWN_REVISIONS * ledger[0]["voters_m"]
        base[side, Item.NOT_DISPUTES] += QUARREL_HEADS * heads[side]
        count[side, Item.HEADS_PLAN] = count[Side.BOTH, Item.HEADS_PLAN]
        base[side, Item.HEADS_PLAN] = 1.0
        base[side, Item.SAME_MEASURES] = heads[side] * QUARTER_WEEKS
        base[side, Item.FUNNEL_STUDIED] = ledger[0]["voters_m"]
        count[side, Item.RISE_TOGETHER] = helped
        base[side, Item.RISE_TOGETHER] = n_ties
        count[side, Item.ONE_HEAD] = structure
        base[side, Item.ONE_HEAD] = float(len(firm.decisions))
        base[side, Item.MOVES] = heads[side]
        base[side, Item.TRAINING] = heads[side]
        base[side, Item.EACH_OTHERS_PLAN] = heads[side]
        count_own(firm, side)


@kernel
def count_own(firm, side):
    """What the people of one side remember of the quarter: stints, training, plans."""
    count, people = firm.audit["count"], firm.people
    stints, trained, planned = 0.0, 0.0, 0.0
    for i in range(firm.ledger[0]["n_people"]):
        own = side == Side.BOTH or people[i]["team"] == side
        if own and people[i]["working"] == 1 and people[i]["n_ties"] > 0:
            stints += people[i]["stints"]
            trained += people[i]["training"]
            planned += people[i]["planned"]
    count[side, Item.MOVES] = stints
    count[side, Item.TRAINING] = trained
    count[side, Item.EACH_OTHERS_PLAN] = planned


@kernel
def clear(firm):
    """A new quarter begins with empty counts."""
    firm.audit["count"][:, :] = 0.0
    firm.audit["base"][:, :] = 0.0
    people, ledger = firm.people, firm.ledger
    for i in range(ledger[0]["n_people"]):
        people[i]["saw"] = 0
        people[i]["planned"] = 0
        people[i]["training"] = 0.0
        people[i]["stints"] *= KEPT_STINTS
    for e in range(ledger[0]["n_ties"]):
        tie.forget_counts(firm.ties, e)
    ledger[0]["forecast"] = 0.0
    ledger[0]["yes_yes"] = 0.0
    ledger[0]["yes_no"] = 0.0
    ledger[0]["no_yes"] = 0.0
    ledger[0]["no_no"] = 0.0
