"""The audit as a form for a firm's people: one file, no network; an answer is a small file that somebody sends back."""

from __future__ import annotations

import base64
import hashlib
from html import escape

from sim.model.audit import STATEMENTS

STYLE = """@page { size: A4; margin: 11mm 13mm }
* { box-sizing: border-box }
body { font: 11pt/1.35 sans-serif; max-width: 56em; margin: 1.5em auto; padding: 0 1em; color: #111; background: #fff }
h1 { font-size: 17pt; margin: 0 0 .3em } p { margin: .35em 0 }
.row { border-top: 1px solid #bbb; padding: .4em 0; display: grid; grid-template-columns: 1fr auto; gap: 0 1.2em;
align-items: center } .scale { display: flex; gap: .3em }
.scale label { display: inline-flex; flex-direction: column; align-items: center; min-width: 2.2em; padding: .15em;
border-radius: .3em; font-size: 9.5pt } .scale label.none { min-width: 4.8em; color: #444 }
label:hover { background: #eee } .side .scale { gap: 1.4em } .side .scale label { flex-direction: row; gap: .4em }
input:focus-visible, button:focus-visible { outline: 3px solid #0072b2; outline-offset: 2px }
button { font: inherit; padding: .5em 1em; border: 1px solid #111; border-radius: .3em; background: #111; color: #fff;
cursor: pointer; margin: .8em 0 .3em } [role=status] { min-height: 1.4em } .paper { display: none }
@media (max-width: 40em) { .row { display: block } .scale { margin-top: .3em; flex-wrap: wrap } }
@media print { body { font-size: 9pt; line-height: 1.25; margin: 0; max-width: none; padding: 0 }
h1 { font-size: 14pt } .row { padding: .45em 0; break-inside: avoid } .scale label { font-size: 8pt; padding: 0 }
.screen { display: none !important } .paper { display: block } }"""
SCRIPT = """'use strict';
const form = document.querySelector('form'), status = document.querySelector('[role=status]');
const id = Array.from(crypto.getRandomValues(new Uint8Array(8)), (x) => x.toString(16).padStart(2, '0')).join('');
const given = (name) => form.querySelector(`input[name="${name}"]:checked`)?.value ?? '';
const numbers = Array.from({ length: COUNT }, (_, k) => k + 1);
const count = () => numbers.filter((n) => given('q' + n)).length;
form.addEventListener('change', () => { status.textContent = `${count()} of ${COUNT} answered`; });
form.addEventListener('submit', (event) => {
  event.preventDefault();
  if (!given('side')) { status.textContent = 'Say first which team you work in.';
    form.querySelector('input[name=side]').focus(); return; }
  if (!count()) { status.textContent = 'Nothing is answered yet.'; return; }
  const text = ['who,side,' + numbers.join(','), [id, given('side'), ...numbers.map((n) => given('q' + n))].join(',')];
  const link = document.createElement('a');
  link.href = 'data:text/csv;charset=utf-8,' + encodeURIComponent(text.join('\\n') + '\\n');
  link.download = `audit-answer-${given('side')}-${id.slice(0, 8)}.csv`;
  link.click();
  status.textContent = `Saved: ${link.download}. Send this file to whoever asked you; nothing was sent by itself.`;
});
"""
SCALE = ((1, "never"), (2, ""), (3, "at times"), (4, ""), (5, "always"))


def form(title: str = "") -> str:
    """The form as HTML: works from disk, loads and sends nothing, one sheet of A4 when printed.

    title   what the firm is called on it; nothing: no name
    """
    script = SCRIPT.replace("COUNT", str(len(STATEMENTS)))
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    rows = "\n".join(_statement(n, statement.text) for n, statement in enumerate(STATEMENTS, 1))
    of = f" of {escape(title)}" if title else ""
    policy = f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; form-action 'none'"
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<title>How Marketing and Sales work together</title><style>{STYLE}</style></head><body>
<main><h1>How Marketing and Sales{of} work together</h1>
<p>Twenty statements, ten minutes. Say how true each has been in the last three months, as far as you saw it: 1 never,
5 always. What you cannot judge, leave open: it does not count as 1. Nobody is named, nothing is sent by itself, and a
team's answers are shown only from five people on.</p>
<form novalidate>
<div class="row side" role="radiogroup" aria-labelledby="team"><strong id="team">Your team</strong><div class="scale">
<label><input type="radio" name="side" value="marketing"> Marketing</label>
<label><input type="radio" name="side" value="sales"> Sales</label></div></div>
{rows}
<div class="screen"><button type="submit">Save my answers as a file</button>
<p role="status" aria-live="polite"></p></div>
<p class="paper">On paper: one circle a line. Whoever collects the sheets types a line a sheet into a table with the
columns side, 1, 2, … 20.</p>
</form></main>
<script>{script}</script></body></html>
"""


def _statement(n: int, text: str) -> str:
    choices = "".join(
        f'<label><input type="radio" name="q{n}" value="{value}"'
        f"{f' aria-label={chr(34)}{value}, {word}{chr(34)}' if word else ''}> {value}</label>"
        for value, word in SCALE
    )
    none = f'<label class="none screen"><input type="radio" name="q{n}" value=""> can\'t say</label>'
    said = f'<span id="t{n}">{n}. {escape(text)}</span>'
    scale = f'<div class="scale">{choices}{none}</div>'
    return f'<div class="row" role="radiogroup" aria-labelledby="t{n}">{said}{scale}</div>'
