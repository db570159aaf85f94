"""The core of Baton on one page: talk makes trust, trust makes follow-up, follow-up makes money.

    baton run --day docs/tutorials/core_day.py

A day of its own over the model's people, ties and books, with the model's own numbers: four steps, and nothing else
happens. There is no audit (it asks for what the other rooms do), no language, no grievance, no practice. To read this
page is to know what the other rooms of `sim/model/day.py` are needed for.
"""

from sim.model.diary import carry_over, take_stock
from sim.model.dice import Stream, key_for, key_of, logistic, pick, share
from sim.model.firm import WEEK, YEAR, M, S, Team
from sim.model.formulas import chance_to_renew, lowered, raised
from sim.model.kernel import guest

INQUIRIES = 5  # leads that each marketer passes on in a week (our guess)
GOOD = 0.4  # share of them that are worth the call (our guess)


@guest
def day(firm, theory, dice):
    """One working day: people talk, leads are passed on, some are called, and customers pay."""
    carry_over(firm, theory, dice)  # a new row of the diary
    talk(firm, theory, dice)
    pass_leads_on(firm, theory, dice)
    earn(firm, theory, dice)
    take_stock(firm, theory, dice)  # the week's means, trust among them


@guest
def talk(firm, theory, dice):
    """1. Each person may talk with one of the people known across the gap: the more they trust, the less it costs.

    Who talk often come to understand each other. Understood, both trust more, up to a ceiling that falls with distance;
    not understood, both trust a little less.
    """
    people, ties, today = firm.people, firm.ties, firm.days[dice.day]
    for tie in range(firm.ledger[0]["n_ties"]):
        ties[tie]["strength"] -= ties[tie]["strength"] * theory.contact.strength_fade / WEEK
    key = key_of(dice.seed, Stream.GUEST, 2 * dice.day)
    for i in range(firm.ledger[0]["n_people"]):
        if people[i]["n_ties"] == 0 or people[i]["working"] == 0:
            continue
        own = key_for(key, people[i]["seat"])
        tie = firm.links[people[i]["first"] + pick(own, people[i]["n_ties"])]["tie"]
        trust = mean_trust(ties, tie)
        wish = theory.contact.base + theory.contact.trust * (trust - 0.5) - theory.contact.cost * ties[tie]["hours"]
        if share(own) >= theory.contact.moments * ties[tie]["meet"] * logistic(wish):
            continue
        today["contacts"] += 1.0
        ceiling = theory.trust.ceiling_talk + theory.trust.ceiling_near * ties[tie]["access"]
        familiar = ties[tie]["strength"]
        ties[tie]["strength"] = raised(familiar, theory.contact.strength_gain, 1.0)
        chance = theory.contact.understood + theory.contact.understood_language * familiar
        understood = share(key_for(own, 1)) < chance + theory.contact.understood_trust * trust
        for side in range(2):
            if understood:
                ties[tie]["aff"][side] = raised(ties[tie]["aff"][side], theory.trust.gain, ceiling)
            else:
                ties[tie]["aff"][side] = lowered(ties[tie]["aff"][side], theory.trust.loss * theory.trust.misunderstood)
        today["exchanges"] += 1.0 if understood else 0.0


@guest
def pass_leads_on(firm, theory, dice):
    """2. Marketers pass leads on to salespeople. 3. Whether a lead is called depends on trust in who sent it.

    A lead that is called and good makes Sales trust more, one that is not good less, and Marketing sees that it is
    called; one that is never called makes Marketing trust less. Some of the good ones that are called become customers.
    """
    people, ties, today = firm.people, firm.ties, firm.days[dice.day]
    key = key_of(dice.seed, Stream.GUEST, 2 * dice.day + 1)
    for i in range(firm.ledger[0]["n_people"]):
        if people[i]["n_ties"] == 0 or people[i]["working"] == 0 or people[i]["team"] != Team.MARKETING:
            continue
        for number in range(INQUIRIES):
            own = key_for(key_for(key, people[i]["seat"]), number)
            if share(own) >= 1.0 / WEEK:
                continue
            tie = firm.links[people[i]["first"] + pick(own, people[i]["n_ties"])]["tie"]
            today["handed"] += 1.0
            good = share(key_for(own, 1)) < GOOD
            chance = logistic(theory.selling.trust * (trust_of_sales(ties, tie) - 0.5) - 0.5)
            if share(key_for(own, 2)) >= chance:
                today["ignored"] += 1.0
                ties[tie]["cog"][M] = lowered(ties[tie]["cog"][M], theory.trust.loss * theory.trust.ignored)
                continue
            today["followed"] += 1.0
            ties[tie]["cog"][M] = raised(ties[tie]["cog"][M], theory.trust.gain * theory.trust.followed, 1.0)
            if not good:
                ties[tie]["cog"][S] = lowered(ties[tie]["cog"][S], theory.trust.loss * theory.trust.bad_lead)
                continue
            ties[tie]["cog"][S] = raised(ties[tie]["cog"][S], theory.trust.gain, 1.0)
            if share(key_for(own, 3)) < theory.selling.win:
                today["won"] += 1.0
                firm.ledger[0]["recurring"] += theory.market.value


@guest
def earn(firm, theory, dice):
    """4. Customers pay by the day, and a year's share of them leaves; people are paid."""
    row, today, money = firm.ledger[0], firm.days[dice.day], theory.money
    stay = chance_to_renew(theory.customers, theory.customers.start_satisfaction, 1.0)
    row["recurring"] -= row["recurring"] * (1.0 - stay) / YEAR
    today["revenue"] = row["recurring"] / YEAR
    today["people"] = row["n_m"] + row["n_s"]
    today["payroll"] = money.seat_cost * today["people"] / YEAR
    today["contribution"] = money.margin * today["revenue"] - today["payroll"]


@guest
def mean_trust(ties, tie):
    """What the two of a tie trust each other, in the mean."""
    return (ties[tie]["cog"][M] + ties[tie]["aff"][M] + ties[tie]["cog"][S] + ties[tie]["aff"][S]) / 4.0


@guest
def trust_of_sales(ties, tie):
    """What the salesperson of a tie trusts the marketer."""
    return (ties[tie]["cog"][S] + ties[tie]["aff"][S]) / 2.0
