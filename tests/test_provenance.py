"""Whatever Baton writes says by what it was made, and what goes on from it looks there first."""

from __future__ import annotations

import base64
import gzip
import json
import re
import tomllib

import numpy as np
import pytest

import sim
from sim import cli
from sim.errors import InputError
from sim.figures import imprint_read
from sim.files import provenance
from sim.files.provenance import made_by
from sim.files.sums import SUMS, sums_of, sums_text

SMALL, OTHER = "small.toml", "other.toml"
SHORT = 'title = "S"\nbased_on = "small-simple"\ndays = 15\n'
DAY = "def day(firm, theory, dice):\n    firm.guest[0]['a'] += {}\n"
EXPERIMENT = """title = "Small"
claim = "Trust pays."
base = "small-simple"
days = 15
[levers]
trust.initial = [0.2, 0.5, 0.8]
[sample]
method = "grid"
[replications]
markets = 2
"""


def begin(folder):
    """Two scenarios and an experiment, short enough to be lived often."""
    (folder / SMALL).write_text(SHORT, encoding="utf-8")
    (folder / OTHER).write_text(SHORT + "[distance]\nbetween_teams_m = 5\n", encoding="utf-8")
    (folder / "e.toml").write_text(EXPERIMENT, encoding="utf-8")


@pytest.fixture
def baton(baton, tmp_path, monkeypatch):
    """The command in this process, and a folder of its own."""
    monkeypatch.chdir(tmp_path)
    begin(tmp_path)
    return baton


def made_in(path) -> dict[str, str]:
    """What a written file says of its making."""
    if path.suffix == ".toml":
        return tomllib.loads(path.read_text(encoding="utf-8"))["versions"]
    if path.suffix == ".npz":
        with np.load(path) as file:
            return json.loads(bytes(file["about"]))["made"]
    if path.suffix == ".html":
        text = path.read_text(encoding="utf-8")
        packed = re.search(r'id="recording">([^<]*)<', text)[1]
        made = json.loads(gzip.decompress(base64.b64decode(packed)))["made"]
        assert all(f"{name} {value}" in text for name, value in made.items()), "also where a reader of the file looks"
        return made
    return imprint_read.read(path).made


WRITERS = {
    "run": ("run", SMALL, "-o", "out", "--save-state", "out.npz"),
    "compare": ("compare", SMALL, OTHER, "--seeds", 2, "-o", "out"),
    "explain": ("explain", SMALL, OTHER, "--by", "funnel", "--seeds", 2, "-o", "out"),
    "experiment": ("experiment", "e.toml", "-o", "out"),
    "ranking": ("sensitivity", "store", "-o", "out"),
    "tables": ("export", "csv", SMALL, "-o", "out"),
    "tables of a store": ("export", "csv", "store", "-o", "out"),
    "figure": ("export", "figure", "revenue", SMALL, "-o", "out.svg"),
    "brief": ("export", "brief", SMALL, "--seeds", 2, "-o", "out.pdf"),
    "replay": ("export", "replay", SMALL, "-o", "out.html"),
}  # fmt: skip


@pytest.mark.parametrize("what", WRITERS)
def test_whatever_is_written_names_version_and_rules(what, baton, tmp_path):
    if "store" in WRITERS[what]:
        assert baton("experiment", "e.toml", "-o", "store", "-q")[0] == 0
    code, _, err = baton(*WRITERS[what], "-q")
    assert code == 0, err
    found = [each for each in tmp_path.rglob("*") if each.name.startswith("out.") or "out" in each.parts]
    told = [each for each in found if each.suffix in (".npz", ".html", ".svg", ".pdf", ".png")]
    told += [each for each in found if each.suffix == ".toml" and each.name not in ("experiment.toml", "base.toml")]
    assert told and {each.name: made_in(each) for each in told} == {each.name: made_by() for each in told}


def test_the_fingerprint_is_one_and_follows_the_sources(monkeypatch):
    from sim.model import kernel
    from sim.page.describe import rules_digest

    before = provenance.rules_fingerprint()
    assert re.fullmatch("[0-9a-f]{12}", before) and before.startswith(rules_digest())
    monkeypatch.setattr(kernel, "rules_fingerprint", lambda: "0" * 12)
    provenance.rules_fingerprint.cache_clear()
    assert provenance.rules_fingerprint() != before
    monkeypatch.undo()
    provenance.rules_fingerprint.cache_clear()


def test_what_other_rules_made_is_refused_with_the_reason(baton, tmp_path, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(provenance, "rules_fingerprint", lambda: "0123456789ab")
        baton(*WRITERS["run"], "-q")
        assert baton("experiment", "e.toml", "-o", "store", "-q")[0] == 0
    for words in (("run", SMALL, "--from", "out.npz"), ("export", "figure", "--check", "out/run.png"),
                  ("export", "replay", "out"), ("experiment", "e.toml", "-o", "store")):  # fmt: skip
        code, _, err = baton(*words, "-q")
        assert code == 3 and "0123456789ab" in err and "our fault" not in err, (words, err)
    code, out, _ = baton("export", "figure", "--check", "out/run.png", "--anyway")
    assert code == 0 and "other rules: 0123456789ab then" in out and "none differs" in out


@pytest.mark.parametrize("lost", ["rules", "all"])
def test_what_does_not_say_its_rules_is_refused_with_the_reason(lost, baton, tmp_path):
    baton(*WRITERS["run"], "-q")
    about = (tmp_path / "out" / "run.toml").read_text(encoding="utf-8")
    head = about.split("[versions]")[0] + "[versions]\n"
    kept = re.sub(r"\nrules = .*", "", about) if lost == "rules" else head
    (tmp_path / "out" / "run.toml").write_text(kept, encoding="utf-8")
    (tmp_path / "out" / SUMS).write_text(sums_text(sums_of(tmp_path / "out")), encoding="utf-8")  # nothing is damaged
    assert baton("export", "csv", "out", "-o", "tables", "-q")[0] == 0  # its tables can be read as ever
    code, _, err = baton("export", "replay", "out", "-q")
    assert code == 3 and "does not say by which rules" in err


# ---- with a day of the user's own


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """A folder with what a run of an own day leaves, and the day's file."""
    folder = tmp_path_factory.mktemp("own")
    begin(folder)
    (folder / "gossip.py").write_text(DAY.format("1.0"), encoding="utf-8")
    (folder / "other.py").write_text(DAY.format("2.0"), encoding="utf-8")
    words = ("run", SMALL, "--day", "gossip.py", "-o", "out", "--save-state", "state.npz", "-q")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        assert cli.code_of(list(words)) == 0
    return folder


def test_a_day_of_ones_own_is_named_with_its_hash_and_without_its_folder(own):
    for path in (own / "out" / "run.toml", own / "out" / "run.png", own / "state.npz"):
        made = made_in(path)
        assert made["day"] == "gossip.py" and re.fullmatch("[0-9a-f]{12}", made["day_hash"])
        assert str(own) not in json.dumps(made)
    assert "gossip" not in json.dumps(made_by())


@pytest.mark.parametrize("words", [
    ("run", SMALL, "--from", "state.npz", "--days", 20),
    ("export", "figure", "--check", "out/run.png"),
    ("export", "replay", "out", "-o", "out.html"),
], ids=lambda words: words[1])  # fmt: skip
def test_what_an_own_day_made_goes_on_with_that_day_only(words, own, baton, monkeypatch):
    monkeypatch.chdir(own)
    code, _, err = baton(*words, "-q")
    assert code == 3 and "was made with gossip.py (hash " in err and "give it with --day" in err
    code, _, err = baton(*words, "-q", "--day", "other.py")
    assert code == 3 and "and the other.py given has the hash" in err
    code, out, err = baton(*words, "-q", "--day", "gossip.py")
    assert code == 0, err
    if words[1] == "replay":
        assert made_in(own / "out.html")["day"] == "gossip.py"


def test_a_day_that_is_given_for_what_the_models_own_made_is_refused(own, baton, monkeypatch):
    monkeypatch.chdir(own)
    baton("export", "figure", "revenue", SMALL, "-o", "plain.svg", "-q")
    code, _, err = baton("export", "figure", "--check", "plain.svg", "--day", "gossip.py", "-q")
    assert code == 3 and "model's own day" in err


def test_a_figure_of_an_own_day_proves_itself(own, baton, monkeypatch):
    monkeypatch.chdir(own)
    words = ("compare", SMALL, OTHER, "--seeds", 2)
    assert baton("export", "figure", *words, "--day", "gossip.py", "-o", "pair.pdf", "-q")[0] == 0
    assert imprint_read.read("pair.pdf").made["day"] == "gossip.py"
    assert "--day gossip.py" in imprint_read.read("pair.pdf").command
    assert baton("export", "figure", "--check", "pair.pdf", "-q")[0] == 3
    assert baton("export", "figure", "--check", "pair.pdf", "--day", "gossip.py", "-q")[0] == 0
    assert baton("export", "brief", SMALL, "--day", "gossip.py")[0] == 2


def test_python_tells_it_too(own):
    from sim.files.own_day import read_day

    step = read_day(own / "gossip.py")
    pair = sim.compare(own / SMALL, own / OTHER, seeds=2, step=step)
    assert pair.made["day"] == "gossip.py" == sim.survival(own / SMALL, 2, step=step).made["day"]
    with pytest.raises(InputError, match="give it with --day"):
        sim.run(own / SMALL, from_state=own / "state.npz")
