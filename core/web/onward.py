"""Where somebody goes on to after login: to what was asked for, if it is theirs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from werkzeug.routing import RequestRedirect

from core.spec.errors import NotFound
from core.tenancy import Account
from core.web.guard import OPEN_KINDS, Bound, admit, bound_of
from core.web.paths import page_at


def may_open(account: Account, path: str) -> bool:
    """Whether this account is admitted to the page of a path; which rows it will find there is left open.

    In a browser that several people use, the page that was asked for may be another one's.
    """
    try:
        endpoint, values = page_at(path)
    except RequestRedirect as error:
        return may_open(account, error.new_url)
    except LookupError:
        return False
    bound = bound_of(endpoint)
    return bound is not None and any(_admits(bound, kind, account, values) for kind in bound.route.kinds)


def _admits(bound: Bound, kind: str, account: Account, values: Mapping[str, Any]) -> bool:
    if kind in OPEN_KINDS:
        return True
    try:
        admit(bound, kind, account, values.get("slug"))
    except NotFound:
        return False
    return True
