"""The practice's side and the operator's: clients, team, profile, subscriptions."""

from __future__ import annotations

import pytest

from core import audit, db, plugin_settings, subscriptions
from core.appointments.service import next_of_client
from core.operators import service as operators
from core.practice import service
from core.spec.errors import Invalid, NotFound, Refused
from core.spec.types import Demographics, Setting
from core.tenancy import Provider, Scope, charts
from tests.support.house import House

LENA, MAYA = "provider@demo.test", "provider2@demo.test"


def events(scope: Scope) -> list[str]:
    return [row.event for row in Scope.system("test", scope.provider_id).rows(audit.AuditRow)]


def test_a_client_is_added_found_and_foreign_ones_are_not(house: House) -> None:
    lena, maya = house.member_scope(LENA, "ortiz"), house.member_scope(MAYA, "harbor")
    service.add_client(lena, given_name="Zuzanna", family_name="Quill")
    assert [row.full_name for row in service.find_clients(lena, "quill zuz")] == ["Zuzanna Quill"]
    assert service.find_clients(maya, "quill") == []
    assert "practice.client_added" in events(lena)


@pytest.mark.parametrize("words", ["%", "_", "'", "\\", "x" * 10_000, "\0"])
def test_A56_odd_words_find_nobody(house: House, words: str) -> None:
    answer = house.browser(LENA).post("/practice/ortiz/clients/", {"words": words})
    assert answer.status_code == 200


def test_demographics_are_corrected_and_audited(house: House) -> None:
    lena, chart = house.member_scope(LENA, "ortiz"), house.chart("client@demo.test", "ortiz")
    service.correct_client(lena, chart.id, Demographics("Carla", "Mendes-Roth", pronouns="she/her"))
    assert charts.client_record(lena, chart.id).family_name == "Mendes-Roth"
    assert "practice.demographics_corrected" in events(lena)
    with pytest.raises(NotFound):
        service.correct_client(house.member_scope(MAYA, "harbor"), chart.id, Demographics("X", "Y"))


def test_A21_an_ended_join_closes_at_the_next_click(house: House) -> None:
    browser = house.browser("client@demo.test")
    assert browser.get("/inbox/").status_code == 200
    lena, chart = house.member_scope(LENA, "ortiz"), house.chart("client@demo.test", "ortiz")
    service.end_join(lena, chart.id)
    assert browser.get("/inbox/").status_code == 404
    assert browser.get("/closed/").status_code == 200
    with pytest.raises(Refused, match="not_joined"):
        service.end_join(lena, chart.id)


def test_the_last_owner_stays(house: House) -> None:
    maya, member = house.member_scope(MAYA, "harbor"), house.member(MAYA, "harbor")
    with pytest.raises(Refused, match="last_owner"):
        service.remove_member(maya, member.id)
    with pytest.raises(Refused, match="last_owner"):
        service.change_role(maya, member.id, "desk")


def test_A08_another_role_acts_at_the_next_click(house: House) -> None:
    browser = house.browser("clinician@harbor.test")
    maya, sam = house.member_scope(MAYA, "harbor"), house.member("clinician@harbor.test", "harbor")
    assert browser.get("/practice/harbor/inbox/").status_code == 200
    service.change_role(maya, sam.id, "biller")
    assert browser.get("/practice/harbor/inbox/").status_code == 404
    service.remove_member(maya, sam.id)
    assert browser.get("/practice/harbor/").status_code == 404


def test_law_12_opening_a_record_is_audited(house: House) -> None:
    chart = house.chart("client@demo.test", "ortiz")
    before = events(house.member_scope(LENA, "ortiz")).count("practice.chart_read")
    house.browser(LENA).get(f"/practice/ortiz/clients/{chart.id}/")
    assert events(house.member_scope(LENA, "ortiz")).count("practice.chart_read") == before + 1


def test_the_head_of_a_record_tells_the_next_appointment_at_each_tab(house: House) -> None:
    chart, lena = house.chart("client@demo.test", "ortiz"), house.browser(LENA)
    found = next_of_client(house.member_scope(LENA, "ortiz"), chart.id)
    assert found is not None
    for tab in ("", "demographics/", "access-log/"):
        shown = lena.get(f"/practice/ortiz/clients/{chart.id}/{tab}").text
        head = shown.partition('class="record-head"')[2].partition("</dl>")[0]
        assert "Next appointment" in head
        assert f"with {found.clinician}" in head
        assert f"/clients/{chart.id}/appointments" in head


def test_law_02_an_operators_switch_acts_at_the_next_click(house: House) -> None:
    client, operator = house.browser("stranger@demo.test"), house.browser("operator@demo.test")
    path = f"/operator/providers/{house.provider_id('harbor')}/subscriptions/CP/"
    for to, status in (("off", 404), ("on", 200)):
        assert operator.post(path, {"to": to, "reason": "They asked"}).status_code == 303
        assert client.get("/appointments/").status_code == status


def test_an_operator_switches_only_what_exists(house: House) -> None:
    scope, provider_id = house.operator_scope(), house.provider_id("ortiz")
    with pytest.raises(Invalid):
        operators.switch(scope, provider_id, "XX", is_on=True, reason="A slip")
    with pytest.raises(NotFound):
        operators.switch(scope, db.new_id(), "CP", is_on=True, reason="A slip")
    operators.switch(scope, provider_id, "RS", is_on=False, reason="They asked")
    assert not subscriptions.on(provider_id, {"RS"})


def test_the_profile_refuses_what_it_can_not_use_and_keeps_what_was_typed(house: House) -> None:
    data = {"name": "New name", "phone": "", "zone": "America/Chicago", "answer_days": "99"}
    answer = house.browser(LENA).post("/practice/ortiz/settings/profile/", data)
    assert answer.status_code == 422
    assert 'value="New name"' in answer.get_data(as_text=True)
    assert service.provider_of(house.member_scope(LENA, "ortiz")).name == "Dr Lena Ortiz"


LAMP = {
    "lamp.colour": Setting("colour", "Colour", "text", "white"),
    "lamp.key": Setting("key", "Key", "text", "", secret=True),
}


def test_every_page_of_a_client_says_whom_to_call_in_an_emergency(house: House) -> None:
    tess = house.browser("twoproviders@demo.test")
    assert tess.get("/settings/").text.count('<p class="crisis"><a href="tel:988">988</a></p>') == 1, (
        "both say the same"
    )
    harbor = house.provider_id("harbor")
    with db.transaction():
        Scope.system("test").update(Provider, crisis_line="Call 116 123.").where(
            Provider.id == harbor
        ).execute()
    shown = tess.get("/settings/").text
    assert "988" in shown
    assert 'Call <a href="tel:116123">116 123</a>.' in shown
    assert "116 123" not in house.browser("client@demo.test").get("/settings/").text


def test_law_11_a_secret_setting_is_sealed_and_never_shown_again(house: House) -> None:
    plugin_settings.declare({**plugin_settings.declared(), **LAMP})
    browser = house.browser("provider@demo.test")
    path = "/practice/ortiz/settings/plugins/lamp/"
    assert browser.post(path, {"colour": "green", "key": "a secret of ours"}).status_code == 303
    scope = house.member_scope("provider@demo.test", "ortiz")
    assert plugin_settings.get(scope, "lamp.key") == "a secret of ours"
    assert browser.post(path, {"colour": "red", "key": ""}).status_code == 303
    assert plugin_settings.get(scope, "lamp.key") == "a secret of ours", "empty keeps what is set"
    assert plugin_settings.get(scope, "lamp.colour") == "red"
    shown = browser.get(path).get_data(as_text=True)
    assert "red" in shown
    assert "a secret of ours" not in shown
    rows = db.database.execute_sql("SELECT value, sealed FROM plugin_setting").fetchall()
    assert not [
        row for row in rows if b"secret of ours" in bytes(str(row[0]), "utf-8") + bytes(row[1] or b"")
    ]
