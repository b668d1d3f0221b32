"""From an empty folder to the first booking, in production mode, behind a proxy with TLS."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.support.browser import Way
from tests.support.mail import PostOffice
from tests.support.person import Person
from tests.support.place import Place
from tests.support.ports import held_port
from tests.support.proxy import open_proxy
from tests.support.run import Run
from tests.support.server import SERVE, Server, run_command

OWNER, CLIENT = "lena@example.org", "amara@example.org"
PASSWORD = "four quiet words here"
WEEK = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
Tells = Callable[[str, Callable[[], str]], None]
MadePerson = Callable[[], Person]


@dataclass(frozen=True)
class Installation:
    """An empty place, what it was told, and the ports of its server and of the proxy before it."""

    place: Place
    server: Server
    settings: dict[str, str]
    address: str

    def run(self, *words: str) -> str:
        return run_command(self.place, *words, settings=self.settings)


@pytest.fixture
def installation(
    new_ground: Place, post_office: PostOffice, tmp_path: Path, tells: Tells
) -> Iterator[Installation]:
    with ExitStack() as held:
        port, proxy_port = (held.enter_context(held_port()) for _ in range(2))
        address = f"https://127.0.0.1:{proxy_port}"
        settings = post_office.environment | {
            "VESTIBULE_MODE": "production",
            "VESTIBULE_BASE_URL": address,
            "VESTIBULE_PORT": str(port),
            "VESTIBULE_TRUSTED_PROXIES": "1",
        }
        server = Server(port, new_ground.environment(settings), tmp_path / "server.log")
        tells("the server said", lambda: server.last_words)
        held.enter_context(open_proxy(proxy_port, port, tmp_path))
        yield Installation(new_ground, server, settings, address)
        if server.is_running():
            assert server.stop() == 0
        server.check_output()


@pytest.fixture
def visitors(
    browser: Browser, run: Run, installation: Installation, way: Way, tells: Tells
) -> Iterator[MadePerson]:
    came: list[Person] = []

    def come() -> Person:
        person = Person(browser, run, installation.address, way)
        came.append(person)
        tells("a person's page", person.story)
        return person

    yield come
    for person in came:
        person.close()


@pytest.mark.keyboard_alone
@pytest.mark.timeout(300)  # five commands and a server, each a process of its own
@pytest.mark.both_databases
def test_a_practice_begins_and_its_first_client_books(
    installation: Installation, post_office: PostOffice, visitors: MadePerson, tmp_path: Path
) -> None:
    installation.run("migrate")
    installation.run(
        *("providers", "add", "--slug", "ortiz", "--name", "Dr Lena Ortiz", "--zone", "America/Chicago"),
        *("--owner-email", OWNER, "--owner-name", "Dr Lena Ortiz"),
    )
    installation.server.launch(SERVE)

    owner = visitors()
    with letters_lead_to(installation, post_office, OWNER) as link:
        begin(owner, link, "Welcome to Dr Lena Ortiz")
    check_cookies(owner)
    owner.sees("Clients can't book yet")
    open_the_calendar(owner)
    add_a_type(owner)
    add_a_client(owner)

    client = visitors()
    with letters_lead_to(installation, post_office, CLIENT) as link:
        client.open(link)
        client.follow("Accept invitation")
        choose_password(client)
    check_cookies(client)
    when = book(client)
    installation.run("keys", "backup", str(tmp_path / "private"))
    assert str(tmp_path / "kept") in installation.run("backup", str(tmp_path / "kept"))

    owner.go_to("Clients")
    owner.follow("Osei-Bonsu, Amara")
    owner.follow("Appointments")
    owner.sees(when)


@contextmanager
def letters_lead_to(installation: Installation, post_office: PostOffice, to: str) -> Iterator[str]:
    """The link of the one letter to `to`; it leads to the proxy, and stands in no log."""
    letter = post_office.wait_for(to, seconds=30)
    assert all(link.startswith(installation.address) for link in letter.links), str(letter)
    link = letter.link("/welcome/" if to == OWNER else "/invitation/")
    yield link
    assert link not in installation.server.output


def begin(person: Person, link: str, heading: str) -> None:
    person.open(link)
    person.heading(heading)
    choose_password(person)


def choose_password(person: Person) -> None:
    person.fill("Password", PASSWORD)
    person.press("Open my account")


def check_cookies(person: Person) -> None:
    """Cookies go over https only, and no script reads them."""
    cookies = person.context.cookies()
    assert cookies
    for cookie in cookies:
        assert cookie.get("secure"), cookie.get("name")
        assert cookie.get("httpOnly"), cookie.get("name")


def open_the_calendar(owner: Person) -> None:
    owner.go_to("Settings")
    owner.follow("Hours")
    for day in WEEK:
        owner.tick(day)
    owner.fill("From", "09:00")
    owner.fill("To", "17:00")
    owner.press("Add hours")


def add_a_type(owner: Person) -> None:
    owner.go_to("Settings")
    owner.follow("Types of appointments")
    owner.follow("Add a type")
    owner.fill("Title", "A first talk")
    owner.fill("Length in minutes", "50")
    owner.choose("At the office")
    owner.press("Save")
    owner.sees("A first talk")


def add_a_client(owner: Person) -> None:
    owner.go_to("Clients")
    owner.follow("Add a client")
    owner.fill("First name", "Amara")
    owner.fill("Last name", "Osei-Bonsu")
    owner.fill("E-mail address", CLIENT)
    owner.tick("Invite to the portal by e-mail")
    owner.press("Add client")
    owner.heading("Amara Osei-Bonsu")


def book(client: Person) -> str:
    """Book the first time that is offered; returns its words."""
    client.go_to("Appointments")
    client.follow("Search for Appointments")
    first = client.rows("Schedule")[0]
    client.press("Schedule", within=first)
    client.heading("Your appointment is booked")
    client.go_to("Appointments")
    (row,) = client.rows("A first talk")
    return row.split(" A first talk")[0]
