"""The first pass over the questions of an article by the rule that its project chose. It never runs by itself.

What the rule would take is shown first; every decision that it makes carries its name, and is undone like any other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from annotator.domain import decisions, link_questions, merging
from annotator.domain.merging import Left, Merge
from annotator.errors import Conflict
from annotator.models import Decision, LinkDecision, MergeStrategy, Outcome, Project, User
from annotator.services import link_decisions
from annotator.services.adjudication import Answer, settle
from annotator.services.adjudication_phase import take_on
from annotator.services.link_questions import LinkQuestion, LinkVote
from annotator.services.questions import Asking, QuestionView, asking, to_adjudicate
from annotator.services.votes import Vote


@dataclass(frozen=True)
class Proposal:
    """An open question with what the rule makes of it; `taken` is the annotation that it takes, if it takes one."""

    view: QuestionView
    merge: Merge
    taken: Vote | None


@dataclass(frozen=True)
class LinkProposal:
    """An open question about a link with the reviewer's link that the rule takes, if it takes one; else `why` not."""

    view: LinkQuestion
    taken: LinkVote | None
    why: str


@dataclass(frozen=True)
class FirstPass:
    """What the rule would do in an article. `rule` is stored with each decision."""

    rule: str
    settled: list[Proposal]
    left: list[Proposal]
    links: list[LinkProposal]
    links_left: list[LinkProposal]

    @property
    def words(self) -> str:
        """What the rule asks for."""
        return decisions.rule_words(self.rule).removeprefix("by rule: ")

    @property
    def open(self) -> int:
        """How many questions there are to settle."""
        return self.settles + len(self.left) + len(self.links_left)

    @property
    def settles(self) -> int:
        """How many of them the rule settles."""
        return len(self.settled) + len(self.links)


def rule_of(project: Project) -> str:
    """The rule of the project's first pass as it is stored with decisions; empty where there is none."""
    if project.merge_strategy is MergeStrategy.UNANIMOUS:
        return decisions.UNANIMOUS
    if project.merge_strategy is MergeStrategy.MAJORITY:
        return decisions.majority_rule(project.merge_threshold)
    return ""


def preview(user: User, article_id: str) -> FirstPass:
    """What the rule would take and what it would leave, of the questions that nobody has answered yet.

    Raises as `questions.to_adjudicate`, and Conflict where the project has no rule.
    """
    project = to_adjudicate(user, article_id).access.project
    return proposals(project, asking(article_id), link_decisions.asked_of(user, article_id))


def apply(user: User, article_id: str, *, among: Mapping[UUID, UUID] | None = None) -> list[Decision]:
    """Settle by the rule; `among` names the questions that were looked at, each with the annotation that was shown.

    What has changed since is left open. Raises as `preview`, and Conflict when another adjudicator has the article.
    """
    project = to_adjudicate(user, article_id).access.project
    if not _wanted(proposals(project, asking(article_id)), among):
        return []
    work = take_on(user, article_id)
    found = proposals(project, asking(article_id))
    return [
        settle(work, each.view, Answer(Outcome.ACCEPT, annotation=each.taken.id), rule=found.rule)
        for each in _wanted(found, among)
        if each.taken is not None
    ]


def apply_to_links(user: User, article_id: str, *, among: Mapping[UUID, str] | None = None) -> list[LinkDecision]:
    """The same for the questions about links, before the claims; `among` names each with the link that was shown."""
    project = to_adjudicate(user, article_id).access.project
    found = proposals(project, asking(article_id), link_decisions.asked_of(user, article_id))
    chosen = {
        each.view.id: each.taken.id
        for each in found.links
        if each.taken is not None and (among is None or among.get(each.view.id) == each.taken.id)
    }
    if not chosen:
        return []
    link_decisions.lock({article_id, *(each.view.article_id for each in found.links)})
    return link_decisions.accept(user, take_on(user, article_id), chosen, rule=found.rule)


def proposals(project: Project, found: Asking, links: Sequence[LinkQuestion] = ()) -> FirstPass:
    """What the project's rule makes of these questions. Raises Conflict where it has none."""
    rule = rule_of(project)
    if not rule:
        raise Conflict("This project settles no question by rule. Its manager can choose one in the settings.")
    settled: list[Proposal] = []
    left: list[Proposal] = []
    for view, question in found.unanswered():
        if project.merge_strategy is MergeStrategy.UNANIMOUS:
            merge = merging.unanimous(question, len(found.reviewers))
        else:
            merge = merging.majority(question, len(found.reviewers), project.merge_threshold)
        taken = next((each for each in view.versions if merge.taken and str(each.id) == merge.taken.id), None)
        (settled if taken is not None else left).append(Proposal(view, merge, taken))
    of_links = [_of_link(project, view) for view in links if view.is_open]
    return FirstPass(
        rule,
        settled,
        left,
        [each for each in of_links if each.taken is not None],
        [each for each in of_links if each.taken is None],
    )


def _of_link(project: Project, view: LinkQuestion) -> LinkProposal:
    said, wanted = [vote.said for vote in view.votes], project.reviewers
    if project.merge_strategy is MergeStrategy.UNANIMOUS:
        chosen = link_questions.unanimous(said, view.able, wanted)
    else:
        chosen = link_questions.majority(said, view.able, wanted, project.merge_threshold)
    vote = next((each for each in view.votes if chosen is not None and each.id == chosen.id), None)
    if vote is None:
        return LinkProposal(view, None, "Too few of those who could link the two link them so.")
    if view.refuses(vote):
        return LinkProposal(view, None, "They agree, but the two claims are about different times.")
    return LinkProposal(view, vote, "")


def _wanted(found: FirstPass, among: Mapping[UUID, UUID] | None) -> list[Proposal]:
    return [
        each
        for each in found.settled
        if each.taken is not None and (among is None or among.get(each.view.id) == each.taken.id)
    ]


LEFT_WORDS: dict[Left, str] = {
    Left.DIFFERS: "The reviewers differ.",
    Left.TIED: "No label is ahead of the others.",
    Left.TOO_FEW: "Too few gave the same label.",
    Left.BOUNDARY_TIED: "They agree on the label, but no boundary is ahead of the others.",
    Left.FIELDS: "They agree on the label, but their details or links contradict each other.",
}
