"""What a project has beside its articles, from the header of a file: begun unseen, and finished at one moment."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import delete, exists, select

from annotator.db import db, now
from annotator.errors import Conflict
from annotator.formats.project_records import Header, PersonPart
from annotator.models import (
    Article,
    Guideline,
    GuidelineReading,
    Import,
    ImportState,
    Label,
    Membership,
    Project,
    Release,
    Role,
    User,
)
from annotator.services import events, unlisted_imports
from annotator.services.staging import staged_host, staged_key
from annotator.services.whole_project.names_here import Ids, NamesHere
from annotator.services.whole_project.parts import columns


def refuse_unless_empty(project: Project) -> None:
    """Raise Conflict if the project has articles, a guideline or releases."""
    for model, called in ((Article, "articles"), (Guideline, "a guideline"), (Release, "releases")):
        if db.session.scalar(select(exists().where(model.project_id == project.id))):
            raise Conflict(
                f"The project '{project.slug}' has {called} already. A whole project comes into an empty one only: make "
                "one with 'annotator project add' and import the file there."
            )


def begin(project: Project, header: Header, ids: Ids, *, accounts: Mapping[str, str], filename: str) -> NamesHere:
    """Begin the import: people who have no account here, and the labels, are there from now on but not seen.

    Raises Conflict if the project is not empty, or another import into it is under way.
    """
    db.session.execute(select(Project.id).where(Project.id == project.id).with_for_update())
    refuse_unless_empty(project)
    running = Import.state == ImportState.RUNNING
    if db.session.scalar(select(exists().where(Import.project_id == project.id, running))):
        raise Conflict(f"Another import into '{project.slug}' is running, or was interrupted. Try again later.")
    batch = Import(project_id=project.id, filename=filename, touched_at=now())
    db.session.add(batch)
    db.session.flush()
    people = {person.id: accounts.get(person.id) or ids.of(person.id) for person in header.people}
    for person in header.people:
        if person.id in accounts:
            continue
        user_id = people[person.id]
        email = f"{user_id}{staged_host(batch.id)}"
        db.session.add(User(id=user_id, email=email, name=person.name, disabled_at=now()))
    labels = {}
    for n, label in enumerate(header.labels, 1):
        kept = Label(
            project_id=project.id,
            key=f"{staged_key(batch.id)}{n}",
            name=label.name,
            position=n,
            tone=label.tone,
            retired_at=now(),
        )
        db.session.add(kept)
        db.session.flush()
        labels[label.key] = kept.id
    db.session.flush()
    return NamesHere(project.id, batch.id, filename, ids, people, labels)


def finish(names: NamesHere, header: Header) -> None:
    """What makes it the project of the file, at one moment: settings, labels, guideline, roles, the articles listed."""
    project = db.session.get_one(Project, names.project_id)
    for name, value in header.project.model_dump().items():
        setattr(project, name, value)
    mine = Label.project_id == project.id
    db.session.execute(delete(Label).where(mine, Label.id.not_in(names.labels.values())))
    for label in header.labels:
        kept = db.session.get_one(Label, names.labels[label.key])
        for name, value in label.model_dump(mode="json", exclude={"retired_at"}).items():
            setattr(kept, name, value)
        kept.retired_at = label.retired_at
    for guideline in header.guidelines:
        user_id = names.people[guideline.person] if guideline.person else None
        values = columns(guideline, "version", "text", "created_at")
        db.session.add(Guideline(project_id=project.id, user_id=user_id, **values))
    for person in header.people:
        _add_roles(project, person, names.people[person.id])
    for user in db.session.scalars(select(User).where(User.email.endswith(staged_host(names.import_id)))):
        user.email = f"{user.id}@imported.invalid"
    unlisted_imports.list_articles(db.session.get_one(Import, names.import_id))
    payload = {"filename": names.filename, "complete": header.complete}
    events.record("project.import", project.id, payload, user_id=None, project_id=project.id)
    db.session.flush()


def _add_roles(project: Project, person: PersonPart, user_id: str) -> None:
    for given in person.roles:
        role = Role(given.role)
        membership = db.session.get(Membership, (project.id, user_id, role))
        if membership is None:
            membership = Membership(project_id=project.id, user_id=user_id, role=role)
            db.session.add(membership)
        membership.capacity, membership.qualified_at = given.capacity, given.qualified_at
    if person.guideline_read is not None:
        values = person.guideline_read.model_dump()
        db.session.merge(GuidelineReading(project_id=project.id, user_id=user_id, **values))
