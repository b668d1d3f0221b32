"""The field for a signature: a name that is typed, and lines that may be drawn besides."""

from typing import Any

from wtforms.utils import unset_value
from wtforms.validators import StopValidation

from core import forms
from core.forms.field import Words, missing_words
from core.questionnaires.drawing import is_drawing
from core.questionnaires.responses import Signature


class SignatureField(forms.TextField):
    """A name, typed as a signature; lines drawn besides stand in `drawn`, and are never asked for."""

    draws_as = "signature"
    drawn = ""

    def __init__(self, label: Words = None, validators: Any = None, **options: Any) -> None:
        options.setdefault("render_kw", {"autocomplete": "name"})
        super().__init__(label, validators, max_length=120, **options)

    def process(self, formdata: Any, data: Any = unset_value, *rest: Any, **more: Any) -> None:
        """`data` is a Signature, a name, or nothing."""
        held = data if isinstance(data, Signature) else None
        self.drawn = held.drawn if held is not None else ""
        super().process(formdata, held.name if held is not None else data, *rest, **more)
        if formdata is not None and f"{self.name}.drawn" in formdata:
            lines = formdata[f"{self.name}.drawn"]
            self.drawn = lines if isinstance(lines, str) and is_drawing(lines) else ""

    def pre_validate(self, form: Any) -> None:
        if not self.process_errors and self.is_blank() and self.is_required:
            raise StopValidation(missing_words(self))
        super().pre_validate(form)
