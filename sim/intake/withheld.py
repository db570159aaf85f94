"""A user's own people as a file that may be mailed tells of them: how many, how far apart, a hash; no name, no path."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

KEYS = ("withheld", "file", "marketers", "salespeople", "metres", "listed")  # of [organization] in such a file


@dataclass(frozen=True)
class Withheld:
    """What stands for an `OrganizationSource` in files that Baton writes.

    digest       of the user's files and of what they mean: the people are known by it when they are found again
    marketers, salespeople, metres
                 what was counted and measured on them (metres: None without ties)
    lists_ties   whether the user's files say who works with whom
    file         the scenario file that names them, without its folder
    beside       folder of the file that was read, where the other is sought
    """

    digest: str
    marketers: int
    salespeople: int
    metres: float | None = None
    lists_ties: bool = True
    file: str = ""
    beside: str = field(default="", compare=False)
    keep_names: bool = field(default=False, compare=False)

    def table(self) -> dict[str, object]:
        """`[organization]` of a file that may be mailed."""
        return {"withheld": self.digest, "file": self.file or None, "marketers": self.marketers,
                "salespeople": self.salespeople, "metres": self.metres,
                "listed": None if self.lists_ties else False}  # fmt: skip

    @classmethod
    def of_table(cls, given: dict, beside: Path) -> Withheld:
        """From what such a file says."""
        return cls(given["withheld"], given.get("marketers", 1), given.get("salespeople", 1), given.get("metres"),
                   given.get("listed", True), Path(given.get("file", "")).name, str(beside))  # fmt: skip

    def places(self) -> list[Path]:
        """Where the scenario file that names the people may lie: beside this file, above it, or where we are."""
        beside = Path(self.beside).absolute()
        folders = dict.fromkeys((beside, *list(beside.parents)[:2], Path.cwd()))
        return [folder / self.file for folder in folders] if self.file.endswith(".toml") else []
