"""A questionnaire of 187 items: what a page of it costs, and saving one of its sections."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from urllib.parse import urlencode

from flask import Flask, g
from werkzeug.test import create_environ, run_wsgi_app

from bench.figures import processor_ms, visit
from bench.floor import floor_app
from core import db, questionnaires
from core.questionnaires import Coding, Item, Option, Questionnaire
from plugins.intake import service
from tests.support.house import House
from tools.generated import answer_everything

NICO, LENA = "newclient@demo.test", "provider@demo.test"
ITEMS = 187
FIRST = 4  # after the three sections of "About you"


def long_form() -> Questionnaire:
    """One flat form, as long as the longest that was published: choices, yes or no, and lines."""
    often = tuple(
        Option(Coding(words, f"c{number}", "urn:bench"))
        for number, words in enumerate(("Never", "Some days", "Most days", "Every day"))
    )
    kinds = ("choice", "choice", "boolean", "string")
    items = tuple(
        Item(
            link_id=f"q{number}",
            kind=kinds[number % 4],  # type: ignore[arg-type] # each is a kind
            text=f"Question {number} of a form that takes a while to fill in?",
            options=often if kinds[number % 4] == "choice" else (),
        )
        for number in range(ITEMS)
    )
    return Questionnaire(url="urn:bench:long", version="1", title="Long", items=items)


def floor_page_and_save(house: House) -> tuple[float, float, float]:
    """Milliseconds of the floor page, of a page with all else answered, and of saving a section."""
    owner, client = house.member_scope(LENA, "ortiz"), house.client_scope(NICO, "ortiz")
    service.import_form(owner, questionnaires.write_questionnaire(long_form()))
    service.publish(owner, "Long")
    work = service.open_work(client, client.client_id)
    service.save(client, work, "about-you", work.told)
    service.save(client, work, "questions", answer_everything(work.questions))
    path = f"/intake/{client.client_id}/{FIRST}/"
    browser = house.browser(NICO)
    floor = floor_app(house.settings.secret_key)
    floor.before_request(lambda: setattr(g, "client_id", client.client_id))
    work = service.open_work(client, client.client_id)
    section = next(step.section for step in service.steps_of(work) if step.number == FIRST)
    form = questionnaires.open_section(work.questions, section, work.answers)
    sent = {"csrf_token": browser.csrf_token, "asked": form.token, "live": "1"}
    sent |= {part.name: "yes" if part.item.kind == "boolean" else "urn:bench|c1" for part in form.walk()}
    # Each request opens and returns its own connection, as it does behind the server.
    db.database.close()
    acts = [visit(floor, "/", browser.cookie), visit(house.app, path, browser.cookie)]
    floor_ms, page_ms, save_ms = processor_ms([*acts, keep(house.app, f"{path}keep/", browser.cookie, sent)])
    db.database.connect(reuse_if_open=True)
    return floor_ms, page_ms, save_ms


def keep(app: Flask, path: str, cookie: str, sent: dict[str, str]) -> Callable[[], None]:
    """A section sent to be kept, as the page does while it is filled in."""
    content = urlencode(sent).encode()

    def act() -> None:
        environ = create_environ(
            path,
            method="POST",
            headers={"Cookie": cookie},
            input_stream=BytesIO(content),
            content_length=len(content),
            content_type="application/x-www-form-urlencoded",
        )
        body, status, _headers = run_wsgi_app(app.wsgi_app, environ)
        b"".join(body)
        if not status.startswith("200"):
            raise RuntimeError(f"{path} answered {status}")

    return act
