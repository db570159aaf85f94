"""What people believe about needs and offer: each team sees one truth first and hears of the other."""

from __future__ import annotations

from sim.model.dice import Stream, key_for, key_of, normal_at, pick, share, uniform
from sim.model.firm import AT_ONCE, Item, Team
from sim.model.kernel import kernel
from sim.model.things import talk
from sim.model.things.belief import hear_needs, hear_offer, observe_needs, observe_offer
from sim.model.things.evidence import see


@kernel
def look_around(firm, theory, dice):
    """Salespeople see needs in customer meetings, marketers see the offer; each hears a little of the other truth.

    One draw a person decides whether and what (its bands), one gives the noise.
    That each team is privileged on one truth is why the teams need one another
    (thought worlds, F10). A starved or ordered-about Marketing does less research.
    """
    t, people, tray, n_segments = theory.beliefs, firm.people, firm.tray, len(firm.segments)
    team, working, seat = people["team"], people["working"], people["seat"]
    scale = theory.market.drift_sd * theory.market.drift_sd
    research = t.research * min(firm.ledger[0]["budget_share"], 1.0) * firm.ledger[0]["records"]
    if theory.structure.brief == 1:
        research *= 1.0 - theory.structure.deaf
    key = key_of(dice.seed, Stream.OBSERVE, dice.day)
    noise_key = key_of(dice.seed, Stream.RESEARCH, dice.day)
    n_people = firm.ledger[0]["n_people"]
    for begin in range(0, n_people, AT_ONCE):
        seeing = 0
        for i in range(begin, min(begin + AT_ONCE, n_people)):
            h = key_for(key, seat[i])
            u = share(h)
            tray[seeing]["key"] = h
            tray[seeing]["luck"] = u
            tray[seeing]["row"] = i
            at_most = t.field + t.announced if team[i] == Team.SALES else t.craft + research
            if (u < at_most) & (working[i] == 1):
                seeing += 1
        for row in range(seeing):
            u, i, k = tray[row]["luck"], tray[row]["row"], pick(tray[row]["key"], n_segments)
            z = normal_at(uniform(noise_key, seat[i]))
            if team[i] == Team.SALES:
                if u < t.field:
                    observe_needs(firm, i, k, t.field_noise * scale, z)
                else:
                    observe_offer(firm, i, k, t.announced_noise * scale, z)
            elif u < t.craft:
                observe_offer(firm, i, k, t.craft_noise * scale, z)
            else:
                observe_needs(firm, i, k, t.research_noise * scale, z)
                see(people, i, Item.SEGMENTS_TOGETHER)


@kernel
def hear_from_mates(firm, theory, dice):
    """Team-mates talk most days; now and then one of them has something new to tell (familiar news, F47)."""
    t, mates = theory.beliefs, firm.mates
    working = firm.people["working"]
    a, b = mates["a"], mates["b"]
    n_mates = firm.ledger[0]["n_mates"]
    if n_mates == 0 or theory.rooms.beliefs == 0:
        return
    noise = t.mates_noise * theory.market.drift_sd * theory.market.drift_sd
    key = key_of(dice.seed, Stream.GOSSIP, dice.day)
    noise_key = key_of(dice.seed, Stream.MATES_NOISE, dice.day)
    chance, chats = t.mates * firm.ledger[0]["team_access"], 0.0
    for row in range(n_mates):
        i, j = a[row], b[row]
        h = key_for(key, mates[row]["key"])
        u = share(h)
        if (u >= chance) | (working[i] == 0) | (working[j] == 0):
            continue
        chats += 1.0
        if u < chance * t.mates_news:
            z = normal_at(uniform(noise_key, mates[row]["key"]))
            k = pick(h, 2 * len(firm.segments))
            if k < len(firm.segments):
                hear_needs(firm, i, j, k, noise, z)
            else:
                hear_offer(firm, i, j, k - len(firm.segments), noise, z)
    talk.chat(firm, dice.day, chats)
