"""Published measures that are recognised by their LOINC codes, with their scores and boundaries.

PHQ-9: Kroenke, Spitzer, Williams 2001. GAD-7: Spitzer, Kroenke, Williams, Löwe 2006. LOINC panels 44249-1
and 69737-5.
"""

from dataclasses import dataclass

from core.questionnaires.items import Item, Option
from core.questionnaires.model import Questionnaire
from core.questionnaires.responses import Response
from core.questionnaires.values import Coding

LOINC = "http://loinc.org"
# LOINC's answers of both measures, from "not at all" to "nearly every day".
FREQUENCIES = {"LA6568-5": 0, "LA6569-3": 1, "LA6570-1": 2, "LA6571-9": 3}


@dataclass(frozen=True, slots=True)
class Kind:
    """A published measure: its items by LOINC code, and (least total, band) from the lowest."""

    name: str
    panel: str
    items: tuple[str, ...]
    bands: tuple[tuple[int, str], ...]
    risk: str = ""


PHQ_9 = Kind(
    "PHQ-9",
    "44249-1",
    (
        "44250-9",
        "44255-8",
        "44259-0",
        "44254-1",
        "44251-7",
        "44258-2",
        "44252-5",
        "44253-3",
        "44260-8",
    ),
    ((0, "minimal"), (5, "mild"), (10, "moderate"), (15, "moderately_severe"), (20, "severe")),
    risk="44260-8",
)
GAD_7 = Kind(
    "GAD-7",
    "69737-5",
    ("69725-0", "68509-9", "69733-4", "69734-2", "69735-9", "69689-8", "69736-7"),
    ((0, "minimal"), (5, "mild"), (10, "moderate"), (15, "severe")),
)
KINDS = (PHQ_9, GAD_7)


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure found in a questionnaire: its items, and the linkId or code of one that can't be scored."""

    kind: Kind
    items: tuple[Item, ...]
    lacks: str = ""

    @property
    def name(self) -> str:
        """What it is called everywhere."""
        return self.kind.name


@dataclass(frozen=True, slots=True)
class Score:
    """A total with its band; `is_risk` says that the item about self-harm was answered above "not at all"."""

    measure: str
    total: int
    band: str
    is_risk: bool


def measure_of(questionnaire: Questionnaire) -> Measure | None:
    """The published measure that a questionnaire is or holds, told by LOINC codes alone."""
    if "measure" not in questionnaire.known:
        measures = (_found(questionnaire, kind) for kind in KINDS)
        questionnaire.known["measure"] = next((measure for measure in measures if measure), None)
    found: Measure | None = questionnaire.known["measure"]
    return found


def _found(questionnaire: Questionnaire, kind: Kind) -> Measure | None:
    by_code: dict[str, Item] = {}
    panels = {code.code for code in questionnaire.codes if code.system == LOINC}
    for item in questionnaire.walk():
        for code in item.codes:
            if code.system == LOINC:
                by_code.setdefault(code.code, item)
    has_panel = kind.panel in panels | set(by_code)
    if not has_panel and not set(kind.items) <= set(by_code):
        return None
    items = tuple(by_code[code] for code in kind.items if code in by_code)
    missing = next((code for code in kind.items if code not in by_code), "")
    unscored = next((item.link_id for item in items if not _is_scored(item)), "")
    return Measure(kind, items, missing or unscored)


def _is_scored(item: Item) -> bool:
    """Whether its options have exactly the scores that the measure gives."""
    scores = [points(option) for option in item.options]
    return item.kind == "choice" and not item.repeats and sorted(scores, key=str) == [0, 1, 2, 3]


def points(option: Option) -> int | None:
    """What an option counts: by its LOINC answer, which its own score may not contradict."""
    value = option.value
    known = FREQUENCIES.get(value.code) if isinstance(value, Coding) and value.system == LOINC else None
    if option.score is None:
        return known
    if known is not None and option.score != known:
        return None
    return int(option.score) if option.score == int(option.score) else None


def score_of(questionnaire: Questionnaire, response: Response) -> Score | None:
    """The score of a measure; None while an item is unanswered, or where it can't be scored."""
    measure = measure_of(questionnaire)
    if measure is None or measure.lacks:
        return None
    answers = response.answers
    counts: dict[str, int] = {}
    for code, item in zip(measure.kind.items, measure.items, strict=True):
        values = answers.get(item.link_id, ())
        option = item.option(values[0].key) if len(values) == 1 and isinstance(values[0], Coding) else None
        count = points(option) if option else None
        if count is None:
            return None
        counts[code] = count
    total = sum(counts.values())
    band = next(name for least, name in reversed(measure.kind.bands) if total >= least)
    return Score(measure.name, total, band, counts.get(measure.kind.risk, 0) > 0)
