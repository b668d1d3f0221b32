"""What was typed survives (law 16): forms that came too late are kept, and offered on their page again."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from flask import Response, current_app, request, session
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from core import clock
from core.tenancy import Scope
from core.tenancy.kept import HOLDS, Typed, Why, forget, has_kept, keep, kept_for
from core.tenancy.logins import lapsed_account_id
from core.web import origins
from core.web.filling import filled, words_of
from core.web.pages import wants_fragment
from core.web.paths import page_of_form

# In the cookie, since when something waits, so that pages have to look; without it they ask nothing.
WAITS = "kept"
# A form that was filled in again carries the id of what it was filled with.
FIELD = "kept_form"
# Their forms hold nothing of a person's.
WORDLESS = frozenset({"forget_kept", "accounts.prove"})
# Names of secret fields stand beside them in the page; these are secret in any page.
UNKEPT_FIELD = "unkept"
EASILY_WRITTEN = 15
SECRET = re.compile("password|secret|token", re.IGNORECASE)


def remember(account_id: UUID) -> None:
    """Let this browser's pages look for what waits for the account, if anything does."""
    if has_kept(account_id):
        session[WAITS] = int(clock.now().timestamp())


def is_waiting() -> bool:
    """Whether a form was kept in this browser less than half an hour ago."""
    return bool(clock.now().timestamp() - session.get(WAITS, 0) < HOLDS.total_seconds())


def keep_of_lapsed() -> str | None:
    """Keep the form of a login that ran out, and return the page it belongs to; else None.

    The form of a login that somebody ended, and one without a good token, is not kept.
    """
    token = session.get("_user_id")
    account_id = lapsed_account_id(token) if token and request.url_rule else None
    if account_id is None:
        return None
    try:
        origins.refuse_odd_form()
        current_app.extensions["csrf"].protect()
        return _keep(account_id, "lapsed")[0]
    except (CSRFError, HTTPException):
        return None


def keep_of_unproven(scope: Scope) -> str:
    """Keep the form that waits for the password, and return the page it belongs to."""
    if scope.account_id is None:
        raise TypeError("nobody is logged in")
    return _keep(scope.account_id, "unproven")[0]


def keep_of_stale(scope: Scope) -> str | None:
    """Keep the form of a page that is older than the login, and return its page; None if nothing is in it.

    Only one that the browser says is ours: another site must not put words into anybody's mouth.
    """
    if scope.account_id is None or not origins.is_own():
        return None
    page, is_kept = _keep(scope.account_id, "stale")
    return page if is_kept else None


def offered(scope: Scope, answer: Any) -> Any:
    """The view's answer, its form filled in with what was kept for this page; nothing is sent by itself."""
    if scope.account_id is None or not isinstance(answer, Response):
        return answer
    if request.method == "POST":
        _forget_what_was_sent(scope.account_id, answer)
    elif WAITS in session and answer.status_code == 200 and _is_page(answer):
        _fill(scope.account_id, answer)
    return answer


def typed() -> list[str]:
    """What a person wrote into this request's form, for an error's page to show; nothing of a foreign one."""
    if request.method != "POST" or origins.is_foreign() or request.endpoint in WORDLESS:
        return []
    try:
        words = words_of(_fields())
    except HTTPException:
        return []
    # A pressed button or a chosen day is nothing that anybody would have to write again.
    return words if any(len(each) > EASILY_WRITTEN for each in words) else []


def _keep(account_id: UUID, why: Why) -> tuple[str, bool]:
    page = page_of_form()
    is_kept = request.endpoint not in WORDLESS and keep(account_id, Typed(page, request.path, why, _fields()))
    if is_kept:
        session[WAITS] = int(clock.now().timestamp())
    return page, is_kept


def _fields() -> list[tuple[str, str]]:
    """What was sent, without secrets and what the page itself carried along."""
    unkept = {UNKEPT_FIELD, FIELD, "csrf_token", *request.form.getlist(UNKEPT_FIELD)}
    return [
        (name, value)
        for name, value in request.form.items(multi=True)
        if name not in unkept and not SECRET.search(name)
    ]


def _forget_what_was_sent(account_id: UUID, answer: Response) -> None:
    sent = request.form.get(FIELD, "")
    if sent and answer.status_code < 400:
        try:
            forget(account_id, UUID(sent))
        except ValueError:
            return


def _is_page(answer: Response) -> bool:
    return answer.mimetype == "text/html" and not answer.is_streamed and not wants_fragment()


def _fill(account_id: UUID, answer: Response) -> None:
    waiting = kept_for(account_id)
    if not waiting:
        session.pop(WAITS)
    here = [one for one in waiting if urlsplit(one.typed.page).path == request.path]
    if not here:
        return
    html = answer.get_data(as_text=True)
    for one in here:
        # The newest is drawn first, and what it has filled in no older one touches again.
        html = filled(html, request.path, one, _notice)
    answer.set_data(html)


def _notice(**context: Any) -> str:
    return current_app.jinja_env.get_template("kept.html").render(context)
