"""Six findings with their pictures (docs/reports/findings.md), and the program that writes them, on tiny stores."""

from __future__ import annotations

import math
import re
import sys
from dataclasses import replace

import numpy as np
import pytest
from house import ROOT

sys.path.insert(0, str(ROOT / "experiments"))

from helpers.six import page as page_of_six
from helpers.six.words import choose, money, points, side, signed

from sim.figures.imprint_read import read
from sim.study.experiments.experiment import Sample, read_experiment
from sim.study.intervals import Interval

pytestmark = pytest.mark.documents

KEPT = {  # which points of each experiment the tiny stores hold: all that the page tells apart
    "scaffold-6-months": lambda d: d["trust.initial"] < 0.5,
    "scaffold-12-months": lambda d: d["trust.initial"] < 0.5,
    "scaffold-24-months": lambda d: d["trust.initial"] < 0.5,
    "liaison-dependency": lambda d: d["workforce.ties_per_rep"] < 6,
    "goodhart": lambda d: d.index < 18,
    "order-of-practices": lambda d: d.index.isin([15, 240]),
    "aligned-without-defined": lambda d: (d == "forbidden").sum(axis=1).isin([0, 1, 4]),
    "lead-surge": lambda d: (d["marketing.volume_target"] < 1) & (d["trust.initial"] < 0.5),
    "who-should-stay-apart": lambda d: d["workforce.marketers"] < 8,
}
DAYS = 650  # 130 days after the last dated change


def tiny(name: str):
    """A shipped experiment with few points, two markets and ten quarters."""
    made = read_experiment(name)
    points_kept = made.design()[KEPT[name](made.design())].reset_index(drop=True)
    return replace(made, base=made.base.but(days=DAYS), given=points_kept, markets=made.markets[:2], text="",
                   sample=Sample("points", file="points.csv"))  # fmt: skip


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """The page of tiny stores, and the folder that it lies in; few numbers are halved and doubled."""
    folder = tmp_path_factory.mktemp("findings")
    (folder / "docs").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        for room in (page_of_six, *page_of_six.ROOMS):
            for key, doubt in room.DOUBTS.items():
                patch.setitem(room.DOUBTS, key, doubt._replace(names=doubt.names[:1]))
        return page_of_six.write(page_of_six.made(folder / "stores", 2, tiny), folder / "docs")


def found_part(page: str) -> list[str]:
    """What was found, one text a finding."""
    return [each.split("### How it can be wrong")[0] for each in page.split("### What was found")[1:]]


def test_the_page_names_each_experiment_and_shows_its_picture(root):
    page = (root / "docs/reports/findings.md").read_text(encoding="utf-8")
    assert len(re.findall(r"^## ", page, re.M)) == len(page_of_six.ORDER) == 6
    for name in page_of_six.STORES:
        made = read_experiment(name)
        assert f"[{name}](experiments.md#{name}): {page_of_six.size(made)}" in " ".join(page.split()), name
        assert made.claim in " ".join(page.split()), name
    for key in page_of_six.ORDER:
        picture = root / f"docs/reports/findings-{key}.png"
        assert f"({picture.name})" in page and picture.stat().st_size < 150_000
        told = read(picture)
        assert told.title in page and told.figure == "finding" and told.command.endswith("--six")
        assert told.seeds[0] == 20_000 and sum(len(each.values) for each in told.data) > 10


def test_every_finding_says_how_it_can_be_wrong_and_what_would_change_our_mind(root):
    page = (root / "docs/reports/findings.md").read_text(encoding="utf-8")
    for part in page.split("\n## ")[1:]:
        wrong, mind = (part.split(f"### {each}")[1] for each in ("How it can be wrong", "What would change our mind"))
        assert "pilot" in wrong or "first run" in wrong
        assert "- In firms:" in mind and "- In the model:" in mind and "baton experiment" in mind


def test_another_result_writes_another_page_with_finite_numbers(written):
    page, *pictures = written
    text = page.read_text(encoding="utf-8")
    assert len(pictures) == 6 and all(read(each).title in " ".join(text.split()) for each in pictures)
    assert "{" not in text.replace("{ liaison", "") and not re.search(r"\b(nan|inf|None)\b(?! of these)", text)
    for part in found_part(text):
        assert len(re.findall(r"[+−]?\d+(\.\d+)?", part)) > 10
    shipped = (ROOT / "docs/reports/findings.md").read_text(encoding="utf-8")
    for tiny_part, whole in zip(found_part(text), found_part(shipped), strict=True):
        assert tiny_part != whole


def test_every_number_drawn_is_finite(written):
    for picture in written[1:]:
        for series in read(picture).data:
            assert all(value is not None and math.isfinite(value) for value in series.values), (picture, series.name)


def test_sentences_follow_the_interval():
    assert side(Interval(2.0, 1.0, 3.0)) == "above" and side(Interval(2.0, 1.0, 3.0), 1.5) == "open"
    assert side(Interval(-2.0, -3.0, -1.0)) == "below" and side(np.array([1.0])) == "open"
    assert choose("below", "a", "b", "c") == "b"
    assert points(Interval(0.9, 0.029, 1.771)) == "+0.9 points (0.0 to +1.8)"
    assert money(Interval(-3953.0, -4616.0, -3291.0)) == "−4.0 M€ (−4.6 to −3.3)"
    assert signed(-0.04, 1) == "0.0"


def test_words_and_gaps_of_a_template_must_fit(written, monkeypatch):
    section = page_of_six.Section("surge", (), "a title", {"verdict": "Yes."}, None)
    with pytest.raises(KeyError, match="gaps and words differ"):
        page_of_six.text(section, page_of_six.Found({}, {}))
