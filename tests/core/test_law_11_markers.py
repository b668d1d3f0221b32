"""Law 11: a word planted in each sealed field is read by its people, and stands nowhere in the clear."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import peewee
import pytest
from click.testing import CliRunner

from core import audit, clock, db, plugin_settings
from core.db.fields import Sealed, SealedJson
from core.inbox import service as inbox
from core.inbox.models import Message
from core.settings import load
from core.tenancy import Scope
from tests.support import erasing, harbor
from tests.support.house import House, open_app
from tests.support.mail import PostOffice
from tests.support.place import Place
from vestibule.commands import cli, dumping

HOUSE = Scope.system("test")
CLIENT, OWNER, OPERATOR = "client@demo.test", "provider@demo.test", "operator@demo.test"
NEWCOMER = "newclient@demo.test"
LEAST = 50


def marker(number: int) -> str:
    return f"quokka{number:03}zephyr"


def models(of: type[db.Model] = db.Model) -> Iterator[Any]:
    """Every table of core and plugins that is loaded."""
    for model in of.__subclasses__():
        if model.__module__.partition(".")[0] in ("core", "plugins") and model.__name__[0] != "_":
            yield model
        yield from models(model)


def sealed_fields() -> list[tuple[Any, Sealed]]:
    concrete = [model for model in models() if model not in (db.HouseModel, db.TenantModel)]
    found = [(model, field) for model in concrete for field in model._meta.sorted_fields]
    return [(model, field) for model, field in found if isinstance(field, Sealed)]


def plant(words: list[str]) -> list[str]:
    """A marker in each sealed column that has a row; returns the columns that have none."""
    bare = []
    for model, field in sealed_fields():
        row = HOUSE.rows(model).order_by(model.id.desc()).first()
        if row is None:
            bare.append(f"{model._meta.table_name}.{field.name}")
            continue
        word = marker(len(words))
        words.append(word)
        with db.transaction():
            db.house_change(row, **{field.name: {"told": word} if isinstance(field, SealedJson) else word})
        again = HOUSE.one(model, row.id)
        assert word in str(getattr(again, field.name)), "who may read it reads it"
    return bare


def live_through(house: House, words: list[str]) -> list[str]:
    """What people do, with mistakes and failures in between; returns the pages of errors."""
    client, owner, operator = (house.browser(email) for email in (CLIENT, OWNER, OPERATOR))
    chart = house.chart(CLIENT, "ortiz")
    record = f"/practice/ortiz/clients/{chart.id}/"

    def new() -> str:
        words.append(marker(len(words)))
        return words[-1]

    answers = []
    scope = house.client_scope(CLIENT, "ortiz")
    thread = inbox.send_new(scope, scope.client_id, subject=new(), body=new(), key="m1")
    inbox.reply(house.member_scope(OWNER, "ortiz"), thread.id, body=new(), key="m2")
    for _ in range(3):
        # Too little, too much, to nobody: refused, and what was typed comes back to its writer alone.
        client.post("/inbox/new/", {"subject": new(), "body": ""})
        client.post("/inbox/new/", {"subject": new(), "body": new() * 5000})
        answers.append(client.post(f"/inbox/{db.new_id()}/answer/", {"body": new()}))
        answers.append(owner.post(f"{record}nothing/", {"words": new()}))
        answers.append(client.post("/inbox/new/", {"csrf_token": "bad", "body": new()}))
        owner.post("/practice/ortiz/clients/", {"words": new()})
        owner.post(f"{record}demographics/", {"given_name": "", "phone": new(), "contact_name": new()})
    inbox.keep_draft(scope, scope.client_id, "new", subject=new(), body=new())
    plugin_settings.put(house.member_scope(OWNER, "ortiz"), "intake.require_before_scheduling", True)
    with clock.standing_at(clock.now() + timedelta(minutes=61)):
        assert client.post("/inbox/new/", {"body": new()}).location.startswith("/login"), "too late: kept"
    client = house.browser(CLIENT)
    newcomer = house.chart(NEWCOMER, "ortiz")
    house.browser(NEWCOMER).post(f"/intake/{newcomer.id}/1/keep/", {"pronouns": new()})
    told = {"given_name": "Carla", "family_name": "Mendes", "phone": "+1 312 555 0142", "contact_name": new()}
    assert owner.post(f"{record}demographics/", told).status_code == 303
    house.browser().post("/forgot", {"email": f"{new()}@demo.test"})
    house.browser().post("/login", {"email": f"{new()}@demo.test", "password": new()})
    operator.post(
        f"/operator/providers/{chart.provider_id}/subscriptions/RS/", {"to": "off", "reason": new()}
    )
    operator.post(f"/operator/providers/{chart.provider_id}/access/", {"reason": new()})
    erasing.cancel_all(house, erasing.TWO)
    erasing.erased(house, erasing.TWO)
    # A value that somebody spoiled: its page fails, and tells nothing.
    row = HOUSE.rows(Message).where(Message.thread_id == thread.id).first()
    spoiled = row.__data__["body"][:-1] + bytes([row.__data__["body"][-1] ^ 1])
    table: Any = peewee.Table("inbox_message", ("id", "body")).bind(db.database)
    with db.transaction():
        table.update({table.body: spoiled}).where(table.id == row.id.hex).execute()
    answers.append(client.get(f"/inbox/{thread.id}/"))
    assert answers[-1].status_code == 500
    assert {answer.status_code for answer in answers} >= {404, 400, 500}
    return [answer.text for answer in answers]


def test_law_11_A75_planted_words_stand_nowhere_in_the_clear(
    place: Place,
    post_office: PostOffice,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    tells: Callable[[str, Callable[[], str]], None],
) -> None:
    words: list[str] = []
    with open_app(place, post_office.environment) as house:
        pages = live_through(house, words)
        harbor.furnish(house, post_office)
        bare = plant(words)
        house.deliver()
        audit.chain(HOUSE)
        audit.verify()
        held = {"error pages": "\n".join(pages).encode()}
        held |= {f"{name} while open": text for name, text in files_of(place).items()}
    assert len(words) >= LEAST
    assert not bare, f"no act here writes {bare}: add one to live_through"
    # An address stands where its letter goes, and nowhere in what the letter says.
    mails = [f"{mail.subject}\n{mail.text}" for mail in post_office.mails()]
    out, err = capfd.readouterr()
    held |= {"mails": "\n".join(mails).encode(), "log": (out + err).encode()}
    held |= {"dump": dump_of(place)} | backup_of(place, tmp_path)
    held |= files_of(place)
    assert len(mails) > 0
    assert b"database away" not in held["log"]
    found = {name: [word for word in words if is_in(word, text)] for name, text in held.items()}
    size = sum(map(len, held.values()))
    tells(
        "What was searched",
        lambda: f"{len(words)} words of {len(sealed_fields())} columns in {size} bytes: {sorted(held)}",
    )
    assert not {name: hits for name, hits in found.items() if hits}


def test_the_search_finds_what_is_in_the_clear(place: Place, tmp_path: Path) -> None:
    """The same search on a word that is not sealed: a client's name."""
    with open_app(place) as house:
        name = house.chart(CLIENT, "ortiz").family_name
    held = files_of(place) if place.kind == "sqlite" else {"dump": dump_of(place)}
    assert any(is_in(name, text) for text in held.values())


def is_in(word: str, text: bytes) -> bool:
    # A dump writes bytes as hex.
    return any(
        form in text for form in (word.encode(), word.encode().hex().encode(), word.encode("utf-16-le"))
    )


def files_of(place: Place) -> dict[str, bytes]:
    """The database's own files, WAL and all, and what else lies in the data folder."""
    return {path.name: path.read_bytes() for path in place.data.rglob("*") if path.is_file()}


def dump_of(place: Place) -> bytes:
    if not place.database_url:
        return b""
    settings = load(place.environment())
    done = subprocess.run(
        ["pg_dump", "--format=plain"],
        env=os.environ | dumping.variables(settings),
        capture_output=True,
        check=True,
    )
    return done.stdout


def backup_of(place: Place, folder: Path) -> dict[str, bytes]:
    runner = CliRunner(env=place.environment())
    for command in (("keys", "backup", str(folder / "private")), ("backup", str(folder / "saved"))):
        done = runner.invoke(cli, command)
        assert done.exit_code == 0, done.output
    return {"backup": (folder / "saved").read_bytes()}
