"""Reading a CSV file of strangers: encodings, separators and columns as spreadsheets write them."""

from __future__ import annotations

import codecs
import csv
import io
import unicodedata
from collections.abc import Mapping

from vestibule.data import Refused

MOST_BYTES, MOST_LINES, MOST_CELL = 2_000_000, 2_000, 500
SEPARATORS = ",;\t"
# What a spreadsheet would work out begins so (OWASP: CSV injection), in wide writing too.
FORMULA = ("=", "@", "\t", "\r", "-", "+", *"\uff1d\uff20\uff0d\uff0b")
COLUMNS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "clients": {
        "number": ("client number", "client id", "number", "id"),
        "given_name": ("first name", "given name"),
        "family_name": ("last name", "family name", "surname"),
        "birth_on": ("birth date", "date of birth", "dob"),
        "phone": ("phone", "phone number", "mobile"),
        "email": ("e-mail", "email", "e-mail address"),
        "line1": ("street", "street address", "address"),
        "city": ("city",),
        "state": ("state",),
        "postal": ("zip", "zip code", "postal code"),
    },
    "sessions": {
        "number": ("client number", "client id", "number", "id"),
        "on": ("date", "session date", "service date"),
        "title": ("title", "service", "type"),
        "amount": ("amount", "fee", "charge"),
        "paid": ("paid", "amount paid"),
    },
}
REQUIRED = {"clients": ("number", "given_name", "family_name"), "sessions": ("number", "on", "amount")}


def read_lines(kind: str, content: bytes) -> list[dict[str, str]]:
    """The lines by our names of columns, as text without spaces around it; empty lines are left out.

    Raises Refused: `too_large`, `not_text`, `no_lines`, `too_many_lines`, or `columns_missing` with `names`.
    """
    if len(content) > MOST_BYTES:
        raise Refused("too_large")
    text = _text(content)
    separator = max(SEPARATORS, key=text.partition("\n")[0].count)
    try:
        rows = [row for row in csv.reader(io.StringIO(text), delimiter=separator) if any(map(str.strip, row))]
    except csv.Error as error:
        raise Refused("not_text") from error
    if len(rows) < 2:
        raise Refused("no_lines")
    if len(rows) > MOST_LINES + 1:
        raise Refused("too_many_lines", most=MOST_LINES)
    places = _places(kind, rows[0])
    return [
        {name: row[at].strip()[:MOST_CELL] if at < len(row) else "" for name, at in places.items()}
        for row in rows[1:]
    ]


def is_formula(cell: str) -> bool:
    """Whether a spreadsheet would take this for something to work out."""
    return cell.startswith(FORMULA)


def _text(content: bytes) -> str:
    """UTF-8 with or without a mark, UTF-16 with one, else what Windows writes."""
    try:
        if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            text = content.decode("utf-16")
        else:
            text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = content.decode("cp1252")
        except UnicodeDecodeError as error:
            raise Refused("not_text") from error
    if any(unicodedata.category(mark) == "Cc" and mark not in "\r\n\t" for mark in text):
        raise Refused("not_text")
    return unicodedata.normalize("NFC", text)


def _places(kind: str, head: list[str]) -> dict[str, int]:
    names = [" ".join(cell.replace("_", " ").split()).casefold() for cell in head]
    places = {}
    for name, called in COLUMNS[kind].items():
        found = next((names.index(one) for one in called if one in names), None)
        if found is not None:
            places[name] = found
    if missing := [name for name in REQUIRED[kind] if name not in places]:
        raise Refused("columns_missing", names=[COLUMNS[kind][name][0] for name in missing])
    return places
