"""The annotator command: one module for each noun, thin like views. `main` is the console script."""

from __future__ import annotations

from importlib import import_module

import click
from flask import Flask
from flask.cli import ScriptInfo

from annotator.cli.base import Noun

COMMANDS = {
    "init": "installation.init",
    "serve": "installation.serve",
    "demo": "demo.demo",
    "user": "people.user",
    "project": "projects.project",
    "member": "members.member",
    "import": "importing.import_files",
    "article": "articles.article",
    "assign": "articles.assign",
    "export": "exporting.export",
    "release": "releases.release",
    "fill": "filling.fill",
    "agreement": "agreement.agreement",
    "copies": "copies.show_copies",
    "token": "tokens.token",
    "webhook": "webhooks.webhook",
    "backup": "backups.backup",
    "restore": "backups.restore",
    "check": "backups.check",
}
"""The commands by name, each with the place in this package where it stands."""


class Commands(Noun):
    """All commands. The module of one is loaded when it is asked for: a server needs no other than its own."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Their names, in the order in which they are first needed."""
        return [*COMMANDS, *super().list_commands(ctx)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, or None."""
        if cmd_name not in COMMANDS:
            return super().get_command(ctx, cmd_name)
        module, _, name = COMMANDS[cmd_name].partition(".")
        command: click.Command = getattr(import_module(f"{__name__}.{module}"), name)
        return command


def main() -> None:
    """Run the command line: exit status 0 on success, 1 on a refused or failed job, 2 on wrong usage."""
    from annotator import create_app

    group = Commands("annotator", help="Mark the claims of news articles, settle the differences, export one dataset.")
    click.version_option(package_name="annotator", message="%(prog)s %(version)s")(group)
    group(
        obj=ScriptInfo(create_app=create_app, load_dotenv_defaults=False, set_debug_flag=False), prog_name="annotator"
    )


def register(app: Flask) -> None:
    """Give `app` the commands, for `flask` and for tests."""
    app.cli = Commands(app.cli.name)
