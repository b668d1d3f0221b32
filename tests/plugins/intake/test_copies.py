"""Copies of what was sent: a page to print, and a PDF with everything in it; on both databases."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pypdf import PageObject, PdfReader
from pypdf.generic import ContentStream

from plugins.intake import service
from plugins.intake.views.copy import pdf_of
from tests.plugins.intake.test_forms import LENA, LINES, NICO, nico_of, owner_of, request_of, submit_intake
from tests.support import asked_forms
from tests.support.house import House

SIGNED = ("Consent to treatment", "What we do, and what you may ask of us.", "I agree.", "Nico Brandt")


@pytest.fixture
def needs_pdf() -> None:
    if pdf_of("<p>nothing</p>") is None:
        pytest.skip("WeasyPrint or Pango is not there.")


def sheets(answer: Any) -> list[PageObject]:
    """The pages of the PDF that came."""
    assert answer.mimetype == "application/pdf"
    return list(PdfReader(BytesIO(answer.get_data())).pages)


def assert_reads(pages: list[PageObject], *words: str) -> None:
    """All these words stand on the pages, wherever lines are broken."""
    read = "".join("".join(page.extract_text().split()) for page in pages)
    for told in words:
        assert "".join(told.split()) in read, told


@pytest.fixture
def copies(house: House) -> tuple[str, str]:
    """Where Nico and Dr Ortiz find a copy of what Nico signed."""
    owner, nico = owner_of(house), nico_of(house)
    consent = asked_forms.consent(owner, "Consent to treatment")
    service.ask_for(owner, nico.client_id, consent)
    asked_forms.sign(nico, consent, "Nico Brandt", **{"a.sign.drawn": LINES})
    request_id = request_of(owner, nico).id
    practice = f"/practice/ortiz/clients/{nico.client_id}/forms/{request_id}/copy/"
    return f"/intake/{nico.client_id}/forms/{consent}/copy/", practice


def test_a_copy_holds_all_that_was_signed(house: House, copies: tuple[str, str]) -> None:
    for email, path in zip((NICO, LENA), copies, strict=True):
        page = house.browser(email).get(path).get_data(as_text=True)
        for told in (*SIGNED, LINES):
            assert told in page


@pytest.mark.usefixtures("needs_pdf")
def test_a_pdf_is_never_blank(house: House, copies: tuple[str, str]) -> None:
    fingerprint = request_of(owner_of(house), nico_of(house)).fingerprint
    for email, path in zip((NICO, LENA), copies, strict=True):
        browser = house.browser(email)
        assert f'href="{path}?pdf=1"' in browser.get(path).get_data(as_text=True)
        answer = browser.get(f"{path}?pdf=1")
        assert answer.mimetype == "application/pdf"
        (sheet,) = sheets(answer)
        assert_reads([sheet], *SIGNED, fingerprint)
        drawn = {operator for _operands, operator in ContentStream(sheet.get_contents(), None).operations}
        assert {b"m", b"l", b"S"} <= drawn, "the signature that was drawn is there"


@pytest.mark.usefixtures("needs_pdf")
def test_the_intake_has_a_copy_once_it_is_sent(house: House) -> None:
    owner, nico = owner_of(house), nico_of(house)
    tasks, tab = f"/intake/{nico.client_id}/", f"/practice/ortiz/clients/{nico.client_id}/other-information/"
    for email, path in ((NICO, tasks), (LENA, tab)):
        assert house.browser(email).get(f"{path}copy/").headers["Location"].endswith(path), "not sent yet"
    submit_intake(nico)
    at, answers = service.other_information(owner, nico.client_id)
    day = f"{at.astimezone(ZoneInfo('America/Chicago')):%b %-d, %Y}"
    told = [words for pair in answers for words in pair] + ["Nicolas", "(312) 555-0101", "May 4, 1990", day]
    for email, path in ((NICO, tasks), (LENA, tab)):
        browser = house.browser(email)
        assert f'href="{path}copy/"' in browser.get(path).text
        page = browser.get(f"{path}copy/").text
        assert all(words in page for words in told)
        assert_reads(sheets(browser.get(f"{path}copy/?pdf=1")), *told)
    service.send_intake_back(owner, nico.client_id, "Your number, please.", blocks=False)
    assert house.browser(NICO).get(f"{tasks}copy/").status_code == 303
