"""The client's pages: the task list, a section, the check page, the end."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, request, url_for
from werkzeug.datastructures import CombinedMultiDict

from plugins.intake import service
from plugins.intake.views.words import state_words
from vestibule.data import NotFound, Refused, client_records, questionnaires
from vestibule.web import Scope, format_time, page, redirect_to
from vestibule.web import gettext as _


def home(scope: Scope) -> Response:
    """The one intake of the client, or the list of all that they are or were asked."""
    works = [work for chart in scope.clients.values() if (work := _asked(scope, chart))]
    forms = [one for chart in client_records(scope) for one in service.asked_of(scope, chart)]
    if len(works) == 1 and len(scope.clients) == 1:
        return redirect_to("intake.tasks", client_id=works[0].client.id)
    return page("intake/home.html", works=works, forms=_in_words(forms))


def _in_words(forms: list[service.Asked]) -> list[tuple[service.Asked, str]]:
    return [(one, state_words(one)) for one in forms]


def _asked(scope: Scope, client_id: UUID) -> service.Work | None:
    try:
        return service.open_work(scope, client_id)
    except NotFound:
        return None


def tasks(scope: Scope, client_id: UUID) -> Response:
    """The task list, with where to go on; after submission the answers."""
    work = service.open_work(scope, client_id)
    forms = _in_words(service.asked_of(scope, work.client))
    about = _about(scope, work)
    if work.is_submitted:
        return page("intake/answers.html", work=work, shown=shown_of(work), forms=forms, **about)
    steps = service.steps_of(work)
    following = next((step for step in steps if step.state != "done"), None)
    earlier = service.last_earlier(scope.narrow(work.client.provider_id), work.intake)
    given = {"steps": steps, "following": following, "forms": forms, "earlier": earlier, **about}
    return page("intake/tasks.html", work=work, **given)


def section(scope: Scope, client_id: UUID, number: int) -> Response:
    """One section of the form: saved, then on to the next."""
    work = service.open_work(scope, client_id)
    if work.is_submitted:
        return redirect_to("intake.tasks", client_id=client_id)
    steps = service.steps_of(work)
    step = _step(steps, number)
    form = _form(work, step)
    if request.method == "POST":
        if {"more", "less"} & set(request.form):
            return _repeated(scope, work, step, form)
        is_whole = form.validate() and not form.came_up
        _save(scope, work, step, form, passed=step if is_whole else None)
        if is_whole:
            return _onward(scope, client_id, step)
    return _section_page(scope, work, steps, step, form)


def _section_page(scope: Scope, work: service.Work, steps: Any, step: service.Step, form: Any) -> Response:
    return page(
        "intake/section.html",
        work=work,
        step=step,
        at=steps.index(step) + 1,
        of=len(steps),
        form=form,
        came_up=form.came_up,
        status=422 if form.errors else 200,
        **_about(scope, work),
    )


def _form(work: service.Work, step: service.Step, *, complete: bool = True) -> Any:
    questionnaire, response = work.of(step.part)
    both: list[Any] = [request.form, request.files]
    sent: Any = CombinedMultiDict(both) if request.method == "POST" else None
    more = request.args.get("more", "")
    return questionnaires.open_section(
        questionnaire, step.section, response, sent, complete=complete, more=more
    )


def _step(steps: list[service.Step], number: int) -> service.Step:
    for step in steps:
        if step.number == number:
            return step
    raise NotFound


def _repeated(scope: Scope, work: service.Work, step: service.Step, form: Any) -> Response:
    """One more time of a part, or one less: what was typed is kept, complete or not."""
    more = request.form.get("more")
    service.save(scope, work, step.part, form.response(without=request.form.get("less", "")))
    where = {"client_id": work.client.id, "number": step.number}
    if "change" in request.args:
        where["change"] = 1
    if more is None:
        return redirect_to("intake.section", **where)
    return redirect_to("intake.section", **where, more=more, _anchor=more)


def _save(scope: Scope, work: service.Work, step: service.Step, form: Any, passed: Any = None) -> Any:
    return service.save(scope, work, step.part, form.response(), passed)


def _onward(scope: Scope, client_id: UUID, step: service.Step) -> Response:
    """To the next section that is asked, as the answers stand now."""
    steps = service.steps_of(service.open_work(scope, client_id))
    later = [other for other in steps if other.number > step.number]
    if "change" in request.args or not later:
        return redirect_to("intake.check", client_id=client_id)
    return redirect_to("intake.section", client_id=client_id, number=later[0].number)


def keep(scope: Scope, client_id: UUID, number: int) -> Response:
    """Keep what stands in a section while it is filled in; answers with when."""
    work = service.open_work(scope, client_id, at=number)
    if work.is_submitted:
        raise NotFound
    step = service.step_at(work, number)
    if step is None:
        raise NotFound
    form = _form(work, step, complete=False)
    form.validate()
    saved_at = _save(scope, work, step, form)
    return Response(_("Saved %(time)s") % {"time": format_time(saved_at)}, mimetype="text/plain")


def check(scope: Scope, client_id: UUID) -> Response:
    """All answers once more; from here the intake is submitted."""
    faults: list[tuple[str, Any]] = []
    if request.method == "POST":
        try:
            faults = service.submit(scope, client_id)
        except Refused:
            return redirect_to("intake.tasks", client_id=client_id)
        if not faults:
            return redirect_to("intake.done", client_id=client_id)
    work = service.open_work(scope, client_id)
    if work.is_submitted:
        return redirect_to("intake.done", client_id=client_id)
    return page(
        "intake/check.html",
        work=work,
        shown=shown_of(work),
        problems=_problems(work, faults),
        status=422 if faults else 200,
        **_about(scope, work),
    )


def shown_of(work: service.Work) -> list[tuple[service.Step, list[tuple[str, str]]]]:
    """The sections that are asked, each with its questions and answers in words."""
    found = []
    for step in service.steps_of(work):
        questionnaire, response = work.of(step.part)
        by_section = questionnaires.answers_by_section(questionnaire, response, blanks="-")
        pairs = next((pairs for section, pairs in by_section if section == step.section), [])
        found.append((step, pairs))
    return found


def _problems(work: service.Work, faults: list[tuple[str, Any]]) -> list[tuple[str, str]]:
    lines = []
    for part, fault in faults:
        for step in service.steps_of(work):
            for item in step.section.questions:
                if step.part == part and item.link_id == fault.link_id:
                    where = {"client_id": work.client.id, "number": step.number, "change": 1}
                    href = url_for("intake.section", **where)
                    anchor = f"{href}#{questionnaires.field_name(item.link_id)}"
                    lines.append((f"{item.label}: {questionnaires.fault_in_words(fault)}", anchor))
    return lines


def done(scope: Scope, client_id: UUID) -> Response:
    """The end: who has it now, and what can be done next."""
    work = service.open_work(scope, client_id)
    if not work.is_submitted:
        return redirect_to("intake.tasks", client_id=client_id)
    forms = [pair for pair in _in_words(service.asked_of(scope, work.client)) if pair[0].is_open]
    is_blocked = service.blocks_booking(scope, work.client)
    return page("intake/done.html", work=work, forms=forms, is_blocked=is_blocked, **_about(scope, work))


def _about(scope: Scope, work: service.Work) -> dict[str, Any]:
    return {"provider": scope.records[work.client.provider_id]}
