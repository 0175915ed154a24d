"""Figures that were worked out once and are kept: copies of what the claims say, which may be dropped at any time."""

from __future__ import annotations

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from annotator.db import Base, Id
from annotator.models.types import CreatedAt


class AgreementSums(Base):
    """The sums of one article, from which the figures of a project are added.

    `fingerprint` says of which state of the reviews they are; sums with another one are worked out anew.
    """

    __tablename__ = "agreement_sums"

    article_id: Mapped[str] = mapped_column(Id(), ForeignKey("article.id"), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    sums: Mapped[bytes] = mapped_column(LargeBinary)


class AgreementReport(CreatedAt, Base):
    """The figures of a project over the articles, in their states, that `digest` stands for."""

    __tablename__ = "agreement_report"

    project_id: Mapped[str] = mapped_column(Id(), ForeignKey("project.id"), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    report: Mapped[bytes] = mapped_column(LargeBinary)
