"""What a project has beside its articles, as the header of the file: settings, labels, guideline, people and their roles."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from sqlalchemy import CompoundSelect, Connection, select, union

from annotator.formats.project_records import (
    GuidelinePart,
    GuidelineReadPart,
    Header,
    LabelPart,
    PersonPart,
    ProjectPart,
    RolePart,
)
from annotator.models import (
    Article,
    Assignment,
    CopyMember,
    Decision,
    Guideline,
    GuidelineReading,
    Label,
    Link,
    Membership,
    Mention,
    Post,
    Project,
    User,
)
from annotator.services.whole_project.parts import Row, made


def label_rows(connection: Connection, project: Project) -> Sequence[Row]:
    """The labels of the project, in their order."""
    table = Label.__table__
    query = select(table).where(Label.project_id == project.id).order_by(Label.position, Label.key)
    return connection.execute(query).all()


def header(connection: Connection, project: Project, labels: Sequence[Row], *, left_out: Sequence[str]) -> Header:
    """The first line of the file; `left_out` says what is not in it."""
    settings = connection.execute(select(Project.__table__).where(Project.id == project.id)).one()
    guidelines = connection.execute(
        select(Guideline.version, Guideline.text, Guideline.user_id.label("person"), Guideline.created_at)
        .where(Guideline.project_id == project.id)
        .order_by(Guideline.version)
    )
    return Header(
        complete=not left_out,
        left_out=list(left_out),
        project=made(ProjectPart, settings),
        labels=[made(LabelPart, row) for row in labels],
        guidelines=[made(GuidelinePart, row) for row in guidelines],
        people=list(_people(connection, project)),
    )


def _people(connection: Connection, project: Project) -> Iterator[PersonPart]:
    """Everybody who has a role in the project or has left anything in it."""
    articles = select(Article.id).where(Article.project_id == project.id)
    involved: CompoundSelect[str] = union(
        select(Membership.user_id).where(Membership.project_id == project.id),
        select(Guideline.user_id).where(Guideline.project_id == project.id),
        select(Link.user_id).where(Link.project_id == project.id),
        select(Assignment.user_id).where(Assignment.article_id.in_(articles)),
        select(Decision.user_id).join(Assignment).where(Assignment.article_id.in_(articles)),
        select(Post.user_id).where(Post.article_id.in_(articles)),
        select(CopyMember.user_id).where(CopyMember.project_id == project.id, CopyMember.user_id.is_not(None)),
        select(Mention.user_id).join(Post).where(Post.article_id.in_(articles)),
    )
    roles: defaultdict[str, list[RolePart]] = defaultdict(list)
    given = select(Membership.__table__).where(Membership.project_id == project.id).order_by(Membership.role)
    for row in connection.execute(given):
        roles[row.user_id].append(made(RolePart, row))
    readings = select(GuidelineReading.__table__).where(GuidelineReading.project_id == project.id)
    read = {row.user_id: made(GuidelineReadPart, row) for row in connection.execute(readings)}
    people = select(User.id, User.name).where(User.id.in_(involved)).order_by(User.id)
    for row in connection.execute(people):
        yield PersonPart(id=row.id, name=row.name, roles=roles[row.id], guideline_read=read.get(row.id))
