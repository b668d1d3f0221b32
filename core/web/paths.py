"""Paths of our own: which addresses people may be led to, and on which page a form stood."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from flask import current_app, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

MOST_CHARACTERS = 500
# Pages on which nobody is logged in, or that only lead on.
NEVER_OF_A_FORM = frozenset({"accounts.login", "accounts.lead", "accounts.prove", "static"})


def own_path(address: str | None) -> str | None:
    """The address if it is a path of ours, else None: nobody is sent elsewhere."""
    if not address or not address.startswith("/") or len(address) > MOST_CHARACTERS:
        return None
    if address.startswith("//") or "\\" in address or any(ord(sign) <= 32 for sign in address):
        return None
    parts = urlsplit(address)
    return None if parts.scheme or parts.netloc else address


def page_of_form() -> str:
    """The page from which this request's form was sent: as the browser says, else by its address.

    Without either it is the front door.
    """
    return next((path for path in _candidates() if own_path(path) and _is_page(path)), "/")


def _candidates() -> Iterator[str]:
    told = urlsplit(request.headers.get("HX-Current-URL") or request.referrer or "")
    if told.netloc == request.host:
        yield f"{told.path}?{told.query}" if told.query else told.path
        yield told.path
    # A form's address lies at its page's, or below it.
    parts = request.path.strip("/").split("/")
    for count in range(len(parts), 0, -1):
        path = "/" + "/".join(parts[:count])
        yield path
        yield path + "/"


def _is_page(path: str) -> bool:
    try:
        endpoint, _values = page_at(path)
    except (LookupError, RequestRedirect):
        return False
    return endpoint not in NEVER_OF_A_FORM


def page_at(path: str) -> tuple[str, Mapping[str, Any]]:
    """The endpoint that answers a GET of this path, and the values in the path.

    Raises LookupError when none does, RequestRedirect when another address of ours is meant.
    """
    adapter = current_app.create_url_adapter(request)
    try:
        if adapter is not None:
            return adapter.match(urlsplit(path).path, method="GET")
    except RequestRedirect:
        raise
    except HTTPException as error:
        raise LookupError(path) from error
    raise LookupError(path)
