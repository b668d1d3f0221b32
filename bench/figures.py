"""The figures in process: pages against the floor, queries, free times among many appointments."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask, g
from werkzeug.test import create_environ, run_wsgi_app

from bench.floor import floor_app
from core import clock, db
from core.appointments import service as appointments
from core.appointments.service.searching import Search, search_times
from tests.support.house import House
from tests.support.threads import fill_inbox

CLIENT, OWNER = "client@demo.test", "provider@demo.test"
# A busy machine is slow for seconds on end: what is compared is measured in turns.
ROUNDS, PAGES, TURNS = 30, 10, 3
PAST = (
    "INSERT INTO appointments_appointment (id, provider_id, client_id, member_id, type_id, title, place,"
    " late_note, state, request_key, from_at, to_at, cancel_until_at, booked_at, changed_at)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
HELD = (
    "INSERT INTO appointments_occupancy (id, provider_id, resource_id, appointment_id, from_at, to_at)"
    " VALUES (?, ?, ?, ?, ?, ?)"
)
DROP_HELD = (
    "DELETE FROM appointments_occupancy WHERE appointment_id IN"
    " (SELECT id FROM appointments_appointment WHERE CAST(request_key AS TEXT) LIKE 'past %')"
)
DROP_PAST = "DELETE FROM appointments_appointment WHERE CAST(request_key AS TEXT) LIKE 'past %'"


def processor_ms(acts: list[Callable[[], Any]]) -> list[float]:
    """Milliseconds of processor time of each act, the best of several rounds taken in turn."""
    best = [float("inf")] * len(acts)
    for act in acts:
        act()
    for _round in range(ROUNDS):
        for number, act in enumerate(acts):
            before = time.process_time()
            for _time in range(PAGES):
                act()
            best[number] = min(best[number], (time.process_time() - before) / PAGES * 1000)
    return best


def visit(app: Flask, path: str, cookie: str) -> Callable[[], None]:
    """One page asked for by a browser that takes gzip."""

    def act() -> None:
        headers = {"Cookie": cookie, "Accept-Encoding": "gzip"}
        body, status, _headers = run_wsgi_app(app.wsgi_app, create_environ(path, headers=headers))
        b"".join(body)
        if not status.startswith("200"):
            raise RuntimeError(f"{path} answered {status}")

    return act


def floor_and_inbox(house: House) -> tuple[float, float]:
    """Milliseconds of the floor page and of the inbox, 20 rows of 5,000 threads."""
    fill_inbox(house, CLIENT, 5_000)
    browser, chart = house.browser(CLIENT), house.chart(CLIENT, "ortiz")
    floor = floor_app(house.settings.secret_key)
    floor.before_request(lambda: setattr(g, "client_id", chart.id))
    # Each request opens and returns its own connection, as it does behind the server.
    db.database.close()
    pages = [visit(floor, "/", browser.cookie), visit(house.app, "/inbox/", browser.cookie)]
    one, other = processor_ms(pages)
    db.database.connect(reuse_if_open=True)
    return one, other


def queries_of_inbox(house: House) -> int:
    """How many statements the inbox sends."""
    browser = house.browser(CLIENT)
    browser.get("/inbox/")
    with _counted() as heard:
        browser.get("/inbox/")
    return len(heard)


@contextmanager
def _counted() -> Iterator[list[str]]:
    heard: list[str] = []

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if record.name == "peewee":
                heard.append(record.getMessage())

    ear, log = Ear(logging.DEBUG), logging.getLogger("peewee")
    log.addHandler(ear)
    log.setLevel(logging.DEBUG)
    try:
        yield heard
    finally:
        log.removeHandler(ear)
        log.setLevel(logging.WARNING)


def free_times(house: House) -> tuple[float, float]:
    """Milliseconds of a day's free times with 100 past appointments and with 100,000."""
    scope = house.client_scope(CLIENT, "ortiz")
    zone = ZoneInfo("America/Chicago")
    search = Search(zone=zone, from_on=(clock.now() + timedelta(days=5)).astimezone(zone).date())

    def act() -> None:
        found = search_times(scope, search)
        if not found.offers:
            raise RuntimeError("no free time was found")

    few = many = float("inf")
    for _turn in range(TURNS):
        _empty_past()
        _fill_past(house, 0, 100)
        few = min(few, *processor_ms([act]))
        _fill_past(house, 100, 100_000)
        many = min(many, *processor_ms([act]))
    return few, many


def _empty_past() -> None:
    with db.transaction():
        raw = db.database.connection()
        raw.execute(DROP_HELD)
        raw.execute(DROP_PAST)


def _fill_past(house: House, first: int, last: int) -> None:
    lena, chart = house.member(OWNER, "ortiz"), house.chart(CLIENT, "ortiz")
    member = house.member_scope(OWNER, "ortiz")
    kind = appointments.types_of(member)[0].type
    now = clock.now().replace(minute=0, second=0, microsecond=0) - timedelta(days=30)
    resource, client, type_id, provider = (key.hex for key in (lena.id, chart.id, kind.id, lena.provider_id))
    past, held = [], []
    for number in range(first, last):
        key, occupancy = db.new_id().hex, db.new_id().hex
        from_at = int((now - timedelta(hours=number)).timestamp()) * 1_000_000
        to_at = from_at + 50 * 60 * 1_000_000
        words = (kind.title, kind.place, "", "scheduled", f"past {number:011}".encode())
        moments = (from_at, to_at, from_at, from_at, from_at)
        past.append((key, provider, client, resource, type_id, *words, *moments))
        held.append((occupancy, provider, resource, key, from_at, to_at))
    with db.transaction():
        # Row by row through a scope this would take minutes.
        raw = db.database.connection()
        raw.executemany(PAST, past)
        raw.executemany(HELD, held)
