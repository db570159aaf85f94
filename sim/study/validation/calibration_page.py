"""The report calibration.md: which defaults are evidence, fitted or guesses, and how far each may move."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from sim.model.theory import numbers
from sim.study.validation.calibration import ARMS, KINDS, MARKETS, ROWS, Move, kind_of, movable

BEFORE, AFTER = 10, 60  # rows of the two rankings; rows of the list of numbers that nothing shows
INTRODUCTION = """\
# The default, defended

*Written by `python experiments/calibration.py`; do not edit.*

Of {all} declared numbers {evidence} have size and direction from a published row, {direction} the direction
only, {fitted} were fitted by hand and by a short search on markets 100 to 423 until patterns P1 to P11 of
[validation.md](validation.md) showed, {guess} are guesses, and {fixed} are bookkeeping, arithmetic or switches.
A number's source stands beside it in `sim/model/theory.py` and in [odd.md](../reference/odd.md). The anchors of the
audit were typed in before any run and never moved.

No real firm's data identifies these numbers ([fit.md](fit.md) shows what can be recovered). Public funnel data
give reduced-form conversion and delay, one company's survey the mix of required and chosen contacts inside of
one building; nothing identifies language, liaison, adoption of practices or the passage between stages: those
numbers are **assumed**."""

METHOD = """\
## How far each number may move

Each of {moved} numbers (all but switches, choices and the levers that the organizations below set) was halved
and doubled within its bounds, alone, in {markets} markets (60000 on), for {arms} organizations ({names}); where
that flipped a pattern it was moved by a fifth too. Looked at were the rows {rows}. A row *flips* if it did not
fail before and fails now, by the same intervals of 99 %; with so few markets only clear flips count."""


def calibration_page(moves: Sequence[Move], markets: int = MARKETS) -> str:
    """The whole page in Markdown."""
    kinds = Counter(kind_of(n) for n in numbers().values())
    parts = [INTRODUCTION.format(all=len(numbers()), **{k: kinds[k] for k in KINDS}), _kinds(kinds)]
    parts.append(
        METHOD.format(
            moved=len(movable()), markets=markets, arms=len(ARMS), names=", ".join(ARMS), rows=", ".join(ROWS)
        )
    )
    by_name: dict[str, list[Move]] = {}
    for move in moves:
        by_name.setdefault(move.name, []).append(move)
    if len(by_name) < len(movable()):
        parts.append(f"**Only {len(by_name)} of these {len(movable())} numbers have been moved so far.**")
    parts += [_summary(by_name), "### Numbers that flip a pattern", _flips(by_name)]
    parts += ["## Which numbers matter most", _ranking(by_name)]
    parts += ["## Numbers that nothing shows", _dead(by_name)]
    return "\n\n".join(parts) + "\n"


def _rows(head: list[str], body: list[list[str]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in body])


def _kinds(kinds: Counter) -> str:
    return _rows(
        ["source", "numbers", "what that means"], [[k.word, str(kinds[n]), k.meaning] for n, k in KINDS.items()]
    )


def _summary(by_name: dict[str, list[Move]]) -> str:
    robust, coarse, fine = Counter(), Counter(), Counter()
    for name, moves in by_name.items():
        kind = kind_of(numbers()[name])
        if any(m.flipped for m in moves if m.factor in (0.8, 1.25)):
            fine[kind] += 1
        elif any(m.flipped for m in moves):
            coarse[kind] += 1
        else:
            robust[kind] += 1
    body = [[KINDS[k].word, str(robust[k]), str(coarse[k]), str(fine[k])] for k in KINDS if k != "fixed"]
    return _rows(
        ["source", "halved and doubled, nothing flips", "flips a row when halved or doubled", "flips a row by a fifth"],
        body,
    )


def _flips(by_name: dict[str, list[Move]]) -> str:
    body = []
    for name, moves in by_name.items():
        told = [f"×{m.factor:g}: {', '.join(m.flipped)}" for m in sorted(moves, key=lambda m: m.factor) if m.flipped]
        if told:
            n = numbers()[name]
            body.append([f"`{name}`", f"{n.default:g}", KINDS[kind_of(n)].word, "; ".join(told)])
    body.sort(key=lambda row: ("0.8" not in row[3] and "1.25" not in row[3], row[0]))
    return _rows(["number", "default", "source", "rows that then fail"], body) if body else "None."


def _told(change: tuple[float, float, float], digits: int = 1) -> str:
    mean, low, high = change
    clear = not math.isnan(low) and (low > 0 or high < 0)
    return f"{mean:+.{digits}f}" if clear else "·"


def _ranking(by_name: dict[str, list[Move]]) -> str:
    def strength(what: str):
        return lambda name: (
            -max((abs(getattr(m, what)[0]) for m in by_name[name] if m.factor in (0.5, 2.0)), default=0.0)
        )

    parts = [
        "Changes of the default when one number is halved or doubled: score of year 5 in points, net value in per "
        "cent; a dot "
        "is a change that chance could have made."
    ]
    for what, title in (("score", "the score"), ("net_value", "net value")):
        body = []
        for name in sorted(by_name, key=strength(what))[:BEFORE]:
            at = {m.factor: m for m in by_name[name]}
            cells = [_told(getattr(at[f], w)) if f in at else "" for w in ("score", "net_value") for f in (0.5, 2.0)]
            body.append([f"`{name}`", KINDS[kind_of(numbers()[name])].word, *cells])
        head = ["number", "source", "score ×½", "score ×2", "net value ×½", "net value ×2"]
        parts += [f"The ten that move {title} most:", _rows(head, body)]
    return "\n\n".join(parts)


def _dead(by_name: dict[str, list[Move]]) -> str:
    quiet = [
        name
        for name, moves in by_name.items()
        if not any(m.flipped for m in moves)
        and all(_told(m.score) == "·" and _told(m.net_value) == "·" for m in moves if m.factor in (0.5, 2.0))
    ]
    return (
        f"Halving and doubling moves neither score nor net value of the default beyond chance and flips nothing, for "
        f"{len(quiet)} of {len(by_name)} numbers. Some act only where a lever is moved that the default leaves alone "
        "(structures, visits, special terms, growth); the others stand because a claim the model began with names "
        "them. What whole rooms are worth is in [rooms.md](rooms.md).\n\n"
        + ", ".join(f"`{name}`" for name in quiet)
        + "."
    )
