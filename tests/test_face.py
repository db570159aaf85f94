"""The public face: what `import sim` gives is typed, described, and refuses what is not meant, in a sentence."""

from __future__ import annotations

import ast
import inspect
from pathlib import Path

import face
import pytest

import sim

DOORS = [name for name in sim._HOMES if inspect.isfunction(getattr(sim, name))]
SILO = sim.read("silo").but(days=65)


def test_type_checkers_and_editors_see_the_names_that_python_sees():
    tree = ast.parse(Path(sim.__file__).read_text(encoding="utf-8"))
    block = next(n for n in tree.body if isinstance(n, ast.If) and getattr(n.test, "id", "") == "TYPE_CHECKING")
    declared = {a.asname: n.module for n in block.body if isinstance(n, ast.ImportFrom) for a in n.names}
    assert declared == sim._HOMES
    assert Path(sim.__file__).with_name("py.typed").is_file()


def test_the_page_of_the_face_is_the_face():
    assert sorted(" ".join(face.PARTS.values()).split()) == sorted({*sim.__all__}), "each name stands in one part"
    assert face.PAGE.read_text(encoding="utf-8") == face.page(), f"the face moved: run `{face.COMMAND}`"


@pytest.mark.parametrize("name", DOORS)
def test_every_function_says_what_it_takes_and_gives(name):
    asked = inspect.signature(getattr(sim, name))
    assert asked.return_annotation is not inspect.Signature.empty
    given = [p for p in asked.parameters.values() if p.kind is not inspect.Parameter.VAR_KEYWORD]
    assert all(p.annotation is not inspect.Parameter.empty for p in given), name
    assert not any(isinstance(p.default, list | dict | set) for p in given), name
    assert inspect.getdoc(getattr(sim, name))


@pytest.mark.parametrize(
    "ask",
    [
        lambda: sim.read(42),
        lambda: sim.run(42),
        lambda: sim.many(42),
        lambda: sim.compare(SILO, 42),
        lambda: sim.explain(SILO, 42),
        lambda: sim.best(SILO, 42, within=1.0),
        lambda: sim.futures(42),
        lambda: sim.survival(42),
        lambda: sim.reach(42, "aligned"),
        lambda: sim.brief(42),
        lambda: sim.FirmModel(42),
        lambda: sim.read_experiment(42),
        lambda: sim.sweep(42, "x"),
        lambda: sim.sweep_on_cluster(42, "x", "local:2"),
        lambda: sim.grow("x", 42),
        lambda: sim.salib_problem(42),
        lambda: sim.open_store(42),
        lambda: sim.merge([42, 42], "x"),
        lambda: sim.add_outcomes(42, ["score"], "x"),
        lambda: sim.write_bundle([42], "x.zip"),
    ],
)
def test_what_is_no_scenario_experiment_or_store_is_named(ask):
    with pytest.raises(sim.InputError, match=r"(scenario|experiment|store) = 42: give a name, the path of a file"):
        ask()


@pytest.mark.parametrize("ask", [lambda p: sim.load(p), lambda p: sim.check_bundle(p)])
def test_what_is_not_there_is_said_to_be_not_there(ask, tmp_path):
    with pytest.raises(sim.InputError, match="nowhere: there is no such (file|folder)"):
        ask(tmp_path / "nowhere")


def test_people_are_read_by_a_source():
    with pytest.raises(sim.InputError, match="source = 'people.csv': give a sim.OrganizationSource"):
        sim.read_organization("people.csv")


def test_an_empty_name_is_no_folder():
    with pytest.raises(sim.InputError, match='scenario = "": give the name'):
        sim.read("")


def test_what_was_read_already_is_given_back_as_it_is():
    asked = sim.read_experiment("cost-of-talk")
    assert sim.read(SILO) is SILO and sim.read_experiment(asked) is asked
    assert sim.read() == sim.read(None) == sim.read("default")


@pytest.mark.parametrize(
    "ask, said",
    [
        (lambda: sim.compare(SILO, SILO, seed=3), 'compare() takes no seed; did you mean "seeds"?'),
        (lambda: sim.many(SILO, sedes=3), 'many() takes no sedes; did you mean "seeds"?'),
        (lambda: sim.best(SILO, SILO, within=1.0, thread=2), 'best() takes no thread; did you mean "threads"?'),
        (lambda: sim.explain(SILO, SILO, stepp=1), 'explain() takes no stepp; did you mean "step"?'),
        (lambda: sim.survival(SILO, horizon=5), "survival() takes no horizon"),
    ],
)
def test_a_word_that_is_none_is_told_by_the_function_that_was_called(ask, said):
    with pytest.raises(sim.InputError) as fault:
        ask()
    assert str(fault.value) == said


def test_a_decorator_without_its_unit_does_not_swallow_the_function():
    with pytest.raises(sim.InputError, match="needs its unit"):

        @sim.outcome
        def late(run):
            return 1.0
