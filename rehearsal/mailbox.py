"""A mail provider's stand-in: takes the product's mail by SMTP and shows it on a page, newest first.

It delivers nothing. It fails on demand: `POST /failing` with `mode` and `times` (see `MODES`).
"""

from __future__ import annotations

import argparse
import asyncio
import email
import email.policy
import json
import re
import sys
import threading
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from html import escape
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from string import Template
from typing import Any
from urllib.parse import parse_qs

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

HERE = Path(__file__).resolve().parent
ADDRESS = re.compile(r"https?://[^\s<>\"]+")
SLOW_SECONDS = 40
MODES = {
    "refuse": "451 4.3.0 The mail box refuses this for now",
    "refuse-for-good": "550 5.1.1 Nobody has this address",
    "rubbish": "<html><body>It works!</body></html>",
    "slow": "",
}


@dataclass(frozen=True)
class Mail:
    """One mail as the page and /mails.json show it."""

    id: int
    at: str
    to: str
    sender: str
    subject: str
    text: str

    @property
    def links(self) -> list[str]:
        return [address.rstrip(".,;)") for address in ADDRESS.findall(self.text)]


class Mailbox:
    """What arrived, kept as files so that a second start still shows it, and how to fail next."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder = folder
        self._lock = threading.Lock()
        self._failing: tuple[str, int] = ("", 0)

    def take(self, content: bytes, recipients: Iterable[str]) -> None:
        message = email.message_from_bytes(content, policy=email.policy.default)
        to = ", ".join(recipients)
        with self._lock:
            number = max((int(path.stem) for path in self._files()), default=0) + 1
            draft = self._folder / "draft"
            draft.write_bytes(f"X-Envelope-To: {to}\r\n".encode() + message.as_bytes())
            draft.rename(self._folder / f"{number:06}.eml")

    def mails(self) -> list[Mail]:
        """All mail, newest first."""
        return [_read(path) for path in sorted(self._files(), reverse=True)]

    def fail(self, mode: str, times: int) -> None:
        """Fail the next `times` mails in this way; raises KeyError for an unknown one."""
        if mode not in MODES:
            raise KeyError(mode)
        with self._lock:
            self._failing = (mode, times) if times > 0 else ("", 0)

    def failing(self) -> tuple[str, int]:
        return self._failing

    def next_failure(self) -> str:
        with self._lock:
            mode, times = self._failing
            self._failing = (mode, times - 1) if times > 1 else ("", 0)
            return mode

    def _files(self) -> list[Path]:
        return list(self._folder.glob("*.eml"))

    # The name is aiosmtpd's.
    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        mode = self.next_failure()
        if mode == "slow":
            await asyncio.sleep(SLOW_SECONDS)
        elif mode:
            return MODES[mode]
        content = envelope.content
        self.take(content if isinstance(content, bytes) else str(content).encode(), envelope.rcpt_tos)
        return "250 Taken"


def _read(path: Path) -> Mail:
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    body = message.get_body(("plain", "html")) if isinstance(message, EmailMessage) else None
    at = datetime.now(UTC)
    with suppress(TypeError, ValueError):
        at = parsedate_to_datetime(str(message["Date"]))
    return Mail(
        id=int(path.stem),
        at=at.astimezone(UTC).isoformat(timespec="seconds"),
        to=str(message["X-Envelope-To"]),
        sender=str(message["From"]),
        subject=str(message["Subject"]),
        text=str(body.get_content()) if body else "",
    )


class Page(BaseHTTPRequestHandler):
    """`/` for people, `/mails.json` for tests, `/failing` to let the next mails fail."""

    mailbox: Mailbox
    protocol_version = "HTTP/1.1"
    timeout = 30

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path == "/":
            self._answer(_page(self.mailbox), "text/html")
        elif path == "/mailbox.css":
            self._answer((HERE / "mailbox.css").read_text(encoding="utf-8"), "text/css")
        elif path == "/mails.json":
            mails = [asdict(mail) | {"links": mail.links} for mail in self.mailbox.mails()]
            self._answer(json.dumps(mails), "application/json")
        else:
            self._answer("Nothing here\n", "text/plain", HTTPStatus.NOT_FOUND)

    def do_POST(self) -> None:
        told = parse_qs(self.rfile.read(int(self.headers["Content-Length"] or 0)).decode())
        try:
            self.mailbox.fail(told["mode"][0], int(told.get("times", ["1"])[0]))
        except (KeyError, ValueError):
            self._answer("Unknown mode or times\n", "text/plain", HTTPStatus.BAD_REQUEST)
            return
        self.send_response(HTTPStatus.SEE_OTHER)
        self.send_header("Location", "/")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _answer(self, text: str, kind: str, status: HTTPStatus = HTTPStatus.OK) -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header(
            "Content-Security-Policy", "default-src 'none'; style-src 'self'; form-action 'self'"
        )
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 -- http.server's name
        """Say nothing: the demo's own words shall stand alone in the terminal."""


def _page(mailbox: Mailbox) -> str:
    mode, times = mailbox.failing()
    modes = "".join(f'<option value="{name}">{name}</option>' for name in MODES)
    state = f"The next {times} fail: {mode}." if mode else "All mail is taken."
    mails = "".join(map(_article, mailbox.mails())) or "<p>No mail yet.</p>"
    page = Template((HERE / "mailbox.html").read_text(encoding="utf-8"))
    return page.substitute(modes=modes, state=state, mails=mails)


def _article(mail: Mail) -> str:
    def link(found: re.Match[str]) -> str:
        address = found[0].rstrip(".,;)")
        return f'<a href="{escape(address)}">{escape(address)}</a>{escape(found[0][len(address) :])}'

    parts, end = [], 0
    for found in ADDRESS.finditer(mail.text):
        parts += [escape(mail.text[end : found.start()]), link(found)]
        end = found.end()
    text = "".join([*parts, escape(mail.text[end:])])
    return (
        f'<article id="mail-{mail.id}"><h2>{escape(mail.subject)}</h2>'
        f"<dl><dt>To</dt><dd>{escape(mail.to)}</dd><dt>From</dt><dd>{escape(mail.sender)}</dd>"
        f'<dt>Sent</dt><dd><time datetime="{mail.at}">{mail.at}</time></dd></dl><pre>{text}</pre></article>'
    )


def start(folder: Path, smtp_port: int = 0, http_port: int = 0) -> tuple[int, int]:
    """Serve in threads of this process. Returns the ports of SMTP and HTTP; 0 lets the system choose."""
    mailbox = Mailbox(folder)
    web = _web(type("BoundPage", (Page,), {"mailbox": mailbox}), http_port)
    threading.Thread(target=web.serve_forever, daemon=True).start()
    post = Controller(mailbox, hostname="127.0.0.1", port=smtp_port or _free_port(), decode_data=False)
    post.start()
    return post.port, web.server_port


def _web(page: type[Page], port: int) -> ThreadingHTTPServer:
    with suppress(OSError):
        return ThreadingHTTPServer(("127.0.0.1", port), page)
    return ThreadingHTTPServer(("127.0.0.1", 0), page)


def _free_port() -> int:
    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as held:
        return held.server_port


def main() -> None:
    """Serve until standard input ends, so that nothing is left when who started this is gone."""
    parser = argparse.ArgumentParser(prog="python -m rehearsal.mailbox", description=__doc__)
    parser.add_argument("folder", type=Path, help="where mail is kept")
    parser.add_argument("--smtp-port", type=int, default=0)
    parser.add_argument("--http-port", type=int, default=0, help="another one is taken if it is in use")
    told = parser.parse_args()
    smtp_port, http_port = start(told.folder, told.smtp_port, told.http_port)
    sys.stdout.write(json.dumps({"smtp_port": smtp_port, "http_port": http_port}) + "\n")
    sys.stdout.flush()
    with suppress(KeyboardInterrupt):
        sys.stdin.read()


if __name__ == "__main__":
    main()
