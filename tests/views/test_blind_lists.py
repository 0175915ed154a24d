"""The list of articles tells a reviewer nothing of the others, also one who adjudicates other articles."""

from __future__ import annotations

import pytest
from flask import Flask

from annotator.models import Role
from annotator.services import projects
from tests.support.desk import Desk
from tests.support.people import Browser


@pytest.mark.parametrize("query", ["", "?state=submitted", "?state=new"])
def test_an_adjudicator_learns_nothing_of_an_article_that_they_review(app: Flask, query: str) -> None:
    desk = Desk(app)
    article = desk.article(title="Reviewed by Ada and Ben")
    desk.write(lambda: projects.add_member(desk.project(), desk.user("ada"), Role.ADJUDICATOR))
    ada = Browser(app, app.test_client()).sign_in("ada@example.org")
    mia = Browser(app, app.test_client()).sign_in("mia@example.org")

    def seen(browser: Browser) -> str:
        return browser.get(f"/projects/truce/articles{query}").text.partition("<main")[2]

    before, before_for_manager = seen(ada), seen(mia)
    desk.submit("ben", article)
    assert seen(ada) == before
    desk.submit("ada", article)
    assert "Adjudicate" not in seen(ada)
    assert seen(mia) != before_for_manager, "the manager's page shows that the test can see a difference"
