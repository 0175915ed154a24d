"""The sums of articles and the reports of projects, kept so that only what changed is worked out again.

They are copies: what is stored goes by a fingerprint of what it was worked out from, and a failure to store it is
noted and otherwise of no account.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable
from dataclasses import fields
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.exc import SQLAlchemyError

from annotator.db import aside, db, now, one_moment
from annotator.errors import Busy
from annotator.models import AgreementReport, AgreementSums, Project, User
from annotator.services import agreement_reading as reading
from annotator.services.agreement_reading import Counted

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    from annotator.agreement.model import Model
    from annotator.agreement.sums import Sums

AT_A_TIME = 1_000
"""Articles that are stored in one transaction, so that nobody who saves a claim waits for long."""

KEPT_REPORTS = 12
"""Reports of earlier states, and of other viewers, that are kept for a project."""

Figures = TypeVar("Figures", bound="DataclassInstance")

log = logging.getLogger(__name__)


def figures(
    project: Project,
    viewer: User | None,
    kind: type[Figures],
    make: Callable[[Counted, Sums], Figures],
    *,
    state: Callable[[Connection], str] = lambda _: "",
) -> Figures:
    """The figures that `make` works out from the sums of what counts for `viewer`, or those kept of the same state.

    `kind` is their class, of plain values throughout; `state` says on what else they depend. Four statements when they were kept.
    """
    with one_moment(db.engine) as connection:
        digest = reading.digest(connection, project, viewer, f"{_shape(kind)} {state(connection)}")
        kept = _read(connection, project, kind, digest)
        if kept is not None:
            return kept
        found = reading.counted(connection, project, viewer)
        sums, worked_out = _sums(connection, found)
    made = make(found, sums)
    _keep_sums(found, worked_out)
    _keep(project, digest, made)
    return made


def fitted_model(project: Project, viewer: User) -> Model:
    """The model of the labels, fitted to what counts for `viewer`: four statements when it was kept.

    It only suggests, and is asked for with every question. So it goes by how many reviews are finished and when the
    last of them was, which the database counts, and not by the state of each as figures do.
    """
    from annotator.agreement.model import Model, fit

    with one_moment(db.engine) as connection:
        digest = reading.rough_digest(connection, project, viewer, _shape(Model))
        kept = _read(connection, project, Model, digest)
    if kept is not None:
        return kept
    found, added = sums(project, viewer)
    made = fit(added, found.coders, found.keys)
    _keep(project, digest, made)
    return made


def _shape(kind: type[DataclassInstance]) -> str:
    """A class and its fields, so that none of an earlier shape is read."""
    return f"{kind.__qualname__} {[each.name for each in fields(kind)]}"


def _read(connection: Connection, project: Project, kind: type[Figures], digest: str) -> Figures | None:
    from pydantic import TypeAdapter

    query = select(AgreementReport.report).where(
        AgreementReport.project_id == project.id, AgreementReport.digest == digest
    )
    kept = connection.scalar(query)
    return None if kept is None else TypeAdapter(kind).validate_json(kept)


def _keep(project: Project, digest: str, made: DataclassInstance) -> None:
    from pydantic import TypeAdapter

    report = TypeAdapter(type(made)).dump_json(made)
    row = {"project_id": project.id, "digest": digest, "report": report, "created_at": now()}
    _stored(partial(_replace_report, row=row))


def sums(project: Project, viewer: User | None) -> tuple[Counted, Sums]:
    """The sums of every article that counts for `viewer`, in their order, with what their numbers stand for."""
    with one_moment(db.engine) as connection:
        found = reading.counted(connection, project, viewer)
        added, worked_out = _sums(connection, found)
    _keep_sums(found, worked_out)
    return found, added


def _sums(connection: Connection, found: Counted) -> tuple[Sums, dict[str, bytes]]:
    """The sums, and those among them that were worked out now, packed: one statement, and three if there are such."""
    import numpy as np

    from annotator.agreement import packing
    from annotator.agreement.sums import of_articles

    articles = list(found.articles)
    kept = _kept(connection, found)
    missing = [article_id for article_id in articles if article_id not in kept]
    worked_out: dict[str, bytes] = {}
    if missing:
        made = of_articles(reading.reviews(connection, found, missing), len(found.labels))
        worked_out = dict(zip(missing, packing.packed(made), strict=True))
    added = packing.unpacked([kept.get(each) or worked_out[each] for each in articles], len(found.labels))
    coder = {user_id: number for number, user_id in enumerate(found.coders)}
    coders = [coder[review.user_id] for each in articles for review in found.articles[each]]
    return added.of_coders(np.array(coders, dtype=np.int64)), worked_out


def _keep_sums(found: Counted, worked_out: dict[str, bytes]) -> None:
    """Store sums, a part at a time."""
    articles = list(worked_out)
    for first in range(0, len(articles), AT_A_TIME):
        part = articles[first : first + AT_A_TIME]
        rows: list[dict[str, object]] = [
            {"article_id": each, "fingerprint": found.fingerprint(each), "sums": worked_out[each]} for each in part
        ]
        if not _stored(partial(_replace_sums, rows=rows)):
            return


def _kept(connection: Connection, found: Counted) -> dict[str, bytes]:
    rows = connection.execute(
        select(AgreementSums.article_id, AgreementSums.fingerprint, AgreementSums.sums).where(
            AgreementSums.article_id.in_(found.query)
        )
    )
    return {
        article_id: bytes(sums)
        for article_id, fingerprint, sums in rows
        if article_id in found.articles and fingerprint == found.fingerprint(article_id)
    }


def _stored(write: Callable[[Connection], None]) -> bool:
    """Whether it was stored: somebody else may be writing the same, or for too long."""
    try:
        with aside() as connection:
            if connection is None:
                return False
            write(connection)
    except (Busy, SQLAlchemyError, sqlite3.Error) as error:
        log.warning("Figures of agreement were not stored: %s", type(error).__name__)
        return False
    return True


def _replace_sums(connection: Connection, *, rows: list[dict[str, object]]) -> None:
    articles = [row["article_id"] for row in rows]
    connection.execute(delete(AgreementSums).where(AgreementSums.article_id.in_(articles)))
    connection.execute(insert(AgreementSums), rows)


def _replace_report(connection: Connection, *, row: dict[str, object]) -> None:
    mine = AgreementReport.project_id == row["project_id"]
    newest = select(AgreementReport.digest).where(mine).order_by(AgreementReport.created_at.desc()).limit(KEPT_REPORTS)
    kept = [digest for digest in connection.scalars(newest) if digest != row["digest"]]
    connection.execute(delete(AgreementReport).where(mine, AgreementReport.digest.not_in(kept)))
    connection.execute(insert(AgreementReport), row)
