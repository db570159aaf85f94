"""Who can reach whom: ties and team-mates are dealt, laid and measured; the host makes room, these rules fill it.

A tie exists because of the two seats it joins and of nothing else, so one more
person moves few ties and nobody else's.
"""

from __future__ import annotations

from sim.model.arithmetic import power
from sim.model.day_zero.seats import KINDS
from sim.model.dice import Stream, key_for, key_of, mix, normal, share, uniform
from sim.model.firm import NEVER, S, Team
from sim.model.formulas import access_at, layers
from sim.model.kernel import kernel
from sim.model.things import grievance, ledger, person, tie

SEATS_A_TEAM = 1 << 21  # seat numbers of a pair make one key
SLOTS = 64  # draws a seat can make for its team-mates: half of them say whether, half of them whom


@kernel
def rank_seats(firm, row_of):
    """The row of each seat of Marketing and Sales, -1 where nobody works.

    row_of   (2, seats the market's ranking knows of)
    """
    people = firm.people
    row_of[:, :] = NEVER
    for i in range(firm.ledger[0]["n_people"]):
        place = people[i]["seat"] // KINDS
        if people[i]["working"] == 1 and people[i]["team"] <= Team.SALES and place < row_of.shape[1]:
            row_of[people[i]["team"], place] = i


@kernel
def first_in(key, capacity, row_of, team):
    """The first existing seat of a team in an order of seats that belongs to the key alone.

    This is rendezvous hashing: each key ranks all seats there could ever be,
    and goes to the best that exists. One more seat takes over few keys and
    moves no other; a vacated one gives its keys to many.

    row_of   (2, capacity) row of each possible seat of Marketing and Sales, or -1
    """
    h = key
    for _ in range(capacity * 64):  # unit: tries; the chance to find nobody is below e^-64
        h = mix(h + key)
        row = row_of[team, int(share(h) * capacity)]
        if row >= 0:
            return row
    return NEVER


@kernel
def deal_patches(firm, dice, row_of):
    """Give each patch of the market to a marketer and to a salesperson."""
    capacity, n_patches = row_of.shape[1], firm.patches.shape[1]
    ledger.count_patches(firm.ledger, n_patches)
    for team in range(2):
        key = key_of(dice.seed, Stream.PATCH, team)
        for patch in range(n_patches):
            firm.patches[team, patch] = first_in(key_for(key, patch), capacity, row_of, team)


@kernel
def deal_ties(firm, theory, dice, row_of, pairs):
    """Each salesperson's marketers, by rendezvous, in the order of rows; returns how many pairs were written.

    pairs   (ties, 2) room for row of the marketer and row of the salesperson
    """
    people, n = firm.people, 0
    key = key_of(dice.seed, Stream.TIE, 0)
    for i in range(firm.ledger[0]["n_people"]):
        if people[i]["working"] == 0 or people[i]["team"] != Team.SALES:
            continue
        wanted = min(theory.workforce.ties_per_rep, firm.ledger[0]["n_m"])
        own = key_for(key, people[i]["seat"])
        begin, attempt = n, 0
        while n - begin < wanted:
            m = first_in(key_for(own, attempt), row_of.shape[1], row_of, 0)
            attempt += 1
            if m < 0:
                continue
            place = n
            while place > begin and pairs[place - 1, 0] > m:
                place -= 1
            if place > begin and pairs[place - 1, 0] == m:
                continue  # known already
            for k in range(n, place, -1):
                pairs[k, 0] = pairs[k - 1, 0]
            pairs[place, 0] = m
            pairs[n, 1] = i
            n += 1
    return n


@kernel
def lay_ties(firm, pairs, ties, links, new):
    """Ties and links for pairs in the order of salesperson and marketer; ties that existed before keep their history.

    firm    as it was: its people still know their old ties
    pairs   (ties, 2) row of the marketer, row of the salesperson
    ties    (ties,) room, all zero; links (2 ties,) room
    new     (ties,) becomes 1 where a tie is new
    """
    people, n = firm.people, len(pairs)
    for e in range(n):
        m, s = pairs[e, 0], pairs[e, 1]
        old = tie.tie_between(firm, m, s)
        new[e] = 1 if old < 0 else 0
        if old >= 0:
            ties[e] = firm.ties[old]
        else:
            key = (people[m]["seat"] // KINDS) * SEATS_A_TEAM + people[s]["seat"] // KINDS
            tie.join(ties, e, m, s, key)
    n_people = firm.ledger[0]["n_people"]
    for i in range(n_people):
        person.link(people, i, 0, 0)
    for e in range(n):
        person.link(people, pairs[e, 0], 0, people[pairs[e, 0]]["n_ties"] + 1)
        person.link(people, pairs[e, 1], 0, people[pairs[e, 1]]["n_ties"] + 1)
    first, voters_m, voters_s = 0, 0, 0
    for i in range(n_people):
        own = people[i]["n_ties"]
        person.link(people, i, first, 0)
        first += own
        if own > 0 and people[i]["working"] == 1:
            voters_m += 1 if people[i]["team"] == Team.MARKETING else 0
            voters_s += 1 if people[i]["team"] == Team.SALES else 0
    for side in range(2):
        for e in range(n):
            i = pairs[e, side]
            tie.link(links, people[i]["first"] + people[i]["n_ties"], e, pairs[e, 1 - side])
            person.link(people, i, people[i]["first"], people[i]["n_ties"] + 1)
    ledger.count_ties(firm.ledger, n, voters_m, voters_s)


@kernel
def measure(firm, theory, dice, new):
    """Metres on generated ties: half to one and a half times the distance of the teams, where desks are scattered more.

    A floor for more people than the usual is wider, by two rows of desks for each layer more, so that size hinders the
    relationship (seed 000). It is laid out for the people of day 0.

    new   (ties,) 1 where a tie is to be measured
    """
    t, key = theory.distance, key_of(dice.seed, Stream.SITE, 0)
    rows = 2.0 * (layers(firm.ledger[0]["n_start"], theory.structure.usual_people) - 1.0)
    metres = max(t.between_teams_m + rows * t.within_team_m, 0.0)
    for e in range(firm.ledger[0]["n_ties"]):
        if new[e] == 1:
            u = uniform(key, firm.ties[e]["key"])
            scattered = power(10.0, t.spread * (2.0 * uniform(mix(key), firm.ties[e]["key"]) - 1.0))  # unit: decades
            tie.move(firm.ties, e, metres * (0.5 + u) * scattered)


@kernel
def move_everybody(firm, theory):
    """Everybody of a user's own organization sits at the distance of the teams: their sites' own metres are gone."""
    for e in range(firm.ledger[0]["n_ties"]):
        tie.move(firm.ties, e, theory.distance.between_teams_m)


@kernel
def reckon_distances(firm, theory):
    """Access, hours and ease of every tie from its distance and the cost of a contact; each person's means of them."""
    t, ties, people, links = theory.distance, firm.ties, firm.people, firm.links
    ledger.be_near(firm.ledger, access_at(t.within_team_m, t.half_m, t.floor, t.building_m, t.far_floor))
    usual = access_at(t.between_teams_m, t.half_m, t.floor, t.building_m, t.far_floor)
    for e in range(firm.ledger[0]["n_ties"]):
        tie.reckon_distance(ties, theory, e, usual)
    for i in range(firm.ledger[0]["n_people"]):
        n, first = people[i]["n_ties"], people[i]["first"]
        ease, spent = 0.0, 0.0
        for row in range(first, first + n):
            tie.show_on_link(links, ties, row)
            ease += links[row]["ease"]
            spent += ties[links[row]["tie"]]["hours"]
        person.reckon_distance(people, i, ease / n if n > 0 else 0.0, spent / n if n > 0 else 0.0)


@kernel
def start_ties(firm, theory, dice, new):
    """Trust on new ties at their beginning: the attitude, with some spread.

    new   (ties,) 1 where a tie is new
    """
    ties, people, spread = firm.ties, firm.people, theory.trust.spread
    key = key_of(dice.seed, Stream.START, 1)
    for e in range(firm.ledger[0]["n_ties"]):
        if new[e] == 0:
            continue
        own = key_for(key, ties[e]["key"])
        for side in range(2):
            attitude = people[ties[e]["s"] if side == S else ties[e]["m"]]["attitude"]
            cognition = attitude + spread * normal(own, 2 * side)
            tie.begin(ties, e, side, cognition, attitude + spread * normal(own, 2 * side + 1))


@kernel
def deal_mates(firm, theory, dice, rows, mates):
    """Team-mates: neighbours in a ring of seats, some replaced by anybody of the team (small world).

    rows    (seats,) room
    mates   room for every seat's mates
    Returns how many pairs were written.
    """
    people, found = firm.people, 0
    key = key_of(dice.seed, Stream.MATE, 0)
    for team in range(2):
        n = 0
        for i in range(firm.ledger[0]["n_people"]):
            if people[i]["team"] == team and people[i]["working"] == 1:
                rows[n] = i
                n += 1
        for place in range(n):
            a, seat = rows[place], people[rows[place]]["seat"]
            for slot in range(min(theory.workforce.mates, n - 1)):
                step = slot // 2 + 1
                b = rows[(place + (step if slot % 2 == 0 else n - step)) % n]
                if uniform(key, seat * SLOTS + slot) < theory.workforce.rewired:
                    b = rows[int(uniform(key, seat * SLOTS + SLOTS // 2 + slot) * n)]
                if a != b:
                    tie.hear(mates, found, seat * SLOTS + slot, a, b)
                    found += 1
    ledger.count_mates(firm.ledger, found)
    return found


@kernel
def take_over_ties(firm, told):
    """Distances, grievances and trust on ties as a user's own files say; what they leave open stays as it was dealt.

    told   (ties,) see `network.TIE`, in the order of the ties
    """
    ties = firm.ties
    for e in range(len(told)):
        tie.move(ties, e, told[e]["distance"])
        tie.run_over(ties, e, told[e]["via"])
        grievance.take_over(ties, e, told[e]["complaint_ms"], told[e]["complaint_sm"])
        for side in range(2):
            trust = told[e]["trust_sm"] if side == S else told[e]["trust_ms"]
            if trust == trust:  # not NaN
                tie.trust(ties, e, side, trust)
