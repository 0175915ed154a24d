"""Pages: a request becomes one service call and its result a page or a fragment."""

from __future__ import annotations

from flask import Flask

from annotator.views import (
    account,
    adjudication,
    adjudication_batches,
    agreement,
    annotation_imports,
    articles,
    assigning,
    claim_page,
    claims,
    comparing,
    copies,
    counterparts,
    details,
    discussion,
    errands,
    errors,
    exports,
    guidelines,
    home,
    imports,
    keys,
    labels,
    people,
    projects,
    reading_preferences,
    releases,
    reviewing,
    rounds,
    search,
    sign_in,
    suggestions,
    timeline,
    training,
    versions,
    webhook_origins,
    webhooks,
    work,
)

# The parts of a project (assigning, training, people and so on) hang their routes on the blueprint of projects, reviewing,
# rounds, suggestions, versions and details on that of articles, the page of one claim and its counterparts on that of claims, keys and the
# reading preferences on that of the account, annotations on that of imports, batches on that of adjudication.
_PARTS_OF_PROJECTS = (assigning, comparing, guidelines, labels, people, search, training, work)
_PARTS_OF_ARTICLES = (details, discussion, reviewing, rounds, suggestions, versions)
_PARTS_OF_CLAIMS = (claim_page, counterparts)
_PARTS_OF_ACCOUNT = (keys, reading_preferences)
_PARTS_OF_IMPORTS = (annotation_imports,)
_PARTS_OF_ADJUDICATION = (adjudication_batches,)


def register(app: Flask) -> None:
    """Install the blueprints, one for each module, and the pages of what can go wrong."""
    errors.register(app)
    app.register_blueprint(home.pages)
    app.register_blueprint(sign_in.pages)
    app.register_blueprint(account.pages)
    app.register_blueprint(projects.pages)
    app.register_blueprint(imports.pages)
    app.register_blueprint(exports.pages)
    app.register_blueprint(errands.pages)
    app.register_blueprint(releases.pages)
    app.register_blueprint(agreement.pages)
    app.register_blueprint(timeline.pages)
    app.register_blueprint(copies.pages)
    app.register_blueprint(articles.pages)
    app.register_blueprint(claims.pages)
    app.register_blueprint(adjudication.pages)
    app.register_blueprint(webhooks.pages)
    app.register_blueprint(webhook_origins.pages)
