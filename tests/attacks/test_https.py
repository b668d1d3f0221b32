"""What holds where the portal is served to the world: hosts, proxies, cookies and headers over HTTPS."""

from __future__ import annotations

from collections.abc import Iterator

import flask
import pytest
from flask.testing import FlaskClient
from flask_wtf.csrf import generate_csrf

from core.settings import load
from core.tenancy.logins import start_login
from tests.support.house import House, open_app
from tests.support.place import Place

BASE, HOST = "https://portal.test", "portal.test"
CLIENT = "client@demo.test"
SECRET = "a value of the test's own"
HTTPS = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7", "X-Forwarded-Host": HOST}


@pytest.fixture
def database() -> str:
    return "sqlite"


@pytest.fixture
def portal(place: Place) -> Iterator[House]:
    """The small practice in production, behind one proxy."""
    more = {
        "VESTIBULE_MODE": "production",
        "VESTIBULE_BASE_URL": BASE,
        "VESTIBULE_TRUSTED_PROXIES": "1",
        "VESTIBULE_SECRET_KEY": "k" * 64,
    }
    assert load(place.environment(more)).is_https
    with open_app(place, more) as house:
        yield house


def test_A17_A38_what_the_world_sees(portal: House) -> None:
    visitor = portal.app.test_client(use_cookies=False)
    assert visitor.get("/login", base_url=BASE, headers=HTTPS).status_code == 200
    for host in ("evil.test", "portal.test.evil.test", "127.0.0.1", "portal.test:99999", "x@portal.test"):
        answer = visitor.get("/login", base_url=BASE, headers={**HTTPS, "X-Forwarded-Host": host})
        assert answer.status_code == 400, host
        assert "evil" not in answer.text

    answer = visitor.get("/login", base_url=BASE, headers=HTTPS)
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-vestibule=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= {part.strip() for part in cookie.split(";")}
    assert "Domain" not in cookie
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_A03_the_proxy_alone_says_who_asks(portal: House) -> None:
    """It adds the last address; what stands before it was said by the visitor."""
    client, statuses = portal.app.test_client(), []
    told = {"csrf_token": with_token(portal, client), "email": "nobody@example.com"}
    for number in range(21):
        headers = {**HTTPS, "Referer": BASE, "X-Forwarded-For": f"203.0.113.{number}, 192.0.2.9"}
        told["email"] = f"nobody{number}@example.com"
        statuses.append(client.post("/forgot", base_url=BASE, data=told, headers=headers).status_code)
    assert statuses == [200] * 20 + [429]
    headers = {**HTTPS, "Referer": BASE}
    assert client.post("/forgot", base_url=BASE, data=told, headers=headers).status_code == 200


def with_token(portal: House, client: FlaskClient, email: str = "") -> str:
    """A browser's good token for forms; somebody is logged in if named."""
    with client.session_transaction(base_url=BASE) as session:
        session["csrf_token"] = SECRET
        if email:
            account = portal.account(email)
            session["_user_id"] = start_login(account, is_staff=False, address="192.0.2.7", agent="test")
    with portal.app.test_request_context(base_url=BASE):
        flask.session["csrf_token"] = SECRET
        return str(generate_csrf())


def test_A28_A29_only_the_address_that_was_set_is_ours(portal: House) -> None:
    client = portal.app.test_client()
    told = {"csrf_token": with_token(portal, client, CLIENT), "zone": "UTC"}
    foreign = ("https://evil.test", "http://portal.test", "https://portal.test:444", "null")
    for origin in (BASE, *foreign):
        headers = {**HTTPS, "Origin": origin, "Referer": f"{BASE}/settings/"}
        answer = client.post("/settings/zone", base_url=BASE, data=told, headers=headers)
        assert (answer.status_code == 400) == (origin in foreign), (origin, answer.status_code)
        upgrade = {**HTTPS, "Origin": origin, "Upgrade": "websocket", "Connection": "Upgrade"}
        if origin in foreign:
            assert client.get("/live/", base_url="wss://portal.test", headers=upgrade).status_code == 403
