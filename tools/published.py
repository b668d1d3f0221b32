"""`make test-published FORMS=folder`: forms of others come in, are drawn, answered and given back.

The forms are other people's text and stay where they are; what came of each is a row of
docs/reference/questionnaires.md, which `ARGS=--write` writes anew.
"""

import csv
import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fhir.resources.R4B.questionnaire import Questionnaire as JudgedQuestionnaire
from fhir.resources.R4B.questionnaireresponse import QuestionnaireResponse as JudgedResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from core import questionnaires as q
from core.i18n import gettext
from core.settings.model import CHECKOUT
from tools.generated import answer_everything

PAGE = CHECKOUT / "docs" / "reference" / "questionnaires.md"
MADE = "<!-- Made by `make test-published FORMS=folder ARGS=--write`, which also compares. -->"
AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
TOLD = Path(__file__).with_name("published.md")


def main(arguments: list[str]) -> int:
    """Try each form of a folder; 1 when one fails, or when the page is out of date."""
    folder = Path(next((one for one in arguments if not one.startswith("--")), ""))
    if not arguments or not (folder / "SOURCES.csv").is_file():
        print("make test-published FORMS=folder: the folder needs a SOURCES.csv beside the forms.")
        return 2
    with (folder / "SOURCES.csv").open(encoding="utf-8") as lines:
        sources = list(csv.DictReader(lines))
    rows = [tried(folder / source["file"], source) for source in sources]
    failed = [row for row in rows if row["failed"]]
    for row in rows:
        mark = "FAILED" if row["failed"] else "ok"
        print(f"{mark:<7}{row['file']}\n       {row['came']}\n       {row['less']}")
    page = page_of(rows)
    if "--write" in arguments and not failed:
        PAGE.write_text(page, encoding="utf-8")
    is_stale = not PAGE.is_file() or PAGE.read_text(encoding="utf-8") != page
    if is_stale and not failed:
        print("docs/reference/questionnaires.md is out of date: add ARGS=--write.")
    print(f"{len(rows)} forms, {len(failed)} failed.")
    return 1 if failed or is_stale else 0


def page_of(rows: list[dict[str, Any]]) -> str:
    """The page as text."""
    lines = ["| form | source, licence | what came in | refused, or came in with less |", "|---|---|---|---|"]
    lines += [f"| `{row['file']}` | {row['source']} | {row['came']} | {row['less']} |" for row in rows]
    told = TOLD.read_text(encoding="utf-8").strip()
    return "\n\n".join(["# Questionnaires", MADE, told, "## Published forms", "\n".join(lines)]) + "\n"


def tried(path: Path, source: Mapping[str, str]) -> dict[str, Any]:
    """What came of one form."""
    row: dict[str, Any] = {
        "file": source["file"],
        "source": f"{source['repo']} at {source['commit']}, {source['licence']}",
        "failed": False,
        "less": "",
    }
    raw = q.load_json(path.read_bytes())
    stand_ins = {}
    try:
        form, notes = q.import_questionnaire(raw)
    except q.QuestionnaireRefused as refused:
        row |= {"came": "nothing", "less": refusals_in_words(refused)}
        if {one.reason for one in refused.refusals} != {"value_set"}:
            row["failed"] = source["fhir"] == "R4" and not said_by_linkid(refused)
            return row
        stand_ins = {one.detail.partition("|")[0]: stand_in(one.detail) for one in refused.refusals}
        form, notes = q.import_questionnaire(raw, stand_ins)
    try:
        came = use(form)
        lost = list(missing(raw, q.write_questionnaire(form), allowed(notes, stand_ins)))
        assert not lost, f"not given back: {lost[:5]}"
    except (AssertionError, ValueError, KeyError) as error:
        return row | {"failed": True, "came": f"{type(error).__name__}: {error}"[:300]}
    words = [row["less"].replace("nothing", "")] if stand_ins else []
    if stand_ins:
        came += f", once {len(stand_ins)} list{'s' * (len(stand_ins) > 1)} of answers stood in for those"
    return row | {"came": came, "less": "; ".join([*words, notes_in_words(notes)]).strip("; ") or "nothing"}


def said_by_linkid(refused: q.QuestionnaireRefused) -> bool:
    """Whether each refusal names its item."""
    return all(one.link_id for one in refused.refusals)


def stand_in(url: str) -> dict[str, Any]:
    """Three answers in place of a list that isn't here."""
    concepts = [{"code": code, "display": f"Stand-in {code}"} for code in "abc"]
    include = [{"system": "urn:vestibule:stand-in", "concept": concepts}]
    return {"resourceType": "ValueSet", "url": url, "status": "draft", "compose": {"include": include}}


def use(form: q.Questionnaire) -> str:
    """Draw each section, answer everything, let others judge; what came in, in words."""
    active = replace(form, status="active")
    assert q.read_questionnaire(json.loads(json.dumps(q.write_questionnaire(form)))) == form
    judged = JudgedQuestionnaire.model_validate_json(json.dumps(q.write_questionnaire(active)))
    assert judged.status == "active"
    for section in active.sections:
        opened = q.open_section(active, section, None)
        html = drawn(opened)
        lost = [field.name for field in opened if f'name="{field.name}' not in html]
        assert not lost, f"not drawn: {lost}"
    response = q.settle(active, answer_everything(active))
    faults = q.check(active, response, complete=True)
    assert not faults, f"answers do not fit: {faults[:5]}"
    written = q.write_response(q.completed(response, AT))
    assert JudgedResponse.model_validate_json(json.dumps(written)).status == "completed"
    kinds = Counter(item.kind for item in active.questions)
    asked = ", ".join(f"{count} {kind}" for kind, count in kinds.items())
    pages = len(active.sections)
    calculated = sum(1 for item in active.questions if item.calculation)
    more = f"; {calculated} calculated" if calculated else ""
    return f"{len(list(active.walk()))} items on {pages} page{'s' * (pages > 1)}: {asked}{more}"


def drawn(form: Any) -> str:
    """The section as the portal draws it."""
    jinja = Environment(
        loader=FileSystemLoader(CHECKOUT / "templates"), autoescape=True, undefined=StrictUndefined
    )
    jinja.globals.update(_=gettext, csrf_token=lambda: "token", url_for=lambda *_a, **_k: "/")
    jinja.globals["kit"] = jinja.get_template("kit.html").module
    source = '{% import "questionnaires/items.html" as items %}{{ items.fields(form) }}'
    return jinja.from_string(source).render(form=form)


def allowed(notes: tuple[q.Note, ...], stand_ins: Mapping[str, Any]) -> frozenset[str]:
    """Fields that an export need not give back, because the import said so."""
    names = {note.detail for note in notes if note.what == "field_unknown"}
    names |= {"status"} if any(note.what == "status_made" for note in notes) else set()
    names |= {"initial"} if any(note.what == "initial_left" for note in notes) else set()
    return frozenset(names | ({"answerValueSet"} if stand_ins else set()))


def missing(  # noqa: C901 -- a branch a JSON type
    given: Any, written: Any, left: frozenset[str], way: str = ""
) -> Iterator[str]:
    """The ways to what stands in `given` and not in `written`; the order of extensions means nothing."""
    if isinstance(given, Mapping):
        for name, value in given.items():
            is_lone = name == "enableBehavior" and len(given.get("enableWhen", [])) == 1
            if name in left or is_lone or value in (False, None, [], {}, ""):
                continue
            if not isinstance(written, Mapping) or name not in written:
                yield f"{way}.{name}"
            else:
                yield from missing(value, written[name], left, f"{way}.{name}")
    elif isinstance(given, list) and way.endswith(".extension") and isinstance(written, list):
        for number, one in enumerate(given):
            if not any(not list(missing(one, other, left)) for other in written):
                yield f"{way}[{number}]"
    elif isinstance(given, list):
        for number, one in enumerate(given):
            other = written[number] if isinstance(written, list) and number < len(written) else None
            yield from missing(one, other, left, f"{way}[{number}]")
    elif uniform(given) != uniform(written):
        yield way


def uniform(value: Any) -> Any:
    """A leaf as it is compared: variables may have got names that R4 allows."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return value
    return value.replace("_", "").split() if isinstance(value, str) else float(value)


def refusals_in_words(refused: q.QuestionnaireRefused) -> str:
    """Refusals by reason, without the form's own words."""
    by_reason: dict[str, list[str]] = {}
    for one in refused.refusals:
        detail = one.detail if one.reason in {"other_release", "value_set"} else ""
        by_reason.setdefault(f"{one.reason} {detail}".strip(), []).append(f"`{one.link_id}`")
    return "refused: " + "; ".join(f"{reason} ({listed(ids)})" for reason, ids in by_reason.items())


def notes_in_words(notes: tuple[q.Note, ...]) -> str:
    """Notes by kind, without the form's own words."""
    by_what: dict[str, list[str]] = {}
    for note in notes:
        detail = note.detail if note.what in {"not_done", "not_calculated", "scored", "not_scored"} else ""
        by_what.setdefault(f"{note.what} {detail}".strip(), []).append(
            f"`{note.link_id}`" if note.link_id else ""
        )
    told = []
    for what, ids in by_what.items():
        items = [one for one in dict.fromkeys(ids) if one]
        told.append(f"{what} ({listed(items)})" if items else what)
    return "; ".join(told)


def listed(ids: list[str]) -> str:
    """LinkIds, the first few by name."""
    return ", ".join(ids[:4]) + (f" and {len(ids) - 4} more" if len(ids) > 4 else "")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
