"""The labels of a project."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from annotator import security
from annotator.db import transaction
from annotator.errors import Conflict, Invalid, NotFound
from annotator.forms.labels import LabelForm, NewLabelForm
from annotator.models import Label
from annotator.permissions import Action
from annotator.services import labels as label_service
from annotator.services import projects
from annotator.services.labels import LabelFacts
from annotator.views.projects import pages

ACTS = {"retire": label_service.retire, "restore": label_service.restore}


@pages.get("/<slug>/labels")
def labels(slug: str) -> str:
    """All labels with what each must carry and how its marks look."""
    access = projects.get_for(security.current_user(), slug)
    manages = access.may(Action.MANAGE)
    return render_template(
        "projects/labels.html",
        project=access.project,
        access=access,
        labels=projects.labels_of(access.project),
        uses=label_service.uses(access.project) if manages else {},
        manages=manages,
    )


@pages.route("/<slug>/labels/new", methods=["GET", "POST"])
def new_label(slug: str) -> str | Response | tuple[str, int]:
    """Add a label."""
    user = security.current_user()
    access = projects.get_for(user, slug, Action.MANAGE)
    form = NewLabelForm()
    page = {"project": access.project, "access": access, "form": form, "label": None}
    if request.method == "GET":
        return render_template("projects/label.html", **page)
    if form.validate():
        try:
            facts = _facts(form)
            with transaction():
                label = label_service.add(access.project, form.key.data or "", facts, by=user)
            flash(f"The label “{label.name}” is added.", "success")
            return redirect(url_for(".labels", slug=slug), 303)
        except Invalid as error:
            form.refuse(error)
        except Conflict as error:
            form.refuse(Invalid.field("key", str(error)))
    return render_template("projects/label.html", **page), 422


@pages.route("/<slug>/labels/<key>", methods=["GET", "POST"])
def edit_label(slug: str, key: str) -> str | Response | tuple[str, int]:
    """Change a label; its key stays."""
    user = security.current_user()
    access = projects.get_for(user, slug, Action.MANAGE)
    label = label_service.get(access.project, key)
    form = _filled(label)
    page = {"project": access.project, "access": access, "form": form, "label": label}
    if request.method == "GET":
        return render_template("projects/label.html", **page)
    if form.validate():
        try:
            facts = _facts(form)
            with transaction():
                label_service.change(label_service.get(access.project, key), facts, by=user)
            flash(f"The label “{facts.name}” is saved.", "success")
            return redirect(url_for(".labels", slug=slug), 303)
        except Invalid as error:
            form.refuse(error)
    return render_template("projects/label.html", **page), 422


@pages.post("/<slug>/labels/<key>/<act>")
def act_on_label(slug: str, key: str, act: str) -> Response:
    """Retire, restore, or move a label up."""
    user = security.current_user()
    access = projects.get_for(user, slug, Action.MANAGE)
    if act not in {*ACTS, "up"}:
        raise NotFound
    with transaction():
        label = label_service.get(access.project, key)
        if act == "up":
            label_service.move_up(access.project, label, by=user)
        else:
            ACTS[act](label, by=user)
    if act == "retire":
        flash(f"“{label.name}” is no longer offered. Claims that carry it keep it.", "success")
    return redirect(url_for(".labels", slug=slug), 303)


def _filled(label: Label) -> LabelForm:
    return LabelForm(
        name=label.name,
        definition=label.definition,
        tone=label.tone,
        needs_speaker=label.needs_speaker,
        needs_reason=label.needs_reason,
        stances=label.stances,
        reasons=label_service.reasons_as_text(label.reasons),
    )


def _facts(form: LabelForm) -> LabelFacts:
    return LabelFacts(
        name=form.name.data or "",
        definition=form.definition.data or "",
        tone=form.tone.data,
        needs_speaker=form.needs_speaker.data,
        needs_reason=form.needs_reason.data,
        stances=form.stances.data or [],
        reasons=label_service.reasons_from(form.reasons.data or ""),
    )
