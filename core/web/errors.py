"""Errors as pages: one text for missing, foreign and switched off; nothing inner shown."""

from __future__ import annotations

import traceback
from typing import Any

import peewee
import structlog
from flask import Flask, Response, g, request, url_for
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from playhouse.pool import MaxConnectionsExceeded
from werkzeug.exceptions import HTTPException, SecurityError

from core import audit, db, i18n
from core.spec.errors import NotFound, Refused, TooManyTries
from core.tenancy import Scope
from core.web import kept, sockets
from core.web.guard import LoginRequired, ProofRequired, is_background
from core.web.pages import is_htmx, lead_to, page, redirect_to
from core.web.paths import own_path

# Without its line in the audit no record is shown; all else goes on.
AWAY = (audit.Unwritten, db.Busy, peewee.OperationalError, peewee.InterfaceError, MaxConnectionsExceeded)
RETRY_AWAY_SECONDS = 5
PAGES = frozenset({400, 404, 413, 429, 500, 503})

_log = structlog.get_logger()


def install(app: Flask) -> None:
    """Give every error its page."""
    app.register_error_handler(LoginRequired, lambda _error: to_login())
    app.register_error_handler(ProofRequired, lambda _error: to_proof())
    app.register_error_handler(NotFound, lambda _error: error_page(404))
    app.register_error_handler(TooManyTries, _too_many)
    app.register_error_handler(CSRFError, _stale)
    app.register_error_handler(Refused, lambda _error: error_page(400, status=409))
    app.register_error_handler(HTTPException, _http)
    for kind in AWAY:
        app.register_error_handler(kind, _away)
    app.register_error_handler(Exception, _fault)


def to_login() -> Response:
    """Lead to /login, and afterwards back to what was asked for, or to the page of a form that is kept.

    What leads nobody is told no.
    """
    if sockets.is_handshake():
        return Response(status=403)
    if is_background():
        return Response(status=401)
    asked = own_path(request.full_path.rstrip("?")) if request.method == "GET" else kept.keep_of_lapsed()
    path = url_for("accounts.login", next=asked if asked != "/" else None)
    if is_htmx():
        return Response(status=401, headers={"HX-Redirect": path})
    return lead_to(path)


def to_proof() -> Response:
    """Ask for the password, and afterwards lead back: to the page, or to the form with what was typed."""
    if request.method == "GET":
        return redirect_to("accounts.prove", next=own_path(request.full_path.rstrip("?")))
    return redirect_to("accounts.prove", next=kept.keep_of_unproven(g.scope))


def error_page(code: int, *, status: int | None = None, **headers: str) -> Response:
    """The page of an error, drawn without asking the database again."""
    g.pop("bound", None)
    g.scope = Scope.visitor()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    shown = code if code in PAGES else 400
    return page(f"errors/{shown}.html", status=status or code, headers=named, typed=kept.typed())


def _stale(_error: CSRFError) -> Response:
    """The page was older than the login, or isn't ours: what was typed on one of ours waits on it anew."""
    asked = kept.keep_of_stale(g.scope) if "scope" in g else None
    return error_page(400) if asked is None else lead_to(asked)


def _too_many(error: TooManyTries) -> Response:
    return error_page(429, Retry_After=str(error.retry_after))


def _away(error: Exception) -> Response:
    _log.error("database away", kind=type(error).__name__, route=str(request.url_rule))
    db.discard()
    return error_page(503, Retry_After=str(RETRY_AWAY_SECONDS))


def _http(error: HTTPException) -> Any:
    if isinstance(error, SecurityError):
        # A host that isn't ours: no page of ours can be drawn, for its links would lead there.
        return Response("400 Bad Request\n", 400, mimetype="text/plain")
    code = error.code or 500
    if code in (404, 405) and not _is_logged_in():
        return to_login()
    if 300 <= code < 400:
        return error
    answer = error_page(code)
    if code == 405:
        answer.headers["Allow"] = dict(error.get_headers()).get("Allow", "GET")
    return answer


def _is_logged_in() -> bool:
    return bool(current_user.is_authenticated)


def _fault(error: BaseException) -> Response:
    """Log where it broke and never what it said: a message can carry what people wrote."""
    frames = traceback.extract_tb(error.__traceback__)
    where = [f"{frame.filename}:{frame.lineno}" for frame in frames[-6:]]
    _log.error("fault", kind=type(error).__name__, where=where, route=str(request.url_rule))
    i18n.begin("en", "UTC")
    return error_page(500)
