"""The calendar file, byte by byte: RFC 5545, sections 3.1 and 3.3.11."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from core.appointments.calendar_file import CalendarEntry, calendar_file

AT = datetime(2026, 12, 3, 20, 0, tzinfo=UTC)


def file_of(title: str, *, is_cancelled: bool = False) -> bytes:
    return calendar_file(
        CalendarEntry(
            id=UUID("01890000-0000-7000-8000-000000000001"),
            sequence=2,
            title=title,
            from_at=AT,
            to_at=AT + timedelta(minutes=50),
            changed_at=AT - timedelta(days=2),
            is_cancelled=is_cancelled,
        )
    )


def test_an_appointment_as_a_whole_file() -> None:
    assert file_of("Appointment").decode().split("\r\n") == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Vestibule//Portal//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        "UID:01890000-0000-7000-8000-000000000001@vestibule",
        "DTSTAMP:20261201T200000Z",
        "LAST-MODIFIED:20261201T200000Z",
        "SEQUENCE:2",
        "DTSTART:20261203T200000Z",
        "DTEND:20261203T205000Z",
        "SUMMARY:Appointment",
        "STATUS:CONFIRMED",
        "CLASS:PRIVATE",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]
    assert b"STATUS:CANCELLED" in file_of("Appointment", is_cancelled=True)


def test_A37_a_title_can_begin_no_line_of_its_own() -> None:
    hostile = "Elm, Street; 12\\\r\nEND:VEVENT\rBEGIN:VEVENT\nX\x00\x1b"
    content = file_of(hostile)
    assert content.count(b"BEGIN:VEVENT") == 2  # one of them inside the title
    lines = content.split(b"\r\n")
    assert sum(line == b"BEGIN:VEVENT" for line in lines) == 1
    summary = next(line for line in lines if line.startswith(b"SUMMARY:"))
    assert summary == b"SUMMARY:Elm\\, Street\\; 12\\\\\\nEND:VEVENT\\nBEGIN:VEVENT\\nX"
    assert b"\r" not in content.replace(b"\r\n", b"")
    assert b"\n" not in content.replace(b"\r\n", b"")


@pytest.mark.parametrize("sign", ["x", "ñ", "語", "😀"])
def test_A37_long_lines_fold_by_octets_and_never_inside_a_character(sign: str) -> None:
    title = sign * 200
    lines = file_of(title).split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    for line in lines:
        line.decode()
    unfolded = file_of(title).replace(b"\r\n ", b"").decode()
    assert f"SUMMARY:{title}\r\n" in unfolded
