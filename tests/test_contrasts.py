"""Stores that grow where a contrast is open: what is called known is, the bytes are the same, nothing is misread."""

from __future__ import annotations

import shutil

import numpy as np
import pytest
from test_cli import baton  # noqa: F401

import sim
from sim import InputError
from sim.study.experiments.experiment import Work
from sim.study.experiments.file import parse
from sim.study.sensitivity.contrasts import (
    BEST,
    HIGHER,
    LOWER,
    OPEN,
    REFERENCE,
    SAME,
    SMALL,
    ZERO,
    run_until,
    share_of_look,
    until_known,
)
from sim.study.sensitivity.sensitivity import sensitivity
from sim.study.sweep.growing import merge, shard, with_markets
from sim.study.tables.survival import survival_of_store

# --- the error, on invented numbers ---

POINTS, FIRST, LAST = 6, 20, 160


def normal(rng) -> np.ndarray:
    """Luck that all points share, and luck of their own."""
    return rng.normal(size=(1, LAST)) + rng.normal(size=(POINTS, LAST))


def skewed(rng) -> np.ndarray:
    return np.exp(0.8 * rng.normal(size=(POINTS, LAST))) - np.exp(0.32)


def lumpy(rng) -> np.ndarray:
    """One market in six lies far from the rest."""
    return (rng.random((POINTS, LAST)) < 1 / 6) - 1 / 6 + 0.05 * rng.normal(size=(POINTS, LAST))


@pytest.mark.parametrize(
    "draw, against, steps, most",
    [(normal, 0, False, 0.05), (normal, BEST, False, 0.05), (normal, ZERO, False, 0.05), (skewed, 0, False, 0.05),
     (skewed, ZERO, False, 0.08), (lumpy, ZERO, True, 0.08)],
)  # fmt: skip
def test_what_is_called_known_is_in_95_of_100_studies(draw, against, steps, most):
    """No point differs, so each that is called higher or lower is an error: in at most `most` of 60 studies (limit
    three standard errors above; 300 to 500 studies each gave 1 to 8 in 100)."""
    rng, studies, wrong = np.random.default_rng(7), 60, 0
    for _ in range(studies):
        made = draw(rng)
        found, _ = run_until(lambda c, m=made: m[:, : c.max()], POINTS, against, FIRST, LAST, 0.0, steps)
        wrong += bool(np.isin(found.state, (HIGHER, LOWER)).any())
    assert wrong / studies <= most + 3 * (most * (1 - most) / studies) ** 0.5


def test_markets_go_where_it_is_open_and_the_intervals_hold():
    truth, rng = np.array([0.0, 3.0, -3.0, 0.3, 0.0, 1.0]), np.random.default_rng(3)
    for within in (0.0, 0.5):
        held, runs, studies = 0, np.zeros(POINTS), 40
        for _ in range(studies):
            made = truth[:, None] + normal(rng)
            found, counts = run_until(lambda c, m=made: m[:, : c.max()], POINTS, 0, FIRST, LAST, within)
            held += bool(((found.low <= truth) & (truth <= found.high))[1:].all())
            runs += counts
            assert found.state[1] == HIGHER and found.state[2] == LOWER and found.state[0] == REFERENCE
            assert set(found.state[[4]]) <= {OPEN, SMALL} and counts[0] == counts.max()
        assert held / studies > 0.85 and runs[1] == studies * FIRST and runs[4] > 4 * runs[1]


def test_the_best_is_found_and_far_ones_get_few_markets():
    rng = np.random.default_rng(4)
    made = np.array([0.0, 0.0, 3.0, 0.0, 0.1, 2.0])[:, None] + normal(rng)
    found, counts = run_until(lambda c: made[:, : c.max()], POINTS, BEST, FIRST, LAST)
    assert found.state[2] == REFERENCE and (found.state[[0, 1, 3, 4]] == LOWER).all()
    assert counts[0] == FIRST and counts[2] == counts[5]


def test_all_looks_that_may_ever_come_take_no_more_than_there_is():
    for first in (5, 12, 20, 33):
        assert sum(share_of_look(first * 2**i) for i in range(40)) <= 1.0


def test_what_is_the_same_everywhere_asks_for_no_market():
    found, counts = run_until(lambda c: np.ones((2, c.max())), 2, 0, FIRST, LAST)
    assert found.state[1] == SAME and counts.tolist() == [FIRST, FIRST]


# --- experiments whose points have unequal markets ---

FILE = """claim = "x"
base = "silo"
days = 65
[levers]
liaison.count = [0, 1]
distance.between_teams_m = [60.0, 5.0]
[outcomes]
names = ["net_value", "score"]
series = ["stage"]
[sample]
method = "grid"
[replications]
markets = 20
[compare]
near = { "communication.cost_hours" = 0.4 }
"""
UNEQUAL = FILE.replace("markets = 20", "markets = 8\neach = [8, 3, 8, 4]")


def bytes_in(folder) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_runs_are_numbered_without_a_gap(tmp_path):
    made = parse(UNEQUAL, tmp_path / "file.toml")
    assert made.n_runs == (8 + 3 + 8 + 4) * 2 and made.fewest == 3
    works = [made.run_at(n) for n in range(made.n_runs)]
    assert len(set(works)) == made.n_runs and all(made.number_of(work) == n for n, work in enumerate(works))
    assert [work.seed for work in works] == sorted(work.seed for work in works)
    assert not made.has(Work(3, 1, "base")) and made.has(Work(3, 3, "near")) and not made.has(Work(8, 0, "base"))
    equal = made.but(each=(8, 8, 8, 8))
    assert equal.each == () and equal.hash == with_markets(parse(FILE, tmp_path / "file.toml"), range(8)).hash
    assert equal.hash != made.hash


@pytest.fixture(scope="module")
def grown(tmp_path_factory):
    """A store that grew where net value was open, and the experiment it became."""
    folder = tmp_path_factory.mktemp("grown")
    sim.sweep(parse(FILE, folder / "file.toml"), folder / "store")
    shutil.copytree(folder / "store", folder / "even")
    return folder / "store", until_known(folder / "store", "net_value", most=40)


def test_a_store_that_grew_is_the_one_of_the_same_counts_at_once(grown, tmp_path):
    folder, found = grown
    store = sim.open_store(folder)
    made = store.experiment
    assert made.each and set(made.each) == {20, 40} and store.is_complete and not len(store.failed)
    assert found.settled.state[0] == REFERENCE, "the point that is as the base"
    again = parse(FILE, tmp_path / "file.toml").but(markets=made.markets, each=made.each)
    assert again.hash == made.hash
    sim.sweep(again, tmp_path / "store")
    assert bytes_in(tmp_path / "store") == bytes_in(folder)
    base, p = store.matrix("net_value")[1][0], 3
    n = int(found.settled.n[p])
    assert found.settled.mean[p] == pytest.approx((store.matrix("net_value")[1][p] - base)[:n].mean())


def test_every_verb_reads_the_markets_that_all_points_have(grown):
    store, even = sim.open_store(grown[0]), sim.open_store(grown[0].parent / "even")
    for outcome in ("net_value", "net_value(near) - net_value(base)"):
        one, other = (sensitivity(each, outcome) for each in (store, even))
        assert one.df.equals(other.df) and one.markets == other.markets == 20
        assert "20 to 40 markets" in one.summary() and "20 to 40" not in other.summary()
    assert store.summary().equals(even.summary())
    assert survival_of_store(store).df.equals(survival_of_store(even).df)
    points = store.points("net_value")
    assert points["n"].tolist() == list(store.experiment.each)
    assert len(store.df) == store.experiment.n_runs * 2


def test_what_cannot_be_done_with_unequal_markets_is_refused(grown, tmp_path):
    made = sim.open_store(grown[0]).experiment
    for what in (lambda: with_markets(made, range(50)), lambda: shard(made, 1, 2),
                 lambda: merge([grown[0], grown[0]], tmp_path / "all")):  # fmt: skip
        with pytest.raises(InputError, match="20 to 40 markets"):
            what()
    for old, new, said in (("[8, 3, 8, 4]", "[8, 3]", "one for each of the 4 points"),
                           ("[8, 3, 8, 4]", "[7, 3, 7, 4]", "from 1 to the 8 markets"),
                           ("[8, 3, 8, 4]", "[8, 0, 8, 4]", "whole numbers from 1 on")):  # fmt: skip
        with pytest.raises(InputError, match=said):
            parse(UNEQUAL.replace(old, new), tmp_path / "file.toml")


def test_the_command_says_what_is_known_and_at_which_error(grown, baton):  # noqa: F811
    code, out, _ = baton("experiment", grown[0], "--until-known", "net_value", "--most", 40)
    assert code in (0, 4) and "reference" in out and "five of 100" in " ".join(out.split())
    code, out, err = baton("experiment", grown[0], "--until-known", "net_value", "--against", "nine")
    assert code == 3 and "base, best, zero, or a point from 0 to 3" in " ".join((out + err).split())
    assert baton("experiment", "trust-and-distance", "--within", 5, "--dry-run")[0] == 2
