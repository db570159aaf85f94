"""`baton plan`: named, dated actions on a firm of one's own, with what they cost before what they bring."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from sim import MOST_MARKETS
from sim.cli.options import Doubt, Json, Quiet, Threads, option
from sim.cli.screen import announce, print_json, screen

VERBS = ("show", "new", "add", "drop", "undo", "diff", "run")


def plan_command(
    firm: Annotated[Path | None, typer.Argument(metavar="FIRM", help="a folder that `baton import` wrote")] = None,
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="of the plan; none: all are listed")] = None,
    verb: Annotated[str, typer.Argument(metavar="VERB", help=", ".join(VERBS))] = "show",
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="WORDS", help="add: ACTION NAME=VALUE …; drop: the action's number; diff: another plan"),
    ] = None,
    title: Annotated[str | None, option("--title", help="what people call it (new)")] = None,
    question: Annotated[str | None, option("--question", help="what it is to answer (new)")] = None,
    actions: Annotated[bool, option("--actions", help="list what a plan can do, and what no plan can")] = False,
    seeds: Annotated[
        int,
        option("--seeds", min=2, max=MOST_MARKETS, help="number of markets (run); two at least for each set of a fit"),
    ] = 30,
    doubt: Doubt = False,
    threads: Threads = 2,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Write a plan for your firm, see what it costs, and what it brings.

    A plan is a file of named actions on people, places, rules and money, each with its day or date, and with what it
    costs beside what the model charges: cost_once and cost_year in k€, hours a week of both teams' time. Its costs are
    printed before any result. run is a what-if: refused (exit code 4) until baton gate has accepted an imported firm.

    \b
    Examples:
      baton plan --actions
      baton plan firm liaison new --title "A liaison from Marketing"
      baton plan firm liaison add add-liaison who=M3 day=20 cost_once=5 hours=4
      baton plan firm liaison drop 1
      baton plan firm liaison undo
      baton plan firm liaison diff other
      baton plan firm liaison run
    """
    screen.quiet = quiet or as_json
    if actions:
        _list_actions(as_json)
        return
    if firm is None:
        raise typer.BadParameter("name the firm's folder, or give --actions", param_hint="FIRM")
    if verb not in VERBS:
        from sim.errors import nearest

        raise typer.BadParameter(f"{verb!r} is none of {', '.join(VERBS)}{nearest(verb, VERBS)}", param_hint="VERB")
    from sim.study.own import plans

    as_is, as_of = plans.firm_at(firm)
    if name is None:
        _list_plans(firm, as_json)
        return
    plan = _changed(firm, name, verb, words or [], title, question, as_is, as_of)
    if verb == "diff":
        _show_difference(plan, plans.read_plan(firm, _only(words, "another plan's name"), as_of), as_json)
        return
    from sim.cli import plan_report

    if verb != "run":
        if as_json:
            print_json(plan_report.plan_data(plan))
            return
        screen.show(plan_report.plan_account(plan, as_is))
        here = f"baton plan {shlex.quote(str(firm))} {name}"
        screen.say(f"Next: {here} run" if plan.steps else f"Next: baton plan --actions lists what {here} add can add")
        return
    _run(firm, plan, as_is, seeds, doubt, threads, as_json)


def _changed(firm: Path, name: str, verb: str, words: list[str], title, question, as_is, as_of):
    """The plan after what was asked for, written where it changed."""
    from sim.errors import InputError
    from sim.study.own import plans
    from sim.study.own.actions import step_of

    if verb == "new":
        if plans.path_of(firm, name).exists():
            raise InputError(f"{name}: this plan is there already; baton plan {firm} {name} add changes it")
        plan = plans.Plan(name, title or "", question or "")
        plans.write_plan(firm, plan)
        return plan
    if verb == "undo":
        plans.undo(firm, name)
    plan = plans.read_plan(firm, name, as_of)
    if verb == "add":
        if not words:
            raise typer.BadParameter("name an action; baton plan --actions lists them", param_hint="WORDS")
        table, fault = plans.dated({"do": words[0], **plans.typed(words[1:], firm)}, as_of, "")
        step, faults = step_of(table, "") if not fault else (None, [fault])
        if step is None:
            raise InputError(faults)
        plan = plan.with_step(step)
        plan.scenario(as_is)
        plans.write_plan(firm, plan)
    elif verb == "drop":
        number = _only(words, "the number of an action")
        if not number.isascii() or not number.isdecimal():
            raise typer.BadParameter(f"{number!r}: give the number of an action, from 1 on", param_hint="WORDS")
        plan = plan.without(int(number))
        plans.write_plan(firm, plan)
    return plan


def _only(words: list[str] | None, what: str) -> str:
    if not words or len(words) != 1:
        raise typer.BadParameter(f"give {what}", param_hint="WORDS")
    return words[0]


def _list_actions(as_json: bool) -> None:
    from sim.cli import plan_report

    if as_json:
        print_json(plan_report.actions_data())
    else:
        screen.show(plan_report.actions_account())


def _list_plans(firm: Path, as_json: bool) -> None:
    from sim.study.own import plans

    known = plans.names(firm)
    if as_json:
        print_json({"plans": known})
        return
    screen.show([", ".join(known) or f"{firm} has no plan yet."])
    screen.say(f"Next: baton plan {shlex.quote(str(firm))} {known[0] if known else 'first new'}")


def _show_difference(one, other, as_json: bool) -> None:
    from sim.cli import plan_report

    if as_json:
        print_json(plan_report.difference_data(one, other))
    else:
        screen.show(plan_report.difference_account(one, other))


def _run(firm: Path, plan, as_is, seeds: int, doubt: bool, threads: int, as_json: bool) -> None:
    """What it costs first, then what it brings."""
    from sim.cli import plan_report
    from sim.errors import InputError
    from sim.study.own import judged
    from sim.study.own.accepted import ask_gate

    if not plan.steps:
        raise InputError(f"{plan.name}: does nothing yet; baton plan {firm} {plan.name} add gives it an action")
    if not as_json:
        screen.show(plan_report.plan_account(plan, as_is))
    ask_gate(as_is)
    needed = judged.markets_needed(as_is, seeds, doubt)
    under = (
        f", {needed // len(as_is.sets)} under each of {len(as_is.sets)} sets of numbers" if len(as_is.sets) > 1 else ""
    )
    announce(f"Running today and the plan in {needed} markets{under} …", 2 * needed)
    found = judged.judge(
        as_is, plan, seeds, doubt=doubt, threads=threads, turns=False, progress=screen.progress("runs")
    )
    if as_json:
        print_json(plan_report.judged_data(found))
        return
    screen.show(plan_report.judged_account(found))
    screen.say(f"Next: baton brief {shlex.quote(str(firm))} {plan.name}")
