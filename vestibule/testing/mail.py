"""A real SMTP server for a test: it takes the product's mail and hands it to whoever waits for it."""

import email
import email.policy
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any
from urllib.parse import urlsplit

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from vestibule.testing.ports import held_port

WAIT_SECONDS = 10
ADDRESS = re.compile(r"https?://[^\s<>\"]+")
CODE = re.compile(r"^\s*(\d{6})\s*$|\b(\d{6})\b", re.MULTILINE)


@dataclass(frozen=True)
class Mail:
    """One mail as it arrived."""

    to: str
    sender: str
    message: EmailMessage

    @property
    def subject(self) -> str:
        return str(self.message["Subject"])

    @property
    def text(self) -> str:
        """The readable body."""
        body = self.message.get_body(("plain", "html"))
        return str(body.get_content()) if body else ""

    @property
    def links(self) -> list[str]:
        """Every address in the body, in order."""
        return [address.rstrip(".,;)") for address in ADDRESS.findall(self.text)]

    def link(self, part: str = "") -> str:
        """Path and query of the one address that has `part` in it, to open in a browser."""
        found = {address for address in self.links if part in address}
        if len(found) != 1:
            raise AssertionError(f"Not one address with {part!r}: {sorted(found)} in\n{self}")
        parts = urlsplit(found.pop())
        return parts.path + (f"?{parts.query}" if parts.query else "")

    @property
    def code(self) -> str:
        """The code of six digits in the body."""
        found = CODE.search(ADDRESS.sub("", self.text))
        if not found:
            raise AssertionError(f"No code of six digits in\n{self}")
        return found[1] or found[2]

    def __str__(self) -> str:
        return f"To: {self.to}\nSubject: {self.subject}\n\n{self.text}"


class PostOffice:
    """What has arrived so far; `refuse` lets the next deliveries fail like a full mail box."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._mails: list[Mail] = []
        self._refusals: list[str] = []
        self._news = threading.Condition(threading.RLock())

    def mails(self, to: str = "") -> list[Mail]:
        """The mails to one address, or all of them, oldest first."""
        with self._news:
            return [mail for mail in self._mails if not to or mail.to.lower() == to.lower()]

    def wait_for(self, to: str, about: str = "", *, count: int = 1, seconds: float = WAIT_SECONDS) -> Mail:
        """The newest mail to `to` with `about` in subject or text, once there are `count` of them."""
        give_up_at = time.monotonic() + seconds
        with self._news:
            while True:
                found = [m for m in self.mails(to) if about in m.subject or about in m.text]
                if len(found) >= count:
                    return found[-1]
                left = give_up_at - time.monotonic()
                if left <= 0:
                    arrived = "\n".join(f"{mail.to}: {mail.subject}" for mail in self._mails)
                    raise AssertionError(
                        f"{len(found)} of {count} mails to {to} about {about!r} came in"
                        f" {seconds} s. All mail:\n{arrived or 'none'}"
                    )
                self._news.wait(left)

    def refuse(self, times: int = 1, answer: str = "452 4.2.2 The mail box is full") -> None:
        """Answer the next mails with an error instead of taking them."""
        with self._news:
            self._refusals += [answer] * times

    @property
    def environment(self) -> dict[str, str]:
        """The settings that make the product send its mail here."""
        return {
            "VESTIBULE_SMTP_HOST": "127.0.0.1",
            "VESTIBULE_SMTP_PORT": str(self.port),
            "VESTIBULE_SMTP_SECURITY": "none",
            "VESTIBULE_MAIL_FROM": "portal@vestibule.test",
        }

    # The name is aiosmtpd's.
    async def handle_DATA(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        with self._news:
            if self._refusals:
                return self._refusals.pop(0)
            message = email.message_from_bytes(_bytes(envelope.content), policy=email.policy.default)
            for to in envelope.rcpt_tos:
                self._mails.append(Mail(to, str(envelope.mail_from), message))
            self._news.notify_all()
        return "250 Taken"


@contextmanager
def open_post_office() -> Iterator[PostOffice]:
    """An SMTP server on loopback for the block, in a thread of this process."""
    with held_port() as port:
        office = PostOffice(port)
        controller = Controller(office, hostname="127.0.0.1", port=port, decode_data=False)
        controller.start()
        try:
            yield office
        finally:
            controller.stop()


def _bytes(content: Any) -> bytes:
    return content if isinstance(content, bytes) else str(content).encode()
