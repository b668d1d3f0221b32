"""Every endpoint and method, tried as everybody, answers as access.csv says, and a refusal changes nothing.

The table is written by hand, from what each role is for; it is never made from the Routes.
"""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from core import hooks, subscriptions
from core.spec.errors import PluginRefused
from core.tenancy import Scope
from core.web import guard
from tests.support import harbor
from tests.support.digest import SECURITY_LOG, changed, digest
from tests.support.house import Browser, House, open_app
from tests.support.mail import PostOffice
from tests.support.place import Place

TABLE = Path(__file__).with_name("access.csv")
ROWS = list(csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines()))
# The columns, and who stands for each; all addresses are of Harbor Street and its client Stan Ranger.
VIEWERS = {
    "visitor": "",
    "client": harbor.CLIENT,
    "stranger": "client@demo.test",
    "owner": harbor.OWNER,
    "clinician": harbor.CLINICIAN,
    "desk": "desk@harbor.test",
    "biller": "biller@harbor.test",
    "other_member": "provider@demo.test",
    "operator": "operator@demo.test",
    "closed_client": harbor.CLIENT,
    "closed_owner": harbor.OWNER,
}
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "HEAD")
# Counts of tries and the audit are what a refusal may write.
WRITTEN = SECURITY_LOG | {"limit_count"}
# It leads to /login because it did what was asked.
LEAVING = "accounts.logout"
# The house, and what stands in for the parts of its addresses.
World = tuple[House, dict[str, dict[str, str]]]


@pytest.fixture
def database() -> str:
    """What is shown here does not depend on the database."""
    return "sqlite"


@pytest.fixture
def world(place: Place, post_office: PostOffice) -> Iterator[World]:
    """The house with Harbor Street furnished, and its ids."""
    with open_app(place, post_office.environment) as house:
        yield house, harbor.furnish(house, post_office)


class Visits:
    """One viewer's visits to a house that is as it was furnished before each of them."""

    def __init__(self, world: World, viewer: str, live: sqlite3.Connection, kept: sqlite3.Connection) -> None:
        self._house, self._ids = world
        self.viewer, self._live, self._kept = viewer, live, kept
        self._forms = harbor.fields(self._ids[""])
        live.backup(kept)
        self._begin()

    def _begin(self) -> None:
        self._browser = self._house.browser(VIEWERS[self.viewer])
        self._before = digest(self._house.place, WRITTEN)

    def visit(self, row: Mapping[str, str]) -> int:
        """Ask what the row says; returns the status, or 401 where it leads to /login."""
        path = harbor.address(self._house, self._ids, row["endpoint"])
        with ask(self._browser, row["method"], path, self._forms.get(row["endpoint"])) as answer:
            is_sent_away = answer.status_code in (302, 303)
            return 401 if is_sent_away and answer.location.startswith("/login") else answer.status_code

    def touched(self) -> list[str]:
        """The tables that the last visit changed."""
        return changed(self._before, digest(self._house.place, WRITTEN))

    def undo(self) -> None:
        """Put the database back, so that one row's act is not in the next one's way."""
        self._kept.backup(self._live)
        self._begin()


@contextmanager
def visits(world: World, viewer: str) -> Iterator[Visits]:
    file = world[0].place.sqlite_file
    with closing(sqlite3.connect(file, timeout=10)) as live, closing(sqlite3.connect(":memory:")) as kept:
        yield Visits(world, viewer, live, kept)


def ask(browser: Browser, method: str, path: str, fields: Mapping[str, str] | None = None) -> TestResponse:
    """Ask, with a good token in whatever is not a reading."""
    if method == "POST":
        return browser.post(path, fields)
    return browser.get(path) if method == "GET" else browser.ask(method, path)


def outcome(status: int) -> str:
    """What the table calls an answer."""
    names = {401: "login"} | dict.fromkeys((200, 302, 303, 409, 410, 422), "page")
    return names.get(status, str(status))


def faults_of(visits: Visits, row: Mapping[str, str]) -> list[str]:
    """What is wrong with the answer to one row, and with what it left behind if it refused."""
    status = visits.visit(row)
    got, said = outcome(status), row[visits.viewer]
    what = f"{row['endpoint']} {row['method']}"
    wrong = [f"{what}: {got} ({status}), not {said}"] if got != said else []
    if got == "page" or row["endpoint"] == LEAVING:
        visits.undo()
    elif touched := visits.touched():
        wrong.append(f"{what}: refused, and yet it changed {touched}")
        visits.undo()
    return wrong


@pytest.mark.parametrize("viewer", VIEWERS)
def test_A19_everybody_gets_what_the_table_says(world: World, viewer: str) -> None:
    if viewer.startswith("closed_"):
        system = Scope.system("test")
        subscriptions.switch(system, world[0].provider_id("harbor"), "CP", is_on=False)
    with visits(world, viewer) as visiting:
        wrong = [fault for row in ROWS for fault in faults_of(visiting, row)]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("viewer", ["visitor", "client", "owner", "operator"])
def test_A25_no_other_method_does_anything(world: World, viewer: str) -> None:
    house, ids = world
    browser = house.browser(VIEWERS[viewer])
    before = digest(house.place, WRITTEN)
    wrong = []
    for endpoint, bound in house.app.extensions["routes"].items():
        path = harbor.address(house, ids, endpoint)
        open_methods = {*bound.route.methods, *(["HEAD"] if "GET" in bound.route.methods else [])}
        for method in sorted({*METHODS} - open_methods):
            with ask(browser, method, path) as answer:
                status = answer.status_code
            if status not in ((302, 303) if viewer == "visitor" else (404, 405)):
                wrong.append(f"{endpoint} {method}: {status}")
    assert not wrong, "\n".join(wrong)
    assert not changed(before, digest(house.place, WRITTEN))


def test_each_endpoint_and_method_stands_in_the_table_once(house: House) -> None:
    told = [(row["endpoint"], row["method"]) for row in ROWS]
    routes = house.app.extensions["routes"].items()
    there = [(endpoint, method) for endpoint, bound in routes for method in bound.route.methods]
    assert sorted(told) == sorted(there)
    values = {value for row in ROWS for name, value in row.items() if name in VIEWERS}
    # 403: somebody else's invitation, opened by a person who is logged in.
    assert values == {"page", "login", "404", "403"}


def test_law_03_an_endpoint_without_a_route_stops_the_start(house: House) -> None:
    app = Flask("planted", static_folder=None)
    guard.install(app, hooks.declared("register_routes"), hooks.needs_of)
    guard.refuse_undeclared(app)
    app.add_url_rule("/back-door", "back_door", lambda: "come in")
    with pytest.raises(PluginRefused, match="back-door"):
        guard.refuse_undeclared(app)


def test_law_03_a_second_address_of_a_declared_endpoint_stops_the_start(house: House) -> None:
    app = Flask("planted", static_folder=None)
    guard.install(app, hooks.declared("register_routes"), hooks.needs_of)
    app.add_url_rule("/side-door", "inbox.home", app.view_functions["inbox.home"])
    with pytest.raises(PluginRefused, match="side-door"):
        guard.refuse_undeclared(app)


def test_closed_a_client_of_closed_portals_is_told_so(
    world: tuple[House, dict[str, dict[str, str]]],
) -> None:
    house, _ids = world
    subscriptions.switch(Scope.system("test"), house.provider_id("harbor"), "CP", is_on=False)
    browser = house.browser(harbor.CLIENT)
    assert browser.get("/").headers["Location"] == "/closed/"
    assert "Harbor Street Therapy" in browser.get("/closed/").text
    kept = house.browser("twoproviders@demo.test")
    assert kept.get("/").headers["Location"] == "/inbox/"


def test_closed_a_record_keeps_the_tabs_of_plugins(world: tuple[House, dict[str, dict[str, str]]]) -> None:
    house, ids = world
    subscriptions.switch(Scope.system("test"), house.provider_id("harbor"), "CP", is_on=False)
    page = house.browser(harbor.OWNER).get(harbor.address(house, ids, "practice.record"))
    assert harbor.address(house, ids, "intake.other_information") in page.text
