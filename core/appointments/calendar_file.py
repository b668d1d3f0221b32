"""An appointment as a file for calendars: iCalendar, RFC 5545, with neutral words only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

LINE_OCTETS = 75
_ESCAPES = {"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"}


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """What leaves the portal: when, and a title that tells nothing of care."""

    id: UUID
    sequence: int
    title: str
    from_at: datetime
    to_at: datetime
    changed_at: datetime
    is_cancelled: bool = False


def calendar_file(entry: CalendarEntry) -> bytes:
    """The file's octets, CRLF at each line's end (RFC 5545, 3.1)."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Vestibule//Portal//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{entry.id}@vestibule",
        f"DTSTAMP:{_moment(entry.changed_at)}",
        f"LAST-MODIFIED:{_moment(entry.changed_at)}",
        f"SEQUENCE:{entry.sequence}",
        f"DTSTART:{_moment(entry.from_at)}",
        f"DTEND:{_moment(entry.to_at)}",
        f"SUMMARY:{_text(entry.title)}",
        f"STATUS:{'CANCELLED' if entry.is_cancelled else 'CONFIRMED'}",
        "CLASS:PRIVATE",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return b"".join(_folded(line) + b"\r\n" for line in lines)


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(words: str) -> str:
    """TEXT escaped (RFC 5545, 3.3.11); control characters have no place in it."""
    plain = words.replace("\r\n", "\n").replace("\r", "\n")
    kept = (sign for sign in plain if sign in "\n\t" or sign.isprintable())
    return "".join(_ESCAPES.get(sign, sign) for sign in kept)


def _folded(line: str) -> bytes:
    """The line cut after at most 75 octets, never inside a character (RFC 5545, 3.1)."""
    pieces: list[bytes] = []
    piece = b""
    for sign in line:
        octets = sign.encode()
        if len(piece) + len(octets) > LINE_OCTETS:
            pieces.append(piece)
            piece = b" "
        piece += octets
    return b"\r\n".join([*pieces, piece])
