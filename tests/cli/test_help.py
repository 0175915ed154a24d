"""What --help says of the commands."""

from __future__ import annotations

import click
import pytest

from annotator.cli import Commands
from annotator.cli.base import Command

WIDTH = 80
"""Columns of a terminal that nobody made wider."""


def groups(command: click.Command, context: click.Context) -> list[tuple[click.Group, click.Context]]:
    """The group and those within it."""
    if not isinstance(command, click.Group):
        return []
    within = [(name, command.get_command(context, name)) for name in command.list_commands(context)]
    return [
        (command, context),
        *(pair for name, each in within if each for pair in groups(each, context_of(each, name, context))),
    ]


def context_of(command: click.Command, name: str, parent: click.Context | None = None) -> click.Context:
    """The context in which a command tells its help."""
    return click.Context(command, info_name=name, parent=parent, terminal_width=WIDTH, max_content_width=WIDTH)


def cut(command: click.Command) -> list[str]:
    """The lines of all lists of commands that end before their sentence does."""
    return [
        f"{context.command_path}: {line.strip()}"
        for group, context in groups(command, context_of(command, "annotator"))
        for line in group.get_help(context).splitlines()[1:]
        if line.endswith("...")
    ]


def test_the_lists_of_commands_cut_no_sentence() -> None:
    commands = Commands("annotator")
    assert len(groups(commands, context_of(commands, "annotator"))) > 5
    assert cut(commands) == []


@pytest.mark.parametrize(("words", "lines"), [(9, 0), (29, 1)])
def test_a_sentence_that_is_too_long_is_found(words: int, lines: int) -> None:
    group = click.Group("some", commands=[Command("one", help="word " * words + "end. What follows may be longer.")])
    assert len(cut(group)) == lines
