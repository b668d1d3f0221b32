"""The demo's mail box: what is sent stands on its page, and it fails when asked to."""

import json
import smtplib
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import ProxyHandler, build_opener

import pytest

from tests.support.run import CHECKOUT

_direct = build_opener(ProxyHandler({}))


@dataclass(frozen=True)
class Box:
    """The mail box's process and its two doors."""

    process: "subprocess.Popen[str]"
    smtp_port: int
    http_port: int

    def send(self, subject: str, text: str = "Hello", seconds: float = 10) -> None:
        letter = EmailMessage()
        letter["Subject"], letter["From"], letter["To"] = subject, "portal@demo.test", "ana@demo.test"
        letter["Date"] = "Thu, 03 Dec 2026 14:00:00 -0600"
        letter.set_content(text)
        with smtplib.SMTP("127.0.0.1", self.smtp_port, timeout=seconds) as server:
            server.send_message(letter)

    def get(self, path: str, posted: dict[str, str] | None = None) -> str:
        data = urlencode(posted).encode() if posted else None
        with _direct.open(f"http://127.0.0.1:{self.http_port}{path}", data, timeout=5) as answer:
            return str(answer.read().decode())

    def mails(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(self.get("/mails.json"))
        return found


@contextmanager
def opened(folder: Path, *words: str) -> Iterator[Box]:
    with subprocess.Popen(
        [sys.executable, "-m", "rehearsal.mailbox", str(folder), *words],
        cwd=CHECKOUT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield Box(process, **json.loads(process.stdout.readline()))
        finally:
            process.stdin.close()
            assert process.wait(10) == 0, "it ends with who started it"


@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Box]:
    with opened(tmp_path_factory.mktemp("mail")) as made:
        yield made


def test_mail_stands_newest_first_with_links_that_can_be_followed(box: Box) -> None:
    box.send("First", "Open\nhttps://portal.test/reset/abc?x=1&y=2.\n")
    box.send("Second", "¿Qué tal? <script>alert(1)</script>")
    newest, older = box.mails()[:2]
    assert (newest["subject"], older["subject"]) == ("Second", "First")
    assert (older["to"], older["at"]) == ("ana@demo.test", "2026-12-03T20:00:00+00:00")
    assert older["links"] == ["https://portal.test/reset/abc?x=1&y=2"]
    page = box.get("/")
    assert page.index("Second") < page.index("First")
    link = "https://portal.test/reset/abc?x=1&amp;y=2"
    assert f'<a href="{link}">{link}</a>.' in page
    assert "¿Qué tal? &lt;script&gt;" in page


@pytest.mark.parametrize(("mode", "code"), [("refuse", 451), ("refuse-for-good", 550), ("rubbish", -1)])
def test_it_fails_as_often_as_asked(box: Box, mode: str, code: int) -> None:
    assert f"The next 2 fail: {mode}." in box.get("/failing", {"mode": mode, "times": "2"})
    for _ in range(2):
        with pytest.raises(smtplib.SMTPDataError) as refused:
            box.send("Refused")
        assert refused.value.smtp_code == code
    before = len(box.mails())
    box.send("Taken")
    assert len(box.mails()) == before + 1
    assert "All mail is taken." in box.get("/")


def test_it_can_be_slow_and_stops_failing_when_told(box: Box) -> None:
    box.get("/failing", {"mode": "slow", "times": "9"})
    with pytest.raises(smtplib.SMTPServerDisconnected, match="timed out"):
        box.send("Late", seconds=1)
    assert "All mail is taken." in box.get("/failing", {"mode": "slow", "times": "0"})
    box.send("At once")


def test_a_second_start_still_shows_the_mail_and_takes_another_port(tmp_path: Path) -> None:
    with opened(tmp_path) as first:
        first.send("Kept")
        with opened(tmp_path, "--http-port", str(first.http_port)) as second:
            assert second.http_port != first.http_port
            assert [mail["subject"] for mail in second.mails()] == ["Kept"]
