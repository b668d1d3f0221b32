"""Run by an environment of its own: looks at a portal as its people do, and prints what they see as JSON.

`python looking.py FOLDER begin|look|act|off|on`, with the receiver's address after `act`; what stands after
`commands` are commands of ours to be run first, one an argument.
"""

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path
from typing import Any
from uuid import uuid4

from core import hooks
from vestibule.commands import cli
from vestibule.data import NotFound, Obstructed
from vestibule.testing import Browser, Person, Practice, Subscriptions
from vestibule.testing.house import open_app
from vestibule.testing.place import Place
from vestibule.testing.practice import two_practices

TEXT = "Sessions are confidential."
SECRET = "a secret of the practice"


def main(folder: str, what: str, *more: str) -> None:
    """Do what is asked, then look."""
    place = Place("sqlite", Path(folder))
    if what == "begin":
        two_practices(place)
    elif what == "commands":
        for words in more:
            cli.main(shlex.split(words), standalone_mode=False)
    with open_app(place) as house:
        practice = Practice(house)
        if what == "act":
            act(practice, more[0])
        elif what in ("off", "on"):
            getattr(Subscriptions(practice), what)("CP")
        house.deliver()
        sys.stdout.write("\n" + json.dumps(seen(practice)))


def act(practice: Practice, receiver: str) -> None:
    """A first day: a text to sign, signed; a check-in; an address to tell; a session."""
    owner, client = practice.owner.browser(), practice.client.browser()
    owner.open("/practice/maple/settings/consent/")
    owner.press("Publish", {"body": TEXT})
    owner.open("/practice/maple/settings/webhooks/")
    owner.press("Save", {"address": receiver, "secret": SECRET})
    client.open(f"/consent/{practice.client.id}/")
    client.press("Sign", {"Your full name": "Carl Cooper", "agrees": "y"})
    client.open(f"/mood/{practice.client.id}/")
    client.press("Check in", {"score": "4"})
    practice.book(practice.client)


def seen(practice: Practice) -> dict[str, Any]:
    """What each of their pages shows, which plugins are left out and why, and whether one can book."""
    client_id = practice.client.id
    record = f"/practice/maple/clients/{client_id}/"
    client, owner = practice.client.browser(), practice.owner.browser()
    return {
        "inbox": words_of(client, "/inbox/"),
        "consent": words_of(client, f"/consent/{client_id}/"),
        "consent_tab": words_of(owner, f"{record}consent/"),
        "consent_settings": words_of(owner, "/practice/maple/settings/consent/"),
        "mood": words_of(client, f"/mood/{client_id}/"),
        "mood_tab": words_of(owner, f"{record}mood/"),
        "webhooks": words_of(owner, "/practice/maple/settings/webhooks/"),
        "record": words_of(owner, f"{record}demographics/"),
        "settings": words_of(owner, "/practice/maple/settings/"),
        "today": words_of(owner, "/practice/maple/"),
        "mood_settings": words_of(owner, "/practice/maple/settings/plugins/mood/"),
        "left_out": {plugin.name: plugin.refused for plugin in hooks.plugins() if plugin.refused},
        "obstacles": obstacles(practice, newcomer(practice)),
    }


def words_of(browser: Browser, path: str) -> list[Any]:
    """Status and text of a page."""
    page = browser.open(path)
    return [page.status, page.text]


def newcomer(practice: Practice) -> Person:
    """Somebody who signed nothing yet."""
    return practice.add_client(f"{uuid4().hex}@maple.test", "Nia Reed")


def obstacles(practice: Practice, person: Person) -> list[str]:
    """What stands before booking for somebody; nothing means that they booked."""
    try:
        practice.book(person)
    except Obstructed as refusal:
        return [f"{each.plugin}:{each.code}" for each in refusal.obstacles]
    except NotFound:
        return ["the portal is closed"]
    return []


if __name__ == "__main__":
    main(*sys.argv[1:])
