"""What people do in more than one journey, each act through pages alone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from tests.support.mail import PostOffice
from tests.support.person import Person
from vestibule.testing.people import PASSWORD

CARLA, NICO, TESS = "client@demo.test", "newclient@demo.test", "twoproviders@demo.test"
LENA, MAYA, OPERATOR = "provider@demo.test", "provider2@demo.test", "operator@demo.test"
ORTIZ, HARBOR = "Dr Lena Ortiz", "Harbor Street Therapy"
SPAN = re.compile(r"[A-Z]\w\w, \w+ \d+, .+?[ap]m")


@dataclass(frozen=True)
class Newcomer:
    """Somebody whom the practice doesn't know yet."""

    given: str
    family: str

    @property
    def email(self) -> str:
        return f"{self.given}.{self.family}@journeys.test".lower()

    @property
    def in_lists(self) -> str:
        return f"{self.family}, {self.given}"


def search(client: Person) -> None:
    """To the free times, by way of the menu."""
    client.go_to("Appointments")
    client.follow("Search for Appointments")


def book(client: Person, words: str = "Schedule", at: int = 0) -> str:
    """Book one of the offers that have these words; says when it is, as the page says it."""
    offer = client.rows(words)[at]
    client.press("Schedule", within=offer)
    client.heading("Your appointment is booked")
    found = SPAN.match(offer)
    assert found, offer
    client.sees(found[0])
    return found[0]


def open_record(member: Person, in_lists: str, tab: str = "") -> None:
    """To a client's record, by way of the list of clients."""
    member.go_to("Clients")
    member.follow(in_lists)
    if tab:
        member.follow(tab, within="Record")


def switch(operator: Person, provider: str, feature: str, to: str) -> None:
    """Switch what a provider holds `on` or `off`, with a reason."""
    operator.go_to("Providers")
    operator.follow(provider)
    operator.follow("Change", within=feature)
    operator.choose(to.capitalize())
    operator.fill("Reason", "The practice asked for it")
    operator.press("Save")
    operator.sees("Saved.")


def switch_portal(operator: Person, provider: str, to: str) -> None:
    """Switch a provider's Client Portal `on` or `off`."""
    switch(operator, provider, "Client Portal", to)


def invite(member: Person, newcomer: Newcomer, *, needs_intake_first: bool = False) -> None:
    """Add a client and send the invitation in one step."""
    member.go_to("Clients")
    member.follow("Add a client")
    member.fill("First name", newcomer.given)
    member.fill("Last name", newcomer.family)
    member.fill("E-mail address", newcomer.email)
    member.tick("Invite to the portal by e-mail")
    if needs_intake_first:
        member.tick("Intake has to be submitted before scheduling")
    member.press("Add client")
    member.heading(f"{newcomer.given} {newcomer.family}")


def accept(visitor: Person, newcomer: Newcomer, post_office: PostOffice) -> None:
    """Open the link of the invitation and choose a password."""
    letter = post_office.wait_for(newcomer.email, about="invite")
    visitor.open(letter.link("/invitation/"))
    visitor.heading(f"{ORTIZ} invites you")
    visitor.follow("Accept invitation")
    visitor.fill("Password", PASSWORD)
    visitor.press("Open my account")
    visitor.heading("Inbox")


def sign_up(visitor: Person, newcomer: Newcomer, link: str, post_office: PostOffice) -> None:
    """Sign up from the provider's website and type the code that comes by mail."""
    visitor.open(urlsplit(link).path)
    if visitor.has_link("Sign up"):
        visitor.follow("Sign up")
    visitor.fill("First name", newcomer.given)
    visitor.fill("Last name", newcomer.family)
    visitor.fill("E-mail", newcomer.email)
    visitor.fill("Password", PASSWORD)
    visitor.press("Sign up")
    visitor.heading("Check your e-mail")
    visitor.fill("6-digit code", post_office.wait_for(newcomer.email, about="code").code)
    visitor.press("Continue")
    visitor.heading("Inbox")


def website_link(member: Person) -> str:
    """The address that the provider is given for the own website."""
    member.go_to("Settings")
    member.follow("Link for your website")
    return member.value("Link")


def fill_about_you(client: Person, *, given: str = "Nico", family: str = "Brandt", phone: str) -> None:
    """Part 1 of intake, from its first page to the first page of part 2."""
    client.fill("First name", given)
    client.fill("Last name", family)
    client.fill("Birth date", "1990-05-04")
    client.press("Save and continue")
    client.heading("How to reach you")
    client.fill("Phone", phone)
    client.press("Save and continue")
    client.heading("Whom we call in an emergency")
    client.press("Save and continue")


def submit_intake(client: Person, *, phone: str, answer: str) -> None:
    """The whole intake, begun from the Inbox."""
    client.go_to("Inbox")
    client.follow("Begin Intake")
    client.follow("Continue")
    fill_about_you(client, phone=phone)
    client.fill("What brings you here?", answer)
    client.press("Save and continue")
    client.heading("Check your answers")
    client.press("Submit Intake")
    client.heading("Intake sent")


def write(author: Person, subject: str, body: str, *, to: str = "") -> None:
    """A new message of a client; `to` where there are several providers."""
    author.follow("New message")
    if to:
        author.choose(to)
    author.fill("Subject", subject)
    author.fill("Message", body)
    author.press("Send")
    author.heading(subject)
    author.sees("Sent")


def write_to_client(member: Person, in_lists: str, subject: str, body: str) -> None:
    """A new message of a member, from the client's record."""
    open_record(member, in_lists)
    member.follow("Write")
    member.fill("Subject", subject)
    member.fill("Message", body)
    member.press("Send")
    member.heading(subject)
