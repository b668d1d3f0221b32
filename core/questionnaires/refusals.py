"""What a questionnaire of ours must hold to, and the error that says by linkId what doesn't."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from core.forms import clean_text
from core.questionnaires.model import KINDS, STATUSES, WORDED, Item, Questionnaire
from core.spec.errors import Refused

MOST_ITEMS = 500
MOST_OPTIONS = 200
MOST_TEXT = 2000
MOST_DISPLAY = 20_000
MOST_OPTION_TEXT = 300
MOST_TITLE = 200
MOST_IDENTIFIER = 255

Reason = Literal[
    "not_a_questionnaire",
    "other_release",
    "url_wrong",
    "status_unknown",
    "title_missing",
    "link_id_missing",
    "link_id_twice",
    "too_many_items",
    "too_many_options",
    "text_missing",
    "text_wrong",
    "kind_unsupported",
    "nested",
    "repeats",
    "required_wrong",
    "condition",
    "initial",
    "read_only",
    "value_set",
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


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why one item can't be used; an empty `link_id` speaks of the whole, `detail` is its own word."""

    link_id: str
    reason: Reason
    detail: str = ""


class QuestionnaireRefused(Refused):
    """A questionnaire or a response that can't be used; every reason is in `refusals`."""

    def __init__(self, refusals: Iterable[Refusal]) -> None:
        self.refusals = tuple(refusals)
        super().__init__("questionnaire_refused", refusals=self.refusals)


def verify(questionnaire: Questionnaire) -> None:
    """Raise QuestionnaireRefused if it breaks a rule; one that is not a draft must ask something."""
    refusals = [*whole(questionnaire), *alike(questionnaire)]
    for item in questionnaire.items:
        refusals += judge(item)
        for inner in item.items:
            refusals += judge(inner, is_inside=True)
    if questionnaire.status != "draft":
        refusals += finished(questionnaire)
    if refusals:
        raise QuestionnaireRefused(refusals)


def whole(questionnaire: Questionnaire) -> Iterator[Refusal]:
    """What is wrong with the questionnaire's own fields."""
    url = questionnaire.url
    if not url or len(url) > MOST_IDENTIFIER or "|" in url or any(mark.isspace() for mark in url):
        yield Refusal("", "url_wrong", url)
    if "|" in questionnaire.version or len(questionnaire.version) > MOST_IDENTIFIER:
        yield Refusal("", "url_wrong", questionnaire.version)
    if questionnaire.status not in STATUSES:
        yield Refusal("", "status_unknown", questionnaire.status)
    if not questionnaire.title:
        yield Refusal("", "title_missing")
    if not is_clean(questionnaire.title, MOST_TITLE, lines=False):
        yield Refusal("", "text_wrong")
    if not is_clean(questionnaire.description, MOST_DISPLAY):
        yield Refusal("", "text_wrong")


def alike(questionnaire: Questionnaire) -> Iterator[Refusal]:
    """Items that can't be told apart, or too many of them."""
    link_ids = Counter(item.link_id for item in questionnaire.walk())
    if link_ids.total() > MOST_ITEMS:
        yield Refusal("", "too_many_items", str(MOST_ITEMS))
    for link_id, count in link_ids.items():
        if count > 1:
            yield Refusal(link_id, "link_id_twice")


def finished(questionnaire: Questionnaire) -> Iterator[Refusal]:
    """What is still missing before it can be answered."""
    if not questionnaire.questions:
        yield Refusal("", "nothing_asked")
    for item in questionnaire.items:
        if item.kind == "group" and not item.items:
            yield Refusal(item.link_id, "section_empty")


def judge(item: Item, *, is_inside: bool = False) -> Iterator[Refusal]:
    """What is wrong with one item by itself."""
    link_id = item.link_id
    if not link_id or len(link_id) > MOST_IDENTIFIER or not is_clean(link_id, lines=False):
        yield Refusal(link_id, "link_id_missing")
    if item.kind not in KINDS:
        yield Refusal(link_id, "kind_unsupported", item.kind)
    if (item.items and item.kind != "group") or (is_inside and item.kind == "group"):
        yield Refusal(link_id, "nested")
    if not item.text and item.kind != "group":
        yield Refusal(link_id, "text_missing")
    if not is_clean(item.text, MOST_DISPLAY if item.kind == "display" else MOST_TEXT):
        yield Refusal(link_id, "text_wrong")
    if not is_clean(item.definition, lines=False):
        yield Refusal(link_id, "text_wrong")
    if item.repeats and item.kind != "choice":
        yield Refusal(link_id, "repeats")
    if item.required and not item.is_question:
        yield Refusal(link_id, "required_wrong")
    if item.max_length is not None and (item.kind not in WORDED or item.max_length < 1):
        yield Refusal(link_id, "max_length_wrong", str(item.max_length))
    yield from judge_options(item)


def judge_options(item: Item) -> Iterator[Refusal]:
    """What is wrong with the answers that an item offers."""
    if item.kind != "choice":
        if item.options:
            yield Refusal(item.link_id, "option_unsupported")
        return
    if not item.options:
        yield Refusal(item.link_id, "options_missing")
    if len(item.options) > MOST_OPTIONS:
        yield Refusal(item.link_id, "too_many_options", str(MOST_OPTIONS))
    keys, shown = Counter(o.key for o in item.options), Counter(o.display for o in item.options)
    for option in item.options:
        words = option.display
        names = (option.code, option.system)
        is_usable = bool(words) and is_clean(words, MOST_OPTION_TEXT, lines=False)
        if not is_usable or not all(is_clean(name, lines=False) for name in names):
            yield Refusal(item.link_id, "option_unsupported", words)
        elif keys[option.key] > 1 or shown[words] > 1:
            yield Refusal(item.link_id, "options_alike", words)
    if any(o.system and not o.code for o in item.options):
        yield Refusal(item.link_id, "option_unsupported")


def is_clean(text: str, max_length: int = MOST_IDENTIFIER, *, lines: bool = True) -> bool:
    """Whether a text reads the same after it went through a form."""
    try:
        return clean_text(text, max_length, lines=lines) == text
    except ValueError:
        return False
