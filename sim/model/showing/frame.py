"""One day as a few hundred bytes: what is needed to draw it, and nothing else."""

from __future__ import annotations

from sim.model.firm import N_ITEMS, QUARTER, Side
from sim.model.kernel import kernel
from sim.model.showing import desks, funnel, talks
from sim.model.showing.watch import ENDS, N_DECISIONS, has_room
from sim.model.things.decision import is_marketings


@kernel
def begin(firm, watch, per_dot, per_desk):
    """Watch an organization from now on.

    per_dot    leads that one drawn lead stands for
    per_desk   people that one desk stands for
    Returns 0, or 1 where a watch has too little room: then nothing was done.
    """
    notes = watch.notes
    notes[0]["per_dot"], notes[0]["per_desk"] = per_dot, per_desk
    notes[0]["n_ties"], notes[0]["n_people"], notes[0]["n_leads"] = 0, 0, 0
    notes[0]["n_alive"], notes[0]["n_drawn"] = 0, 0
    if not has_room(firm, watch):
        return 1
    talks.remember(firm, watch)
    desks.see_who_is_there(firm, watch)
    funnel.welcome(firm, watch)
    funnel.count_ends(firm, watch)
    begin_drawing(firm, watch)
    return 0


@kernel
def begin_drawing(firm, watch):
    """Of drawn leads, those that have ended are none, and the others have taken no step since now."""
    drawn, kept = watch.drawn, 0
    for k in range(watch.notes[0]["n_drawn"]):
        row = drawn[k]["row"]
        if firm.leads[row]["ended"] < 0:
            drawn[kept]["row"] = row
            drawn[kept]["signature"] = funnel.signature(firm.leads, row)
            kept += 1
    watch.notes[0]["n_drawn"] = kept


@kernel
def show_state(firm, theory, watch, day):
    """The frame of a state that nobody watched coming about: all leads and desks are told.

    day   days lived
    Returns 0, or 1 where a watch has too little room: then nothing was done.
    """
    if not has_room(firm, watch):
        return 1
    head = watch.head[0]
    for k in range(ENDS):
        head["ends"][k] = 0
    head["n_talks"] = 0
    funnel.tell_steps(firm, theory, watch, day, 1)
    desks.lay_out_desks(firm, watch)
    tell_counts(firm, watch, day)
    return 0


@kernel
def show_day(firm, theory, watch, day):
    """The frame of the day just lived: what happened on it; desks only where somebody came, went or changed sides.

    day   days lived, this one included
    Returns 0, or 1 where a watch has too little room: then nothing was done.
    """
    if not has_room(firm, watch):
        return 1
    talks.read_off(firm, theory, watch, day - 1)
    funnel.welcome(firm, watch)
    funnel.count_ends(firm, watch)
    funnel.tell_steps(firm, theory, watch, day, 0)
    watch.head[0]["n_desks"] = 0
    if desks.see_who_is_there(firm, watch) == 1:
        desks.lay_out_desks(firm, watch)
    tell_counts(firm, watch, day)
    return 0


@kernel
def show_desks(firm, watch):
    """The desks of an organization as it stands, into the frame. Returns 0, or 1 where there is too little room."""
    if not has_room(firm, watch):
        return 1
    desks.lay_out_desks(firm, watch)
    return 0


@kernel
def tell_counts(firm, watch, day):
    """The day's counts and money, the week's means, and at a quarter's end the audit."""
    head = watch.head[0]
    head["day"] = day
    head["broke"] = 1 if firm.ledger[0]["broke"] >= 0 else 0
    head["n_audited"] = 0
    if day == 0:
        tell_beginning(firm, watch)
        return
    today = firm.days[day - 1]
    head["revenue"], head["contribution"], head["equity"] = today["revenue"], today["contribution"], today["equity"]
    head["contacts"], head["disputes"] = int(today["contacts"]), int(today["disputes"])
    head["inquiries"], head["qualified"] = int(today["inquiries"]), int(today["qualified"])
    head["handed"], head["tried"], head["returned"] = (
        int(today["handed"]),
        int(today["followed"]),
        int(today["returned"]),
    )
    head["trust_m"], head["trust_s"] = funnel.as_byte(today["trust_ms"]), funnel.as_byte(today["trust_sm"])
    head["language"] = funnel.as_byte(today["language"])
    if day % QUARTER == 0:
        tell_audit(firm, watch, day // QUARTER - 1)


@kernel
def tell_beginning(firm, watch):
    """Before the first day nothing has happened; what the customers are worth is known."""
    head = watch.head[0]
    head["revenue"], head["contribution"], head["equity"] = 0.0, 0.0, firm.ledger[0]["opening_equity"]
    head["contacts"], head["disputes"], head["inquiries"], head["qualified"] = 0, 0, 0, 0
    head["handed"], head["tried"], head["returned"] = 0, 0, 0
    head["trust_m"], head["trust_s"], head["language"] = 0, 0, 0


@kernel
def tell_audit(firm, watch, quarter):
    """The audit of a quarter that was closed: totals, stage, band, each statement's score; and the four Ps in force."""
    row, found = firm.quarters[quarter], watch.audited[0]
    found["score"], found["score_m"], found["score_s"] = row["score"], row["score_m"], row["score_s"]
    found["stage"], found["band"] = row["stage"], row["band"]
    for item in range(N_ITEMS):
        found["items"][item] = int(firm.answers[quarter, Side.BOTH, item]["score"])
    for q in range(N_DECISIONS):
        found["quality"][q] = funnel.as_byte(row["quality"][q])
        found["heard"][q] = row["heard"][q]
        found["settled"][q] = row["settled"][q]
        found["marketing"][q] = 1 if is_marketings(q) else 0
        found["since"][q] = row["since"][q]
    watch.head[0]["n_audited"] = 1
