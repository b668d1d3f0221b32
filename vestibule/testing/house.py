"""The whole house in this process, without a socket, and a browser that has no scripts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urljoin
from uuid import UUID

import flask
from flask import Flask
from flask.testing import FlaskClient
from flask_wtf.csrf import generate_csrf
from werkzeug.test import TestResponse

from core import db, i18n, jobs, outbox, subscriptions
from core.accounts.service import account_with_email
from core.app import bring_up_to_date, create_app, open_house
from core.settings import Settings, load
from core.tenancy import Account, Client, Member, Provider, Scope, standing
from core.tenancy.logins import start_login
from core.vault import make_keys
from vestibule.testing.page import Page, read_page
from vestibule.testing.place import Place

CSRF = "a value of the test's own"
LEADING = frozenset({301, 302, 303, 307, 308})
MOST_STEPS = 6


class Browser:
    """A browser without scripts; it may be logged in, and its forms carry a good CSRF token.

    `open`, `follow` and `press` go about as a person does and return the Page; `get`, `post` and
    `ask` send one request and return werkzeug's answer.
    """

    def __init__(self, app: Flask, account: Account | None) -> None:
        self._client: FlaskClient = app.test_client()
        self._page: Page | None = None
        with self._client.session_transaction() as session:
            session["csrf_token"] = CSRF
            if account is not None:
                is_staff = account.is_operator or standing.is_member_anywhere(account.id)
                session["_user_id"] = start_login(
                    account, is_staff=is_staff, address="127.0.0.1", agent="test"
                )
        with app.test_request_context():
            flask.session["csrf_token"] = CSRF
            self.csrf_token: str = generate_csrf()

    @property
    def cookie(self) -> str:
        """What this browser sends as its cookies, for a client of another make."""
        kept = self._client.get_cookie(str(self._client.application.config["SESSION_COOKIE_NAME"]))
        return f"{kept.decoded_key}={kept.value}" if kept else ""

    @property
    def page(self) -> Page:
        """The page that is open."""
        if self._page is None:
            raise AssertionError("No page is open yet: begin with open().")
        return self._page

    def open(self, path: str) -> Page:
        """Open an address, led on wherever it leads."""
        return self._shown(self.get(path), path)

    def follow(self, words: str) -> Page:
        """Follow the first link whose words begin so."""
        return self.open(self.page.link(words))

    def press(self, button: str, fill: Mapping[str, str | Sequence[str]] | None = None) -> Page:
        """Send the form with this button; `fill` is by label or by name, the rest goes as it stands."""
        form, name, value = self.page.form_with(button)
        told: dict[str, Any] = dict(form.values)
        for field, typed in (fill or {}).items():
            told[self.page.name_of(field)] = typed
        if name:
            told[name] = value
        path = urljoin(self.page.path, form.action)
        if form.method == "get":
            return self.open(f"{path.partition('?')[0]}?{urlencode(told, doseq=True)}")
        return self._shown(self._client.post(path, data=told, buffered=True), path)

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> TestResponse:
        return self._client.get(path, headers=dict(headers or {}), buffered=True)

    def post(self, path: str, data: Mapping[str, Any] | None = None) -> TestResponse:
        """Send a form; the token is added unless `data` brings one."""
        return self._client.post(path, data={"csrf_token": self.csrf_token} | dict(data or {}), buffered=True)

    def ask(self, method: str, path: str) -> TestResponse:
        """Any method, with the token in its head."""
        return self._client.open(path, method=method, headers={"X-CSRFToken": self.csrf_token}, buffered=True)

    def _shown(self, answer: TestResponse, path: str) -> Page:
        for _step in range(MOST_STEPS):
            if answer.status_code not in LEADING:
                break
            path = urljoin(path, answer.headers["Location"])
            answer = self.get(path)
        self._page = read_page(answer, path)
        return self._page


@dataclass(frozen=True)
class House:
    """An open house; people are named by their e-mail addresses, providers by their slugs."""

    place: Place
    settings: Settings
    app: Flask

    def browser(self, email: str = "") -> Browser:
        """A browser of its own for somebody; without an address nobody is logged in."""
        return Browser(self.app, self.account(email) if email else None)

    def account(self, email: str) -> Account:
        """The account with this address."""
        found = account_with_email(email)
        assert found is not None, f"There is no account {email}."
        return found

    def client_scope(self, email: str, slug: str = "") -> Scope:
        """The scope of somebody as a client, of one provider or of all that they joined."""
        return self._of(standing.client_scope(self.account(email), subscriptions.of), slug)

    def member_scope(self, email: str, slug: str = "") -> Scope:
        """The scope of somebody as a member."""
        return self._of(standing.member_scope(self.account(email), subscriptions.of), slug)

    def operator_scope(self, email: str = "operator@demo.test") -> Scope:
        return standing.operator_scope(self.account(email))

    def provider_id(self, slug: str) -> UUID:
        row: Any = Scope.system("test").rows(Provider).where(Provider.slug == slug).get()
        found: UUID = row.id
        return found

    def member(self, email: str, slug: str) -> Member:
        """The membership row of somebody at a provider."""
        found: Member = self._row(Member, email, slug)
        return found

    def chart(self, email: str, slug: str) -> Client:
        """The client row of somebody at a provider."""
        found: Client = self._row(Client, email, slug)
        return found

    def deliver(self) -> int:
        """Deliver what waits after commits: letters, and events to plugins. Returns how many rows.

        What failed waits for its pause, so it is tried again only once the clock has moved on.
        """
        count = 0
        while found := outbox.drain():
            count += found
        return count

    def run_job(self, name: str) -> bool:
        """Run a job by `plugin.name` if it is due: the first time, then after its seconds."""
        try:
            return jobs.run_claimed(name)
        finally:
            db.database.connect(reuse_if_open=True)

    def stored(self, table: str) -> bytes:
        """All that the database holds of a table, one value after the other: what is sealed isn't in it."""
        rows = db.database.execute_sql(f'SELECT * FROM "{table}"').fetchall()  # noqa: S608 -- a test's own words
        values = [value for row in rows for value in row if value is not None]
        return b"\n".join(
            bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode() for value in values
        )

    def _row(self, model: Any, email: str, slug: str) -> Any:
        rows = Scope.system("test", self.provider_id(slug)).rows(model)
        return rows.where(model.account_id == self.account(email).id).get()

    def _of(self, scope: Scope, slug: str) -> Scope:
        return scope.narrow(self.provider_id(slug)) if slug else scope


def prepare(place: Place) -> Settings:
    """Keys, an open house without an app, and all tables: what `vestibule migrate` leaves behind."""
    settings = load(place.environment())
    make_keys(settings.master_key_file)
    open_house(settings)
    bring_up_to_date(settings)
    return settings


@contextmanager
def open_app(place: Place, more: Mapping[str, str] | None = None) -> Iterator[House]:
    """The app of a place that is prepared already; one connection is open for the block."""
    # Each house begins with an English reader, whoever read last in this process.
    i18n.begin("en", "UTC")
    settings = load(place.environment(more))
    app = create_app(settings)
    try:
        with db.connection():
            yield House(place, settings, app)
    finally:
        db.close()
