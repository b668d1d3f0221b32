"""The form for the practice's record: chosen in settings, asked only where a record is connected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from plugins.intake.models import IntakeForm
from plugins.intake.service.designing import RECORD, URL, active_form, next_version, read_form
from plugins.intake.service.series import series_of
from vestibule.data import (
    ConnectorFailed,
    NotConnected,
    NotFound,
    Scope,
    note,
    now,
    practice_records,
    questionnaires,
    transaction,
)


def is_connected(scope: Scope) -> bool:
    """Whether the scope's one provider has a record, be it away at the moment; asked outside transactions."""

    def ask() -> bool:
        try:
            practice_records(scope)
        except NotConnected:
            return False
        except ConnectorFailed:
            return True
        return True

    return bool(scope.once("intake.is_connected", ask))


def asked_record_form(scope: Scope) -> IntakeForm | None:
    """The version that clients are asked now; None where none is chosen, or there is no record."""
    form = active_form(scope, RECORD)
    return form if form is not None and is_connected(scope) else None


def chosen_record_form(scope: Scope) -> tuple[Any, bool]:
    """The questionnaire that there is for the record, None for none, and whether it is asked."""
    row = _newest(scope)
    if row is None:
        return None, False
    return questionnaires.read_questionnaire(row.questionnaire), row.status == "active"


def ask_record_form(scope: Scope, *, is_asked: bool) -> None:
    """Ask clients for it as the last part of intake, or no longer."""
    with transaction():
        row = _newest(scope)
        if row is not None:
            scope.change(row, status="active" if is_asked else "retired", changed_at=now())


def bring_record_form(scope: Scope, raw: Any) -> Sequence[Any]:
    """Make a FHIR Questionnaire the form for the record; returns notes on what came in otherwise.

    Raises QuestionnaireRefused, and then nothing is changed.
    """
    read, notes = questionnaires.import_questionnaire(raw, None)
    kept = {name: value for name, value in read.kept.items() if name not in ("id", "meta")}
    derived = [read.canonical] if read.url else []
    _publish(scope, replace(read, kept={**kept, "derivedFrom": derived} if derived else kept))
    found: Sequence[Any] = notes
    return found


def publish_record_form(scope: Scope, questionnaire: Any) -> None:
    """Ask this questionnaire for the record from now on; what was answered keeps its version."""
    _publish(scope, questionnaire)


def use_as_record_form(scope: Scope, series_id: UUID) -> None:
    """Ask a form of the practice for the record, as it is published now: a copy that says whence it is.

    Raises NotFound for one that is retired, not published yet, or a consent, which stays by itself.
    """
    form = active_form(scope, str(series_of(scope, series_id).id))
    if form is None or series_of(scope, series_id).kind == "consent":
        raise NotFound
    made = read_form(scope, form)
    _publish(scope, replace(made, kept={**made.kept, "derivedFrom": [made.canonical]}))


def use_of(scope: Scope, series_id: UUID) -> str:
    """Whether this form is asked for the record: `now`, `earlier` for another version of it, else `no`."""
    asked, form = active_form(scope, RECORD), active_form(scope, str(series_id))
    if asked is None or form is None:
        return "no"
    sources = read_form(scope, asked).kept.get("derivedFrom", [])
    made = read_form(scope, form)
    if made.canonical in sources:
        return "now"
    return "earlier" if any(source.partition("|")[0] == made.url for source in sources) else "no"


def _publish(scope: Scope, questionnaire: Any) -> None:
    with transaction():
        version = next_version(scope)
        url = f"{URL}:record:{scope.provider_id}"
        made = replace(questionnaire, url=url, version=str(version - 1), status="draft")
        written = questionnaires.write_questionnaire(questionnaires.new_version(made))
        active = (IntakeForm.status == "active") & (IntakeForm.series == RECORD)
        scope.update(IntakeForm, status="retired").where(active).execute()
        told = {"version": version, "status": "active", "series": RECORD, "changed_at": now()}
        row = scope.add(IntakeForm, questionnaire=written, **told)
        note(scope, "intake.form_published", row, version=version)


def _newest(scope: Scope) -> IntakeForm | None:
    rows = scope.rows(IntakeForm).where((IntakeForm.series == RECORD) & (IntakeForm.status != "draft"))
    found: IntakeForm | None = rows.order_by(IntakeForm.version.desc()).first()
    return found
