"""The authors' kit does what its page says, and nothing that runs in production knows it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.support.run import CHECKOUT, plain_environment

# What an author writes: no conftest, nothing imported but pytest.
AUTHORS = """
import pytest


def test_a_day_in_maple_room(practice, client, member, browser, house, mail_box, clock):
    page = browser(client).open("/")
    assert (page.status, page.path, page.heading) == (200, "/inbox/", "Inbox")
    booked = practice.book(client)
    house.deliver()
    assert mail_box.wait_for(client.email)
    assert len(mail_box.mails(member.email)) == 1
    moved = practice.move(booked, practice.free_times(5)[4])
    assert (moved.id, moved.sequence) == (booked.id, booked.sequence + 1)
    practice.cancel(moved)
    before = clock.now
    clock.forward(days=2)
    assert (clock.now - before).days == 2


def test_a_form_is_sent_with_what_stands_in_it(client, browser):
    at = browser(client)
    at.open("/inbox/")
    at.follow("New message")
    page = at.press("Send", {"Subject": "A <question>", "Message": "First line\\nsecond line"})
    assert page.has("A <question>") and page.has("First line second line")
    with pytest.raises(AssertionError, match="No button 'Sing'"):
        at.press("Sing")


def test_switched_off_is_not_here(practice, client, member, browser, subscriptions):
    at = browser(client)
    assert at.open("/appointments/").status == 200
    subscriptions.off("CP")
    assert at.open("/appointments/").status == 404
    assert browser(member).open("/practice/maple/calendar/").status == 200
    subscriptions.on("CP")
    assert at.open("/appointments/").status == 200


def test_practices_are_apart(practice, other_practice, browser):
    appointment = practice.book(practice.client)
    stranger = browser(other_practice.client)
    assert stranger.open(f"/appointments/{appointment.id}/").status == 404
    assert browser(None).open("/inbox/").path.startswith("/login")
    added = practice.add_client("new@maple.test", "Nia Reed")
    assert browser(added).open("/inbox/").status == 200
    desk = practice.add_member("desk@maple.test", "Dee Esk", "desk")
    assert desk.scope.role == "desk" and desk.id != practice.owner.id


def test_each_test_has_its_own_data(practice, client, browser):
    assert not browser(client).open("/appointments/").has("Scheduled Session")
    assert len(practice.free_times(3)) == 3
"""


def test_the_kit_serves_an_authors_tests_without_a_conftest(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(AUTHORS)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-W", "error", "-p", "no:cacheprovider", "-p", "no:randomly"],
        cwd=pytester.path,
        env=plain_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert "5 passed" in done.stdout, done.stdout + done.stderr


def test_the_kit_knows_plugins_that_are_not_installed(pytester: pytest.Pytester) -> None:
    pytester.mkdir("tests").joinpath("test_it.py").write_text(
        "from core import hooks\n\n\n"
        "def test_it(house):\n    assert 'lamp' in [p.name for p in hooks.plugins()]\n"
    )
    pytester.path.joinpath("conftest.py").write_text(
        "from pathlib import Path\nimport pytest\n\n"
        "@pytest.fixture(scope='session')\ndef plugin_folders():\n    return (Path(__file__).parent,)\n"
    )
    lamp = pytester.mkdir("lamp")
    (lamp / "plugin.toml").write_text(
        'name = "lamp"\ntitle = "Lamp"\nversion = "1.0"\napi = 1\nneeds = ["CP"]\n'
    )
    (lamp / "__init__.py").write_text('"""A lamp."""\n')
    (lamp / "hooks.py").write_text('"""Nothing yet."""\n')
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=pytester.path,
        env=plain_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert "1 passed" in done.stdout, done.stdout + done.stderr


def test_the_product_runs_without_pytest_and_without_the_kit() -> None:
    asked = (
        "import sys; import core.app, vestibule.commands, vestibule.data, vestibule.web;"
        " print([name for name in sys.modules if name.split('.')[0] in ('pytest', '_pytest', 'aiosmtpd')"
        " or name.startswith(('vestibule.testing', 'vestibule.fixtures'))])"
    )
    done = subprocess.run(
        [sys.executable, "-c", asked], cwd=CHECKOUT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_the_kit_is_imported_only_when_a_fixture_is_asked_for() -> None:
    """Pytest loads it before coverage is measured, and in runs that have nothing to do with us."""
    asked = (
        "import sys; import vestibule.fixtures;"
        " print([name for name in sys.modules if name.split('.')[0] in ('core', 'flask', 'plugins')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", asked], cwd=CHECKOUT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
