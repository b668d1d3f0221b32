"""The command line's door: sockets made cooperative first, then our own packages made sure of."""

import sys
from importlib.util import find_spec
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
OURS = ("core", "plugins")


def main() -> None:
    """Run one command; ends with a sentence where `core` or `plugins` are somebody else's."""
    # Before psycopg and ssl are imported: otherwise one query would stop every greenlet.
    from gevent import monkey  # noqa: PLC0415

    monkey.patch_all()
    for name in OURS:
        if sentence := stranger(name, CHECKOUT):
            sys.exit(sentence)
    from vestibule.commands import cli  # noqa: PLC0415

    cli(prog_name="vestibule")


def stranger(name: str, checkout: Path) -> str:
    """Why the package of this name isn't the one beside us; empty when it is."""
    spec = find_spec(name)
    places = (
        [] if spec is None else [Path(place).resolve() for place in spec.submodule_search_locations or ()]
    )
    own = checkout / name
    if places == [own]:
        return ""
    found = ", ".join(map(str, places)) or "nowhere"
    return (
        f"Vestibule stops: `{name}` would be taken from {found} and not from {own}."
        f" Start it as `python -m vestibule` in {checkout}, or in an environment of its own."
    )


if __name__ == "__main__":
    main()
