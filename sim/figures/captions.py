"""The sentences on the pictures, written from the data and never fixed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sim.errors import plural as plural
from sim.figures.look import STAGE_NAMES
from sim.model.firm import QUARTER, YEAR
from sim.model.theory import numbers

_COUNTS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def count(number: int) -> str:
    """A whole number, in letters up to twelve.

    >>> count(3), count(1300)
    ('three', '1,300')
    """
    return _COUNTS[number] if 0 <= number < len(_COUNTS) else f"{number:,}"


def quarters_long(n: int) -> str:
    """A number of quarters as people say it.

    >>> [quarters_long(n) for n in (1, 2, 3, 4, 6, 8, 9, 26)]
    ['a quarter', 'half a year', 'three quarters', 'a year', 'a year and a half', 'two years', \
'two and a quarter years', 'six and a half years']
    """
    years, rest = divmod(n, 4)
    part = ("", "a quarter", "a half", "three quarters")[rest]
    if years == 0:
        return "half a year" if rest == 2 else part
    if years == 1:
        return f"a year and {part}" if rest else "a year"
    return f"{count(years)} and {part} years" if rest else f"{count(years)} years"


def quarter_start(q: int) -> str:
    """When quarter number `q` (from 0) begins.

    >>> [quarter_start(q) for q in (0, 9, 10, 11)]
    ['year 1', 'the second quarter of year 3', 'the middle of year 3', 'the last quarter of year 3']
    """
    year, rest = divmod(q, 4)
    return ("", "the second quarter of ", "the middle of ", "the last quarter of ")[rest] + f"year {year + 1}"


def days_long(days: int) -> str:
    """A number of working days as a horizon.

    >>> days_long(1300), days_long(260), days_long(325), days_long(130), days_long(40)
    ('5 years', '1 year', '1¼ years', '2 quarters', '40 days')
    """
    if days >= YEAR and days % QUARTER == 0:
        years, rest = divmod(days // QUARTER, 4)
        return f"{years:,}{('', '¼', '½', '¾')[rest]} year{'s' if years > 1 or rest else ''}"
    if days % QUARTER == 0 and days:
        return plural(days // QUARTER, "quarter")
    return plural(days, "day")


def stretches(stages: Sequence[int]) -> list[tuple[int, int, int]]:
    """Stretches of one stage: (stage, first quarter, quarter after the last)."""
    found: list[tuple[int, int, int]] = []
    for q, stage in enumerate(stages):
        if found and found[-1][0] == stage:
            found[-1] = (stage, found[-1][1], q + 1)
        else:
            found.append((stage, q, q + 1))
    return found


def stage_sentence(stages: Sequence[int], days: int = 0) -> str:
    """What happened to the relationship, in one sentence, for any path through the stages.

    Parameters
    ----------
    stages
        The stage that counted in each whole quarter, 1 to 4.
    days
        Working days simulated; only used when there was no whole quarter.

    Examples
    --------
    >>> stage_sentence([1] * 4 + [2] * 6 + [3] * 4 + [2] * 2 + [3] * 4)
    'Aligned from the middle of year 3, with half a year lost'
    >>> stage_sentence([1] * 20)
    'Undefined for all five years'
    >>> stage_sentence([2] * 4 + [3] * 6 + [2] * 10)
    'Aligned for a year and a half, Defined again from the middle of year 3'
    """
    if not len(stages):
        return f"No stage yet: {plural(days, 'day')}, and the first audit comes after {QUARTER}"
    stages = [int(stage) for stage in stages]
    n, runs = len(stages), stretches(stages)
    last, start, _ = runs[-1]
    name, top = STAGE_NAMES[last], max(stages)
    if len(runs) == 1:
        return f"{name} for {_all_of(n)}"
    if last < top:
        tops = [run for run in runs if run[0] == top]
        held = sum(end - begin for _, begin, end in tops)
        again = " again" if any(stage == last for stage, _, _ in runs[:-1]) else ""
        if len(runs) == 2:
            return f"{STAGE_NAMES[top]} at first, {name} from {quarter_start(start)}"
        total = " in all" if len(tops) > 1 else ""
        return f"{STAGE_NAMES[top]} for {quarters_long(held)}{total}, {name}{again} from {quarter_start(start)}"
    first = stages.index(last)
    lost = sum(stage != last for stage in stages[first:])
    if not lost:
        return f"{name} from {quarter_start(start)}"
    if lost * 2 > n - first:
        before = max(end for stage, _, end in runs[:-1] if stage == last)
        return f"{name} again from {quarter_start(start)}, {quarters_long(start - before)} after losing it"
    if first == 0:
        return f"{name} throughout, but for {quarters_long(lost)}"
    return f"{name} from {quarter_start(first)}, with {quarters_long(lost)} lost"


def _all_of(n: int) -> str:
    if n % 4 == 0:
        return "the whole year" if n == 4 else f"all {count(n // 4)} years"
    if n <= 2:
        return ("the whole quarter", "the whole half year")[n - 1]
    return f"all {count(n)} quarters"


def trend_sentence(stages: Sequence[int], scores: Sequence[float], day: int) -> str:
    """Where the relationship stands now and which way it goes (for the share card).

    >>> trend_sentence([1, 2, 2, 2], [38, 45, 47, 52], 260)
    'Defined for three quarters, and climbing'
    """
    if not len(stages):
        return "Before the first day of work" if day == 0 else f"Day {day:,}, before the first audit"
    last, begin, end = stretches([int(stage) for stage in stages])[-1]
    held = f"{STAGE_NAMES[last]} for {quarters_long(end - begin)}"
    if len(scores) < 3:
        return held
    moved = float(scores[-1]) - float(scores[-3])
    return held + (", and climbing" if moved >= 2 else ", and slipping" if moved <= -2 else ", and steady")


# ---- levers


def lever_words(name: str, value: float) -> str:
    """A lever and its new value in a few words.

    >>> lever_words("liaison.count", 1), lever_words("distance.between_teams_m", 1500.0)
    ('one liaison', '1.5 km between the teams')
    >>> lever_words("practices.joint_planning", 1), lever_words("trust.initial", 0.5)
    ('joint planning mandated', 'trust: initial 0.5')
    """
    group, _, field = name.partition(".")
    known = numbers().get(name)
    if name == "liaison.count":
        return f"{count(int(value))} liaison{'' if value == 1 else 's'}"
    if name == "distance.between_teams_m":
        return f"{metres(value)} between the teams"
    if name == "workforce.marketers":
        return plural(int(value), "marketer")
    if name == "workforce.salespeople":
        return plural(int(value), "salesperson", "salespeople")
    words = field.replace("_", " ")
    if known is not None and known.choices is not None:
        choice = known.choices(int(value)).name.lower().replace("_", " ")
        if group == "practices":
            return f"{words} {'left to the teams' if choice == 'teams decide' else choice}"
        return f"{'structure' if field == 'kind' else words}: {choice}"
    return f"{words} {plain(value)}" if group == "shock" else f"{group}: {words} {plain(value)}"


def plain(value: float) -> str:
    """A number without a tail of zeros.

    >>> plain(0.5), plain(20.0), plain(1300)
    ('0.5', '20', '1,300')
    """
    return f"{value:,.10g}".replace("-", "−")


def metres(value: float) -> str:
    """A distance.

    >>> metres(30), metres(1500), metres(8_000_000)
    ('30 m', '1.5 km', '8,000 km')
    """
    if value < 1000:
        return f"{plain(round(value))} m"
    return f"{plain(round(value / 1000, 1 if value < 10_000 else 0))} km"


def change_words(values: Mapping[str, float], shock: str | None, most: int = 2) -> str:
    """What a dated change did, in a few words.

    >>> change_words({}, "liaison leaves"), change_words({"liaison.count": 0}, None)
    ('liaison leaves', 'no liaisons')
    """
    said = [shock] if shock else []
    said += [lever_words(name, value) for name, value in values.items()]
    if len(said) > most:
        said = [*said[: most - 1], f"{count(len(said) - most + 1)} more"]
    return " and ".join(said) if said else "no change"
