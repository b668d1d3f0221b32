"""Bringing in files of clients and sessions: looked at by line, done once, whatever spreadsheets write."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest

from core.spec.errors import Refused
from core.tenancy import Client
from plugins.myclientsplus import service
from plugins.myclientsplus.service.csv_reading import read_lines
from tests.support.house import House
from vestibule.data import Scope

LENA = "provider@demo.test"
CLIENTS = """Client number;First name;Last name;Birth date;Phone;City
A-1;Zoë;Åberg;1990-05-04;+1 312 555 0101;Chicago
A-2;Carla;Mendes;;;
A-3;=HYPERLINK("http://x");Smith;;;
A-1;Zoë;Åberg;;;
A-4;Tom;;;;
A-5;Tom;Hale;31/31/1990;;
"""
SESSIONS = """Client number,Date,Title,Amount,Paid
A-1,3/4/2026,Session,"$1,200.50",200.50
A-1,3/4/2026,Session,"$1,200.50",0
A-2,2026-03-05,Session,80,80
A-9,2026-03-05,Session,80,80
A-2,2026-03-06,Session,-80,0
A-2,2026-03-07,Session,80,90
"""


def bring_in(house: House, kind: str, text: str, encoding: str = "utf-8") -> tuple[list[str], list[str]]:
    """What the preview said, and what became of each line."""
    scope = house.member_scope(LENA, "ortiz")
    row = service.keep_file(scope, kind, text.encode(encoding))
    ahead = service.preview(scope, row)
    service.begin_import(scope, row.id)
    service.begin_import(scope, row.id)
    house.deliver()
    done = service.import_of(scope, row.id)
    assert done.state == "done"
    return ahead, done.results


def names(scope: Scope) -> list[str]:
    return sorted(f"{row.given_name} {row.family_name}" for row in scope.rows(Client))


def test_a_file_is_brought_in_as_its_preview_said_and_once(house: House) -> None:
    scope = house.member_scope(LENA, "ortiz")
    before = names(scope)
    ahead, results = bring_in(house, "clients", CLIENTS)
    assert ahead == results == ["add", "join", "formula", "twice", "no_name", "no_day"]
    assert names(scope) == sorted([*before, "Zoë Åberg"])
    ahead, results = bring_in(house, "sessions", SESSIONS)
    assert ahead == results == ["add", "add", "add", "unknown_client", "no_amount", "no_amount"]
    (zoe,) = [account for account in service.accounts_of(scope) if account.client.given_name == "Zoë"]
    assert zoe.due == 2 * 120_050 - 20_050
    assert bring_in(house, "clients", CLIENTS)[1] == ["same", "same", "formula", "twice", "no_name", "no_day"]
    again = bring_in(house, "sessions", SESSIONS)[1]
    assert again == ["same", "same", "same", "unknown_client", "no_amount", "no_amount"]
    assert [each.due for each in service.accounts_of(scope) if each.client.given_name == "Zoë"] == [zoe.due]


@pytest.mark.parametrize("database", ["sqlite"])
def test_A36_a_line_with_a_cell_that_a_spreadsheet_would_run_is_left_out(house: House) -> None:
    scope = house.member_scope(LENA, "ortiz")
    before = names(scope)
    columns = ("Client number", "First name", "Last name", "Birth date", "Phone", "City", "ZIP")
    good = ("B-1", "Tom", "Hale", "1990-05-04", "(312) 555-0101", "Chicago", "60601")
    lines = [
        ";".join((*good[:at], f'"{begin}1+cmd|x"', *good[at + 1 :]))
        for begin in ("=", "+", "-", "@", "\t=", "\r=", "\uff1d", "\uff0b", "\uff0d", "\uff20")
        for at in range(len(columns))
    ]
    ahead, results = bring_in(house, "clients", "\n".join((";".join(columns), *lines)))
    assert ahead == results
    assert set(results) == {"formula", "no_phone"}
    assert results.count("no_phone") == len(lines) // len(columns), (
        "a phone may begin with +, and is no formula"
    )
    assert names(scope) == before


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_file_is_read_in_the_encodings_that_spreadsheets_write(encoding: str) -> None:
    (first, *_rest) = read_lines("clients", CLIENTS.replace(";", "\t").encode(encoding))
    assert (first["given_name"], first["family_name"]) == ("Zoë", "Åberg")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "no_lines"),
        (b"Client number,First name,Last name\n", "no_lines"),
        (b"Name,Phone\nA,B\n", "columns_missing"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not_text"),
        (b"x" * 2_000_001, "too_large"),
        (b"id,first name,last name\n" + b"1,A,B\n" * 2_001, "too_many_lines"),
    ],
)
def test_what_is_no_such_file_is_refused_with_the_reason(content: bytes, code: str) -> None:
    with pytest.raises(Refused, match=code):
        read_lines("clients", content)


@pytest.mark.parametrize("database", ["sqlite"])
def test_the_pages_show_the_lines_before_and_after(house: House) -> None:
    browser: Any = house.browser(LENA)
    where = "/practice/ortiz/settings/my-clients-plus-import/"
    assert browser.post(where, {"kind": "clients"}).status_code == 422
    told = {"kind": "clients", "file": (BytesIO(CLIENTS.encode()), "clients.csv")}
    answer = browser.post(where, told)
    assert answer.status_code == 303
    page = browser.get(answer.headers["Location"]).text
    assert "Will be added" in page
    assert "a cell begins like a formula" in page
    browser.post(answer.headers["Location"])
    house.deliver()
    assert "Brought in: 2. Here already: 0. Left out: 4." in browser.get(answer.headers["Location"]).text
