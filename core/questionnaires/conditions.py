"""Which items are asked, as the answers stand (FHIR R4, Questionnaire.item.enableWhen)."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from core.questionnaires.items import Condition, Item, Operator
from core.questionnaires.model import Questionnaire
from core.questionnaires.responses import Given, Place
from core.questionnaires.values import Coding, Quantity, Url, Value, number_of


@dataclass(slots=True)
class Enabled:
    """Tells of each place whether its item is asked; made anew when answers change."""

    questionnaire: Questionnaire
    given: Given
    known: dict[Place, bool]
    by_question: dict[str, list[Place]]

    @classmethod
    def of(cls, questionnaire: Questionnaire, given: Given) -> "Enabled":
        """As the answers of `given` stand."""
        by_question: dict[str, list[Place]] = {}
        if has_conditions(questionnaire):
            for place in given.values:
                by_question.setdefault(place.link_id, []).append(place)
        return cls(questionnaire, given, {}, by_question)

    def __contains__(self, place: Place) -> bool:
        """Whether the item at a place is asked; it is not where a group around it isn't."""
        if not has_conditions(self.questionnaire):
            return True
        if place not in self.known:
            self.known[place] = self._is_enabled(place)
        return self.known[place]

    def _is_enabled(self, place: Place) -> bool:
        item = self.questionnaire.by_link_id[place.link_id]
        parent = self.questionnaire.parents.get(place.link_id)
        if parent is not None:
            depth = len(repeated_around(self.questionnaire, parent.link_id))
            if Place(parent.link_id, place.at[:depth]) not in self:
                return False
        if not item.conditions:
            return True
        met = (self.is_met(condition, place) for condition in item.conditions)
        return any(met) if item.any_condition else all(met)

    def is_met(self, condition: Condition, place: Place) -> bool:
        """Whether a condition holds for an item at a place."""
        return holds(condition.operator, list(self._answers(condition.question, place)), condition.answer)

    def _answers(self, question: str, place: Place) -> Iterator[Value]:
        """The answers that count: of the same time of each repeated group that both stand in."""
        around = repeated_around(self.questionnaire, question)
        own = repeated_around(self.questionnaire, place.link_id)
        shared = sum(1 for one, other in zip(around, own, strict=False) if one == other)
        for other in self.by_question.get(question, ()):
            if other.at[:shared] == place.at[:shared] and other in self:
                yield from self.given.values[other]


def has_conditions(questionnaire: Questionnaire) -> bool:
    """Whether anything depends on answers."""
    if "has_conditions" not in questionnaire.known:
        questionnaire.known["has_conditions"] = any(item.conditions for item in questionnaire.walk())
    return bool(questionnaire.known["has_conditions"])


def repeated_around(questionnaire: Questionnaire, link_id: str) -> tuple[str, ...]:
    """The repeated groups that an item stands in, itself not, outermost first; for a group itself too."""
    known: dict[str, tuple[str, ...]] = questionnaire.known.setdefault("repeated_around", {})
    if link_id not in known:
        known[link_id] = tuple(
            item.link_id for item in questionnaire.above(link_id) if item.kind == "group" and item.repeats
        )
    return known[link_id]


def holds(operator: Operator, answers: list[Value], wanted: Value) -> bool:
    """One comparison with all answers of a question: one that fits is enough; `!=` wants none equal."""
    if operator == "exists":
        return bool(answers) == wanted
    if operator == "!=":
        return not any(compares("=", answer, wanted) for answer in answers)
    return any(compares(operator, answer, wanted) for answer in answers)


def compares(operator: Operator, answer: Value, wanted: Value) -> bool:
    """Whether an answer stands in this relation to what is wanted."""
    if isinstance(answer, Coding) and not isinstance(wanted, Coding):
        return _compares_by_code(operator, answer, wanted)
    if isinstance(wanted, Coding):
        if isinstance(answer, Coding):
            is_same_system = not wanted.system or wanted.system == answer.system
            return (
                operator == "="
                and is_same_system
                and (wanted.code or wanted.display) == (answer.code if wanted.code else answer.display)
            )
        return operator == "=" and str(answer) in {wanted.code, wanted.display}
    if isinstance(answer, Quantity) and isinstance(wanted, Quantity) and _units(answer) != _units(wanted):
        return False
    one, other = (number_of(value) for value in (answer, wanted))
    if one is not None and other is not None:
        return _ordered(operator, one, other)
    left, right = (value.address if isinstance(value, Url) else value for value in (answer, wanted))
    return type(left) is type(right) and _ordered(operator, left, right)


def _compares_by_code(operator: Operator, answer: Coding, wanted: Value) -> bool:
    """A coding compared with words or a number: its code and its words are what there is to compare."""
    number = number_of(wanted)
    if number is None:
        return operator == "=" and str(wanted) in {answer.code, answer.display}
    own = next(
        (found for text in (answer.code, answer.display) if (found := _decimal(text)) is not None), None
    )
    return own is not None and _ordered(operator, own, number)


def _decimal(text: str) -> Decimal | None:
    digits = text.removeprefix("-")
    is_number = digits.isascii() and digits.replace(".", "", 1).isdigit() and len(digits) <= 18
    return Decimal(text) if is_number else None


def _units(quantity: Quantity) -> str:
    return quantity.code or quantity.unit


def _ordered(operator: Operator, one: object, other: object) -> bool:
    order = (one > other) - (one < other) if one != other else 0  # type: ignore[operator] # of one type
    return {
        "=": order == 0,
        ">": order > 0,
        "<": order < 0,
        ">=": order >= 0,
        "<=": order <= 0,
    }[operator]


def is_by_code(asked: Item, condition: Condition) -> bool:
    """Whether a condition compares a choice with something that isn't a coding, as none of R4's types do."""
    codings = any(isinstance(option.value, Coding) for option in asked.options)
    return codings and condition.operator != "exists" and not isinstance(condition.answer, Coding)
