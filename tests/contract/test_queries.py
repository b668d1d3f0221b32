"""What the inbox may cost: queries that don't grow with its rows, and bytes on the wire."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from core import hooks
from tests.support.browser import MOUSE, new_context
from tests.support.house import House, open_app
from tests.support.mail import PostOffice
from tests.support.place import Place
from tests.support.server import open_servers
from tests.support.threads import fill_inbox
from tests.support.wire import first_visit

MOST_QUERIES, MOST_BYTES, MOST_REQUESTS = 6, 50_000, 12
CLIENT = "client@demo.test"


class Queries(logging.Handler):
    """Every statement as peewee logs it."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.asked: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.name == "peewee":
            self.asked.append(record.getMessage())


@contextmanager
def listening() -> Iterator[Queries]:
    heard, log = Queries(), logging.getLogger("peewee")
    level = log.level
    log.addHandler(heard)
    log.setLevel(logging.DEBUG)
    try:
        yield heard
    finally:
        log.removeHandler(heard)
        log.setLevel(level)


def queries_of_inbox(house: House) -> list[str]:
    browser = house.browser(CLIENT)
    assert browser.get("/inbox/").status_code == 200
    with listening() as heard:
        assert browser.get("/inbox/").status_code == 200
    return heard.asked


def plugins_with_cards() -> int:
    """Plugins, not rooms, that put something on the client's first page."""
    plugins = {plugin.name for plugin in hooks.plugins() if not plugin.is_core}
    return len(plugins & {one.plugin.name for one in hooks.implementations("home_cards")})


def test_the_inbox_asks_few_questions_whatever_the_rows(house: House) -> None:
    fill_inbox(house, CLIENT, 50)
    few = queries_of_inbox(house)
    assert len(few) <= MOST_QUERIES + plugins_with_cards(), "\n".join(few)
    fill_inbox(house, CLIENT, 500)
    assert len(queries_of_inbox(house)) == len(few)


@pytest.mark.parametrize("database", ["sqlite"])
def test_a_first_visit_is_light(
    browser: Browser, place: Place, post_office: PostOffice, tmp_path: Path
) -> None:
    with open_app(place) as house:
        fill_inbox(house, CLIENT, 50)
        name, _, value = house.browser(CLIENT).cookie.partition("=")
    with open_servers(place, post_office.environment, tmp_path) as (server,):
        context = new_context(browser, server.base_url, MOUSE)
        context.add_cookies([{"name": name, "value": value, "url": server.base_url}])
        visit = first_visit(browser, server.base_url, "/inbox/", context)
        context.close()
    assert visit.bytes <= MOST_BYTES, visit.table()
    assert visit.requests <= MOST_REQUESTS, visit.table()
