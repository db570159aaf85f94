"""Start here: one working day, a line per mechanism, in order.

A new mechanism is a new line in this story, or it does not happen. Another
theory is another `day` with the same arguments, in a file of your own.
"""

from __future__ import annotations

from sim.model.appointments import give_back
from sim.model.audit import close_quarter
from sim.model.diary import carry_over, take_stock
from sim.model.firm import AGENDA, NEVER, State
from sim.model.kernel import kernel
from sim.model.rules import (
    beliefs,
    conflict,
    contact,
    culture,
    customers,
    customization,
    decisions,
    handoff,
    jointwork,
    language,
    liaison,
    market,
    marketing,
    money,
    practices,
    selling,
    structure,
    trust,
    workforce,
    workload,
)
from sim.model.things import lead


@kernel(inline=False)
def day(firm, theory, dice):
    """One working day in the life of an organization."""
    carry_over(firm, theory, dice)

    # the world moves, with or without us
    market.move_market(firm, theory, dice)
    market.hold_trade_show(firm, theory, dice)

    # the frame: who reports to whom, what was decided, what is agreed
    structure.set_frame(firm, theory, dice)
    structure.reorganize(firm, theory, dice)
    decisions.prepare_decisions(firm, theory, dice)
    decisions.decide(firm, theory, dice)
    practices.take_position(firm, theory, dice)
    practices.lead_teams(firm, theory, dice)
    practices.change_heads(firm, theory, dice)

    # people spend their hours: on each other, on knowing, on customers
    workload.begin_day(firm, theory, dice)
    contact.talk(firm, theory, dice)
    liaison.broker(firm, theory, dice)
    jointwork.keep_practices(firm, theory, dice)
    jointwork.work_together(firm, theory, dice)
    jointwork.hold_round(firm, theory, dice)
    jointwork.heads_confer(firm, theory, dice)
    beliefs.look_around(firm, theory, dice)
    beliefs.hear_from_mates(firm, theory, dice)

    # leads come, change hands, are won and lost
    marketing.visit_customers(firm, theory, dice)
    marketing.prepare_campaigns(firm, theory, dice)
    marketing.attract(firm, theory, dice)
    move_leads(firm, theory, dice)
    selling.prospect(firm, theory, dice)

    # customers stay or leave
    customers.renew_contracts(firm, theory, dice)
    customers.keep_reputation(firm, theory, dice)

    # what remains of it all: trust, language, grievances, feelings, memories
    trust.relax_trust(firm, theory, dice)
    trust.form_attitudes(firm, theory, dice)
    language.forget_words(firm, theory, dice)
    market.forget_weekly(firm, theory, dice)
    conflict.quarrel_over_scope(firm, theory, dice)
    conflict.blame_for_quarter(firm, theory, dice)
    conflict.let_it_rest(firm, theory, dice)
    conflict.keep_shared_tasks(firm, theory, dice)
    culture.feel_appreciated(firm, theory, dice)
    culture.agree_on_strategy(firm, theory, dice)
    practices.feel_problems(firm, theory, dice)
    selling.grow_skill(firm, theory, dice)
    workforce.replace_leavers(firm, theory, dice)
    workforce.plan_growth(firm, theory, dice)

    # the day's money, and what is written down
    money.close_books(firm, theory, dice)
    money.value_customers(firm, theory, dice)
    take_stock(firm, theory, dice)
    close_quarter(firm, theory, dice)


@kernel
def move_leads(firm, theory, dice):
    """Leads with an appointment today take their next step; each room does its part of the relay.

    Their states are read a page at a time: no room changes the state of another lead than its own.
    """
    tray, slot = firm.tray, dice.day % AGENDA
    page = firm.agenda[slot]
    firm.agenda[slot] = NEVER
    while page >= 0:
        for k in range(lead.lay_out_due(firm, page)):
            number, state = tray[k]["row"], tray[k]["place"]
            if state == State.INQUIRY or state == State.NURTURED or state == State.RETURNED:
                if marketing.qualify(firm, theory, dice, number):
                    handoff.hand_off(firm, theory, dice, number)
            elif state == State.HANDED_OFF:
                if selling.take_lead(firm, theory, dice, number) == selling.Answer.SENT_BACK:
                    marketing.take_back(firm, theory, dice, number)
            elif state == State.OPPORTUNITY and selling.close_deal(firm, theory, dice, number):
                customers.sign_contract(firm, theory, dice, number)
                customization.argue_about_terms(firm, theory, dice, number)
        page = give_back(firm, page)
