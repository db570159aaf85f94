"""What a user typed, in a form that a file can keep: the command, and what was named for each scenario."""

from __future__ import annotations

import shlex

from sim.cli.screen import read_scenario
from sim.files.folder import without_folders


def given_of(name: str, levers: list[str] | None, days: int | None, theory: str | None = None) -> dict:
    """What was named for one scenario: its name, levers moved by hand, another horizon, another theory."""
    more = {"set": list(levers or ()), "days": days, "theory": theory}
    return {"given": name, **{key: value for key, value in more.items() if value}}


def scenario_of(given: dict):
    """The scenario that `given_of` describes, read now."""
    scenario = read_scenario(given["given"], given.get("set"), given.get("theory"))
    return scenario.but(days=given["days"]) if "days" in given else scenario


def command_text(*words: str, **options) -> str:
    """`baton export …` as it would be typed again, without where its output goes; options that are None are left out.

    >>> command_text("csv", "silo", seed=3, wide=True, set=["trust.gain=0.1"])
    'baton export csv silo --seed 3 --wide --set trust.gain=0.1'
    """
    found = ["baton", "export", *map(without_folders, words)]
    for name, value in options.items():
        for each in value if isinstance(value, list) else [value]:
            if each is True:
                found.append(f"--{name}")
            elif each is not None:
                found += [f"--{name}", f"{each:g}" if isinstance(each, float) else without_folders(str(each))]
    return shlex.join(found)
