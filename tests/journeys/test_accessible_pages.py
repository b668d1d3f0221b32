"""Every page of the route table, with errors, empty and full: readable by everybody, on every screen."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser

from core.web.guard import Bound
from tests.support import asked_forms, record_rows
from tests.support import every_page as pages
from tests.support.browser import MOUSE, PHONE, Way
from tests.support.every_page import CLIENT, NEWCOMER, OWNER, VISITOR, Stop
from tests.support.house import House, open_app
from tests.support.mail import open_post_office
from tests.support.person import Person
from tests.support.place import copied_place
from tests.support.run import Run
from tests.support.server import Server, open_servers
from tests.support.world import quiet_practice, small_practice

# Each test walks over many pages, on a busy machine slowly.
pytestmark = pytest.mark.timeout(300)
NARROW = {"width": 320, "height": 740}
TOO_LARGE = "x" * 11_000
EMPTY: Mapping[str, str] = {}
# Each form, and what is sent to it so that it complains.
WRONG: dict[str, Mapping[str, str]] = {
    **{f"accounts.{name}": EMPTY for name in ("confirm", "invitation", "login", "settings", "welcome")},
    **{f"inbox.{name}": EMPTY for name in ("practice_write", "write")},
    **{f"intake.{name}": EMPTY for name in ("change_question", "check", "publish", "section")},
    **asked_forms.WRONG,
    **{f"accounts.{name}": {"email": "nobody"} for name in ("email", "forgot")},
    **{f"practice.{name}": {"email": "nobody"} for name in ("add", "invite_member")},
    "accounts.details": {"at0-phone": "call me"},
    "accounts.password": {"current_password": "wrong", "password": "short"},
    "accounts.prove": {"password": "wrong"},
    "accounts.questions": {"code1": "first_teacher"},
    "accounts.reset": {"password": "short"},
    "accounts.signup": {"email": "nobody", "password": "short"},
    "appointments.add_exception": {"first_on": "tomorrow"},
    "appointments.add_type": {"minutes": "many"},
    **{f"appointments.{name}": EMPTY for name in ("calendar_book", "calendar_move", "change_type")},
    **record_rows.WRONG,
    "appointments.member_hours": {"opens": "25:99"},
    "inbox.answer": EMPTY,
    "inbox.practice_answer": {"body": TOO_LARGE},
    "intake.add_question": {"ask": "choice", "text": "Which?"},
    **{f"operators.{name}": EMPTY for name in ("access", "switch_plugin", "switch_plugin_for")},
    "operators.forget": {"name": "another"},
    "operators.subscription": {"until_on": "some day", "from_time": "10:00"},
    **{f"practice.{name}": EMPTY for name in ("change_role", "erase", "invite")},
    "practice.demographics": {"birth_on": "long ago", "phone": "call me"},
    "practice.profile": {"answer_days": "soon"},
}
# Presses and searches: whatever comes is an act, or not there.
NEVER_WRONG = frozenset(
    "accounts.cancel_email accounts.confirm_email accounts.data accounts.end_login"
    " accounts.end_other_logins accounts.logout accounts.recovery accounts.remove_questions"
    " accounts.undo_email accounts.zone"
    " appointments.calendar_cancel appointments.calendar_find appointments.cancel"
    " appointments.remove_exception appointments.remove_hours appointments.retire_type"
    " appointments.schedule forget_kept inbox.keep inbox.practice_keep intake.keep"
    " operators.end_access operators.try_again practice.clients practice.end_join"
    " practice.plugin_settings practice.remove_member practice.resend practice.resend_member"
    " practice.revoke practice.revoke_member".split()
) | {*record_rows.NEVER_WRONG, *asked_forms.NEVER_WRONG}
SHARES = 4
SEND = """([path, fields, token]) => {
    const form = document.createElement("form");
    Object.assign(form, {method: "post", action: path, hidden: true});
    const all = token ? {...fields, csrf_token: document.querySelector("[name=csrf_token]").value} : fields;
    for (const [name, value] of Object.entries(all)) {
        const input = document.createElement("textarea");
        Object.assign(input, {name, value});
        form.append(input);
    }
    document.body.append(form);
    form.submit();
}"""


@dataclass(frozen=True)
class World:
    """A server with data of one kind, and every stop in it; `routes` is the whole table."""

    server: Server
    routes: Mapping[str, Bound]
    stops: Sequence[Stop]
    forms: Sequence[Stop]
    ids: pages.Ids


Worlds = Callable[[str], World]


@pytest.fixture(scope="module")
def worlds(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worlds]:
    """`worlds("busy")` or `worlds("quiet")`: each is opened once by a worker, when it is asked for."""
    opened: dict[str, World] = {}
    with ExitStack() as stack:

        def world(name: str) -> World:
            if name not in opened:
                opened[name] = _open(stack, run, name, tmp_path_factory.mktemp(name))
            return opened[name]

        yield world


def _open(stack: ExitStack, run: Run, name: str, folder: Path) -> World:
    is_quiet = name == "quiet"
    fill = quiet_practice if is_quiet else small_practice
    place = stack.enter_context(copied_place(run, "sqlite", fill.__name__, fill, folder / "data"))
    office = stack.enter_context(open_post_office())
    with open_app(place, office.environment) as house:
        ids = pages.ids_of(house) if is_quiet else pages.furnish(house, office)
        stops = pages.quiet_plan(house, ids) if is_quiet else pages.plan(house, ids)
        forms = [] if is_quiet else _forms(house, ids)
        routes = house.app.extensions["routes"]
    (server,) = stack.enter_context(open_servers(place, office.environment, folder))
    order = sorted(stops, key=lambda stop: (stop.email, stop.endpoint))
    return World(server, routes, order, sorted(forms, key=lambda stop: stop.email), ids)


def _forms(house: House, ids: pages.Ids) -> list[Stop]:
    routes = house.app.extensions["routes"]
    stops = []
    for endpoint, fields in WRONG.items():
        email = pages.viewer_of(endpoint, routes[endpoint].route)
        path = pages.address(house, ids, endpoint, email)
        more = {"provider_id": ids.common["provider_id"]} if endpoint == "accounts.details" else {}
        stops.append(Stop(endpoint, email, path, 422, {**fields, **more}))
    return stops


Come = Callable[[World, str, Way], Person]


@pytest.fixture
def come(browser: Browser, run: Run, tells: Callable[[str, Callable[[], str]], None]) -> Iterator[Come]:
    """Brings somebody to a world, once for each test; no browser may have complained in the end."""
    came: dict[str, Person] = {}

    def bring(world: World, email: str, way: Way = MOUSE) -> Person:
        if email not in came:
            came[email] = Person(browser, run, world.server.base_url, way)
            tells("a person's page", came[email].story)
            if email:
                came[email].log_in(email)
        return came[email]

    yield bring
    for person in came.values():
        person.close()


def visit(person: Person, stop: Stop) -> list[str]:
    """Everything that is wrong with the page of this stop."""
    if stop.endpoint in pages.NOT_PAGES:
        answer = person.context.request.get(stop.path)
        return [] if answer.status == stop.status else [f"{stop.title}: {answer.status}"]
    if stop.fields is None:
        person.open(stop.path)
    else:
        with person.expecting(stop.status, stop.path):
            send(person, stop.path, stop.fields)
    faults = [f"answered {person.status}"] if person.status != stop.status else []
    if (
        stop.fields is None
        and stop.endpoint not in pages.LEADING_ON
        and person.path != urlsplit(stop.path).path
    ):
        faults.append(f"led on to {person.path}")
    faults += faults_of(person)
    return [f"{stop.title}: {fault}" for fault in faults]


def send(person: Person, path: str, fields: Mapping[str, str], *, token: bool = True) -> None:
    """Send a form whose fields the browser has not looked at, from a page that has a token."""
    if person.page.locator("[name=csrf_token]").count() == 0:
        person.open("/help/" if person.name != "a visitor" else "/login")
    with person.page.expect_navigation():
        person.page.evaluate(SEND, [path, dict(fields), token])
    person.page.wait_for_load_state()


def faults_of(person: Person) -> list[str]:
    """What axe and Nu find on the page that is open, and whether it fits the narrowest screen."""
    faults = []
    usual = person.page.viewport_size
    assert usual is not None
    try:
        person.check_accessibility()
    except AssertionError as error:
        faults.append(str(error))
    person.page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    try:
        person.check_fits()
    except AssertionError as error:
        faults.append(str(error))
    person.page.set_viewport_size(usual)
    return faults


def walk(come: Come, world: World, stops: Sequence[Stop], way: Way = MOUSE) -> None:
    faults = [fault for stop in stops for fault in visit(come(world, stop.email, way), stop)]
    assert not faults, f"{len(faults)} faults:\n" + "\n".join(faults)


def part(stops: Sequence[Stop], share: int) -> Sequence[Stop]:
    """One of SHARES runs of neighbours, so that few people have to log in for it."""
    edges = [len(stops) * edge // SHARES for edge in range(SHARES + 1)]
    return stops[edges[share] : edges[share + 1]]


def test_every_route_is_visited_and_every_form_is_sent(worlds: Worlds) -> None:
    world = worlds("busy")
    tables = world.routes.items()
    shared = [stop.endpoint for share in range(SHARES) for stop in part(world.stops, share)]
    assert sorted(shared) == sorted(name for name, bound in tables if "GET" in bound.route.methods)
    posted = {name for name, bound in tables if "POST" in bound.route.methods}
    assert WRONG.keys() | NEVER_WRONG == posted
    assert not WRONG.keys() & NEVER_WRONG


@pytest.mark.parametrize("share", range(SHARES))
def test_pages_with_something_on_them(worlds: Worlds, come: Come, share: int) -> None:
    world = worlds("busy")
    walk(come, world, part(world.stops, share))


@pytest.mark.parametrize("share", range(2))
def test_empty_pages_on_a_phone(worlds: Worlds, come: Come, share: int) -> None:
    world = worlds("quiet")
    walk(come, world, world.stops[share::2], PHONE)


@pytest.mark.parametrize("share", range(2))
def test_forms_that_complain(worlds: Worlds, come: Come, share: int) -> None:
    world = worlds("busy")
    half = len(world.forms) // 2
    walk(come, world, world.forms[half:] if share else world.forms[:half])


def test_pages_that_refuse(worlds: Worlds, come: Come) -> None:
    world = worlds("busy")
    client, visitor = come(world, CLIENT, MOUSE), come(world, VISITOR, MOUSE)
    faults = []
    for person, path, status in (
        (client, "/nowhere/", 404),
        (visitor, "/p/nobody/", 404),
        (visitor, "/invitation/nothing", 410),
        (visitor, "/reset/nothing", 410),
    ):
        with person.expecting(status, path):
            person.open(path)
        faults += faults_of(person)
    visitor.open("/login")
    with visitor.expecting(400, "/login"):
        send(visitor, "/login", EMPTY, token=False)
    faults += faults_of(visitor)
    wrong = {"email": "nobody@journeys.test", "password": "not the one"}
    visitor.open("/login")
    with visitor.expecting(422, "/login"), visitor.expecting(429, "/login"):
        while visitor.status != 429:
            send(visitor, "/login", wrong)
    faults += faults_of(visitor)
    assert not faults, "\n".join(faults)


def test_pages_that_are_no_route_of_their_own(worlds: Worlds, come: Come) -> None:
    world = worlds("busy")
    letter, taken = world.ids.of_endpoint["letter"]["token"], world.ids.common["taken"]
    wish = {"key": "a key of the test", "slot": taken}
    week = "/practice/ortiz/calendar/week"
    stops = (
        Stop("a letter of a signup", VISITOR, f"/confirm/{letter}"),
        Stop("choosing a password", VISITOR, path_of(world, "accounts.invitation") + "?accept=1"),
        Stop("sent for a password", VISITOR, "/forgot", 200, {"email": "nobody@journeys.test"}),
        Stop("a time that is taken", CLIENT, "/appointments/schedule", 409, wish),
        Stop("no booking before intake", NEWCOMER, "/appointments/schedule", 409, wish),
        Stop("no client found", OWNER, "/practice/ortiz/clients/", 200, {"words": "nobody"}),
        Stop("a client to book for", OWNER, "/practice/ortiz/calendar/book", 200, {"name": "Carla"}),
        Stop("another week", OWNER, f"{week}?on=2031-01-01"),
    )
    walk(come, world, stops)


def path_of(world: World, endpoint: str) -> str:
    return next(stop.path for stop in world.stops if stop.endpoint == endpoint)
