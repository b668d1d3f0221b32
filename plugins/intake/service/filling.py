"""Filling in: one section at a time, kept as one goes, continued on another device."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from plugins.intake.models import Intake, IntakeForm
from plugins.intake.service.asking import state_of
from plugins.intake.service.designing import RECORD, active_form, read_form, with_active_form
from plugins.intake.service.packets import packet_kind
from plugins.intake.service.record_form import asked_record_form
from plugins.intake.service.requests import hand_out
from vestibule.data import (
    NotFound,
    PreparedRows,
    Refused,
    Scope,
    blank,
    client_record,
    client_records,
    demographics,
    now,
    questionnaires,
    transaction,
)

# "record" is the form for the practice's record: asked only where there is one.
PARTS = ("about-you", "questions", RECORD)


@dataclass(frozen=True, slots=True)
class Step:
    """One section; `number` counts from 1 over all parts, `part` is one of PARTS."""

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
    """An intake as it stands: the questionnaires and what was answered so far."""

    client: Any
    intake: Intake | None
    form: IntakeForm | None
    about_you: Any
    questions: Any
    told: Any
    answers: Any
    record_form: IntakeForm | None = None
    record_questions: Any = None
    record_answers: Any = None

    @property
    def is_submitted(self) -> bool:
        return self.intake is not None and self.intake.status == "submitted"

    def of(self, part: str) -> tuple[Any, Any]:
        """The questionnaire and the response of a part."""
        if part == "about-you":
            return self.about_you, self.told
        if part == RECORD:
            return self.record_questions, self.record_answers
        return self.questions, self.answers


def open_work(scope: Scope, client_id: UUID, *, at: int = 0) -> Work:
    """The intake of this chart, begun or not. Raises NotFound when none is asked.

    With `at`, the number of a section, answers are read of the part alone that it stands in.
    """
    client = _chart(scope, client_id)
    inner = scope.narrow(client.provider_id)
    row = next(iter(_of_client(inner, client_id=client_id)), None)
    if state_of(client, row.status if row is not None else None) == "not_asked":
        raise NotFound
    form = _form_for(inner, row)
    about_you = questionnaires.demographics_questionnaire()
    questions = read_form(inner, form) if form else None
    first = len(about_you.sections)
    second = first + (len(questions.sections) if questions else 0)
    told = _told(inner, client_id, row) if at <= first else None
    answers = None
    if not at or first < at <= second:
        answers = _answers(questions, row.answers if row is not None else None)
    work = Work(client, row, form, about_you, questions, told, answers)
    return work if 0 < at <= second else _with_record_form(inner, work)


_of_client = PreparedRows(
    lambda scope: with_active_form(scope, Intake).where(
        Intake.client_id == blank(Intake.client_id, "client_id")
    )
)


def _with_record_form(scope: Scope, work: Work) -> Work:
    row = work.intake
    form = _record_form_for(scope, row)
    if form is None:
        return work
    questions = read_form(scope, form)
    answers = _answers(questions, row.record_answers if row is not None else None)
    return replace(work, record_form=form, record_questions=questions, record_answers=answers)


def _chart(scope: Scope, client_id: UUID) -> Any:
    """The chart that is filled in; a client's own came with the scope."""
    if scope.kind != "client":
        return client_record(scope, client_id)
    for chart in client_records(scope):
        if chart.id == client_id:
            return chart
    raise NotFound


def _told(scope: Scope, client_id: UUID, row: Intake | None) -> Any:
    told = row.about_you if row is not None else None
    if told:
        return questionnaires.read_kept_response(told)
    return questionnaires.response_of(demographics(scope, client_id))


def _form_for(scope: Scope, row: Intake | None) -> IntakeForm | None:
    """What was submitted keeps its version; what is open is asked as it stands now."""
    if row is None:
        return active_form(scope)
    if row.status == "submitted":
        return scope.maybe(IntakeForm, row.form_id) if row.form_id else None
    return getattr(row, "active_form", None)


def _record_form_for(scope: Scope, row: Intake | None) -> IntakeForm | None:
    if row is not None and row.status == "submitted":
        return scope.maybe(IntakeForm, row.record_form_id) if row.record_form_id else None
    return asked_record_form(scope)


def _answers(questions: Any, kept: Any) -> Any:
    if questions is None:
        return None
    if not kept:
        return questionnaires.begin(questions)
    answers = questionnaires.read_kept_response(kept)
    if answers.questionnaire != questions.canonical:
        return questionnaires.carry_over(questions, answers)
    return answers


def step_at(work: Work, number: int) -> Step | None:
    """The section with this number, asked or not, without a look at how far it is."""
    before = 0
    for part in PARTS:
        questionnaire, _response = work.of(part)
        sections = questionnaire.sections if questionnaire else ()
        at = number - before
        if 1 <= at <= len(sections):
            return Step(number, part, sections[at - 1], "begun")
        before += len(sections)
    return None


def steps_of(work: Work) -> list[Step]:
    """The sections that are asked, in order, each not started, begun or done.

    A section keeps its number whether or not those before it are asked.
    """
    steps: list[Step] = []
    passed = work.intake.passed if work.intake is not None else []
    number = 0
    for part in PARTS:
        questionnaire, response = work.of(part)
        if questionnaire is None:
            continue
        for progress in questionnaires.progress_of(questionnaire, response):
            number += 1
            step = Step(number, part, progress.section, "not_started")
            if work.intake is not None:
                step = replace(step, state=section_state(progress, is_passed=step.key in passed))
            if progress.is_asked:
                steps.append(step)
    return steps


def section_state(progress: Any, *, is_passed: bool) -> str:
    """How far a section is that somebody has begun to fill in."""
    if is_passed and progress.is_whole:
        return "done"
    return "begun" if progress.is_begun else "not_started"


def save(scope: Scope, work: Work, part: str, response: Any, passed: Step | None = None) -> Any:
    """Keep a part as it stands; returns when. `passed` is the section from which the client went on.

    Raises Refused("submitted") once it was sent.
    """
    inner = scope.narrow(work.client.provider_id)
    column = {"about-you": "about_you", RECORD: "record_answers"}.get(part, "answers")
    written = questionnaires.write_response(response)
    at = now()
    values = {column: written, "saved_at": at, "form_id": work.form.id if work.form else None}
    with transaction():
        row = work.intake
        if row is None or passed is not None:
            # It may have been begun, or gone on with, on another device meanwhile.
            columns = (Intake.id, Intake.provider_id, Intake.passed)
            row = inner.rows(Intake, *columns).where(Intake.client_id == work.client.id).first()
        if passed is not None:
            values["passed"] = sorted({passed.key, *(row.passed if row is not None else ())})
        if row is None:
            hand_out(inner, work.client)
            inner.add(Intake, client_id=work.client.id, status="begun", begun_at=at, **values)
        elif not inner.change_while(row, Intake.status == "begun", **values):
            raise Refused("submitted")
        if passed is not None and part == "about-you":
            _hand_out_to_minor(inner, work.client, questionnaires.demographics_of(response).birth_on)
    return at


def _hand_out_to_minor(scope: Scope, client: Any, born: date | None) -> None:
    """Only here somebody who signed up tells that they are not of age."""
    kind = packet_kind(client, born)
    if kind != packet_kind(client):
        hand_out(scope, client, kind)
