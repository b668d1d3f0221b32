"""On a phone a number is touched, not copied: above all the one for an emergency."""

import pytest

from core.web.dialling import dialled
from tests.support.house import House


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ("In an emergency call 911 or 988.", {"911": "911", "988": "988"}),
        ("Call 911/988, at any hour", {"911": "911", "988": "988"}),
        ("Call 988 (24 hours).", {"988": "988"}),
        ("Call 988 24/7", {"988": "988"}),
        ("Samaritans: 116 123", {"116 123": "116123"}),
        ("(312) 555-0142", {"(312) 555-0142": "3125550142"}),
        ("020 7946 0018", {"020 7946 0018": "02079460018"}),
        ("Call (312) 555-0142 9-5", {"(312) 555-0142": "3125550142"}),
        ("Call 1-312-555-0142 (24 hours)", {"1-312-555-0142": "13125550142"}),
        ("At +44 20 7946 0018 24/7", {"+44 20 7946 0018": "+442079460018"}),
        ("+1 312.555.0142, ext. 12", {"+1 312.555.0142": "+13125550142"}),
        ("at the office (312 555 0142)", {"312 555 0142": "3125550142"}),
        ("Open 24/7, 9-5, 9:00-17:00, at 12 Elm Street, 60613", {}),
        ("Text HOME to 741741, since 2026-11-26, at 9:30.100", {}),
        ("Ask for ٩١١ or a988", {}),
        ("(...) ... - ....", {}),
        ("", {}),
    ],
)
def test_numbers_that_can_be_dialled_are_links(words: str, numbers: dict[str, str]) -> None:
    expected = words
    for shown, number in numbers.items():
        expected = expected.replace(shown, f'<a href="tel:{number}">{shown}</a>')
    assert str(dialled(words)) == expected


def test_A34_words_around_a_number_are_text() -> None:
    assert str(dialled('<b>988</b> "now"')) == ('&lt;b&gt;<a href="tel:988">988</a>&lt;/b&gt; &#34;now&#34;')


def test_whom_to_call_can_be_touched_on_every_page_of_a_client(house: House) -> None:
    client = house.browser("client@demo.test")
    for path in ("/inbox/", "/help/", "/inbox/new/"):
        assert '<a href="tel:988">988</a>' in client.get(path).text
    assert 'href="tel:3125550142"' in client.get("/help/").text
