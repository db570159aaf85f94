"""What an organization has once: frame, mood of the market, reputation, money; one row."""

from __future__ import annotations

from sim.model.firm import NEVER, YEAR
from sim.model.formulas import clip, toward
from sim.model.kernel import kernel

STAGE_AT_FIRST = 1


@kernel(inline=True)
def people_ratio(firm):
    """How many times larger the two teams are than those the market was sized for."""
    row = firm.ledger[0]
    return (row["n_m"] + row["n_s"]) / (row["ref_m"] + row["ref_s"])


@kernel(inline=True)
def be_near(ledger, access):
    """How easily team-mates meet."""
    ledger[0]["team_access"] = access


@kernel(inline=True)
def seat(ledger, n_people):
    """There are so many seats."""
    ledger[0]["n_people"] = n_people


@kernel(inline=True)
def count(ledger, n_m, n_s, n_liaisons):
    """So many work in each team."""
    ledger[0]["n_m"] = n_m
    ledger[0]["n_s"] = n_s
    ledger[0]["n_liaisons"] = n_liaisons


@kernel(inline=True)
def count_ties(ledger, n_ties, voters_m, voters_s):
    """So many ties there are, and so many people with ties in each team."""
    ledger[0]["n_ties"] = n_ties
    ledger[0]["n_links"] = 2 * n_ties
    ledger[0]["voters_m"] = voters_m
    ledger[0]["voters_s"] = voters_s


@kernel(inline=True)
def count_mates(ledger, n_mates):
    """So many pairs of team-mates hear from each other."""
    ledger[0]["n_mates"] = n_mates


@kernel(inline=True)
def count_patches(ledger, n_patches):
    """The market has so many patches."""
    ledger[0]["n_patches"] = n_patches


@kernel(inline=True)
def set_burst(ledger, times):
    """Prospects of today, times a normal day."""
    ledger[0]["burst"] = times


@kernel(inline=True)
def digitize(ledger, growth):
    """The digital share of the market grows: by a share a year of what is missing."""
    ledger[0]["digital"] += (1.0 - ledger[0]["digital"]) * growth / YEAR


@kernel(inline=True)
def set_frame(ledger, power, overview, budget_share, ordered_m, ordered_s):
    """What the structure gives each side today."""
    ledger[0]["power"] = power
    ledger[0]["ordered"][0] = ordered_m
    ledger[0]["ordered"][1] = ordered_s
    ledger[0]["overview"] = overview
    ledger[0]["budget_share"] = budget_share


@kernel(inline=True)
def be_upset(ledger, turmoil):
    """A reorganization: turmoil is as great as it says."""
    ledger[0]["transition"] = turmoil


@kernel(inline=True)
def calm_down(ledger, kept):
    """What is left of the turmoil after a day."""
    ledger[0]["transition"] *= kept


@kernel(inline=True)
def press(ledger, theory, goal, mean):
    """Month's end: pressure follows its goal, the quota what reps win."""
    ledger[0]["pressure"] = toward(ledger[0]["pressure"], goal, 0.5)
    ledger[0]["quota"] = toward(ledger[0]["quota"], mean, theory.structure.quota_follows)


@kernel(inline=True)
def keep_records(ledger, level):
    """Upkeep of the shared tasks."""
    ledger[0]["records"] = level


@kernel(inline=True)
def be_clear(ledger, level):
    """How clear the common strategy is."""
    ledger[0]["clarity"] = clip(level, 0.0, 1.0)


@kernel(inline=True)
def know_of_each_other(ledger, share, context):
    """How far both teams know what the other does to a customer: the running mean takes in one more handoff."""
    ledger[0]["coordination"] += share * (context - ledger[0]["coordination"])


@kernel(inline=True)
def be_talked_of(ledger, theory, burden, goal):
    """Reputation follows its goal; customers bear so many contacts."""
    t = theory.customers
    ledger[0]["burden"] = burden
    ledger[0]["reputation"] += (clip(goal, t.worst, t.best) - ledger[0]["reputation"]) / t.reputation_days


@kernel(inline=True)
def expect_wins(ledger, theory, won, special):
    """What share of opportunities is usually won, and what share is on special terms."""
    row, t = ledger[0], theory.selling
    row["usual_win"] += t.felt_firm * ((1.0 if won else 0.0) - row["usual_win"])
    row["special_deals"] += t.felt * ((1.0 if special else 0.0) - row["special_deals"])


@kernel(inline=True)
def owe(ledger, cost):
    """k€ of hiring, leaving or reorganizing are still to be booked."""
    ledger[0]["owed"] += cost


@kernel(inline=True)
def pay(ledger, contribution, day):
    """A day's contribution goes into the cash; what was owed is booked. Without cash the firm is broke."""
    row = ledger[0]
    row["owed"] = 0.0
    row["cash"] += contribution
    if row["cash"] < 0.0 and row["broke"] < 0:
        row["broke"] = day


@kernel(inline=True)
def roll_renewals(ledger, due, likely):
    """The last 260 days' renewals are brought up to date: k€ a year more, and of them likely."""
    ledger[0]["due_value"] += due
    ledger[0]["likely_value"] += likely


@kernel(inline=True)
def leave(ledger):
    """One more person has left."""
    ledger[0]["left"] += 1


@kernel(inline=True)
def hire(ledger, theory, number):
    """People are hired: counted, and to be paid for."""
    ledger[0]["hired"] += number
    owe(ledger, theory.money.hire_cost * number)


@kernel(inline=True)
def reach(ledger, most):
    """The highest reach of a marketer today."""
    ledger[0]["reach_m"] = most


@kernel(inline=True)
def plan_seats(ledger, grown_m, grown_s, drawn):
    """Growth calls for teams of these sizes, parts of a seat included: whole seats are opened at the day's end.

    drawn   marketers who work as liaisons
    """
    row = ledger[0]
    row["grown_m"] = grown_m
    row["grown_s"] = grown_s
    row["wanted_m"] = max(int(grown_m + 0.5), drawn + 1) - (row["n_m"] + drawn)
    row["wanted_s"] = max(int(grown_s + 0.5), 1) - row["n_s"]


@kernel(inline=True)
def seats_are_open(ledger):
    """What growth called for is there."""
    ledger[0]["wanted_m"] = 0
    ledger[0]["wanted_s"] = 0


@kernel(inline=True)
def hold_band(ledger, band, first):
    """The audit's band of a quarter; a stage counts after two quarters in it. Returns the stage that counts."""
    row = ledger[0]
    if first or band == row["band"]:
        row["stage"] = band
    row["band"] = band
    return row["stage"]


@kernel
def begin(firm, theory):
    """The ledger of day 0, before anybody is seated."""
    row, t, w = firm.ledger[0], theory.market, theory.workforce
    row["ref_m"] = t.for_marketers if t.for_marketers > 0 else w.marketers
    row["ref_s"] = t.for_salespeople if t.for_salespeople > 0 else w.salespeople
    row["n_start"] = w.marketers + w.salespeople
    row["reputation"] = 1.0
    row["digital"] = t.digital
    row["budget_share"] = theory.marketing.budget
    row["burst"] = 1.0
    row["records"] = theory.conflict.kept_anyway
    row["clarity"] = theory.conflict.clarity
    row["power"] = theory.structure.power
    row["coordination"] = 1.0 - theory.practices.start_context
    row["quota"] = theory.selling.start_quota
    row["usual_win"] = theory.selling.start_win
    row["broke"] = NEVER
    row["stage"] = STAGE_AT_FIRST
    row["band"] = STAGE_AT_FIRST
    row["cash"] = theory.money.start_cash * (w.marketers + w.salespeople)


@kernel(inline=True)
def be_born(ledger, seed):
    """The firm begins in a market: what is drawn once and for all is drawn by its number."""
    ledger[0]["born"] = seed


@kernel
def fork(ledger, day):
    """From this day on luck is drawn by another number; what was drawn before stays as it is."""
    ledger[0]["forked"] = day + 1


@kernel(inline=True)
def expect_renewals(ledger, likely, usual):
    """What the contracts of day 0 let expect: k€ a year due and likely; the rate `usual` where there are none."""
    row = ledger[0]
    due = row["recurring"]
    row["opening_recurring"] = due
    row["due_value"] = due
    row["likely_value"] = likely
    row["opening_renewal"] = likely / due if due > 0.0 else usual


@kernel(inline=True)
def open_books(ledger, equity):
    """Customer equity at day 0."""
    ledger[0]["opening_equity"] = equity
