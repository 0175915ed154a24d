"""Who reviews what, by hand: the board of articles and reviewers, the pool, one more reviewer for a hard article."""

from __future__ import annotations

from collections import Counter
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from annotator import security
from annotator.db import transaction
from annotator.errors import Conflict, NotFound
from annotator.models import Project, User
from annotator.permissions import Action
from annotator.services import dealing, giving, members, pool, progress, projects, workload
from annotator.services.progress import Filters
from annotator.services.stages import Stage
from annotator.templating import plural
from annotator.views.projects import pages

MOST = 1_000
ACTS = {"give": "given", "take": "taken back", "return": "returned to the pool", "more": "given to one more reviewer"}


@pages.get("/<slug>/assignments")
def assignments(slug: str) -> str:
    """The board: articles with their reviewers, to be given and taken."""
    user = security.current_user()
    access = projects.get_for(user, slug, Action.MANAGE)
    words, stage = request.args.get("q", "").strip()[:200], request.args.get("stage", "")
    reviewer, lacking = request.args.get("reviewer", ""), request.args.get("lacking") == "yes"
    found = progress.articles(
        user,
        access.project,
        everything=True,
        manages=True,
        filters=Filters(words, None, Stage(stage) if stage in set(Stage) else None, reviewer, lacking),
        after=request.args.get("after", ""),
    )
    return render_template(
        "projects/assignments.html",
        project=access.project,
        access=access,
        found=found,
        people=[each for each in workload.people(access.project) if each.member and each.user.disabled_at is None],
        split=set(dealing.split_among([each.article.id for each in found.articles])),
        words=words,
        stage=stage,
        reviewer=reviewer,
        lacking=lacking,
        narrowed=_narrowed(),
    )


@pages.post("/<slug>/assignments")
def assign_by_hand(slug: str) -> Response:
    """Give, take or return what was chosen; what cannot be is said, the rest is done."""
    user = security.current_user()
    access = projects.get_for(user, slug, Action.MANAGE)
    act, articles, reviewer = _chosen()
    there = redirect(url_for(".assignments", slug=slug, **_narrowed()), 303)
    if act not in ACTS or not articles or (act != "more" and not reviewer):
        flash("Choose articles and a reviewer first. Nothing was changed.", "warning")
        return there
    done, refused = 0, Counter[str]()
    with transaction():
        for article_id in articles:
            try:
                done += _do(access.project, act, article_id, reviewer, by=user)
            except (Conflict, NotFound) as error:
                refused[str(error)] += 1
        split = dealing.split_among(articles) if done else []
    _tell(act, done, refused)
    if split:
        groups = ", ".join(f"“{group}”" for group in split)
        flash(f"{groups}: its articles have different reviewers now, so nobody can link their claims blind.", "warning")
    return there


@pages.post("/<slug>/return-abandoned")
def return_abandoned(slug: str) -> Response:
    """Return every review to the pool that nobody touched for longer than the project allows."""
    user = security.current_user()
    access = projects.get_for(user, slug, Action.MANAGE)
    with transaction():
        count = pool.return_abandoned(access.project, by=user)
    said = f"{plural(count, 'review')} returned to the pool." if count else "No review was abandoned."
    flash(f"{said} “Give articles to reviewers” deals them out again." if count else said, "success")
    return redirect(url_for(".work", slug=slug), 303)


@pages.post("/<slug>/articles/<article_id>/one-more")
def one_more(slug: str, article_id: str) -> Response:
    """Give a hard article one more reviewer."""
    user = security.current_user()
    access = projects.get_for(user, slug, Action.MANAGE)
    try:
        with transaction():
            person = dealing.one_more(access.project, article_id, by=user)
        flash(f"{person.name} reviews this article too. It opens for adjudication when they have submitted.", "success")
    except Conflict as error:
        flash(str(error), "warning")
    return redirect(url_for(".articles", slug=slug, **_narrowed()), 303)


@pages.post("/<slug>/people/<user_id>/capacity")
def set_capacity(slug: str, user_id: str) -> Response:
    """How many open reviews a person is given at most; empty for any number."""
    user = security.current_user()
    access = projects.get_for(user, slug, Action.MANAGE)
    written = request.form.get("capacity", "").strip()
    if written and not (written.isascii() and written.isdigit() and len(written) <= len(str(members.MOST_REVIEWS))):
        flash(f"“{written[:20]}” is no number of reviews. Nothing was changed.", "error")
        return redirect(url_for(".people", slug=slug), 303)
    with transaction():
        members.set_capacity(access.project, user_id, int(written) if written else None, by=user)
    flash("Saved. It counts from the next time that articles are given out.", "success")
    return redirect(url_for(".people", slug=slug), 303)


def _do(project: Project, act: str, article_id: str, reviewer: str, *, by: User) -> bool:
    if act == "more":
        dealing.one_more(project, article_id, by=by)
        return True
    does = {"give": giving.give, "take": giving.take, "return": giving.send_back}[act]
    return does(project, article_id, reviewer, by=by)


def _chosen() -> tuple[str, list[str], str]:
    """What is to be done, with which articles, and whose reviews: a button names one, the boxes name many."""
    one = request.form.get("one", "")
    if one:
        act, _, rest = one.partition(":")
        article_id, _, reviewer = rest.partition(":")
        return act, [article_id], reviewer
    articles = list(dict.fromkeys(request.form.getlist("articles")))[:MOST]
    return request.form.get("act", ""), articles, request.form.get("reviewer", "")


def _tell(act: str, done: int, refused: Counter[str]) -> None:
    if done:
        flash(f"{plural(done, 'article')} {ACTS[act]}.", "success")
    for reason, count in refused.most_common():
        flash(f"{plural(count, 'article')} not changed: {reason}", "warning")
    if not done and not refused:
        flash("It was so already. Nothing was changed.", "info")


def _narrowed() -> dict[str, Any]:
    """The filters and the place in the list, to come back to."""
    return {
        name: value
        for name in ("q", "stage", "state", "reviewer", "lacking", "after")
        if (value := request.args.get(name))
    }
