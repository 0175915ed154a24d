"""Projects: who may enter, making one, its people, labels and guidelines."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypedDict, Unpack

from sqlalchemy import Select, func, select

from annotator.db import db
from annotator.domain.claims import DEFAULT_LABELS
from annotator.errors import Conflict, Invalid, NotFound
from annotator.models import EvidenceRule, Guideline, Label, Membership, MergeStrategy, Project, Role, User
from annotator.permissions import Action, effective_roles, may, require
from annotator.services import events, guidelines

SETTINGS = ("name", "description", "reviewers", "blind", "evidence", "snap_to_words", "suggestions", "discussion", "merge_strategy",
            "merge_threshold", "return_after_days", "pass_mark", "second_look_share", "second_look_after_days")  # fmt: skip
"""What `change` can change."""


class Settings(TypedDict, total=False):
    """What a new project can be given; what is not given is as in DEFAULTS."""

    description: str
    reviewers: int
    blind: bool
    evidence: EvidenceRule
    snap_to_words: bool
    suggestions: bool
    discussion: bool
    merge_strategy: MergeStrategy
    merge_threshold: float
    return_after_days: int | None
    pass_mark: float | None
    second_look_share: float
    second_look_after_days: int


DEFAULTS: Settings = {
    "description": "",
    "reviewers": 2,
    "blind": True,
    "evidence": EvidenceRule.WARN,
    "snap_to_words": True,
    "suggestions": False,
    "discussion": False,
    "merge_strategy": MergeStrategy.NONE,
    "merge_threshold": 0.75,
    "return_after_days": None,
    "pass_mark": None,
    "second_look_share": 0.0,
    "second_look_after_days": 21,
}

SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")


@dataclass(frozen=True)
class Access:
    """A project as one person may use it."""

    project: Project
    roles: frozenset[Role]

    def may(self, action: Action) -> bool:
        """Whether the person may do `action` here."""
        return may(self.roles, action)


def get_for(user: User, slug: str, action: Action = Action.SEE) -> Access:
    """The project `slug`, if `user` may do `action` in it. Raises NotFound to strangers, Forbidden without the role."""
    return _access(user, select(Project).where(Project.slug == slug), action)


def access_to(user: User, project_id: str, action: Action = Action.SEE) -> Access:
    """The same by id."""
    return _access(user, select(Project).where(Project.id == project_id), action)


def by_slug(slug: str) -> Project:
    """The project `slug`, for the command line. Raises NotFound."""
    project = db.session.scalar(select(Project).where(Project.slug == slug))
    if project is None:
        raise NotFound(f"There is no project '{slug}'. 'annotator project list' shows all.")
    return project


def list_for(user: User) -> Sequence[Project]:
    """The projects that `user` may see, by name."""
    query = select(Project).order_by(Project.name, Project.slug)
    if not user.is_admin:
        query = query.where(Project.id.in_(select(Membership.project_id).where(Membership.user_id == user.id)))
    return db.session.scalars(query).all()


def everything() -> Sequence[Project]:
    """All projects by name, for the command line."""
    return db.session.scalars(select(Project).order_by(Project.name, Project.slug)).all()


def create(slug: str, name: str, *, user: User | None = None, **settings: Unpack[Settings]) -> Project:
    """A new project with the default labels; `user`, if given, becomes its manager.

    Raises Invalid for a slug of other characters than a-z, 0-9 and hyphens, Conflict if the slug is taken.
    """
    if not SLUG.fullmatch(slug):
        raise Invalid.field("slug", f"'{slug}' cannot be used: use a-z, 0-9 and hyphens inside, at most 64 characters.")
    if not name.strip():
        raise Invalid.field("name", "A project needs a name.")
    given = DEFAULTS | settings
    _check_reviewers(given["reviewers"])
    _check_threshold(given["merge_threshold"])
    _check_bounds(given)
    if db.session.scalar(select(Project.id).where(Project.slug == slug)):
        raise Conflict(f"There is a project '{slug}' already. Choose another short name.")
    project = Project(slug=slug, name=name.strip(), **given)
    db.session.add(project)
    db.session.flush()
    for position, default in enumerate(DEFAULT_LABELS, 1):
        label = Label(
            project_id=project.id,
            key=default.key,
            name=default.name,
            definition=default.definition,
            position=position,
            tone=default.tone,
            needs_speaker=default.requirement.speaker,
            needs_reason=default.requirement.reason,
            stances=sorted(default.requirement.stances),
            reasons=[{"key": reason.key, "help": reason.help} for reason in default.reasons],
        )
        db.session.add(label)
    if user is not None:
        db.session.add(Membership(project_id=project.id, user_id=user.id, role=Role.MANAGER))
    events.record(
        "project.create",
        project.id,
        {"slug": slug, "name": name, **{each: value for each, value in given.items() if each != "description"}},
        user_id=user.id if user else None,
        project_id=project.id,
    )
    db.session.flush()
    return project


def change(project: Project, changes: Mapping[str, Any], *, by: User | None = None) -> bool:
    """Set those of SETTINGS that `changes` gives; False if all of them were so already.

    Raises Invalid for a blank name or an impossible number of reviewers. Opening a blind project is on record, as
    every change is.
    """
    unknown = sorted(set(changes) - set(SETTINGS))
    if unknown:
        raise Invalid.field(unknown[0], f"'{unknown[0]}' cannot be changed.")
    before = {name: getattr(project, name) for name in changes}
    after = {name: value.strip() if name == "name" else value for name, value in changes.items()}
    changed = {name for name in changes if before[name] != after[name]}
    if not changed:
        return False
    if not after.get("name", project.name):
        raise Invalid.field("name", "A project needs a name.")
    _check_reviewers(after.get("reviewers", project.reviewers))
    _check_threshold(after.get("merge_threshold", project.merge_threshold))
    _check_bounds(after)
    for name in changed:
        setattr(project, name, after[name])
    payload = {
        "before": {name: before[name] for name in sorted(changed)},
        "after": {name: after[name] for name in sorted(changed)},
    }
    events.record("project.change", project.id, payload, user_id=by.id if by else None, project_id=project.id)
    db.session.flush()
    return True


def add_member(project: Project, user: User, role: Role, *, by: User | None = None) -> bool:
    """Give `user` a role in `project`; False if they had it."""
    if db.session.get(Membership, (project.id, user.id, role)):
        return False
    db.session.add(Membership(project_id=project.id, user_id=user.id, role=role))
    payload = {"user": user.id, "role": role}
    events.record("member.add", user.id, payload, user_id=by.id if by else None, project_id=project.id)
    db.session.flush()
    return True


def members_with(project: Project, role: Role) -> Sequence[User]:
    """The people with `role` in `project`, by name."""
    return db.session.scalars(
        select(User)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.project_id == project.id, Membership.role == role)
        .order_by(User.name, User.id)
    ).all()


def labels_of(project: Project, *, retired: bool = True) -> Sequence[Label]:
    """The labels of `project` in their order; without the retired ones if so wished."""
    query = select(Label).where(Label.project_id == project.id).order_by(Label.position, Label.key)
    return db.session.scalars(query if retired else query.where(Label.retired_at.is_(None))).all()


def guideline_of(project: Project) -> Guideline | None:
    """The guideline in force, or None if the project has none yet."""
    query = select(Guideline).where(Guideline.project_id == project.id).order_by(Guideline.version.desc()).limit(1)
    return db.session.scalar(query)


def guidelines_of(project: Project) -> Sequence[Guideline]:
    """All versions of the guideline, the one in force first."""
    query = select(Guideline).where(Guideline.project_id == project.id).order_by(Guideline.version.desc())
    return db.session.scalars(query).all()


def write_guideline(project: Project, text: str, *, by: User | None = None) -> Guideline:
    """A new version of the guideline, which its writer has read; the same text as before gives the version in force.

    Raises Invalid for a text that cannot be shown: it stands beside every article, so nobody could open one any more.
    """
    guidelines.as_html(text)
    present = guideline_of(project)
    if present is not None and present.text == text:
        return present
    highest = db.session.scalar(select(func.max(Guideline.version)).where(Guideline.project_id == project.id)) or 0
    by_id = by.id if by else None
    guideline = Guideline(project_id=project.id, version=highest + 1, text=text, user_id=by_id)
    db.session.add(guideline)
    db.session.flush()
    payload = {"version": guideline.version, "text": text}
    events.record("guideline.write", guideline.id, payload, user_id=by_id, project_id=project.id)
    if by is not None:
        guidelines.note_reading(by, project, guideline.version)
    return guideline


def _check_reviewers(reviewers: int) -> None:
    if not 1 <= reviewers <= 20:
        raise Invalid.field("reviewers", f"{reviewers} is not possible: choose 1 to 20 reviewers for each article.")


def _check_threshold(threshold: float) -> None:
    if not 0.5 <= threshold <= 1:
        raise Invalid.field("merge_threshold", f"{threshold:g} is no majority: choose a share from 0.5 to 1.")


BOUNDS: dict[str, tuple[float, float, str]] = {
    "return_after_days": (1, 3650, "Choose 1 to 3,650 days, or none."),
    "pass_mark": (0.01, 1, "Choose a share above 0 and up to 1, or none."),
    "second_look_share": (0, 0.5, "Choose a share from 0 to 0.5."),
    "second_look_after_days": (1, 3650, "Choose 1 to 3,650 days."),
}


def _check_bounds(given: Mapping[str, Any]) -> None:
    for name, (least, most, way_out) in BOUNDS.items():
        value = given.get(name)
        if value is not None and not least <= value <= most:
            raise Invalid.field(name, way_out)


def _access(user: User, query: Select[Project], action: Action) -> Access:
    project = db.session.scalar(query)
    if project is None:
        raise NotFound
    given = db.session.scalars(
        select(Membership.role).where(Membership.project_id == project.id, Membership.user_id == user.id)
    ).all()
    roles = effective_roles(user, given)
    require(roles, action)
    return Access(project, roles)
