"""A lead from the inquiry to its end: its row, its state, its appointments, and the funnel it is counted in."""

from __future__ import annotations

from sim.model.appointments import BEFORE, FIRST, WRITTEN, put_down
from sim.model.arithmetic import exp
from sim.model.dice import Stream, key_for, normal, share, uniform
from sim.model.firm import AGENDA, ASKED, KEY_ACCOUNT, NEVER, Fate, State
from sim.model.formulas import raised, slice_of
from sim.model.kernel import fetch, kernel
from sim.model.things import evidence, person


@kernel(inline=True)
def enter(firm, theory, key, m, s, segment, origin, day):
    """A row for a new lead, for good: its number never changes, whatever becomes of it. Returns the number.

    Its value is the market's (lognormal, B11); what else is known is for the caller to fill in.
    """
    ledger = firm.ledger
    lead = ledger[0]["n_leads"]
    ledger[0]["n_leads"] = lead + 1
    z = normal(key, Stream.VALUE)
    row = firm.leads[lead]
    row["key"] = key
    row["value"] = theory.market.value * exp(theory.market.value_sd * z)
    row["context"] = 0.0
    row["hours"] = 0.0
    row["m"] = m
    row["s"] = s
    row["tie"] = NEVER
    row["born"] = day
    row["qualified"] = NEVER
    row["handed"] = NEVER
    row["tried"] = NEVER
    row["opened"] = NEVER
    row["ended"] = NEVER
    row["segment"] = segment
    row["origin"] = origin
    row["returned"] = 0
    row["touches"] = 1
    row["flags"] = KEY_ACCOUNT if z > theory.selling.key_value else 0
    row["state"] = State.INQUIRY
    row["fate"] = Fate.OPEN
    return lead


@kernel(inline=True)
def inquire(firm, lead, day, fit, ready, hours):
    """A prospect has asked: how well the offer suits it, how ready it is, when it hears from us (negative: never)."""
    row = firm.leads[lead]
    row["fit"] = fit
    row["ready"] = ready
    row["hours"] = hours
    firm.days[day]["inquiries"] += 1.0
    if hours < 0.0:
        end(firm, lead, Fate.NEVER_ANSWERED, day)


@kernel(inline=True)
def find(firm, lead, fit, ready, context):
    """A rep's own prospect: how well the offer suits it, how ready it is; what is known of it needs no telling."""
    row = firm.leads[lead]
    row["fit"] = fit
    row["ready"] = ready
    row["context"] = context


@kernel(inline=True)
def nurture(firm, theory, lead, share_closed, day):
    """A lead is touched again a few times and becomes readier; it comes up again after a while."""
    t, row = theory.marketing, firm.leads[lead]
    row["touches"] = row["touches"] + t.nurture_touches
    row["ready"] = raised(float(row["ready"]), share_closed, 1.0)
    appoint(firm, lead, day + max(int(t.nurture_days), 1))


@kernel(inline=True)
def touch(leads, lead, ready, touches):
    """A lead in an open deal is as ready as the campaigns made it, after so many touches that did not fit."""
    leads[lead]["ready"] = ready
    leads[lead]["touches"] += touches


@kernel(inline=True)
def keep_nurtured(leads, lead):
    """A lead is not ready yet."""
    leads[lead]["state"] = State.NURTURED


@kernel(inline=True)
def qualify(firm, lead, asks, day):
    """Marketing calls a lead good; `asks` says whether it asked itself to meet Sales."""
    if asks:
        mark(firm.leads, lead, ASKED)
    if firm.leads[lead]["qualified"] < 0:
        firm.leads[lead]["qualified"] = day
        firm.days[day]["qualified"] += 1.0


@kernel(inline=True)
def hand_over(firm, lead, s, tie, context, flags, ready, days, day):
    """A lead is on its way to a salesperson, with a share of what is known; it arrives after some days."""
    row = firm.leads[lead]
    row["ready"] = ready
    row["s"] = s
    row["tie"] = tie
    row["context"] = context
    row["flags"] = flags
    row["state"] = State.HANDED_OFF
    if row["handed"] < 0:
        row["handed"] = day
        firm.days[day]["handed"] += 1.0
    appoint(firm, lead, day + days)


@kernel(inline=True)
def send_back(firm, lead, day):
    """A rep sends a lead back with a reason."""
    firm.leads[lead]["state"] = State.RETURNED
    firm.leads[lead]["returned"] = 1
    firm.days[day]["returned"] += 1.0


@kernel(inline=True)
def ignore(firm, lead, day):
    """A rep leaves a lead lying."""
    firm.days[day]["ignored"] += 1.0
    end(firm, lead, Fate.IGNORED, day)


@kernel(inline=True)
def attempt(firm, lead, day):
    """A rep tries a lead."""
    if firm.leads[lead]["tried"] < 0:
        firm.leads[lead]["tried"] = day
        firm.days[day]["followed"] += 1.0


@kernel(inline=True)
def find_today(firm, lead, day):
    """A rep's own prospect becomes an opportunity at the first call."""
    firm.leads[lead]["tried"] = day
    firm.days[day]["own_opportunities"] += 1.0


@kernel(inline=True)
def end(firm, lead, fate, day):
    """A lead is lost before it became a deal."""
    row = firm.leads[lead]
    row["state"] = State.LOST
    row["fate"] = fate
    row["ended"] = day


@kernel(inline=True)
def open_deal(firm, lead, days, day):
    """A lead becomes an opportunity: it is decided after some days, and counted on until then."""
    firm.leads[lead]["opened"] = day
    firm.days[day]["opportunities"] += 1.0
    evidence.forecast(firm.ledger, firm.ledger[0]["usual_win"])
    take_in_hand(firm, lead, day + days)


@kernel(inline=True)
def take_in_hand(firm, lead, due):
    """An opportunity is worked on until it is decided."""
    firm.leads[lead]["state"] = State.OPPORTUNITY
    person.hold_deals(firm.people, firm.leads[lead]["s"], 1)
    firm.ledger[0]["open_deals"] += 1
    appoint(firm, lead, due)


@kernel(inline=True)
def close_deal(firm, lead, won, flags, day):
    """An opportunity is won or lost."""
    row, today = firm.leads[lead], firm.days[day]
    person.hold_deals(firm.people, row["s"], -1)
    firm.ledger[0]["open_deals"] -= 1
    row["flags"] = flags
    row["ended"] = day
    row["state"] = State.WON if won else State.LOST
    row["fate"] = Fate.WON if won else Fate.DEAL_LOST
    if won:
        today["won"] += 1.0
        if row["m"] < 0:
            today["own_won"] += 1.0
    else:
        today["lost"] += 1.0


@kernel(inline=True)
def mark(leads, lead, flag):
    """Something is noted about a lead."""
    leads[lead]["flags"] = leads[lead]["flags"] | flag


@kernel(inline=True)
def change_hands(leads, lead, m, s):
    """Other people have a lead from now on."""
    leads[lead]["m"] = m
    leads[lead]["s"] = s


@kernel(inline=True)
def appoint(firm, lead, due):
    """A lead's next appointment: it comes up on the agenda of that day.

    The agenda is a ring of AGENDA days, so an appointment may not lie further ahead.
    """
    put_down(firm, firm.agenda, due % AGENDA, lead)


@kernel(inline=True)
def lay_out_due(firm, page):
    """Lay out on the tray the leads of a page of the agenda, each with its state, as they come up; returns how many.

    Read together, their rows are fetched at once; people, ties and the leads of the next page are asked for.
    """
    leads, pages, tray = firm.leads, firm.pages, firm.tray
    n, before = pages[page, WRITTEN], pages[page, BEFORE]
    for k in range(n):
        lead = pages[page, FIRST + n - 1 - k]
        tray[k]["row"] = lead
        tray[k]["place"] = leads[lead]["state"]
        fetch(firm.people, leads[lead]["m"])
        fetch(firm.people, leads[lead]["s"])
        fetch(firm.ties, leads[lead]["tie"])
    if before >= 0:
        for k in range(pages[before, WRITTEN]):
            fetch(leads, pages[before, FIRST + k])
    return n


@kernel(inline=True)
def catch(firm, team, key, first, begin, end, number, most):
    """Lay out on the tray, in their order, those prospects of a segment whom the team catches; returns how many.

    A prospect's number says in which slice of the market it lives, its luck whether the reach of the slice's owner
    gets it. First luck, then owners, then their reach: each for all, so that no prospect waits for another's rows.

    first        number of the segment's first key
    begin, end   the prospects to look at, AT_ONCE at most, of `number` in all
    most         highest reach of anybody
    """
    tray, patches, reach, n_patches = firm.tray, firm.patches, firm.people["reach"], firm.ledger[0]["n_patches"]
    lucky, caught = 0, 0
    for j in range(begin, end):
        prospect = key_for(key, first + j)
        luck = uniform(prospect, Stream.CATCH)
        tray[lucky]["key"] = prospect
        tray[lucky]["luck"] = luck
        tray[lucky]["row"] = j
        if luck < most:
            lucky += 1
    for i in range(lucky):
        place = slice_of(tray[i]["row"], number, share(tray[i]["key"]), n_patches)
        tray[i]["row"] = patches[team, place]
    for i in range(lucky):
        owner, luck = tray[i]["row"], tray[i]["luck"]
        tray[caught]["key"] = tray[i]["key"]
        tray[caught]["row"] = owner
        if (luck < reach[owner]) & (owner >= 0):
            caught += 1
    for i in range(caught):
        fetch(firm.people, tray[i]["row"])
        fetch(firm.beliefs, tray[i]["row"])
    return caught
