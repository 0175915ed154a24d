"""The annotator command: one module for each noun, thin like views. `main` is the console script."""

from __future__ import annotations

from flask import Flask
from flask.cli import ScriptInfo

from annotator.cli import (
    agreement,
    articles,
    backups,
    copies,
    demo,
    exporting,
    filling,
    importing,
    installation,
    members,
    people,
    projects,
    releases,
    tokens,
    webhooks,
)
from annotator.cli.base import Noun

COMMANDS = (
    installation.init,
    installation.serve,
    demo.demo,
    people.user,
    projects.project,
    members.member,
    importing.import_files,
    articles.article,
    articles.assign,
    exporting.export,
    releases.release,
    filling.fill,
    agreement.agreement,
    copies.show_copies,
    tokens.token,
    webhooks.webhook,
    backups.backup,
    backups.restore,
    backups.check,
)


def main() -> None:
    """Run the command line: exit status 0 on success, 1 on a refused or failed job, 2 on wrong usage."""
    from annotator import create_app

    group = Noun("annotator", help="Mark the claims of news articles, settle the differences, export one dataset.")
    for command in COMMANDS:
        group.add_command(command)
    group(
        obj=ScriptInfo(create_app=create_app, load_dotenv_defaults=False, set_debug_flag=False), prog_name="annotator"
    )


def register(app: Flask) -> None:
    """Give `app` the commands, for `flask` and for tests."""
    for command in COMMANDS:
        app.cli.add_command(command)
