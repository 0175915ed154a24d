"""Taking a whole project in: an equal one, into an empty project, whole or not at all.

As with articles (see services/imports.py) everything is written in short batches, unlisted, and one last transaction lists it all
together with the settings, labels, guideline and roles; so reviewers of other projects go on saving. What an
interrupted import leaves behind is swept.

The ids of the file are kept where all of them are free in this installation; else each is given another one, the same for the same
id. People are those that the mapping names, or disabled accounts with their names, which nobody can sign in to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from sqlalchemy.exc import IntegrityError

from annotator.db import db, transaction
from annotator.errors import Conflict
from annotator.formats.project_records import ArticleLine, Header
from annotator.formats.records import RecordError
from annotator.models import Project
from annotator.services import annotation_imports, bulk, imports, search_index, unlisted_imports
from annotator.services.imports import FileReport
from annotator.services.whole_project import imported_frame
from annotator.services.whole_project.checked_file import CheckedFile, Read
from annotator.services.whole_project.imported_articles import store_articles
from annotator.services.whole_project.imported_references import store_references
from annotator.services.whole_project.names_here import Ids, accounts_of

MOST_CLAIMS = 2_000
"""How many one transaction stores, at most; an article with more is stored alone."""


def import_project(
    project: Project,
    read: Read,
    filename: str,
    *,
    people: Mapping[str, str] | None = None,
    dry_run: bool = False,
    progress: Callable[[int], None] | None = None,
) -> FileReport:
    """Make of `project`, which must be empty, the one of the file, or say everything that is wrong with the file.

    `people` names accounts of this installation, by e-mail address, for people of the file, by id or name. Commits by itself.
    Raises Conflict if the project is not empty, Invalid for a person or an account that there is not.
    """
    report = FileReport(filename)
    checked = CheckedFile()
    for number, line in read():
        for problem in [line] if isinstance(line, RecordError) else checked.problems(line, number):
            if len(report.errors) < imports.MOST_ERRORS:
                report.errors.append(problem)
    if report.errors or checked.header is None:
        return report
    imported_frame.refuse_unless_empty(project)
    accounts = accounts_of(checked.header.people, people or {})
    if not checked.header.complete:
        report.warnings.append(f"The file is not complete. It lacks {'; '.join(checked.header.left_out)}.")
    strangers = len(checked.header.people) - len(accounts)
    if strangers:
        report.warnings.append(f"People without an account here, who cannot sign in: {strangers}.")
    report.added = checked.articles
    if not dry_run:
        ids = Ids(project.id, keep=not checked.taken)
        _store(project, checked.header, ids, read, accounts=accounts, filename=filename, progress=progress)
        with transaction():
            bulk.renew_statistics(
                db.session.connection(), [*unlisted_imports.OF_ARTICLES, *annotation_imports.OF_CLAIMS]
            )
            search_index.settle(db.session.connection())
    return report


def _store(
    project: Project,
    header: Header,
    ids: Ids,
    read: Read,
    *,
    accounts: Mapping[str, str],
    filename: str,
    progress: Callable[[int], None] | None,
) -> None:
    """Store all of it; if that fails, nothing."""
    try:
        with transaction():
            names = imported_frame.begin(project, header, ids, accounts=accounts, filename=filename)
        try:
            for lines in _batches(line for _, line in read() if isinstance(line, ArticleLine)):
                with transaction():
                    store_articles(names, lines)
                if progress is not None:
                    progress(len(lines))
            store_references(names, read)
            with transaction():
                imported_frame.finish(names, header)
        except BaseException:
            db.session.rollback()
            unlisted_imports.discard(names.import_id)
            raise
    except IntegrityError as error:
        said = " ".join(str(error.orig).split())
        raise Conflict(f"{filename}: what the file says does not fit together: {said}.") from error


def _batches(lines: Iterable[ArticleLine]) -> Iterator[list[ArticleLine]]:
    """The articles in parts that one short transaction stores."""
    batch: list[ArticleLine] = []
    characters = claims = 0
    for line in lines:
        longer = sum(len(version.text) for version in line.versions)
        more = sum(len(assignment.annotations) for assignment in line.assignments)
        full = len(batch) >= unlisted_imports.BATCH_ARTICLES or characters + longer > unlisted_imports.BATCH_CHARACTERS
        if batch and (full or claims + more > MOST_CLAIMS):
            yield batch
            batch, characters, claims = [], 0, 0
        batch.append(line)
        characters, claims = characters + longer, claims + more
    if batch:
        yield batch
