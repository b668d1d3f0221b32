"""The parts around a server: shared things, databases, places, mail, fingerprints, bytes on the wire."""

import smtplib
import sqlite3
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Browser

from tests.support.digest import changed, digest
from tests.support.mail import PostOffice
from tests.support.person import Person
from tests.support.place import Place, copied_place
from tests.support.run import FailedBefore, Run, begin
from tests.support.wire import first_visit

WORLD = "CREATE TABLE note (id INTEGER, words TEXT)", "INSERT INTO note VALUES (1, 'a')"


def execute(place: Place, *statements: str) -> None:
    if place.database_url:
        with psycopg.connect(place.database_url) as server:
            for statement in statements:
                server.execute(statement.encode())
        return
    with sqlite3.connect(place.sqlite_file) as file:
        for statement in statements:
            file.execute(statement)
    file.close()


def test_what_is_shared_is_made_once_and_its_failure_is_told_to_all() -> None:
    run = begin()
    made: list[str] = []

    def make() -> dict[str, str | int]:
        made.append("thing")
        return {"port": 7}

    def fail() -> dict[str, str | int]:
        made.append("fault")
        raise ZeroDivisionError

    try:
        for _ in range(2):
            assert run.once("thing", make) == {"port": 7}
        assert made == ["thing"]
        for _ in range(2):
            with pytest.raises(FailedBefore, match="ZeroDivisionError"):
                run.once("fault", fail)
            with pytest.raises(pytest.skip.Exception, match="not installed"):
                run.once("absent", lambda: pytest.skip("not installed"))
        assert made == ["thing", "fault"]
    finally:
        run.end()
    assert not run.folder.exists()


def test_copies_of_a_world_are_apart(run: Run, database: str, tmp_path: Path) -> None:
    def fill(place: Place) -> None:
        execute(place, *WORLD)

    with (
        copied_place(run, database, "notes", fill, tmp_path / "one") as one,
        copied_place(run, database, "notes", fill, tmp_path / "two") as two,
    ):
        before = digest(two)
        assert digest(one) == before
        assert list(before) == ["note"]
        execute(one, "INSERT INTO note VALUES (2, 'b')")
        assert digest(two) == before
        assert changed(before, digest(one)) == ["note"]


def test_a_fingerprint_sees_a_changed_value_and_a_new_table_but_no_security_log(
    new_ground: Place,
) -> None:
    execute(new_ground, *WORLD, "CREATE TABLE audit_row (id INTEGER)")
    before = digest(new_ground)
    execute(new_ground, "INSERT INTO audit_row VALUES (1)")
    assert changed(before, digest(new_ground)) == []
    execute(new_ground, "UPDATE note SET words = 'c'", "CREATE TABLE other (id INTEGER)")
    assert changed(before, digest(new_ground)) == ["note", "other"]


def send(office: PostOffice, to: str, subject: str, body: str) -> None:
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = "portal@vestibule.test", to, subject
    letter.set_content(body)
    with smtplib.SMTP("127.0.0.1", office.port, timeout=5) as line:
        line.send_message(letter)


def test_mail_is_taken_waited_for_and_refused(post_office: PostOffice) -> None:
    send(post_office, "a@demo.test", "Welcome", "Open http://127.0.0.1:1/join/Ab-9?x=1.\n\n  123456\n")
    mail = post_office.wait_for("A@demo.test", about="Welcome")
    assert mail.link("/join/") == "/join/Ab-9?x=1"
    assert mail.code == "123456"
    post_office.refuse()
    with pytest.raises(smtplib.SMTPDataError, match="full"):
        send(post_office, "a@demo.test", "Late", "")
    with pytest.raises(AssertionError, match=r"a@demo\.test: Welcome"):
        post_office.wait_for("a@demo.test", about="Late", seconds=0.1)
    assert len(post_office.mails()) == 1


def test_a_first_visit_counts_each_answer(browser: Browser, site: str, visit: Callable[[], Person]) -> None:
    person = visit()
    person.log_in("client@demo.test")
    seen = first_visit(browser, site, "/fault/htmx", person.context)
    assert [address.removeprefix(site) for address in seen.answers] == [
        "/fault/htmx",
        "/style.css",
        "/asking.js",
    ]
    assert all(size > 100 for size in seen.answers.values())
    assert "in 3 requests" in seen.table()


IN_A_TEST = "import pytest\ndef test_it(): pytest.skip('no Chromium')"
IN_A_FILE = "import pytest\npytest.skip('no Chromium', allow_module_level=True)"


@pytest.mark.parametrize(
    ("source", "required", "outcome"),
    [
        (IN_A_TEST, "1", {"failed": 1}),
        (IN_A_TEST, "", {"skipped": 1}),
        (IN_A_FILE, "1", {"errors": 1}),
        (IN_A_FILE, "", {"skipped": 1}),
    ],
)
def test_a_skip_fails_where_everything_is_required(
    pytester: pytest.Pytester,
    monkeypatch: pytest.MonkeyPatch,
    source: str,
    required: str,
    outcome: dict[str, int],
) -> None:
    rules = Path(__file__).parent.parent / "conftest.py"
    pytester.makeconftest(rules.read_text(encoding="utf-8"))
    pytester.makepyfile(source)
    monkeypatch.setenv("VESTIBULE_REQUIRE_ALL", required)
    monkeypatch.setenv("PYTHONPATH", str(rules.parent.parent))
    done = pytester.runpytest_subprocess("-p", "no:cacheprovider", "-n0", "-rs")
    assert done.parseoutcomes() == outcome
    done.stdout.fnmatch_lines(["*no Chromium*"])
