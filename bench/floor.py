"""The floor: the cheapest page of this stack that still does what every page of a portal must do.

Two queries, 20 rows, session, login, CSRF, 20 decryptions, headers, gzip; and a bare route beside it.
"""

from __future__ import annotations

import gzip
from typing import Any

import peewee
from flask import Flask, Response, g, render_template_string
from flask_login import LoginManager, UserMixin, current_user, login_required
from flask_wtf.csrf import CSRFProtect

from core import db
from core.db import house_rows
from core.inbox.models import Thread, Unread
from core.tenancy import Account, Login
from core.tenancy.logins import token_hash
from core.web.headers import HEADERS

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Inbox</title>
<link rel="stylesheet" href="/static/floor.css"></head><body><h1>Inbox of {{ name }}</h1>
<form method="post"><input type="hidden" name="csrf_token" value="{{ csrf_token() }}">
<button>Log out</button></form><ul>{% for row in rows %}
<li><a href="/inbox/{{ row.id }}/"><strong>{{ row.subject }}</strong> {{ row.last_author }}
<span>{{ row.last_at.strftime("%b %d") }}</span>{% if row.unread is defined %} unread{% endif %}</a></li>
{% endfor %}</ul></body></html>"""


class Person(UserMixin):
    """Who is logged in."""

    def __init__(self, token: str, account: Account) -> None:
        self.token, self.account = token, account

    def get_id(self) -> str:
        return self.token


def floor_app(secret: str) -> Flask:
    """The floor page at / and a bare route at /healthz; the database is bound already."""
    app = Flask("floor", static_folder=None)
    app.config.update(SECRET_KEY=secret, SESSION_COOKIE_NAME="vestibule", WTF_CSRF_TIME_LIMIT=None)
    CSRFProtect(app)
    manager = LoginManager(app, add_context_processor=False)
    manager.session_protection = None
    manager.user_loader(_person)
    app.add_url_rule("/", view_func=login_required(_rows_page))
    app.after_request(_finished)
    app.teardown_request(_give_back)
    return app


def bare_app() -> Flask:
    """One route and nothing else."""
    app = Flask("bare", static_folder=None)
    app.add_url_rule("/healthz", "healthz", lambda: Response("ok\n", mimetype="text/plain"))
    return app


def _person(token: str) -> Person | None:
    row: Any = (
        house_rows(Login, Login, Account)
        .join(Account, on=(Login.account_id == Account.id), attr="account")
        .where(Login.token_hash == token_hash(token))
        .first()
    )
    return Person(token, row.account) if row else None


def _rows_page() -> str:
    mine = current_user.account
    on = (Unread.thread_id == Thread.id) & (Unread.account_id == mine.id)
    rows = house_rows(Thread, Thread, Unread.id)
    rows = rows.join(Unread, peewee.JOIN.LEFT_OUTER, on=on, attr="unread")
    found = list(rows.where(Thread.client_id == g.client_id).order_by(Thread.last_at.desc()).limit(20))
    return render_template_string(PAGE, rows=found, name=current_user.account.name)


def _finished(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.set_data(gzip.compress(response.get_data(), 5))
    response.headers["Content-Encoding"] = "gzip"
    response.vary.add("Accept-Encoding")
    return response


def _give_back(_error: BaseException | None) -> None:
    if not db.database.is_closed():
        db.database.close()
