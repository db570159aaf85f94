"""The person both teams trust, or not: brokers talks, knowledge and grievances within her hours."""

from __future__ import annotations

from sim.model.acts import cite, tell_each_other, witness
from sim.model.dice import Stream, key_for, key_of, share, uniform
from sim.model.firm import Item, Team
from sim.model.formulas import lowered, raised
from sim.model.kernel import kernel


@kernel
def broker(firm, theory, dice):
    """Each liaison does a few acts a day among her ties, looking twice for trouble.

    She is as good as the less trusting side trusts her: success falls with the
    square of the lower trust, so that below some 0.3 she does harm (F44). Her
    acts are limited by her hours: more ties than she can tend wait (B33).
    """
    t, people, ties, ledger, today = theory.liaison, firm.people, firm.ties, firm.ledger, firm.days
    n_liaisons, n_ties = ledger[0]["n_liaisons"], ledger[0]["n_ties"]
    if n_liaisons == 0 or n_ties == 0 or theory.rooms.liaison == 0:
        return
    free = (theory.workload.day_hours - theory.workload.admin_hours) * (1.0 - t.micromanaged)
    acts = int(free / t.act_hours)
    look = key_of(dice.seed, Stream.BROKER, dice.day)
    rank = 0
    for i in range(ledger[0]["n_people"]):
        if people[i]["team"] != Team.LIAISON or people[i]["working"] == 0:
            continue
        own = (n_ties - rank + n_liaisons - 1) // n_liaisons
        if own <= 0:
            continue
        person = key_for(look, people[i]["seat"])
        for act in range(acts):
            h = key_for(person, act)
            tie = rank + n_liaisons * int(share(h) * own)
            if ties[tie]["complaint_ms"] + ties[tie]["complaint_sm"] == 0.0:
                second = rank + n_liaisons * int(uniform(h, 1) * own)
                if ties[second]["complaint_ms"] + ties[second]["complaint_sm"] > 0.0:
                    tie = second
            people[i]["hours"] += t.act_hours
            today[dice.day]["hours_liaison"] += t.act_hours
            mediate(firm, theory, dice, tie, uniform(h, 2), people[i]["seat"] * theory.contact.numbers + act)
        rank += 1


@kernel
def mediate(firm, theory, dice, tie, luck, entity):
    """One act of a liaison on one tie: settle a grievance, or bring knowledge across."""
    t, people, ties, today = theory.liaison, firm.people, firm.ties, firm.days
    m, s = ties[tie]["m"], ties[tie]["s"]
    least = min(people[m]["trust_liaison"], people[s]["trust_liaison"])
    up, down = theory.trust.gain * t.trust_gain, theory.trust.loss * t.trust_loss
    part = t.part_hours * theory.rooms.workload
    people[m]["hours"] += part
    people[s]["hours"] += part
    today[dice.day]["hours_contact"] += 2.0 * part
    today[dice.day]["brokered"] += 1.0
    today[dice.day]["contacts"] += 1.0
    grievance = ties[tie]["complaint_ms"] + ties[tie]["complaint_sm"] > 0.0
    witness(firm, Item.NOT_DISPUTES, m, s, 0.0 if grievance else 1.0, 1.0)
    if grievance:
        today[dice.day]["disputes"] += 1.0
    if luck < t.success * least * least:
        people[m]["trust_liaison"] = raised(people[m]["trust_liaison"], up, t.most_trust)
        people[s]["trust_liaison"] = raised(people[s]["trust_liaison"], up, t.most_trust)
        if grievance:
            ties[tie]["complaint_ms"] = 0.0
            ties[tie]["complaint_sm"] = 0.0
            today[dice.day]["settled"] += 1.0
        else:
            today[dice.day]["exchanges"] += 1.0
            ties[tie]["exchanged"] += 1.0
            ties[tie]["strength"] = raised(ties[tie]["strength"], theory.contact.strength_gain, 1.0)
            gain = tell_each_other(firm, theory, dice, m, s, max(least, 0.0), entity)
            cite(firm, m, s, gain)
            if theory.rooms.language == 1:
                people[m]["language"] = raised(
                    people[m]["language"], theory.language.gain, theory.language.ceiling_liaison
                )
                people[s]["language"] = raised(
                    people[s]["language"], theory.language.gain, theory.language.ceiling_liaison
                )
        if theory.rooms.trust == 1:
            kind = theory.trust.gain * theory.trust.talk
            ties[tie]["aff_ms"] = raised(ties[tie]["aff_ms"], kind, theory.trust.ceiling_liaison)
            ties[tie]["aff_sm"] = raised(ties[tie]["aff_sm"], kind, theory.trust.ceiling_liaison)
    else:
        people[m]["trust_liaison"] = lowered(people[m]["trust_liaison"], down)
        people[s]["trust_liaison"] = lowered(people[s]["trust_liaison"], down)
        if theory.rooms.trust == 1:
            harm = theory.trust.loss * t.distortion * (1.0 - least)
            ties[tie]["aff_ms"] = lowered(ties[tie]["aff_ms"], harm)
            ties[tie]["aff_sm"] = lowered(ties[tie]["aff_sm"], harm)
