"""A link of the live page where a scenario may be named: what it carries is lived as the page lives it."""

from __future__ import annotations

import re
import shlex

import typer

from sim.cli.screen import read_scenario, screen

# A scheme, a # at the start, or the version that every link begins with: no scenario's name and hardly a file's.
_LINK = re.compile(r"[a-z]+://|#|[^#]*#v=", re.I)


def is_link(text: str | None) -> bool:
    """Whether a link was given, and not the name of a scenario or a file.

    >>> is_link("http://127.0.0.1:8765/#v=1-2&o=silo"), is_link("#v=1-2"), is_link("firm#2.toml"), is_link(None)
    (True, True, False, False)
    """
    return text is not None and _LINK.match(text) is not None


def read_link(link: str, **given):
    """What a link shows (`sim.page.replay_source.Source`); its sender's other rules are said.

    given   options that name what a link says already, by name: None where they were not given

    Raises
    ------
    InputError
        It is no link, was cut, or is about an organization that is not shipped.
    """
    if named := [f"--{name}" for name, value in given.items() if value is not None]:
        raise typer.BadParameter("a link says it all already; give a scenario instead", param_hint=", ".join(named))
    from sim.errors import InputError
    from sim.page.replay_source import of_link

    try:
        source = of_link(link)
    except InputError as fault:
        hint = "in a terminal a link stands between quotes: 'http://…#v=…'"
        raise InputError([*fault.problems, hint] if "&e=" not in link else fault.problems) from None
    if source.warning:
        screen.say(f"Take care: {source.warning} than these; numbers may differ from those its sender saw.")
    return source


def no_plans(names: list[str]) -> None:
    """Refuse a plan named beside its firm: its name may also be that of a shipped scenario, which is another firm."""
    from pathlib import Path

    from sim.errors import InputError
    from sim.scenario import shipped

    for firm in names:
        for name in names:
            if name != firm and "/" not in name and (Path(firm) / "plans" / f"{name}.toml").is_file():
                said = f"{name}: is a plan of {firm}; hold it against today by: baton plan {shlex.quote(firm)} "
                said += f"{shlex.quote(name)} run"
                if name in shipped():
                    said += f". For Baton's own: baton scenarios show {name} > {name}.toml, and name that file"
                raise InputError(said)


def scenarios_of(names: list[str], few: int = 2) -> list:
    """The scenarios to compare: of one link both that it shows, of several each its own."""
    if few == 2 and len(names) == 1 and is_link(names[0]):
        from sim.errors import InputError

        source = read_link(names[0])
        if source.base == source.scenario:
            raise InputError(f"this link shows one organization alone: baton run {shlex.quote(names[0])}")
        from sim.result import label

        plan = source.scenario
        alike = label(plan) == label(source.base)
        return [source.base, plan.but(title=f"{label(plan)}, changed") if alike else plan]
    if not few <= len(names) <= 4:
        said = f"give two to four scenarios, or one link, not {len(names)}"
        raise typer.BadParameter(said, param_hint="A B …")
    no_plans(names)
    return [read_link(name).scenario if is_link(name) else read_scenario(name) for name in names]


def state_sentence(result) -> str:
    """By what a run that a link opened is known: the hash that the page shows when it is cited."""
    import sim
    from sim.page.describe import rules_digest

    return (f"State on day {result.days}: {result.state_hash} (Baton {sim.__version__}, rules {rules_digest()}). "
            "Share on the page shows the same.")  # fmt: skip
