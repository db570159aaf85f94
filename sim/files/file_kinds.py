"""What a file is that somebody gave in place of a scenario or an experiment, and which verb reads it."""

from __future__ import annotations

from pathlib import Path

OWN = "baton import makes a firm of exports and lists; people and ties also stand in a scenario's [organization]"
PICTURE = "a picture: baton export figure --check FILE draws it again"
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
BEGINNINGS = (  # the first bytes, the ending where they say too little, what it is
    (b"PK", ".npz", "a saved state: baton run SCENARIO --from FILE goes on from it"),
    (b"PK", "", f"a spreadsheet or another packed file; {OWN}"),
    (b"\xd0\xcf\x11\xe0", "", f"an old Excel file: save its sheets as CSV; {OWN}"),
    (b"\x89PNG", "", PICTURE),
    (b"%PDF", "", PICTURE),
    (b"\xff\xd8\xff", "", "a photograph, which no verb reads"),
    (b"PAR1", "", "a table in Parquet: baton audit or baton export csv read the folder it lies in"),
    (b"\x1f\x8b", "", "a file packed by gzip: unpack it first"),
)
ENDINGS = {
    ".csv": f"a table; {OWN}; points of an experiment stand in its [sample]",
    ".tsv": f"a table; {OWN}",
    ".graphml": f"a graph; {OWN}, with graphml in place of people and ties",
    ".svg": PICTURE,
    ".html": "a page: open it in a browser",
    ".py": "a program; a day of your own is given by baton run SCENARIO --day FILE",
    ".json": "a JSON file, which no verb reads",
}
TABLES = {  # what stands in a TOML file that is no scenario
    ("run", "hashes"): "what baton run -o wrote: baton audit and baton export read its folder",
    ("comparison",): "what baton compare -o wrote: its tables lie beside it",
    ("explanation",): "what baton explain -o wrote: its tables lie beside it",
    ("reach", "answer"): "what baton reach -o wrote: the plans beside it are scenarios",
    ("store", "versions"): "what baton experiment -o wrote: baton sensitivity reads its folder",
    ("export", "versions"): "what baton export csv wrote: its tables lie beside it",
    ("actions",): "a plan of a firm: baton plan FIRM NAME run",
    ("claim",): "an experiment: baton experiment FILE",
}
FOLDERS = {
    "run.toml": "a folder of baton run: baton audit, baton export csv and baton export replay read it",
    "store.toml": "a folder of baton experiment: baton sensitivity and baton export csv read it",
}


def other_than_text(path: Path, raw: bytes) -> str:
    """What a file is that is not a TOML text, and which verb reads it; nothing where it may be one.

    >>> other_than_text(Path("firm.xlsx"), b"PK...")[:25]
    'a spreadsheet or another '
    """
    ending = path.suffix.lower()
    for begins, wanted, said in BEGINNINGS:
        if raw.startswith(begins) and (not wanted or ending == wanted):
            return said
    if b"\0" in raw[:4096] and not raw.startswith(UTF_16):
        return "a binary file, which no verb reads"
    return ENDINGS.get(ending, "")


def other_than_scenario(tables: dict) -> str:
    """What a TOML file is that Baton writes or reads as something else than a scenario."""
    return next((said for keys, said in TABLES.items() if all(key in tables for key in keys)), "")


def folder(path: Path) -> str:
    """What a folder is."""
    return next((said for name, said in FOLDERS.items() if (path / name).is_file()), "")
