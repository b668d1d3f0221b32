"""One POST to one address, which may not lead into the operator's own network.

The name is resolved once, each of its addresses is looked at, and the connection goes to the one that
was looked at; redirects are answers like others and not followed (OWASP SSRF cheat sheet).
"""

from __future__ import annotations

import http.client
import ipaddress
import os
import socket
import ssl
from collections.abc import Mapping
from urllib.parse import SplitResult, urlsplit

ALLOWED = "WEBHOOKS_ALLOWED"
TIMEOUT_SECONDS = 10
MOST_READ = 4096


class Unreachable(Exception):
    """The address is refused or can't be reached; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def refusal(address: str) -> str:
    """Why this address can't be used, as a code; empty for a good one. Asks no network."""
    try:
        _parts(address)
    except Unreachable as error:
        return error.code
    return ""


def post(address: str, body: bytes, headers: Mapping[str, str]) -> int:
    """Send the body, and return the status of the answer. Raises Unreachable."""
    parts = _parts(address)
    try:
        connection = _connection(parts)
        try:
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            connection.request("POST", path, body, {"Host": parts.netloc, **headers})
            answer = connection.getresponse()
            answer.read(MOST_READ)
            return answer.status
        finally:
            connection.close()
    except (OSError, http.client.HTTPException) as error:
        raise Unreachable("no_answer") from error


def _parts(address: str) -> SplitResult:
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise Unreachable("no_address") from None
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or port == 0:
        raise Unreachable("no_address")
    if not address.isascii() or any(ord(sign) <= 32 for sign in address):
        raise Unreachable("no_address")
    if parts.scheme == "http" and not _is_allowed(parts):
        raise Unreachable("not_https")
    return parts


def _is_allowed(parts: SplitResult) -> bool:
    """Whether the operator lets plugins reach this host, wherever it lies: `host` or `host:port`."""
    allowed = {name.strip() for name in os.environ.get(ALLOWED, "").split(",") if name.strip()}
    return bool({parts.hostname or "", f"{parts.hostname}:{_port(parts)}"} & allowed)


def _port(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)


def _connection(parts: SplitResult) -> http.client.HTTPConnection:
    """A connection to the address that was looked at, not to what the name says a moment later."""
    host = parts.hostname or ""
    place = _looked_at(parts)
    plain = socket.create_connection((place, _port(parts)), TIMEOUT_SECONDS)
    connection = http.client.HTTPConnection(host, _port(parts), timeout=TIMEOUT_SECONDS)
    if parts.scheme == "https":
        connection.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=host)
    else:
        connection.sock = plain
    return connection


def _looked_at(parts: SplitResult) -> str:
    found = socket.getaddrinfo(parts.hostname, _port(parts), type=socket.SOCK_STREAM)
    places = [str(address[0]) for *_about, address in found]
    if not _is_allowed(parts) and not all(ipaddress.ip_address(place).is_global for place in places):
        raise Unreachable("not_public")
    return places[0]
