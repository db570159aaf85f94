"""What happened, in sentences: one lead's way through the two teams, and each change of stage."""

from __future__ import annotations

import pandas as pd

from sim.model.firm import QUARTER
from sim.result.run_tables import ORIGINS

OWN = list(ORIGINS.values())[-1]


def lead_story(lead: dict, today: int, day_hours: float) -> list[str]:
    """One lead's history in sentences that begin with the day and a colon, from its row of the table of leads.

    `today` is the first day that has not happened; a working day has `day_hours`.
    """
    seller, marketer = lead["salesperson"] or "a salesperson", lead["marketer"] or "Marketing"
    about = f"segment {lead['segment'] + 1}, {lead['value']:.1f} k€ a year"
    own = lead["origin"] == OWN
    first = f"{seller} found this prospect" if own else f"an inquiry came in ({lead['origin']}) to {marketer}"
    told: list[tuple[int, str]] = [(lead["born"], f"{first}: {about}.")]

    def on(name: str, sentence: str) -> None:
        if not pd.isna(lead[name]):
            told.append((int(lead[name]), sentence))

    if not own:
        told += _answer(lead, today, day_hours)
        on("qualified", f"qualified by {marketer} after {_number(lead['touches'], 'touch', 'touches')} in all.")
        asked = ", as the prospect had asked" if lead["asked"] else ""
        on("handed", f"handed to {seller} with {_notes(lead['context'])}{asked}.")
        if lead["returned"]:  # on a day that is not kept: after the handoff, instead of a call
            known = (int(lead[name]) for name in ("tried", "ended") if not pd.isna(lead[name]))
            told.append((next(known, today), "by then it had been sent back with a reason, and nurtured once more."))
        on("tried", f"{seller} called{_wait(lead['handed'], lead['tried'])}.")
    on("opened", f"it became an opportunity{_extras(lead)}.")
    if pd.isna(lead["ended"]):
        told.append((today, f"still open ({lead['state']})."))
    else:
        told.append((int(lead["ended"]), _end(lead["fate"])))
    told.sort(key=lambda each: each[0])  # stable: things of one day stay in their order
    return [f"{_when(day)}: {sentence}" for day, sentence in told]


def _when(day: int) -> str:
    return f"Day {day}" if day >= 0 else f"{_number(-day, 'day', 'days')} before day 0"


def _end(fate: str) -> str:
    if fate == "never answered":
        return "lost: there was nobody to answer it."
    if fate == "answered too late":
        return "lost: by then it had gone to a rival."
    return "won." if fate == "won" else f"lost: {fate.replace(': ', ', ')}."


def _answer(lead: dict, today: int, day_hours: float) -> list[tuple[int, str]]:
    """The first answer, on the day after as many whole working days as it took, if it came to that."""
    hours, born = lead["answer_hours"], int(lead["born"])
    if pd.isna(hours):  # such an inquiry is lost on the day on which it comes
        return []
    day = born + 1 + int(hours / day_hours)
    if day >= today or (not pd.isna(lead["ended"]) and day > lead["ended"]):
        return []
    long = f"{hours:.1f} working hours" if hours < day_hours else _number(day - born, "day", "days")
    return [(day, f"first answered after {long}.")]


def _notes(context: float) -> str:
    amount = "few notes" if context < 1 / 3 else "some notes" if context < 2 / 3 else "full notes"
    return f"{amount} ({context:.0%} of what was known)"


def _wait(handed: object, tried: object) -> str:
    if pd.isna(handed) or pd.isna(tried):
        return ""
    days = int(tried) - int(handed)
    return " the same day" if days <= 0 else f", {_number(days, 'day', 'days')} after the handoff"


def _extras(lead: dict) -> str:
    texts = {"joined": "a marketer in the deal", "material": "Marketing's material", "special": "special terms"}
    said = [text for name, text in texts.items() if lead[name]]
    return f" with {', '.join(said)}" if said else ""


def _number(n: int, one: str, many: str) -> str:
    return f"{int(n)} {one if int(n) == 1 else many}"


def stage_changes(quarters: pd.DataFrame, audit: pd.DataFrame, most: int = 3) -> list[dict]:
    """Each change of the stage that counts, with the audit items that moved most.

    A stage counts after two quarters in its band, so the items are compared
    between the quarter of the change and the last quarter whose score was still
    in the band left behind.
    """
    found = []
    both = audit[audit["side"] == "both"]
    stages, bands, names = (quarters[c].tolist() for c in ("stage", "band", "stage_name"))
    for now in range(1, len(stages)):
        if stages[now] == stages[now - 1]:
            continue
        old = next((q for q in range(now - 1, -1, -1) if bands[q] == stages[now - 1]), now - 1)
        items = _moved(both, old + 1, now + 1, rising=stages[now] > stages[now - 1])[:most]
        found.append({
            "day": (now + 1) * QUARTER,
            "quarter": now + 1,
            "from": names[now - 1],
            "to": names[now],
            "compared_with": old + 1,
            "items": items,
            "sentence": _sentence(now + 1, names[now - 1], names[now], old + 1, items),
        })  # fmt: skip
    return found


def _moved(both: pd.DataFrame, old: int, new: int, rising: bool) -> list[dict]:
    """Audit items by how far they moved, those that moved the way of the stage first."""
    before = both[both["quarter"] == old].set_index("item")
    after = both[both["quarter"] == new].set_index("item")
    moved = (after["score"] - before["score"]) * (1 if rising else -1)
    order = moved[moved > 0].sort_values(ascending=False, kind="stable").index
    return [{"item": int(i), "statement": after.at[i, "statement"], "before": int(before.at[i, "score"]),
             "after": int(after.at[i, "score"])} for i in order]  # fmt: skip


def when(quarter: int) -> str:
    """A quarter's number as people say it.

    >>> when(7)
    'year 2, quarter 3'
    """
    return f"year {(quarter - 1) // 4 + 1}, quarter {(quarter - 1) % 4 + 1}"


def _sentence(quarter: int, old: str, new: str, compared: int, items: list[dict]) -> str:
    head = f"{when(quarter).capitalize()} (day {quarter * QUARTER}): from {old} to {new}"
    if not items:
        return f"{head}; no single statement moved that way since quarter {compared}."
    moved = "; ".join(f"{i['item']} “{i['statement'].rstrip('.')}” {i['before']} → {i['after']}" for i in items)
    return f"{head}. What moved most: {moved}."
