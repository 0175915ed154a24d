"""Who is asking."""

from __future__ import annotations

from flask import Response

from annotator.api.answers import answer
from annotator.api.routes import Giving, route
from annotator.api.schemas.projects import MeOut
from annotator.models import User
from annotator.security import current_token


@route("GET", "/me", gives=Giving({200: MeOut}, ()))
def show_me(user: User) -> Response:
    """Tell who the token or the session is."""
    return answer(MeOut.of(user, current_token()))
