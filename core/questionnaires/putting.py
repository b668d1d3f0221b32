"""From what was typed in the parts of a page to answers at their places."""

from collections.abc import Iterator
from typing import Any

from core import clock
from core.questionnaires.asking import typed_values
from core.questionnaires.items import Item
from core.questionnaires.judging import judge_value
from core.questionnaires.parts import Part
from core.questionnaires.responses import Given, Place, Signature
from core.questionnaires.values import Value


def put_signature(held: Given, given: Given, place: Place, field: Any, was_at: Place) -> None:
    """A name as signature; one that stood there already keeps its moment."""
    before = held.signatures.get(was_at)
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
            put_signature(self.held, self.given, place, self.form[part.signature], part.place)
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
        kept = self.lift(part)
        for old, time in enumerate(part.parts):
            if time.name == self.without:
                continue
            at = (*place.at, number)
            is_kept = self.lay_back(kept, (*part.place.at, old), at)
            if self.put_all(time.parts, at) or is_kept or not self.closes_up:
                number += 1
        if number:
            self.given.counts[place] = number
        return bool(number)

    def lift(self, group: Part) -> frozenset[str]:
        """Take up what stands in a group's times and is not typed here; gives what goes with its time."""
        inner, at = {item.link_id for item in group.item.walk()}, group.place.at
        for answers in (self.given.values, self.given.counts, self.given.signatures):
            for place in [one for one in answers if one.link_id in inner]:
                if len(place.at) > len(at) and place.at[: len(at)] == at:
                    del answers[place]
        return frozenset(item.link_id for item in _not_typed(group.item))

    def lay_back(self, kept: frozenset[str], old: tuple[int, ...], new: tuple[int, ...]) -> bool:
        """Put that of one time where the time stands now; whether anybody had answered it."""
        is_answered = False
        answers: Any
        for name in ("values", "counts", "signatures"):
            answers, before = getattr(self.given, name), getattr(self.held, name)
            for place, told in before.items():
                if place.link_id in kept and place.at[: len(old)] == old:
                    answers[Place(place.link_id, (*new, *place.at[len(old) :]))] = told
                    is_answered |= not self.form.questionnaire.by_link_id[place.link_id].calculation
        return is_answered

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


def _not_typed(group: Item) -> Iterator[Item]:
    """What is hidden or only shown in a group; groups that repeat in it see to their own."""
    for item in group.items:
        if item.hidden:
            yield from item.walk()
        elif not (item.kind == "group" and item.repeats):
            if item.is_question and not item.is_asked:
                yield item
            yield from _not_typed(item)
