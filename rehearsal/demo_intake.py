"""What the demo writes for the plugin intake; it is left out with the plugin."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from core import clock, plugin_settings
from core.spec.errors import Refused
from core.tenancy import Scope
from plugins.intake import service as intake
from plugins.intake.starters import STARTERS
from plugins.intake.views.starter import clinical_history
from rehearsal import people
from rehearsal.demo_data import Practice, scope_of
from vestibule.data import questionnaires


def fill(practice: Practice, chance: random.Random) -> None:
    """The practice's questions; and those who signed up have submitted, save whom the demo is about."""
    _ask(practice)
    consent, release = (_publish(practice, name) for name in ("treatment", "release"))
    practice_forms = [intake.Asking(consent, yearly=True)]
    intake.put_packet(practice.scope, "signed_up", practice_forms, due_days=7)
    for client in practice.clients:
        if client.origin != "self" or client.account_id is None or client.given_name == "Nico":
            continue
        scope = scope_of(practice, client)
        with clock.standing_at(client.created_at + timedelta(hours=2)):
            work = intake.open_work(scope, client.id)
            answers = {work.questions.questions[0].link_id: (chance.choice(people.ANSWERS),)}
            filled = questionnaires.respond(work.questions, answers)
            intake.save(scope, work, "about-you", work.told)
            intake.save(scope, work, "questions", filled)
            if work.record_questions is not None:
                history = questionnaires.respond(work.record_questions, _history(work.record_questions))
                intake.save(scope, work, "record", history)
            if intake.submit(scope, client.id):
                raise Refused("demo_intake_incomplete")
            _sign(scope, client.id, consent, f"{client.given_name} {client.family_name}")
    for client in practice.clients:
        if client.origin != "self" and client.account_id is not None:
            intake.ask_for(practice.scope, client.id, release)
            break


def _publish(practice: Practice, name: str) -> UUID:
    """A form out of one of our starters, asked from now on."""
    starter = STARTERS[name]
    made = intake.begin_form(
        practice.scope, str(starter.title), is_consent=starter.is_consent, items=starter.items()
    )
    intake.publish(practice.scope, "", str(made))
    return made


def _sign(scope: Scope, client_id: UUID, series_id: UUID, name: str) -> None:
    """The consent of the packet, agreed to and signed."""
    paper = intake.open_paper(scope, client_id, series_id)
    agreed = {item.link_id: (True,) for item in paper.questionnaire.questions}
    answers = questionnaires.respond(paper.questionnaire, agreed)
    signed = replace(answers, signature=questionnaires.Signature(name, clock.now().replace(microsecond=0)))
    intake.save_paper(scope, paper, signed)
    if intake.send_paper(scope, client_id, series_id):
        raise Refused("demo_consent_incomplete")


def _history(form: questionnaires.Questionnaire) -> dict[str, Any]:
    """Answers to the form for the record: words in turn, the mildest choice, and no to what frightens."""
    words = iter(people.HISTORY)
    answers: dict[str, Any] = {}
    for number, item in enumerate(form.questions):
        if item.options:
            answers[item.link_id] = (item.options[min(1, len(item.options) - 1)].value,)
        else:
            answers[item.link_id] = (number < 4,) if item.kind == "boolean" else (next(words),)
    return answers


def _ask(practice: Practice) -> None:
    for ask, text, required, options in people.QUESTIONS:
        intake.add_question(practice.scope, ask, text, required=required, options=options)
    intake.publish(practice.scope, "A few questions")
    plugin_settings.put(practice.scope, "intake.require_before_scheduling", value=True)
    if intake.is_connected(practice.scope):
        intake.publish_record_form(practice.scope, clinical_history())
