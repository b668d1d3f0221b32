"""Headers of every answer, errors too, and compression."""

from __future__ import annotations

import gzip
from functools import lru_cache

import brotli
from flask import Flask, Response, request

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
    " font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'; object-src 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), display-capture=(), geolocation=()",
}
COMPRESSED = frozenset(
    {"text/html", "text/css", "text/javascript", "application/javascript", "image/svg+xml"}
)
FOUND = frozenset({200, 206, 304})
WORTH_COMPRESSING = 500
A_YEAR = 31_536_000


def install(app: Flask, *, is_https: bool) -> None:
    """Add the headers and the compression to every answer of the app."""
    own = dict(HEADERS)
    if is_https:
        own["Strict-Transport-Security"] = f"max-age={A_YEAR}"
    always = [(name, value, name.lower()) for name, value in own.items()]

    def finish(response: Response) -> Response:
        # One look over the names that are there; `setdefault` would take eight.
        there = {name.lower() for name, _value in response.headers}
        for name, value, lower in always:
            if lower not in there:
                response.headers.add(name, value)
        # A file that is missing now may be there after the next set-up.
        if request.endpoint != "static" or response.status_code not in FOUND:
            response.headers.setdefault("Cache-Control", "no-store")
        elif "v" in request.args:
            response.headers["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
        return _compressed(response)

    app.after_request(finish)


def _compressed(response: Response) -> Response:
    if (
        response.status_code not in (200, 404, 422)
        or response.mimetype not in COMPRESSED
        or request.method == "HEAD"
        or "gzip" not in request.headers.get("Accept-Encoding", "")
    ):
        return response
    response.direct_passthrough = False
    body = response.get_data()
    if len(body) < WORTH_COMPRESSING:
        return response
    coding = "gzip"
    if request.endpoint != "static":
        response.set_data(gzip.compress(body, 5))
    elif "br" in request.accept_encodings:
        coding = "br"
        response.set_data(_pressed_once(body))
    else:
        response.set_data(_packed_once(body))
    response.headers["Content-Encoding"] = coding
    response.vary.add("Accept-Encoding")
    return response


@lru_cache(maxsize=64)
def _pressed_once(body: bytes) -> bytes:
    """A tenth smaller than gzip's best, and slow, which files that stay the same can afford."""
    packed: bytes = brotli.compress(body, quality=11)
    return packed


@lru_cache(maxsize=64)
def _packed_once(body: bytes) -> bytes:
    return gzip.compress(body, 9)
