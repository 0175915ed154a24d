"""A whole project as the lines of one file, from which `importing` makes an equal one.

Read in one moment of time, some articles at a time; the number of statements for each part does not depend on what is
in it. To a viewer work is shown as everywhere on the web: an article that has not opened to them, or that is being
adjudicated, comes without any work, and the header says so.
"""

from __future__ import annotations

from collections.abc import Generator

from annotator.db import db, one_moment
from annotator.formats.project_records import EndLine, Line
from annotator.models import Project, User
from annotator.services import openness
from annotator.services.whole_project.exported_articles import article_lines
from annotator.services.whole_project.exported_frame import header, label_rows
from annotator.services.whole_project.exported_links import link_decision_lines, link_lines

UNOPENED = (
    "work on articles that have not opened to whoever made this file, or that are being adjudicated",
    "training and second looks",
)


def project_lines(project: Project, *, viewer: User | None = None) -> Generator[Line]:
    """The lines of the file; with a `viewer` without what they may not see. Nothing is read before the first is taken."""
    shown = openness.opened_to(viewer, project) if viewer is not None else None
    with one_moment(db.engine) as connection:
        labels = label_rows(connection, project)
        yield header(connection, project, labels, left_out=UNOPENED if viewer is not None else ())
        keys = {row.id: row.key for row in labels}
        articles = links = decisions = 0
        for line in article_lines(connection, project, keys, shown):
            articles += 1
            yield line
        for link in link_lines(connection, project, shown):
            links += 1
            yield link
        for decision in link_decision_lines(connection, project, shown):
            decisions += 1
            yield decision
        yield EndLine(articles=articles, links=links, link_decisions=decisions)
