"""From what was typed in the parts of a page to answers at their places."""

from typing import Any

from core import clock
from core.questionnaires.asking import typed_values
from core.questionnaires.judging import judge_value
from core.questionnaires.parts import Part
from core.questionnaires.responses import Given, Place, Signature
from core.questionnaires.values import Value


def put_signature(held: Given, given: Given, place: Place, field: Any) -> None:
    """A name as signature; one that stands there already keeps its moment."""
    before = held.signatures.get(place)
    given.signatures.pop(place, None)
    if field.data and not field.process_errors:
        is_same = before is not None and (before.name, before.drawn) == (field.data, field.drawn)
        at = before.at if before is not None and is_same else clock.now().replace(microsecond=0)
        given.signatures[place] = Signature(field.data, at, field.drawn)


class Put:
    """Puts what was typed into answers; times that were left blank or taken away close up."""

    def __init__(self, form: Any, held: Given, given: Given, without: str, *, closes_up: bool) -> None:
        self.form, self.held, self.given = form, held, given
        self.without, self.closes_up = without, closes_up

    def put_all(self, parts: list[Part], at: tuple[int, ...]) -> bool:
        """Put parts that stand below one another; whether any of them was answered."""
        answered = [self.put(part, at) for part in parts]
        return any(answered)

    def put(self, part: Part, at: tuple[int, ...]) -> bool:
        """Put one part; whether it was answered."""
        place = Place(part.item.link_id, at)
        if part.signature:
            put_signature(self.held, self.given, place, self.form[part.signature])
        signed = place in self.given.signatures
        if part.sort == "repeated":
            put = self.put_group if part.item.kind == "group" else self.put_values
            return put(part, place) or signed
        if part.sort == "question":
            values = self.values_of(part)
            if values:
                self.given.values[place] = values
            return self.put_all(part.parts, at) or bool(values) or signed
        return self.put_all(part.parts, at) or signed

    def put_group(self, part: Part, place: Place) -> bool:
        """The times of a group, those with answers only."""
        number = 0
        for time in part.parts:
            if time.name == self.without:
                continue
            if self.put_all(time.parts, (*place.at, number)) or not self.closes_up:
                number += 1
        if number:
            self.given.counts[place] = number
        return bool(number)

    def put_values(self, part: Part, place: Place) -> bool:
        """The answers to a question that repeats."""
        values = [value for one in part.parts if one.name != self.without for value in self.values_of(one)]
        if values:
            self.given.values[place] = tuple(values)
        return bool(values)

    def values_of(self, part: Part) -> tuple[Value, ...]:
        """The values of one field; of one that was refused, those of before."""
        field = self.form[part.name]
        if field.errors or field.process_errors:
            return part.values
        values = typed_values(part.item, field)
        return part.values if any(judge_value(part.item, value) for value in values) else values
