"""What Baton gives away: pictures that can be proved, tables that other programs read, survival data."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import tomllib

import house
import matplotlib
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from pypdf import PdfReader
from test_figures import check_words

import sim
from sim import figures
from sim.cli.survival_report import survival_account
from sim.errors import InputError
from sim.figures import imprint, imprint_read
from sim.figures.captions import count
from sim.figures.imprint import Series, Told
from sim.files.folder import written_file, written_whole
from sim.result.outcomes import OUTCOMES
from sim.scenario.schema import spoken
from sim.study.tables import csv_tables
from sim.study.tables.kaplan_meier import kaplan_meier
from sim.study.tables.stage_times import COLUMNS, STAGES, Lived, rows_of
from sim.study.tables.survival import Survival, survival_of_store


@pytest.fixture
def baton(baton, tmp_path, monkeypatch):
    """The command in this process, and a folder of its own."""
    monkeypatch.chdir(tmp_path)
    return baton


# --- pictures that say how they were made ---

FIGURES = {
    "run": ("run", "liaison", "--days", 195, "--baseline", "silo", "--seeds", 3),
    "compare": ("compare", "silo", "liaison", "--seeds", 3, "--days", 195, "--metric", "revenue"),
    "network": ("network", "liaison", "--seed", 4, "--days", 100),
    "audit": ("audit", "silo", "--days", 195, "--quarter", 2),
    "trust": ("trust", "silo", "--days", 195, "--set", "trust.initial=0.6"),
    "contribution": ("contribution", "silo", "--days", 195, "--seeds", 2),
    "contacts": ("contacts", "silo", "--days", 195),
    "a number of a day": ("language", "liaison", "--days", 195),
    "stages": ("stages", "near-cheap", "--seeds", 3, "--days", 260),
    "survival": ("survival", "near-cheap", "--seeds", 3, "--days", 390),
    "leaving": ("leaving", "near-cheap", "--seeds", 3, "--days", 390),
    "waterfall": ("waterfall", "silo", "liaison", "--seeds", 2, "--days", 195, "--by", "funnel"),
}


@pytest.mark.parametrize("case", FIGURES)
def test_a_figure_is_proved_by_its_own_file(case, baton):
    kind = ("pdf", "svg", "png")[list(FIGURES).index(case) % 3]
    code, out, _ = baton("export", "figure", *FIGURES[case], "-o", f"f.{kind}", "-q")
    assert code == 0 and "89 × " in out and "Caption: " in out
    told = imprint_read.read(f"f.{kind}")
    assert told.command.startswith("baton export figure ") and "f." not in told.command
    assert told.scenarios and all(len(each["hash"]) == 16 for each in told.scenarios)
    assert told.seeds and told.version == sim.__version__ and told.style == "paper 89 mm"
    assert sum(len(each.values) for each in told.data) > 5
    code, out, _ = baton("export", "figure", "--check", f"f.{kind}", "-q")
    assert code == 0 and "The same figure" in out and "none differs" in out


def test_the_command_in_the_file_makes_the_same_bytes_again(baton, tmp_path):
    """In another process, with another hash seed and another date; whatever the file is called."""
    for kind in ("pdf", "svg", "png"):
        baton("export", "figure", *FIGURES["run"], "-o", f"one.{kind}", "-q")
        words = imprint_read.read(f"one.{kind}").command.split()[1:]
        environment = {**os.environ, "PYTHONHASHSEED": "7", "SOURCE_DATE_EPOCH": "99"}
        subprocess.run([sys.executable, "-m", "sim", *words, "-q", "-o", f"two.{kind}"], check=True, env=environment,
                       capture_output=True)  # fmt: skip
        assert (tmp_path / f"one.{kind}").read_bytes() == (tmp_path / f"two.{kind}").read_bytes()


def test_metadata_is_where_other_programs_look(baton, tmp_path):
    for kind in ("pdf", "svg", "png"):
        baton("export", "figure", "run", "silo", "--days", 130, "-o", f"f.{kind}", "-q")
    info = PdfReader("f.pdf").metadata
    assert info["/Title"] == "Undefined for the whole half year" and "market 10" in info["/Subject"]
    assert info["/Creator"] == f"Baton {sim.__version__}" and "/CreationDate" not in info
    with Image.open("f.png") as image:
        image.load()
        assert image.text["Title"] == info["/Title"] and image.info["dpi"] == pytest.approx((600, 600), abs=0.1)
        assert image.size[0] == pytest.approx(89 / 25.4 * 600, abs=1)
        content = json.loads(image.text["Baton"])
    assert {"command", "version", "versions", "scenarios", "seeds", "market", "style", "options"} <= set(content)
    run = sim.run("silo", until=130)
    assert content["scenarios"][0]["hash"] == run.scenario.hash and content["market"] == run.about["market"]
    text = (tmp_path / "f.svg").read_text(encoding="utf-8")
    assert "<dc:source>" in text and "<dc:date>" not in text and "<title>Undefined" in text


def test_fonts_are_embedded(baton):
    baton("export", "figure", "run", "silo", "--days", 130, "-o", "f.pdf", "-q")
    fonts = PdfReader("f.pdf").pages[0]["/Resources"]["/Font"]
    assert len(fonts)
    for font in fonts.values():
        font = font.get_object()
        inner = font["/DescendantFonts"][0].get_object() if "/DescendantFonts" in font else font
        assert "/FontFile2" in inner["/FontDescriptor"].get_object(), "TrueType, as journals want it"


def rewritten(path, **changed):
    """The same PNG with another record."""
    with Image.open(path) as image:
        image.load()
        content = json.loads(image.text["Baton"]) | changed
        info = PngInfo()
        info.add_text("Baton", json.dumps(content))
        image.save(path, pnginfo=info)


def test_a_picture_of_other_numbers_is_found_out(baton):
    """One number is changed in the file: the check names it, and says what it is now."""
    baton("export", "figure", "run", "silo", "--days", 130, "-o", "f.png", "-q")
    told = imprint_read.read("f.png")
    trust = next(each for each in told.data if each.name == "trust_ms")
    forged = Series(trust.name, trust.unit, trust.by, trust.at, (*trust.values[:7], 0.9, *trust.values[8:]))
    others = tuple(forged if each.name == "trust_ms" else each for each in told.data)
    other = json.loads(imprint.record(Told("", "", "", data=others)))["data"]
    rewritten("f.png", data=other)
    code, out, _ = baton("export", "figure", "--check", "f.png")
    assert code == 4
    assert f"trust_ms, day 40: 0.9 in the file, {trust.values[7]:.7g} now" in out
    assert "Another figure: 1 of " in out


PLAN = 'title = "Plan"\nquestion = "Well?"\n[distance]\nbetween_teams_m = 40\n'


def test_a_scenario_that_has_changed_since_is_named_with_its_levers(baton, tmp_path):
    (tmp_path / "plan.toml").write_text(PLAN)
    baton("export", "figure", "revenue", "plan.toml", "--days", 195, "-o", "f.pdf", "-q")
    (tmp_path / "plan.toml").write_text(PLAN + "[liaison]\ncount = 1\n")
    code, out, _ = baton("export", "figure", "--check", "f.pdf", "plan.toml")
    assert code == 4 and "plan.toml has changed since" in out
    assert "liaison.count was 0, is 1" in " ".join(out.split())
    assert "revenue, day" in out
    code, out, _ = baton("export", "figure", "--check", "f.pdf")  # no file is opened because a picture names it
    assert code == 0 and "plan.toml is taken from the picture" in out
    code, _, err = baton("export", "figure", "--check", "f.pdf", "plan.toml", "silo")
    assert code == 3 and "is a picture of 1 scenario, and 2 named" in err
    code, out, _ = baton("export", "figure", "--check", "f.pdf", "--json")
    assert json.loads(out)["same"] is True


def test_a_picture_of_another_version_is_checked_and_the_version_said(baton, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(sim, "__version__", "0.0.7")
        baton("export", "figure", "trust", "silo", "--days", 130, "-o", "f.svg", "-q")
    code, out, _ = baton("export", "figure", "--check", "f.svg")
    assert code == 0 and f"It was drawn by Baton 0.0.7; this is Baton {sim.__version__}." in out


def test_pictures_from_python_prove_themselves_too(baton, tmp_path):
    """No command is known, so the scenario is the one that the file carries."""
    scenario = sim.read("silo").but(liaison__count=1)
    figures.run_page(sim.run(scenario, 5, until=150), tmp_path / "page.png")
    figures.save(sim.compare("silo", scenario, seeds=3, days=130).plot("score"), tmp_path / "pair.svg")
    with figures.dressed("paper", 183):
        figures.save(sim.survival(scenario, [3, 5], days=195).plot(), tmp_path / "times.pdf")
    for name in ("page.png", "pair.svg"):
        assert imprint_read.read(name).command == ""
        assert baton("export", "figure", "--check", name)[0] == 0
    assert imprint_read.read("times.pdf").style == "paper 183 mm"


def test_a_saved_run_has_a_picture_that_proves_itself(baton):
    baton("run", "silo", "--days", 130, "--seeds", 3, "-o", "out", "-q")
    told = imprint_read.read("out/run.png")
    assert told.options["band"] == [0, 1, 2]
    assert baton("export", "figure", "--check", "out/run.png")[0] == 0


def test_what_baton_did_not_write_is_refused(baton, tmp_path):
    figure = matplotlib.figure.Figure()
    for kind in ("png", "svg", "pdf"):
        figure.savefig(f"other.{kind}")
        code, _, err = baton("export", "figure", "--check", f"other.{kind}", "-q")
        assert code == 3 and "does not say what it shows" in err
        (tmp_path / f"broken.{kind}").write_bytes(b"no picture")
        assert baton("export", "figure", "--check", f"broken.{kind}")[0] == 3
    assert baton("export", "figure", "--check", "nowhere.png")[0] == 3
    baton("export", "figure", "trust", "silo", "--days", 130, "-o", "f.png", "-q")
    rewritten("f.png", format=99)
    code, _, err = baton("export", "figure", "--check", "f.png", "-q")
    assert code == 3 and "format 99" in err


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ((), 2, "say what to draw"),
        (("trst", "silo"), 3, 'did you mean "trust"'),
        (("compare", "silo"), 3, "1 scenario given, this figure takes 2 to 9"),
        (("compare", "silo", "liaison", "--metric", "net_valu"), 3, 'did you mean "net_value"'),
        (("trust", "silo", "--baseline", "liaison"), 3, "baseline is no option of this figure"),
        (("series", "silo"), 3, "say which number of a day"),
        (("run", "silo", "-o", "x.xyz"), 3, "x.xyz: a picture's name ends in .png, .svg or .pdf"),
        (("run", "silo", "--style", "poster"), 3, "there are page, paper, talk"),
        (("run", "silo", "--style", "talk", "--width", 89), 3, "only the style paper takes a width"),
        (("sensitivity",), 3, "give the folder of a sweep"),
        (("silo", "--check", "f.pdf"), 3, "f.pdf: there is no such file"),
    ],
)
def test_a_wrong_wish_is_refused_before_anything_is_run(words, code, said, baton, tmp_path):
    found, _, err = baton("export", "figure", *words, "-q")
    assert found == code and said in err
    assert not list(tmp_path.iterdir())


NUMBERS = st.lists(st.floats(allow_infinity=False, width=32), min_size=1, max_size=30)


@given(NUMBERS, st.text(max_size=20))
def test_a_record_comes_back_as_it_was_written(values, name):
    told = Told("run", "T", name, seeds=tuple(range(len(values))), options={"until": 1},
                data=(Series.of(name, "k€", "day", range(len(values)), values),))  # fmt: skip
    text = imprint.record(told)
    assert text.isascii() and "\n" not in text
    content = json.loads(text)
    again = imprint_read.told_from(content)
    assert (again.data, again.seeds, again.about, again.options) == (told.data, told.seeds, name, {"until": 1})
    assert imprint_read.differences(told.data, again.data) == []


@given(NUMBERS, st.data())
def test_exactly_the_numbers_that_differ_are_named(values, data):
    before = Series.of("x", "", "day", range(len(values)), values)
    where = data.draw(st.integers(0, len(values) - 1))
    was = before.values[where]
    moved = list(before.values)
    moved[where] = 1.0 if was is None else was * 1.001 + 0.001
    after = Series("x", "", "day", before.at, tuple(moved))
    found = imprint_read.differences([before], [after])
    assert [each.at for each in found] == ([where] if moved[where] != was else [])
    assert len(imprint_read.differences([before], [])) == len(values)


# --- the brief ---


@pytest.fixture(scope="module")
def told():
    return sim.brief("silo", "liaison", 4)


def test_a_brief_says_what_compare_says(told):
    table, pair = told.table(), sim.compare("silo", "liaison", seeds=4).summary().loc["liaison"]
    for name in table.index:
        for here, there in (("before", "baseline"), ("after", "with_change"), ("difference", "difference"),
                            ("low", "low"), ("high", "high"), ("higher_in", "higher_in")):  # fmt: skip
            assert table.loc[name, here] == pytest.approx(pair.loc[name, there], nan_ok=True)
    assert told.same_markets and told.last.shares().sum() == 4 * 20
    assert {name for name, *_ in told.differs()} >= {"liaison.count", "trust.initial"}
    scores = told.last.items
    assert [score for *_, score in told.last.holding()] == sorted(scores)[:3] and ((scores >= 1) & (scores <= 5)).all()


HARD = {f"practices.{name}": "mandated" for name in ("rules", "meetings", "joint_planning", "rotation")}


def test_a_brief_in_doubt_says_what_compare_in_doubt_says(baton, tmp_path):
    shorter = [sim.read(name).but(days=195) for name in ("silo", "near-cheap")]
    found, pair = sim.brief(*shorter, 12, doubt=True), sim.compare(*shorter, seeds=12, doubt=True)
    for name in ("net_value", "score"):
        assert found.doubt(name).as_data() == pair.doubt(name).as_data()
        layers, row = pair.doubt(name).layers, found.table().loc[name]
        shown = row[["difference", "low", "high"]].tolist()
        assert np.array_equal(shown, [layers.mean, layers.world_low, layers.world_high], equal_nan=True)
    figure = found.plot()
    check_words(figure)
    said = " ".join(" ".join(text.get_text() for text in figure.texts).split())
    assert "guessed numbers drawn from their plausible ranges, six sets" in said and found.doubt().in_short() in said
    page = tmp_path / "brief.svg"
    same = ("silo", "near-cheap", "--days", 195, "--seeds", 12)
    assert baton("export", "brief", *same, "--doubt", "-o", page)[0] == 0
    assert baton("export", "figure", "--check", page)[0] == 0
    page.write_text(page.read_text().replace('"doubt":true', '"doubt":1'))
    assert baton("export", "figure", "--check", page)[0] != 0
    for seeds, wrong in ((12, {"plan": None}), (4, {"plan": shorter[1]})):
        with pytest.raises(InputError, match="doubt"):
            sim.brief(shorter[0], seeds=seeds, doubt=True, **wrong)
    assert found.in_doubt and sim.brief(*shorter, 2).doubt() is None
    assert "cannot be told apart" in sim.brief(shorter[0], shorter[0], 10, doubt=True).plot().baton.title


@pytest.mark.parametrize("case", ["plan", "one", "same", "much", "short", "no cash", "one market"])
def test_the_page_of_a_brief_holds_its_words(case, told):
    silo, long = sim.read("silo"), "A plan with a title that goes on and on, so that nobody can say it in one breath"
    much = silo.but(HARD | {"liaison.count": 2, "trust.initial": 0.5, "distance.between_teams_m": 5}, title=long)
    poor = sim.read("small-simple").but({"money.start_cash": 5, "workforce.marketers": 40}, days=195)
    found = {
        "plan": lambda: told,
        "one": lambda: sim.brief("near-cheap", seeds=2),
        "same": lambda: sim.brief(silo, silo, 2),
        "much": lambda: sim.brief(silo, much, 2),
        "short": lambda: sim.brief(silo.but(days=40), seeds=2),
        "no cash": lambda: sim.brief(poor, seeds=2),
        "one market": lambda: sim.brief("silo", "liaison", [5]),
    }[case]()
    figure = found.plot()
    check_words(figure)
    said = " ".join(text.get_text() for text in figure.texts)
    assert "How fast real firms move" in said and "Limits of these claims" in said
    assert figure.get_size_inches() * 72 == pytest.approx((595, 842))


def test_the_headline_of_a_brief_names_the_whole_change_and_what_the_interval_is_of(told):
    levers = [name for name, *_ in told.differs()]
    headline = told.plot().baton.title
    assert "with liaison:" not in headline and "luck of 4 markets" in headline
    assert all(spoken(name).lower().replace(": ", " ") in headline.lower() for name in levers[:3])
    assert f"and {count(len(levers) - 3)} more changes" in headline
    assert "doubt about the numbers is not in them" in told.plot().baton.about
    later = sim.read("silo").but(changes=[sim.Change(130, {"liaison.count": 1})])
    page = sim.brief("silo", later, 2).plot()
    said = [text.get_text() for text in page.texts]
    assert "Day 130: Liaisons = 1" in said and not any("none →" in each for each in said)
    lowest = min(text.get_position()[1] for text in page.texts if not text.get_text().startswith("Baton "))
    assert lowest < 0.25  # no empty half page


def test_a_brief_of_two_horizons_is_refused_and_another_market_is_said(baton):
    assert baton("export", "brief", "silo", "liaison", "nothing")[0] == 2
    with pytest.raises(InputError, match="different horizons"):
        sim.brief("silo", sim.read("liaison").but(days=65))
    other = sim.brief("silo", sim.read("silo").but({"market.size": 2}), 2)
    assert not other.same_markets and "markets themselves differ" in other.plot().baton.about


def test_a_brief_is_proved_like_a_figure(baton):
    words = ("export", "brief", "silo", "liaison", "--seeds", 2, "--days", 195, "--set", "liaison.count=2")
    assert baton(*words, "-o", "b.pdf", "-q")[0] == 0
    assert imprint_read.read("b.pdf").command.startswith("baton export brief silo liaison")
    assert baton("export", "figure", "--check", "b.pdf")[0] == 0
    assert baton("export", "brief", "silo", "-o", "b.doc")[0] == 3


# --- tables ---


def tables_in(folder) -> dict[str, pd.DataFrame]:
    return {path.stem: pd.read_csv(path) for path in sorted(folder.glob("*.csv"))}


STATA = r"[a-zA-Z_][a-zA-Z0-9_]{0,31}"
RESERVED = {"if", "in", "using", "with", "byte", "int", "long", "float", "double"}  # names that Stata keeps for itself


def check_folder(folder) -> dict[str, pd.DataFrame]:
    """What every exported folder must hold."""
    found = tables_in(folder)
    said = found.pop("columns")
    assert list(said) == ["name", "table", "meaning", "unit", "type"]
    columns = said[said["type"] != "metric"]
    for name, table in found.items():
        rows = columns[columns["table"] == name].set_index("name")
        assert list(rows.index) == list(table.columns), "every column is in the dictionary, in its order"
        assert table.columns.str.fullmatch(STATA).all() and not RESERVED & set(table.columns)
        for column, kind in rows["type"].items():
            if kind in ("0/1", "integer", "number") and table[column].notna().any():
                assert pd.api.types.is_numeric_dtype(table[column]), (name, column)
            if kind == "0/1":
                assert set(table[column].dropna()) <= {0, 1}
        if "metric" in table:
            told = said[(said["type"] == "metric") & (said["table"] == name)]
            assert set(told["name"]) == set(table["metric"])
            assert (table["unit"] == table["metric"].map(told.set_index("name")["unit"])).all()
    assert said["meaning"].str.strip().ne("").all() and not said["meaning"].str.contains("or -1|see [A-Z]").any()
    for path in folder.iterdir():
        text = path.read_bytes()
        text.decode("utf-8")
        assert b"\r" not in text
        if path.suffix == ".csv":
            assert not {b"nan", b"NaN", b"inf", b"True", b"False", b"<NA>"} & set(text.replace(b"\n", b",").split(b","))
    about = tomllib.loads((folder / "export.toml").read_text(encoding="utf-8"))
    assert about["export"]["command"].startswith("baton export csv ") and about["versions"]["baton"] == sim.__version__
    return found


def test_one_run_as_tables(baton, tmp_path):
    code, out, _ = baton("export", "csv", "liaison", "--seed", 4, "--days", 195, "-o", "long")
    assert code == 0 and "columns.csv" in out
    assert baton("export", "csv", "liaison", "--seed", 4, "--days", 195, "--wide", "-o", "wide", "-q")[0] == 0
    long, wide = check_folder(tmp_path / "long"), check_folder(tmp_path / "wide")
    run = sim.run("liaison", 4, days=195)
    days = long["days"].pivot(index="day", columns="metric", values="value")
    for name in ("revenue", "contacts", "trust_ms"):
        assert days[name].to_numpy() == pytest.approx(run.daily[name].to_numpy())
        assert wide["daily"][name].to_numpy() == pytest.approx(run.daily[name].to_numpy())
    assert len(long["leads"]) == len(run.leads) and long["leads"]["value"].sum() == pytest.approx(
        run.leads["value"].sum()
    )
    outcomes = long["outcomes"].set_index("metric")["value"]
    for name in OUTCOMES:
        assert outcomes[name] == pytest.approx(run.outcomes()[name], nan_ok=True)
        assert wide["outcomes"][name].item() == pytest.approx(run.outcomes()[name], nan_ok=True)
    assert long["runs"]["market_hash"].item() == run.about["market"]


def test_a_saved_run_gives_the_same_tables(baton, tmp_path):
    baton("run", "silo", "--seed", 4, "--days", 130, "-o", "out", "-q")
    baton("export", "csv", "out", "-o", "saved", "-q")
    run = sim.run("silo", 4, until=130)
    csv_tables.write_tables(csv_tables.run_tables(run), tmp_path / "fresh", {"export": {"command": "", "seeds": [4]}})
    for name in ("days", "leads", "customers", "ties", "audit", "outcomes", "columns"):
        assert (tmp_path / "saved" / f"{name}.csv").read_bytes() == (tmp_path / "fresh" / f"{name}.csv").read_bytes()


def test_many_markets_as_tables(baton, tmp_path):
    baton("export", "csv", "silo", "--seeds", 3, "--seed", 2, "--days", 195, "-o", "long", "-q")
    baton("export", "csv", "silo", "--seeds", 3, "--seed", 2, "--days", 195, "--wide", "-o", "wide", "-q")
    long, wide = check_folder(tmp_path / "long"), check_folder(tmp_path / "wide")
    assert long["runs"]["seed"].tolist() == [2, 3, 4]
    again = long["outcomes"].pivot(index="seed", columns="metric", values="value")
    for name in OUTCOMES:
        assert again[name].to_numpy() == pytest.approx(wide["outcomes"][name].to_numpy(), nan_ok=True)
    sums = long["quarters"].query("metric == 'revenue'").groupby("seed")["value"].sum()
    assert sums.to_numpy() == pytest.approx(again["revenue"].to_numpy())
    assert len(long["survival"]) == 3 * 4


EXPERIMENT = """
title = "Tiny"
claim = "Distance hurts."
base = "near-cheap"
days = 390
[levers]
distance.between_teams_m = [5, 500]
practices.joint_planning = ["teams decide", "forbidden"]
[outcomes]
names = ["net_value", "score"]
series = ["stage", "revenue"]
[sample]
method = "grid"
[replications]
markets = 2
[compare]
liaison = { "liaison.count" = 1 }
"""


@pytest.fixture(scope="module")
def stores(tmp_path_factory):
    """The same sweep with and without its stages kept."""
    folder = tmp_path_factory.mktemp("sweeps")
    found = []
    for name, series in (("kept", '["stage", "revenue"]'), ("bare", "[]")):
        path = folder / f"{name}.toml"
        path.write_text(EXPERIMENT.replace('["stage", "revenue"]', series), encoding="utf-8")
        found.append(sim.sweep(sim.read_experiment(path), folder / name))
    return found


def test_a_sweep_as_tables(baton, tmp_path, stores):
    kept, bare = stores
    for store, words in ((kept, ()), (kept, ("--wide",)), (bare, ())):
        name = f"{store.folder.name}{len(words)}"
        assert baton("export", "csv", store.folder, *words, "-o", name, "-q")[0] == 0
    long, wide, plain = (check_folder(tmp_path / name) for name in ("kept0", "kept1", "bare0"))
    keys = ["seed", "point", "arm"]
    again = long["outcomes"].pivot(index=keys, columns="metric", values="value")
    known = kept.runs.set_index(keys).sort_index()
    for name in ("net_value", "score"):
        assert again[name].sort_index().to_numpy() == pytest.approx(known[name].to_numpy())
        assert wide["outcomes"].set_index(keys)[name].sort_index().to_numpy() == pytest.approx(known[name].to_numpy())
    assert list(long["design"]) == ["point", "distance_between_teams_m", "practices_joint_planning"]
    assert len(long["series"]) == 2 * len(wide["series"]) == 2 * 16 * 6 and "series" not in plain
    assert len(long["survival"]) == 16 * 4


def test_survival_of_a_sweep_is_the_same_from_its_stages_and_from_its_runs(stores, baton, tmp_path):
    kept, bare = (survival_of_store(store) for store in stores)
    pd.testing.assert_frame_equal(kept.df, bare.df)
    assert baton("export", "survival", stores[0].folder, "-o", "s.csv")[0] == 0
    assert len(pd.read_csv(tmp_path / "s.csv")) == 16 * 4


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("csv", "silo", "-o", "full"), 2, "not empty"),
        (("csv", "full", "-o", "new"), 3, "neither a run (run.toml) nor a sweep (store.toml)"),
        (("csv", "silo", "-o", "full", "--overwrite"), 2, "no export.toml"),
        (("survival", "silo", "-o", "x.txt"), 3, "x.txt: survival data is written as .csv"),
        (("survival", "sillo"), 3, 'did you mean "silo"'),
    ],
)
def test_tables_are_refused_where_they_cannot_be_written(words, code, said, baton, tmp_path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine")
    found, _, err = baton("export", *words, "-q")
    assert found == code and said in err
    assert [path.name for path in tmp_path.rglob("*")] == ["full", "mine.txt"]


def test_tables_are_overwritten_only_if_they_are_ours(baton, tmp_path):
    for _ in range(2):
        assert baton("export", "csv", "silo", "--days", 65, "-o", "t", "--overwrite", "-q")[0] == 0
    assert (tmp_path / "t" / "export.toml").exists()


# --- survival ---

# Freireich and others 1963, weeks of remission under 6-MP; the estimates are those of every textbook.
REMISSION = [(t, 1) for t in (6, 6, 6, 7, 10, 13, 16, 22, 23)] + [
    (t, 0) for t in (6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35)]  # fmt: skip
TEXTBOOK = {6: 0.8571, 7: 0.8067, 10: 0.7529, 13: 0.6902, 16: 0.6275, 22: 0.5378, 23: 0.4482}


def test_kaplan_meier_against_a_textbook():
    curve = kaplan_meier(*zip(*REMISSION, strict=True))
    assert curve.time.tolist() == [0, *TEXTBOOK]
    assert (1 - curve.share[1:]) == pytest.approx(list(TEXTBOOK.values()), abs=6e-5)
    assert curve.at_risk.tolist() == [21, 21, 17, 15, 12, 11, 7, 6]
    # at 10 weeks, by hand: Greenwood's sum 3/(21·18) + 1/(17·16) + 1/(15·14), on the log-log scale
    survival = TEXTBOOK[10]
    width = 1.959964 * math.sqrt(3 / (21 * 18) + 1 / (17 * 16) + 1 / (15 * 14)) / abs(math.log(survival))
    ends = [1 - survival ** math.exp(width), 1 - survival ** math.exp(-width)]
    assert [curve.high[3], curve.low[3]] == pytest.approx(ends, abs=2e-4)


def test_kaplan_meier_without_censoring_is_the_share_and_without_events_is_nothing():
    times = [5, 9, 9, 30]
    curve = kaplan_meier(times, [1] * 4)
    assert dict(zip(curve.time, curve.share, strict=True)) == {0: 0, 5: 0.25, 9: 0.75, 30: 1.0}
    empty = kaplan_meier(times, [0] * 4)
    assert empty.share.tolist() == [0] and empty.censored.tolist() == sorted(times)


def test_a_median_is_the_first_time_by_which_half_have_come():
    """R's survfit prints the middle of the stretch over which S(t) is exactly .5: the guide says so."""
    lived = [Lived({"scenario": "x", "seed": seed, "theory": "baton"}, [1] * first + [2] * 8, 65 * (first + 8), False)
             for seed, first in enumerate((1, 2, 3, 4))]  # fmt: skip
    row = Survival(lived, sim.read("silo"), 65 * 12).summary().loc[("defined", "reached")]
    times = sorted(Survival(lived, sim.read("silo"), 65 * 12).curve(2).time[1:])
    assert row["n"] == 4 and row["median_days"] == times[1] < (times[1] + times[2]) / 2
    guide = (house.ROOT / "docs" / "guides" / "figures.md").read_text(encoding="utf-8")
    r = [line for line in guide.splitlines() if line.startswith(("fit <- survfit", "survfit("))]
    assert len(r) == 3 and all('conf.type = "log-log"' in line for line in r)
    assert "Baton says 130, R 162.5" in guide
    curve = kaplan_meier([65, 130, 195, 260], [1] * 4)
    assert curve.time[np.argmax(curve.share >= 0.5)] == 130


@given(st.lists(st.tuples(st.integers(1, 30), st.integers(0, 1)), min_size=1, max_size=40))
def test_kaplan_meier_by_the_product_over_events(rows):
    times, events = np.array(rows).T
    curve = kaplan_meier(times, events)
    left = 1.0
    for time, share in zip(curve.time[1:], curve.share[1:], strict=True):
        left *= 1 - ((times == time) & (events == 1)).sum() / (times >= time).sum()
        assert 1 - share == pytest.approx(left, abs=1e-12)
    assert np.all(np.diff(curve.share) >= 0) and 0 <= curve.share[-1] <= 1
    known = np.isfinite(curve.low) & np.isfinite(curve.high)
    assert np.all(curve.low[known] <= curve.share[known] + 1e-12) and np.all(
        curve.share[known] <= curve.high[known] + 1e-12
    )


def test_the_rows_of_one_firm_by_hand():
    """Undefined, defined, up to integrated in one step, back to aligned, then no more cash."""
    lived = Lived({"seed": 1}, [1, 1, 2, 4, 4, 3], 400, True)
    one, two, three, four = rows_of(lived)
    assert one == {"seed": 1, "stage": 1, "stage_name": "undefined", "time": 65, "after": 0, "event": 1,
                   "reason": "entered", "from_start": 1, "stay": 130, "left": 1, "left_reason": "up"}  # fmt: skip
    assert (two["time"], two["stay"], two["left_reason"], two["from_start"]) == (195, 65, "up", 0)
    assert (three["time"], three["reason"], three["stay"], three["left"]) == (260, "passed over", 0, 1)
    assert (four["time"], four["stay"], four["left_reason"]) == (260, 130, "down")
    held = rows_of(Lived({}, [2, 2, 2], 200, False))
    assert [(row["time"], row["event"], row["reason"]) for row in held] == [
        (200, 0, "horizon"), (65, 1, "entered"), (200, 0, "horizon"), (200, 0, "horizon")]  # fmt: skip
    assert (held[1]["stay"], held[1]["left"], held[1]["left_reason"]) == (135, 0, "horizon")
    assert rows_of(Lived({}, [], 30, True))[2]["reason"] == "out of cash"


@given(st.lists(st.integers(1, 4), max_size=30), st.integers(0, 64), st.booleans())
def test_rows_add_up(stages, rest, broke):
    days = 65 * len(stages) + rest
    rows = rows_of(Lived({}, stages, days, broke))
    assert [row["stage"] for row in rows] == list(STAGES) and all(set(row) <= set(COLUMNS) for row in rows)
    between = {s for a, b in zip(stages, stages[1:], strict=False) for s in range(min(a, b), max(a, b) + 1)}
    assert {row["stage"] for row in rows if row["event"]} == set(stages) | between
    assert sum(row["from_start"] for row in rows) == (1 if stages else 0)
    for row in rows:
        if row["event"]:
            assert row["time"] % 65 == 0 and row["time"] + row["stay"] <= days
            left = row["time"] + row["stay"]
            if row["left"]:
                assert left % 65 == 0 and stages[left // 65 - 1] != row["stage"]
            else:
                assert left == days and stages[-1] == row["stage"]
        else:
            assert (row["time"], row["stay"], row["left"]) == (days, None, None)


def test_who_begins_in_a_stage_did_not_come_to_it():
    """The table takes the rows that the R code of guides/figures.md takes: 30 firms, of which five begin defined."""
    paths = [[2, 2, 2, 2]] * 5 + [[1, 1, 2, 2]] * 15 + [[1, 1, 1, 2]] * 10
    found = Survival([Lived({"scenario": "x", "seed": n}, path, 260, False) for n, path in enumerate(paths)],
                     sim.Scenario(), 260)  # fmt: skip
    rows = found.df[(found.df["stage"] == 2) & (found.df["from_start"] == 0)]  # subset(times, from_start == 0)
    reached = found.summary().loc[("defined", "reached")]
    assert reached["n"] == reached["events"] == len(rows) == 25
    assert reached["median_days"] == rows["time"].median() == 195
    assert found.summary().loc[("defined", "left"), "n"] == 30  # subset(times, event == 1)
    first = found.summary().loc[("undefined", "reached")]
    assert (first["n"], first["events"]) == (5, 0)  # the five were never seen undefined, the others began so


@given(st.lists(st.tuples(st.lists(st.integers(1, 3), min_size=1, max_size=8), st.integers(0, 64)), min_size=2,
                max_size=12))  # fmt: skip
def test_at_the_quarters_ends_it_is_turnbulls_estimate(firms):
    """The rows as intervals (after, time], by Turnbull's self-consistency (1976): the same shares as by Kaplan-Meier.

    Where the longest time is censored both leave what comes after open.
    """
    found = Survival([Lived({"scenario": "x", "seed": n}, path, 65 * len(path) + rest, False)
                      for n, (path, rest) in enumerate(firms)], sim.Scenario(), 600)  # fmt: skip
    rows = found.df[(found.df["stage"] == 2) & (found.df["from_start"] == 0)]
    curve = found.curve(2)
    ends = np.arange(1, 10) * 65.0  # of quarters; the last stands for all later time
    inside = (ends > rows["after"].to_numpy(float)[:, None]) & (
        (rows["event"].to_numpy() == 0)[:, None] | (ends <= rows["time"].to_numpy(float)[:, None])
    )
    mass = np.full(len(ends), 1.0 / len(ends))
    for _ in range(500 * bool(len(rows))):
        expected = inside * mass
        mass = (expected / expected.sum(1, keepdims=True)).mean(0)
    for time, share in zip(curve.time[1:], curve.share[1:], strict=True):
        assert mass[ends <= time].sum() == pytest.approx(share, abs=5e-3)


def test_one_firm_that_is_left_is_said_to_be_one():
    """Nine are lost from sight before the last comes: the share by the end is 1, of one firm at risk."""
    paths = [[1] * 6] * 9 + [[1] * 7 + [2]]
    lived = [Lived({"scenario": "x", "seed": n}, path, 65 * len(path), n < 9) for n, path in enumerate(paths)]
    found = Survival(lived, sim.Scenario(), 520)
    row = found.summary().loc[("defined", "reached")]
    assert (row["share_at_the_end"], row["at_risk"]) == (1.0, 1)
    table, note = survival_account(found, "times.csv")[1:3]
    assert (
        table.columns[-1] == "of whom" and table.rows[2][-2:] == ("100 %", "1") and "that firm makes it 100 %" in note
    )


@pytest.mark.parametrize("asked, days", [({"days": 130}, 130), ({"until": 70}, 70), ({"days": 130, "until": 70}, 70)])
def test_survival_says_how_long_was_looked(asked, days):
    found = sim.survival("silo", seeds=2, **asked)
    assert found.days == days and f"{days} days" in repr(found)
    assert found.scenario.days == asked.get("days", 1300) and set(found.df["time"]) <= {65, days}


def test_survival_of_a_scenario(baton, tmp_path):
    found = sim.survival("near-cheap", [3, 5], days=390)
    for seed in (3, 5):
        stages = sim.run("near-cheap", seed, days=390).quarters["stage"].tolist()
        rows = found.df[found.df["seed"] == seed].set_index("stage")
        for stage in set(stages):
            assert rows.loc[stage, "time"] == 65 * (stages.index(stage) + 1)
    assert set(found.df.attrs["units"]) == set(COLUMNS) and found.seeds == [3, 5]
    assert found.quarters["stage"].tolist()[:6] == sim.run("near-cheap", 3, days=390).quarters["stage"].tolist()
    code, out, err = baton("export", "survival", "near-cheap", "--seeds", 3, "--days", 390, "-o", "s.csv")
    assert code == 0 and "Kaplan-Meier" in out and "Next:" in err
    sim.survival("near-cheap", 3, days=390).save(tmp_path / "again.csv")
    assert (tmp_path / "s.csv").read_bytes() == (tmp_path / "again.csv").read_bytes()


def test_a_firm_that_runs_out_of_cash_is_censored_on_that_day():
    poor = sim.read("small-simple").but({"money.start_cash": 5, "workforce.marketers": 40}, days=195)
    found = sim.survival(poor, [3])
    assert found.df["reason"].tolist() == ["out of cash"] * 4 and (found.df["time"] < 65).all()
    assert "ran out of cash" in figures.stages_plot(found).figure.baton.title


def test_medians_say_what_they_do_not_know():
    summary = sim.survival("silo", 3, days=195).summary()
    assert math.isnan(summary.loc[("integrated", "reached"), "median_days"])
    assert math.isnan(summary.loc[("undefined", "reached"), "median_days"])  # in it from the first audit on
    assert summary.loc[("undefined", "reached"), "n"] == 0 and summary.loc[("undefined", "left"), "n"] == 3


# --- the folder and the name that was given ---


def test_a_fault_names_the_file_that_was_asked_for(tmp_path, baton):
    for written in (written_file, written_whole):
        with pytest.raises(InputError) as fault, written(tmp_path / "mine.xyz") as work:
            raise InputError(f"{work.name}: not so; {work}")
        assert str(fault.value) == f"mine.xyz: not so; {tmp_path / 'mine.xyz'}"
        assert not list(tmp_path.iterdir())
    code, _, err = baton("network", "silo", "-o", "x.xyz")
    assert code == 3 and err.startswith("x.xyz: ") and "Drawing" not in err


def test_what_the_system_does_not_let_us_write_is_said_with_the_name(tmp_path, baton):
    (tmp_path / "file").write_text("")
    for words in (("network", "silo", "-o", "file/x.png"), ("export", "csv", "silo", "--days", 65, "-o", "file/x")):
        code, _, err = baton(*words, "-q")
        assert code == 3 and "file/x" in err and "cannot be written" in err
    with pytest.raises(ZeroDivisionError), written_file(tmp_path / "a.txt"):
        1 / 0  # noqa: B018
    with pytest.raises(FileExistsError), written_whole(tmp_path / "file"):
        pass


def test_the_group_has_help_and_its_verbs(baton):
    code, out, _ = baton("export", "--help")
    assert code == 0 and out.index("Examples:") < out.index("Commands:")
    for verb in ("figure", "brief", "csv", "survival"):
        code, out, _ = baton("export", verb, "--help")
        assert code == 0 and "Examples:" in out
