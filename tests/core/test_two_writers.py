"""Two people change the same address: nobody's change is lost, and the second one sees both."""

from __future__ import annotations

import re
from typing import Any

import pytest

from core.tenancy import charts
from tests.support.house import House

LENA, CARLA = "provider@demo.test", "client@demo.test"
VERSION = re.compile(r'name="version" value="([^"]*)"')
# Who writes, where, and how the address is called in their form.
WRITERS = {
    "portal": (LENA, "/practice/ortiz/clients/{id}/demographics/", "address-"),
    "record": (LENA, "/practice/ortiz/clients/{id}/my-clients-plus/", "address-"),
    "client": (CARLA, "/settings/details/", "at0-address-"),
}


def form(house: House, name: str, city: str) -> tuple[Any, str, dict[str, str]]:
    """A browser with the form open, its path, and what will be sent: another city."""
    email, path, prefix = WRITERS[name]
    chart = house.chart(CARLA, "ortiz")
    browser = house.browser(email)
    path = path.format(id=chart.id)
    version = VERSION.search(browser.get(path).text)
    assert version is not None
    told = {"version": version[1], f"{prefix}line1": "5 Elm Street", f"{prefix}city": city}
    names = {"given_name": "Carla", "family_name": "Mendes"}
    more = {"provider_id": str(chart.provider_id)} if name == "client" else names
    return browser, path, told | more


def send(opened: tuple[Any, str, dict[str, str]], **changed: str) -> Any:
    browser, path, told = opened
    return browser.post(path, told | changed)


@pytest.mark.parametrize(
    ("first", "second"), [("portal", "portal"), ("client", "portal"), ("portal", "client")]
)
def test_S5_2_the_second_of_two_writers_sees_both_and_overwrites_nothing(
    house: House, first: str, second: str
) -> None:
    one, other = form(house, first, "Evanston"), form(house, second, "Oak Park")
    assert send(one).status_code == 303
    answer = send(other)
    assert answer.status_code == 409
    assert "Evanston" in answer.text
    assert "Oak Park" in answer.text, "what was typed is kept"
    lena = house.member_scope(LENA, "ortiz")
    chart = house.chart(CARLA, "ortiz")
    assert charts.demographics(lena, chart.id).address.city == "Evanston"
    version = VERSION.search(answer.text)
    assert version is not None
    assert send(other, version=version[1]).status_code == 303, "having seen both, they decide"
    assert charts.demographics(lena, chart.id).address.city == "Oak Park"


def test_S5_2_the_same_holds_in_my_clients_plus(house: House) -> None:
    send(form(house, "record", "Chicago"))
    one, other = form(house, "record", "Evanston"), form(house, "record", "Oak Park")
    assert send(one).status_code == 303
    answer = send(other)
    assert answer.status_code == 409
    assert "Evanston" in answer.text
    assert "Oak Park" in answer.text
    version = VERSION.search(answer.text)
    assert version is not None
    assert send(other, version=version[1]).status_code == 303


@pytest.mark.parametrize("name", sorted(WRITERS))
def test_S5_2_what_is_sent_twice_is_saved_and_no_conflict(house: House, name: str) -> None:
    opened = form(house, name, "Evanston")
    answers = [send(opened), send(opened)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert "saved" in answers[1].location
