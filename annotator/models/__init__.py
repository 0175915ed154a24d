"""Tables, constraints and relationships; no rules and no queries."""

from annotator.models.adjudication import Decision, GoldSource, Outcome
from annotator.models.annotation import Annotation, EvidenceItem, Link, LinkLayer, LinkStatus
from annotator.models.article import Article, ArticleBlock, ArticleOriginal, ArticleVersion, Import, ImportState
from annotator.models.assignment import Assignment, AssignmentKind, AssignmentState, DismissedSuggestion
from annotator.models.event import Event
from annotator.models.person import ApiToken, Session, SignInAttempt, SignInLink, User
from annotator.models.project import EvidenceRule, Guideline, GuidelineReading, Label, Membership, Project, Role

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
    "DismissedSuggestion",
    "Event",
    "EvidenceItem",
    "EvidenceRule",
    "GoldSource",
    "Guideline",
    "GuidelineReading",
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
