"""`hamsa-mock behaviours`: what can be chosen, and how sure each default is."""

from collections.abc import Iterator, Mapping

import click

from hamsa_schemas import BehaviourEntry, Choice, resolve_behaviours


@click.command("behaviours")
@click.argument("slug", required=False)
@click.option("--profile", default="documented", show_default=True, help="Profile whose values are shown.")
def behaviours_command(slug: str | None, profile: str) -> None:
    """List the behaviours that can be chosen, or explain one of them.

    Set them with `hamsa-mock serve --set SLUG=VALUE`.
    """
    behaviours = resolve_behaviours(profile)
    if slug is not None:
        click.echo("\n".join(explained(behaviours.entry(slug), behaviours[slug])))
        return
    width = max(map(len, behaviours))
    for name in behaviours:
        entry = behaviours.entry(name)
        click.echo(f"{name:{width}}  {shown(behaviours[name]):17}  {entry.certainty:16}  {entry.summary}")


def explained(entry: BehaviourEntry, value: str | float) -> Iterator[str]:
    """All that the catalogue says of one behaviour, in lines."""
    yield f"{entry.slug} = {shown(value)}"
    yield f"  {entry.summary}"
    yield f"  {entry.certainty}: {entry.source}"
    if entry.statements:
        yield f"  statements: {', '.join(entry.statements)}"
    if isinstance(entry, Choice):
        width = max(map(len, entry.options))
        for option, meaning in entry.options.items():
            yield f"  {option:{width}}  {meaning}"
    else:
        yield f"  {entry.allowed}"


def shown(value: str | float) -> str:
    """A value as `--set` takes it."""
    return value if isinstance(value, str) else f"{value:.12g}"


def parse_settings(settings: tuple[str, ...]) -> Mapping[str, str]:
    """The values of `--set SLUG=VALUE`, given any number of times. Raises click.BadParameter."""
    values: dict[str, str] = {}
    for setting in settings:
        slug, separator, value = setting.partition("=")
        if not separator:
            raise click.BadParameter(f"{setting!r} is not SLUG=VALUE, as in hamsa.auth.failure=close_only")
        values[slug.strip()] = value.strip()
    return values
