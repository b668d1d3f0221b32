"""Where one installation lives: its data folder and its database."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Place:
    """A data folder with its keys, and a database: the file in it unless `database_url` names one.

    `more` are further settings that belong to the place, folders of plugins say.
    """

    kind: str
    data: Path
    database_url: str = ""
    more: tuple[tuple[str, str], ...] = ()

    def environment(self, more: Mapping[str, str] | None = None) -> dict[str, str]:
        """The settings of an installation in test mode that lives here."""
        told = {"VESTIBULE_MODE": "test", "VESTIBULE_DATA": str(self.data)}
        if self.database_url:
            told["VESTIBULE_DATABASE_URL"] = self.database_url
        return told | dict(self.more) | dict(more or {})

    @property
    def sqlite_file(self) -> Path:
        return self.data / "vestibule.sqlite3"
