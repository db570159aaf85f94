"""Small acts that several rooms do to the firm: remember, complain, hear, make an appointment."""

from __future__ import annotations

import math

from sim.model.appointments import BEFORE, FIRST, WRITTEN, put_down
from sim.model.dice import Stream, key_for, key_of, normal, share, uniform
from sim.model.firm import AGENDA, KEY_ACCOUNT, NEVER, Fate, Item, Practice, Side, State
from sim.model.formulas import slice_of, trust_of
from sim.model.kernel import fetch, kernel


@kernel
def keeps(bits: int, practice: int) -> bool:
    """Whether a person keeps (or supports) a practice.

    >>> keeps(5, 0), keeps(5, 1), keeps(5, 2)
    (True, False, True)
    """
    return ((bits >> practice) & 1) == 1


@kernel(inline=True)
def ruled(firm, bits):
    """How far rules of engagement are in force for a person (0..1): kept, or needless because everybody sees everybody.

    In a handful of people who does what is seen without rules (F07), so there rules bring nothing but their hours.
    """
    return 1.0 if (bits >> Practice.RULES) & 1 else firm.ledger[0]["overview"]


@kernel(inline=True)
def people_ratio(firm):
    """How many times larger the two teams are than those the market was sized for."""
    ledger = firm.ledger
    return (ledger[0]["n_m"] + ledger[0]["n_s"]) / (ledger[0]["ref_m"] + ledger[0]["ref_s"])


@kernel(inline=True)
def witness(firm, item, m, s, count, base):
    """Write down for the audit what one or two people saw: `count` of `base` for one statement.

    m, s   seats of the marketer and the salesperson who saw it, or -1
    """
    counts, bases, saw = firm.audit["count"], firm.audit["base"], firm.people["saw"]
    counts[Side.BOTH, item] += count
    bases[Side.BOTH, item] += base
    if m >= 0:
        counts[Side.MARKETING, item] += count
        bases[Side.MARKETING, item] += base
        saw[m] |= 1 << item
    if s >= 0:
        counts[Side.SALES, item] += count
        bases[Side.SALES, item] += base
        saw[s] |= 1 << item


@kernel(inline=True)
def cite(firm, m, s, gain):
    """Marketing's picture of the segments was revised citing Sales, if the talk taught anything."""
    if gain > 0.0:
        witness(firm, Item.SEGMENTS_TOGETHER, m, s, 1.0, 1.0)


@kernel
def tie_between(firm, m, s):
    """The row of the tie between a marketer and a salesperson, or -1."""
    first, n_ties, link, other = firm.people["first"], firm.people["n_ties"], firm.links["tie"], firm.links["other"]
    if m < 0 or s < 0:
        return NEVER
    for k in range(first[s], first[s] + n_ties[s]):
        if other[k] == m:
            return link[k]
    return NEVER


@kernel(inline=True)
def tie_of(firm, lead):
    """The row of the tie between a lead's marketer and its salesperson, or -1.

    A lead remembers the tie over which it came; where people came or went since, ties may lie elsewhere.
    """
    ties, tie = firm.ties, firm.leads[lead]["tie"]
    m, s = firm.leads[lead]["m"], firm.leads[lead]["s"]
    if tie >= 0 and tie < firm.ledger[0]["n_ties"] and ties[tie]["m"] == m and ties[tie]["s"] == s:
        return tie + 0
    return tie_between(firm, m, s)


@kernel(inline=True)
def trust_ms(firm, theory, tie):
    """The marketer's trust in the salesperson on a tie (0..1)."""
    t = firm.ties
    return trust_of(t[tie]["cog_ms"], t[tie]["aff_ms"], t[tie]["scar_ms"], theory.trust.affect)


@kernel(inline=True)
def trust_sm(firm, theory, tie):
    """The salesperson's trust in the marketer on a tie (0..1)."""
    t = firm.ties
    return trust_of(t[tie]["cog_sm"], t[tie]["aff_sm"], t[tie]["scar_sm"], theory.trust.affect)


@kernel(inline=True)
def complain(firm, theory, tie, by_sales, day):
    """A grievance arises on a tie: it stays open until it is settled or forgotten."""
    if theory.rooms.conflict == 0 or tie < 0:
        return
    if by_sales:
        if firm.ties[tie]["complaint_sm"] == 0.0:
            firm.ties[tie]["complaint_sm"] = 1.0
            firm.days[day]["grievances"] += 1.0
    elif firm.ties[tie]["complaint_ms"] == 0.0:
        firm.ties[tie]["complaint_ms"] = 1.0
        firm.days[day]["grievances"] += 1.0


@kernel(inline=True)
def schedule(firm, lead, due):
    """A lead's next appointment: it comes up on the agenda of that day.

    The agenda is a ring of AGENDA days, so an appointment may not lie further ahead.
    """
    put_down(firm, firm.agenda, due % AGENDA, lead)


@kernel(inline=True)
def lay_out_leads(firm, page):
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
def enter_lead(firm, theory, key, m, s, segment, origin, day):
    """A row for a new lead, for good: its number never changes, whatever becomes of it. Returns the number.

    Its value is the market's (lognormal, B11); what else is known is for the caller to fill in.
    """
    leads, ledger = firm.leads, firm.ledger
    lead = ledger[0]["n_leads"]
    ledger[0]["n_leads"] = lead + 1
    z = normal(key, Stream.VALUE)
    leads[lead]["key"] = key
    leads[lead]["value"] = theory.market.value * math.exp(theory.market.value_sd * z)
    leads[lead]["context"] = 0.0
    leads[lead]["hours"] = 0.0
    leads[lead]["m"] = m
    leads[lead]["s"] = s
    leads[lead]["tie"] = NEVER
    leads[lead]["born"] = day
    leads[lead]["qualified"] = NEVER
    leads[lead]["handed"] = NEVER
    leads[lead]["tried"] = NEVER
    leads[lead]["opened"] = NEVER
    leads[lead]["ended"] = NEVER
    leads[lead]["segment"] = segment
    leads[lead]["origin"] = origin
    leads[lead]["returned"] = 0
    leads[lead]["touches"] = 1
    leads[lead]["flags"] = KEY_ACCOUNT if z > theory.selling.key_value else 0
    leads[lead]["state"] = State.INQUIRY
    leads[lead]["fate"] = Fate.OPEN
    return lead


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


@kernel(inline=True)
def think_of_ties(firm, key, begin, end, most):
    """Lay out on the tray, in their order, those of the people begin..end whose luck is below `most`, each with one of
    the own ties and how readily joint acts take place on it; returns how many.

    One draw gives both: its lowest bits pick the tie. People are AT_ONCE at most.
    """
    tray, people, links, laid = firm.tray, firm.people, firm.links, 0
    for i in range(begin, end):
        n = people[i]["n_ties"]
        if n == 0 or people[i]["working"] == 0:
            continue
        h = key_for(key, people[i]["seat"])
        luck, link = share(h), people[i]["first"] + ((int(h & 1023) * n) >> 10)  # unit: ten bits of the draw
        tray[laid]["luck"] = luck
        tray[laid]["row"] = i
        tray[laid]["tie"] = links[link]["tie"]
        tray[laid]["worth"] = links[link]["ease"]
        if luck < most:
            laid += 1
    return laid


@kernel
def learnt(mean: float, var: float, seen: float, noise: float) -> tuple[float, float]:
    """A Gaussian belief after an observation of one's own (Kalman).

        gain = var / (var + noise);  mean += gain (seen - mean);  var *= 1 - gain

    >>> learnt(0.0, 1.0, 2.0, 1.0)
    (1.0, 0.5)
    """
    gain = var / (var + noise)
    return mean + gain * (seen - mean), var * (1.0 - gain)


@kernel(inline=True)
def observe_needs(firm, person, segment, noise, z):
    """A person sees the needs of a segment with some noise (z: standard normal)."""
    b = firm.beliefs
    seen = firm.segments[segment]["needs"] + math.sqrt(noise) * z
    mean, var = learnt(b[person, segment]["needs"], b[person, segment]["needs_var"], seen, noise)
    b[person, segment]["needs"] = mean
    b[person, segment]["needs_var"] = var


@kernel(inline=True)
def observe_offer(firm, person, segment, noise, z):
    """A person sees the offer to a segment with some noise (z: standard normal)."""
    b = firm.beliefs
    seen = firm.segments[segment]["offer"] + math.sqrt(noise) * z
    mean, var = learnt(b[person, segment]["offer"], b[person, segment]["offer_var"], seen, noise)
    b[person, segment]["offer"] = mean
    b[person, segment]["offer_var"] = var


@kernel(inline=True)
def hear_needs(firm, person, teller, segment, noise, z):
    """Hearsay about needs: taken over only where the teller is surer, never counted twice.

    Averaging hearsay as if it were independent makes people over-confident, so
    the better of the two beliefs is taken (covariance intersection).
    Returns the share of ignorance that went.
    """
    b = firm.beliefs
    old, told = b[person, segment]["needs_var"], b[teller, segment]["needs_var"] + noise
    if told >= old:
        return 0.0
    b[person, segment]["needs"] = b[teller, segment]["needs"] + math.sqrt(noise) * z
    b[person, segment]["needs_var"] = told
    return 1.0 - told / old


@kernel(inline=True)
def hear_offer(firm, person, teller, segment, noise, z):
    """Hearsay about the offer, as `hear_needs`."""
    b = firm.beliefs
    old, told = b[person, segment]["offer_var"], b[teller, segment]["offer_var"] + noise
    if told >= old:
        return 0.0
    b[person, segment]["offer"] = b[teller, segment]["offer"] + math.sqrt(noise) * z
    b[person, segment]["offer_var"] = told
    return 1.0 - told / old


@kernel
def tell_each_other(firm, theory, dice, m, s, understanding, entity):
    """Two people tell each other what each knows better: the salesperson of needs, the marketer of the offer.

    understanding   0..1, their common language (noise falls with it)
    Returns the mean share of ignorance that went, 0 where nothing new was said.
    """
    if theory.rooms.beliefs == 0:
        return 0.0
    segment = int(uniform(key_of(dice.seed, Stream.SUBJECT, dice.day), entity) * len(firm.segments))
    noise = theory.beliefs.exchange_noise / (theory.beliefs.exchange_noise + understanding)
    noise *= theory.market.drift_sd * theory.market.drift_sd
    key = key_of(dice.seed, Stream.NOISE, dice.day)
    gain_m = hear_needs(firm, m, s, segment, noise, normal(key, 2 * entity))
    gain_s = hear_offer(firm, s, m, segment, noise, normal(key, 2 * entity + 1))
    return (gain_m + gain_s) / 2.0
