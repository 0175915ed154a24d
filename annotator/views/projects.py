"""Projects: the list, making one, the overview by role, its articles, its settings, and dealing articles out."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from annotator import security
from annotator.db import transaction
from annotator.errors import Conflict, Invalid
from annotator.forms.projects import ProjectForm, SettingsForm
from annotator.models import AssignmentState, EvidenceRule, MergeStrategy, Role
from annotator.permissions import Action
from annotator.services import (
    assignment_lists,
    copies,
    dealing,
    members,
    overview,
    progress,
    projects,
    rounds,
    second_looks,
)
from annotator.services import settings as settings_service
from annotator.services.stages import Stage
from annotator.views.assigning_words import told

pages = Blueprint("projects", __name__, url_prefix="/projects")


@pages.get("")
def index() -> str:
    """The person's projects, with how far each is."""
    user = security.current_user()
    return render_template("projects/index.html", overviews=overview.of(user), Action=Action)


@pages.route("/new", methods=["GET", "POST"])
def new() -> str | Response | tuple[str, int]:
    """Make a project; whoever makes it manages it."""
    user, form = security.current_user(), ProjectForm()
    if request.method == "GET":
        return render_template("projects/new.html", form=form)
    if form.validate():
        try:
            with transaction():
                project = projects.create(
                    form.slug.data or "",
                    form.name.data or "",
                    user=user,
                    description=form.description.data or "",
                    reviewers=form.reviewers.data or 2,
                    blind=form.blind.data == "blind",
                    evidence=EvidenceRule(form.evidence.data),
                    snap_to_words=form.snap_to_words.data,
                    suggestions=form.suggestions.data,
                    discussion=form.discussion.data,
                    merge_strategy=MergeStrategy(form.merge_strategy.data),
                    merge_threshold=form.merge_threshold.data or 0.75,
                    **form.work(),
                )
            flash(f"The project “{project.name}” is made. Import its first articles next.", "success")
            return redirect(url_for(".show", slug=project.slug), 303)
        except Invalid as error:
            form.refuse(error)
        except Conflict as error:
            form.refuse(Invalid.field("slug", str(error)))
    return render_template("projects/new.html", form=form), 422


@pages.get("/<slug>")
def show(slug: str) -> str:
    """What is next here: one's own reviews, what waits for adjudication, and the progress for its managers."""
    user = security.current_user()
    access = projects.get_for(user, slug)
    managed = progress.of(access.project) if access.may(Action.MANAGE) else None
    return render_template(
        "projects/show.html",
        project=access.project,
        access=access,
        asked=rounds.questions_to(user, project=access.project) if access.may(Action.REVIEW) else [],
        reviews=assignment_lists.own_list(user, access.project) if access.may(Action.REVIEW) else [],
        steadiness=second_looks.figures(access.project, user=user) if access.may(Action.REVIEW) else [],
        next_review=assignment_lists.next_for(user, access.project) if access.may(Action.REVIEW) else None,
        queue=progress.queue(user, access.project) if access.may(Action.ADJUDICATE) else [],
        progress=managed,
        nobody_reviews=managed is not None and not managed.people and not members.has(access.project, Role.REVIEWER),
        Action=Action,
    )


@pages.post("/<slug>/next")
def next_article(slug: str) -> Response:
    """Go to the article that the person should do next."""
    user = security.current_user()
    access = projects.get_for(user, slug, Action.REVIEW)
    following = assignment_lists.next_for(user, access.project)
    if following is None:
        flash("You have submitted every article that was given to you here.", "success")
        return redirect(url_for(".show", slug=slug), 303)
    return redirect(url_for("articles.annotate", article_id=following.article_id), 303)


@pages.post("/<slug>/assign")
def assign(slug: str) -> Response:
    """Give every article its reviewers."""
    user = security.current_user()
    access = projects.get_for(user, slug, Action.MANAGE)
    with transaction():
        report = dealing.assign(access.project, by=user)
    for words, kind in told(report):
        flash(words, kind)
    return redirect(url_for(".show", slug=slug), 303)


@pages.get("/<slug>/articles")
def articles(slug: str) -> str:
    """The articles: all of them for adjudicators and managers, one's own for reviewers."""
    user = security.current_user()
    access = projects.get_for(user, slug)
    everything = access.may(Action.READ_ALL)
    words, state = request.args.get("q", "").strip()[:200], request.args.get("state", "")
    stage = request.args.get("stage", "")
    found = progress.articles(
        user,
        access.project,
        everything=everything,
        manages=access.may(Action.MANAGE),
        filters=progress.Filters(
            words,
            AssignmentState(state) if state in set(AssignmentState) else None,
            Stage(stage) if stage in set(Stage) else None,
        ),
        after=request.args.get("after", ""),
    )
    same_text = copies.counterparts(user, access, [each.article.id for each in found.articles])
    return render_template(
        "projects/articles.html",
        same_text=same_text,
        project=access.project,
        access=access,
        everything=everything,
        found=found,
        words=words,
        state=state,
        states=list(AssignmentState),
        stage=stage,
        narrowed={name: value for name in ("q", "state", "stage", "after") if (value := request.args.get(name))},
        Action=Action,
    )


@pages.route("/<slug>/settings", methods=["GET", "POST"])
def settings(slug: str) -> str | Response | tuple[str, int]:
    """Name, reviewers, blindness, what claims must carry, and how they are marked."""
    user = security.current_user()
    access = projects.get_for(user, slug, Action.MANAGE)
    project = access.project
    form = SettingsForm(
        name=project.name,
        description=project.description,
        reviewers=project.reviewers,
        blind="blind" if project.blind else "open",
        evidence=project.evidence.value,
        snap_to_words=project.snap_to_words,
        suggestions=project.suggestions,
        discussion=project.discussion,
        merge_strategy=project.merge_strategy.value,
        merge_threshold=project.merge_threshold,
        **SettingsForm.work_of(project),
    )
    page = {"project": project, "access": access, "form": form}
    if request.method == "GET":
        return render_template("projects/settings.html", **page)
    if form.validate():
        changes = {
            "name": form.name.data,
            "description": form.description.data or "",
            "reviewers": form.reviewers.data,
            "blind": form.blind.data == "blind",
            "evidence": EvidenceRule(form.evidence.data),
            "snap_to_words": form.snap_to_words.data,
            "suggestions": form.suggestions.data,
            "discussion": form.discussion.data,
            "merge_strategy": MergeStrategy(form.merge_strategy.data),
            "merge_threshold": form.merge_threshold.data or 0.75,
            **form.work(),
        }
        try:
            with transaction():
                settings_service.change(project, changes, by=user)
            flash("The settings are saved.", "success")
            return redirect(url_for(".settings", slug=slug), 303)
        except Invalid as error:
            form.refuse(error)
    return render_template("projects/settings.html", **page), 422
