"""How far the reviewers of a project agree, and the very claims behind each figure, as pages."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for

from annotator import security
from annotator.permissions import Action
from annotator.services import (
    agreement,
    agreement_articles,
    agreement_claims,
    agreement_link_pairs,
    marks,
    naming,
    projects,
    reviewer_figures,
)
from annotator.services.agreement_claims import Asked
from annotator.services.projects import Access
from annotator.views.adjudication_versions import RELATIONS

pages = Blueprint("agreement", __name__, url_prefix="/projects/<slug>/agreement")

KINDS = {
    "same": "The same claim, marked by two reviewers",
    "close": "The same claim, with at least half of the words in common",
    "exact": "The same claim with exactly the same boundaries",
    "shifted": "The same claim with other boundaries",
    "agreed": "The same claim with the same label",
    "differing": "The same claim with different labels",
    "missed": "Marked by one reviewer and not by the other",
    "unanimous": "Labelled the same by all reviewers of the article",
    "conflicting": "Labelled differently",
    "alone": "Marked by one reviewer only",
    "left-out": "Inside a longer claim of the same reviewer",
}


LINK_KINDS = {
    "same": "Linked by two reviewers with the same relation",
    "other": "Linked by two reviewers with different relations",
    "alone": "Linked by one reviewer and not by the other",
}


@pages.get("")
def show(slug: str) -> str:
    """Three questions, what is behind them, reviewer by reviewer, label by label, over time, article by article."""
    user = security.current_user()
    access = projects.get_for(user, slug, Action.SEE_RESULTS)
    found = agreement.of_project(access.project, viewer=user)
    hidden = naming.hides_names(access)
    return render_template(
        "agreement/show.html",
        project=access.project,
        access=access,
        sections=_sections(access),
        report=found.report,
        links=found.report.links,
        labels=found.labels,
        hidden=hidden,
        reviewers={} if hidden else found.names,
        by_name=sorted(found.report.pairs, key=lambda pair: [found.names[each] for each in pair.reviewers]),
        pairs={frozenset(pair.reviewers): pair for pair in found.report.pairs},
        pair_of=lambda one, other: frozenset((one, other)),
        batches=found.report.batches,
        hardest=agreement_articles.titled(found.report.hardest),
    )


@pages.get("/claims")
def claims(slug: str) -> str:
    """The claims behind a figure."""
    user = security.current_user()
    access = projects.get_for(user, slug, Action.SEE_RESULTS)
    asked = Asked(
        request.args.get("kind", "same"),
        _named(request.args.get("reviewers", "")),
        _named(request.args.get("labels", "")),
        request.args.get("article", ""),
    )
    found = agreement_claims.page(user, access, asked, request.args.get("page", 1, type=int))
    query = {
        "kind": asked.kind,
        "reviewers": ",".join(asked.reviewers) or None,
        "labels": ",".join(asked.labels) or None,
        "article": asked.article or None,
    }
    return render_template(
        "agreement/claims.html",
        project=access.project,
        access=access,
        asked=asked,
        found=found,
        kinds=KINDS,
        query=query,
        letter_of=marks.letter_of,
    )


@pages.get("/links")
def links(slug: str) -> str:
    """The pairs of claims behind a figure of links."""
    user = security.current_user()
    access = projects.get_for(user, slug, Action.SEE_RESULTS)
    kind, reviewers = request.args.get("kind", "same"), _named(request.args.get("reviewers", ""))
    number = request.args.get("page", 1, type=int)
    found = agreement_link_pairs.page(user, access, kind, reviewers, number=number)
    return render_template(
        "agreement/links.html",
        project=access.project,
        access=access,
        kind=kind,
        chosen=reviewers,
        found=found,
        kinds=LINK_KINDS,
        relations=RELATIONS,
    )


@pages.get("/articles")
def articles(slug: str) -> str:
    """Every article with its own figures, sorted."""
    user = security.current_user()
    access = projects.get_for(user, slug, Action.SEE_RESULTS)
    order = request.args.get("sort", agreement_articles.MOST_OPEN)
    found = agreement_articles.page(access.project, user, order, request.args.get("page", 1, type=int))
    return render_template(
        "agreement/articles.html",
        project=access.project,
        access=access,
        sections=_sections(access),
        found=found,
        order=order,
        orders=agreement_articles.ORDERS,
    )


@pages.get("/reviewers")
def reviewers(slug: str) -> str:
    """Each reviewer beside the others and the gold set: the manager's page."""
    user = security.current_user()
    access = projects.get_for(user, slug, Action.MANAGE)
    return render_template(
        "agreement/reviewers.html",
        project=access.project,
        access=access,
        sections=_sections(access),
        found=reviewer_figures.everybody(access.project, user),
        few=reviewer_figures.FEW_CASES,
    )


@pages.get("/own")
def own(slug: str) -> str:
    """A reviewer's own figures."""
    user = security.current_user()
    access = projects.get_for(user, slug, Action.REVIEW)
    return render_template(
        "agreement/own.html",
        project=access.project,
        access=access,
        found=reviewer_figures.own(access.project, user),
    )


def _sections(access: Access) -> list[tuple[str, str, bool]]:
    """The pages of a project's agreement, as tabs."""
    endpoints = [("Everybody", "agreement.show"), ("By article", "agreement.articles")]
    if access.may(Action.MANAGE):
        endpoints.append(("Reviewers", "agreement.reviewers"))
    slug = access.project.slug
    return [(words, url_for(each, slug=slug), each == request.endpoint) for words, each in endpoints]


def _named(words: str) -> tuple[str, ...]:
    return tuple(word for word in words.split(",") if word)
