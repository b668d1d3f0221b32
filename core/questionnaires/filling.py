"""A section of a questionnaire as a form, and what was typed in it as answers."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from core import forms
from core.i18n import gettext as _
from core.questionnaires.asking import signature_field, typed_values
from core.questionnaires.calculating import calculate
from core.questionnaires.conditions import Enabled, has_conditions
from core.questionnaires.deciding import Deciding
from core.questionnaires.fields import FileField
from core.questionnaires.items import CHOSEN, Item
from core.questionnaires.judging import judge, judge_value
from core.questionnaires.model import Questionnaire
from core.questionnaires.parts import Layout, Part
from core.questionnaires.putting import Put, put_signature
from core.questionnaires.responses import (
    WHOLE,
    Given,
    Response,
    begin,
    given_in,
    places,
    respond,
)
from core.questionnaires.sections import Section
from core.questionnaires.words import fault_words

SIGN = "a.sign"


class SectionForm(forms.Form):
    """The questions of one section: `parts` to draw, and after `validate` the answers by `response`."""

    questionnaire: Questionnaire
    section: Section
    before: Response
    held: Given
    parts: list[Part]
    token: str
    is_current: bool = True

    @property
    def has_files(self) -> bool:
        """Whether it has to be sent in parts, as files are."""
        return any(isinstance(field, FileField) for field in self)

    @property
    def has_repeats(self) -> bool:
        """Whether it has buttons of its own, which the Enter key must not press."""
        return any(part.sort == "repeated" for part in self.walk())

    @property
    def came_up(self) -> list[Part]:
        """Parts that are asked because of what was typed, and that nobody has seen yet."""
        return [part for part in self.walk() if part.is_asked and not part.was_asked]

    def walk(self) -> list[Part]:
        """All parts, groups before what is in them."""
        return [part for top in self.parts for part in top.walk()]

    def of(self, part: Part) -> Any:
        """The field of a question."""
        return self[part.name]

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        """Whether all that is asked was answered well; what isn't asked is not looked at."""
        if not self.is_current:
            self.form_errors = [_("The form has changed meanwhile. Check this page, then continue.")]
            return False
        self._look_again()
        is_good = True
        skipped = self._skipped()
        for part in self.walk():
            for name in (part.name, part.signature):
                field = self._fields.get(name)
                if field is None:
                    continue
                if id(part) in skipped:
                    field.errors = []
                elif not field.validate(self) or not self._is_judged_well(part, field):
                    is_good = False
        signature = self._fields.get(SIGN)
        return bool(signature is None or signature.validate(self)) and is_good

    def _look_again(self) -> None:
        """Say of each part whether it is asked now, as what was typed decides."""
        if not has_conditions(self.questionnaire):
            return
        enabled = Enabled.of(self.questionnaire, self._given(closes_up=False))
        for part in self.walk():
            part.is_asked = part.place in enabled if part.number == 0 or part.sort == "group" else True

    def _skipped(self) -> set[int]:
        """The parts that are not asked, or stand in a time of a group that was left blank."""
        skipped: set[int] = set()
        for part in self.walk():
            is_left = part.sort == "group" and part.number and not part.is_needed and self._is_blank(part)
            if not part.is_asked or not part.was_asked or is_left:
                skipped.update(id(inner) for inner in part.walk())
        return skipped

    def _is_blank(self, part: Part) -> bool:
        fields: list[Any] = [self._fields[inner.name] for inner in part.walk() if inner.name in self._fields]
        return all(field.is_blank() and not field.process_errors for field in fields)

    def _is_judged_well(self, part: Part, field: Any) -> bool:
        """The same judgement that a service passes, in words at the field."""
        if part.name != field.name:
            return True
        values = typed_values(part.item, field)
        codes = [code for value in values if (code := judge_value(part.item, value))]
        codes = codes or list(judge(part.item, values))
        if values and len(values) < part.item.least_occurs and part.item.kind in CHOSEN:
            codes.append("too_few")
        field.errors = [*field.errors, *(fault_words(code) for code in dict.fromkeys(codes))]
        return not codes

    def response(self, without: str = "") -> Response:
        """The answers from before with those typed in their place.

        A field that was refused keeps what was answered before, so that a draft never loses an answer
        to a slip. `without` is the name of a time of a repeated part that is taken away.
        """
        if not self.is_current:
            return self.before
        given = self._given(without)
        answers = respond(self.questionnaire, calculate(self.questionnaire, given))
        return replace(answers, status=self.before.status, authored_at=self.before.authored_at)

    def _given(self, without: str = "", *, closes_up: bool = True) -> Given:
        held = self.held
        given = Given(dict(held.values), dict(held.counts), dict(held.signatures))
        here = {item.link_id for item in self.section.walk() if not item.hidden}
        here -= {part.item.link_id for part in self.walk() if part.sort == "told"}
        for known in (given.values, given.counts, given.signatures):
            for place in [place for place in known if place.link_id in here]:
                del known[place]
        Put(self, held, given, without, closes_up=closes_up).put_all(self.parts, ())
        if SIGN in self._fields:
            put_signature(held, given, WHOLE, self._fields[SIGN], WHOLE)
        return given


def open_section(
    questionnaire: Questionnaire,
    section: Section,
    response: Response | None,
    sent: Any = None,
    *,
    complete: bool = True,
    more: str = "",
) -> SectionForm:
    """The form of a section with the answers of `response` in it, or with what was `sent` (a MultiDict).

    Without `complete` nothing is required, as for a draft. `more` names a part that repeats, to be
    shown once more than it was answered. Answers to another version are left behind.
    """
    is_same = response is not None and response.questionnaire == questionnaire.canonical
    before = response if response is not None and is_same else begin(questionnaire)
    given = given_in(questionnaire, before)
    enabled = Enabled.of(questionnaire, given)
    deciding = Deciding(questionnaire, section, enabled)
    is_live = sent is not None and sent.get("live") == "1"
    layout = Layout(given, enabled, sent, complete=complete, more=more, when=deciding.when)
    parts = layout.lay_out(section.items, (), is_needed=True)
    parts += layout.sign_groups(ending_in(questionnaire, section))
    if questionnaire.signature and section == questionnaire.sections[-1]:
        layout.fields[SIGN] = signature_field(required=complete)
        held = given.signatures.get(WHOLE)
        layout.data[SIGN] = held or ""
    token = hashlib.sha256(f"{questionnaire.canonical} {section.number}".encode()).hexdigest()[:16]
    made: type[SectionForm] = type("AnswersForm", (SectionForm,), layout.fields)
    form = made(sent, data=layout.data)
    form.questionnaire, form.section, form.before, form.parts = questionnaire, section, before, parts
    form.token, form.held = token, given
    form.is_current = sent is None or sent.get("asked", token) == token
    if is_live:
        for part in form.walk():
            part.was_asked = True  # a script has shown what came up
            part.is_asked = True
    return form


def ending_in(questionnaire: Questionnaire, section: Section) -> list[Item]:
    """The groups whose last page a section is."""
    later = [group for one in questionnaire.sections[section.number :] for group in one.groups]
    return [group for group in section.groups if group not in later]


def carry_over(questionnaire: Questionnaire, before: Response) -> Response:
    """The answers that were begun in an older version, where the same is still asked."""
    given = given_in(questionnaire, before)
    kept = Given(counts=given.counts)
    for item, place in places(questionnaire, given):
        values = given.values.get(place, ())
        if values and not list(judge(item, values)):
            kept.values[place] = values
    return respond(questionnaire, kept)
