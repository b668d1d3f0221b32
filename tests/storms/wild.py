"""Wild requests: forms as pages have them with something odd in them, and some that are odd throughout."""

from __future__ import annotations

import json
import random
import string
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote, quote_from_bytes
from uuid import UUID, uuid4

from tests.support.street import Door

Pairs = list[tuple[str, str]]

# Shown raw in a page, it would be an element of its own.
MARKUP = "<fuzz onclick=alert(1)>"
FORM = "application/x-www-form-urlencoded"
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "HEAD", "PROPFIND", "get", "X")
TEXTS = (
    "",
    " ",
    "\0",
    "a\0b",
    "\ud800",
    "\u202e\u2066evil",
    "\u200b\u200d",
    "e" + "\u0301" * 10_000,
    "x" * 20_000,
    "%",
    "_%\\'\"",
    "'; DROP TABLE account; --",
    "{{7*7}}{% raise %}${7*7}",
    MARKUP,
    "javascript:alert(1)",
    "//evil.test",
    "../../../etc/passwd",
    "..\\..\\",
    "=1+1",
    "a\r\nSet-Cookie: evil=1",
    "a\nb",
    "null",
    "true",
    "on",
    "[]",
    '{"a": {"$gt": ""}}',
    "\N{FAMILY}\N{VARIATION SELECTOR-16}",
    "\N{ARABIC LIGATURE BISMILLAH AR-RAHMAN AR-RAHEEM}",
    "\uffff",
    "\N{LATIN SMALL LETTER DOTLESS I}@\N{CYRILLIC SMALL LETTER A}.test",
    "a@b.test",
    "CLIENT@demo.test",
    "x" * 250 + "@demo.test",
)
NUMBERS = (
    *"-1 0 1 2 7 99 500 999999 1000000 10000000000000000000000 -9223372036854775809 1e400 1e3".split(),
    *"NaN sNaN -Infinity Infinity 1_0 0x10 1.5 +5 ٣ ²".split(),
    "9" * 5000,
)
DAYS = (
    "0001-01-01 9999-12-31 2026-02-30 0000-00-00 -001-01-01 99999-01-01 2026-W48 2026-11-25 2026-11-01T01:30"
    " 2026-03-08T02:30 1900-01-01 24:00 23:59:60 02:30 America/New_York Mars/Base ../UTC"
).split()
HEADERS = (
    "HX-Request HX-Boosted HX-History-Restore-Request HX-Current-URL HX-Target HX-Trigger HX-Trigger-Name"
    " HX-Prompt Referer Origin Accept Accept-Language Accept-Encoding Range If-None-Match If-Modified-Since"
    " If-Range X-Forwarded-For X-Forwarded-Host X-HTTP-Method-Override User-Agent"
    " X-CSRFToken Vestibule-Background Authorization Sec-Fetch-Site Content-Encoding Expect Upgrade"
    " Connection Cookie2 Forwarded"
).split()
VALUES = (
    "true",
    "false",
    "",
    "*",
    "a" * 5000,
    "http://localhost/nowhere/",
    "http://localhost/inbox/?a=%00",
    "http://[::1",
    "//evil.test",
    "de;q=abc, *;q=9, xx-YY-zz, es",
    "bytes=0-1,5-2,-9999999999999999999",
    "Wed, 99 Foo 2026 99:99:99 GMT",
    'W/"x", "',
    "gzip;q=nan, br, gzip",
    "websocket",
    "\xff\xfe\x80",
    "100-continue",
    MARKUP,
)
NAMES = (
    "on at to from page before since next who q words place more less direction known clinician kept_form"
    " unkept csrf_token provider_id client_id role slug key slot body subject 0 [] a[b] __class__ _method"
).split()


@dataclass(frozen=True)
class Ask:
    """One request; `target` is a path with its query as they stand on the wire, `who` an e-mail address."""

    who: str
    method: str
    target: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    def __str__(self) -> str:
        told = "; ".join(f"{name}: {value[:60]!r}" for name, value in self.headers)
        return f"{self.method} {self.target[:160]} as {self.who or 'nobody'} [{told}] {self.body[:160]!r}"


class Wild:
    """Makes requests out of doors, people and a seeded source of chance."""

    def __init__(
        self, chance: random.Random, doors: Sequence[Door], people: Sequence[str], token: str
    ) -> None:
        self._chance, self._doors, self._people, self._token = chance, doors, people, token
        self._ids = sorted({part for door in doors for part in door.path.split("/") if len(part) == 36})

    def ask(self) -> Ask:
        """The next one: each door as often as any other."""
        door = self._chance.choice(self._doors)
        who = self._chance.choice(door.admitted if self._may(0.7) else self._people)
        method = self._chance.choice(door.methods if self._may(0.85) else METHODS)
        target = self._path(door.path) + self._query()
        headers, body = self._headers(), b""
        if method not in ("GET", "HEAD") or self._may(0.05):
            body, kind = self._body(door)
            headers += [("Content-Type", kind)] if kind else []
        return Ask(who, method, target, tuple(headers), body)

    def value(self) -> str:
        """Something that some field does not expect."""
        kinds = [TEXTS, NUMBERS, DAYS, self._ids or TEXTS, (self._id(),)]
        return self._chance.choice(self._chance.choice(kinds))

    def _may(self, share: float) -> bool:
        return self._chance.random() < share

    def _id(self) -> str:
        made = UUID(int=self._chance.getrandbits(128), version=self._chance.choice([1, 4]))
        seventh = str(made)[:14] + "7" + str(made)[15:]
        return self._chance.choice([str(made), seventh, seventh.upper(), "{" + seventh + "}", str(uuid4())])

    def _path(self, path: str) -> str:
        if self._may(0.7):
            return quote(path)
        parts = path.split("/")
        at = self._chance.randrange(1, len(parts))
        parts[at] = self.value()[:3000]
        odd = _quoted("/".join(parts))
        return self._chance.choice([odd, odd, odd.replace("/", "//"), odd + "/", quote(path) + "/%00"])

    def _query(self) -> str:
        if self._may(0.6):
            return ""
        pairs = [
            (self._chance.choice(NAMES), self.value()[:3000]) for _ in range(self._chance.randrange(1, 4))
        ]
        told = "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in pairs)
        return "?" + self._chance.choice(
            [told, told, f"{told}&{told}", "&&=%ff&%zz=%", told.replace("=", "")]
        )

    def _headers(self) -> Pairs:
        found = [("X-CSRFToken", self._token)] if self._may(0.9) else []
        if self._may(0.25):
            found.append(("HX-Request", "true"))
        while self._may(0.3):
            found.append((self._chance.choice(HEADERS), self._chance.choice(VALUES)))
        return found

    def _body(self, door: Door) -> tuple[bytes, str]:
        pairs = self._fields(door)
        kind = self._chance.choice(
            ["form"] * 12 + ["multipart", "multipart", "json", "rubbish", "said wrongly", "large"]
        )
        if kind == "multipart":
            return self._multipart(pairs)
        if kind == "json":
            deep = "[" * 50_000 + "]" * 50_000
            return self._chance.choice([json.dumps(dict(pairs)), deep, "NaN", '{"a":1,"a":2}']).encode(
                errors="replace"
            ), "application/json"
        if kind == "rubbish":
            return self._chance.randbytes(2000), self._chance.choice(
                ["", "text/plain", "a/b; charset=\x00", FORM]
            )
        told = "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in pairs).encode()
        if kind == "large":
            return b"&".join([told] * 200)[:500_000], FORM
        charset = self._chance.choice(["; charset=utf-7", "; charset=nothing", "; boundary=x", ""])
        said = self._chance.choice(["application/xml", "multipart/form-data", FORM + charset])
        return told, said if kind == "said wrongly" else FORM

    def _fields(self, door: Door) -> Pairs:
        """Mostly what the page's form has, with something odd in it."""
        if not door.forms or self._may(0.15):
            return [(self._chance.choice(NAMES), self.value()) for _ in range(self._chance.randrange(5))]
        form = self._chance.choice(door.forms)
        pairs = [(name, value) for name, values in form.items() for value in values]
        for _ in range(self._chance.choice([0, 1, 1, 1, 2, 4])):
            at = self._chance.randrange(len(pairs) + 1)
            name = self._chance.choice([*form, self._chance.choice(NAMES)])
            how = self._chance.choice(["put", "put", "put", "add", "drop"])
            if how == "add":
                pairs.insert(at, (name, self.value()))
            else:
                pairs = [pair for pair in pairs if pair[0] != name]
                pairs += [(name, self.value())] if how == "put" else []
        return pairs

    def _multipart(self, pairs: Pairs) -> tuple[bytes, str]:
        mark = "".join(self._chance.choices(string.ascii_letters, k=12))
        told = []
        for name, value in pairs:
            file = f'; filename="{self._chance.choice(TEXTS)[:300]}"' if self._may(0.3) else ""
            head = f'Content-Disposition: form-data; name="{name}"{file}'
            told.append(f"--{mark}\r\n{head}\r\n\r\n{value}\r\n".encode(errors="surrogatepass"))
        end = f"--{mark}--\r\n".encode() if self._may(0.8) else b""
        return b"".join(told) + end, f"multipart/form-data; boundary={mark}"


def _quoted(text: str) -> str:
    """Percent-encoded for a path or a form, lone surrogates too, as no browser would send them."""
    return quote_from_bytes(text.encode(errors="surrogatepass"), safe="/")
