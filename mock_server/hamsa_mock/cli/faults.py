"""`hamsa-mock faults`: what can be armed; and how `serve` takes a fault."""

from collections.abc import Iterator
from typing import Any

import click
from click.types import StringParamType

from hamsa_mock.faults.board import read_fault
from hamsa_mock.faults.errors import WrongFault
from hamsa_mock.faults.fault import Kind
from hamsa_mock.faults.parameters import parameters_of, text_of
from hamsa_mock.faults.registry import kinds
from hamsa_schemas.errors import shown, suggestion


@click.command("faults")
@click.argument("name", required=False)
def faults_command(name: str | None) -> None:
    """List the faults that can be armed, or explain one of them.

    Arm them with `hamsa-mock serve --fault \'close(4003) after chunk 3\'`.
    """
    known = kinds()
    if name is None:
        width = max(map(len, known))
        for kind in known:
            click.echo(f"{kind:{width}}  {known[kind].summary}")
        return
    if name not in known:
        raise click.UsageError(f"no fault {shown(name)}; {suggestion(name, known)}")
    click.echo("\n".join(explained(name, known[name])))


def explained(name: str, kind: type[Kind]) -> Iterator[str]:
    """All that is known of one kind, in lines."""
    yield f"{name}: {kind.summary}"
    for parameter in parameters_of(kind).values():
        yield f"  {parameter.name}={text_of(parameter.default)}  {parameter.meaning} ({parameter.allowed})"
    yield f"  stands: {', '.join(kind.places)}"
    yield f"  events: {', '.join(kind.events)}"
    yield f"  example: {kind.example}"


class FaultParameter(StringParamType):
    """A fault in its text form. In the environment variable several have semicolons between them."""

    envvar_list_splitter = ";"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        try:
            read_fault(value)
        except WrongFault as error:
            self.fail(str(error), param, ctx)
        return value


fault_option = click.option(
    "--fault",
    "faults",
    metavar="FAULT",
    multiple=True,
    type=FaultParameter(),
    envvar="HAMSA_MOCK_FAULT",
    help="Arm a fault, such as 'close(4003) after chunk 3'; `hamsa-mock faults` lists them. Can be repeated.",
)
