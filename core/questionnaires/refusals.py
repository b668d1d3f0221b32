"""Why a questionnaire can't be used, and what was brought in with less than its author meant."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from core.spec.errors import Refused

MOST_ITEMS = 500
MOST_DEPTH = 10
MOST_OPTIONS = 500
MOST_CONDITIONS = 50
MOST_OCCURS = 50
MOST_BYTES = 2_000_000
MOST_TEXT = 2000
MOST_DISPLAY = 20_000
MOST_OPTION_TEXT = 1000
MOST_TITLE = 200
MOST_IDENTIFIER = 255
MOST_EXPRESSION = 5000

Reason = Literal[
    "not_json",
    "too_large",
    "not_a_questionnaire",
    "other_release",
    "url_wrong",
    "status_unknown",
    "title_missing",
    "link_id_missing",
    "link_id_twice",
    "too_many_items",
    "too_deep",
    "too_many_options",
    "too_many_conditions",
    "text_missing",
    "text_wrong",
    "kind_unsupported",
    "reference_unsupported",
    "below_several",
    "repeats",
    "required_wrong",
    "condition_dangling",
    "condition_circular",
    "condition_wrong",
    "calculation_circular",
    "initial_wrong",
    "bounds_wrong",
    "value_set",
    "value_set_wrong",
    "modifier",
    "changes_meaning",
    "option_unsupported",
    "options_missing",
    "options_alike",
    "max_length_wrong",
    "section_empty",
    "nothing_asked",
    "value_unsupported",
    "malformed",
]

Lesser = Literal[
    "url_made",
    "title_made",
    "status_made",
    "field_unknown",
    "text_made",
    "not_calculated",
    "not_done",
    "compared_by_code",
    "variable_renamed",
    "not_scored",
    "scored",
    "initial_left",
]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why one item can't be used; an empty `link_id` speaks of the whole, `detail` is its own word."""

    link_id: str
    reason: Reason
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """What came in otherwise than it was written; an empty `link_id` speaks of the whole."""

    link_id: str
    what: Lesser
    detail: str = ""


class QuestionnaireRefused(Refused):
    """A questionnaire or a response that can't be used; every reason is in `refusals`."""

    def __init__(self, refusals: Iterable[Refusal]) -> None:
        self.refusals = tuple(refusals)
        super().__init__("questionnaire_refused", refusals=self.refusals)
