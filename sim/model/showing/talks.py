"""Who talked with whom on a day, read off what it left behind on the ties.

The model counts talks but keeps no list of them. A talk about work leaves its two people more familiar; a talk about a
complaint moves feelings on a tie with an open complaint; an errand of a liaison moves the trust of both in her. So
nearly every talk can be told from two states of the ties, a day apart; how many there were is always read from the
diary, never from here.
"""

from __future__ import annotations

from sim.model.firm import NEVER, WEEK, M, S, Team
from sim.model.kernel import kernel
from sim.model.showing.desks import desk_of
from sim.model.showing.watch import BROKERED, COMPLAINT, MOST_TALKS
from sim.model.things.tie import trust_in

MET, DISPUTE, BY_LIAISON, HAD = 1, 2, 4, 8  # signs that a day left on a tie
THIRDS = 3
LEAST = 1e-9  # bound: a rise of familiarity by less is an error of arithmetic


@kernel
def remember(firm, watch):
    """The ties and the trust in liaisons as they are now."""
    ties, tied, seated = firm.ties, watch.tied, watch.seated
    n = firm.ledger[0]["n_ties"]
    for e in range(n):
        tied[e]["key"] = ties[e]["key"]
        tied[e]["strength"] = ties[e]["strength"]
        tied[e]["liked"] = ties[e]["aff"][M]
        tied[e]["complaint"] = 1 if complains(ties, e) else 0
    for row in range(firm.ledger[0]["n_people"]):
        seated[row]["trust_liaison"] = firm.people[row]["trust_liaison"]
    watch.notes[0]["n_ties"] = n


@kernel(inline=True)
def complains(ties, tie):
    """Whether one of the two has an open complaint."""
    return ties[tie]["complaint"][M] != 0 or ties[tie]["complaint"][S] != 0


@kernel
def laid_anew(firm, watch):
    """Whether the ties are others than those that are remembered."""
    n = firm.ledger[0]["n_ties"]
    if n != watch.notes[0]["n_ties"]:
        return True
    others = 0
    for e in range(n):
        if firm.ties[e]["key"] != watch.tied[e]["key"]:
            others += 1
    return others > 0


@kernel
def third(trust: float) -> int:
    """1, 2 or 3: trust in the lower, middle or upper third.

    >>> third(0.2), third(0.5), third(0.9)
    (1, 2, 3)
    """
    return 1 + (1 if THIRDS * trust > 1.0 else 0) + (1 if THIRDS * trust > 2.0 else 0)


@kernel
def find_signs(firm, theory, watch, day, shifted_to):
    """What the day just lived left on each tie; as many disputes and brokered talks at most as the diary counts.

    shifted_to   people who were here the day before: whose trust in liaisons can be seen to move
    """
    ties, tied, people, seated = firm.ties, watch.tied, firm.people, watch.seated
    weekly = day % WEEK == WEEK - 1
    left = 1.0 - theory.contact.strength_fade if weekly else 1.0
    disputes, brokered = firm.days[day]["disputes"] + 0.0, firm.days[day]["brokered"] + 0.0
    for e in range(watch.notes[0]["n_ties"]):
        row, before, m, s = ties[e], tied[e], int(ties[e]["m"]), int(ties[e]["s"])
        had = before["complaint"] == 1
        met = row["strength"] > before["strength"] * left + LEAST
        cleared = had and not complains(ties, e)
        moved = row["aff"][M] != before["liked"] and not weekly  # every week all feelings move
        signs = (MET if met else 0) | (HAD if had else 0)
        dispute = had and (cleared or moved)
        if dispute and disputes > 0.0:
            disputes -= 1.0
        else:
            dispute = False
        if dispute:
            signs |= DISPUTE
        if brokered > 0.0 and (met or dispute or cleared or moved) and m < shifted_to and s < shifted_to:
            for_m = people[m]["trust_liaison"] != seated[m]["trust_liaison"]
            if for_m and people[s]["trust_liaison"] != seated[s]["trust_liaison"]:
                signs |= BY_LIAISON
                brokered -= 1.0
        tied[e]["signs"] = signs


@kernel
def liaison_of(firm, number):
    """The row of the liaison who is the so-manieth, counted again from the first after the last; -1 without any."""
    people, there = firm.people, 0
    for row in range(firm.ledger[0]["n_people"]):
        if people[row]["team"] == Team.LIAISON and people[row]["working"] == 1:
            there += 1
    if there == 0:
        return NEVER
    left = number % there
    for row in range(firm.ledger[0]["n_people"]):
        if people[row]["team"] == Team.LIAISON and people[row]["working"] == 1:
            if left == 0:
                return row
            left -= 1
    return NEVER


@kernel
def tell(watch, a, b, bits):
    """One talk into the frame, unless it is told already, somebody has no desk, or there is no room."""
    talks, n = watch.talks, int(watch.head[0]["n_talks"])
    if a < 0 or b < 0 or n == MOST_TALKS:
        return
    for k in range(n):
        if talks[k]["a"] == a and talks[k]["b"] == b and talks[k]["bits"] == bits:
            return
    talks[n]["a"], talks[n]["b"], talks[n]["bits"] = a, b, bits
    watch.head[0]["n_talks"] = n + 1


@kernel
def read_off(firm, theory, watch, day):
    """The talks of the day just lived, into the frame: first those over a liaison, then the others.

    Nothing can be read where ties were laid anew.
    """
    watch.head[0]["n_talks"] = 0
    if not laid_anew(firm, watch):
        find_signs(firm, theory, watch, day, min(watch.notes[0]["n_people"], firm.ledger[0]["n_people"]))
        tell_brokered(firm, watch)
        tell_others(firm, theory, watch)
    remember(firm, watch)


@kernel
def tell_brokered(firm, watch):
    """A talk over a liaison is two: of each side with her, by the trust of each in her."""
    people, per = firm.people, watch.notes[0]["per_desk"]
    for e in range(watch.notes[0]["n_ties"]):
        signs = watch.tied[e]["signs"]
        if signs & BY_LIAISON == 0:
            continue
        bits = BROKERED | (COMPLAINT if signs & HAD else 0)
        helper = desk_of(people, liaison_of(firm, e), per)
        for side in range(2):
            row = int(firm.ties[e]["s"] if side == S else firm.ties[e]["m"])
            desk, trust = desk_of(people, row, per), third(people[row]["trust_liaison"])
            if side == M:
                tell(watch, desk, helper, trust | bits)
            else:
                tell(watch, helper, desk, trust | bits)


@kernel
def tell_others(firm, theory, watch):
    """Talks of two people with nobody between them, by the mean of their trust."""
    people, ties, per = firm.people, firm.ties, watch.notes[0]["per_desk"]
    for e in range(watch.notes[0]["n_ties"]):
        signs = watch.tied[e]["signs"]
        if signs & BY_LIAISON or signs & (MET | DISPUTE) == 0:
            continue
        trust = third((trust_in(ties, theory, e, M) + trust_in(ties, theory, e, S)) / 2.0)
        bits = trust | (COMPLAINT if signs & DISPUTE else 0)
        m, s = int(ties[e]["m"]), int(ties[e]["s"])
        tell(watch, desk_of(people, m, per), desk_of(people, s, per), bits)
        if watch.head[0]["n_talks"] == MOST_TALKS:
            return
