"""Addresses, texts and bodies that no browser of ours sends."""

from __future__ import annotations

import gc
import importlib
import io
import pkgutil
import re
import struct
import time
import tracemalloc
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

import core
import plugins
from core.questionnaires import files
from core.web import guard
from tests.support import harbor
from tests.support.house import House
from tests.support.place import KINDS
from tests.support.street import Street

HEAD = b'--x\r\nContent-Disposition: form-data; name="f"; filename="a.png"\r\n\r\n'
WRONG_IDS = (
    "1" + "0" * 22,
    "-1",
    "01890A5D-AC96-774B-BCCE-B302099A8057",
    "%D9%A3%D9%A3",
    "a%00b",
)
MISSING = "01980000-0000-7000-8000-000000000000"
UUIDS = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
HOSTILE = (
    "a",
    "1",
    " ",
    "\n",
    "(",
    "<",
    "=",
    "-",
    ".",
    "/",
    "\\",
    "%",
    "{",
    "@",
    ":",
    '"',
    "aA1-",
    "1 ",
    "a.",
    "<a ",
    "[[",
)
SOON = 0.5
# What is gone already was removed a moment ago by another page: one is led back as if one had done it. A note
# is signed in the version that was read; without one, nothing is looked for.
LED_BACK = (
    "appointments.remove_exception",
    "appointments.remove_hours",
    "forget_kept",
    "myclientsplus.sign_note",
)
REMOVED = {(MISSING, endpoint) for endpoint in LED_BACK}


@pytest.mark.parametrize("database", KINDS)
@pytest.mark.parametrize("who", ["client@demo.test", "operator@demo.test"])
def test_A44_a_control_sign_in_an_address_leads_nowhere(house: House, who: str) -> None:
    browser = house.browser(who)
    for path in ("/p/%00/", "/p/a%00b/signup", "/practice/%00/clients/", "/invitation/%00", "/p/%1f/"):
        assert browser.get(path).status_code == 404, path


def test_A43_each_id_in_an_address_is_one_of_ours_or_none(street: Street) -> None:
    wrong, tried = [], 0
    for door in street.doors:
        for who in door.admitted[:1]:
            browser = street.house.browser(who)
            for found in UUIDS.finditer(door.path):
                for odd in (*WRONG_IDS, MISSING):
                    path = door.path[: found.start()] + odd + door.path[found.end() :]
                    form = door.forms[0] if door.forms else {}
                    answer = browser.get(path) if "GET" in door.methods else browser.post(path, form)
                    tried += 1
                    if answer.status_code != 404 and (odd, door.endpoint) not in REMOVED:
                        wrong.append(f"{door.endpoint} {odd}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)
    assert tried > 150


def patterns() -> Iterator[tuple[str, re.Pattern[str], bool]]:
    """Every pattern that text of people could meet, and whether it is looked for anywhere in a text."""
    for package in (core, plugins):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            module = importlib.import_module(found.name)
            source = Path(module.__file__ or "").read_text(encoding="utf-8")
            # The patterns of migrate read files of ours alone.
            for name, value in vars(module).items() if ".migrate." not in found.name else ():
                if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
                    is_searched = re.search(rf"\b{name}\.(?:search|sub|findall|finditer|split)\(", source)
                    yield f"{found.name}.{name}", value, bool(is_searched)


def test_A49_no_pattern_is_slow_whatever_it_meets() -> None:
    seen, slow = 0, []
    for name, pattern, is_searched in patterns():
        seen += 1
        for piece in HOSTILE:
            text = piece * (20_000 // len(piece)) + "\x01"
            start = time.process_time()
            for look in (pattern.match, pattern.fullmatch, *([pattern.search] if is_searched else [])):
                look(text)
            if (took := time.process_time() - start) > SOON:
                slow.append(f"{name} at {piece!r}: {took:.1f} s")
    assert not slow, "\n".join(slow)
    assert seen > 20


def test_A49_the_look_at_patterns_finds_a_slow_one() -> None:
    start = time.process_time()
    re.fullmatch(r"(a|aa)+", "a" * 27 + "\x01")
    assert time.process_time() - start > 0.01


def huge_picture() -> bytes:
    """A PNG of 13,000 by 13,000 white points, in some 20 kB: decoded it would take half a gigabyte."""
    row = zlib.compressobj(9)
    packed = b"".join(row.compress(b"\0" + b"\xff" * 1625) for _ in range(13_000)) + row.flush()
    chunks = [
        (b"IHDR", struct.pack(">IIBBBBB", 13_000, 13_000, 1, 0, 0, 0, 0)),
        (b"IDAT", packed),
        (b"IEND", b""),
    ]
    told = [struct.pack(">I", len(c)) + n + c + struct.pack(">I", zlib.crc32(n + c)) for n, c in chunks]
    return b"\x89PNG\r\n\x1a\n" + b"".join(told)


def test_A48_a_picture_is_never_decoded_and_an_archive_never_opened() -> None:
    picture, archive = huge_picture(), io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("../../evil.html", b"0" * 10_000_000)
    assert len(picture) < 40_000
    tracemalloc.start()
    file = files.attach("../../card.png", picture)
    assert files.judge_file(file, (), None) is None
    assert tracemalloc.get_traced_memory()[1] < 1_000_000
    tracemalloc.stop()
    assert (file.title, file.content_type) == ("card.png", "image/png")
    zipped = files.attach("card.png", archive.getvalue())
    assert files.judge_file(zipped, (), None) == "file_kind"
    large = files.attach("card.png", picture + b"\0" * files.MOST_FILE)
    assert files.judge_file(large, (), None) == "file_large"


def status_of_body(street: Street, body: bytes) -> int:
    """How a form that takes files answers a client who sends this."""
    browser = street.house.browser(harbor.CLIENT)
    door = next(door for door in street.doors if door.endpoint == "intake.section")
    sent = browser._client.post(
        door.path,
        data=body,
        content_type="multipart/form-data; boundary=x",
        headers={"X-CSRFToken": browser.csrf_token},
    )
    return sent.status_code


def test_A48_a_form_with_files_has_a_size(street: Street) -> None:
    assert status_of_body(street, HEAD + b"\0" * guard.FILES_LIMIT + b"\r\n--x--\r\n") == 413


def test_A48_a_body_that_is_refused_midway_leaves_no_file_behind(street: Street) -> None:
    # No form may have so many parts, and the file stands before them.
    body = HEAD + b"\0" * 600_000 + b"\r\n" + (HEAD + b"\r\n") * 2000 + b"--x--\r\n"
    assert status_of_body(street, body) == 413
    # A file that is still open then fails the test by itself.
    gc.collect()
