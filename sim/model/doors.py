"""The rules that are called from outside, with arguments like a run's: what gets a door, what the module exports."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.model import drive, firm, hashes, kernel, network
from sim.model.appointments import begin_books
from sim.model.day_zero import seats, shocks, stock, ties
from sim.model.dice import Dice
from sim.model.rules import structure, workforce
from sim.model.showing import desks, frame, funnel, people, watch
from sim.model.theory import Theory
from sim.model.things import decision, head, ledger, practice


class Door(NamedTuple):
    """A rule that is called from outside, with arguments of the types that it is given there."""

    rule: object
    arguments: tuple

    @property
    def name(self) -> str:
        """The rule's file and name: `ties.deal_ties`."""
        written = kernel.plain(self.rule)
        return f"{written.__module__.rpartition('.')[2]}.{written.__name__}"


def like_a_run() -> tuple:
    """Firm, numbers and dice of the types that a run has, with nothing in them."""
    shapes = {"beliefs": (0, 1), "audit": (0, 0), "answers": (0, 0, 0), "patches": (2, 0), "pages": (0, 16)}
    plain = {name: np.dtype(np.int32) for name in ("patches", "pages")}
    plain |= {name: np.dtype(np.int64) for name in ("agenda", "renewals")} | {"answers": firm.AUDIT}
    tables = {
        name: np.zeros(shapes.get(name, (0,)), plain.get(name) or getattr(firm, name.upper()))
        for name in firm.Firm._fields
    }
    return firm.Firm(**tables), kernel.numbers_for_kernels(Theory()), Dice(kernel.uint64(0), 0)


def of_day_zero() -> list[Door]:
    """What fills the arrays of day 0, of any firm that is generated."""
    firm_, numbers, dice = like_a_run()
    row, rows = np.zeros(0, np.int64), np.zeros((2, 0), np.int64)
    return [
        Door(begin_books, (firm_,)),
        Door(ledger.begin, (firm_, numbers)),
        Door(practice.begin, (firm_.practices,)),
        Door(decision.begin, (firm_.decisions,)),
        Door(head.begin, (firm_.heads, numbers)),
        Door(stock.open_books, (firm_, numbers)),
        Door(seats.open_seats, (firm_, numbers, dice, row, 0, 0)),
        Door(seats.count_people, (firm_,)),
        Door(ties.rank_seats, (firm_, rows)),
        Door(ties.deal_ties, (firm_, numbers, dice, rows, rows)),
        Door(ties.lay_ties, (firm_, rows, firm_.ties, firm_.links, row)),
        Door(ties.measure, (firm_, numbers, dice, row)),
        Door(ties.start_ties, (firm_, numbers, dice, row)),
        Door(ties.deal_mates, (firm_, numbers, dice, row, firm_.mates)),
        Door(ties.reckon_distances, (firm_, numbers)),
        Door(ties.deal_patches, (firm_, dice, rows)),
        *(Door(rule, (firm_, numbers, dice)) for rule in (stock.start_market, stock.start_customers)),
        *(Door(rule, (firm_, numbers, dice)) for rule in (stock.start_deals, workforce.hand_over)),
    ]


def of_change() -> list[Door]:
    """What changes an organization from outside of its days, and what takes over a user's own people and ties."""
    firm_, numbers, dice = like_a_run()
    row, told = np.zeros(0, np.int64), np.zeros(0, network.TIE)
    return [
        *(Door(rule, (firm_, numbers, dice)) for rule in (structure.shake, structure.redraw_chart)),
        *(Door(rule, (firm_, numbers, dice)) for rule in (shocks.deceive, shocks.train, shocks.break_promise)),
        Door(shocks.doubt_liaison, (firm_, numbers, 0)),
        Door(seats.take_over, (firm_, row, row)),
        Door(seats.draw_liaisons, (firm_, 0, True)),
        Door(seats.send_liaisons_back, (firm_, 0, row)),
        Door(seats.close_seats, (firm_, 0, 0)),
        Door(seats.close_seat, (firm_, 0)),
        Door(seats.make_liaison, (firm_, 0)),
        Door(seats.next_seat, (firm_, 0)),
        Door(ties.move_everybody, (firm_, numbers)),
        Door(ties.take_over_ties, (firm_, told)),
        Door(ledger.count_mates, (firm_.ledger, 0)),
        Door(ledger.fork, (firm_.ledger, 0)),
        Door(ledger.owe, (firm_.ledger, 0.0)),
        Door(ledger.hire, (firm_.ledger, numbers, 0)),
        Door(ledger.seats_are_open, (firm_.ledger,)),
        Door(head.look_over_teams, (firm_,)),
        Door(workforce.fill_seat, (firm_, numbers, dice, 0)),
    ]


def of_days() -> Door:
    """The days themselves: one after the other, without asking anybody in between."""
    firm_, numbers, _ = like_a_run()
    return Door(drive.live, (firm_, numbers, kernel.uint64(0), 0, 0, 0))


def of_showing() -> list[Door]:
    """What shows a day to whoever watches, and how much one mark of a drawing stands for."""
    firm_, numbers, _ = like_a_run()
    kept = watch.Watch(*(np.zeros(0, kind) for kind in watch.KEPT.values()))
    return [
        Door(frame.begin, (firm_, kept, 0, 0)),
        Door(frame.show_state, (firm_, numbers, kept, 0)),
        Door(frame.show_day, (firm_, numbers, kept, 0)),
        Door(frame.show_desks, (firm_, kept)),
        Door(watch.tell_room, (firm_, kept, np.zeros(0, np.int64))),
        Door(funnel.leads_a_dot, (numbers,)),
        Door(desks.people_a_desk, (0,)),
        Door(people.tell_standing, (firm_, numbers, 0, np.zeros(0))),
    ]


def of_hash() -> Door:
    """What tells a state by 64 bits, where Python is not there to do it."""
    words = np.zeros(0, np.uint64)
    return Door(hashes.digest, (words, 0, words, words))


def every() -> list[Door]:
    """All of them."""
    return [of_days(), *of_day_zero(), *of_change(), *of_showing(), of_hash()]
