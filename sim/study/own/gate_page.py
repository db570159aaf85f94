"""The gate as one page that opens from the disk: a line a step, the own number on the band of the simulated firms."""

from __future__ import annotations

from html import escape

from sim.study.own.accepted import ANSWERS, Gate
from sim.study.own.gate import Look, Step, shown

WIDE, TALL, FARTHEST = 300, 26, 2.6  # of a step's picture; half bands to each side that it shows
STYLE = """@page { size: A4; margin: 16mm } body { font: 15px/1.45 sans-serif; max-width: 60em; margin: 2em auto;
padding: 0 1em; color: #1a1a1a } h1 { font-size: 1.5em; margin-bottom: .2em } .lead { font-size: 1.1em }
table { border-collapse: collapse; width: 100%; margin: 1em 0 } td, th { border-bottom: 1px solid #ccc;
padding: .35em .6em .35em 0; text-align: right; white-space: nowrap } td:first-child, th:first-child,
td:last-child, th:last-child { text-align: left } td svg { display: block }
.wide { overflow-x: auto }
.out td:first-child { font-weight: bold } code { background: #f0f0f0; padding: 0 .2em } .soft { color: #595959 }"""


def gate_page(look: Look, gate: Gate | None, name: str) -> str:
    """The page as HTML without scripts, links or names of people; `name` is the folder's.

    The band is drawn from the 5 % to the 95 % of the simulated firms, each side on its own scale, so that its ends lie
    under each other; the own number is a dot, filled inside of the band and hollow outside.
    """
    rows = "\n".join(_row(step) for step in look.steps)
    numbers = (
        "the fitted numbers, each market with another set of them" if look.fitted else "numbers that are not fitted"
    )
    body = (
        f"""<div class="wide" tabindex="0"><table>
<tr><th>step</th><th>your firm</th><th>simulated</th><th>nine in ten of them</th><th>off</th>
<th>band, and where you are</th></tr>
{rows}</table></div>
<p class="soft">“off” counts half bands from the middle: beyond 1 you lie outside. Your firm is shown by the half of its
leads and opportunities that no number was fitted to, counts a month doubled. Days until a step are geometric means,
since waits are skewed: medians differ.</p>"""
        if look.steps
        else ""
    )
    return f"""<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Does this look like you?</title><style>{STYLE}</style>
<h1>Does this look like you?</h1>
<p class="lead">{escape(look.sentence())}.</p>
<p class="soft">{look.runs} simulated firms with your people over {look.days} working days, by {numbers}.{_money(look)}
</p>
{body}
<p>{escape(verdict_said(gate))}</p>
<p>To say what you think, type one of these:<br>
<code>baton gate {escape(name)} --accept --name "…"</code> it looks like us: what-ifs may be run<br>
<code>baton gate {escape(name)} --adjust --name "…" --note "…"</code> something must be put right first<br>
<code>baton gate {escape(name)} --stop --name "…" --note "…"</code> the model is not for us</p>
</html>
"""


def _money(look: Look) -> str:
    return "".join(f" {said}." for said in (books_said(look), money_said(look) if look.broke else "") if said)


def books_said(look: Look) -> str:
    """How many customers and how much revenue the simulated firms have after a quarter: in no export, in the books."""
    if not look.books:
        return ""
    unit = next((step.unit for step in look.steps if step.name == "value"), "k€")
    (few, some, many), (low, middle, high) = look.books["customers"], look.books["revenue"]
    return (f"After a quarter the simulated firms have {some:,.0f} customers ({few:,.0f} to {many:,.0f}) who pay "
            f"{middle:,.0f} {unit} a year ({low:,.0f} to {high:,.0f}). Your exports do not tell that, your books do: "
            "if it is not you, say so (baton import --customers, or customers.per_rep in firm.toml; there too "
            "market.value), else no money of a what-if is yours")  # fmt: skip


def money_said(look: Look) -> str:
    """How often the money ran out, where it did."""
    return (f"In {look.broke} of {look.runs} the money runs out: what a seat costs, what is in the till and what an "
            "opportunity is worth a year are not in your exports (money.seat_cost, money.start_cash, market.value in firm.toml)")  # noqa: E501  # fmt: skip


def verdict_said(gate: Gate | None) -> str:
    """What was said of the firm so far, in a sentence."""
    if gate is None:
        return "Nobody has said yet whether it does; until then no what-if is run but a brief, and that shows no money."
    note = f": “{gate.note}”" if gate.note else ""
    if not gate.current:
        return f"{gate.name} said on {gate.date} that it is {ANSWERS[gate.answer]}{note}; import or fit have changed since, so it counts no more."  # noqa: E501
    return f"{gate.name} said on {gate.date}: {ANSWERS[gate.answer]}{note}."


def _row(step: Step) -> str:
    cells = [shown(step, step.own), shown(step, step.middle), f"{shown(step, step.low)} to {shown(step, step.high)}",
             f"{step.off:+.1f}" if abs(step.off) < 100 else "far"]  # fmt: skip
    mark = "" if step.inside else ' class="out"'
    return f"<tr{mark}><td>{escape(step.name)}</td>{''.join(f'<td>{escape(each)}</td>' for each in cells)}<td>{_picture(step)}</td></tr>"  # noqa: E501


def _picture(step: Step) -> str:
    def x(off: float) -> float:
        return WIDE / 2 + max(min(off, FARTHEST), -FARTHEST) / FARTHEST * (WIDE / 2 - 8)

    y, off = TALL / 2, step.off if step.off == step.off else 0.0
    fill = "#D55E00" if step.inside else "white"
    said = f"{step.name}: you {shown(step, step.own)}, simulated {shown(step, step.low)} to {shown(step, step.high)}"
    return (f'<svg width="{WIDE}" height="{TALL}" role="img" aria-label="{escape(said)}">'
            f'<rect x="{x(-1):.1f}" y="{y - 6}" width="{x(1) - x(-1):.1f}" height="12" fill="#c9d6e2"/>'
            f'<line x1="{x(0):.1f}" x2="{x(0):.1f}" y1="{y - 9}" y2="{y + 9}" stroke="#0072B2" stroke-width="2"/>'
            f'<circle cx="{x(off):.1f}" cy="{y}" r="5" fill="{fill}" stroke="#D55E00" stroke-width="2"/>'
            "</svg>")  # fmt: skip
