"""What the demo writes for the plugin intake; it is left out with the plugin."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

from core import clock, plugin_settings
from core.spec.errors import Refused
from plugins.intake import service as intake
from plugins.intake.views.starter import clinical_history
from rehearsal import people
from rehearsal.demo_data import Practice, scope_of
from vestibule.data import questionnaires


def fill(practice: Practice, chance: random.Random) -> None:
    """The practice's questions; and those who signed up have submitted, save whom the demo is about."""
    _ask(practice)
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
