"""The start page: a person's projects with what is next for them."""

from __future__ import annotations

from flask import Blueprint, render_template

from annotator import security
from annotator.permissions import Action
from annotator.services import dated_links, mentions, overview, rounds

pages = Blueprint("home", __name__)


@pages.get("/")
def index() -> str:
    """The person's projects, those with work for them first."""
    user = security.current_user()
    return render_template(
        "home/index.html",
        overviews=overview.of(user),
        asked=rounds.questions_to(user),
        calls=mentions.calls(user),
        against_dates=dated_links.own(user),
        Action=Action,
    )
