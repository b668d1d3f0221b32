"""Bringing in clients and sessions: the file, what would happen line by line, and what did."""

from __future__ import annotations

from uuid import UUID

from flask import Response, request

from plugins.myclientsplus import service
from plugins.myclientsplus.forms import ImportForm
from plugins.myclientsplus.service.csv_reading import MOST_LINES
from vestibule.data import NotFound, Refused
from vestibule.web import Scope, page, redirect_to
from vestibule.web import gettext as _


def import_file(scope: Scope) -> Response:
    """Choose a file; nothing is brought in before its lines were looked at."""
    form = ImportForm(request.form if request.method == "POST" else None)
    problem = ""
    if request.method == "POST":
        if not service.is_kept_here(scope):
            raise NotFound
        sent = request.files.get("file")
        if form.validate() and sent is not None and sent.filename:
            try:
                row = service.keep_file(scope, form.kind.data, sent.read())
                return redirect_to("myclientsplus.import_lines", import_id=row.id)
            except Refused as refusal:
                problem = _why(refusal)
        elif not form.errors:
            problem = _("Choose a file.")
    status = 422 if problem or form.errors else 200
    return page("myclientsplus/import_file.html", form=form, problem=problem, most=MOST_LINES, status=status)


def _why(refusal: Refused) -> str:
    names = ", ".join(str(name) for name in refusal.values.get("names", ()))  # type: ignore[attr-defined]
    return {
        "too_large": _("The file is too large: up to 2 MB can be brought in."),
        "no_lines": _("The file has no lines below its headings."),
        "too_many_lines": _("The file has too many lines. Split it in two."),
        "columns_missing": _("These columns are missing: %(names)s") % {"names": names},
    }.get(refusal.code, _("This file is no text with separated columns. Save it as CSV and try again."))


def import_lines(scope: Scope, import_id: UUID) -> Response:
    """What would become of each line; after the button, what did."""
    row = service.import_of(scope, import_id)
    if request.method == "POST":
        if not service.is_kept_here(scope):
            raise NotFound
        service.begin_import(scope, import_id)
        return redirect_to("myclientsplus.import_lines", import_id=import_id)
    codes = service.preview(scope, row) if row.state == "read" else row.results
    words = {**_words(), **(_ahead() if row.state == "read" else _behind())}
    lines = [
        (str(number), _told(line), words[code])
        for number, (line, code) in enumerate(zip(row.lines, codes, strict=False), 2)
    ]
    return page(
        "myclientsplus/import_lines.html",
        row=row,
        lines=lines,
        good=sum(code in ("add", "join") for code in codes),
        same=sum(code == "same" for code in codes),
        wrong=sum(code not in ("add", "join", "same") for code in codes),
    )


def _told(line: dict[str, str]) -> str:
    names = ("number", "given_name", "family_name", "on", "title", "amount")
    return " · ".join(line[name] for name in names if line.get(name))


def _ahead() -> dict[str, str]:
    return {
        "add": _("Will be added"),
        "join": _("Will be joined with the client of this name"),
        "same": _("Is here already: nothing is changed"),
    }


def _behind() -> dict[str, str]:
    return {
        "add": _("Added"),
        "join": _("Joined with the client of this name"),
        "same": _("Was here already: nothing was changed"),
    }


def _words() -> dict[str, str]:
    return {
        "formula": _("Left out: a cell begins like a formula"),
        "no_number": _("Left out: the client's number is missing"),
        "no_name": _("Left out: a name is missing"),
        "no_day": _("Left out: the date can't be read; write month/day/year"),
        "no_phone": _("Left out: the phone number can't be read"),
        "no_amount": _("Left out: the amounts can't be read, or more was paid than charged"),
        "twice": _("Left out: this number stands on a line before"),
        "unknown_client": _("Left out: no client with this number is here; bring in the clients first"),
    }
