"""What stands on a page: the items of a section as parts to draw, each with its field."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from markupsafe import Markup

from core.questionnaires.asking import field_of, hint_of, name_of, shown_data, signature_field
from core.questionnaires.conditions import Enabled
from core.questionnaires.items import Item
from core.questionnaires.markup import markup_of
from core.questionnaires.refusals import MOST_OCCURS
from core.questionnaires.responses import Given, Place, initial_values
from core.questionnaires.values import Value
from core.questionnaires.words import answer_in_words

Sort = Literal["question", "group", "repeated", "words", "told", "signed"]


@dataclass(slots=True)
class Part:
    """A question with its field, a group, what repeats, words, an answer that is only shown, or a signature.

    `name` is the field's name and the element's id; `number` counts the times of what repeats, from 1.
    """

    sort: Sort
    item: Item
    place: Place
    name: str
    parts: list["Part"] = field(default_factory=list)
    number: int = 0
    can_add: bool = False
    is_asked: bool = True
    was_asked: bool = True
    is_needed: bool = False
    values: tuple[Value, ...] = ()
    when: str = ""
    signature: str = ""

    @property
    def markup(self) -> Markup | None:
        """Its text with emphasis and lists, None where it is plain."""
        return markup_of(self.item)

    @property
    def in_words(self) -> str:
        """The answer that is only shown."""
        return answer_in_words(self.values)

    def walk(self) -> Iterator["Part"]:
        """Itself and all below it."""
        yield self
        for part in self.parts:
            yield from part.walk()


class Layout:
    """Lays out a section; `fields` and `data` are those of its form when it is done."""

    def __init__(
        self,
        given: Given,
        enabled: Enabled,
        sent: Any = None,
        *,
        complete: bool = True,
        more: str = "",
        when: Callable[[Item, Place], str] = lambda _item, _place: "",
    ) -> None:
        self.given = given
        self.enabled = enabled
        self.sent = sent
        self.complete = complete
        self.more = more
        self.when = when
        self.seen = frozenset(place.link_id for place in given.values)
        self.fields: dict[str, Any] = {}
        self.data: dict[str, Any] = {}

    def lay_out(self, items: Sequence[Item], at: tuple[int, ...], *, is_needed: bool) -> list[Part]:
        """The parts of items that stand below one another."""
        return [part for item in items if not item.hidden for part in self.parts_of(item, at, is_needed)]

    def parts_of(self, item: Item, at: tuple[int, ...], is_needed: bool) -> Iterator[Part]:  # noqa: FBT001
        """One item as parts; the texts that help with a question stand at its field."""
        place = Place(item.link_id, at)
        if item.is_indexed and item.is_asked:
            yield self.repeated(item, place, is_needed=is_needed, one=self.question)
        elif item.kind == "group" and item.repeats:
            yield self.repeated(item, place, is_needed=is_needed, one=self.group)
        elif item.kind == "group":
            yield self.finish(self.group(item, place, at, is_needed=is_needed))
        elif item.kind == "display":
            part = Part("words", item, place, name_of(place))
            part.parts = self.lay_out(item.items, at, is_needed=is_needed)
            yield self.finish(part)
        else:
            yield self.finish(self.question(item, place, at, is_needed=is_needed))

    def sign_groups(self, groups: Sequence[Item]) -> list[Part]:
        """The signatures under groups whose questions stand on pages."""
        signed = [Part("signed", item, Place(item.link_id), name_of(Place(item.link_id))) for item in groups]
        return [self.finish(part) for part in signed if part.item.signature]

    def finish(self, part: Part) -> Part:
        """With whether it is asked, and what of the page decides that."""
        part.is_asked = part.was_asked = part.place in self.enabled
        part.when = self.when(part.item, part.place)
        if part.item.signature:
            part.signature = self.sign(part)
        return part

    def sign(self, part: Part) -> str:
        """The field for a name as signature; gives its name."""
        name = f"{part.name}.sign"
        is_needed = part.item.required or not part.item.is_question
        self.fields[name] = signature_field(required=self.complete and is_needed)
        held = self.given.signatures.get(part.place)
        self.data[name] = held or ""
        return name

    def question(
        self, item: Item, place: Place, inner: tuple[int, ...], *, is_needed: bool, number: int = 0
    ) -> Part:
        """A question, its answer to be given or only shown; `inner` is where what is below it stands."""
        values = self.given.values.get(Place(item.link_id, place.at if not number else place.at[:-1]), ())
        if number:
            values = values[number - 1 : number]
        part = Part("question" if item.is_asked else "told", item, place, name_of(place), values=values)
        part.is_needed = is_needed and item.least_occurs >= max(number, 1)
        if item.is_asked:
            required = self.complete and part.is_needed
            self.fields[part.name] = field_of(item, required=required, number=number, hint=hint_of(item))
            is_new = not values and place.at and not number and item.link_id not in self.seen
            self.data[part.name] = shown_data(item, values or (initial_values(item) if is_new else ()))
        below = [one for one in item.items if one.kind != "display" or one.conditions]
        if not number:
            part.parts = self.lay_out(below, inner, is_needed=is_needed)
        return part

    def group(
        self, item: Item, place: Place, inner: tuple[int, ...], *, is_needed: bool, number: int = 0
    ) -> Part:
        """A group, or one time of a group that repeats."""
        name = name_of(Place(item.link_id, inner)) if number else name_of(place)
        part = Part("group", item, place, name, number=number)
        part.is_needed = is_needed and (not number or item.least_occurs >= number)
        # A time that is filled in has to be whole; one that is left blank is passed over as a whole.
        part.parts = self.lay_out(item.items, inner, is_needed=is_needed or bool(number))
        return part

    def repeated(self, item: Item, place: Place, *, is_needed: bool, one: Any) -> Part:
        """What repeats, as often as it was given and once more if that is asked for."""
        part = Part("repeated", item, place, name_of(place), is_needed=is_needed)
        most = min(item.max_occurs or MOST_OCCURS, MOST_OCCURS)
        held = self.given.counts.get(place, 0)
        if item.is_question:
            held = len(self.given.values.get(place, ()))
        count = self.sent_count(part.name) if self.sent is not None else held
        count = max(count, item.least_occurs, 1) + (self.more == part.name)
        for number in range(1, min(count, most) + 1):
            inner = (*place.at, number - 1)
            at = Place(item.link_id, inner) if item.is_question else place
            made = one(item, at, inner, is_needed=is_needed, number=number)
            made.number = number
            part.parts.append(made)
        part.can_add = len(part.parts) < most
        return self.finish(part)

    def sent_count(self, name: str) -> int:
        """How many times stood on the page that was sent."""
        text = self.sent.get(f"{name}.count", "")
        is_count = isinstance(text, str) and text.isascii() and text.isdigit() and len(text) <= 3
        return int(text) if is_count else 0
