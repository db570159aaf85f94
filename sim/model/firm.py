"""The state of a simulated organization: a few record arrays, each field with its unit and bounds.

A rule's first lines name the fields it touches (`trust = firm.ties["cog_ms"]`),
and work alike in compiled and in plain Python. Rules that look at many rows
and do something with few lay those out on the tray first: what is read in one
go need not wait for one another, neither for memory nor for a guess. Rows are only ever added: a
person who leaves makes room on the same seat, but leads and customers keep
their number for good. No rule may read a capacity (the length of an array):
pools are doubled between days, and the results must not notice.
"""

from __future__ import annotations

import contextlib
import math
import mmap
import os
import weakref
from enum import IntEnum
from typing import NamedTuple

import numpy as np

from sim.model.kernel import LINE
from sim.model.theory import Practice

NEVER = -1
BY_OWNER, BY_CHIEF = 2, 3  # codes of who settled a decision


class Team(IntEnum):
    """Whose work a seat does."""

    MARKETING = 0
    SALES = 1
    LIAISON = 2


class State(IntEnum):
    """Where a lead is; every lead is in exactly one state."""

    INQUIRY = 0
    NURTURED = 1
    HANDED_OFF = 2
    RETURNED = 3
    OPPORTUNITY = 4
    WON = 5
    LOST = 6


class Fate(IntEnum):
    """Why a lead ended; OPEN while it lives."""

    OPEN = 0
    WON = 1
    NEVER_ANSWERED = 2
    UNQUALIFIED = 3
    IGNORED = 4
    BAD_LEAD = 5
    NOT_INTERESTED = 6
    DEAL_LOST = 7
    TOO_LATE = 8


class Origin(IntEnum):
    """How a prospect became a lead."""

    PULL = 0
    PUSH = 1
    EVENT = 2
    OWN = 3


class Stage(IntEnum):
    """The four relationship types of Kotler, Rackham and Krishnaswamy (evidence F01)."""

    UNDEFINED = 1
    DEFINED = 2
    ALIGNED = 3
    INTEGRATED = 4


class Decision(IntEnum):
    """The four Ps: the first two are led by Marketing, the last two by Sales (seed 002)."""

    PRODUCT = 0
    PROMOTION = 1
    PLACEMENT = 2
    PRICE = 3


class For(IntEnum):
    """What hours are spent on; each has its column in the diary."""

    CONTACT = 0
    DISPUTE = 1
    MEETING = 2
    LIAISON = 3
    LEADS = 4
    CRAFT = 5
    DEALS = 6
    ADMIN = 7
    SUPPORT = 8


class Problem(IntEnum):
    """What people remember of working with the other team: agreed ways of working are for these."""

    TROUBLE = 0
    IGNORANCE = 1
    CONTEXT = 2
    LOST = 3
    STRANGENESS = 4


class Item(IntEnum):
    """The 20 statements of the audit, in the published order, counted from 0 (evidence C)."""

    FORECAST = 0
    NO_BLAME = 1
    MARKETERS_IN_DEALS = 2
    SALES_IN_PLAN = 3
    MATERIAL = 4
    FEEDBACK = 5
    VOCABULARY = 6
    HEADS_TALK = 7
    SEGMENTS_TOGETHER = 8
    NOT_DISPUTES = 9
    HEADS_PLAN = 10
    SAME_MEASURES = 11
    KEY_STRATEGY = 12
    ONE_PIPELINE = 13
    FUNNEL_STUDIED = 14
    RISE_TOGETHER = 15
    ONE_HEAD = 16
    MOVES = 17
    TRAINING = 18
    EACH_OTHERS_PLAN = 19


class Side(IntEnum):
    """Whose eyes: rows of the audit's counts."""

    MARKETING = 0
    SALES = 1
    BOTH = 2


M, S = int(Side.MARKETING), int(Side.SALES)  # the two sides of what has two
# axes of fields: how many places they have, and what the columns of tables are called that are made of them
AXES = {
    "ties": ("ms", "sm"),  # what the marketer thinks of the salesperson; the other way round
    "teams": ("m", "s"),
    "problems": tuple(problem.name.lower() for problem in Problem),
    "decisions": tuple(decision.name.lower() for decision in Decision),
}


def _table(text: str, lines: bool = False) -> tuple[np.dtype, dict[str, str]]:
    """A record type and its documentation from lines `name type meaning`; `f8:teams` has a place for each team.

    lines   a row fills whole lines of memory, so that fields that stand together come in one fetch
    """
    fields, meaning = [], {}
    for line in text.strip().splitlines():
        name, kind, what = line.split(None, 2)
        kind, _, axis = kind.partition(":")
        fields.append((name, kind, len(AXES[axis])) if axis else (name, kind))
        meaning[name] = what
    table = np.dtype(fields, align=True)
    if not lines:
        return table, meaning
    whole = {"names": list(meaning), "formats": [table[name] for name in meaning]}
    whole["offsets"] = [table.fields[name][1] for name in meaning]
    return np.dtype({**whole, "itemsize": -(-table.itemsize // LINE) * LINE}, align=True), meaning


LARGE = 1 << 22  # bytes from which a table lies in large pages, and leaves its memory to the next run
MOST_SPARE = 1 << 31  # bytes that are kept for the next run
_SPARE: list[mmap.mmap] = []  # memory of tables that nobody holds any more, the latest last


def empty(shape, table) -> np.ndarray:
    """A table of zeros whose first row begins a line of memory.

    A large table lies in large pages, and its memory is used again once nobody holds it: to have the system hand out
    fresh memory while the days go by would take a fifth as long as the days themselves.
    """
    table, shape = np.dtype(table), (shape,) if isinstance(shape, int) else tuple(shape)
    size = math.prod(shape) * table.itemsize
    raw = np.zeros(size + LINE, np.uint8) if size < LARGE else _large(size + LINE)
    begin = -raw.ctypes.data % LINE
    return raw[begin : begin + size].view(table).reshape(shape)


def _large(size: int) -> np.ndarray:
    """Bytes of zeros in large pages, used before or fresh."""
    fitting = [held for held in _SPARE if size <= len(held) <= 2 * size]
    held = min(fitting, key=len, default=None)
    try:
        _SPARE.remove(held)
        raw = np.frombuffer(held, np.uint8)
        raw[:] = 0
    except ValueError:  # there is none, or another thread took it
        private = {"flags": mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS} if os.name == "posix" else {}
        held = mmap.mmap(-1, size, **private)
        if hasattr(mmap, "MADV_HUGEPAGE"):
            with contextlib.suppress(OSError):  # a system without them
                held.madvise(mmap.MADV_HUGEPAGE)
        raw = np.frombuffer(held, np.uint8)
    weakref.finalize(raw, _keep, held).atexit = False
    return raw


def _keep(held: mmap.mmap) -> None:
    """Memory that nobody holds any more is kept for other tables, the latest MOST_SPARE bytes of it."""
    _SPARE.append(held)
    while sum(map(len, _SPARE)) > MOST_SPARE:
        _SPARE.pop(0)


PEOPLE, PEOPLE_DOC = _table(
    """
team i1 0 marketing, 1 sales, 2 liaison
working i1 1 while the seat is filled and works; 0 for an idle or empty seat
complies i2 bits: practices this person keeps
n_ties i4 ties across the gap
first i4 first row in links
seat i4 number that draws are keyed by: 4 j for marketer j, 4 j + 1 for salesperson j, 4 j + 2 for liaison j, 4 j + 3 idle
load f8 running mean of the share of the day that is spent
hours f8 hours of today already spent
undone f8 hours of work that found no place in the day
benefit f8 0..1 benefit learnt from talking
language f8 0..1 common language with the other team
reach f8 0..1 chance today to catch a prospect of the own patches
waits f8 times the usual that an inquiry waits today for this person's first answer
attitude f8 0..1 attitude to the other team
saw i4 bits: audit statements this person could judge this quarter
open_deals i2 opportunities being worked on
won_month i2 deals won this month
skill f8 0..1 skill at the own craft
trouble f8 0..1 running share of leads that made trouble
context_lost f8 0..1 running share of context that was lost
lost_deals f8 0..1 running share of deals lost
identification f8 0..1 with the firm (1) against the own function (0)
mean_ease f8 mean ease of joint acts over the own ties
mean_hours f8 hours of a contact, mean over the own ties
mean_trust f8 0..1 trust in the people across the gap, mean by familiarity (weekly)
known f8 people: familiarity with the people across the gap, added up (weekly)
resentment f8 0..1 lowers output
won_usual f8 deals won a month, running mean
temper f8 standard normal, what this person expects of agreed ways of working
anchor f8 0..1 where the attitude returns to
trust_liaison f8 0..1 trust in the liaison
felt f8:problems 0..1 remembered trouble, ignorance of the other truth, loss of context, loss of deals, strangeness
training f8 hours of joint training that took, this quarter
stints f8 days with the other team, last four quarters
site i4 number of the building
joined i4 day the present holder of the seat came (negative: before the run)
generation i2 how many people held this seat before
willing i2 bits: practices this person supports
misses i2 months in a row far below the quota
dismissed i1 1 if the person is to leave at the month's end
planned i1 1 if the person took part in an understood joint plan this quarter
""",
    lines=True,
)

BELIEFS, BELIEFS_DOC = _table("""
needs f8 believed needs of the segment, in standard deviations of drift
needs_var f8 variance of that belief
offer f8 believed offer to the segment
offer_var f8 variance of that belief
""")

TIES, TIES_DOC = _table(
    """
m i4 marketer's row
s i4 salesperson's row
complaint i1:ties 1 while that side has an open grievance
via i1 1 if the tie runs over a colleague of neither team
exchanged f4 exchanges understood this quarter
contacts f4 talks since the two know each other, brokered ones and meetings among them
access f8 0..1 ease of meeting by chance at that distance
meet f8 0..1 how readily the two meet: their access against the others', and a little with everybody's
hours f8 hours that a contact takes from each side, travel included
strength f8 0..1 familiarity: rises with each exchange, fades
ease f8 how readily joint acts take place, about 1 for the default
aff f8:ties 0..1 trust in the person at the other end, affect-based
cog f8:ties 0..1 trust in the person at the other end, cognition-based
scar f8:ties 0..1 share of that trust lost for good to deception
favours f8 -1..1 who owes whom a favour (positive: the salesperson owes)
helped i2 uncredited help this quarter
talked i2 day of the last understood talk that nobody arranged, or long before the run
distance f8 metres
key i8 number that draws are keyed by, from both seats
""",
    lines=True,
)

LINKS, LINKS_DOC = _table("""
tie i4 row in ties
other i4 row of the person at the other end
meet f8 0..1 how readily the two meet, beside where it is sought
ease f8 the tie's ease, beside where it is sought
""")

MATES, MATES_DOC = _table("""
key i8 number that draws are keyed by
a i4 row of the one who hears
b i4 row of the team-mate who is heard
""")

LEADS, LEADS_DOC = _table(
    """
key u8 the market's own key of this prospect: all its luck comes from here
value f4 k€ a year
fit f4 0..1 how well the offer suits the prospect
ready f4 0..1 readiness to buy
context f4 0..1 share of what is known that was told at the handoff
hours f4 hours until the first answer (negative: never)
m i4 marketer's seat, or -1 for a rep's own prospect
s i4 salesperson's seat, or -1
tie i4 the tie over which it was handed off when it was, or -1
born i2 day of the inquiry
qualified i2 day it was qualified, or -1
handed i2 day it was first handed off, or -1
tried i2 day a salesperson first tried, or -1
opened i2 day it became an opportunity, or -1
ended i2 day it was won or lost, or -1
segment i1 market segment
state i1 see State
fate i1 see Fate
origin i1 see Origin
returned i1 times it was sent back with a reason
flags i1 bits: 1 in the shared funnel, 2 marketer in the deal, 4 material used, 8 special terms, 16 feedback given, 32 own request, 64 key account
touches i1 touches by Marketing so far
""",
    lines=True,
)

LOGGED, JOINED, MATERIAL, SPECIAL, FED_BACK, ASKED, KEY_ACCOUNT = 1, 2, 4, 8, 16, 32, 64

CUSTOMERS, CUSTOMERS_DOC = _table(
    """
key u8 key of the prospect it was
value f8 k€ a year, net of discounts
promise f8 what was promised, in standard deviations of the offer above what was believed
satisfaction f8 0..1
since i8 day of the first contract (negative: before the run)
s i8 salesperson's seat
m i8 marketer's seat, or -1
segment i8 market segment
special f8 k€ a year that special terms cost
burden f8 contacts a quarter from both teams
lead i8 lead it came from, or -1 for a customer of the start
ended i8 day it left, or -1
""",
    lines=True,
)

SEGMENTS, SEGMENTS_DOC = _table("""
needs f8 what customers want, in standard deviations of drift
offer f8 what the firm really brings to market
rivals f8 how near the best rival is to the needs, 0..1
thought f8:decisions what the last decision that was prepared takes the needs, or the offer, to be
""")

PRACTICES, PRACTICES_DOC = _table("""
decreed i8 day of the decree (or of its last renewal), or -1
since i8 day it was first decreed, or -1
pending i8 day a decision in preparation takes effect, or -1
kept f8:teams 0..1 share of the team that keeps it
view f8:teams support as the team's head sees it
noticed f8:teams 0..1 compliance as the team's head notices it
push f8 0..1 what is left of the decree's force
force f8 support that decree and mandate add this month
support f8:teams mean support in the team this month
count f8:teams people of the team who keep it
willing f8:teams people of the team who keep it and support it
believe f8:teams 0..1 share of the team that keeps it and supports it
""")

HEADS, HEADS_DOC = _table("""
trust f8 0..1 this head's trust in the other head
generation i8 how many held the post before
since i8 day this head came
attitude f8 0..1 mean attitude of the team, at the last month's end
felt f8:problems 0..1 mean of what the team remembers, by problem
""")

DECISIONS, DECISIONS_DOC = _table("""
quality f8 0..1 how near the last decision was to the truth
due i8 day the decision in preparation takes effect, or -1
informed i8 1 if the other team was heard for the decision in preparation
settled i8 who settled it: 0 lead team, 1 both heads, 2 owner of the P&L, 3 the chief
heard i8 1 if the other team was heard for the decision in force
since i8 day the decision in force took effect, or -1
""")

LEDGER, LEDGER_DOC = _table("""
recurring f8 k€ a year from active customers
special f8 k€ a year that special terms cost
active f8 active customers
reputation f8 about 1
cash f8 k€
satisfaction f8 0..1 running mean over customers
coordination f8 0..1 running mean of how far both teams know what the other does to a customer
team_access f8 0..1 ease of meeting a team-mate
owed f8 k€ of hiring and reorganizing still to be booked
opening_equity f8 k€ customer equity at day 0
opening_recurring f8 k€ a year from the customers of day 0
opening_renewal f8 0..1 renewal rate to be expected of the customers of day 0
due_value f8 k€ a year that came up for renewal in the last 260 days
likely_value f8 k€ a year of it that was to be expected to be renewed
digital f8 0..1 digital share of the market
records f8 0..1 upkeep of shared tasks: database, content, research
overview f8 0..1 how far everybody sees what everybody does: near 1 in a handful of people
clarity f8 0..1 how clear the common strategy is
reach_m f8 0..1 highest reach of a marketer today
quota f8 deals a rep is to win in a month
pressure f8 0..1 quota pressure
transition f8 0..1 what is left of the turmoil of a reorganization
power f8 0 Sales decides .. 1 Marketing decides
ordered f8:teams 0..1 share of its day that the team works to the other's order
forecast f8 deals forecast for this quarter
yes_yes f8 leads that both sides coded as good, this quarter
yes_no f8 good for Marketing only
no_yes f8 good for Sales only
no_no f8 good for neither
usual_win f8 0..1 running share of opportunities won
burst f8 times a normal day: prospects of today
budget_share f8 Marketing's budget, times the default
burden f8 contacts a customer gets in a quarter
voters_m f8 marketers with ties
voters_s f8 salespeople with ties
open_deals i8 opportunities open in all
special_deals f8 running share of deals on special terms
broke i8 day the cash ran out, or -1
stage i8 stage that counts (two quarters in a band)
band i8 band of the last quarter
hired i8 hires so far
left i8 leavers so far
wanted_m i8 seats to open in Marketing at the end of the day
wanted_s i8 seats to open in Sales at the end of the day
grown_m f8 seats of Marketing that growth calls for, parts of a seat included
grown_s f8 seats of Sales that growth calls for, parts of a seat included
n_start f8 people in both teams that the firm was made for
born u8 the market of day 0: what was drawn once and for all is drawn by it
forked i8 first day whose luck is drawn by another number, and 1; 0 where none is
ref_m f8 marketers the market was sized for
ref_s f8 salespeople the market was sized for
n_people i8 seats
n_ties i8 ties
n_links i8 links
n_mates i8 mates
n_leads i8 leads so far
n_customers i8 customers so far
n_patches i8 patches of the market
n_pages i8 pages of appointments written on so far
free_page i8 first page that is free again, or -1
n_liaisons i8 liaisons
n_m i8 working marketers
n_s i8 working salespeople
""")

TRAY, TRAY_DOC = _table("""
key u8 key of a draw
luck f8 the draw, 0..1, or what was reckoned for the row
worth f8 what the draw is held against
row i8 row of the person, customer or lead
tie i4 row in ties
place i4 its number among those of its kind, or the state of the lead
""")

DAYS, DAYS_DOC = _table("""
inquiries f8 leads that arrived
qualified f8 leads qualified
handed f8 leads handed to a salesperson
followed f8 of those, tried
returned f8 of those, sent back with a reason
ignored f8 of those, never called
opportunities f8 deals opened
own_opportunities f8 of those, from salespeople's own prospecting
won f8 deals won
own_won f8 of those, from own prospecting
lost f8 deals lost
bookings f8 k€ signed
revenue f8 k€ of the day
special_cost f8 k€ of special terms
payroll f8 k€
other_cash f8 k€ programmes, hiring, severance, reorganization
contribution f8 k€ gross profit less payroll and other cash
working_together f8 k€ memo: hours of contact and meetings at loaded rates
customer_value f8 k€ a day delivered to customers beyond what they pay and bear
customers f8 active customers
churned f8 customers lost
churned_value f8 k€ a year lost
due_value f8 k€ a year that came up for renewal
likely_value f8 k€ a year of it that was to be expected to be renewed: each contract's times its chance
expansion f8 k€ a year gained at renewal
contraction f8 k€ a year shrunk at renewal
new_value f8 k€ a year of new contracts
contacts f8 contacts across the gap
disputes f8 of those, about a complaint
exchanges f8 of those, understood exchanges
informal f8 joint work that nobody decreed
agreed f8 joint work of agreed practices, meetings aside (they are contacts)
within f8 talks inside a team
grievances f8 grievances that arose
settled f8 grievances settled
brokered f8 acts of liaisons
hours_contact f8 hours in contacts about work
hours_dispute f8 hours in disputes
hours_meeting f8 hours in agreed ways of working
hours_liaison f8 hours of liaisons
hours_deals f8 hours on opportunities
hours_leads f8 hours on leads handed off
hours_craft f8 hours of marketing craft and own prospecting
hours_support f8 hours that one team works to the other's order
hours_admin f8 hours of administration, and those that resentment wastes
reputation f8 about 1
cash f8 k€
trust_ms f8 0..1 marketers' mean trust in salespeople (week's end)
trust_sm f8 0..1 salespeople's mean trust in marketers (week's end)
language f8 0..1 mean common language (week's end)
attitude f8 0..1 mean attitude (week's end)
load_m f8 share of the day, marketers
load_s f8 share of the day, salespeople
error_m f8 marketers' error about needs, standard deviations (week's end)
error_s f8 salespeople's error about the offer (week's end)
gap f8 distance of offer from needs, mean of segments
budget f8 k€ programme budget
pressure f8 0..1 quota pressure
people f8 seats that work
equity f8 k€ customer equity at the end of the day
""")

AUDIT, AUDIT_DOC = _table("""
count f8 what was observed (numerator)
base f8 what could have been observed (denominator)
score f8 1..5 (1 without evidence)
know f8 0..1 share of the side's people who could judge it
""")

QUARTERS, QUARTERS_DOC = _table("""
score f8 20..100 total of the audit
score_19 f8 19..95 without the structural item 17
score_m f8 20..100 as Marketing sees it
score_s f8 20..100 as Sales sees it
band i8 1..4 band of this quarter's score
stage i8 1..4 stage that counts
strategic f8 1..5 strategic functions: mean score of what is planned and sensed together
quality f8:decisions 0..1 how near the decision in force was to the truth
heard i8:decisions 1 if the other team was heard for it
settled i8:decisions who settled it: see decisions
since i8:decisions day it took effect, or -1
""")

GUEST, GUEST_DOC = _table("""
a f8 free for a guest theory
b f8 free for a guest theory
c f8 free for a guest theory
d f8 free for a guest theory
""")


class Firm(NamedTuple):
    """All arrays of one organization. Axes: one row an entity, unless said otherwise."""

    people: np.ndarray  # (seats,)
    beliefs: np.ndarray  # (seats, segments)
    ties: np.ndarray  # (ties,)
    links: np.ndarray  # (2 ties,) a person's ties are links[first : first + n_ties]
    mates: np.ndarray  # (mates,)
    leads: np.ndarray  # (leads so far, and room)
    customers: np.ndarray  # (customers so far, and room)
    segments: np.ndarray  # (segments,)
    practices: np.ndarray  # (8,)
    heads: np.ndarray  # (2,) Marketing, Sales
    decisions: np.ndarray  # (4,)
    patches: np.ndarray  # (2, patches) row of the marketer and of the salesperson who own the patch, or -1
    agenda: np.ndarray  # (AGENDA,) last page of the leads that are due on day mod AGENDA, or -1
    renewals: np.ndarray  # (260,) last page of the customers who renew on day mod 260, or -1
    pages: np.ndarray  # (pages, 16) what is filed under a day: see `appointments`
    tray: np.ndarray  # (AT_ONCE,) rows that a rule looks at together; nothing on it outlives the rule
    ledger: np.ndarray  # (1,)
    days: np.ndarray  # (days of the horizon,)
    audit: np.ndarray  # (3 sides, 20) this quarter's counts
    answers: np.ndarray  # (quarters, 3 sides, 20) the audits so far
    quarters: np.ndarray  # (quarters,)
    guest: np.ndarray  # (seats,)


AGENDA = 1024
AT_ONCE = 64  # rows on the tray
YEAR, QUARTER, MONTH, WEEK = 260, 65, 21, 5
N_PRACTICES, N_ITEMS, N_SIDES, N_PROBLEMS = len(Practice), len(Item), len(Side), len(Problem)
PLACES = 16  # numbers of draws kept for practices, and for decisions: one more of them moves nobody's luck


def spread(rows: np.ndarray) -> dict[str, np.ndarray]:
    """The columns of a table, one for each place of a field that has an axis: `aff` becomes `aff_ms` and `aff_sm`."""
    found = {}
    for name in rows.dtype.names:
        for column, place in columns_of(name, rows.dtype[name]):
            found[column] = rows[name][..., place] if place is not None else rows[name]
    return found


def columns_of(name: str, kind: np.dtype) -> list[tuple[str, int | None]]:
    """What the columns of a field are called, and their places in it.

    >>> columns_of("aff", TIES["aff"]), columns_of("m", TIES["m"])
    ([('aff_ms', 0), ('aff_sm', 1)], [('m', None)])
    """
    if not kind.shape:
        return [(name, None)]
    if name in TIES.names:
        axis = AXES["ties"]
    else:
        axis = next(each for each in (AXES["teams"], AXES["problems"], AXES["decisions"]) if kind.shape == (len(each),))
    return [(f"{name}_{each}", place) for place, each in enumerate(axis)]
