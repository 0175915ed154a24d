"""Errands: exports, imports and looks for copies that take longer than a request, each done by a thread of the server for one person.

How far an errand is, is no fact about the project: only its beginning and its end are recorded, in the chain of the
installation. An errand whose thread has given no sign of life for a while, because its server was stopped, has failed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, func, select, update

from annotator.db import db, now
from annotator.errors import Conflict, NotFound
from annotator.models import Errand, ErrandKind, ErrandState, Project, User
from annotator.services import events

LEASE = timedelta(seconds=60)
"""A running errand gives a sign of life every second or so."""

KEPT = timedelta(days=1)
"""What came of an errand goes so long after its end."""

MOST = 2
"""How many errands a person may have under way."""

LISTED = 10

LOST = "The server was stopped while this was under way. Nothing of it was kept: begin again."


def begin(project: Project, user: User, kind: ErrandKind, wanted: Mapping[str, Any], *, total: int) -> Errand:
    """A new errand under way. Raises Conflict when the person has too many."""
    query = select(func.count()).select_from(Errand).where(Errand.user_id == user.id, _alive())
    if (db.session.scalar(query) or 0) >= MOST:
        raise Conflict(
            f"You have {MOST} exports, imports or looks for copies under way. Wait for one to end, or cancel it."
        )
    errand = Errand(
        project_id=project.id, user_id=user.id, kind=kind, wanted=dict(wanted), total=total, touched_at=now()
    )
    db.session.add(errand)
    db.session.flush()
    _record(errand, "begin")
    return errand


def find(project: Project, user: User, kind: ErrandKind, errand_id: str) -> Errand:
    """An errand of `user` in `project`. Raises NotFound for those of others, and once it is forgotten."""
    query = select(Errand).where(
        Errand.id == errand_id, Errand.project_id == project.id, Errand.user_id == user.id, Errand.kind == kind
    )
    errand = db.session.scalar(query)
    if errand is None:
        raise NotFound("This is no longer here: files and reports are kept for a day. Begin again.")
    return errand


def of_person(project: Project, user: User, kind: ErrandKind) -> Sequence[Errand]:
    """The last errands of `user` in `project`, the newest first."""
    query = select(Errand).where(Errand.project_id == project.id, Errand.user_id == user.id, Errand.kind == kind)
    return db.session.scalars(query.order_by(Errand.created_at.desc(), Errand.id).limit(LISTED)).all()


def state_of(errand: Errand) -> ErrandState:
    """Where it stands now: without a sign of life it has failed, whatever is stored."""
    lost = errand.state is ErrandState.RUNNING and errand.touched_at < now() - LEASE
    return ErrandState.FAILED if lost else errand.state


def touch(errand_id: str, done: int, words: str = "") -> bool:
    """A sign of life, with how far it is, and in `words` what has been done; whether it should go on."""
    mine = (Errand.id == errand_id) & (Errand.state == ErrandState.RUNNING)
    db.session.execute(update(Errand).where(mine).values(touched_at=now(), done=done, outcome={"words": words}))
    return bool(db.session.scalar(select(Errand.id).where(mine, Errand.stop.is_(False))))


def ask_to_stop(errand: Errand) -> None:
    """Say that nobody wants it any more; its thread ends it at the next look. What ended stays as it is."""
    if state_of(errand) is ErrandState.RUNNING:
        errand.stop = True
        db.session.flush()


def end(errand_id: str, state: ErrandState, outcome: Mapping[str, Any], *, done: int) -> None:
    """Note what became of it, unless it was given up as lost."""
    errand = db.session.get(Errand, errand_id)
    if errand is None or errand.state is not ErrandState.RUNNING:
        return
    errand.state, errand.outcome, errand.done = state, dict(outcome), done
    errand.ended_at = errand.touched_at = now()
    db.session.flush()
    _record(errand, "end")


def sweep() -> Sequence[str]:
    """Note which errands were lost, and forget those that ended a day ago; the ids of these."""
    lost = select(Errand.id).where(Errand.state == ErrandState.RUNNING, Errand.touched_at < now() - LEASE)
    for errand_id in db.session.scalars(lost).all():
        end(errand_id, ErrandState.FAILED, {"problem": LOST}, done=0)
    old = db.session.scalars(select(Errand.id).where(Errand.ended_at < now() - KEPT)).all()
    db.session.execute(delete(Errand).where(Errand.id.in_(old)))
    return old


def _alive() -> Any:
    return (Errand.state == ErrandState.RUNNING) & (Errand.touched_at >= now() - LEASE)


def _record(errand: Errand, verb: str) -> None:
    payload = {"project": errand.project_id, "kind": errand.kind, "state": errand.state, "wanted": errand.wanted}
    events.record(f"errand.{verb}", errand.id, payload, user_id=errand.user_id)
