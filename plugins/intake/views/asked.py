"""The client's pages of a form that was asked for: overview, a section, the check page, withdrawing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, request, url_for
from werkzeug.datastructures import CombinedMultiDict

from plugins.intake import service
from plugins.intake.views.words import signed_facts, state_words
from vestibule.data import NotFound, Refused, questionnaires
from vestibule.web import Scope, format_time, page, redirect_to
from vestibule.web import gettext as _


def form(scope: Scope, client_id: UUID, series_id: UUID) -> Response:
    """The form's sections and where to go on; once it was sent, what was sent."""
    paper = service.open_paper(scope, client_id, series_id)
    if not paper.is_open:
        shown = questionnaires.answers_by_section(paper.questionnaire, paper.response, blanks="-")
        return page(
            "intake/form_sent.html",
            paper=paper,
            shown=shown,
            facts=signed_facts(paper),
            state=state_words(paper.asked),
            may_withdraw=paper.asked.series.kind == "consent" and paper.asked.state in ("sent", "accepted"),
            **_about(scope, paper),
        )
    steps = service.paper_steps(paper)
    following = next((step for step in steps if step.state != "done"), None)
    return page("intake/form.html", paper=paper, steps=steps, following=following, **_about(scope, paper))


def form_section(scope: Scope, client_id: UUID, series_id: UUID, number: int) -> Response:
    """One section: saved, then on to the next."""
    paper = service.open_paper(scope, client_id, series_id)
    if not paper.is_open:
        return redirect_to("intake.form", client_id=client_id, series_id=series_id)
    steps = service.paper_steps(paper)
    step = next((step for step in steps if step.number == number), None)
    if step is None:
        raise NotFound
    section = _section_form(paper, step)
    if request.method == "POST":
        if {"more", "less"} & set(request.form):
            return _repeated(scope, paper, step, section)
        is_whole = section.validate() and not section.came_up
        service.save_paper(scope, paper, section.response(), step if is_whole else None)
        if is_whole:
            return _onward(scope, paper, step)
    return page(
        "intake/form_section.html",
        paper=paper,
        step=step,
        at=steps.index(step) + 1,
        of=len(steps),
        form=section,
        came_up=section.came_up,
        status=422 if section.errors else 200,
        **_about(scope, paper),
    )


def _section_form(paper: service.Paper, step: service.Step, *, complete: bool = True) -> Any:
    both: list[Any] = [request.form, request.files]
    sent: Any = CombinedMultiDict(both) if request.method == "POST" else None
    more = request.args.get("more", "")
    return questionnaires.open_section(
        paper.questionnaire, step.section, paper.response, sent, complete=complete, more=more
    )


def _place(paper: service.Paper, **more: Any) -> dict[str, Any]:
    return {"client_id": paper.client.id, "series_id": paper.asked.series.id, **more}


def _repeated(scope: Scope, paper: service.Paper, step: service.Step, section: Any) -> Response:
    """One more time of a part, or one less: what was typed is kept, complete or not."""
    more = request.form.get("more")
    service.save_paper(scope, paper, section.response(without=request.form.get("less", "")))
    where = _place(paper, number=step.number)
    if "change" in request.args:
        where["change"] = 1
    if more is None:
        return redirect_to("intake.form_section", **where)
    return redirect_to("intake.form_section", **where, more=more, _anchor=more)


def _onward(scope: Scope, paper: service.Paper, step: service.Step) -> Response:
    again = service.open_paper(scope, paper.client.id, paper.asked.series.id)
    later = [other for other in service.paper_steps(again) if other.number > step.number]
    if "change" in request.args or not later:
        return redirect_to("intake.form_check", **_place(paper))
    return redirect_to("intake.form_section", **_place(paper, number=later[0].number))


def form_keep(scope: Scope, client_id: UUID, series_id: UUID, number: int) -> Response:
    """Keep what stands in a section while it is filled in; answers with when."""
    paper = service.open_paper(scope, client_id, series_id)
    step = next((step for step in service.paper_steps(paper) if step.number == number), None)
    if step is None or not paper.is_open:
        raise NotFound
    section = _section_form(paper, step, complete=False)
    section.validate()
    saved_at = service.save_paper(scope, paper, section.response())
    return Response(_("Saved %(time)s") % {"time": format_time(saved_at)}, mimetype="text/plain")


def form_check(scope: Scope, client_id: UUID, series_id: UUID) -> Response:
    """All answers once more; from here the form is sent."""
    faults: list[Any] = []
    where = {"client_id": client_id, "series_id": series_id}
    if request.method == "POST":
        try:
            faults = service.send_paper(scope, client_id, series_id)
        except Refused:
            faults = []
        if not faults:
            return redirect_to("intake.form", **where)
    paper = service.open_paper(scope, client_id, series_id)
    if not paper.is_open:
        return redirect_to("intake.form", **where)
    steps = service.paper_steps(paper)
    sections = questionnaires.answers_by_section(paper.questionnaire, paper.response, blanks="-")
    by_section = {section.number: pairs for section, pairs in sections}
    problems = [_problem(paper, steps, fault) for fault in faults]
    return page(
        "intake/form_check.html",
        paper=paper,
        shown=[(step, by_section.get(step.section.number, [])) for step in steps],
        problems=problems,
        has_errors=bool(problems),
        status=422 if faults else 200,
        **_about(scope, paper),
    )


def _problem(paper: service.Paper, steps: list[service.Step], fault: Any) -> tuple[str, str]:
    words = questionnaires.fault_in_words(fault)
    for step in steps:
        for item in step.section.walk():
            if item.link_id == fault.link_id:
                href = url_for("intake.form_section", **_place(paper, number=step.number, change=1))
                return f"{item.label}: {words}", f"{href}#{questionnaires.field_name(item.link_id)}"
    # The signature under the whole stands on the last page.
    last = _place(paper, number=steps[-1].number, change=1)
    return words, url_for("intake.form_section", **last) + "#a.sign"


def withdraw(scope: Scope, client_id: UUID, series_id: UUID) -> Response:
    """Take a consent back, once that was confirmed."""
    paper = service.open_paper(scope, client_id, series_id)
    if paper.asked.series.kind != "consent" or paper.is_open or paper.asked.state == "withdrawn":
        raise NotFound
    if request.method == "POST":
        service.withdraw(scope, client_id, series_id)
        return redirect_to("intake.form", client_id=client_id, series_id=series_id)
    return page("intake/withdraw.html", paper=paper, **_about(scope, paper))


def _about(scope: Scope, paper: service.Paper) -> dict[str, Any]:
    return {"provider": scope.records[paper.client.provider_id]}
