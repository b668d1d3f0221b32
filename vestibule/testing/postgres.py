"""Databases for tests on a PostgreSQL server: made, copied fast from a template, dropped."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg
from psycopg import sql


class DatabaseServer:
    """A server by the address of any database on it, in a role that may make others."""

    def __init__(self, address: str) -> None:
        self._address = address

    def url(self, name: str) -> str:
        """The address of one database for the product."""
        return urlunsplit(urlsplit(self._address)._replace(path=f"/{name}"))

    def create(self, name: str, template: str = "template1") -> str:
        """Make a database, mostly as a copy of a template, and return its address."""
        self._run("CREATE DATABASE {} TEMPLATE {}", name, template)
        return self.url(name)

    def drop(self, name: str) -> None:
        """Remove a database even while somebody is connected to it."""
        self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)

    @contextmanager
    def copy_of(self, template: str) -> Iterator[str]:
        """The address of a copy that is dropped when the block ends."""
        name = f"copy_{uuid4().hex}"
        yield self.create(name, template)
        self.drop(name)

    def _run(self, statement: str, *names: str) -> None:
        with psycopg.connect(self._address, autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
