"""Rules of the route table, which compile the way from values to an address when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable

from werkzeug.routing import Rule


class LateRule(Rule):
    """A rule of Flask's that costs a start nothing but its parts.

    Compiling the two builders of each rule takes most of the time in which an app is made, and a process
    builds addresses of a few. Werkzeug has no public place for this, so that one of its own methods is
    overridden: without it everything works as before, later.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:  # noqa: FBT001, FBT002 -- werkzeug's
        made: list[Callable[..., tuple[str, str]]] = []
        compile_now = super()._compile_builder

        def build(rule: LateRule, /, **values: object) -> tuple[str, str]:
            if not made:
                made.append(compile_now(append_unknown))
            return made[0](rule, **values)

        return build
