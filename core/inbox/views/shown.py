"""What pages of both sides share: subjects, notices, where a page of rows begins."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import jinja2
from flask import Response, current_app, request, url_for
from markupsafe import Markup

from core.i18n import gettext as _
from core.i18n import ngettext
from core.inbox import service
from core.inbox.forms import ReplyForm
from core.inbox.models import Message, Thread
from core.inbox.service import Line
from core.spec.errors import NotFound
from core.tenancy import Scope
from core.tenancy.charts import client_record
from core.web.guard import is_background
from core.web.pages import page


def new_key() -> str:
    """A key for one sending, so that a page posted twice sends once."""
    return uuid.uuid4().hex


def before() -> datetime | None:
    """Where the asked page of rows begins; rubbish means the start."""
    try:
        moment = datetime.fromisoformat(request.args.get("before", ""))
        return moment.astimezone(UTC) if moment.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None


def place_of_draft() -> str:
    """Where a draft belongs: `new`, or the thread that the page names. Raises NotFound."""
    place = request.form.get("place", "new")
    try:
        return place if place == "new" else str(UUID(place))
    except ValueError as error:
        raise NotFound from error


def typed(name: str, most: int) -> str:
    """What stands in a field of a draft, readable on both databases."""
    text = request.form.get(name, "").replace("\0", "")[:most]
    return text.encode("utf-8", "replace").decode()


def subject_of(thread: Thread) -> str:
    """The subject a person gave, or the notice's own."""
    if thread.kind != "person":
        return notice_part(thread.kind, "subject", {"client_name": thread.last_author})
    return thread.subject or _("No subject")


def notice_part(kind: str, block: str, facts: dict[str, Any]) -> str:
    """A block of the notice's template; a plugin that is gone leaves a plain word."""
    plugin, _dot, name = kind.partition(".")
    try:
        template = current_app.jinja_env.get_template(f"{plugin}/messages/{name}.html")
    except jinja2.TemplateNotFound:
        return _("Notice")
    context: dict[str, Any] = {"facts": facts, **facts}
    current_app.update_template_context(context)
    return "".join(template.blocks[block](template.new_context(context))).strip()


def body_of(message: Message, client_name: str, client_id: UUID) -> str:
    """The words of a message; a notice's are drawn from its facts."""
    if message.kind == "person":
        return message.body or ""
    told = {name: _moment(name, value) for name, value in (message.facts or {}).items()}
    facts = {"client_name": client_name, "client_id": client_id, **told}
    # Drawn by a template, which has escaped what people wrote.
    return Markup(notice_part(message.kind, "body", facts))  # noqa: S704


def _moment(name: str, value: Any) -> Any:
    return datetime.fromisoformat(value) if name.endswith("_at") else value


def subjects(lines: list[Line]) -> dict[UUID, str]:
    return {line.thread.id: subject_of(line.thread) for line in lines}


def _news(theirs: int) -> str:
    """What an open page is told that knew fewer messages of others."""
    count = theirs - request.args.get("heard", theirs, type=int)
    return ngettext("%(n)s new message", "%(n)s new messages", count, n=count) if count > 0 else ""


def thread_page(template: str, scope: Scope, thread_id: UUID, form: ReplyForm, problem: str = "") -> Response:
    """A thread with the field for an answer below: the draft at first, what was typed after a fault."""
    opened = service.open_thread(scope, thread_id, is_first=not is_background())
    thread = opened.thread
    theirs = sum(message.author_account_id != scope.account_id for message in opened.messages)
    if request.method == "GET":
        draft = service.draft_of(scope, thread.client_id, str(thread_id))
        form.key.data, form.body.data = new_key(), draft.body if draft is not None else ""
    return page(
        template,
        fragment="messages",
        opened=opened,
        again=url_for(str(request.endpoint).replace("answer", "thread"), thread_id=thread_id, heard=theirs),
        news=_news(theirs),
        subject=subject_of(thread),
        bodies={
            message.id: body_of(message, opened.client_name, thread.client_id) for message in opened.messages
        },
        client=client_record(scope, thread.client_id),
        provider=scope.records[thread.provider_id],
        readers=service.readers(scope, thread.provider_id),
        form=form,
        problem=problem,
        sent="sent" in request.args,
        status=422 if form.errors or problem else 200,
    )
