"""By what a result was made: Baton's version, the rules' fingerprint, a day of the user's own, the libraries."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path

import sim
from sim.errors import tell
from sim.files import own_day
from sim.model import kernel

# Beside the rules themselves: how days follow each other, and what is made of them.
RECKONING = ("run.py", "result/outcomes.py")


@cache
def rules_fingerprint() -> str:
    """Twelve hex digits that change whenever a rule, or the reckoning of outcomes, changes."""
    seen = hashlib.sha256(kernel.rules_fingerprint().encode())
    for name in RECKONING:
        seen.update(name.encode() + (Path(__file__).parents[1] / name).read_bytes())
    return seen.hexdigest()[:12]


def made_by(step: Callable | None = None, lived: Iterable = ()) -> dict[str, str]:
    """What every run.toml, store, state, picture, replay and folder of tables says of its making.

    `baton` and `rules` (a fingerprint: another one, other numbers); `day` and
    `day_hash`, the name and the hash of the file, where the day was the user's
    own; `theory` and `theory_hash` of what was `lived` (scenarios, or theories) by
    another than the model's own, with commas between several; the libraries that numbers depend on.
    """
    by = (getattr(each, "own_theory", each) for each in lived)
    own = {each.digest: each.made for each in by if each is not None}
    theories = {key: ", ".join(each[key] for each in own.values()) for key in ("theory", "theory_hash") if own}
    made = {"baton": sim.__version__, "rules": rules_fingerprint(), **own_day.record(step)}
    return made | kernel.versions() | theories


def made_of(found: object) -> dict[str, str]:
    """By what a run, a store or a study of runs was made, where it says so."""
    return getattr(found, "made", None) or getattr(found, "about", {}).get("versions", {})


def other_rules(what: object, made: Mapping[str, str]) -> str:
    """Why today's rules cannot go on with something, or nothing: it does not say its rules, or they were others."""
    here, was = rules_fingerprint(), made.get("rules")
    if not was:
        return f"{what}: does not say by which rules it was made, so nothing can be held against it; make it anew"
    if was != here:
        return (f"{what}: was made by other rules ({was}, Baton {made.get('baton', '?')}) than these "
                f"({here}, Baton {sim.__version__}); go on with that version, or make it anew")  # fmt: skip
    return ""


def tell_other_rules(what: object, made: Mapping[str, str]) -> None:
    """Say of something that can be read as it is that it was made by other rules than these."""
    if (was := made.get("rules")) and was != rules_fingerprint():
        tell(f"{what}: was made by other rules ({was}, Baton {made.get('baton', '?')}) than these "
             f"({rules_fingerprint()}, Baton {sim.__version__}); it is read as it is")  # fmt: skip


def other_theory(what: object, made: Mapping[str, str], step: Callable | None) -> str:
    """Why a state that was lived by a scenario's own theory does not go on by another, or nothing."""
    was, here = made.get("theory_hash"), own_day.record(step)
    if was is None or here.get("day_hash") == was:
        return ""
    by = f"{what}: was lived by {made.get('theory', '?')} (hash {was})"
    return f"{by}: go on with a scenario that lives by it, or give it with --theory"


def other_day(what: object, made: Mapping[str, str], step: Callable | None, may_begin: bool = False) -> str:
    """Why the day given now is not the one something was made with, or nothing.

    `may_begin` lets a day of the user's own go on from what the model's own day made.
    """
    was, here = made.get("day_hash"), own_day.record(step)
    if was is None:
        if here and not may_begin:
            return f"{what}: was made with the model's own day, so leave --day out"
        return ""
    said = f"{what}: was made with {made.get('day', '?')} (hash {was})"
    if not here:
        return f"{said}: give it with --day"
    return "" if here["day_hash"] == was else f"{said}, and the {here['day']} given has the hash {here['day_hash']}"
