"""An assignment counts only as long as its person has the role."""

from __future__ import annotations

import pytest
from flask import Flask

from annotator.errors import Forbidden, NotFound
from annotator.models import Role
from annotator.services import members, projects
from tests.support.desk import Desk


def test_who_lost_the_role_saves_nothing_more(app: Flask) -> None:
    desk = Desk(app)
    article = desk.article()
    desk.mark("ada", article, "three towns")
    desk.write(lambda: projects.add_member(desk.project(), desk.user("ada"), Role.ADJUDICATOR))
    desk.write(lambda: members.remove(desk.project(), desk.ids["ada"], Role.REVIEWER))
    with pytest.raises(Forbidden):
        desk.mark("ada", article, "complete ceasefire")
    desk.write(lambda: members.remove(desk.project(), desk.ids["ada"], Role.ADJUDICATOR))
    with pytest.raises(NotFound):
        desk.mark("ada", article, "complete ceasefire")
