"""Filling in: one section at a time, kept as one goes, continued on another device."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from plugins.intake.models import Intake, IntakeForm
from plugins.intake.service.asking import standing
from plugins.intake.service.designing import active_form
from vestibule.data import (
    NotFound,
    Refused,
    Scope,
    client_record,
    demographics,
    now,
    questionnaires,
    transaction,
)


@dataclass(frozen=True, slots=True)
class Step:
    """One section; `number` counts from 1 over all parts, `part` is `about-you` or `questions`."""

    number: int
    part: str
    section: Any
    state: str

    @property
    def key(self) -> str:
        """The same for a section that stays while the form around it changes."""
        return f"{self.part}:{self.section.items[0].link_id}"


@dataclass(frozen=True, slots=True)
class Work:
    """An intake as it stands: the two questionnaires and what was answered so far."""

    client: Any
    intake: Intake | None
    form: IntakeForm | None
    about_you: Any
    questions: Any
    told: Any
    answers: Any

    @property
    def is_submitted(self) -> bool:
        return self.intake is not None and self.intake.status == "submitted"

    def of(self, part: str) -> tuple[Any, Any]:
        """The questionnaire and the response of a part."""
        if part == "about-you":
            return self.about_you, self.told
        return self.questions, self.answers


def open_work(scope: Scope, client_id: UUID) -> Work:
    """The intake of this chart, begun or not. Raises NotFound when none is asked."""
    client = client_record(scope, client_id)
    inner = scope.narrow(client.provider_id)
    if standing(inner, client).state == "not_asked":
        raise NotFound
    row = inner.rows(Intake).where(Intake.client_id == client_id).first()
    form = _form_for(inner, row)
    about_you = questionnaires.demographics_questionnaire()
    questions = questionnaires.read_questionnaire(form.questionnaire) if form else None
    if row is not None and row.about_you:
        told = questionnaires.read_response(row.about_you)
    else:
        told = questionnaires.response_of(demographics(inner, client_id))
    return Work(client, row, form, about_you, questions, told, _answers(row, questions))


def _form_for(scope: Scope, row: Intake | None) -> IntakeForm | None:
    """What was submitted keeps its version; what is open is asked as it stands now."""
    if row is not None and row.status == "submitted":
        return scope.maybe(IntakeForm, row.form_id) if row.form_id else None
    return active_form(scope)


def _answers(row: Intake | None, questions: Any) -> Any:
    if questions is None:
        return None
    if row is None or not row.answers:
        return questionnaires.respond(questions, {})
    answers = questionnaires.read_response(row.answers)
    if answers.questionnaire != questions.canonical:
        return questionnaires.carry_over(questions, answers)
    return answers


def steps_of(work: Work) -> list[Step]:
    """All sections in order, each not started, begun or done."""
    steps: list[Step] = []
    passed = work.intake.passed if work.intake is not None else []
    for part in ("about-you", "questions"):
        questionnaire, response = work.of(part)
        if questionnaire is None:
            continue
        for section in questionnaire.sections:
            step = Step(len(steps) + 1, part, section, "not_started")
            if work.intake is not None:
                step = replace(step, state=_state(section, response, is_passed=step.key in passed))
            steps.append(step)
    return steps


def _state(section: Any, response: Any, *, is_passed: bool) -> str:
    answered = {item.link_id for item in section.questions if item.link_id in response.answers}
    required = {item.link_id for item in section.questions if item.required}
    if is_passed and required <= answered:
        return "done"
    return "begun" if answered else "not_started"


def save(scope: Scope, work: Work, part: str, response: Any, passed: Step | None = None) -> Any:
    """Keep a part as it stands; returns when. `passed` is the section from which the client went on.

    Raises Refused("submitted") once it was sent.
    """
    inner = scope.narrow(work.client.provider_id)
    column = "about_you" if part == "about-you" else "answers"
    written = questionnaires.write_response(response)
    at = now()
    values = {column: written, "saved_at": at, "form_id": work.form.id if work.form else None}
    with transaction():
        row = inner.rows(Intake).where(Intake.client_id == work.client.id).first()
        if passed is not None:
            values["passed"] = sorted({passed.key, *(row.passed if row is not None else ())})
        if row is None:
            inner.add(Intake, client_id=work.client.id, status="begun", begun_at=at, **values)
        elif row.status == "submitted":
            raise Refused("submitted")
        else:
            inner.change(row, **values)
    return at
