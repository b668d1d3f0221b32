"""The client's inbox: what waits, messages, writing."""

from __future__ import annotations

from uuid import UUID

from flask import Response, request

from core.i18n import format_time
from core.i18n import gettext as _
from core.inbox import service
from core.inbox.forms import MessageForm, ReplyForm
from core.inbox.views import shown
from core.spec.errors import NotFound, Refused
from core.tenancy import Scope
from core.web import slots
from core.web.pages import page, redirect_to


def home(scope: Scope) -> Response:
    """The view after login: what is waiting first, then messages."""
    lines, next_at = service.inbox(scope, shown.before())
    return page(
        "inbox/home.html",
        fragment="inbox",
        cards=slots.cards(scope),
        lines=lines,
        subjects=shown.subjects(lines),
        next_at=next_at,
        unread=sum(line.is_unread for line in lines),
    )


def write(scope: Scope) -> Response:
    """A new message to one of the providers that the client is joined with."""
    form = MessageForm(request.form if request.method == "POST" else None)
    form.to.choices = [(str(scope.clients[key]), scope.records[key].name) for key in scope.providers]
    problem = ""
    if request.method == "GET":
        _begin(scope, form)
    elif form.validate():
        try:
            thread = service.send_new(
                scope,
                UUID(form.to.data),
                subject=form.subject.data,
                body=form.body.data,
                key=form.key.data,
            )
            return redirect_to("inbox.thread", thread_id=thread.id, sent=1)
        except Refused:
            problem = _("Not sent. Your text is still here.")
    return page(
        "inbox/write.html",
        form=form,
        problem=problem,
        readers=_readers(scope),
        status=422 if form.errors or problem else 200,
    )


def _begin(scope: Scope, form: MessageForm) -> None:
    asked = request.args.get("to", "")
    offered = [value for value, _name in form.to.choices]
    form.to.data = asked if asked in offered else offered[0]
    form.key.data = shown.new_key()
    draft = service.draft_of(scope, UUID(form.to.data), "new")
    if draft is not None:
        form.subject.data, form.body.data = draft.subject, draft.body


def _readers(scope: Scope) -> dict[UUID, list[str]]:
    return {key: service.readers(scope, key) for key in scope.providers}


def thread(scope: Scope, thread_id: UUID) -> Response:
    """One thread, with the field for an answer below."""
    return shown.thread_page("inbox/thread.html", scope, thread_id, ReplyForm(None))


def answer(scope: Scope, thread_id: UUID) -> Response:
    """Send an answer; what was typed stays when it can't be sent."""
    form = ReplyForm(request.form)
    problem = ""
    if form.validate():
        try:
            service.reply(scope, thread_id, body=form.body.data, key=form.key.data)
            return redirect_to("inbox.thread", thread_id=thread_id, sent=1)
        except Refused:
            problem = _("Not sent. Your text is still here.")
    return shown.thread_page("inbox/thread.html", scope, thread_id, form, problem)


def keep(scope: Scope) -> Response:
    """Keep what is typed, under the account; answers with when."""
    place = shown.place_of_draft()
    client_id = _chart(scope, request.form.get("to", ""))
    subject, body = shown.typed("subject", 120), shown.typed("body", 10_000)
    saved_at = service.keep_draft(scope, client_id, place, subject=subject, body=body)
    return Response(_("Saved %(time)s") % {"time": format_time(saved_at)}, mimetype="text/plain")


def _chart(scope: Scope, told: str) -> UUID:
    found = [chart for chart in scope.clients.values() if str(chart) == told]
    if not found:
        raise NotFound
    return found[0]
