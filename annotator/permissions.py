"""Who may do what: one table, action × role × state of the assignment. The code and the tests read the same table.
Beside it stands what a token may be good for.

An administrator of the installation counts as manager of every project. Whoever has no role in a project gets the
same NotFound for it as for a project that does not exist.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from annotator.domain.scopes import SCOPES, Scope
from annotator.errors import Conflict, Forbidden, NotFound, ScopeMissing
from annotator.models import AssignmentState, Role, User


class Action(StrEnum):
    """What can be done in a project."""

    SEE = "see the project"
    REVIEW = "annotate articles"
    ADJUDICATE = "adjudicate articles"
    REVEAL = "reveal articles to their reviewers"
    READ_ALL = "read every article"
    SEE_RESULTS = "see agreement and export"
    IMPORT = "import articles"
    MANAGE = "manage people, labels and settings"


EVERYBODY = frozenset(Role)
OPEN = frozenset({AssignmentState.NEW, AssignmentState.IN_PROGRESS})


@dataclass(frozen=True)
class Rule:
    """The roles that may act, and the states of their assignment in which they may (None: whatever the state)."""

    roles: frozenset[Role]
    states: frozenset[AssignmentState] | None = None


RULES: dict[Action, Rule] = {
    Action.SEE: Rule(EVERYBODY),
    Action.REVIEW: Rule(frozenset({Role.REVIEWER}), OPEN),
    Action.ADJUDICATE: Rule(frozenset({Role.ADJUDICATOR}), OPEN),
    Action.REVEAL: Rule(frozenset({Role.ADJUDICATOR, Role.MANAGER})),
    Action.READ_ALL: Rule(frozenset({Role.ADJUDICATOR, Role.MANAGER})),
    Action.SEE_RESULTS: Rule(frozenset({Role.ADJUDICATOR, Role.MANAGER})),
    Action.IMPORT: Rule(frozenset({Role.MANAGER})),
    Action.MANAGE: Rule(frozenset({Role.MANAGER})),
}


SCOPE_OF: dict[str, Scope] = {
    "export_dataset": Scope.EXPORT,
    "create_project": Scope.MANAGE,
    "change_project": Scope.MANAGE,
    "make_release": Scope.MANAGE,
    "add_webhook": Scope.MANAGE,
    "change_webhook": Scope.MANAGE,
    "remove_webhook": Scope.MANAGE,
    "renew_webhook_secret": Scope.MANAGE,
    "test_webhook": Scope.MANAGE,
    "send_message_again": Scope.MANAGE,
}
"""The operations of the API, by name, that need another scope than reading or writing."""


def scope_of(operation: str, method: str) -> Scope:
    """The scope that a token needs for an operation of the API."""
    return SCOPE_OF.get(operation) or (Scope.READ if method == "GET" else Scope.WRITE)


def require_scope(scopes: Collection[Scope], needed: Scope) -> None:
    """Raise ScopeMissing for a token that is not good for what is asked."""
    if needed not in scopes:
        raise ScopeMissing(needed, f"This token may not {SCOPES[needed]}: it lacks the scope '{needed}'.")


def effective_roles(user: User, roles: Collection[Role]) -> frozenset[Role]:
    """The roles that count for `user`, who was given `roles` in the project."""
    return frozenset(roles) | ({Role.MANAGER} if user.is_admin else frozenset())


def may(roles: Collection[Role], action: Action) -> bool:
    """Whether one of `roles` allows `action`."""
    return not RULES[action].roles.isdisjoint(roles)


def require(roles: Collection[Role], action: Action) -> None:
    """Raise NotFound for somebody without any role, Forbidden for somebody without the right one."""
    if not roles:
        raise NotFound
    if not may(roles, action):
        wanted = " or ".join(sorted(role.value for role in RULES[action].roles))
        raise Forbidden(f"To {action.value} you need the role {wanted} in this project. Ask its manager.")


def require_open(action: Action, state: AssignmentState) -> None:
    """Raise Conflict when the state of the assignment does not allow `action`."""
    states = RULES[action].states
    if states is None or state in states:
        return
    if state is AssignmentState.SUBMITTED:
        raise Conflict("You submitted this article. Reopen it to change something.")
    raise Conflict("This article is being adjudicated, so its claims can no longer be changed.")
