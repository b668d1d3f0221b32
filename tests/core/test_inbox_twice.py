"""The same message, sent over two lines at once: it stands once, and both are told so (S6.1)."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from tests.core.test_accounts_security import CLIENT, Visitor
from tests.support.mail import PostOffice
from tests.support.place import Place
from tests.support.server import Server, open_servers
from vestibule.testing.people import PASSWORD

WRITE = "/inbox/new/"
HELD = """
SELECT count(*) FROM pg_locks
WHERE NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


@pytest.fixture
def database() -> str:
    """SQLite has one process, whose writers come one after the other."""
    return "postgresql"


@pytest.fixture
def servers(place: Place, post_office: PostOffice, tmp_path: Path) -> Iterator[list[Server]]:
    with open_servers(place, post_office.environment, tmp_path, count=2) as servers:
        yield servers


@pytest.fixture
def lines(servers: list[Server]) -> list[Visitor]:
    """The same client at two processes."""
    lines = [Visitor(server.base_url) for server in servers]
    for line in lines:
        line.send("/login", {"email": CLIENT, "password": PASSWORD})
    return lines


def test_S6_1_a_first_message_sent_twice_at_once_begins_one_thread(
    place: Place, lines: list[Visitor]
) -> None:
    told = {"to": chart(lines[0]), "subject": "Later", "body": "Is four fine too?", "key": "one-page"}
    (thread,) = set(sent_at_once(place, lines, WRITE, WRITE, told))
    assert re.fullmatch(r"/inbox/[0-9a-f-]{36}/", thread)
    assert times_read(lines[0], thread, told["body"]) == 1
    assert times_read(lines[1], "/inbox/", told["subject"]) == 1


def test_S6_1_an_answer_sent_twice_at_once_stands_once(place: Place, lines: list[Visitor]) -> None:
    first = {"to": chart(lines[0]), "subject": "", "body": "Is four fine?", "key": "first-page"}
    thread = lines[0].send(WRITE, first)
    told = {"body": "Or would five be better?", "key": "second-page"}
    assert set(sent_at_once(place, lines, thread, f"{thread}answer/", told)) == {thread}
    assert times_read(lines[0], thread, told["body"]) == 1


def chart(line: Visitor) -> str:
    """The chart to which the client's messages go, as the page says it."""
    line.get(WRITE)
    (found,) = re.findall(r'name="to" value="([^"]+)"', line.text)
    return str(found)


def times_read(line: Visitor, path: str, words: str) -> int:
    line.get(path)
    return line.text.count(words)


def sent_at_once(place: Place, lines: list[Visitor], page: str, path: str, told: dict[str, str]) -> list[str]:
    """Where each line is led to, after all of them had found that nothing was sent yet."""
    sheets = [told | {"csrf_token": line.token(page)} for line in lines]
    with ThreadPoolExecutor(len(lines)) as pool:
        with nothing_written(place, until_waiting=len(lines)):
            answers = [pool.submit(line.get, path, sheet) for line, sheet in zip(lines, sheets, strict=True)]
        return [answer.result() for answer in answers]


@contextmanager
def nothing_written(place: Place, until_waiting: int) -> Iterator[None]:
    """Messages can be read, and writing one waits, until so many wait."""
    url = place.database_url
    with psycopg.connect(url) as holder, psycopg.connect(url, autocommit=True) as watch:
        holder.execute("LOCK TABLE inbox_message IN SHARE ROW EXCLUSIVE MODE")
        yield
        deadline = time.monotonic() + 20
        while watch.execute(HELD).fetchone() != (until_waiting,):
            assert time.monotonic() < deadline, "they do not both wait"
            time.sleep(0.02)
