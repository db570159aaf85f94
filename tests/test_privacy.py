"""Nothing that is written to be mailed names a path, nor a person, department or site of a user's own organization."""

from __future__ import annotations

import base64
import io
import json
import re
import zipfile
import zlib
from pathlib import Path

import pandas as pd
import pytest

import sim
from sim.cli import code_of
from sim.errors import InputError
from sim.page.describe import about
from sim.page.view import view_of
from sim.page.visitor import Visitor

MARK = "zyzzogeton"
SCENARIO = f"""title = "A firm"
days = 70
[organization]
people = "{MARK}-data/people.csv"
ties = "{MARK}-data/ties.csv"
marketing = ["{MARK} Marketing"]
sales = ["{MARK} Sales*"]
others = "colleagues"
tie = ["advice"]
trust = {{relation = "feeling", low = 1, high = 5}}
columns = {{site = "building"}}
[organization.distances_m]
within = 15
"{MARK} A - {MARK} B" = 90
"""
PEOPLE = [("m1", "Marketing", "A"), ("m2", "Marketing", "B"), ("s1", "Sales North", "A"), ("s2", "Sales South", "B"),
          ("s3", "Sales South", "B"), ("x1", "Service", "A")]  # fmt: skip
TIES = ["m1,s1", "m1,s2", "m2,s3", "s1,s2", "m1,x1", "s3,x1"]
EXPERIMENT = """title = "E"
claim = "Talk costs."
base = "{base}"
days = 70
[levers]
"communication.cost_hours" = [0.5, 2]
[sample]
method = "grid"
[replications]
markets = 2
"""


@pytest.fixture(scope="module")
def firm(tmp_path_factory) -> Path:
    """A scenario of a firm of its own, in a folder and with names that carry the mark."""
    home = tmp_path_factory.mktemp(MARK) / MARK
    (home / f"{MARK}-data").mkdir(parents=True)
    rows = [f"{MARK}-{who},{MARK} {what},{MARK} {where}" for who, what, where in PEOPLE]
    (home / f"{MARK}-data" / "people.csv").write_text("\n".join(["id,department,building", *rows]))
    ties = [f"{MARK}-{tie.replace(',', f',{MARK}-')},{kind}" for tie in TIES for kind in ("advice,1", "feeling,4")]
    (home / f"{MARK}-data" / "ties.csv").write_text("\n".join(["from,to,relation,value", *ties]))
    (home / "firm.toml").write_text(SCENARIO)
    (home / "plan.toml").write_text(f'based_on = "firm.toml"\ntitle = "A plan"\n[liaison]\ncount = 1\n{""}')
    (home / "experiment.toml").write_text(EXPERIMENT.format(base=home / "firm.toml"))
    return home


def unfolded(content: bytes, depth: int = 0):
    """A file's bytes, and all that lies in them compressed, encoded or as a table."""
    yield content
    if depth > 3:
        return
    inner = []
    if content[:4] == b"PAR1":
        inner.append(pd.read_parquet(io.BytesIO(content)).to_csv().encode())
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            inner += [archive.read(name) for name in archive.namelist()]
    for found in re.finditer(rb"\x1f\x8b\x08|\x78[\x01\x5e\x9c\xda]", content):
        with_head = zlib.decompressobj(47)
        try:
            inner.append(with_head.decompress(content[found.start() :]))
        except zlib.error:
            continue
    for found in re.finditer(rb"[A-Za-z0-9+/]{80,}={0,2}", content):
        text = found[0][: len(found[0]) // 4 * 4]
        inner.append(base64.b64decode(text))
    for each in inner:
        yield from unfolded(each, depth + 1)


def holds_mark(content: bytes, *more: str) -> bool:
    marks = [MARK, *more]
    wanted = [mark.encode(kind) for mark in marks for kind in ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le")]
    return any(mark in part for part in unfolded(content) for mark in wanted)


def marked(folder: Path) -> list[str]:
    """The files below that carry the mark, or the path of the folder they were written from."""
    return [str(each.relative_to(folder)) for each in sorted(folder.rglob("*")) if each.is_file()
            and (MARK in each.name or holds_mark(each.read_bytes(), str(folder)))]  # fmt: skip


FIGURES = (["run", "A", "--seed", "3"], ["compare", "A", "B", "--seeds", "2"], ["waterfall", "A", "B", "--seeds", "2"],
           ["network", "A"], ["audit", "A"], ["survival", "A", "--seeds", "2"], ["trust", "A"])  # fmt: skip
VERBS = {
    "run": ["run", "A", "-o", "OUT/run", "--save-state", "OUT/state.npz"],
    "runs": ["run", "A", "--seeds", "2", "-o", "OUT/runs"],
    "compare": ["compare", "A", "B", "--seeds", "2", "-o", "OUT/compare"],
    "explain": ["explain", "A", "B", "--seeds", "2", "-o", "OUT/explain"],
    "funnel": ["explain", "A", "B", "--seeds", "2", "--by", "funnel", "-o", "OUT/funnel"],
    "reach": ["reach", "defined", "--from", "A", "--within", "0.25", "--seeds", "3", "--allow", "distance",
              "--budget", "400", "-o", "OUT/reach"],
    "experiment": ["experiment", "E", "-o", "OUT/store"],
    "sensitivity": ["sensitivity", "OUT/store", "-o", "OUT/ranking.png"],
    "store's figure": ["export", "figure", "sensitivity", "OUT/store", "-o", "OUT/store.pdf"],
    "csv": ["export", "csv", "A", "-o", "OUT/csv"],
    "run's csv": ["export", "csv", "OUT/run", "-o", "OUT/run-csv"],
    "store's csv": ["export", "csv", "OUT/store", "-o", "OUT/store-csv"],
    "survival": ["export", "survival", "A", "--seeds", "2", "-o", "OUT/survival.csv"],
    "network": ["network", "A", "-o", "OUT/net.png"],
    "replay": ["export", "replay", "A", "-o", "OUT/replay.html"],
    "run's replay": ["export", "replay", "OUT/run", "-o", "OUT/run.html"],
    **{f"brief.{kind}": ["export", "brief", "A", "B", "--seeds", "2", "-o", f"OUT/brief.{kind}"]
       for kind in ("pdf", "png")},
    **{f"{what[0]}.{kind}": ["export", "figure", *what, "-o", f"OUT/{what[0]}.{kind}"]
       for what, kind in zip(FIGURES, ("pdf", "svg", "svg", "png", "pdf", "png", "svg"), strict=True)},
}  # fmt: skip


@pytest.fixture(scope="module")
def mailed(firm, tmp_path_factory):
    """Every verb's files of the marked firm, its scenarios given by their whole paths."""
    out = tmp_path_factory.mktemp("mailed")
    given = {"A": str(firm / "firm.toml"), "B": str(firm / "plan.toml"), "E": str(firm / "experiment.toml")}
    with pytest.MonkeyPatch.context() as here:
        here.setattr("sim.page.replay.MARKETS", 2)
        here.chdir(firm)  # a file that was written finds its people again where they are
        for words in VERBS.values():
            code = code_of([given.get(word, word).replace("OUT", str(out)) for word in [*words, "--quiet"]])
            assert code in (0, 4), words
    return out


def test_nothing_to_be_mailed_carries_a_path_or_a_name(mailed):
    assert len(list(mailed.rglob("*"))) > 80
    assert marked(mailed) == []


def test_the_mark_is_found_wherever_it_lies(firm, tmp_path):
    """The check can fail: names that are kept are found, in tables and pictures."""
    code = code_of(["run", str(firm / "firm.toml"), "--quiet", "--keep-names", "-o", str(tmp_path / "run")])
    assert code == 0 and {"people.parquet", "ties.parquet"} <= {Path(each).name for each in marked(tmp_path)}
    assert "run.toml" not in {Path(each).name for each in marked(tmp_path)}  # a path is never written
    people = pd.read_parquet(tmp_path / "run" / "people.parquet")
    assert set(people["person"]) >= {f"{MARK}-m1", f"{MARK}-s3"}
    inside = base64.b64encode(zlib.compress(MARK.encode() + bytes(100))) + b"\n"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a", MARK)
    for content in (MARK.encode(), b"..." + zlib.compress(MARK.encode()), MARK.encode("utf-16"), packed.getvalue(),
                    b"<p>" + inside if len(inside) > 80 else MARK.encode()):  # fmt: skip
        assert holds_mark(content)


def test_the_page_names_nobody(firm):
    scenario = sim.read(firm / "firm.toml")
    told = [about({"firm": scenario})]
    visitor = Visitor()
    plan = view_of({"arms": {"a": {"scenario": "firm", "changes": []}}, "seed": 1, "day": 20}, {"firm": scenario})
    told.append(visitor.set(plan))
    told += [visitor.story("a", {"person": row}) for row in range(5)]
    assert MARK not in json.dumps(told, default=str) and '"M1"' in json.dumps(told, default=str)


def test_a_mailed_file_finds_its_people_again_and_is_refused_elsewhere(mailed, firm, tmp_path, monkeypatch, capsys):
    """run.toml is read everywhere, run again where the firm's scenario lies, and checked to be the same people."""
    run = sim.load(mailed / "run")
    scenario = sim.read(firm / "firm.toml")
    assert run.scenario.hash == scenario.hash and not run.scenario.differs(scenario)
    assert run.people["person"].tolist()[:3] == ["M1", "M2", "S1"]
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match="do it where firm.toml is"):
        sim.run(run.scenario, run.seed)
    assert code_of(["audit", str(mailed / "run"), "--quiet"]) == 0
    assert code_of(["export", "figure", "--check", str(mailed / "run.pdf"), "--quiet"]) == 3
    monkeypatch.chdir(firm)
    assert sim.run(sim.load(mailed / "run").scenario, run.seed).about["state"] == run.about["state"]
    both = ("firm.toml", "plan.toml")
    for picture, *named in (("run.pdf", "firm.toml"), ("brief.png", *both), ("waterfall.svg", *both)):
        assert code_of(["export", "figure", "--check", str(mailed / picture), "--quiet"]) == 3  # it carries no people
        assert code_of(["export", "figure", "--check", str(mailed / picture), *named, "--quiet"]) == 0
    assert code_of(["experiment", str(firm / "experiment.toml"), "-o", str(mailed / "store"), "--quiet"]) == 0
    plan = sim.read(next((mailed / "reach").glob("*.toml")).parent / "as-is.toml")
    assert plan.load_organization().digest == scenario.load_organization().digest
    people = firm / f"{MARK}-data" / "people.csv"
    before = people.read_text()
    try:
        people.write_text(before + f"\n{MARK}-s4,{MARK} Sales North,{MARK} A")
        with pytest.raises(InputError, match="its people are others now"):
            sim.run(sim.load(mailed / "run").scenario, run.seed)
    finally:
        people.write_text(before)
