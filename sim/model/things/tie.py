"""A tie between a marketer and a salesperson: trust both ways, familiarity, favours, and how far apart they sit.

Everything that a tie has on two sides has an axis for it: `aff[M]` is the marketer's.
"""

from __future__ import annotations

from sim.model.arithmetic import exp, power
from sim.model.dice import mix
from sim.model.firm import NEVER, M, S
from sim.model.formulas import access_at, clip, contact_hours, lowered, raised, toward, trust_of
from sim.model.kernel import kernel

LONG_AGO = -10_000  # bound: a day so long before the run that nothing of it is remembered


@kernel(inline=True)
def trust_in(ties, theory, tie, side):
    """What one side of a tie trusts the other (0..1)."""
    row = ties[tie]
    return trust_of(row["cog"][side], row["aff"][side], row["scar"][side], theory.trust.affect)


@kernel(inline=True)
def least_trust(ties, theory, tie):
    """The trust of the less trusting side (0..1)."""
    return min(trust_in(ties, theory, tie, M), trust_in(ties, theory, tie, S))


@kernel(inline=True)
def fondness(ties, tie, side):
    """What one side likes in the other: affect-based trust that no deception has taken (0..1)."""
    return ties[tie]["aff"][side] * (1.0 - ties[tie]["scar"][side])


@kernel(inline=True)
def warm(ties, theory, tie, share, ceiling):
    """Both sides like each other more: a share of what is missing to the ceiling (affect-based trust)."""
    warm_one(ties, theory, tie, M, share, ceiling)
    warm_one(ties, theory, tie, S, share, ceiling)


@kernel(inline=True)
def warm_one(ties, theory, tie, side, share, ceiling):
    """One side likes the other more."""
    if theory.rooms.trust == 1:
        ties[tie]["aff"][side] = raised(ties[tie]["aff"][side], share, ceiling)


@kernel(inline=True)
def chill(ties, theory, tie, share):
    """Both sides like each other less: a share of what there was is gone."""
    chill_one(ties, theory, tie, M, share)
    chill_one(ties, theory, tie, S, share)


@kernel(inline=True)
def chill_one(ties, theory, tie, side, share):
    """One side likes the other less."""
    if theory.rooms.trust == 1:
        ties[tie]["aff"][side] = lowered(ties[tie]["aff"][side], share)


@kernel(inline=True)
def rely(ties, theory, tie, side, share, ceiling):
    """One side saw the other keep its word: cognition-based trust rises."""
    if theory.rooms.trust == 1:
        ties[tie]["cog"][side] = raised(ties[tie]["cog"][side], share, ceiling)


@kernel(inline=True)
def doubt(ties, theory, tie, side, share):
    """One side saw the other fail: cognition-based trust falls."""
    if theory.rooms.trust == 1:
        ties[tie]["cog"][side] = lowered(ties[tie]["cog"][side], share)


@kernel(inline=True)
def deceive(ties, theory, tie, side):
    """One side finds out that it was deceived: a scar that does not heal (F49)."""
    row = ties[tie]
    row["scar"][side] += theory.trust.scar_per_deception * (1.0 - row["scar"][side])


@kernel(inline=True)
def know_each_other(ties, theory, tie):
    """Two people had to do with each other: familiarity rises."""
    ties[tie]["strength"] = raised(ties[tie]["strength"], theory.contact.strength_gain, 1.0)


@kernel(inline=True)
def understand(firm, tie, day):
    """An exchange was understood: counted on the tie and in the day."""
    firm.ties[tie]["exchanged"] += 1.0
    firm.days[day]["exchanges"] += 1.0


@kernel(inline=True)
def have_contact(ties, tie):
    """The two talk, about whatever it is."""
    ties[tie]["contacts"] += 1.0


@kernel(inline=True)
def talk(ties, tie, day):
    """The two have told each other what they have in hand."""
    ties[tie]["talked"] = day


@kernel(inline=True)
def help_once(ties, tie, by_sales):
    """An uncredited hour for the other's task; returns whether it paid back a favour."""
    row = ties[tie]
    returned = row["favours"] > 0.0 if by_sales else row["favours"] < 0.0
    row["favours"] = clip(row["favours"] + (-0.5 if by_sales else 0.5), -1.0, 1.0)
    row["helped"] += 1
    return returned


@kernel(inline=True)
def idle(ties, theory, tie, attitude_m, attitude_s):
    """A week has passed: trust has moved toward the attitudes, open grievances have eaten some, familiarity has faded.

        part' = part + relax (1 - strength) (attitude - part)
    while a grievance is open the affect-based part loses a share `erosion` a week

    A scar from deception does not heal (F49). Without any contact trust
    therefore returns exponentially to the attitude (B25).
    """
    t, row = theory.trust, ties[tie]
    if theory.rooms.trust == 1:
        pull = t.relax * (1.0 - row["strength"])
        for side in range(2):
            attitude = attitude_s if side == S else attitude_m
            row["cog"][side] = toward(row["cog"][side], attitude, pull)
            row["aff"][side] = toward(row["aff"][side], attitude, pull)
            if row["complaint"][side] > 0:
                row["aff"][side] = lowered(row["aff"][side], t.erosion)
    row["strength"] -= theory.contact.strength_fade * row["strength"]


@kernel(inline=True)
def begin(ties, tie, side, cognition, affect):
    """What one side brings into a new tie."""
    ties[tie]["cog"][side] = clip(cognition, 0.0, 1.0)
    ties[tie]["aff"][side] = clip(affect, 0.0, 1.0)


@kernel(inline=True)
def begin_anew(ties, tie, trust_m, trust_s):
    """Other people on an old tie: no familiarity, no favours, no scars; each side trusts as it trusts in general."""
    row = ties[tie]
    row["strength"] = 0.0
    row["favours"] = 0.0
    row["talked"] = LONG_AGO
    row["contacts"] = 0.0
    for side in range(2):
        trust = trust_s if side == S else trust_m
        row["cog"][side] = trust
        row["aff"][side] = trust
        row["scar"][side] = 0.0


@kernel(inline=True)
def forget_counts(ties, tie):
    """A new quarter: exchanges and help are counted from nothing."""
    ties[tie]["exchanged"] = 0.0
    ties[tie]["helped"] = 0


@kernel(inline=True)
def reckon_distance(ties, theory, tie, usual):
    """Access, hours and ease of a tie from its distance and the cost of a contact.

        meet = default's (access / usual) ^ choosing (usual / default's) ^ moving

    Whom one meets goes by who sits nearer than others, and then by who is familiar (Allen, F39); how much one meets
    anybody depends little on how near all sit, since who needs each other finds a way (F40, F41).

    usual   access at the distance of the teams
    """
    t, row, p = theory.distance, ties[tie], theory.practices
    metres = row["distance"]
    access = access_at(metres, t.half_m, t.floor, t.building_m, t.far_floor)
    price = contact_hours(theory.communication.cost_hours, access, metres, t.building_m, t.travel_hours)
    hours = price + theory.communication.talk_hours
    if row["via"] == 1:
        access *= theory.contact.via_colleague
    row["access"] = access
    row["hours"] = hours
    meet = p.usual_access * power(access / usual, t.choosing) * power(usual / p.usual_access, t.moving)
    meet = min(meet, 1.0)
    row["meet"] = meet
    near = p.screen + (1.0 - p.screen) * meet / p.usual_access
    row["ease"] = near * exp(-p.access_cost * (hours - p.usual_hours))


@kernel(inline=True)
def show_on_link(links, ties, link):
    """How readily a tie's two meet and do things together stands beside where a person seeks it."""
    links[link]["meet"] = ties[links[link]["tie"]]["meet"]
    links[link]["ease"] = ties[links[link]["tie"]]["ease"]


@kernel(inline=True)
def move(ties, tie, metres):
    """The two sit so far apart from now on."""
    ties[tie]["distance"] = metres


@kernel(inline=True)
def more_familiar(firm, first, n, h):
    """The most familiar of a few of a person's links that a draw picks by its lowest bits (often the same one twice).

    Of three, or of all but three where there are more than six: who has many ties does not spread over them all (F47).

    first, n   the person's links
    """
    links, strength = firm.links["tie"], firm.ties["strength"]
    best = first + ((int(h & 1023) * n) >> 10)  # unit: ten bits of the draw
    most = strength[links[best]]
    for k in range(1, max(3, n - 3)):  # unit: links
        if k % 3 == 0:  # unit: the lowest thirty bits are used up
            h = mix(h)
        other = first + ((int((h >> (10 * (k % 3))) & 1023) * n) >> 10)  # unit: ten bits more
        familiar = strength[links[other]]
        if familiar > most:
            best, most = other, familiar
    return best


@kernel(inline=True)
def nearest(links, first, n):
    """How readily the nearest of those whom a person knows is met (0..1).

    first, n   the person's links
    """
    most = 0.0
    for link in range(first, first + n):
        most = max(most, links[link]["meet"])
    return most


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
def join(ties, tie, m, s, key):
    """Two people can reach each other from now on."""
    ties[tie]["m"] = m
    ties[tie]["s"] = s
    ties[tie]["key"] = key
    ties[tie]["talked"] = LONG_AGO


@kernel(inline=True)
def run_over(ties, tie, via):
    """Whether a tie runs over a colleague of neither team."""
    ties[tie]["via"] = via


@kernel(inline=True)
def trust(ties, tie, side, level):
    """One side trusts the other as somebody says it does, in both parts."""
    ties[tie]["cog"][side] = level
    ties[tie]["aff"][side] = level


@kernel(inline=True)
def link(links, row, tie, other):
    """A person's link to a tie, and to who is at the other end."""
    links[row]["tie"] = tie
    links[row]["other"] = other


@kernel(inline=True)
def hear(mates, row, key, a, b):
    """A person hears from a team-mate."""
    mates[row]["key"] = key
    mates[row]["a"] = a
    mates[row]["b"] = b
