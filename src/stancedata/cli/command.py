"""The classes of commands: an option is given once, and errors name options as they are typed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from stancedata.problems import InvalidDataError, StancedataError

_OTHERWISE = {
    "by": ("on",),
    "format": ("formats", "style"),
    "path": ("output",),
    "version": ("known_at",),
}
"""Arguments of the library that have another name as parameters of commands."""
_TYPED = "stancedata.typed"


class OnceCommand(click.Command):
    """A command that refuses an option given twice: click would drop the first without a word."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the arguments; raise UsageError if an option of one value is given twice."""
        ctx.meta[_TYPED] = [word.partition("=")[0] for word in args]
        given = self.make_parser(ctx).parse_args(list(args))[2]
        for option in given:
            once = isinstance(option, click.Option) and not (option.multiple or option.is_flag)
            if once and given.count(option) > 1:
                raise click.UsageError(
                    f"{option.opts[0]} is given {given.count(option)} times and takes one value; "
                    "run the command once for each",
                    ctx,
                )
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; let an error of the library name the option that the user typed."""
        try:
            return super().invoke(ctx)
        except InvalidDataError:  # begins with places in files
            raise
        except StancedataError as error:
            error.args = (_with_option(str(error), ctx),)
            raise


def _with_option(message: str, context: click.Context) -> str:
    """Replace the argument that a message begins with by its option: `max_age` by `--max-age`.

    A message that begins with a path is left alone, also if that is called like an option.
    """
    head, colon, rest = message.partition(": ")
    named = {parameter.name: parameter for parameter in context.command.params}
    names = (*_OTHERWISE.get(head, ()), head)
    parameter = next((named[name] for name in names if name in named), None)
    if not colon or not isinstance(parameter, click.Option):
        return message
    if head in map(str, context.params.values()):
        return message
    typed = [name for name in parameter.opts if name in context.meta[_TYPED]]
    return f"{(typed or parameter.opts)[0]}: {rest}"


class CommandGroup(click.Group):
    """A group of such commands."""

    command_class = OnceCommand
    group_class = type


def kinds(field: str) -> type[click.Command]:
    """Return a class of commands whose help ends with the terms of a vocabulary.

    They are those of the codebook in `data`, or else of the template.
    """

    class _Listing(OnceCommand):
        def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
            from stancedata.coding.skeleton import terms

            listed, source = terms(ctx.params.get("path") or Path("data"), field)
            with formatter.section(f"Kinds, as defined by {source}"):
                formatter.write_dl(listed or [("none", "write them in its vocabulary first")])

    return _Listing
