"""A practice's own forms in a world: one that a client is asked for, and a consent that they have sent."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from werkzeug.datastructures import MultiDict

from plugins.intake import service as intake
from tests.support.house import House
from vestibule.data import client_record, questionnaires

Ids = dict[str, str]
# What is sent to each form so that it complains, and the acts that never do.
WRONG: dict[str, dict[str, str]] = {
    **{
        f"intake.{name}": {}
        for name in "client_forms form_check form_file form_section new_form other_information".split()
    },
    "intake.client_form": {"do": "back"},
    "intake.packet": {"due_days": "many"},
}
NEVER_WRONG = tuple(
    f"intake.{name}"
    for name in ("add_ready", "arrange_question", "form_keep", "question_when", "retire", "withdraw")
)
# Pages of what was sent; all others show what is still open.
OF_SENT = ("intake.withdraw", "intake.form_copy", "intake.client_form_copy")


def furnish(house: House, owner: str, client: str, slug: str) -> tuple[Ids, dict[str, Ids]]:
    """The ids that addresses of forms name, and those of the endpoints that show the consent."""
    scope, asked = house.member_scope(owner, slug), house.client_scope(client, slug)
    open_id, sent_id = consent(scope, "Consent to treatment"), consent(scope, "Release of information")
    for series_id in (open_id, sent_id):
        intake.ask_for(scope, asked.client_id, series_id)
    sign(asked, sent_id)
    found = {one.series.id: one.request.id for one in lines(scope, asked.client_id)}
    ids = {
        "form": str(open_id),
        "kind": "couple",
        "series_id": str(open_id),
        "request_id": str(found[open_id]),
    }
    chart = {"client_id": str(asked.client_id)}
    sent = {"series_id": str(sent_id), "request_id": str(found[sent_id]), **chart}
    return ids, {
        **dict.fromkeys(OF_SENT, sent),
        "intake.client_form": sent,
        "intake.client_forms": chart,
        "intake.form_attachment": sent,
        "intake.change_question": {"form": "questions"},
        "intake.arrange_question": {"form": "questions"},
        "intake.question_when": {"form": "questions"},
    }


def lines(scope: Any, client_id: UUID) -> list[Any]:
    """The forms that a client was asked for, as the practice sees them."""
    return list(intake.asked_of(scope, client_record(scope, client_id)))


def consent(scope: Any, title: str) -> UUID:
    """A published consent with a text and one question."""
    items = [
        questionnaires.new_item("words", "What we do, and what you may ask of us."),
        questionnaires.new_item("yes_no", "I agree.", required=True),
    ]
    series_id = intake.begin_form(scope, title, is_consent=True, items=items)
    intake.publish(scope, title, str(series_id))
    return series_id


def sign(scope: Any, series_id: UUID, name: str = "Stan Ranger", **more: Any) -> list[Any]:
    """Fill the consent in as its page does, and send it; what is still missing comes back."""
    paper = intake.open_paper(scope, scope.client_id, series_id)
    step = intake.paper_steps(paper)[0]
    sent = {f"a-{item.link_id}": "yes" for item in paper.questionnaire.questions}
    sent |= {"live": "1", "a.sign": name, **more}
    typed: Any = MultiDict(sent)
    form = questionnaires.open_section(paper.questionnaire, step.section, paper.response, typed)
    form.validate()
    intake.save_paper(scope, paper, form.response(), step)
    return intake.send_paper(scope, scope.client_id, series_id)
