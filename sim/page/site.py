"""The live page as a folder for any web server: a start page, every organization, lessons, and the texts beside them.

All addresses in it are relative, so it works under any path and from a disk.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from html import escape
from pathlib import Path
from posixpath import basename
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

import sim
from sim.files.folder import written_whole
from sim.files.provenance import made_by
from sim.files.toml_written import toml_text
from sim.page import live
from sim.page.bundle import STATIC, digest
from sim.page.describe import NEEDS_FILES, QUESTIONS, rules_digest
from sim.page.lessons import lesson_names, read_lesson
from sim.page.share import written
from sim.page.texts import DOCS
from sim.scenario import read, shipped

LIVE, MARK = "live.html", "index.html"
OURS = "baton-site.toml"  # a folder that holds it may be overwritten; any other with an index.html is somebody's
TEXTS = {  # the texts of a checkout that the site has, and what the start page calls them
    "guides/teaching.md": "Teacher's guide: fifty minutes, a projector, a class",
    "info.md": "About the model: what it is, how it works, what to try",
    "reference/model.md": "The model: its claims, and the rule that stands for each",
    "reference/limits.md": "Limits: what it cannot tell",
    "reports/validation.md": "Validation: what it was held against, and where it fails",
}
STYLES = ("common/tokens.css", "common/text.css", "site.css")
HAND_ON = f'if (location.hash.startsWith("#v=")) location.replace("{LIVE}" + location.search + location.hash)'
POLICY = ("default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; "
          f"script-src '{digest(HAND_ON)}'")  # fmt: skip
FIRST = "How do Marketing and Sales come to work together, and when does it pay?"
SAID = (
    "Two teams of one firm, day by day: leads pass from one to the other or die between them, people talk, trust and "
    "quarrel. Move a lever and see what it changes, in one market and in thirty. Everything runs in your browser; "
    "nothing that you do leaves it."
)


def write(folder: str | Path, overwrite: bool = False) -> tuple[int, list[str]]:
    """Write the site; returns its size in bytes, and the texts that are not there (an installed Baton has none).

    Raises
    ------
    FileExistsError
        The folder holds something that is not a site of Baton's, or may not be replaced.
    """
    with written_whole(folder, overwrite, OURS) as work:
        (work / OURS).write_text(toml_text({"versions": made_by()}), encoding="utf-8")
        (work / LIVE).write_bytes(live.html(live.kept(live.Wanted())))
        (work / "site.css").write_text(
            "".join((STATIC / name).read_text(encoding="utf-8") for name in STYLES), encoding="utf-8"
        )
        texts = [name for name in TEXTS if (DOCS / name).is_file()]
        for name in texts:
            _write_text(work, name, texts)
        (work / MARK).write_text(_start_page(texts), encoding="utf-8")
        size = sum(each.stat().st_size for each in work.iterdir())
    return size, [name for name in TEXTS if name not in texts]


def page_name(text: str) -> str:
    """What a text's page is called.

    >>> page_name("reference/model.md")
    'model.html'
    """
    return basename(text).removesuffix(".md") + ".html"


def address_of(scenario: str) -> str:
    """The live page with an organization in the usual market."""
    return LIVE + written({"scenario": scenario, "seed": sim.USUAL_MARKET}, sim.__version__, rules_digest())


def _page(title: str, body: str, kind: str = "") -> str:
    """A page; the start page, which has no kind, hands a link's plan on to the live page."""
    script = "" if kind else f"<script>{HAND_ON}</script>\n"
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        f'<title>{escape(title)}</title>\n<link rel="icon" href="data:,">\n<link rel="stylesheet" href="site.css">\n'
        f"{script}"
        f"</head>\n<body>\n{body}\n</body>\n</html>\n"
    ).replace("<main>", f'<main class="{kind}">' if kind else "<main>")


def _card(address: str, title: str, more: str) -> str:
    return f'<li><a href="{escape(address)}"><b>{escape(title)}</b><span>{escape(more)}</span></a></li>'


def _start_page(texts: Sequence[str]) -> str:
    parts = [f"<header><p><b>Baton</b> <span class=soft>{escape(sim.__version__)}</span></p></header>\n<main>",
             f"<h1>{FIRST}</h1>\n<p>{SAID}</p>\n<p><a class=open href={LIVE}>Open the live page</a></p>"]  # fmt: skip
    parts.append("<h2>Lessons</h2>\n<ul class=cards>")
    for lesson in map(read_lesson, lesson_names()):
        about = f"{lesson['minutes']} minutes. {lesson['about']}"
        parts.append(_card(f"{LIVE}?lesson={lesson['name']}", lesson["title"], about))
    parts.append("</ul>")
    named = {name for names in QUESTIONS.values() for name in names}
    rest = tuple(name for name in shipped() if name not in named | NEEDS_FILES)
    for question, names in [*QUESTIONS.items(), *([("Others", rest)] if rest else [])]:
        parts.append(f"<h2>{escape(question)}</h2>\n<ul class=cards>")
        for name in names:
            scenario = read(name)
            parts.append(_card(address_of(name), scenario.title, scenario.question))
        parts.append("</ul>")
    if texts:
        parts.append("<h2>To read</h2>\n<ul>")
        parts += [f'<li><a href="{page_name(name)}">{escape(TEXTS[name])}</a></li>' for name in texts]
        parts.append("</ul>")
    return _page("Baton: Marketing and Sales, day by day", "\n".join([*parts, "</main>"]))


def _write_text(work: Path, name: str, texts: Sequence[str]) -> None:
    """A text as a page: its links lead to pages of the site or nowhere, and its pictures come along."""
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = reader.parse((DOCS / name).read_text(encoding="utf-8"))
    for inline in [token for token in tokens if token.type == "inline"]:
        _lead(inline, name, texts, work)
    _name_headings(tokens)
    body = reader.renderer.render(tokens, reader.options, {})
    title = next((t.content for t in tokens if t.type == "inline"), name)
    back = f'<p class=back><a href="{MARK}">Baton</a></p>'
    (work / page_name(name)).write_text(_page(f"{title} · Baton", f"<main>\n{back}\n{body}</main>", "text"), "utf-8")


def _lead(inline: Token, name: str, texts: Sequence[str], work: Path) -> None:
    """Links and pictures of a paragraph, made the site's own."""
    kept, closing = [], []
    for token in inline.children or ():
        if token.type == "link_open":
            address = _address(str(token.attrs.get("href", "")), name, texts)
            closing.append(bool(address))
            if not address:
                continue
            token.attrs["href"] = address
        elif token.type == "link_close" and not closing.pop():
            continue
        elif token.type == "image":
            picture = (DOCS / name).parent / str(token.attrs["src"])
            if not picture.is_file():
                continue
            shutil.copyfile(picture, work / picture.name)
            token.attrs["src"] = picture.name
        kept.append(token)
    inline.children = kept


def _address(link: str, name: str, texts: Sequence[str]) -> str:
    """Where a link of a text leads in the site; nothing where it leads to nothing of it."""
    if re.match(r"https?://|#", link):
        return link
    path, _, part = link.partition("#")
    target = ((DOCS / name).parent / path).resolve()
    found = next((each for each in texts if (DOCS / each).resolve() == target), None)
    if found is not None:
        return page_name(found) + (f"#{part}" if part else "")
    if target.suffix == ".toml" and target.stem in set(shipped()) - NEEDS_FILES and target.parent.name == "scenarios":
        return address_of(target.stem)
    return ""


def _name_headings(tokens: Sequence[Token]) -> None:
    """Headings can be led to, by the names that links to them have."""
    for opening, inline in zip(tokens, tokens[1:], strict=False):
        if opening.type == "heading_open":
            opening.attrs["id"] = heading_name(inline.content)


def heading_name(title: Any) -> str:
    """What a link calls a heading.

    >>> heading_name("What it cannot tell, yet")
    'what-it-cannot-tell-yet'
    """
    return re.sub(r"[^\w -]", "", str(title).lower()).strip().replace(" ", "-")
