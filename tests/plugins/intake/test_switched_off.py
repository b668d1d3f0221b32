"""The operator switches intake off, for one provider or everywhere: it is gone at the next click."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest

from core import hooks, subscriptions
from core.tenancy import Scope
from tests.support.house import House

NICO, LENA, CARLA = "newclient@demo.test", "provider@demo.test", "client@demo.test"
OPERATOR = Scope.system("test")

Switch = Callable[[House], UUID | None]


@pytest.fixture(params=["one provider", "everywhere"])
def where(request: pytest.FixtureRequest) -> Switch:
    """Which provider the switch names, or none."""
    return lambda house: house.provider_id("ortiz") if request.param == "one provider" else None


def seen(house: House) -> dict[str, bool]:
    """What a client who owes an intake, and the practice, have of it."""
    chart, client, owner = house.chart(NICO, "ortiz"), house.browser(NICO), house.browser(LENA)
    tab = f"/practice/ortiz/clients/{chart.id}/other-information/"
    return {
        "menu": 'href="/intake/"' in client.get("/inbox/").text,
        "card": f'href="/intake/{chart.id}/"' in client.get("/inbox/").text,
        "page": client.get(f"/intake/{chart.id}/").status_code == 200,
        "post": client.post(f"/intake/{chart.id}/1/", {"given-name": "N"}).status_code != 404,
        "gate": "submit your intake" in client.get("/appointments/search").text,
        "tab": tab in owner.get(f"/practice/ortiz/clients/{chart.id}/").text,
        "tab's page": owner.get(tab).status_code == 200,
        "settings": owner.get("/practice/ortiz/forms/questions/").status_code == 200,
    }


def test_law_02_off_and_on_again_at_the_next_click(house: House, where: Switch) -> None:
    assert all(seen(house).values())
    subscriptions.switch_plugin(OPERATOR, "intake", where(house), is_on=False)
    assert not any(seen(house).values()), seen(house)
    subscriptions.switch_plugin(OPERATOR, "intake", where(house), is_on=True)
    assert all(seen(house).values())


def test_off_for_one_provider_leaves_the_others(house: House) -> None:
    subscriptions.switch_plugin(OPERATOR, "intake", house.provider_id("harbor"), is_on=False)
    assert all(seen(house).values())


def test_off_opens_the_gate_of_a_broken_plugin(house: House, where: Switch) -> None:
    house_of_nico = house.client_scope(NICO, "ortiz")
    client = next(iter(house_of_nico.charts.values()))
    hooks.quarantine("intake", RuntimeError())
    asked = {"client": client, "slot": None}
    assert [each.code for each in hooks.obstacles("booking_obstacles", house_of_nico, **asked)] == [
        "gate_broken"
    ]
    subscriptions.switch_plugin(OPERATOR, "intake", where(house), is_on=False)
    assert hooks.obstacles("booking_obstacles", house_of_nico, **asked) == []


def test_a_client_of_no_portal_finds_no_page_of_it_either(house: House) -> None:
    stan = house.chart("stranger@demo.test", "harbor")
    subscriptions.switch(OPERATOR, stan.provider_id, "CP", is_on=False)
    subscriptions.switch_plugin(OPERATOR, "intake", None, is_on=False)
    assert house.browser("stranger@demo.test").get(f"/intake/{stan.id}/").status_code == 404
    assert house.browser("stranger@demo.test").get("/closed/").status_code == 200
