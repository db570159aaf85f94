"""A bundle for a paper: opened where nothing else of Baton is, it runs again to the same hashes."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
import zipfile

import house
import pyarrow.parquet as pq
import pytest
from test_growing import asked

import sim
from sim import figures
from sim.errors import InputError
from sim.figures import recipes
from sim.figures.styles import style_of
from sim.files.sums import SUMS, sums_of, sums_text
from sim.study.bundle import CRATE, check_bundle, write_bundle
from sim.study.experiments.experiment import OWN_FILE

OWN = """
import sim
@sim.outcome(unit="h")
def talk(run):
    return run.daily["hours_contact"].sum()
"""


@pytest.fixture(scope="module")
def bundle(tmp_path_factory):
    """A store and a picture, bundled."""
    folder = tmp_path_factory.mktemp("bundle")
    sim.sweep(asked(markets=range(2)), folder / "small")
    (folder / "small" / "notes.txt").write_text("not for readers")
    (folder / "fig.svg").write_text("<svg/>")
    return write_bundle([folder / "small"], folder / "paper.zip", [folder / "fig.svg"], "Small talk")


def unpacked(bundle, folder):
    with zipfile.ZipFile(bundle) as archive:
        archive.extractall(folder)
    return folder


def test_it_says_what_it_is(bundle, tmp_path):
    folder = unpacked(bundle, tmp_path)
    crate = json.loads((folder / CRATE).read_text(encoding="utf-8"))["@graph"]
    by_name = {each["@id"]: each for each in crate}
    assert by_name["./"]["name"] == "Small talk" and by_name[CRATE]["about"] == {"@id": "./"}
    assert not list(folder.rglob("notes.txt")), "what lies in the store by chance is not mailed"
    parts = {each["@id"] for each in by_name["./"]["hasPart"]}
    assert parts >= {"methods.md", "odd.md", "figures/fig.svg", "stores/small/experiment.toml"}
    assert all((folder / name).is_file() for name in parts)
    methods = (folder / "methods.md").read_text(encoding="utf-8")
    for said in ("It grows.", "trust.initial", "8 runs", asked(markets=range(2)).hash, "Grimm"):
        assert said in methods, said
    wanted = dict(line.split("==") for line in (folder / "requirements.txt").read_text().split())
    assert {"numpy", "numba", "mesa", "pyarrow"} <= set(wanted) and "/" not in "".join(wanted.values())


def test_where_nothing_else_of_baton_is_it_runs_again_to_the_same(bundle, tmp_path):
    """Another process, another folder, the bundle's own source: libraries are all that it takes from here."""
    folder = unpacked(bundle, tmp_path / "there")
    environment = {**os.environ, "PYTHONPATH": str(folder / "baton"), "BATON_CACHE_DIR": str(tmp_path / "cache")}
    where = "import sim; print(sim.__file__)"
    place = subprocess.run([sys.executable, "-c", where], env=environment, cwd=folder, capture_output=True, text=True)
    assert place.stdout.startswith(str(folder))
    check = [sys.executable, "-m", "sim", "export", "bundle", "--check", "."]
    done = subprocess.run(check, env=environment, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "small: 8 runs again, all the same" in done.stdout


def test_another_number_is_found(baton, bundle, tmp_path):
    folder = unpacked(bundle, tmp_path)
    part = next((folder / "stores" / "small" / "parts").iterdir())
    table = pq.read_table(part).to_pandas()
    table.loc[3, "revenue"] += 1e-6
    pq.write_table(pq.read_table(part).set_column(
        pq.read_table(part).column_names.index("revenue"), "revenue", [table["revenue"].to_numpy()]), part)  # fmt: skip
    with pytest.raises(InputError, match="runs-000000.parquet: is missing or not as it was written"):
        check_bundle(folder)
    for each in (folder / "stores" / "small", folder):  # whoever changes a number can change its check sum too
        (each / SUMS).write_text(sums_text({n: s for n, s in sums_of(each).items() if n != SUMS}))
    code, out, _ = baton("export", "bundle", "--check", folder)
    assert code == 4 and "small: 8 runs again, 1 otherwise" in out


def test_somebodys_code_is_run_only_when_that_is_said(tmp_path):
    (tmp_path / "mine.py").write_text(OWN, encoding="utf-8")
    sim.read_outcomes(tmp_path / "mine.py")
    try:
        sim.sweep(asked(markets=[0], outcomes=("score", "talk")), tmp_path / "own")
        bundle = write_bundle([tmp_path / "own"], tmp_path / "own.zip")
    finally:
        from sim.result.outcomes import OUTCOMES

        del OUTCOMES["talk"]
    with pytest.raises(InputError, match=f"Python code .{OWN_FILE}."):
        check_bundle(bundle)
    assert "talk" not in OUTCOMES
    assert [each.otherwise for each in check_bundle(bundle, own=True)] == [0]
    del OUTCOMES["talk"]


STUDY = """
title = "Does it tire?"
claim = "It does."
base = "small-simple"
days = 65
theories = ["baton", "tired.py"]
constraints = ["tired.gain >= 4 * tired.fatigue"]
[levers]
liaison.count = [0, 1]
liaison.trust_sales = { values = [0.3, 0.9], where = "liaison.count > 0" }
[uncertainties]
"tired.gain" = { values = [0.5, 2.0], where = "theory == 'tired'" }
"tired.fatigue" = { values = [0.0, 0.2], where = "theory == 'tired'" }
[outcomes]
file = "tired.py"
names = ["score", "reliance"]
[sample]
method = "grid"
[replications]
markets = 1
[compare.boosted]
trust.gain = 0.05
"""


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """A bundle of an experiment with an own theory and an own outcome, opened; pictures by the theory are in it."""
    folder = tmp_path_factory.mktemp("study")
    shutil.copy(house.ROOT / "docs" / "tutorials" / "tired.py", folder)
    (folder / "study.toml").write_text(STUDY, encoding="utf-8")
    sim.sweep(sim.read_experiment(folder / "study.toml"), folder / "more")
    tired = sim.read("small-simple").but(theory=folder / "tired.py", days=30)
    with figures.dressed(style_of("paper", None)):
        figures.save(recipes.draw("trust", [tired], [3], {}, recipes.Work()), folder / "trust.pdf")
    (folder / "by-hand.svg").write_text("<svg/>")
    bundle = write_bundle([folder / "more"], folder / "paper.zip", [folder / "trust.pdf", folder / "by-hand.svg"])
    return unpacked(bundle, folder / "there")


def test_an_own_theory_lies_in_the_bundle_as_its_file_and_the_libraries_of_its_pictures_are_named(study):
    text = (house.ROOT / "docs" / "tutorials" / "tired.py").read_bytes()
    assert (study / "theories" / "tired.py").read_bytes() == text
    assert (study / "stores" / "more" / OWN_FILE).read_bytes() == text
    wanted = dict(line.split("==") for line in (study / "requirements.txt").read_text().split())
    assert "pypdf" in wanted and "baton-sim" not in wanted
    assert "`figures/by-hand.svg` does not say of itself" in (study / "README.md").read_text(encoding="utf-8")


def test_the_methods_say_conditions_constraints_arms_and_theories(study):
    said = (study / "methods.md").read_text(encoding="utf-8")
    digest = sim.read_theory(study / "theories" / "tired.py").digest
    for each in ("where `liaison.count > 0`", "`tired.gain >= 4 * tired.fatigue`", "the model's own (baton)",
                 f"*tired* (hash {digest}; theories/tired.py)", "boosted: `trust.gain` = 0.05"):  # fmt: skip
        assert each in said, each


def test_every_line_of_its_readme_works_as_it_is_typed(study):
    text = (study / "README.md").read_text(encoding="utf-8")
    lines = [line.strip() for line in text.splitlines() if line.startswith("    PYTHONPATH=baton ")]
    assert len(lines) == 2 and lines[0].endswith("--check . --own")
    assert [line.endswith("--theory theories/tired.py") for line in lines] == [False, True]
    environment = {**os.environ, "PYTHONPATH": "baton"}
    for line in lines:
        words = shlex.split(line)[2:]
        done = subprocess.run([sys.executable, *words], env=environment, cwd=study, capture_output=True, text=True)
        assert done.returncode == 0, (line, done.stdout, done.stderr)
    assert "none differs" in done.stdout


@pytest.mark.parametrize("name", ["../out.txt", "/out.txt", "a\\b.txt", "c:/x", "stores/../../out.txt"])
def test_a_hostile_zip_writes_nothing_outside(tmp_path, name):
    path = tmp_path / "bad.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(name, "x")
    with pytest.raises(InputError, match="leads out of the bundle"):
        check_bundle(path)
    assert not (tmp_path / "out.txt").exists() and not (tmp_path.parent / "out.txt").exists()


def test_what_is_no_bundle_is_said(tmp_path, monkeypatch):
    (tmp_path / "text.zip").write_text("no zip")
    with pytest.raises(InputError, match="no bundle that can be read"):
        check_bundle(tmp_path / "text.zip")
    with zipfile.ZipFile(tmp_path / "empty.zip", "w"):
        pass
    with pytest.raises(InputError, match="is no bundle"):
        check_bundle(tmp_path / "empty.zip")
    monkeypatch.setattr("sim.study.bundle.MOST_BYTES", 100)
    with zipfile.ZipFile(tmp_path / "large.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", b"0" * 10_000_000)
    with pytest.raises(InputError, match="unpacks to more"):
        check_bundle(tmp_path / "large.zip")


def test_what_cannot_be_bundled_is_told_at_once(tmp_path):
    sim.sweep(asked(markets=[0]), tmp_path / "one")
    with pytest.raises(InputError) as fault:
        write_bundle([tmp_path / "one", tmp_path / "one"], tmp_path / "x.zip", [tmp_path / "no.png"])
    assert "two stores of that name" in str(fault.value) and "no.png: there is no such file" in str(fault.value)
    with pytest.raises(InputError, match="written as .zip"):
        write_bundle([tmp_path / "one"], tmp_path / "x.tar")
