"""Tables, constraints and relationships; no rules and no queries."""

from annotator.models.adjudication import Decision, GoldSource, Outcome
from annotator.models.annotation import Annotation, EvidenceItem, Link, LinkLayer, LinkStatus
from annotator.models.article import Article, ArticleBlock, ArticleOriginal, ArticleVersion, Import, ImportState
from annotator.models.assignment import Assignment, AssignmentKind, AssignmentState
from annotator.models.event import Event
from annotator.models.person import ApiToken, Session, SignInAttempt, SignInLink, User
from annotator.models.project import EvidenceRule, Guideline, Label, Membership, Project, Role

__all__ = [
    "Annotation",
    "ApiToken",
    "Article",
    "ArticleBlock",
    "ArticleOriginal",
    "ArticleVersion",
    "Assignment",
    "AssignmentKind",
    "AssignmentState",
    "Decision",
    "Event",
    "EvidenceItem",
    "EvidenceRule",
    "GoldSource",
    "Guideline",
    "Import",
    "ImportState",
    "Label",
    "Link",
    "LinkLayer",
    "LinkStatus",
    "Membership",
    "Outcome",
    "Project",
    "Role",
    "Session",
    "SignInAttempt",
    "SignInLink",
    "User",
]
