"""Where answers lead and what they are called: built from our own addresses only, whatever is asked for."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from urllib.parse import quote

import pytest
from markupsafe import escape

from tests.storms.wild import MARKUP
from tests.support import harbor
from tests.support.street import Street
from vestibule.testing.people import PASSWORD

ODD = (
    "/a\r\nX-Evil: 1",
    "/a\nSet-Cookie: evil=1",
    "javascript:alert(1)",
    "/\N{CYRILLIC CAPITAL LETTER ZHE}",
    "/ a",
)
ESCAPED = str(escape(MARKUP))
LEADING = ("Location", "HX-Redirect", "HX-Location", "HX-Push-Url", "HX-Replace-Url", "HX-Trigger")


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["plain", "htmx"])
@pytest.mark.parametrize("odd", ODD)
def test_A31_no_header_is_made_of_what_was_asked_for(
    street: Street, odd: str, headers: dict[str, str]
) -> None:
    visitor, client = street.house.browser(), street.house.browser(harbor.CLIENT)
    login = {"csrf_token": visitor.csrf_token, "email": harbor.CLIENT, "password": PASSWORD, "next": odd}
    answers = [
        visitor._client.post("/login", data=login, headers=headers),
        client._client.get(f"/login?next={quote(odd, safe='')}", headers=headers),
        client._client.get(f"/settings/password/?next={quote(odd, safe='')}", headers=headers),
        street.house.browser()._client.get(f"/inbox/?at={quote(odd, safe='')}", headers=headers),
        street.house.browser()._client.get(f"/inbox{quote(odd, safe='')}", headers=headers),
    ]
    for answer in answers:
        assert answer.status_code < 500
        assert not {"x-evil", "set-cookie: evil=1"} & {name.lower() for name, _value in answer.headers}
        for name in LEADING:
            value = answer.headers.get(name, "/")
            # A server writes headers in Latin-1 and would break off at anything else.
            assert re.fullmatch(r"[!-~]+", value), (name, value)
            assert not value.startswith(("javascript:", "//")), (name, value)


def test_A31_a_download_has_a_name_of_ours(street: Street) -> None:
    client = street.house.browser(harbor.CLIENT)
    entry = next(door for door in street.doors if door.endpoint == "appointments.calendar_entry")
    data = client.post("/settings/data/")
    assert client.get(entry.path).headers["Content-Disposition"] == 'attachment; filename="appointment.ics"'
    assert data.headers["Content-Disposition"] == 'attachment; filename="my-data.zip"'


@pytest.mark.parametrize(
    "name",
    [
        "../core/app.py",
        "..%2fcore/app.py",
        "%2e%2e/core/app.py",
        "css/../../pyproject.toml",
        "vendor/%2e%2e/%2e%2e/pyproject.toml",
        "..\\core\\app.py",
        "/etc/passwd",
        "%00",
        "intake/../hooks.py",
        "x" * 3000,
        "css",
        "",
    ],
)
def test_A39_a_file_has_a_name_of_ours_or_is_not_there(street: Street, name: str) -> None:
    answer = street.house.browser(harbor.CLIENT).get(f"/static/{name}")
    assert answer.status_code in (308, 404)
    assert answer.status_code == 404 or answer.location.startswith("http://localhost/static/")
    assert b"import" not in answer.data


def marked(form: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """The form with markup wherever a person would write words."""
    odd = MARKUP + "{{7*7}}"
    return {name: [value.replace("Some words", odd) for value in values] for name, values in form.items()}


def test_A34_what_people_write_is_shown_as_text(street: Street) -> None:
    """Markup is sent into every field of words, then every page is opened by everybody who may."""
    taken = set()
    for door in street.posts():
        browser = street.house.browser(door.admitted[0])
        for form in door.forms:
            if "Some words" in [value for values in form.values() for value in values]:
                sent = browser.post(door.path, marked(form))
                taken |= {door.endpoint} if sent.status_code in (200, 303) else set()
                assert MARKUP not in sent.text, door.endpoint
    assert len(taken) > 8, taken
    showing = 0
    for door in street.doors:
        if "GET" in door.methods and door.endpoint != "accounts.logout":
            for who in door.admitted:
                text = street.house.browser(who).get(door.path).text
                assert MARKUP not in text, (door.endpoint, who)
                assert f"{ESCAPED}49" not in text, (door.endpoint, who)
                showing += f"{ESCAPED}{{{{7*7}}}}" in text
    assert showing > 10


def test_A32_nothing_of_a_page_stays_in_the_browser(street: Street) -> None:
    people = {who: street.house.browser(who) for door in street.doors for who in door.admitted}
    for door in street.doors:
        if "GET" not in door.methods or door.endpoint in ("static", "live", "practice_live"):
            continue
        for who in door.admitted:
            answer = people[who].get(door.path)
            assert answer.headers["Cache-Control"] == "no-store", door.endpoint
            if answer.mimetype == "text/html" and answer.status_code == 200:
                varies = set(answer.headers["Vary"].replace(",", " ").split())
                assert {"HX-Request", "HX-History-Restore-Request"} <= varies, door.endpoint
    left = people[harbor.CLIENT].post("/logout")
    assert left.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert people[harbor.CLIENT].get("/inbox/").location == "/login?next=/inbox/"


def test_A33_the_cookie_holds_no_word_of_a_person(street: Street) -> None:
    """It is signed and can be read; so it holds a login's token, the form's token and a moment."""
    known = {"_user_id", "csrf_token", "kept", "_fresh", "_id"}
    for who in (harbor.CLIENT, harbor.OWNER, "operator@demo.test"):
        browser = street.house.browser(who)
        for door in street.doors:
            if who in door.admitted and "GET" in door.methods:
                browser.get(door.path)
        with browser._client.session_transaction() as session:
            assert set(session) <= known
