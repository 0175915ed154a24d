"""The people of a project: who has which role, adding and removing."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from flask import current_app, flash, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from annotator import security
from annotator.db import transaction
from annotator.errors import Invalid, NotFound
from annotator.forms.people import MemberForm
from annotator.models import Role, User
from annotator.permissions import Action
from annotator.services import members, projects, sign_in
from annotator.services import people as people_service
from annotator.services.projects import Access
from annotator.views.projects import pages

LINK = "new_link"
"""Where the cookie of the forms keeps a new sign-in link until the next page shows it: nothing of the server's holds it."""


@pages.get("/<slug>/people")
def people(slug: str) -> str:
    """Everybody with their roles."""
    user = security.current_user()
    access = projects.get_for(user, slug, Action.MANAGE)
    link = session.pop(LINK, {})
    return _page(access, MemberForm(), link if (link.get("by"), link.get("slug")) == (user.id, slug) else {})


@pages.post("/<slug>/people")
def add_member(slug: str) -> Response | tuple[str, int]:
    """Give somebody a role. An administrator may make the person; their one-time link is shown once."""
    user = security.current_user()
    access = projects.get_for(user, slug, Action.MANAGE)
    form = MemberForm()
    if not form.validate():
        return _page(access, form), 422
    try:
        with transaction():
            person, link = _find_or_make(form, user)
            added = projects.add_member(access.project, person, Role(form.role.data), by=user)
    except (Invalid, NotFound) as error:
        form.refuse(error if isinstance(error, Invalid) else Invalid.field("email", str(error)))
        return _page(access, form), 422
    if link:
        return _show_once(slug, person, link)
    flash(f"{person.name} is {form.role.data} now." if added else f"{person.name} had this role already.", "success")
    return redirect(url_for(".people", slug=slug), 303)


@pages.post("/<slug>/people/<user_id>/<role>/remove")
def remove_member(slug: str, user_id: str, role: str) -> Response:
    """Take a role away; the work stays."""
    user = security.current_user()
    access = projects.get_for(user, slug, Action.MANAGE)
    if role not in set(Role):
        raise NotFound
    with transaction():
        person = members.remove(access.project, user_id, Role(role), by=user)
    flash(f"{person.name} is no longer {role}. Their work stays.", "success")
    if person.id == user.id and not user.is_admin:
        return redirect(url_for(".index"), 303)
    return redirect(url_for(".people", slug=slug), 303)


@pages.post("/<slug>/people/<user_id>/link")
def another_link(slug: str, user_id: str) -> Response:
    """A new sign-in link for a member who never came in, shown once."""
    user = security.current_user()
    access = projects.get_for(user, slug, Action.MANAGE)
    if user_id not in {member.user.id for member in members.of(access.project)}:
        raise NotFound
    with transaction():
        person, link = sign_in.make_another_link(user_id, by=user, hours=_link_hours())
    return _show_once(slug, person, link, again=True)


def _find_or_make(form: MemberForm, by: User) -> tuple[User, str]:
    """The person of the form, and a sign-in link if they were made just now."""
    person = people_service.find(form.email.data or "")
    if person is not None:
        return person, ""
    if not by.is_admin:
        raise Invalid.field("email", "Nobody here has this address. Ask an administrator to add the person.")
    if not (form.name.data or "").strip():
        raise Invalid.field("name", "Nobody has this address yet: write the name, and the person is made.")
    person = people_service.create(form.email.data or "", form.name.data or "", by=by)
    return person, sign_in.make_link(person, by=by, hours=_link_hours())


def _link_hours() -> int:
    return int(current_app.extensions["annotator"].link_hours)


def _show_once(slug: str, person: User, link: str, *, again: bool = False) -> Response:
    """Lead to the page that shows the link: reloaded it shows it no more, but does not make another either."""
    by = security.current_user().id
    session[LINK] = {"by": by, "slug": slug, "name": person.name, "token": link, "again": again}
    return redirect(url_for(".people", slug=slug), 303)


def _page(access: Access, form: MemberForm, link: Mapping[str, Any] = MappingProxyType({})) -> str:
    everybody = members.of(access.project)
    may_link = security.current_user().is_admin
    return render_template(
        "projects/people.html",
        project=access.project,
        access=access,
        members=everybody,
        form=form,
        link=link,
        address=security.base_url() + url_for("sign_in.link", token=link["token"]) if link else "",
        link_hours=_link_hours(),
        waiting=sign_in.unused_accounts(member.user.id for member in everybody) if may_link else frozenset(),
        confirm=request.args.get("remove", ""),
    )
