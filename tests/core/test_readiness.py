"""What says how an installation is: /readyz, /healthz, the pages of a database that is away, the doctor."""

from __future__ import annotations

from datetime import timedelta

import peewee
import pytest
from click.testing import CliRunner

from core import clock, db, limits, outbox
from core.spec.errors import TooManyTries
from core.tenancy import Scope
from core.tenancy.logins import start_login, visit_of
from core.web import readiness
from tests.support.house import House, open_app
from tests.support.mail import PostOffice
from tests.support.place import Place
from tests.support.tap import tap_to
from vestibule.commands import cli

SYSTEM = Scope.system("test")
AHEAD = timedelta(hours=25)


def _put(key: str) -> None:
    with db.transaction():
        outbox.put(SYSTEM, "event", "inbox:message_sent", key, {})


def _said(house: House) -> tuple[int, list[str]]:
    answer = house.browser().get("/readyz")
    return answer.status_code, [line.partition(":")[0] for line in answer.text.splitlines()[1:]]


def test_A65_ready_says_so_and_migrations_that_wait_are_named(house: House) -> None:
    assert _said(house) == (200, [])
    db.database.execute_sql("DELETE FROM migration WHERE source = 'inbox' AND name >= '0002'")
    assert _said(house) == (503, ["migrations"])
    assert house.browser().get("/healthz").status_code == 200


def test_A65_an_outbox_that_nobody_empties_is_named_once_it_was_seen_for_a_while(house: House) -> None:
    with clock.standing_at(clock.now() - timedelta(hours=1)):
        _put("old")
    assert _said(house) == (200, []), "a clock that jumped would look the same for a moment"
    house.app.extensions["readiness"].seen_since -= readiness.SEEN_SECONDS + 1
    assert _said(house) == (503, ["outbox"])


@pytest.mark.parametrize("database", ["sqlite"])
def test_A64_a_full_disk_is_named_until_there_is_room_again(house: House) -> None:
    pages = db.database.execute_sql("PRAGMA page_count").fetchone()[0]
    db.database.execute_sql(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(peewee.OperationalError):
        _put("long" * 100_000)
    assert _said(house) == (503, ["disk"])
    db.database.execute_sql("PRAGMA max_page_count = 1000000")
    _put("small")
    assert _said(house) == (200, [])


@pytest.mark.parametrize("database", ["postgresql"])
def test_A65_a_database_that_falls_silent_is_named_and_its_pages_say_so(place: Place) -> None:
    port = int(place.database_url.rpartition(":")[2].partition("/")[0])
    with tap_to(port) as tap:
        behind = Place(place.kind, place.data, place.database_url.replace(f":{port}/", f":{tap.port}/"))
        with open_app(behind) as house:
            browser = house.browser("client@demo.test")
            db.database.close()
            tap.close()
            answer = browser.get("/inbox/")
            assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
            assert "short break" in answer.text
            assert _said(house) == (503, ["database"])
            assert browser.get("/healthz").status_code == 200
            tap.open()
            assert browser.get("/inbox/").status_code == 200
            db.database.connect(reuse_if_open=True)


def test_A68_what_a_clock_ahead_wrote_is_delivered_when_it_comes_back(house: House) -> None:
    while outbox.drain():
        pass
    with clock.standing_at(clock.now() + AHEAD):
        _put("ahead")
    assert outbox.drain(kinds={"event"}) == 1


def test_A68_a_clock_ahead_leaves_neither_endless_logins_nor_endless_waits(house: House) -> None:
    account = house.account("client@demo.test")
    with clock.standing_at(clock.now() + AHEAD):
        token = start_login(account, is_staff=False, address="127.0.0.1", agent="test")
        assert visit_of(token) is not None
        for _ in range(limits.RULES["code_entry"].limit):
            limits.spend("code_entry", "somebody")
        with pytest.raises(TooManyTries):
            limits.spend("code_entry", "somebody")
    assert visit_of(token) is None
    limits.spend("code_entry", "somebody")


def test_A68_what_is_locked_for_good_stays_locked(house: House) -> None:
    with clock.standing_at(clock.now() + AHEAD):
        for _ in range(limits.RULES["recovery_answers"].limit):
            limits.spend("recovery_answers", "somebody")
    with pytest.raises(TooManyTries):
        limits.check("recovery_answers", "somebody")


@pytest.mark.parametrize("database", ["sqlite"])
def test_A67_the_doctor_says_which_setting_mail_lacks(place: Place, post_office: PostOffice) -> None:
    whole = post_office.environment
    said = {
        name: CliRunner(env=place.environment(whole | {name: ""})).invoke(cli, ["check"]).output
        for name in ("VESTIBULE_SMTP_HOST", "VESTIBULE_MAIL_FROM")
    }
    for name, output in said.items():
        assert f"no mail goes out: {name} is missing" in output
