"""The items of a questionnaire: FHIR R4's Questionnaire.item, as values that never change.

https://hl7.org/fhir/R4/questionnaire.html
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal, get_args

from core.questionnaires.values import Coding, Value, key_of, words_of

Kind = Literal[
    "string",
    "text",
    "url",
    "integer",
    "decimal",
    "quantity",
    "date",
    "dateTime",
    "time",
    "choice",
    "open-choice",
    "boolean",
    "attachment",
    "group",
    "display",
]
Operator = Literal["exists", "=", "!=", ">", "<", ">=", "<="]

KINDS: tuple[Kind, ...] = get_args(Kind)
OPERATORS: tuple[Operator, ...] = get_args(Operator)
WORDED = frozenset({"string", "text", "url"})
CHOSEN = frozenset({"choice", "open-choice"})
COUNTED = frozenset({"integer", "decimal", "quantity"})
BOUNDED = COUNTED | {"date", "dateTime", "time"}

# What our reader did not need is kept beside what it read, so that an export gives it back.
Kept = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Option:
    """An answer that is offered: words, a coding, a number, a day or a time."""

    value: Value
    score: Decimal | None = None
    prefix: str = ""
    is_initial: bool = False
    kept: Kept = field(default_factory=dict, hash=False)

    @property
    def display(self) -> str:
        """The words that a person chooses by."""
        return words_of(self.value)

    @property
    def key(self) -> str:
        """What a page sends for it, and what makes two options the same."""
        return key_of(self.value)


@dataclass(frozen=True, slots=True)
class Condition:
    """When an item is asked: the answer to `question` compared with `answer`."""

    question: str
    operator: Operator
    answer: Value


@dataclass(frozen=True, slots=True)
class Expression:
    """A piece of FHIRPath; a `name` makes it a variable."""

    text: str
    name: str = ""
    kept: Kept = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A question, a text that is only shown, or a group; any of them may have items below it.

    `definition` says which element of a FHIR resource the answer is. `least` and `most` bound a
    number, a day or a time. `value_set` is where `options` came from, when they do not stand in the
    item itself.
    """

    link_id: str
    kind: Kind
    text: str = ""
    prefix: str = ""
    codes: tuple[Coding, ...] = ()
    definition: str = ""
    required: bool = False
    repeats: bool = False
    read_only: bool = False
    hidden: bool = False
    signature: bool = False
    min_length: int | None = None
    max_length: int | None = None
    least: Value | None = None
    most: Value | None = None
    max_decimals: int | None = None
    min_occurs: int | None = None
    max_occurs: int | None = None
    options: tuple[Option, ...] = ()
    value_set: str = ""
    initial: tuple[Value, ...] = ()
    conditions: tuple[Condition, ...] = ()
    any_condition: bool = False
    control: str = ""
    unit: Coding | None = None
    units: tuple[Coding, ...] = ()
    entry_format: str = ""
    media_types: tuple[str, ...] = ()
    max_bytes: int | None = None
    calculation: Expression | None = None
    variables: tuple[Expression, ...] = ()
    items: tuple["Item", ...] = ()
    kept: Kept = field(default_factory=dict, hash=False)

    @property
    def is_question(self) -> bool:
        """Whether it asks for an answer."""
        return self.kind not in {"group", "display"}

    @property
    def is_asked(self) -> bool:
        """Whether a person is to answer it: not hidden, calculated or fixed."""
        return self.is_question and not (self.hidden or self.read_only or self.calculation)

    @property
    def is_indexed(self) -> bool:
        """Whether it stands on a page as often as it was answered; of a choice several are ticked."""
        return self.repeats and self.kind not in CHOSEN and self.kind != "display"

    @property
    def label(self) -> str:
        """What it is called: its text, else that of a text below it, else its number."""
        words = self.text or next((item.text for item in self.items if item.kind == "display"), "")
        return " ".join(part for part in (self.prefix, words) if part)

    @property
    def least_occurs(self) -> int:
        """How many answers, or times of a group, are needed at least."""
        return max(self.min_occurs or 0, 1 if self.required else 0)

    def option(self, key: str) -> Option | None:
        """The option with this key."""
        return next((option for option in self.options if option.key == key), None)

    def walk(self) -> Iterator["Item"]:
        """Itself and all below it, in the order of the page."""
        yield self
        for item in self.items:
            yield from item.walk()
