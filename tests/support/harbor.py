"""Harbor Street with something of everything that an address can name, for the table of who may open what."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from core import db, outbox
from core.accounts import service as accounts
from core.accounts.models import Welcome
from core.appointments import service as appointments
from core.appointments.hours import Change
from core.appointments.models import Hours, HoursException
from core.inbox.models import Thread
from core.tenancy import Scope
from core.tenancy.logins import start_login, token_hash
from core.tenancy.models import Login
from plugins.intake import service as intake
from tests.support import asked_forms, operating, own_settings, record_rows
from tests.support.house import House
from tests.support.mail import PostOffice
from vestibule.testing.people import PASSWORD

OWNER, CLINICIAN, CLIENT = "provider2@demo.test", "clinician@harbor.test", "stranger@demo.test"
INVITED, WELCOME, WAITING = "invited@harbor.test", "colleague@harbor.test", "waiting@harbor.test"


def furnish(house: House, office: PostOffice) -> dict[str, dict[str, str]]:
    """What stands in for the parts of each rule; under "" for all, else for one endpoint."""
    maya = house.member_scope(OWNER, "harbor")
    intake.add_question(maya, "long_text", "What brings you here?", required=False, options=())
    accounts.invite_member(maya, WELCOME, "Dr Colin League", "clinician")
    links = _letters(house, office)
    found = {endpoint: {"token": link.split("?")[0].rsplit("/", 1)[1]} for endpoint, link in links.items()}
    ids = _ids(house)
    stan = house.chart(CLIENT, "harbor")
    with db.transaction():
        # Stan was invited; without this there would be no intake to open.
        maya.change(stan, needs_intake_first=True)
    own_settings.begin(maya, stan, CLIENT)
    form_ids, of_endpoints = asked_forms.furnish(house, OWNER, CLIENT, "harbor")
    kept = record_rows.furnish(house, OWNER, "harbor", stan.id)
    found["myclientsplus.drop_note"] = {"note_id": kept["draft_id"]}
    ids |= kept | form_ids
    operating.lose_a_plugin()
    ids["row_id"] = str(operating.spoil_deliveries(maya.provider_id))
    found["operators.forget"] = {"plugin": operating.GONE}
    found |= {endpoint: {"token": token} for endpoint, token in own_settings.TOKENS.items()}
    return {"": ids} | found | of_endpoints


def _ids(house: House) -> dict[str, str]:
    system = Scope.system("test", house.provider_id("harbor"))
    sam, chart = house.member(CLINICIAN, "harbor"), house.chart(CLIENT, "harbor")
    session, booked_id = _booked(house, sam.id, chart.id)
    day = date.today() + timedelta(days=40)  # noqa: DTZ011 -- any day that is not soon
    sam_scope = house.member_scope(CLINICIAN, "harbor")
    appointments.add_exception(
        sam_scope, sam.id, Change(first_on=day, last_on=day, from_minute=0, to_minute=600, is_open=False)
    )
    questionnaire, _is_draft = intake.design(house.member_scope(OWNER, "harbor"))
    question = next(one for part in questionnaire.sections for one in part.questions)
    return {
        "slug": "harbor",
        "provider_id": str(system.provider_id),
        "client_id": str(chart.id),
        "member_id": str(sam.id),
        "hours_id": str(system.rows(Hours).where(Hours.member_id == sam.id).first().id),
        "exception_id": str(system.rows(HoursException).first().id),
        "welcome_id": str(system.rows(Welcome).first().id),
        "thread_id": str(system.rows(Thread).where(Thread.client_id == chart.id).first().id),
        "appointment_id": str(booked_id),
        "type_id": str(session),
        "link_id": question.link_id,
        "login_id": str(_another_login(house)),
        "kept_id": str(chart.id),
        "plugin": "intake",
        "feature": "RS",
        "number": "1",
        "filename": "icon.svg",
    }


def _another_login(house: House) -> Any:
    token = start_login(house.account(CLIENT), is_staff=False, address="127.0.0.1", agent="another")
    found = Scope.system("test").rows(Login).where(Login.token_hash == token_hash(token)).get()
    return found.id


def _booked(house: House, member_id: Any, client_id: Any) -> tuple[Any, Any]:
    scope = house.member_scope(OWNER, "harbor")
    session = next(each for each in appointments.types_of(scope) if each.type.title == "Session")
    ten = datetime.now(ZoneInfo("America/New_York")).replace(hour=10, minute=0, second=0, microsecond=0)
    wish = appointments.Wish(
        client_id=client_id,
        type_id=session.type.id,
        member_id=member_id,
        from_at=ten + timedelta(days=4),
        key=b"one for a table ",
    )
    return session.type.id, appointments.book_appointment(scope, wish).id


def _letters(house: House, office: PostOffice) -> dict[str, str]:
    told = {"given_name": "Ida", "family_name": "Vole", "email": INVITED}
    where = house.browser(OWNER).post("/practice/harbor/clients/add/", told).headers["Location"]
    chart = house.app.url_map.bind("localhost").match(where)[1]["client_id"]
    accounts.invite_client(house.member_scope(OWNER, "harbor"), chart)
    house.browser().post("/forgot", {"email": CLIENT})
    signup = {"given_name": "Wim", "family_name": "Aal", "email": WAITING, "password": PASSWORD}
    confirm = house.browser().post("/p/harbor/signup", signup).headers["Location"]
    while outbox.drain():
        pass
    return {
        "accounts.invitation": office.wait_for(INVITED).link("/invitation/"),
        "accounts.welcome": office.wait_for(WELCOME).link("/welcome/"),
        "accounts.reset": office.wait_for(CLIENT).link("/reset/"),
        "accounts.confirm": confirm,
    }


def fields(ids: dict[str, str]) -> dict[str, dict[str, str]]:
    """What is sent to endpoints whose act is named by the form; the rest get nothing."""
    at = int((datetime.now(UTC) + timedelta(days=9)).replace(minute=0, second=0).timestamp())
    return {
        "accounts.details": {"provider_id": ids["provider_id"]},
        "inbox.keep": {"to": ids["client_id"], "body": "What is typed"},
        "inbox.practice_keep": {"body": "What is typed"},
        "appointments.schedule": {"key": "k" * 22, "slot": f"{ids['type_id']}_{ids['member_id']}_{at}"},
        "intake.arrange_question": {"do": "up"},
        "intake.add_ready": {"section": "address"},
        "intake.at_record": {"again": "1"},
        "intake.record_form": {"start": "1"},
        "operators.subscription": {"to": "on", "reason": "They asked for it"},
        "operators.switch_plugin": {"to": "on", "reason": "It is mended"},
        "operators.switch_plugin_for": {"to": "on", "reason": "It is mended"},
        "operators.forget": {"name": operating.GONE},
    }


def address(house: House, ids: dict[str, dict[str, str]], endpoint: str) -> str:
    """The path of an endpoint. Raises KeyError where nothing stands in for a part of its rule."""
    parts = next(house.app.url_map.iter_rules(endpoint)).arguments
    known = ids[""] | ids.get(endpoint, {})
    values: dict[str, Any] = {name: known[name] for name in parts}
    with house.app.test_request_context(), db.connection():
        return str(house.app.url_for(endpoint, **values))
