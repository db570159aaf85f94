"""The person both teams trust, or not: brokers talks, knowledge and grievances within her hours."""

from __future__ import annotations

from sim.model.dice import Stream, key_for, key_of, share, uniform
from sim.model.firm import For, Team
from sim.model.kernel import kernel
from sim.model.things import grievance, hours, language, person, talk, tie
from sim.model.things.belief import tell_each_other
from sim.model.things.evidence import cite


@kernel
def broker(firm, theory, dice):
    """Each liaison does a few acts a day among her ties, looking twice for trouble.

    She is as good as the less trusting side trusts her: success falls with the
    square of the lower trust, so that below some 0.3 she does harm (F44). Her
    acts are limited by her hours: more ties than she can tend wait (B33).
    """
    t, people, ties, ledger = theory.liaison, firm.people, firm.ties, firm.ledger
    n_liaisons, n_ties = ledger[0]["n_liaisons"], ledger[0]["n_ties"]
    if n_liaisons == 0 or n_ties == 0 or theory.rooms.liaison == 0:
        return
    free = (theory.workload.day_hours - theory.workload.admin_hours) * (1.0 - t.micromanaged)
    look = key_of(dice.seed, Stream.BROKER, dice.day)
    rank = 0
    for i in range(ledger[0]["n_people"]):
        if people[i]["team"] != Team.LIAISON or people[i]["working"] == 0:
            continue
        own = (n_ties - rank + n_liaisons - 1) // n_liaisons
        if own <= 0:
            continue
        look_after = key_for(look, people[i]["seat"])
        acts = int(free / t.act_hours + share(look_after))  # what is begun today is ended tomorrow
        for act in range(acts):
            h = key_for(look_after, act)
            where = rank + n_liaisons * int(share(h) * own)
            if not grievance.is_open(ties, where):
                second = rank + n_liaisons * int(uniform(h, 1) * own)
                if grievance.is_open(ties, second):
                    where = second
            hours.spend(firm, theory, dice.day, i, t.act_hours, For.LIAISON)
            mediate(firm, theory, dice, where, uniform(h, 2), people[i]["seat"] * theory.contact.numbers + act)
        rank += 1


@kernel
def mediate(firm, theory, dice, where, luck, entity):
    """One act of a liaison on one tie: settle a grievance, or bring knowledge across."""
    t, people, ties = theory.liaison, firm.people, firm.ties
    m, s = ties[where]["m"], ties[where]["s"]
    if not (hours.has_time(people, theory, m) and hours.has_time(people, theory, s)):
        return  # she finds nobody who can listen
    least = min(people[m]["trust_liaison"], people[s]["trust_liaison"])
    hours.spend_both(firm, theory, dice.day, m, s, t.part_hours * theory.rooms.workload, For.CONTACT)
    talk.broker(firm, dice.day)
    quarrel = grievance.is_open(ties, where)
    talk.take_place(firm, dice.day, where, quarrel)
    if luck < t.success * least * least:
        up = theory.trust.gain * t.trust_gain
        person.trust_liaison(people, theory, m, up)
        person.trust_liaison(people, theory, s, up)
        if quarrel:
            grievance.settle(firm, where, dice.day)
        else:
            tie.understand(firm, where, dice.day)
            tie.know_each_other(ties, theory, where)
            gain = tell_each_other(firm, theory, dice, m, s, max(least, 0.0), entity)
            cite(firm, m, s, gain)
            language.share_words(people, theory, m, s, theory.language.gain, theory.language.ceiling_liaison)
        tie.warm(ties, theory, where, theory.trust.gain * theory.trust.talk, theory.trust.ceiling_liaison)
    else:
        down = theory.trust.loss * t.trust_loss
        person.distrust_liaison(people, m, down)
        person.distrust_liaison(people, s, down)
        tie.chill(ties, theory, where, theory.trust.loss * t.distortion * (1.0 - least))
