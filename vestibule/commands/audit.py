"""`vestibule audit`: whether anybody changed what the audit holds."""

from pathlib import Path

import click

from core import audit as chain
from vestibule.commands.opening import opened

SENTENCES = {
    "changed": "row {seq}{named} is not as it was chained",
    "missing": "row {span} is missing",
    "tail_cut": "row {span} is missing: the end was cut off",
    "beyond_head": "row {seq}{named} stands behind the signed end: nobody chained it",
    "unsigned_head": "the end at row {seq} is not signed by this installation's keys",
    "no_head": "the signed end is missing, though there are rows up to {seq}",
    "anchor_missing": "the anchor file is missing: rows cut off at the end could not be noticed",
    "anchor_forged": "line {seq} of the anchor is not signed by this installation's keys",
    "anchor_differs": "row {seq}{named} is another one than the anchor knows",
    "anchor_ahead": "row {span} is missing, as the anchor knows",
    "anchor_torn": "line {seq} of the anchor was cut short, by a kill perhaps; it proves nothing",
}


@click.group(epilog="Example: vestibule audit verify")
def audit() -> None:
    """Look after the record of who did what."""


@audit.command(epilog="Example: vestibule audit verify --anchor /mnt/elsewhere/audit.anchor")
@click.option(
    "--anchor",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="Another anchor file than the one in the data folder: a copy that was kept elsewhere.",
)
@click.pass_context
def verify(context: click.Context, anchor: Path | None) -> None:
    """Walk the whole audit and name each row that was changed, removed or put in another's place.

    Changes nothing and may run while the server does. Exits with 1 if something is wrong.
    """
    with opened():
        finding = chain.verify(anchor)
    for fault in finding.faults:
        click.echo(f"{'note   ' if fault.code in chain.HARMLESS else 'problem'}  {sentence(fault)}")
    click.echo(
        f"{finding.chained} rows are chained, {finding.waiting} wait to be chained and can't be checked yet."
    )
    click.echo("Nothing was changed in what is chained." if finding.is_well else "Something was changed.")
    context.exit(0 if finding.is_well else 1)


def sentence(fault: chain.Fault) -> str:
    """A fault in words, with the row's number and id."""
    span = f"{fault.seq}" if fault.until <= fault.seq else f"{fault.seq} to {fault.until}"
    named = f" ({fault.row_id})" if fault.row_id else ""
    said = SENTENCES[fault.code].format(seq=fault.seq, span=span, named=named)
    return (
        said.replace("row ", "rows ", 1).replace(" is missing", " are missing", 1) if " to " in span else said
    )
