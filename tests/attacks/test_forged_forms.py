"""Forms that another site sends, that have too many fields or too few, or are of another kind."""

from __future__ import annotations

import gzip
import time
from collections.abc import Callable
from typing import Any

import flask
import pytest
from flask_wtf.csrf import generate_csrf

from tests.storms.wild import FORM
from tests.support.digest import SECURITY_LOG, changed, digest
from tests.support.house import Browser
from tests.support.street import Street

ENDS = SECURITY_LOG | {"limit_count"}
Told = dict[str, str]


def without(browser: Browser) -> tuple[Told, Told]:
    return {}, {}


def foreign(browser: Browser) -> tuple[Told, Told]:
    """A token that is good in another browser."""
    with browser._client.application.test_request_context():
        flask.session["csrf_token"] = "somebody else's"
        return {"csrf_token": generate_csrf()}, {}


def header(name: str, value: str) -> Callable[[Browser], tuple[Told, Told]]:
    return lambda browser: ({"csrf_token": browser.csrf_token}, {name: value})


FORGERIES: dict[str, Callable[[Browser], tuple[Told, Told]]] = {
    "without a token": without,
    "a token of nobody": foreign,
    "from evil": header("Origin", "https://evil.test"),
    "from a neighbour": header("Origin", "http://localhost:8025"),
    "from nowhere": header("Origin", "null"),
    "across sites": header("Sec-Fetch-Site", "cross-site"),
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_A28_no_form_is_taken_from_elsewhere(street: Street, forgery: str) -> None:
    browsers = {who: street.house.browser(who) for door in street.posts() for who in door.admitted}
    before, wrong = digest(street.house.place, ENDS), []
    for door in street.posts():
        browser = browsers[door.admitted[0]]
        fields, headers = FORGERIES[forgery](browser)
        form: dict[str, Any] = dict(door.forms[0]) if door.forms else {}
        form.pop("csrf_token", None)
        answer = browser._client.post(door.path, data=form | fields, headers=headers)
        wrong += [f"{door.endpoint}: {answer.status_code}"] if answer.status_code != 400 else []
    assert not wrong, "\n".join(wrong)
    assert not changed(before, digest(street.house.place, ENDS))


def test_A28_the_same_forms_are_taken_from_our_own_pages(street: Street) -> None:
    browser = street.house.browser(street.posts()[0].admitted[0])
    told = {"csrf_token": browser.csrf_token, "email": "nobody@demo.test"}
    for headers in (
        {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none"},
        {},
    ):
        assert browser._client.post("/forgot", data=told, headers=headers).status_code == 200, headers


def test_A28_a_form_that_stood_open_all_day_is_still_taken(street: Street) -> None:
    """Flask-WTF would let tokens end after an hour: the token ends with its login instead."""
    assert street.house.app.config["WTF_CSRF_TIME_LIMIT"] is None


def test_A25_a_form_says_by_its_method_alone_what_it_is(street: Street) -> None:
    browsers = {who: street.house.browser(who) for door in street.posts() for who in door.admitted}
    before, wrong = digest(street.house.place, ENDS), []
    for door in street.posts():
        browser = browsers[door.admitted[0]]
        headers = dict.fromkeys(("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"), "POST")
        headers["X-CSRFToken"] = browser.csrf_token
        answer = browser._client.get(door.path, query_string={"_method": "POST"}, headers=headers)
        if answer.status_code not in (200, 303, 404, 405, 410):
            wrong.append(f"{door.endpoint}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)
    assert not changed(before, digest(street.house.place, ENDS))


def test_A40_too_many_fields_are_refused_soon(street: Street) -> None:
    browser = street.house.browser()
    token = f"csrf_token={browser.csrf_token}&".encode()
    start = time.process_time()
    for body in (b"&" * 400_000, b"a=1&" * 100_000, b"email=a@b.test&" * 2_001):
        answer = browser._client.post("/forgot", data=token + body, content_type=FORM)
        assert answer.status_code == 413
    assert time.process_time() - start < 2
    few = browser._client.post("/forgot", data=token + b"x=1&" * 1_000, content_type=FORM)
    assert few.status_code == 422
    parts = b"".join(b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n' for _ in range(501))
    kind = "multipart/form-data; boundary=x"
    many = browser._client.post("/forgot", data=parts + b"--x--", content_type=kind)
    assert many.status_code == 413


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("application/json", {}),
        ("text/plain", {}),
        ("application/xml", {}),
        ("multipart/form-data", {}),
        (FORM, {"Content-Encoding": "gzip"}),
        (f"{FORM}; charset=utf-16", {"Content-Encoding": "deflate"}),
    ],
)
def test_A55_a_body_of_another_kind_is_no_form(street: Street, kind: str, more: dict[str, str]) -> None:
    browser = street.house.browser()
    body = f"csrf_token={browser.csrf_token}&email=client@demo.test".encode()
    body = gzip.compress(body) if more else body
    before = digest(street.house.place, ENDS)
    answer = browser._client.post("/forgot", data=body, content_type=kind, headers=more)
    assert answer.status_code in (400, 413, 415)
    assert not changed(before, digest(street.house.place, ENDS))


def test_A55_a_field_that_is_missing_breaks_nothing(street: Street) -> None:
    """Each field of each form in turn: browsers always send it, others need not."""
    browsers = {who: street.house.browser(who) for door in street.posts() for who in door.admitted}
    wrong, tried = [], 0
    for door in street.posts():
        for form in {tuple(form): form for form in door.forms}.values():
            for name in form:
                told = {other: list(values) for other, values in form.items() if other != name}
                answer = browsers[door.admitted[0]].post(door.path, told)
                tried += 1
                wrong += [f"{door.endpoint} without {name}"] if answer.status_code >= 500 else []
    assert not wrong, "\n".join(wrong)
    assert tried > 150
