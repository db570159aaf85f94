"""The audit as a picture: what Marketing and Sales each say to twenty statements, by what they ask about."""

from __future__ import annotations

from matplotlib.axes import Axes

from sim.errors import InputError
from sim.figures import captions, imprint, look, numbers
from sim.figures.frame import framed
from sim.figures.look import MARKETING, SALES, SALES_TEXT, SOFT
from sim.result import past_market, titled

ROW, LINE, HEAD = 15.0, 10.5, 17.0  # points of the page: a statement, each further line of it, a construct's name
WIDEST = 373.0  # points of the page that statements may take
ON_A_SLIDE = 7  # as many statements as can be read on a slide: those that the sides differ most about
SCALE = 78.0  # points of the page that the scores keep at least


def audit_plot(run, quarter: int | None = None) -> Axes:
    """Draw the 20 statements as Marketing (square) and Sales (circle) score them, by what they ask about.

    On a slide, only those few that the two sides score most differently.

    Parameters
    ----------
    run
        A finished run of at least one quarter.
    quarter
        Which quarter, counted from 1; the last one if not given.

    Raises
    ------
    InputError
        The run has no such quarter.
    """
    n = len(run.quarters)
    quarter = n if quarter is None else quarter
    if not 1 <= quarter <= n:
        raise InputError(f"quarter {quarter}: this run has {captions.plural(n, 'whole quarter')}")
    table = run.audit[run.audit["quarter"] == quarter]
    side = {name: rows.set_index("item") for name, rows in table.groupby("side", sort=False)}
    m, s = side["Marketing"], side["Sales"]
    total_m, total_s = float(m["score"].sum()), float(s["score"].sum())
    apart = (m["score"] - s["score"]).abs()
    title = f"Marketing gives {total_m:.0f}, Sales {total_s:.0f} of 100"
    if apart.max() > 0:
        title += f"; furthest apart on statement {int(apart.idxmax())}"
    with look.drawing():
        now = look.style()
        shown = list(m.index) if now.height is None else list(apart.sort_values(kind="stable").index[-ON_A_SLIDE:])
        about = f"{titled(run.scenario)}, market {run.seed:,}{past_market(run)}, quarter {quarter}. "
        if len(shown) < len(m):
            about += f"The {captions.count(len(shown))} of {len(m)} statements they differ most about. "
        about += "1 is never, 5 always; hollow: that side saw nothing to judge by."
        axes = _draw(m, s, shown, title, about)
        told = imprint.Told(
            "audit", title, about, (imprint.scenario_record(run.scenario),), (run.seed,), imprint.market_of(run),
            options={"quarter": quarter, **imprint.life_options(run)}, data=numbers.of_audit(m, s),
            made=imprint.made_of(run),
        )  # fmt: skip
        imprint.attach(axes.figure, told)
    return axes


def _constructs(shown) -> dict[str, list[int]]:
    """The statements by what they ask about: construct to items, counted from 1."""
    from sim.model.audit import STATEMENTS  # compiled rules: only for whoever draws an audit

    found: dict[str, list[int]] = {}
    for item, statement in enumerate(STATEMENTS, 1):
        if item in shown:
            found.setdefault(statement.construct, []).append(item)
    return found


def _draw(m, s, shown: list[int], title: str, about: str) -> Axes:
    now = look.style()
    size = now.type(8)
    longest = max(look.text_width(f"{item}  {text}", size) for item, text in m["statement"].items())
    room = min(longest, now.length(WIDEST - 14), now.width - 2 * now.side - now.length(SCALE + 14))
    left, right = now.side + room + now.length(14), now.width - max(now.side, now.length(4))
    constructs = _constructs(shown)
    said = {item: _lines(f"{item}  {m.loc[item, 'statement']}", room) for item in shown}
    tall = HEAD * len(constructs) + sum(ROW + LINE * (len(lines) - 1) for lines in said.values())

    axes = framed(now.length(tall), title, about, left, right, foot=30)
    axes.grid(False)
    axes.set(xlim=(0.8, 5.2), ylim=(-tall, 0), yticks=[])
    axes.set_xticks([1, 2, 3, 4, 5], ["1", "2", "3", "4", "5"])
    axes.axvline(3, color=look.HAIR, linewidth=now.line(0.7), zorder=0)

    def say(y: float, text: str, **how) -> None:
        axes.annotate(text, (0, y), (now.side - left, 0), xycoords=("axes fraction", "data"),
                      textcoords="offset points", **how)  # fmt: skip

    y = 0.0  # in points of the page, as all heights here
    for construct, items in constructs.items():
        say(y - 13, construct, fontweight="bold")
        y -= HEAD
        for item in items:
            for k, line in enumerate(said[item]):
                say(y - 10 - LINE * k, line, fontsize=size, color=SOFT)
            further = LINE * (len(said[item]) - 1)
            _scores(axes, y - 7.5 - further / 2, m.loc[item], s.loc[item])
            y -= ROW + further
    _key(axes)
    return axes


def _lines(text: str, room: float) -> list[str]:
    """A statement in lines: one on the page, cut where it is too long; elsewhere as many as it takes."""
    now = look.style()
    if now.name == "page":
        return [look.shortened(text, room, now.type(8))]
    return look.wrapped(text, room, now.type(8)).split("\n")


def _scores(axes: Axes, y: float, m, s) -> None:
    """Both sides' scores of one statement on a rail from 1 to 5."""
    now = look.style()
    scores = (m["score"], s["score"])
    axes.plot([1, 5], [y, y], color=look.HAIR, linewidth=now.line(0.7), zorder=0)
    axes.plot(scores, [y, y], color=look.EDGE, linewidth=now.line(2.2), zorder=1)
    off = 2.6 if scores[0] == scores[1] else 0.0  # equal scores stand one over the other
    for row, mark, colour, lift in ((m, "s", MARKETING, off), (s, "o", SALES, -off)):
        seen = float(row["know"]) > 0
        axes.plot(row["score"], y + lift, mark, markersize=now.length(6.2), color=colour, zorder=3,
                  markerfacecolor=colour if seen else "white", markeredgecolor=colour,
                  markeredgewidth=now.line(1))  # fmt: skip


def _key(axes: Axes) -> None:
    """Which mark is whose, above the rails."""
    now, x, wide = look.style(), 1.0, look.axes_width(axes)
    lift = 1 + now.length(5) / look.axes_height(axes)
    for name, mark, colour, ink in (("Sales", "o", SALES, SALES_TEXT), ("Marketing", "s", MARKETING, MARKETING)):
        x -= (look.text_width(name) + now.length(8)) / wide
        axes.plot(x, lift, mark, transform=axes.transAxes, color=colour, markersize=now.length(6), clip_on=False)
        axes.annotate(name, (x, lift), (now.length(6), now.length(-3)), xycoords="axes fraction",
                      textcoords="offset points", color=ink)  # fmt: skip
        x -= now.length(14) / wide
