"""The people of a project: their roles, and taking one away."""

from __future__ import annotations

import pytest
from flask import Flask

from annotator.errors import Conflict, NotFound
from annotator.models import Role
from annotator.services import annotations as claims_service
from annotator.services import articles, members, projects
from tests.support.desk import Desk


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


def remove(desk: Desk, name: str, role: Role) -> None:
    desk.write(lambda: members.remove(desk.project(), desk.ids[name], role, by=desk.user("mia")))


def roles(desk: Desk) -> list[tuple[str, list[Role]]]:
    with desk.app.app_context():
        return [(member.user.name, member.roles) for member in members.of(desk.project())]


def test_members_come_by_name_with_their_roles_in_order(desk: Desk) -> None:
    desk.write(lambda: projects.add_member(desk.project(), desk.user("jo"), Role.REVIEWER))
    assert roles(desk) == [
        ("Ada", [Role.REVIEWER]),
        ("Ben", [Role.REVIEWER]),
        ("Jo", [Role.REVIEWER, Role.ADJUDICATOR]),
        ("Mia", [Role.MANAGER]),
    ]


def test_the_last_manager_cannot_be_removed(desk: Desk) -> None:
    with pytest.raises(Conflict, match="only manager"):
        remove(desk, "mia", Role.MANAGER)
    desk.write(lambda: projects.add_member(desk.project(), desk.user("jo"), Role.MANAGER))
    remove(desk, "mia", Role.MANAGER)
    with pytest.raises(Conflict, match="only manager"):
        remove(desk, "jo", Role.MANAGER)


def test_somebody_else_s_project_does_not_lend_a_manager(desk: Desk) -> None:
    desk.write(lambda: projects.create("other", "Other", user=desk.user("jo")))
    with pytest.raises(Conflict):
        remove(desk, "mia", Role.MANAGER)


def test_a_role_that_is_not_there_cannot_be_taken_away(desk: Desk) -> None:
    for name, role in (("sam", Role.REVIEWER), ("ada", Role.ADJUDICATOR)):
        with pytest.raises(NotFound):
            remove(desk, name, role)


def test_the_work_of_a_removed_reviewer_stays(desk: Desk) -> None:
    article_id = desk.article()
    desk.mark("ada", article_id, "complete ceasefire")
    with desk.app.app_context():
        assignment = articles.get_for(desk.user("ada"), article_id).assignment
        assert assignment is not None
        assignment_id = assignment.id
    remove(desk, "ada", Role.REVIEWER)
    with desk.app.app_context():
        assert [claim.exact for claim in claims_service.own(assignment_id)] == ["complete ceasefire"]
        with pytest.raises(NotFound):
            articles.get_for(desk.user("ada"), article_id)
