"""A77: an owner erases a client's data, and sees in the browser what became of it."""

from __future__ import annotations

import pytest

from tests.journeys.conftest import People


@pytest.mark.keyboard_alone
def test_A77_an_owner_erases_a_client(people: People) -> None:
    client, owner = people("newclient@demo.test"), people("provider@demo.test")
    owner.go_to("Clients")
    owner.follow("Brandt, Nico")
    owner.follow("Demographics")
    owner.follow("Erase")
    owner.sees("This is for good")
    owner.fill("Name of the client", "Nico")
    with owner.expecting(422, owner.path):
        owner.press("Erase for good")
    owner.sees("Type Nico Brandt exactly.")
    owner.fill("Name of the client", "nico brandt")
    owner.check_accessibility()
    with client.expecting(401, "/live/"):
        owner.press("Erase for good")
        client.heading("Log in")
    owner.heading("Erased client")
    owner.sees("Every part has erased what it may.")
    owner.sees("45 CFR 164.316(b)(2)")
    owner.check_accessibility()
    owner.press("Ask all parts again")
    owner.sees("Every part has erased what it may.")
