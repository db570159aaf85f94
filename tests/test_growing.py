"""Stores that grow: at once, grown, in parts and merged they are the same numbers; what differs is named."""

from __future__ import annotations

import dataclasses
import os
import shutil

import pytest

import sim
from sim.errors import InputError
from sim.study.experiments.differ import differing
from sim.study.experiments.experiment import Sample
from sim.study.experiments.factors import Factor
from sim.study.sweep import growing
from sim.study.sweep.growing import BEFORE, GROWN, merge, shard, with_markets

SMALL = sim.read().but(days=65, workforce__marketers=2, workforce__salespeople=3)


def asked(trusts=(0.2, 0.6), markets=range(4), **more) -> sim.Experiment:
    factor = Factor("trust.initial", "uncertainty", min(trusts), max(trusts), values=tuple(trusts))
    arms = {"base": {}, "near": {"distance.between_teams_m": 5.0}}
    made = {"sample": Sample("grid"), "markets": tuple(markets), "arms": arms, "outcomes": ("score", "revenue"),
            "series": ("score", "contacts"), "by_day": ("contacts",), "by_person": ("language", "team")}  # fmt: skip
    return sim.Experiment("Small", "It grows.", SMALL, (factor,), **(made | more))


def parts(folder) -> dict[str, bytes]:
    """What a store has of its runs, byte by byte."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*.parquet"))}


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The experiment at once."""
    folder = tmp_path_factory.mktemp("stores") / "whole"
    sim.sweep(asked(), folder)
    return folder


def counted(monkeypatch) -> list:
    """The runs that are lived from now on."""
    from sim.study.sweep import sweep

    lived, original = [], sweep.run_one
    monkeypatch.setattr(sweep, "run_one", lambda e, w: lived.append(w) or original(e, w))
    return lived


def test_grown_by_markets_it_is_the_same_bytes(whole, tmp_path, monkeypatch):
    sim.sweep(asked(markets=range(2)), tmp_path / "store")
    assert growing.grow(tmp_path / "store", asked()) == 8
    lived = counted(monkeypatch)
    store = sim.sweep(asked(), tmp_path / "store")
    assert len(lived) == 8 and {work.seed for work in lived} == {2, 3}
    assert store.is_complete and parts(tmp_path / "store") == parts(whole)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["store"]


def test_grown_by_points_and_arms_only_the_new_are_lived(whole, tmp_path, monkeypatch):
    """Old points stand elsewhere in the new design: a run is known by what it sets, not by its number."""
    shutil.copytree(whole, tmp_path / "store")
    arms = {**asked().arms, "dear": {"communication.cost_hours": 1.0}}
    larger = asked(trusts=(0.1, 0.2, 0.4, 0.6), arms=arms)
    assert growing.grow(tmp_path / "store", larger) == 16
    lived = counted(monkeypatch)
    sim.sweep(larger, tmp_path / "store")
    assert len(lived) == larger.n_runs - 16
    sim.sweep(larger, tmp_path / "at_once")
    assert parts(tmp_path / "store") == parts(tmp_path / "at_once")


def test_parts_from_other_machines_are_merged(whole, tmp_path):
    for k in (1, 2, 3):
        sim.sweep(shard(asked(), k, 3), tmp_path / f"part{k}")
    found = merge([tmp_path / f"part{k}" for k in (3, 1, 2)], tmp_path / "all")
    assert found.is_complete and found.experiment.hash == asked().hash
    assert parts(tmp_path / "all") == parts(whole)


def test_what_a_part_lacks_is_missing_and_can_be_done(baton, whole, tmp_path):
    sim.sweep(asked(markets=[0, 1]), tmp_path / "a")
    sim.sweep(asked(markets=[3]), tmp_path / "b")
    code, out, _ = baton("store", "merge", tmp_path / "a", tmp_path / "b", "-o", tmp_path / "ab")
    assert code == 0 and "12 of 12 runs, 3 markets" in out
    code, out, _ = baton("experiment", tmp_path / "ab", "--take", whole, "-o", tmp_path / "again", "--json")
    assert code == 0 and parts(tmp_path / "again") == parts(tmp_path / "ab")


def test_the_command_goes_on_to_more_markets(baton, whole, tmp_path):
    sim.sweep(asked(markets=range(1)), tmp_path / "store")
    code, _, err = baton("experiment", tmp_path / "store", "-o", tmp_path / "store", "--markets", 4)
    assert code == 0, err
    assert parts(tmp_path / "store") == parts(whole)
    code, _, err = baton("experiment", tmp_path / "store", "-o", tmp_path / "store", "--markets", 2)
    assert code == 3 and "8 of its 16 runs would be lost" in err
    assert parts(tmp_path / "store") == parts(whole) and not (tmp_path / "store.grown").exists()
    for wrong in ("0/2", "5/4", "9/9", "x", "1/x", "1"):
        assert baton("experiment", tmp_path / "store", "-o", tmp_path / "no", "--shard", wrong)[0] in (2, 3)
    assert not (tmp_path / "no").exists()


@pytest.mark.parametrize("stop", ["while copying", "before the first name", "between the names", "before the last"])
def test_stopped_while_it_grows_nothing_is_lost(whole, tmp_path, monkeypatch, stop):
    """The process ends on the way; the same call goes on."""
    folder, larger = tmp_path / "store", asked(markets=range(6))
    shutil.copytree(whole, folder)

    class Stopped(Exception):
        pass

    def stopped(*_):
        raise Stopped

    with monkeypatch.context() as patch:
        if stop == "while copying":
            patch.setattr(growing.StoreWriter, "add", stopped)
        elif stop == "before the last":
            patch.setattr(growing.shutil, "rmtree", stopped)
        else:
            replace, calls = os.replace, []

            def some(a, b):
                if str(folder) in str(a) and str(a).endswith((GROWN, folder.name)):
                    calls.append(a)
                    if len(calls) == (1 if stop == "before the first name" else 2):
                        raise Stopped
                return replace(a, b)

            patch.setattr(growing.os, "replace", some)
        with pytest.raises(Stopped):
            growing.grow(folder, larger)
    assert growing.grow(folder, larger) == 16
    assert sim.open_store(folder).experiment.hash == larger.hash
    assert not folder.with_name("store" + GROWN).exists() and not folder.with_name("store" + BEFORE).exists()


@pytest.mark.parametrize(("other", "words"), [
    ({"base": SMALL.but(days=66)}, r"another scenario .*: days \(there: 65; here: 66\)"),
    ({"outcomes": ("score", "net_value")}, "has not kept net_value"),
    ({"series": ("disputes",)}, "has not kept disputes by the quarter"),
    ({"by_day": ("disputes",)}, "has not kept disputes by the day"),
    ({"by_person": ("load",)}, "has not kept load by the person"),
])  # fmt: skip
def test_other_runs_are_not_taken_and_why_is_told(whole, tmp_path, other, words):
    experiment = dataclasses.replace(asked(), **other)
    with pytest.raises(InputError, match=words):
        sim.sweep(experiment, tmp_path / "store", take=[whole])
    with pytest.raises(InputError, match=words):
        growing.grow(whole, experiment)
    assert sim.open_store(whole).is_complete


def test_stores_that_differ_in_more_than_markets_are_not_merged(whole, tmp_path):
    sim.sweep(asked(trusts=(0.2, 0.7), markets=[9]), tmp_path / "other")
    with pytest.raises(InputError, match="in more than its markets") as told:
        merge([whole, tmp_path / "other"], tmp_path / "all")
    assert f"trust.initial (in {whole}: 0.2, 0.6; in {tmp_path / 'other'}: 0.2, 0.7)" in str(told.value)
    with pytest.raises(InputError, match="two stores or more"):
        merge([whole], tmp_path / "all")
    assert with_markets(asked(), range(4)).hash == asked().hash


def test_what_differs_is_named_number_by_number_where_a_store_does_not_go_on(whole):
    with pytest.raises(
        InputError, match=r"runs would be lost, .*: trust\.initial \(there: 0\.2, 0\.6; here: 0\.2, 0\.7\);"
    ):
        growing.grow(whole, asked(trusts=(0.2, 0.7)))
    moved = asked(arms={"base": {}, "far": {"distance.between_teams_m": 500.0}}, outcomes=("score",))
    said = ("arm near (there: distance.between_teams_m = 5.0; here: nothing)",
            "arm far (there: nothing; here: distance.between_teams_m = 500.0)",
            "outcomes (there: revenue; here: nothing)")  # fmt: skip
    assert all(each in differing(asked(), moved) for each in said), differing(asked(), moved)
    assert differing(asked(), asked()) == differing(asked(), asked(markets=range(2)), markets=False) == ""
    with pytest.raises(InputError, match=r"base: liaison.count \(there: 0; here: 1\)"):
        sim.sweep(dataclasses.replace(asked(), base=SMALL.but(liaison__count=1)), whole)
    other = SMALL.but(trust__gain=0.01, trust__loss=0.1, liaison__count=1, market__size=90, days=66)
    assert differing(asked(), dataclasses.replace(asked(), base=other, doubt=True)).endswith("; 1 more")
