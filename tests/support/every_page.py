"""Every page that the route table knows, as addresses with real ids and somebody whom it admits."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core import clock, db, outbox
from core.accounts import service as accounts
from core.appointments.models import Appointment, AppointmentType
from core.inbox.models import Thread
from core.tenancy import Member, Scope
from plugins.intake import service as intake
from tests.support import asked_forms, operating, own_settings, record_rows
from tests.support.house import Browser, House
from tests.support.mail import PostOffice
from vestibule.testing.people import PASSWORD

VISITOR = ""
CLIENT, NEWCOMER, PATIENT = "client@demo.test", "newclient@demo.test", "theodora@journeys.test"
OWNER, PARTNER, OPERATOR = "provider@demo.test", "provider2@demo.test", "operator@demo.test"
NAMES = ("Theodora-Alexandrina Maximiliane", "Papadopoulou-Wolkenstein von Hohenems")
INVITED, WELCOME = "invited@journeys.test", "colleague@journeys.test"
LONG_TEXTS = re.compile(r'<textarea[^>]* name="([^"]+)"')
# What no world without messages, appointments and letters can have.
NOT_IN_QUIET = frozenset(
    {"thread_id", "appointment_id", "type_id", "link_id", "token", "series_id", "request_id"}
) | {
    "note_id",
    "charge_id",
    "document_id",
    "import_id",
}
NOT_PAGES = frozenset(
    "static healthz readyz menu practice_menu live practice_live appointments.calendar_entry"
    " intake.sent_file intake.form_attachment myclientsplus.document".split()
)
# Nobody in the worlds has sent a file.
NOT_THERE = frozenset({"intake.sent_file", "intake.form_attachment"})
# A practice of a quiet world has published nothing that it could retire, and nobody has sent an intake.
NOT_OF_QUIET = frozenset({"intake.retire", "intake.client_intake_copy"})
# The front door, and lists of one, which lead on to the one.
LEADING_ON = frozenset({"accounts.lead", "intake.home", "appointments.hours", "practice.practices"})


@dataclass(frozen=True)
class Stop:
    """One address and who opens it; `fields` are sent to it as a form."""

    endpoint: str
    email: str
    path: str
    status: int = 200
    fields: Mapping[str, str] | None = None

    @property
    def title(self) -> str:
        return f"{self.endpoint} ({self.email or 'a visitor'}, {self.path}, {self.status})"


@dataclass
class Ids:
    """What stands in for a rule's parts: for everybody, for one viewer, for one endpoint."""

    common: dict[str, str]
    of_viewer: dict[str, dict[str, str]] = field(default_factory=dict)
    of_endpoint: dict[str, dict[str, str]] = field(default_factory=dict)

    def of(self, endpoint: str, email: str) -> dict[str, str]:
        own = self.of_viewer.get(email, {})
        return self.common | own | self.of_endpoint.get(endpoint, {})


def viewer_of(endpoint: str, route: Any) -> str:
    """Somebody whom this Route admits, and for whom the page has something on it."""
    if endpoint == "practice.practices":
        return PARTNER
    if endpoint in ("intake.done", "intake.intake_copy"):
        return PATIENT
    if endpoint == "accounts.closed":
        return CLIENT
    kind = route.kinds[0]
    if kind == "client":
        return NEWCOMER if endpoint.startswith("intake.") else CLIENT
    return {"member": OWNER, "operator": OPERATOR, "anyone": VISITOR, "token": VISITOR}[kind]


def furnish(house: House, office: PostOffice) -> Ids:
    """Write what a busy world lacks (letters under way, an intake sent, a long name); returns its ids."""
    ids = ids_of(house)
    operating.spoil_deliveries(house.provider_id("ortiz"))
    lena = house.member_scope(OWNER, "ortiz")
    with db.transaction():
        partner = house.account(PARTNER)
        Scope.system("test", lena.provider_id).add(
            Member, account_id=partner.id, name="Maya Lindqvist", role="biller", joined_at=clock.now()
        )
    _fill_in_intake(house, office)
    ids.of_viewer[PATIENT] = {"client_id": str(house.chart(PATIENT, "ortiz").id)}
    for name in ("other_information", "client_intake_copy"):
        ids.of_endpoint[f"intake.{name}"] = ids.of_viewer[PATIENT]
    anna = lena_adds(house, "Anna", INVITED)
    lena_adds(house, "Nobody's", "")
    accounts.invite_client(lena, anna)
    accounts.invite_member(lena, WELCOME, "Dr Colin League", "clinician")
    house.browser().post("/forgot", {"email": CLIENT})
    confirm = _sign_up(house.browser(), "waiting@journeys.test")
    outbox.drain()
    links = {
        "accounts.invitation": office.wait_for(INVITED).link("/invitation/"),
        "accounts.welcome": office.wait_for(WELCOME).link("/welcome/"),
        "accounts.reset": office.wait_for(CLIENT).link("/reset/"),
        "accounts.confirm": confirm,
        "letter": office.wait_for("waiting@journeys.test").link("/confirm/"),
    }
    for endpoint, path in links.items():
        ids.of_endpoint[endpoint] = {"token": path.split("?")[0].rsplit("/", 1)[1]}
    own_settings.begin(lena, house.chart(CLIENT, "ortiz"), CLIENT)
    ids.of_endpoint |= {endpoint: {"token": token} for endpoint, token in own_settings.TOKENS.items()}
    kept = record_rows.furnish(house, OWNER, "ortiz", house.chart(CLIENT, "ortiz").id)
    forms, of_forms = asked_forms.furnish(house, OWNER, NEWCOMER, "ortiz")
    ids.common |= kept | forms
    ids.of_endpoint |= of_forms
    for name in ("change_note", "drop_note"):
        ids.of_endpoint[f"myclientsplus.{name}"] = {"note_id": kept["draft_id"]}
    return ids


def ids_of(house: House) -> Ids:
    """The ids of the small or the quiet practice."""
    ortiz = Scope.system("test", house.provider_id("ortiz"))
    lena = house.member(OWNER, "ortiz")
    common = {
        "slug": "ortiz",
        "provider_id": str(ortiz.provider_id),
        "client_id": str(house.chart(CLIENT, "ortiz").id),
        "member_id": str(lena.id),
        "plugin": "intake",
        "form": "questions",
        "kind": "couple",
        "feature": "RS",
        "number": "1",
        "filename": "icon.svg",
    }
    chart = house.chart(CLIENT, "ortiz").id
    found = {
        "thread_id": ortiz.rows(Thread).where(Thread.client_id == chart).first(),
        "appointment_id": ortiz.rows(Appointment).where(Appointment.from_at > clock.now()).first(),
        "type_id": ortiz.rows(AppointmentType).first(),
    }
    common |= {name: str(row.id) for name, row in found.items() if row is not None}
    questionnaire, _is_draft = intake.design(house.member_scope(OWNER, "ortiz"))
    questions = [question for part in questionnaire.sections for question in part.questions]
    if questions:
        common["link_id"] = questions[0].link_id
    session = found["type_id"]
    if session is not None:
        at = int(found["appointment_id"].from_at.timestamp())
        common["taken"] = f"{session.id}_{lena.id}_{at}"
    newcomer = {"client_id": str(house.chart(NEWCOMER, "ortiz").id)}
    partner = {"slug": "harbor", "member_id": str(house.member(PARTNER, "harbor").id)}
    operating.lose_a_plugin()
    gone = {"plugin": operating.GONE}
    return Ids(common, {NEWCOMER: newcomer, PARTNER: partner}, {"operators.forget": gone})


def plan(house: House, ids: Ids) -> list[Stop]:
    """A stop for each GET Route. Raises KeyError where nothing stands in for a part of its rule."""
    return [
        Stop(endpoint, email, address(house, ids, endpoint, email), status_of(endpoint))
        for endpoint, bound in house.app.extensions["routes"].items()
        for email in [viewer_of(endpoint, bound.route)]
        if "GET" in bound.route.methods
    ]


def quiet_plan(house: House, ids: Ids) -> list[Stop]:
    """A stop for each GET Route that a quiet world has something for; of visitors' pages none.

    The practice is the one without a client, save where the page is about a client.
    """
    stops = []
    for endpoint, bound in house.app.extensions["routes"].items():
        email, parts = viewer_of(endpoint, bound.route), parts_of(house, endpoint)
        if "GET" not in bound.route.methods or email in (VISITOR, PATIENT):
            continue
        if endpoint in NOT_OF_QUIET or parts & NOT_IN_QUIET:
            continue
        if email == OWNER and "client_id" not in parts:
            email = PARTNER
        stops.append(Stop(endpoint, email, address(house, ids, endpoint, email), status_of(endpoint)))
    return stops


def status_of(endpoint: str) -> int:
    """How the plan's visit of an endpoint is answered."""
    return 404 if endpoint in NOT_THERE else 200


def parts_of(house: House, endpoint: str) -> set[str]:
    """What a Route's rule has to be filled in with."""
    return next(house.app.url_map.iter_rules(endpoint)).arguments


def address(house: House, ids: Ids, endpoint: str, email: str) -> str:
    """The path of an endpoint for somebody."""
    known = ids.of(endpoint, email)
    with house.app.test_request_context():
        values: dict[str, Any] = {name: known[name] for name in parts_of(house, endpoint)}
        return str(house.app.url_for(endpoint, **values))


def lena_adds(house: House, given_name: str, email: str) -> Any:
    """A client added by the practice, with a name that is as long as names get."""
    told = {"given_name": given_name, "family_name": NAMES[1], "email": email}
    where = house.browser(OWNER).post("/practice/ortiz/clients/add/", told).headers["Location"]
    return house.app.url_map.bind("localhost").match(where)[1]["client_id"]


def _sign_up(browser: Browser, email: str) -> str:
    """Sign up with Dr Ortiz; returns the path of the page that asks for the code."""
    told = {"given_name": NAMES[0], "family_name": NAMES[1], "email": email, "password": PASSWORD}
    return browser.post("/p/ortiz/signup", told).headers["Location"]


def _fill_in_intake(house: House, office: PostOffice) -> None:
    """Somebody with a long name signs up and sends the intake, all of it through pages."""
    browser = house.browser()
    code_page = _sign_up(browser, PATIENT)
    outbox.drain()
    browser.post(code_page, {"code": office.wait_for(PATIENT).code})
    patient = house.browser(PATIENT)
    base = f"/intake/{house.chart(PATIENT, 'ortiz').id}"
    scope = house.client_scope(PATIENT, "ortiz")
    steps = intake.steps_of(intake.open_work(scope, scope.client_id))
    for step in steps:
        patient.post(f"{base}/{step.number}/", _answers(patient.get(f"{base}/{step.number}/").text))
    assert patient.post(f"{base}/check/").headers["Location"].endswith("/done/")
    while outbox.drain(kinds={"event"}):
        pass


def _answers(page: str) -> dict[str, str]:
    known = {
        "a-given-name": NAMES[0],
        "a-family-name": NAMES[1],
        "a-birth-date": "1980-05-17",
        "a-phone": "(312) 555-0187",
    }
    return known | dict.fromkeys(LONG_TEXTS.findall(page), "Sleep, mostly. " * 12)
