"""What waits, as rows of the Inbox and lines of Today."""

from __future__ import annotations

from plugins.intake import service
from vestibule.data import ClientRecord
from vestibule.web import Attention, Card, format_date_alone
from vestibule.web import gettext as _


def intake_card(standing: service.Standing) -> Card:
    """An intake that was not submitted yet, or came back."""
    actions = {"not_started": _("Begin Intake"), "returned": _("Mend Intake")}
    return Card(
        title=_("Intake"),
        text=_intake_text(standing),
        endpoint="intake.tasks",
        action=actions.get(standing.state, _("Continue Intake")),
        urgency="blocks" if standing.blocks else "waits",
        provider_id=standing.client.provider_id,
        values={"client_id": standing.client.id},
    )


def _intake_text(standing: service.Standing) -> str:
    if standing.state != "returned":
        return _("Needed before you can schedule.") if standing.blocks else _("About 10 minutes.")
    back = _("Sent back: read what has to be mended.")
    return f"{back} {_('Needed before you can schedule.')}" if standing.blocks else back


def form_card(asked: service.Asked) -> Card:
    """A form that was not sent yet, or came back."""
    return Card(
        title=asked.series.title,
        text=_form_text(asked),
        endpoint="intake.form",
        action=_("Mend") if asked.state == "returned" else _("Fill in"),
        urgency="blocks" if asked.request and asked.request.blocks else "waits",
        provider_id=asked.client.provider_id,
        values={"client_id": asked.client.id, "series_id": asked.series.id},
    )


def _form_text(asked: service.Asked) -> str:
    if asked.state == "returned":
        return _("Sent back: read what has to be mended.")
    if asked.due_on is None:
        return _("To be filled in.")
    pattern = _("Was due %(day)s.") if asked.is_overdue else _("Due %(day)s.")
    return pattern % {"day": format_date_alone(asked.due_on)}


def sent_line(asked: service.Asked) -> Attention:
    """A form that came in and waits for a look."""
    assert asked.request is not None
    words = _("%(name)s sent a form: %(title)s") % {"name": asked.client.name, "title": asked.series.title}
    where = {"client_id": asked.client.id, "request_id": asked.request.id}
    return Attention(words, "intake.client_form", asked.request.sent_at, where)


def difference_line(client: ClientRecord) -> Attention:
    """A client whose intake says something else than the practice's record."""
    words = _("Decide what stands in My Clients Plus: %(name)s") % {"name": client.name}
    return Attention(words, "intake.at_record", values={"client_id": client.id})
