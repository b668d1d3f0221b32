"""What a page's script needs to know to show parts that depend on answers on the same page."""

import json
from typing import Any

from core.questionnaires.asking import name_of
from core.questionnaires.conditions import Enabled, compares
from core.questionnaires.items import CHOSEN, Condition, Item
from core.questionnaires.model import Questionnaire
from core.questionnaires.responses import Place
from core.questionnaires.sections import Section
from core.questionnaires.values import Value, key_of

CAN_DECIDE = frozenset({"boolean", "choice", "open-choice", "integer", "decimal", "date", "time", "string"})


class Deciding:
    """Tells a page which of its own fields decide whether a part of it is asked."""

    def __init__(self, questionnaire: Questionnaire, section: Section, enabled: Enabled) -> None:
        self.questionnaire = questionnaire
        self.enabled = enabled
        self.here = {item.link_id: item for item in section.walk() if item.is_asked and not item.is_indexed}

    def when(self, item: Item, place: Place) -> str:
        """The item's conditions as JSON for the page's script, empty where none depends on the page."""
        if not any(self.can_decide(condition, place) for condition in item.conditions):
            return ""
        told = [
            self.told(condition, place)
            if self.can_decide(condition, place)
            else self.enabled.is_met(condition, place)
            for condition in item.conditions
        ]
        return json.dumps({"any": item.any_condition, "of": told}, separators=(",", ":"))

    def can_decide(self, condition: Condition, place: Place) -> bool:
        """Whether the condition's question stands on this page, at one place and in a form that tells."""
        asked = self.here.get(condition.question)
        if asked is None or asked.kind not in CAN_DECIDE:
            return False
        around = len(
            [one for one in self.questionnaire.above(asked.link_id) if one.kind == "group" and one.repeats]
        )
        return around <= len(place.at)

    def told(self, condition: Condition, place: Place) -> dict[str, Any]:
        """One condition: the field's name, and the keys or the bound that meet it."""
        asked = self.here[condition.question]
        around = [
            one for one in self.questionnaire.above(asked.link_id) if one.kind == "group" and one.repeats
        ]
        told: dict[str, Any] = {"name": name_of(Place(asked.link_id, place.at[: len(around)]))}
        if condition.operator == "exists":
            return told | {"exists": condition.answer}
        is_none = condition.operator == "!="
        operator = "=" if is_none else condition.operator
        if asked.kind in CHOSEN or asked.kind == "boolean":
            offered: list[Value] = [True, False]
            if asked.kind in CHOSEN:
                offered = [option.value for option in asked.options]
            keys = [sent_key(value) for value in offered if compares(operator, value, condition.answer)]
            return told | {"keys": keys, "none": is_none}
        return told | {"is": operator, "to": key_of(condition.answer), "none": is_none}


def sent_key(value: Value) -> str:
    """A value of a choice as the page sends it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return key_of(value)
