"""Subscription x feature x role, from the Routes, is what the source behaviours say that each needs.

`BEHAVIOURS` are the facts of the list of source behaviours for rows whose actor is a client, a provider or a
visitor; rows about a plugin that isn't in this checkout bind it from the day it is there.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import pytest

from core.spec.types import ROLES
from tools.subscription_table import OPEN, all_routes, viewers

OFFICE = frozenset({"owner", "clinician", "desk"})
OWNER = frozenset({"owner"})
CLIENT, VISITOR = frozenset({"client"}), frozenset({"visitor"})


@dataclass(frozen=True)
class Behaviour:
    """A row: who acts, what is needed, by which endpoints; a plugin's name stands for all of its own."""

    row: str
    actor: frozenset[str]
    needs: str
    endpoints: str


BEHAVIOURS = (
    Behaviour("S1.1", OFFICE, "CP", "practice.invite practice.resend"),
    Behaviour("S1.2", CLIENT, "CP", "appointments.search appointments.schedule"),
    Behaviour("S2.1", VISITOR, "CP", "accounts.public accounts.signup"),
    Behaviour("S2.2", CLIENT, "CP", "intake.home intake.tasks"),
    Behaviour("S3.1", OWNER, "CP", "practice.plugin_settings"),
    Behaviour("S3.2", CLIENT, "CP", "appointments.search appointments.schedule"),
    Behaviour("S4.1", CLIENT, "CP", "intake.section intake.keep"),
    Behaviour("S4.2", CLIENT, "CP", "intake.section intake.keep"),
    Behaviour("S4.2", OWNER, "CP", "intake.design intake.add_question intake.publish"),
    Behaviour("S5.1", CLIENT, "CP", "appointments.schedule"),
    Behaviour("S6.1", CLIENT, "CP", "inbox.home"),
    Behaviour("S7.1", CLIENT, "CP", "video"),
    Behaviour("S7.2", CLIENT, "CP", "video"),
    Behaviour("S7.3", CLIENT, "CP", "video"),
    Behaviour("S8.2", CLIENT, "CP+MA+MCP", "billing"),
    Behaviour("S8.3", CLIENT, "CP+MA+MCP", "billing"),
    Behaviour("S9.1", CLIENT, "CP", "inbox.home"),
    Behaviour("S9.2", CLIENT, "CP", "inbox.thread inbox.write inbox.answer"),
    Behaviour("S10.1", CLIENT, "CP", "appointments.search appointments.schedule"),
    Behaviour("S10.2", CLIENT, "CP", "appointments.scheduled appointments.past"),
    Behaviour("S11.1", OFFICE - {"desk"}, "CP+MCP", "homework"),
    Behaviour("S11.2", CLIENT, "CP+MCP", "homework"),
    Behaviour("S11.3", CLIENT, "CP+MCP", "homework"),
    Behaviour("S11.4", CLIENT, "CP+MCP", "homework"),
    # Account pages need nothing: they are what is left when a portal is closed.
    Behaviour("S12.1", CLIENT, "", "accounts.settings"),
    Behaviour("S12.2", CLIENT, "RS", "reminders"),
    Behaviour("S12.3", CLIENT, "", "accounts.settings"),
)
# What a client has beside those rows, by its room: nothing else of it may need less or more.
OF_CLIENTS = {
    "appointments": {"CP"},
    "inbox": {"CP"},
    "intake": {"CP"},
    "accounts": {"", "CP"},
    # What is heard of an open portal needs it; menus and files don't.
    "web": {"", "CP"},
    "video": {"CP"},
    "billing": {"CP+MA+MCP"},
    "homework": {"CP+MCP"},
    "reminders": {"RS", "CP+RS"},
    "myclientsplus": {"MCP", "CP+MCP"},
}

Line = tuple[str, frozenset[str], str]


@cache
def lines() -> list[Line]:
    """Endpoint, who may open it, and what it needs with + between."""
    return [
        (f"{name}.{route.view_name}", viewers(route), "+".join(sorted(needs)))
        for name, route, needs in all_routes()
    ]


@pytest.mark.parametrize(
    "behaviour", BEHAVIOURS, ids=lambda each: f"{each.row}-{'-'.join(sorted(each.actor))}"
)
def test_each_row_needs_what_the_source_says(behaviour: Behaviour) -> None:
    here = {endpoint.partition(".")[0] for endpoint, _who, _needs in lines()}
    for named in behaviour.endpoints.split():
        room = named.partition(".")[0]
        if "." not in named and room not in here:
            continue
        found = [line for line in lines() if line[0] == named or line[0].startswith(f"{named}.")]
        theirs = [line for line in found if behaviour.actor & line[1]]
        assert theirs, f"{behaviour.row}: {named} is open to none of {sorted(behaviour.actor)}"
        wrong = [line for line in theirs if line[2] != behaviour.needs]
        assert not wrong, f"{behaviour.row} needs {behaviour.needs or 'nothing'}"


def test_nothing_else_that_clients_have_needs_less_or_more() -> None:
    wrong = []
    for endpoint, who, needs in lines():
        allowed = OF_CLIENTS.get(endpoint.partition(".")[0])
        if "client" in who and (allowed is None or needs not in allowed):
            wrong.append(f"{endpoint} needs {needs or 'nothing'}")
    assert not wrong, "\n".join(wrong)


def test_what_a_visitor_opens_of_a_provider_needs_the_portal_and_the_rest_nothing() -> None:
    wrong = []
    for name, route, needs in all_routes():
        if {*route.kinds} & {*OPEN} and name in ("web", "accounts"):
            wanted = {"CP"} if "<slug>" in route.rule else set()
            wrong += [route.rule] if set(needs) != wanted else []
    assert not wrong


def test_a_biller_has_no_page_of_words_and_an_operator_none_of_a_practice() -> None:
    billers = {endpoint for endpoint, who, _needs in lines() if "biller" in who}
    assert not {endpoint for endpoint in billers if endpoint.startswith(("inbox.", "intake."))}
    operators = {endpoint for endpoint, who, _needs in lines() if "operator" in who}
    rooms = {endpoint.partition(".")[0] for endpoint in operators}
    # What anybody typed before their login ran out is their own.
    assert rooms <= {"operators", "accounts", "web"}
    assert {*ROLES} == {"owner", "clinician", "desk", "biller"}
