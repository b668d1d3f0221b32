"""What was typed survives (law 16): an error at a field, an older page, a database that is away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from html import unescape

import psycopg
import pytest
from psycopg import sql

from core import db
from core.web.kept import WORDLESS
from tests.support import harbor
from tests.support.house import Browser, House
from tests.support.place import Place
from tests.support.street import WORDS, Street

TYPED = "What a person wrote, <b>with care</b> & at length"
OURS = {"Origin": "http://localhost"}
STALE = "an earlier token"
TITLE = "This is what you had typed"
MESSAGE = "/inbox/new/"
# Chosen from a list or carried along by the page, and so nothing that is typed.
CHOSEN = frozenset(
    "zone told type clinician on at live into part section what question answer".split()
    + "comparison ask starter seen a.sign.drawn".split()
)
# Answers to security questions are secret.
WITHOUT_WORDS = WORDLESS | {"accounts.questions"}


def words_in(form: Mapping[str, Sequence[str]]) -> list[str]:
    """The fields in which people write."""
    return [name for name, values in form.items() if WORDS in values and name not in CHOSEN]


def written(form: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """The form with words in each field of words, and a sign that nobody can see in the last."""
    told = {name: list(values) for name, values in form.items()}
    fields = words_in(form)
    for number, name in enumerate(fields):
        told[name] = [f"{TYPED} {number}"]
    told[fields[-1]] = [f"{TYPED} last\x01"]
    return told


def forms_of_words(street: Street) -> Iterator[tuple[str, str, str, dict[str, list[str]]]]:
    """Each form that has a field of words: endpoint, who sends it, address, fields."""
    for door in street.posts():
        for form in {tuple(form): form for form in door.forms}.values():
            if words_in(form) and door.endpoint not in WITHOUT_WORDS:
                yield door.endpoint, door.admitted[0], door.path, written(form)


def shown(page: str) -> str:
    return unescape(page).replace("\r\n", "\n")


def test_law_16_each_form_shows_what_was_typed_beside_its_error(street: Street) -> None:
    lost, refused = [], set()
    for endpoint, who, path, told in forms_of_words(street):
        answer = street.house.browser(who).post(path, told)
        refused |= {endpoint} if answer.status_code == 422 else set()
        typed = [value for values in told.values() for value in values if TYPED in value]
        gone = [value for value in typed if value.rstrip("\x01") not in shown(answer.text)]
        if answer.status_code not in (200, 303) and gone:
            lost.append(f"{endpoint} {answer.status_code}: {gone}")
    assert not lost, "\n".join(lost)
    assert len(refused) > 12, refused


def late(browser: Browser, path: str, told: dict[str, list[str]], headers: dict[str, str]) -> tuple[int, str]:
    """Send a form of a page that is older than the login; returns the status and where it leads."""
    answer = browser._client.post(path, data={**told, "csrf_token": STALE}, headers=headers, buffered=True)
    return answer.status_code, answer.location or ""


def test_law_16_a_form_of_an_older_page_waits_filled_in_on_a_new_one(street: Street) -> None:
    lost, kept = [], set()
    for endpoint, who, path, told in forms_of_words(street):
        if not who:
            continue
        browser = street.house.browser(who)
        status, where = late(browser, path, told, OURS)
        page = browser.get(where) if status == 303 else None
        typed = [value.rstrip("\x01") for values in told.values() for value in values if TYPED in value]
        if page is None or page.status_code != 200 or TITLE not in page.text:
            lost.append(f"{endpoint}: {status} {where}")
        elif gone := [value for value in typed if value not in shown(page.text)]:
            lost.append(f"{endpoint}: {gone}")
        kept.add(endpoint)
    assert not lost, "\n".join(lost)
    assert len(kept) > 12


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.test"}, {"Origin": "null"}, {}], ids=str)
def test_A28_law_16_another_site_puts_no_words_into_anybody_s_mouth(
    street: Street, headers: dict[str, str]
) -> None:
    browser = street.house.browser(harbor.CLIENT)
    assert late(browser, MESSAGE, {"body": [TYPED]}, headers) == (400, "")
    assert TYPED not in shown(browser.get(MESSAGE).text)


def test_law_16_a_visitor_is_shown_what_was_typed(street: Street) -> None:
    visitor = street.house.browser()
    told = {"given_name": "Aiko-Maria Margarethe", "password": "not to be shown at all", "csrf_token": STALE}
    answer = visitor._client.post("/p/harbor/signup", data=told, headers=OURS)
    assert answer.status_code == 400
    assert "Aiko-Maria Margarethe" in answer.text
    assert "not to be shown" not in answer.text
    foreign = visitor._client.post("/p/harbor/signup", data=told, headers={"Origin": "https://evil.test"})
    assert "Aiko-Maria" not in foreign.text


@contextmanager
def away(place: Place) -> Iterator[None]:
    """Nobody reaches the place's database."""
    name = place.database_url.rsplit("/", 1)[1]
    admin = place.database_url.replace(f"/{name}", "/postgres")
    db.close()
    with psycopg.connect(admin, user="postgres", autocommit=True) as line:
        closed = sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")
        line.execute(closed.format(sql.Identifier(name), sql.SQL("false")))
        line.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        try:
            yield
        finally:
            line.execute(closed.format(sql.Identifier(name), sql.SQL("true")))


@pytest.mark.parametrize("database", ["postgresql"])
def test_A65_law_16_what_was_typed_is_on_the_page_that_says_that_the_database_is_away(house: House) -> None:
    browser = house.browser("client@demo.test")
    with away(house.place):
        answer = browser.post(MESSAGE, {"body": TYPED, "password": "never shown again"})
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert TYPED in shown(answer.text)
    assert "never shown" not in answer.text
    db.database.connect(reuse_if_open=True)
    assert browser.get(MESSAGE).status_code == 200
