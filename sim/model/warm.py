"""The first compilation, in two processes: each compiles half of the day into the cache that both share.

python -m sim.model.warm        compiles the second half (the first run starts it)
"""

from __future__ import annotations

import contextlib
import subprocess
import sys

import numpy as np

from sim.model import audit, day, diary, drive, firm, kernel, start
from sim.model.dice import Dice
from sim.model.rules import (
    beliefs,
    conflict,
    contact,
    culture,
    customers,
    decisions,
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
from sim.model.theory import Theory

OTHERS = [
    *(day.move_leads, marketing.attract, marketing.prepare_campaigns, marketing.visit_customers, selling.prospect),
    *(selling.grow_skill, customers.renew_contracts, customers.keep_reputation, workforce.replace_leavers),
    *(workforce.plan_growth, audit.close_quarter, diary.take_stock, diary.carry_over, money.close_books),
    *(money.value_customers, structure.set_frame, structure.reorganize, start.start_customers, start.start_deals),
]
OWN = [
    *(start.start_market, contact.talk, liaison.broker, jointwork.keep_practices, jointwork.work_together),
    *(jointwork.heads_confer, practices.take_position, practices.lead_teams, practices.change_heads),
    *(practices.feel_problems, decisions.prepare_decisions, decisions.decide, beliefs.look_around),
    *(beliefs.hear_from_mates, conflict.quarrel_over_scope, conflict.blame_for_quarter, conflict.let_it_rest),
    *(conflict.keep_shared_tasks, culture.feel_appreciated, market.move_market, market.hold_trade_show),
    *(market.forget_weekly, language.forget_words, trust.relax_trust, trust.form_attitudes, workload.begin_day),
    workforce.hand_over,
]


def like_a_run() -> tuple:
    """Arguments of the types that a run has, with nothing in them."""
    shapes = {"beliefs": (0, 1), "audit": (3, 20), "answers": (0, 3, 20), "patches": (2, 0), "pages": (0, 16)}
    plain = {name: np.dtype(np.int32) for name in ("patches", "pages")}
    plain |= {name: np.dtype(np.int64) for name in ("agenda", "renewals")} | {"answers": firm.AUDIT}
    tables = {
        name: np.zeros(shapes.get(name, (0,)), plain.get(name) or getattr(firm, name.upper()))
        for name in firm.Firm._fields
    }
    return firm.Firm(**tables), kernel.numbers_for_kernels(Theory()), Dice(kernel.uint64(0), 0)


def warm(rules) -> None:
    """Compile these rules of the day into the cache."""
    arguments = like_a_run()
    for rule in rules:
        kernel.compile_for(rule, *arguments)


def prepare() -> None:
    """Compile the day in two processes, if that was not done before; harmless where the second cannot be started."""
    if kernel.is_compiled() or kernel.CACHE is None:
        return
    other = None
    with contextlib.suppress(OSError):
        other = subprocess.Popen(
            [sys.executable, "-m", "sim.model.warm"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
    warm(OWN)
    warm_start()
    if other is not None:
        other.wait()
    firm_, numbers, _ = like_a_run()
    kernel.compile_for(drive.live, firm_, numbers, kernel.uint64(0), 0, 0, 0)


def warm_start() -> None:
    """Compile what fills the arrays of day 0, which takes more than a rule of the day does."""
    firm_, numbers, dice = like_a_run()
    rows = np.zeros((2, 0), np.int64)
    kernel.compile_for(start.reckon_distances, firm_, numbers)
    kernel.compile_for(start.deal_patches, firm_, dice, rows)
    kernel.compile_for(start.deal_ties, firm_, numbers, dice, rows, rows)
    kernel.compile_for(start.seat_people, firm_, numbers, dice, 0, 0, 0)
    kernel.compile_for(start.start_ties, firm_, numbers, dice, 0, 0)


if __name__ == "__main__":
    warm(OTHERS)
