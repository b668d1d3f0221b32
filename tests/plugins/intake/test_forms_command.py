"""`vestibule forms`: every form of a practice goes out as a file and comes in from one."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from plugins.intake.views.starter import clinical_history
from tests.support.place import Place
from vestibule.commands import cli
from vestibule.data import questionnaires

Command = Callable[..., str]


@pytest.fixture
def command(place: Place) -> Command:
    """What `vestibule forms WORDS` says; fails unless it ends with `code`."""

    def run(*words: str, code: int = 0) -> str:
        done = CliRunner().invoke(cli, ["forms", *words], env=place.environment())
        assert done.exit_code == code, done.output
        return done.output

    return run


def saved(folder: Path, questionnaire: Any) -> str:
    file = folder / "form.json"
    file.write_text(json.dumps(questionnaires.write_questionnaire(questionnaire)), encoding="utf-8")
    return str(file)


def release() -> Any:
    """A release of information, as a system that knows nothing of our signatures writes it."""
    made = questionnaires.new_questionnaire("urn:test:release", "Release for the school")
    return questionnaires.add_item(made, questionnaires.ready_item("release"))


@pytest.mark.parametrize("database", ["sqlite"])
def test_S4_2_S4_3_every_form_goes_out_and_comes_in_by_the_command(command: Command, tmp_path: Path) -> None:
    questions, record = command("list", "ortiz").splitlines()
    assert questions.split("\t")[:3] == ["questions", "intake", "published"]
    assert record.split("\t")[:3] == ["record", "My Clients Plus", "none"]
    history, letter = clinical_history(), release()
    file = saved(tmp_path, history)
    command("import", "ortiz", file, "--form", "record", "--publish")
    out = json.loads(command("export", "ortiz", "--form", "record"))
    assert out["item"] == questionnaires.write_questionnaire(history)["item"]
    file = saved(tmp_path, letter)
    consent = command("import", "ortiz", file, "--form", "new-consent", "--publish").split()[-1]
    form = command("import", "ortiz", file, "--form", "new").split()[-1]
    stand = {line.split("\t")[0]: line.split("\t")[1:3] for line in command("list", "ortiz").splitlines()}
    assert stand == {
        "questions": ["intake", "published"],
        "record": ["My Clients Plus", "published"],
        consent: ["consent", "published"],
        form: ["form", "draft"],
    }
    out = json.loads(command("export", "ortiz", "--form", consent))
    assert out["title"] == "Release for the school"
    assert questionnaires.read_questionnaire(out).signature, "a consent is signed, wherever it comes from"
    assert out["item"] == questionnaires.write_questionnaire(letter)["item"]


@pytest.mark.parametrize("database", ["sqlite"])
def test_what_is_refused_or_unknown_leaves_no_form_behind(command: Command, tmp_path: Path) -> None:
    before = command("list", "ortiz")
    empty = questionnaires.new_questionnaire("urn:test:empty", "Nothing")
    said = command("import", "ortiz", saved(tmp_path, empty), "--form", "new", "--publish", code=1)
    assert "Nothing was brought in." in said
    assert "has no form" in command("export", "ortiz", "--form", "consents", code=1)
    assert "has no form" in command("import", "ortiz", saved(tmp_path, empty), "--form", "x", code=1)
    assert "published nothing" in command("export", "ortiz", "--form", "record", code=1)
    assert command("list", "ortiz") == before
