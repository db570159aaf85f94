"""Results in words and plain tables, for a terminal: what `baton` prints, before any colour."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable

from sim.cli.layout import Table
from sim.result import past_market, titled
from sim.result.outcomes import BUILT_IN, CONTRIBUTION, EQUITY, GAIN, KNOWN, NET_VALUE
from sim.result.stories import OWN
from sim.study.intervals import FEW, band, band_name

NUMERALS = ("", "I", "II", "III", "IV")
LEGEND = "I undefined · II defined · III aligned · IV integrated"
LIMIT = "How fast real firms move between stages is not known; what else Baton cannot say: docs/reference/limits.md."
HOURS = {
    "hours_contact": "contacts about work",
    "hours_dispute": "disputes",
    "hours_meeting": "agreed ways of working",
    "hours_liaison": "liaisons",
    "hours_deals": "opportunities",
    "hours_leads": "leads handed off",
    "hours_craft": "marketing craft, own prospecting",
    "hours_support": "work to the other team's order",
    "hours_admin": "administration",
}
TITLES = {
    "revenue": "revenue",
    "revenue_last_year": "  in the last year",
    "new_business": "new business",
    "contribution": "contribution",
    "equity_change": "change in customer equity",
    "net_value": "net value",
    "customer_value": "customers' own gain",
    "score": "audit score",
    "share_undefined": "quarters undefined",
    "share_defined": "quarters defined",
    "share_aligned": "quarters aligned",
    "share_integrated": "quarters integrated",
    "followed_up": "leads followed up",
    "contacts_per_head": "contacts a head and week",
    "disputes": "contacts about a complaint",
}
# The date that says a lead had come to the step where it met this fate; the others meet theirs at the first.
CAME = {"answered too late": "answer_hours", "not qualified": "answer_hours", "never called": "handed",
        "called: not worth it": "tried", "called: not interested": "tried", "deal lost": "opened",
        "won": "opened"}  # fmt: skip
# Said under tables of money: words that are easily taken for others.
TERMS = (
    "Revenue: what active contracts pay, day by day. New business: the first year of contracts signed with new "
    f"customers; renewals do not count. Contribution: {CONTRIBUTION}. Customer equity: {EQUITY}. "
    f"Net value: {NET_VALUE}. {GAIN[:1].upper()}{GAIN[1:]}."
)
SHARES = (
    "Selling and marketing: what a new euro costs, times new business over revenue. Growth of recurring revenue: net "
    "retention less 100 %, and new contracts. R&D, G&A and service: assumed, the same share of revenue for every plan; "
    "they stand in no other number, and what is left after them is told here alone."
)
ALL = (
    "95 %: each interval by itself; of {n} independent ones as here, one or more would miss in {miss} of 100 tables.\n"
    "all *: the difference stands when all {n} are asked at once (Holm, 95 %). Shares, scores and contacts have an "
    "interval from {few} markets on, if the markets differ."
)
SAVED = (
    "saved: how many times more markets it would take if they were not the same. Below 1 the same markets tell less "
    "than different ones would: what is good luck for one is bad luck for the other."
)
PERCENT = tuple(name for name in TITLES if name.startswith("share_")) + ("followed_up", "disputes")


def number(value: float, digits: int = 0) -> str:
    """A number for people; what is unknown is a dash.

    >>> number(-1234.5), number(float("nan")), number(0.04, 1), number(-0.2)
    ('−1,234', '–', '0.0', '0')
    """
    if value is None or math.isnan(value):
        return "–"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    text = f"{value:,.{digits}f}"
    return text.lstrip("-") if not text.strip("-0.,") else text.replace("-", "−")


def percent(value: float) -> str:
    """A share 0..1 in percent."""
    return "–" if value is None or math.isnan(value) else f"{number(100 * value)} %"


def outcome(name: str, value: float, signed: bool = False) -> str:
    """One outcome's number in the form that suits it; `signed` writes differences, shares in points."""
    if name in PERCENT:
        text = f"{number(100 * value, 1)} pts" if signed and not math.isnan(value) else percent(value)
    else:
        text = number(value, 2 if name == "contacts_per_head" else 1 if name == "score" else _digits(name, value))
    return f"+{text}" if signed and value > 0 and text.strip("0.% pts") else text


def _digits(name: str, value: float) -> int:
    """Decimals of an outcome: Baton's own are whole numbers, of others three figures are told."""
    small = name not in BUILT_IN and 0.0 < abs(value) < 100.0
    return min(max(2 - math.floor(math.log10(abs(value))), 0), 6) if small else 0


def title_of(name: str) -> str:
    """What an outcome is called; of one that Baton does not know by heart its unit stands beside it."""
    return TITLES[name] if name in TITLES else f"{name.replace('_', ' ')}, {KNOWN[name].unit}"


def own_table(run) -> list[Table]:
    """The user's own outcomes of a run, if there are any."""
    rows = [(title_of(name), outcome(name, value)) for name, value in run.outcomes().items() if name not in BUILT_IN]
    return [Table("Outcomes of your own", ("", "the run"), rows)] if rows else []


def years(days: int) -> str:
    """How long a run was.

    >>> years(1300), years(260), years(300)
    ('5 years', '1 year', '300 days')
    """
    whole = days // 260
    return f"{days:,} days" if days % 260 else f"{whole} year{'' if whole == 1 else 's'}"


def headline(run) -> str:
    """What was run, in one line."""
    title = titled(run.scenario) or run.name
    return f"{title}. Market {run.seed}{past_market(run)}, {years(run.days)}."


def strip(stages: list[int], room: int = 80) -> list[str]:
    """The stage of every quarter as roman numerals, a group a year.

    >>> print("\\n".join(strip([1, 1, 1, 2, 2])))
    year 1      year 2
    I  I  I  II II
    """
    width = max((len(NUMERALS[s]) for s in stages), default=1) + 1
    year = max(4 * width, 9)
    a_line = max(1, room // year)
    lines = []
    for first in range(0, len(stages), 4 * a_line):
        part = stages[first : first + 4 * a_line]
        groups = [part[i : i + 4] for i in range(0, len(part), 4)]
        heads = [f"year {first // 4 + i + 1}" for i in range(len(groups))]
        cells = ["".join(NUMERALS[s].ljust(width) for s in group) for group in groups]
        lines += ["".join(h.ljust(year) for h in heads).rstrip(), "".join(c.ljust(year) for c in cells).rstrip()]
    return lines


def stage_part(run) -> list[str]:
    """The strip, its legend, and a sentence for every change of stage."""
    stages = [int(s) for s in run.quarters["stage"]]
    if not stages:
        return ["No audit yet: the first is after 65 days."]
    said = [line for each in run.stage_changes() for line in _change(each)] or ["The stage did not change."]
    return ["Stage by quarter", *strip(stages), LEGEND, "", *said]


def _change(each: dict) -> list[str]:
    """One change of stage, an audit item a line."""
    head, _, _ = each["sentence"].partition(" What moved most:")
    items = [f"    {i['item']:>2}  {i['before']} → {i['after']}  {i['statement']}" for i in each["items"]]
    return [head + (" What moved most:" if items else ""), *items]


def money_table(run) -> Table:
    """Revenue, new business, contribution, the change in customer equity and the customers' own gain, by year."""
    summary = run.summary()
    names = ("revenue", "new_business", "contribution", "equity_change", "customer_value")
    rows = [
        (f"{year}" if row["days"] == 260 else f"{year} ({row['days']} days)", *(number(row[n]) for n in names),
         row["stage"] or "–")
        for year, row in summary.iterrows()
    ]  # fmt: skip
    rows.append(("all", *(number(summary[n].sum()) for n in names), ""))
    columns = ("year", "revenue", "new business", "contribution", "customer equity", "customers' gain", "ends")
    return Table("Money by year, k€, not discounted; customer equity: its change", columns, rows, (0, 6), True)


def net_value_line(run) -> str:
    """The run's net value with its parts, and the end of the firm if it came."""
    value, change = run.net_value, run.net_value.closing - run.net_value.opening
    line = (
        f"Net value of the run, discounted to day 0: {number(value.total)} k€. That is contribution "
        f"{number(value.contribution)} and customer equity {number(change)}, from {number(value.opening)} on day 0 to "
        f"{number(value.closing)} on the last day."
    )
    return line if run.broke is None else f"The money ran out on day {run.broke}: the firm ended there.\n{line}"


def ratios_table(run) -> Table:
    """What selling and marketing cost of revenue, whether customers stay, and what is assumed for all else, by year."""
    shares = ("selling_marketing", "net_retention", "growth", "overhead", "left")
    rows = []
    for year, row in run.ratios.iterrows():
        spent, *rest = (percent(row[name]) for name in shares)
        rows.append((f"{year}", spent, f"{number(row['per_new_euro'], 2)} €", *rest))
    columns = ("year", "selling, marketing", "for a new €", "net retention", "growth", "R&D, G&A, service", "left")
    return Table("Shares of revenue, and of the recurring revenue with which the year began", columns, rows)


def fate_table(run) -> Table:
    """How the leads ended, Marketing's and the salespeople's own: of all, and of those who came so far."""
    leads = run.leads
    own = leads["origin"] == OWN
    parts = (leads[~own]["fate"].value_counts(), leads[own]["fate"].value_counts())
    sums = [int(p.sum()) for p in parts]
    order = sorted(set(parts[0].index) | set(parts[1].index), key=lambda fate: -int(parts[0].get(fate, 0)))
    rows = []
    for fate in order:
        counts = [int(p.get(fate, 0)) for p in parts]
        cells = [(f"{n:,}", percent(n / s if s else math.nan)) for n, s in zip(counts, sums, strict=True)]
        came = int(leads[~own][CAME[fate]].notna().sum()) if fate in CAME else sums[0]
        so_far = "" if fate == "open" else percent(counts[0] / came if came else math.nan)
        rows.append((fate, *cells[0], so_far, *cells[1]))
    rows.append(("all", f"{sums[0]:,}", "", "", f"{sums[1]:,}", ""))
    columns = ("", "Marketing's", "of all", "of those so far", "reps' own", "of all")
    return Table("Leads by fate; of those so far: of the leads that came to the step where these ended",
                 columns, rows, total=True)  # fmt: skip


def hours_table(run) -> Table:
    """Where the hours went, a head and week."""
    weeks = float(run.daily["people"].sum()) / 5.0
    sums = {text: float(run.daily[name].sum()) for name, text in HOURS.items()}
    all_hours = sum(sums.values())
    rows = [
        (text, number(hours / weeks if weeks else math.nan, 2), percent(hours / all_hours if all_hours else math.nan))
        for text, hours in sums.items()
    ]
    rows.append(("all", number(all_hours / weeks if weeks else math.nan, 2), ""))
    return Table("Hours by use", ("", "a head and week", "share"), rows, total=True)


def decisions_table(run) -> Table:
    """Product, promotion, placement and price: who decides, with whose input, how good, since when."""
    table, rows = run.decisions, []
    for name in table["decision"].drop_duplicates():
        part = table[table["decision"] == name]
        last, other = part.iloc[-1], "Sales" if part["led_by"].iloc[-1] == "Marketing" else "Marketing"
        since = f"{last['since']:,}" if part["since"].notna().iloc[-1] else "start"
        rows.append(
            (
                name,
                last["led_by"],
                f"{other}: {'yes' if last['heard'] else 'no'}",
                last["settled_by"],
                since,
                number(last["quality"], 2),
                percent(part["heard"].mean()),
                number(part["quality"].mean(), 2),
            )
        )
    columns = ("", "led by", "heard", "settled by", "since day", "quality", "heard in", "mean")
    title = "The four Ps, as they stand at the end; quality 0 to 1; of all quarters: heard in, and quality's mean"
    return Table(title, columns, rows, (0, 1, 2, 3, 4))


def account(run) -> list[str | Table]:
    """The readable account of one run."""
    question = [run.scenario.question] if run.scenario.question else []
    decided = [decisions_table(run)] if len(run.quarters) else []
    return ["\n".join([headline(run), *question]), "\n".join(stage_part(run)), money_table(run),
            f"{net_value_line(run)}\n{TERMS}", ratios_table(run), SHARES, *decided, fate_table(run),
            hours_table(run), *own_table(run)]  # fmt: skip


def markets_named(seeds: list[int]) -> str:
    """How many markets, and which.

    >>> markets_named([10]), markets_named([0, 1, 2]), markets_named([3, 7])
    ('market 10', '3 markets (0 to 2)', '2 markets (3, 7)')
    """
    if len(seeds) == 1:
        return f"market {seeds[0]}"
    run_on = seeds == list(range(seeds[0], seeds[0] + len(seeds)))
    which = f"{seeds[0]} to {seeds[-1]}" if run_on else ", ".join(map(str, seeds[:6])) + (", …" if seeds[6:] else "")
    return f"{len(seeds)} markets ({which})"


def markets_account(scenario, rows, stages: list[list[int]]) -> list[str | Table]:
    """The account of one scenario in many markets: medians, bands, stages at each year's end.

    `rows` is the table of `sim.many`, `stages` the stage of every quarter of each run.
    """
    n = len(rows)
    title = titled(scenario) or "Scenario"
    lines = []
    for name, text in TITLES.items():
        values = rows[name].dropna()
        low, middle, high = band(values) if len(values) else [math.nan] * 3
        lines.append((text + ("" if name in PERCENT or name in ("score", "contacts_per_head") else ", k€"),
                      *(outcome(name, each) for each in (middle, low, high))))  # fmt: skip
    called = band_name(n)
    edges = ("lowest", "highest") if called == "range" else ("10 %", "90 %")
    many = Table(f"{n} markets: medians and {called}s", ("", "median", *edges), lines)
    longest = max((len(each) for each in stages), default=0)
    ends = [min(q + 4, longest) for q in range(0, longest, 4)]
    year_rows = []
    for end in ends:
        there = [each[end - 1] for each in stages if len(each) >= end]
        label = f"{end // 4}" if end % 4 == 0 else f"quarter {end}"
        year_rows.append((label, *(str(there.count(stage)) for stage in (1, 2, 3, 4))))
    when = Table("Markets in each stage at the end of the year", ("year", *NUMERALS[1:]), year_rows)
    broke = int(rows["broke"].notna().sum())
    said = [f"The money ran out in {broke} of {n} markets."] if broke else []
    if scenario.sets:
        sets = len(scenario.sets)
        said.append(f"Each market takes one of {sets} sets of numbers that fit the firm: each {called} is of the "
                    "markets' luck and of that doubt.")  # fmt: skip
    head = f"{title}. {markets_named(rows['seed'].tolist())}, {years(int(rows['days'].max()))}."
    return [head, many, TERMS, when, LEGEND, *said]


def audit_account(run, quarter: int | None = None) -> list[str | Table]:
    """The 20 statements of one quarter's audit, as each side and both see them."""
    last = len(run.quarters)
    if not last:
        return [headline(run), "No audit yet: the first is after 65 days."]
    quarter = last if quarter is None else quarter
    rows = run.audit[run.audit["quarter"] == quarter]
    by_side = {side: part.set_index("item") for side, part in rows.groupby("side")}
    both, m, s = by_side["both"], by_side["Marketing"], by_side["Sales"]
    lines = [
        (str(i), both.at[i, "statement"], number(m.at[i, "score"], 1), number(s.at[i, "score"], 1),
         number(both.at[i, "score"]), _evidence(both.loc[i]), percent(m.at[i, "know"]), percent(s.at[i, "know"]))
        for i in both.index
    ]  # fmt: skip
    total = run.quarters.iloc[quarter - 1]
    lines.append(
        ("", "total", number(total["score_m"], 1), number(total["score_s"], 1), number(total["score"], 1), "", "", "")
    )
    columns = ("", "statement", "M", "S", "both", "counted", "M saw", "S saw")
    title = f"Audit of quarter {quarter} of {last}: 1 to 5, 1 without evidence"
    stage = f"Band of this quarter: {NUMERALS[int(total['band'])]}. Stage that counts: {total['stage_name']}."
    unseen = _unseen(m, s, both)
    key = (
        "counted: acts counted, of what there was occasion for; more than expected is possible.\n"
        "M Marketing, S Sales; saw: people of that side who could judge it. A side's score is drawn toward 1 by those "
        "who saw nothing, so both sides can lie below the score of all that happened; what two people do together "
        "counts once in total and on each side, so they can lie above it too.\n"
        "Bands: 20-39 I, 40-59 II, 60-79 III, 80-100 IV; a stage counts after two quarters in its band.\n"
        + LEGEND
        + "."
    )
    return [headline(run), Table(title, columns, lines, (1,), True), "\n".join([stage, *unseen, key])]


def _unseen(m, s, both) -> list[str]:
    """Why a statement's total lies above what both sides say: it happened, and few saw it."""
    return [
        f"Statement {i}: {number(both.at[i, 'score'], 1)} for all that happened, but {percent(m.at[i, 'know'])} of "
        f"Marketing and {percent(s.at[i, 'know'])} of Sales saw it; who did not says 1."
        for i in both.index
        if both.at[i, "score"] >= max(m.at[i, "score"], s.at[i, "score"]) + 1.0
    ]


def _evidence(row) -> str:
    def short(value: float) -> str:
        return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.2f}"

    return f"{short(row['count'])} of {short(row['base'])}" if row["base"] else "nothing"


def doubt_said(scenarios) -> list[str]:
    """Of fitted firms, of which mean the intervals are; of others nothing."""
    most = max((len(each.sets) for each in scenarios), default=0)
    said = (
        f"Each market takes one of {most} sets of numbers that fit the firm: intervals are of the mean over all of "
        "them, and narrow with more markets.\nWhere it would lie for another set that fits as well, a plan's brief "
        "tells (baton brief)."
    )
    return [said] if most else []


def comparison_account(pair) -> list[str | Table]:
    """A comparison as tables: one for each scenario beside the baseline."""
    table = pair.summary()
    same = "same leads in all" if len(pair.names) > 2 else "same leads in both"
    check = pair.market_check()
    head = f"{markets_named(pair.seeds)}, {years(pair.scenarios[0].days)}"
    head += f", {same} (market check: identical)" if check == "identical" else f" (market check: {check})"
    said = doubt_said(pair.scenarios)
    if pair.in_doubt:
        said = [f"Every two markets take a set of {len(pair.in_doubt)} guessed numbers out of their plausible ranges:\n"
                "intervals are of luck and of that doubt, and what is counted are sets."]  # fmt: skip
    parts: list[str | Table] = ["\n".join([head, *said]), *_levers(pair)]
    for name in pair.names[1:]:
        rows = []
        for key, row in table.loc[name].iterrows():
            cells = [outcome(key, row[c]) for c in ("baseline", "with_change")]
            cells += [outcome(key, row[c], True) for c in ("difference", "low", "high")]
            cells.append("*" if row["all_at_once"] < 0.05 else "")
            higher = "all same" if row["equal_in"] == row["n"] else f"{row['higher_in']} of {row['n']}"
            higher = higher if row["n"] else "no number"
            saved = f"×{number(row['saved'], 1)}" if math.isfinite(row["saved"]) else number(row["saved"])
            rows.append((title_of(key), *cells, higher, saved))
        columns = ("", pair.names[0], name, "difference", "95 % from", "to", "all", "higher in", "saved")
        parts += [
            Table(f"{name} against {pair.names[0]}, money in k€", columns, rows, spare=(8, 7)),
            _verdict(pair, table, name),
        ]
    if pair.until is not None:
        parts.append("\n".join(pair.until.sentences()))
    looked = int(table["all_at_once"].notna().sum())
    told = [ALL.format(n=looked, few=FEW, miss=round(100 - 100 * 0.95**looked))] if looked > 1 else []
    return [*parts, "\n".join([*told, SAVED, TERMS])]


def _levers(pair) -> list[str | Table]:
    """What differs between the scenarios of a comparison, and nothing else."""
    table = pair.levers()
    if not len(table):
        return ["Nothing differs between them."]
    rows = [(name, *(f"{v:g}" if isinstance(v, float) else str(v) for v in row)) for name, *row in table.itertuples()]
    return [Table("What differs; everything else is the same", ("", *pair.names), rows)]


def _verdict(pair, table, name: str) -> str:
    rows, n, what = table.loc[name], len(pair.seeds), "sets of numbers" if pair.in_doubt else "markets"
    if bool((rows["equal_in"] == rows["n"]).all()) and bool((rows["difference"].dropna() == 0).all()):
        return f"{name} and {pair.names[0]} are the same in every market: no outcome differs."
    row = rows.loc["net_value"]
    if math.isnan(row["low"]):
        return "One market says nothing about chance: use more (--seeds 30)."
    band = f"between {outcome('net_value', row['low'], True)} and {outcome('net_value', row['high'], True)} k€"
    n = int(row["n"]) if pair.in_doubt else n
    if row["low"] <= 0.0 <= row["high"]:
        return f"Net value: {n} {what}, {band}. We cannot tell these apart."
    higher = row["difference"] > 0
    k = row["higher_in"] if higher else row["n"] - row["higher_in"] - row["equal_in"]
    return f"Net value is {'higher' if higher else 'lower'} with {name} in {k} of {n} {what}: {band} (95 %)."


def as_data(run) -> dict:
    """The account of one run as plain data, for --json."""
    value, leads = run.net_value, run.leads
    own = leads["origin"] == OWN
    return {
        "scenario": run.scenario.title,
        "seed": run.seed,
        "before": dict(zip(("market", "days"), before, strict=True)) if (before := run.about.get("before")) else None,
        "days": run.days,
        "broke": run.broke,
        "hashes": {n: run.about[n] for n in ("scenario_hash", "market", "inputs", "state")},
        "stages": [int(s) for s in run.quarters["stage"]],
        "scores": [float(s) for s in run.quarters["score"]],
        "stage_changes": run.stage_changes(),
        "years": run.summary().reset_index().to_dict("records"),
        "accounts": run.accounts.reset_index().to_dict("records"),
        "ratios": run.ratios.reset_index().to_dict("records"),
        "net_value": value._asdict(),
        "outcomes": run.outcomes(),
        "leads_by_fate": {
            "marketing": {k: int(v) for k, v in leads[~own]["fate"].value_counts().items()},
            "own": {k: int(v) for k, v in leads[own]["fate"].value_counts().items()},
        },
        "hours": {name: float(run.daily[name].sum()) for name in HOURS},
        "decisions": run.decisions.astype({"since": object}).where(run.decisions.notna(), None).to_dict("records"),
    }


def reasons_by_kind(reasons: Iterable[str], most: int = 5) -> list[str]:
    """Why runs failed, the commonest first: reasons that differ in numbers only are one, told by its first case.

    >>> reasons_by_kind(["liaison.count = 9 is too many", "no cash", "liaison.count = 12 is too many"])
    ['  2 x liaison.count = 9 is too many (and the same with other numbers)', '  1 x no cash']
    """
    kinds: dict[str, list[str]] = {}
    for reason in reasons:
        kinds.setdefault(re.sub(r"(?<![\w.])[-+]?\d[\d,.]*(e[-+]?\d+)?", "#", reason), []).append(reason)
    ranked = sorted(kinds.values(), key=len, reverse=True)
    lines = [f"  {len(same):,} x {same[0]}{' (and the same with other numbers)' if len(set(same)) > 1 else ''}"
             for same in ranked[:most]]  # fmt: skip
    rest = sum(map(len, ranked[most:]))
    return lines + ([f"  {rest:,} for other reasons: see the column reason of the store"] if rest else [])
