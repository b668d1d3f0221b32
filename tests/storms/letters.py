"""The storm's mail server: counts letters by message id, and tells when one is taken."""

from __future__ import annotations

import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.support.ports import held_port

MESSAGE_ID = re.compile(rb"^Message-ID:\s*(\S+)", re.IGNORECASE | re.MULTILINE)


class LetterBox:
    """Letters by message id; `on_letter` is called when one is taken and before that is answered."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.arrived: Counter[str] = Counter()
        self.on_letter: Callable[[], None] = lambda: None
        self._lock = threading.Lock()

    @property
    def environment(self) -> dict[str, str]:
        return {
            "VESTIBULE_SMTP_HOST": "127.0.0.1",
            "VESTIBULE_SMTP_PORT": str(self.port),
            "VESTIBULE_SMTP_SECURITY": "none",
            "VESTIBULE_MAIL_FROM": "portal@vestibule.test",
        }

    # The name is aiosmtpd's.
    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        found = MESSAGE_ID.search(content)
        with self._lock:
            self.arrived[found[1].decode() if found else "none"] += 1
        self.on_letter()
        return "250 Taken"


@contextmanager
def open_letter_box() -> Iterator[LetterBox]:
    """An SMTP server on loopback for the block, in a thread of this process."""
    with held_port() as port:
        box = LetterBox(port)
        controller = Controller(box, hostname="127.0.0.1", port=port, decode_data=False)
        controller.start()
        try:
            yield box
        finally:
            controller.stop()
            time.sleep(0)
