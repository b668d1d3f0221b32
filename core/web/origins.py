"""Where a request was sent from: a page of ours, or somebody else's."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import current_app, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import RequestEntityTooLarge

PORTS = {"http": 80, "https": 443}
FOREIGN_SITES = frozenset({"cross-site", "same-site"})
FORM = "application/x-www-form-urlencoded"
# No page of ours has so many; Werkzeug counts only the parts of forms with files.
MOST_FIELDS = 2000


def is_own() -> bool:
    """Whether the browser says that a page of ours sent this, by scheme, host and port."""
    settings = current_app.config["SETTINGS"]
    # In a demo people come by more names than one.
    ours = {_origin(settings.base_url)} | (set() if settings.is_production else {_origin(request.host_url)})
    told = request.headers.getlist("Origin")
    return len(told) == 1 and _origin(told[0]) is not None and _origin(told[0]) in ours


def is_foreign() -> bool:
    """Whether the browser says that another site sent this; of one that says nothing the token decides."""
    site = request.headers.get("Sec-Fetch-Site", "")
    if site in FOREIGN_SITES:
        return True
    return "Origin" in request.headers and site != "same-origin" and not is_own()


def refuse_odd_form() -> None:
    """Raises CSRFError for a form of another site, RequestEntityTooLarge for one of too many fields."""
    if is_foreign():
        raise CSRFError("sent from elsewhere")
    if request.mimetype == FORM and request.get_data().count(b"&") >= MOST_FIELDS:
        raise RequestEntityTooLarge


def _origin(address: str) -> tuple[str, str, int] | None:
    try:
        parts = urlsplit(address)
        port = parts.port or PORTS[parts.scheme]
    except (ValueError, KeyError):
        return None
    return (parts.scheme, parts.hostname, port) if parts.hostname else None
