"""The practice's forms: the list with what is outstanding, a new one, and the packets."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from plugins.intake import service
from plugins.intake.forms import NewForm, PacketForm
from plugins.intake.starters import STARTERS
from plugins.intake.views.words import packet_words
from vestibule.data import NotFound, questionnaires
from vestibule.web import Scope, page, redirect_to


def forms(scope: Scope) -> Response:
    """All forms, what came in and waits for a look, and what clients have not sent yet."""
    has_record = scope.role == "owner" and service.is_connected(scope)
    chosen, is_asked = service.chosen_record_form(scope) if has_record else (None, False)
    return page(
        "intake/forms.html",
        has_record=has_record,
        record_title=chosen.title if chosen and is_asked else "",
        lines=service.form_lines(scope),
        to_look_at=service.to_look_at(scope),
        outstanding=service.open_requests(scope),
        waiting=service.outstanding(scope),
        may_change=scope.role == "owner",
    )


def new_form(scope: Scope) -> Response:
    """A form out of a starter, or an empty one."""
    form = NewForm(request.form if request.method == "POST" else None)
    if request.method == "POST" and form.validate():
        starter = STARTERS[form.starter.data]
        title = form.title.data or str(starter.title)
        try:
            made = service.begin_form(scope, title, is_consent=starter.is_consent, items=starter.items())
            return redirect_to("intake.design", form=str(made))
        except questionnaires.QuestionnaireRefused as error:
            form.refuse("title", questionnaires.refusal_in_words(error.refusals[0]))
    return page("intake/new_form.html", form=form, starters=STARTERS, status=422 if form.errors else 200)


def packet_list(scope: Scope) -> Response:
    """The packets, each with its forms."""
    names = {series.id: series.title for series in service.published_series(scope)}
    found = [
        (kind, packet_words(kind), [names[one.series_id] for one in packet.forms if one.series_id in names])
        for kind, packet in service.packets(scope).items()
    ]
    return page("intake/packets.html", packets=found)


def packet(scope: Scope, kind: str) -> Response:
    """One packet: its forms, by when, and which every year."""
    if kind not in service.KINDS:
        raise NotFound
    before = service.packets(scope)[kind]
    data: dict[str, Any] = {
        "forms": [str(one.series_id) for one in before.forms],
        "yearly": [str(one.series_id) for one in before.forms if one.yearly],
        "due_days": before.due_days,
    }
    form = PacketForm(request.form if request.method == "POST" else None, data=data)
    published = {str(series.id): series for series in service.published_series(scope)}
    form.forms.choices = form.yearly.choices = [(key, one.title) for key, one in published.items()]
    if request.method == "POST" and form.validate():
        asked = [
            service.Asking(one.id, key in form.yearly.data)
            for key, one in published.items()
            if key in form.forms.data
        ]
        service.put_packet(scope, kind, asked, form.due_days.data)
        return redirect_to("intake.packet_list")
    return page(
        "intake/packet.html",
        form=form,
        words=packet_words(kind),
        has_forms=bool(published),
        status=422 if form.errors else 200,
    )
