"""Where one installation lives: its data folder and its database."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

from vestibule.testing.postgres import DatabaseServer


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


@contextmanager
def new_world(data: Path, server: str, more: tuple[tuple[str, str], ...]) -> Iterator[Place]:
    """An empty place to copy from; `server` is the address of a PostgreSQL, or empty for SQLite."""
    data.mkdir(mode=0o700)
    if not server:
        yield Place("sqlite", data, more=more)
        return
    made, name = DatabaseServer(server), f"world_{uuid4().hex}"
    try:
        yield Place("postgresql", data, made.create(name), more)
    finally:
        made.drop(name)


@contextmanager
def copy_of(world: Place, data: Path) -> Iterator[Place]:
    """A place like another one, in a folder and a database of its own."""
    shutil.copytree(world.data, data)
    if not world.database_url:
        yield replace(world, data=data)
        return
    name = urlsplit(world.database_url).path.strip("/")
    with DatabaseServer(world.database_url.replace(f"/{name}", "/postgres")).copy_of(name) as url:
        yield replace(world, data=data, database_url=url)
