"""The answer of `baton reach` in words and plain tables."""

from __future__ import annotations

import math
import shlex
from pathlib import Path

from sim.cli.layout import Table
from sim.cli.report import LIMIT, number, percent

FREE = (
    "Cash: payroll and other cash (programmes, hiring, reorganizing) as the model charges them, with what follows,\n"
    "such as fewer leavers to replace; difference to the firm as it is, and what --max-cost limits. The model charges\n"
    "nothing for moving desks or for a new way of working: add what that costs you. Hours of working together are\n"
    "paid by the payroll already; what they are worth is said at what a seat costs, and is no further cash."
)
MOST_ITEMS, MOST_PLANS = 5, 3
PRIZE = "A stage is a description, not a prize: look at net value, after the cost of working together."


def within(result) -> str:
    """The time given, in words."""
    years = result.days / 260
    return f"{years:.3g} year{'' if years == 1 else 's'}"


def account(result, name: str, output=None) -> list[str | Table]:
    """The plans, or the nearest and what holds it back."""
    stage, n = result.stage.name.lower(), len(result.markets)
    there = sum(life.seen.first > 0 for life in result.baseline)
    head = f"To {stage} within {within(result)}, with a chance of {percent(result.chance)}. {_title(result)}"
    parts: list[str | Table] = [head]
    if result.baseline:
        parts[0] = f"{head}\nAs it is, the firm gets there in {there} of {n} markets."
    if result.found and not result.plans[0].actions:
        parts.append("That is often enough: nothing need be done.")
    elif result.found:
        parts += [_actions(plan) for plan in result.plans]
        parts += [_side_by_side(result, stage), _worth(result)]
    elif not result.stopped or result.nearest:
        parts += _no_plan(result, stage)
    else:
        parts.append("Nothing was found before the search was stopped.")
    return [*parts, _how(result), *_over_numbers(result, stage), f"{LIMIT}\n{_closing(result, name, output)}"]


def _title(result) -> str:
    return f"{result.as_is.title.rstrip('.') or 'As it is'}."


def _closing(result, name: str, output) -> str:
    said = "The plans say what works in the model, not how soon.\nNext: "
    if not result.shown or not result.shown[0].actions:
        theory = result.as_is.own_theory
        by = f" --theory {shlex.quote(theory.file or theory.name)}" if theory else ""
        return f"{said}baton run {shlex.quote(name)}{by}"
    file = result.shown[0].name.replace(" ", "-")
    inside = result.as_is.firm and shlex.quote(str(Path(name) / "found"))  # where people of one's own are found again
    if output is None or inside and not Path(output).resolve().is_relative_to(Path(name).resolve()):
        where = inside or "plans"
        return f"{said}the same with -o {where}, then baton compare {where}/as-is.toml {where}/{file}.toml"
    return f"{said}baton compare {output}/as-is.toml {output}/{file}.toml"


def _over_numbers(result, stage: str) -> list[str | Table]:
    """In how many plausible sets of numbers each plan gets there, what it is worth there, and what to measure first."""
    if not result.doubted:
        return []
    rows = []
    for each in result.doubted:
        worth = ("", "", "") if each.net_value is None else (
            _signed(each.net_value.layers.mean), _span(each.net_value.layers, ""),
            _span(each.net_value.layers, "world_"))  # fmt: skip
        rows.append((each.name, percent(each.rate.mean), f"{percent(each.rate.low)} to {percent(each.rate.high)}",
                     str(each.both), str(each.one), str(each.neither), *worth))  # fmt: skip
    columns = ("", f"{stage} in", "95 %", "in both", "in one", "in neither", "net value, k€", "95 %", "one set")
    sets = result.doubted[0].reached.layers.sets
    title = f"Over {sets} plausible sets of numbers, two markets each: how often, and in how many sets in both markets"
    said = [result.doubted[0].reached.of_what(),
            "The plans were found with the numbers as they stand. “One set”: where the difference in net value lies "
            "for 95 of 100 plausible sets."]  # fmt: skip
    said += [_held(each, result.chance) for each in result.doubted[1:]]
    for each in result.doubted[1:]:
        first = [line for line in each.reached.first() if line.startswith("  ")]
        said += [f"Whether {each.name} gets there hangs most on:", *first] if first else [
            f"Which number decides whether {each.name} gets there cannot be told from {each.reached.layers.sets} sets."
        ]  # fmt: skip
    return [Table(title, columns, rows, (0,)), "\n".join(said)]


def _held(each, chance: float) -> str:
    """Whether a plan's chance is as wished over plausible numbers."""
    name = each.name.capitalize()
    if each.rate.high < chance:
        return f"{name} reaches it less often than wished ({percent(chance)}): it stands on our numbers."
    if each.rate.low >= chance:
        return f"{name} reaches it as often as wished ({percent(chance)}) over plausible numbers too."
    return f"Whether {each.name} reaches it as often as wished ({percent(chance)}) over plausible numbers is open."


def _span(layers, of: str) -> str:
    low, high = (getattr(layers, f"{of}{end}") for end in ("low", "high"))
    return f"{_signed(low)} to {_signed(high)}" if math.isfinite(low) else ""


def _actions(plan) -> Table:
    rows = [(action.says, action.setting) for action in plan.actions]
    columns: tuple[str, ...] = ("action", "lever")
    if plan.without:
        left_out = ["{} of {}".format(*plan.without[action.name]) for action in plan.actions]
        rows = [(*row, cell) for row, cell in zip(rows, left_out, strict=True)]
        columns = (*columns, "without it")
    reached, markets = plan.confirmed
    title = f"{plan.name.capitalize()}: {len(rows)} action{'' if len(rows) == 1 else 's'}{_when(plan)}"
    if markets:
        title += f" ({reached} of {markets} other markets)"
    return Table(title, columns, rows, (0, 1))


def _when(plan) -> str:
    """On which day all is done; nothing where actions have days of their own."""
    days = {action.day for action in plan.actions}
    return f", taken on day {days.pop()}" if len(days) == 1 else ""


def _side_by_side(result, stage: str) -> Table:
    rows = []
    for plan in result.shown:
        low, high = plan.interval
        value = plan.net_value
        rows.append((plan.name, f"{plan.reached} of {plan.markets}", f"{percent(low)} to {percent(high)}",
                     percent(plan.still_there / plan.markets if plan.markets else math.nan),
                     _signed(plan.cost.mean), _signed(plan.hours.mean), _signed(plan.worth_of_hours),
                     _signed(value.mean),
                     f"{_signed(value.low)} to {_signed(value.high)}"))  # fmt: skip
    columns = ("", f"{stage} in", "95 %", "still there", "cash, k€/yr", "hours a week", "worth, k€/yr",
               "net value, k€", "95 %")  # fmt: skip
    title = f"In {len(result.markets)} markets that the search did not use; differences to the firm as it is"
    return Table(title, columns, rows, (0,))


def _signed(value: float) -> str:
    text = number(value)
    return f"+{text}" if value > 0 and text != "0" else text


def _worth(result) -> str:
    """What the plans do to net value, in words; stages are no prize."""
    years = f"{result.as_is.days / 260:.3g} years"
    said = []
    for plan in result.plans:
        low, high = plan.net_value.low, plan.net_value.high
        if low > 0:
            verdict = f"raises net value over {years}"
        elif high < 0:
            verdict = f"lowers net value over {years}: it reaches the stage and does not pay"
        else:
            verdict = f"cannot be told from the firm as it is in net value over {years}"
        broke = f"; the money runs out in {plan.broke} of {plan.markets} markets" if plan.broke else ""
        said.append(f"{plan.name.capitalize()} {verdict}{broke}.")
    return "\n".join([*said, PRIZE, FREE])


def _no_plan(result, stage: str) -> list[str | Table]:
    near = result.nearest
    if near is None:
        return ["No plan inside your limits."]
    if not near.markets:
        reached, markets = near.confirmed
        return [f"The best so far: {near}.\nIn the search it got there in {reached} of {markets} markets; "
                "it was not tested in others."]  # fmt: skip
    if result.enough:
        why = "No plan inside your limits: in other markets it was not enough."
        if result.spent:
            why = "No plan yet: the runs were spent (--budget) before it was seen which of these actions are needed."
        head = f"Enough in {near.reached} of {near.markets} markets that the search did not use: {near}.\n{why}"
        return [head, _side_by_side(result, stage), f"{PRIZE}\n{FREE}"]
    parts: list[str | Table] = [f"No plan inside your limits. The nearest is: {near}."]
    if result.spent:
        parts[0] = f"No plan was confirmed before the runs were spent (--budget). The nearest is: {near}."
    if near.actions:
        parts.append(_actions(near))
    else:
        parts[0] = "No plan inside your limits, and nothing there brings the firm nearer than it is."
    parts.append(_side_by_side(result, stage))
    ever = sum(life.first > 0 for life in near.lives)
    if ever > near.reached:
        parts.append(f"By day {result.as_is.days:,} it gets there in {ever} of {near.markets} markets.")
    table = result.blocked_by
    rows = [(str(item), row["statement"], number(row["score"], 1), number(row["missing"], 1), row["counted"])
            for item, row in table.head(MOST_ITEMS).iterrows()]  # fmt: skip
    title = f"Held back by these statements of the audit ({number(_missing(near))} points of 100 missing to {stage})"
    parts.append(Table(title, ("", "statement", "score", "missing", "counted"), rows, (1, 4)))
    as_low = int((table["missing"] >= table["missing"].iloc[min(MOST_ITEMS, len(table)) - 1]).sum()) - len(rows)
    if as_low > 0:
        more = "statement scores" if as_low == 1 else "statements score"
        parts.append(f"{as_low} more {more} as low; baton audit shows them all.")
    return [*parts, f"{PRIZE}\n{FREE}"]


def _missing(plan) -> float:
    """Audit points that the nearest plan lacks in the markets where it does not get there; mean."""
    lacking = [-life.seen.close for life in plan.lives if life.seen.close < 0]
    return sum(lacking) / len(lacking) if lacking else 0.0


def _how(result) -> str:
    text = f"{result.runs:,} runs of at most {result.budget:,}."
    if result.found and result.plans[0].actions:
        text += " Without an action: judged in up to 200 other markets, fewer where the answer was clear."
        if len(result.plans) < MOST_PLANS and not result.stopped:
            text += "\nNo further plan was found that does without one of these actions"
            text += " before the runs were spent." if result.spent else "."
    if result.passed_over:
        n = result.passed_over
        text += f" {n} further set{'' if n == 1 else 's'} seemed enough and failed in the unseen markets."
    return text


def as_data(result) -> dict:
    """The answer as plain data, for --json."""

    def plan_data(plan) -> dict:
        low, high = plan.interval
        return {
            "name": plan.name,
            "actions": [{"name": a.name, "says": a.says, "levers": dict(a.values)} for a in plan.actions],
            "reached": plan.reached, "markets": plan.markets, "rate": plan.rate, "low": low, "high": high,
            "still_there": plan.still_there, "cost": plan.cost._asdict(), "hours": plan.hours._asdict(),
            "worth_of_hours": plan.worth_of_hours,
            "net_value": plan.net_value._asdict(), "confirmed": plan.confirmed, "without": plan.without,
            "scenario_hash": plan.scenario.hash, "scenario": plan.scenario.to_toml(shared=True),
        }  # fmt: skip

    return {
        "stage": result.stage.name.lower(),
        "within_years": result.days / 260,
        "chance": result.chance,
        "found": result.found,
        "enough": result.enough,
        "as_is": {"reached": sum(life.seen.first > 0 for life in result.baseline), "markets": len(result.baseline)},
        "plans": [plan_data(plan) for plan in result.plans],
        "nearest": plan_data(result.nearest) if result.nearest else None,
        "blocked_by": result.blocked_by.reset_index().to_dict("records") if result.nearest else [],
        "over_numbers": result.over_numbers().reset_index().to_dict("records"),
        "runs": result.runs,
        "budget": result.budget,
        "passed_over": result.passed_over,
        "stopped": result.stopped,
        "spent": result.spent,
    }
