"""A plugin with a page, table, menu line, card, chart tab, gate, event and job, made for a test."""

from __future__ import annotations

import shutil
from pathlib import Path

BELL_TABLE = "bell_ring"
MANIFEST = """\
name = "{name}"
title = "{title}"
version = "{version}"
api = 1
needs = [{needs}]
gates = ["booking_obstacles"]
"""
HOOKS = '''\
"""Everything that the bell adds."""

from collections.abc import Sequence
from uuid import UUID

from flask import Response

from vestibule.data import ClientRecord, Id, Moment, Slot, TenantModel, now, transaction
from vestibule.web import (
    Card, ChartTab, Job, NavItem, Obstacle, Route, Scope, hookimpl, page, redirect_to,
)

ONE = "/practice/<slug>/clients/<uuid:client_id>/{name}/"


class Ring(TenantModel):
    """Once."""

    client_id = Id(null=True)
    rung_at = Moment()

    class Meta:
        table_name = "{name}_ring"


def home(scope: Scope) -> Response:
    """How often."""
    return page("{name}/home.html", count=scope.rows(Ring).count())


def ring(scope: Scope) -> Response:
    """Once more."""
    only = scope.narrow(next(iter(scope.providers)))
    with transaction():
        only.add(Ring, rung_at=now())
    return redirect_to("{name}.home")


def tab(scope: Scope, client_id: UUID) -> Response:
    """How often this client rang."""
    return page("{name}/home.html", count=scope.rows(Ring).where(Ring.client_id == client_id).count())


def tick(scope: Scope) -> None:
    """Ring by itself."""
    with transaction():
        scope.add(Ring, rung_at=now())


@hookimpl
def register_routes() -> Sequence[Route]:
    return [
        Route("/{name}/", home, "client", "all"),
        Route("/{name}/ring/", ring, "client", "all", ("POST",)),
        Route(ONE, tab, "member", "one", roles=("owner",)),
    ]


@hookimpl
def register_jobs() -> Sequence[Job]:
    return [Job("tick", {every}, tick)]


@hookimpl
def nav_items(scope: Scope) -> Sequence[NavItem]:
    return [NavItem("{title}", "{name}.home", 60)] if scope.kind == "client" else []


@hookimpl
def home_cards(scope: Scope) -> Sequence[Card]:
    return [Card("{title} waits", "{name}.home", "Open {title}", urgency="waits")]


@hookimpl
def chart_tabs(scope: Scope) -> Sequence[ChartTab]:
    return [ChartTab("{title} tab", "{name}.tab", 80)]


@hookimpl
def booking_obstacles(scope: Scope, client: ClientRecord, slot: Slot | None) -> Sequence[Obstacle]:
    return {gate}
'''
TABLE = """\
CREATE TABLE {name}_ring (
    provider_id ID NOT NULL REFERENCES provider (id) ON DELETE RESTRICT,
    id ID NOT NULL,
    client_id ID,
    rung_at MOMENT NOT NULL,
    PRIMARY KEY (provider_id, id)
);
"""
MORE = "ALTER TABLE {name}_ring ADD COLUMN note TEXT NOT NULL DEFAULT '';\n"
PAGE = """\
{% extends "layout.html" %}
{% block title %}{{ "TITLE" }}{% endblock %}
{% block main %}
<p>Rung {{ count }} times</p>
{% endblock %}
"""


def write_bell(
    folder: Path,
    *,
    name: str = "bell",
    version: str = "1.0",
    needs: str = "CP",
    migrations: int = 1,
    every: int = 3600,
    is_gate_closed: bool = False,
) -> Path:
    """Write the plugin anew; `needs` are features with + between them, `every` the seconds of its job."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "templates" / name).mkdir(parents=True)
    (folder / "migrations").mkdir()
    values = {
        "name": name,
        "title": name.capitalize(),
        "version": version,
        "needs": ", ".join(f'"{feature}"' for feature in needs.split("+")),
        "every": str(every),
        "gate": f'[Obstacle("{name}_first", "Ring {name} first.")]' if is_gate_closed else "[]",
    }
    sql = [TABLE, MORE][:migrations]
    files = {
        "plugin.toml": MANIFEST,
        "__init__.py": "",
        "hooks.py": HOOKS,
        **{f"migrations/{n:04}_{name}.sql": text for n, text in enumerate(sql, 1)},
    }
    for path, text in files.items():
        (folder / path).write_text(_filled(text, values), encoding="utf-8")
    page = PAGE.replace("TITLE", values["title"])
    (folder / "templates" / name / "home.html").write_text(page, encoding="utf-8")
    return folder


def _filled(text: str, values: dict[str, str]) -> str:
    for key, value in values.items():
        text = text.replace(f"{{{key}}}", value)
    return text
