"""Filling in a form that was asked for: kept section by section, sent once, mended when it comes back."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from plugins.intake.models import FormRequest, IntakeForm
from plugins.intake.service.designing import active_form, read_form
from plugins.intake.service.filling import Step, section_state
from plugins.intake.service.requests import Asked, current, hand_out
from plugins.intake.service.series import OPEN
from vestibule.data import (
    NotFound,
    Refused,
    Scope,
    hint,
    note,
    now,
    questionnaires,
    retrying,
    send_system_message,
    today,
    transaction,
)

PART = "form"


@dataclass(frozen=True, slots=True)
class Paper:
    """A form as one client has it: the version, its questions and what was answered so far."""

    asked: Asked
    form: IntakeForm
    questionnaire: Any
    response: Any

    @property
    def client(self) -> Any:
        return self.asked.client

    @property
    def request(self) -> FormRequest | None:
        return self.asked.request

    @property
    def is_open(self) -> bool:
        return self.asked.is_open

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of the text that this version shows."""
        return fingerprint_of(self.questionnaire)


def fingerprint_of(questionnaire: Any) -> str:
    """The SHA-256 of the questionnaire as FHIR JSON, its keys sorted, without spaces."""
    written = questionnaires.write_questionnaire(questionnaire) | {"status": "active"}
    text = json.dumps(written, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def open_paper(scope: Scope, client_id: UUID, series_id: UUID) -> Paper:
    """The form as it stands for this client. Raises NotFound when it was not asked."""
    return paper_of(scope, current(scope, client_id, series_id))


def paper_of(scope: Scope, asked: Asked) -> Paper:
    """What stands behind one line of the list; what was sent keeps its version. Raises NotFound."""
    inner = scope.narrow(asked.client.provider_id)
    row = asked.request
    form = active_form(inner, str(asked.series.id))
    if row is not None and not asked.is_open:
        form = scope.maybe(IntakeForm, row.form_id) if row.form_id else None
    if form is None:
        raise NotFound
    questionnaire = read_form(inner, form)
    kept = row.answers if row is not None else None
    if not kept:
        return Paper(asked, form, questionnaire, questionnaires.begin(questionnaire))
    response = questionnaires.read_kept_response(kept)
    if response.questionnaire != questionnaire.canonical:
        # A signature is under one text: under another it has to be given again.
        response = questionnaires.carry_over(questionnaire, response)
    return Paper(asked, form, questionnaire, response)


def paper_steps(paper: Paper) -> list[Step]:
    """The sections that are asked, in order, each not started, begun or done."""
    passed = paper.request.passed if paper.request is not None else []
    steps = []
    for progress in questionnaires.progress_of(paper.questionnaire, paper.response):
        step = Step(progress.section.number, PART, progress.section, "not_started")
        if paper.request is not None and paper.request.saved_at is not None:
            step = replace(step, state=section_state(progress, is_passed=step.key in passed))
        if progress.is_asked:
            steps.append(step)
    return steps


def save_paper(scope: Scope, paper: Paper, response: Any, passed: Step | None = None) -> Any:
    """Keep the form as it stands; returns when. Raises Refused("submitted") once it was sent."""
    inner = scope.narrow(paper.client.provider_id)
    at = now()
    with transaction():
        if paper.request is None:
            hand_out(inner, paper.client)
        row = _open_row(inner, paper)
        gone_on = sorted({passed.key, *row.passed}) if passed is not None else row.passed
        status = "begun" if row.status == "asked" else row.status
        written = questionnaires.write_response(response)
        values = {"answers": written, "saved_at": at, "passed": gone_on, "form_id": paper.form.id}
        inner.change(row, status=status, **values)
    return at


def _open_row(scope: Scope, paper: Paper) -> FormRequest:
    mine = FormRequest.client_id == paper.client.id
    rows = scope.rows(FormRequest).where(mine & (FormRequest.series_id == paper.asked.series.id))
    row: FormRequest | None = rows.where(FormRequest.status.in_(OPEN)).first()
    if row is None:
        raise Refused("submitted")
    return row


@retrying
def send_paper(scope: Scope, client_id: UUID, series_id: UUID) -> list[Any]:
    """Send the form to the practice; a second time changes nothing.

    Returns what is still missing or wrong; nothing is sent then. A blank form is never sent.
    """
    with transaction():
        paper = open_paper(scope, client_id, series_id)
        if not paper.is_open:
            return []
        settled = questionnaires.settle(paper.questionnaire, paper.response)
        faults = questionnaires.check(paper.questionnaire, settled, complete=True)
        if not faults and is_blank(paper.questionnaire, settled):
            first = next(item for item in paper.questionnaire.questions if item.is_asked)
            faults = [questionnaires.Fault(first.link_id, "required")]
        if faults:
            found: list[Any] = faults
            return found
        inner = scope.narrow(paper.client.provider_id)
        _file(inner, paper, settled)
    return []


def is_blank(questionnaire: Any, response: Any) -> bool:
    """Whether nothing was answered of what was asked."""
    asked = {item.link_id for item in questionnaire.questions if item.is_asked}
    return bool(asked) and not asked & set(response.answers)


def _file(scope: Scope, paper: Paper, settled: Any) -> None:
    row, at = _open_row(scope, paper), now()
    held_until = _first_day(paper.questionnaire, settled, questionnaires.EXPIRY)
    scope.change(
        row,
        status="sent",
        answers=questionnaires.write_response(questionnaires.completed(settled, at)),
        form_id=paper.form.id,
        fingerprint=paper.fingerprint,
        expires_on=held_until,
        again_on=_in_a_year(today("UTC")) if row.yearly else None,
        sent_at=at,
    )
    facts = {"title": paper.asked.series.title, "request_id": str(row.id)}
    key = f"{row.id}:{at.isoformat()}"
    send_system_message(scope, paper.client.id, "intake.form_sent", key=key, facts=facts)
    note(scope, "intake.form_sent", row)
    hint(scope, "intake", client_id=paper.client.id)


def _first_day(questionnaire: Any, response: Any, definition: str) -> date | None:
    for item in questionnaire.questions:
        value = response.first(item.link_id) if item.definition == definition else None
        if isinstance(value, date):
            return value
    return None


def _in_a_year(day: date) -> date:
    is_leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year + 1, day=28 if is_leap_day else day.day)


def withdraw(scope: Scope, client_id: UUID, series_id: UUID) -> None:
    """Take a consent back from now on; what was signed stays readable. A second time changes nothing.

    Raises NotFound for what is no consent, or was not sent.
    """
    with transaction():
        asked = current(scope, client_id, series_id)
        row = asked.request
        if (
            row is None
            or asked.series.kind != "consent"
            or row.status not in ("sent", "accepted", "withdrawn")
        ):
            raise NotFound
        if row.status == "withdrawn":
            return
        inner = scope.narrow(asked.client.provider_id)
        inner.change(row, status="withdrawn", withdrawn_at=now(), again_on=None)
        facts = {"title": asked.series.title, "request_id": str(row.id)}
        send_system_message(inner, client_id, "intake.form_withdrawn", key=str(row.id), facts=facts)
        note(inner, "intake.consent_withdrawn", row)
        hint(inner, "intake", client_id=client_id)
