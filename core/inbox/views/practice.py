"""The practice's inbox: threads of all its clients, answering, writing to one."""

from __future__ import annotations

from uuid import UUID

from flask import Response, request

from core.i18n import format_time
from core.i18n import gettext as _
from core.inbox import service
from core.inbox.forms import MessageToClientForm, ReplyForm
from core.inbox.views import shown
from core.spec.errors import Refused
from core.tenancy import Scope
from core.tenancy.charts import client_record
from core.web.pages import page, redirect_to
from core.web.records import record_page


def practice_home(scope: Scope) -> Response:
    """All threads of the practice, newest first."""
    lines, next_at = service.inbox(scope, shown.before())
    return page(
        "inbox/practice.html",
        fragment="threads",
        lines=lines,
        subjects=shown.subjects(lines),
        next_at=next_at,
    )


def client_messages(scope: Scope, client_id: UUID) -> Response:
    """The tab Messages of a client's record."""
    lines, next_at = service.inbox_of_client(scope, client_id, shown.before())
    return record_page(
        "inbox/client_messages.html",
        scope,
        client_id,
        fragment="threads",
        lines=lines,
        subjects=shown.subjects(lines),
        next_at=next_at,
    )


def practice_write(scope: Scope, client_id: UUID) -> Response:
    """A new message to a client."""
    client = client_record(scope, client_id)
    form = MessageToClientForm(request.form if request.method == "POST" else None)
    problem = ""
    if request.method == "GET":
        form.key.data = shown.new_key()
        draft = service.draft_of(scope, client_id, "new")
        if draft is not None:
            form.subject.data, form.body.data = draft.subject, draft.body
    elif form.validate():
        try:
            thread = service.send_new(
                scope, client_id, subject=form.subject.data, body=form.body.data, key=form.key.data
            )
            return redirect_to("inbox.practice_thread", thread_id=thread.id, sent=1)
        except Refused:
            problem = _("Not sent. This client is not in the portal. Your text is still here.")
    status = 422 if form.errors or problem else 200
    return page("inbox/practice_write.html", form=form, client=client, problem=problem, status=status)


def practice_thread(scope: Scope, thread_id: UUID) -> Response:
    """One thread, with the field for an answer below."""
    return shown.thread_page("inbox/practice_thread.html", scope, thread_id, ReplyForm(None))


def practice_answer(scope: Scope, thread_id: UUID) -> Response:
    """Send an answer; what was typed stays when it can't be sent."""
    form = ReplyForm(request.form)
    problem = ""
    if form.validate():
        try:
            service.reply(scope, thread_id, body=form.body.data, key=form.key.data)
            return redirect_to("inbox.practice_thread", thread_id=thread_id, sent=1)
        except Refused:
            problem = _("Not sent. This client is not in the portal. Your text is still here.")
    return shown.thread_page("inbox/practice_thread.html", scope, thread_id, form, problem)


def practice_keep(scope: Scope, client_id: UUID) -> Response:
    """Keep what a member is typing, under their account; answers with when."""
    place = shown.place_of_draft()
    subject, body = shown.typed("subject", 120), shown.typed("body", 10_000)
    saved_at = service.keep_draft(scope, client_id, place, subject=subject, body=body)
    return Response(_("Saved %(time)s") % {"time": format_time(saved_at)}, mimetype="text/plain")
