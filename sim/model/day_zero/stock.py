"""The market, the customers and the pipeline of day 0, as if the firm had been living for years."""

from __future__ import annotations

from sim.model.arithmetic import exp
from sim.model.dice import Stream, key_for, key_of, normal, normal_at, uniform
from sim.model.firm import NEVER, YEAR, M, Origin, S
from sim.model.formulas import chance_to_renew, clip
from sim.model.kernel import kernel
from sim.model.rules.money import customer_equity
from sim.model.things import customer, evidence, lead, ledger, segment


@kernel
def start_market(firm, theory, dice):
    """Needs and offer begin in their stationary spread; the market's draws decide."""
    ledger.be_born(firm.ledger, dice.seed)
    key_needs, key_offer = key_of(dice.seed, Stream.START, 4), key_of(dice.seed, Stream.START, 5)
    sd = theory.market.drift_sd
    for k in range(len(firm.segments)):
        needs, offer = sd * normal(key_needs, k), sd * normal(key_offer, k)
        segment.begin(firm.segments, k, needs, offer, theory.market.rivals)


@kernel
def start_customers(firm, theory, dice):
    """The customers of day 0, spread over the year of renewals, dealt by the patches of the market."""
    row, t, market = firm.ledger[0], theory.customers, theory.market
    likely = 0.0
    key = key_of(dice.seed, Stream.START, 2)
    for number in range(int(t.per_rep * row["ref_s"] * market.size + 0.5)):
        own = key_for(key, number)
        patch = int(uniform(own, 0) * row["n_patches"])
        m, s = firm.patches[M, patch], max(firm.patches[S, patch], 0)
        value = market.value * exp(market.value_sd * normal(own, 1))
        satisfaction = clip(t.start_satisfaction + t.start_spread * normal(own, 2), 0.0, 1.0)
        k, since = int(uniform(own, 3) * len(firm.segments)), -1 - int(uniform(own, 4) * YEAR * t.start_years)
        touches = theory.marketing.nurture_touches
        customer.begin(firm, own, value, 0.0, satisfaction, 0.0, touches, NEVER, m, s, k, since)
        likely += chance_to_renew(t, satisfaction, row["reputation"]) * value
    customer.begin_mean(firm.ledger, t.start_satisfaction)
    ledger.expect_renewals(firm.ledger, likely, chance_to_renew(t, t.start_satisfaction, row["reputation"]))


@kernel
def start_deals(firm, theory, dice):
    """The pipeline of day 0: deals of each patch's rep, somewhere in their cycle, so that year 1 does not dip."""
    row, t, market = firm.ledger[0], theory.selling, theory.market
    number = int(t.start_deals * market.cycle_days / t.usual_cycle * row["ref_s"] * market.size + 0.5)
    key = key_of(dice.seed, Stream.START, 3)
    for _ in range(number):
        own = key_for(key, row["n_leads"])
        s = firm.patches[S, int(uniform(own, Stream.PATCH) * row["n_patches"])]
        cycle = market.cycle_days * exp(market.cycle_sd * normal_at(uniform(own, Stream.CYCLE)))
        k = int(uniform(own, Stream.EVENT) * len(firm.segments))
        new = lead.enter(firm, theory, own, NEVER, max(s, 0), k, Origin.OWN, NEVER)
        fit = min(t.start_fit + t.start_fit_spread * uniform(own, Stream.FIT), 1.0)
        lead.find(firm, new, fit, t.own_ready, t.own_context)
        due = int(clip(cycle * uniform(own, Stream.START), 0.0, t.longest))
        if due < theory.money.quarter_days:
            evidence.forecast(firm.ledger, row["usual_win"])
        lead.take_in_hand(firm, new, due)


@kernel
def open_books(firm, theory):
    """What the customers of day 0 are worth."""
    ledger.open_books(firm.ledger, customer_equity(firm, theory))
