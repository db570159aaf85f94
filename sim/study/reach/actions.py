"""What managers can do to a firm: named actions, each a few levers moved, and which of them are allowed.

The values are named levels ("one room", "half an hour"), not estimates: the
model decides what they do. Levers that no manager can simply set are left
out: how trust begins, grows and breaks, who leaves, the market itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sim.errors import InputError, nearest
from sim.model.theory import Mode
from sim.scenario import Change, Scenario
from sim.scenario.schema import NUMBERS, checked_values, in_words, sentences

DAY = 1  # actions are taken on the day after the firm was seen as it is, so that the model charges for the change
PRACTICES = tuple(name for name in NUMBERS if name.startswith("practices.") and NUMBERS[name].lever)
LOWER, HIGHER, OTHER = "lower", "higher", "other"  # which way an action may move its levers


@dataclass(frozen=True)
class Action:
    """One thing that managers can do.

    Parameters
    ----------
    name
        Short name, such as "one-room".
    says
        What is done, in words.
    values
        Levers and their new values: pairs of full name and number.
    """

    name: str
    says: str
    values: tuple[tuple[str, float], ...]

    own_hours = 0.0  # hours a week that it takes beside what the model charges
    day = DAY  # on which it is taken

    @property
    def group(self) -> str:
        """The group of levers it belongs to, such as "distance"."""
        return self.values[0][0].split(".")[0]

    def own_cost(self, days: int, rate: float = 0.0) -> float:
        """k€ that it costs in so many days beside what the model charges, discounted at a yearly rate."""
        return 0.0

    def taken(self, as_is: Scenario) -> Scenario:
        """The firm with this action alone."""
        return as_is.but(changes=(*as_is.changes, Change(DAY, dict(self.values))))

    @property
    def levers(self) -> frozenset[str]:
        """The levers it moves; two actions that share one exclude each other."""
        return frozenset(name for name, _ in self.values)

    @property
    def setting(self) -> str:
        """Levers and values as a scenario file says them."""
        return ", ".join(f"{name} = {in_words(name, value)}" for name, value in self.values)


def _rows() -> Iterable[tuple[str, str, dict[str, float], str]]:
    """All actions there are: name, words, levers, and which way they may move."""
    yield "appoint-liaison", "appoint a liaison from Marketing", {"liaison.count": 1, "liaison.hired": 0}, HIGHER
    yield "hire-liaison", "hire a liaison from outside", {"liaison.count": 1, "liaison.hired": 1}, HIGHER
    two = {"liaison.count": 2, "liaison.hired": 0}
    yield "two-liaisons", "appoint from Marketing until there are two liaisons", two, HIGHER
    known = {name: NUMBERS[name].default for name in ("liaison.trust_marketing", "liaison.trust_sales")}
    yield "known-liaison", "choose a liaison whom both sides know", known, HIGHER
    yield "free-liaison", "let the liaison work without reporting", {"liaison.micromanaged": 0.0}, LOWER
    yield "one-floor", "move the teams to one floor (20 m apart)", {"distance.between_teams_m": 20.0}, LOWER
    yield "one-room", "move the teams into one room (5 m apart)", {"distance.between_teams_m": 5.0}, LOWER
    yield "short-talks", "make a talk cost a quarter of an hour", {"communication.cost_hours": 0.25}, LOWER
    yield "quick-decisions", "let joint decisions wait one day at most", {"communication.delay_days": 1.0}, LOWER
    yield "agenda", "hold talks to an agenda", {"communication.agenda": 0.9}, HIGHER
    yield "encourage-talk", "encourage talk across the gap", {"communication.push": 1.0}, HIGHER
    for lever in PRACTICES:
        name, what = lever.split(".")[1].replace("_", "-"), NUMBERS[lever].meaning.split(":")[0]
        yield f"mandate-{name}", f"mandate {what}", {lever: Mode.MANDATED}, OTHER
        yield f"permit-{name}", f"leave {what} to the teams", {lever: Mode.TEAMS_DECIDE}, OTHER
    yield "separate-teams", "let each team report to a head of its own", {"structure.kind": 0}, OTHER
    yield "marketing-under-sales", "put Marketing under Sales", {"structure.kind": 1}, OTHER
    yield "sales-under-marketing", "put Sales under Marketing", {"structure.kind": 2}, OTHER
    yield "merge", "merge the teams, roles kept", {"structure.kind": 3}, OTHER
    yield "one-chief", "appoint one chief over both", {"structure.kind": 4}, OTHER
    yield "equal-power", "make the teams equal partners", {"structure.power": 0.5}, OTHER
    yield "chief-owns", "let the chief own the result", {"structure.owner": 2}, HIGHER
    yield "state-problems", "let Sales state problems, not orders", {"structure.brief": 0}, LOWER
    yield "lower-quotas", "set quotas at 0.8 of the usual", {"structure.quota": 0.8}, LOWER
    yield "fair-budget", "split budget and credit fairly", {"structure.budget_fairness": 0.9}, HIGHER
    yield "long-term", "judge by the long term", {"structure.long_term": 0.8}, HIGHER
    yield "no-reorganizations", "reorganize no more", {"structure.reorganizations": 0.0}, LOWER
    yield "clear-plan", "make a clear common plan", {"conflict.clarity": 0.8}, HIGHER
    watch = {"conflict.notice_days": 10.0, "conflict.act_days": 5.0}
    yield "watchful-managers", "have managers notice grievances in two weeks and act in one", watch, LOWER
    yield "share-openly", "share information, expertise and resources", {"culture.sharing": 0.8}, HIGHER
    yield "equal-status", "treat both teams as equals", {"culture.status_gap": 0.0}, OTHER
    yield "field-visits", "send marketers into the field two days a month", {"marketing.visits": 2.0}, HIGHER
    yield "quality-leads", "stop judging Marketing by the number of leads", {"marketing.volume_target": 0.0}, LOWER
    yield "bigger-budget", "raise the campaign budget to 1.25 times the default", {"marketing.budget": 1.25}, HIGHER
    yield "approve-terms", "approve special terms within a limit", {"customization.approval": 1}, HIGHER
    yield "modest-promises", "promise customers no more than is believed", {"customers.overpromise": 0.0}, LOWER
    yield "less-administration", "cut administration to 0.6 hours a day", {"workload.admin_hours": 0.6}, LOWER
    yield "product-manager", "hire a product manager", {"workforce.product_manager": 1}, HIGHER
    yield "few-counterparts", "give each salesperson two marketers to work with", {"workforce.ties_per_rep": 2}, LOWER
    yield "many-counterparts", "give each salesperson five marketers", {"workforce.ties_per_rep": 5}, HIGHER
    yield "own-craft", "keep each team to its own craft", {"workforce.blurred": 0.0}, LOWER


ACTIONS = tuple(Action(name, says, tuple(values.items())) for name, says, values, _ in _rows())
_WAYS = {name: way for name, _, _, way in _rows()}


def with_actions(as_is: Scenario, actions: Sequence[Action], name: str = "") -> Scenario:
    """The as-is with actions taken on day 1, as a dated change that a reader of the file can move."""
    if not actions:
        return as_is
    first = {lever: value for action in actions if type(action) is Action for lever, value in action.values}
    done = as_is.but(changes=(*as_is.changes, Change(DAY, first))) if first else as_is
    for action in sorted((each for each in actions if type(each) is not Action), key=lambda each: each.day):
        done = action.taken(done)
    title = f"{as_is.title.rstrip('.') or 'As it is'}, {name}" if name else as_is.title
    question = f"What if we {'; '.join(action.says for action in actions)}?" if name else as_is.question
    return done.but(title=title, question=question)


def open_to(as_is: Scenario) -> list[Action]:
    """The actions that would change something in this firm, each in the way it is meant."""
    now = as_is.theory_on(DAY)

    def value_now(lever: str) -> float:
        group, field = lever.split(".")
        return getattr(getattr(now, group), field)

    def opens(action: Action) -> bool:
        if "liaison.count" in action.levers:
            return dict(action.values)["liaison.count"] > now.liaison.count
        moves = [(value_now(lever), float(value)) for lever, value in action.values]
        way = _WAYS[action.name]
        right = way == OTHER or all(new <= old if way == LOWER else new >= old for old, new in moves)
        return right and any(new != old for old, new in moves)

    found = []
    for action in filter(opens, ACTIONS):
        try:
            with_actions(as_is, [action])
        except InputError:  # such as two liaisons drawn from two marketers
            continue
        found.append(action)
    return found


def allowed_actions(
    as_is: Scenario,
    allow: Sequence[str] | None,
    fixed: Sequence[str] | Mapping[str, object] | None,
    among: Sequence[Action] | None = None,
) -> tuple[Scenario, list[Action], list[str]]:
    """The as-is with what is fixed, the actions left to choose from, and every fault in a sentence.

    `allow` and `fixed` name groups ("practices"), levers ("practices.rules") or
    actions ("mandate-rules"); a mapping `fixed` also sets levers of the as-is
    (a value None leaves it as it is). `among`: the actions there are, in place of ACTIONS.
    """
    every = ACTIONS if among is None else among
    known = {*NUMBERS, *(each for action in every for each in (action.name, action.group, *action.levers))}
    set_to = {n: v for n, v in fixed.items() if v is not None} if isinstance(fixed, Mapping) else {}
    wrong = []
    for option, names in (("allow", allow or ()), ("fix", fixed or ())):
        for name in names:
            if name not in known and name not in set_to:
                wrong.append(f"{option}: {name} is no lever, group of levers or action{nearest(str(name), known)}")
    wrong += [f"fix: {sentence}" for sentence in sentences(checked_values(set_to)[1])]
    wrong += [f"{name} is both allowed and fixed" for name in allow or () if name in (fixed or ())]
    if wrong:
        return as_is, [], wrong
    try:
        if set_to:
            said = ", ".join(f"{name} = {value}" for name, value in set_to.items())
            as_is = as_is.but(set_to, title=f"{as_is.title or 'As it is'}, with {said}")
    except InputError as fault:
        return as_is, [], fault.problems

    def named(action: Action, names: Iterable[str]) -> bool:
        return bool({action.name, action.group, *action.levers} & set(names))

    there = open_to(as_is) if among is None else list(among)
    chosen = [a for a in there if (allow is None or named(a, allow)) and not named(a, fixed or ())]
    if not chosen:
        groups = ", ".join(dict.fromkeys(action.group for action in there))
        about = f"in this firm something can be done about {groups}" if groups else "nothing was offered to begin with"
        wrong.append(f"allow: nothing is left to do; {about}")
    return as_is, chosen, wrong
