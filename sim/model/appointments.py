"""What is filed under a day: the leads that come up on it, the customers who renew on it.

A list is kept on pages of fourteen numbers, the last page first, each page a
line of memory that names the page before it; what was put down last comes up
first. So a day's numbers are read page by page, and the rows they name can be
asked for together: a chain through the rows themselves would wait for each.
"""

from __future__ import annotations

from sim.model.firm import AGENDA, NEVER, YEAR, Firm
from sim.model.kernel import kernel

WRITTEN, BEFORE, FIRST, PAGE = 0, 1, 2, 16  # columns of a page: how many, the page before or -1, the numbers


def pages_for(leads: int, customers: int) -> int:
    """Pages that so many rows can need: full ones, and a last one for each day."""
    return (leads + customers) // (PAGE - FIRST) + AGENDA + YEAR + 1


@kernel(inline=True)
def put_down(firm, book, slot, number):
    """Write a number down in a book (the agenda, the renewals) under a day's slot."""
    pages, page = firm.pages, book[slot]
    if page < 0 or pages[page, WRITTEN] == PAGE - FIRST:
        page = begin_page(firm.ledger, pages, page)
        book[slot] = page
    n = pages[page, WRITTEN]
    pages[page, FIRST + n] = number
    pages[page, WRITTEN] = n + 1


@kernel
def begin_page(ledger, pages, before):
    """A page to write on, after another or as the first (-1): one that was given back, or one not used so far."""
    page = ledger[0]["free_page"]
    if page >= 0:
        ledger[0]["free_page"] = pages[page, BEFORE]
    else:
        page = ledger[0]["n_pages"]
        ledger[0]["n_pages"] = page + 1
    pages[page, WRITTEN] = 0
    pages[page, BEFORE] = before
    return page


@kernel(inline=True)
def give_back(firm, page):
    """A page that was dealt with is free to be written on again; returns the page before it."""
    before = firm.pages[page, BEFORE]
    firm.pages[page, BEFORE] = firm.ledger[0]["free_page"]
    firm.ledger[0]["free_page"] = page
    return before


@kernel(inline=True)
def strike_out(pages, page, place):
    """A number on a page stands for nobody from now on."""
    pages[page, place] = NEVER


@kernel
def begin_books(firm):
    """Nothing is put down under any day."""
    firm.ledger[0]["free_page"] = NEVER
    for slot in range(AGENDA):
        firm.agenda[slot] = NEVER
    for slot in range(YEAR):
        firm.renewals[slot] = NEVER


def listed(firm: Firm, book, slot: int):
    """The numbers under a slot, one after the other as they will come up (customers who left are -1).

    Of a firm whose pages a mistake has knotted, each page once.
    """
    page, seen = int(book[slot]), set()
    while 0 <= page < len(firm.pages) and page not in seen:
        seen.add(page)
        yield from firm.pages[page, FIRST : FIRST + firm.pages[page, WRITTEN]][::-1].tolist()
        page = int(firm.pages[page, BEFORE])
