"""The faces of the page's levers: what each is called, how far it goes, how its values are said, its letter.

A lever's number is declared in sim/model/theory.py with unit, bounds and meaning. Its face stands here and not beside
it, because the model knows no screens and a word must not change the rules' fingerprint; and it stands below whoever
speaks of levers: the page is served it (sim/page/describe.py), links take its letters, and `baton levers`, brief and
waterfall its label. A number that has a face is a lever of the page.
"""

from __future__ import annotations

from typing import NamedTuple

GROUPS = {"people": "People", "place": "Place", "price": "Price of talking", "practices": "Practices"}  # of the panel


class Scale(NamedTuple):
    """How far a lever goes on the page (the model itself allows more), and in what steps.

    step    a part of one, or one; on a logarithmic scale two digits
    grows   to twice the baseline, where that is more than `high`
    """

    low: float = 0
    high: float = 1
    step: float = 0.05
    log: bool = False
    grows: bool = False


class Moved(NamedTuple):
    """What moving a lever is called on a change card, by its direction; {value} is the new number with its unit."""

    less: str
    more: str


class Counted(NamedTuple):
    """What a new number of somebody is called on a change card: "12 marketers", or spelled out "no liaison"."""

    one: str
    many: str
    spelled: bool = False


class Face(NamedTuple):
    """One lever as people meet it.

    label    its name in the panel, in a sentence with a small first letter
    code     its letter in a link; once given it stays with the lever, for links are kept for years
    group    of the panel
    flag     its name over the years to come, where room is short
    scale    None: it has modes in place of a slider
    change   what moving it is called; None: its label with the number, or with the mode
    unit     behind the number
    none     in place of the number 0
    named    levels with a name: from which value on, and which
    """

    label: str
    code: str
    group: str
    flag: str
    scale: Scale | None = Scale()
    change: Moved | Counted | None = None
    unit: str = ""
    none: str = ""
    named: tuple[tuple[float, str], ...] = ()


_TRUST = ((0, "distrust"), (0.2, "wary"), (0.4, "fair"), (0.6, "high"), (0.8, "full"))
_PLACES = (
    (0, "same room"), (8, "same floor"), (25, "other floor"), (60, "other wing"), (300, "other building"),
    (3000, "same city"), (50_000, "other city"),
)  # fmt: skip
_TALKS = (
    (0, "free"), (0.05, "a word"), (0.4, "a short talk"), (0.75, "a meeting"), (1.5, "a long meeting"),
    (3, "half a day"), (5, "a day"),
)  # fmt: skip
_WAITS = (
    (0, "at once"), (0.5, "next day"), (1.5, "same week"), (5, "a week"), (8, "two weeks"), (15, "a month"),
    (25, "six weeks"),
)  # fmt: skip


def _practice(label: str, code: str) -> Face:
    return Face(label, code, "practices", "practices", scale=None)


FACES = {  # in the panel's order
    "workforce.marketers": Face(
        "Marketers", "M", "people", "marketers", Scale(1, 40, 1, grows=True), Counted("marketer", "marketers")
    ),
    "workforce.salespeople": Face(
        "Salespeople", "S", "people", "salespeople", Scale(1, 60, 1, grows=True), Counted("salesperson", "salespeople")
    ),
    "liaison.count": Face(
        "Liaisons", "C", "people", "liaison", Scale(0, 6, 1, grows=True),
        Counted("liaison", "liaisons", spelled=True), none="none",
    ),
    "liaison.trust_marketing": Face(
        "Marketing trusts the liaison", "T", "people", "trust in liaison", Scale(),
        Moved("Marketing trusts the liaison less", "Marketing trusts the liaison more"), named=_TRUST,
    ),
    "liaison.trust_sales": Face(
        "Sales trusts the liaison", "U", "people", "trust in liaison", Scale(),
        Moved("Sales trusts the liaison less", "Sales trusts the liaison more"), named=_TRUST,
    ),
    "trust.initial": Face(
        "Trust at the start", "I", "people", "trust", Scale(),
        Moved("less trust at the start", "more trust at the start"), named=_TRUST,
    ),
    "distance.between_teams_m": Face(
        "Distance", "G", "place", "distance", Scale(2, 2_000_000, log=True),
        Moved("closer ({value})", "farther ({value})"), unit="m", named=_PLACES,
    ),
    "communication.cost_hours": Face(
        "Hours per contact", "H", "price", "price of talk", Scale(0, 4),
        Moved("cheaper talk", "dearer talk"), unit="h", named=_TALKS,
    ),
    "communication.delay_days": Face(
        "Decisions wait", "D", "price", "decisions", Scale(0, 30, 1),
        Moved("faster decisions", "slower decisions"), unit="d", named=_WAITS,
    ),
    "practices.rules": _practice("Rules of engagement", "R"),
    "practices.events": _practice("Joint events", "V"),
    "practices.meetings": _practice("Disciplined meetings", "E"),
    "practices.feedback_loop": _practice("Feedback loop", "F"),
    "practices.joint_planning": _practice("Joint planning, training", "J"),
    "practices.key_accounts": _practice("Key-account teams", "K"),
    "practices.shared_metrics": _practice("Shared rewards", "Q"),
    "practices.rotation": _practice("Rotation", "O"),
}  # fmt: skip


def served(face: Face) -> dict[str, object]:
    """A face as plain data, for the page."""
    scale, change = face.scale, face.change
    return {**face._asdict(), "scale": scale and scale._asdict(), "change": change and change._asdict()}
