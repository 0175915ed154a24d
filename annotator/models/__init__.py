"""Tables, constraints and relationships; no rules and no queries."""

from annotator.models.adjudication import (
    Decision,
    Ended,
    GoldSource,
    LinkDecision,
    LinkOutcome,
    Outcome,
    SecondRound,
    SecondRoundAnswer,
)
from annotator.models.agreement import AgreementReport, AgreementSums
from annotator.models.annotation import Annotation, ClaimToPlace, EvidenceItem, FirstVote, Link, LinkLayer, LinkStatus
from annotator.models.article import Article, ArticleBlock, ArticleOriginal, ArticleVersion, Import, ImportState
from annotator.models.assignment import (
    MARKING,
    Assignment,
    AssignmentKind,
    AssignmentState,
    DismissedSuggestion,
    ImportedSuggestion,
)
from annotator.models.copies import CopyMember, CopySketch, CopyState, SharedPassage
from annotator.models.discussion import Mention, Post, PostKind
from annotator.models.errand import Errand, ErrandKind, ErrandState
from annotator.models.event import Event
from annotator.models.person import ApiToken, Session, SignInAttempt, SignInLink, User
from annotator.models.project import (
    EvidenceRule,
    Guideline,
    GuidelineReading,
    Label,
    Membership,
    MergeStrategy,
    Project,
    Role,
)
from annotator.models.release import Release, ReleasePart
from annotator.models.search import SearchEntry
from annotator.models.webhook import DeliveryState, Webhook, WebhookDelivery, WebhookOrigin, WebhookState

__all__ = [
    "MARKING",
    "AgreementReport",
    "AgreementSums",
    "Annotation",
    "ApiToken",
    "Article",
    "ArticleBlock",
    "ArticleOriginal",
    "ArticleVersion",
    "Assignment",
    "AssignmentKind",
    "AssignmentState",
    "ClaimToPlace",
    "CopyMember",
    "CopySketch",
    "CopyState",
    "Decision",
    "DeliveryState",
    "DismissedSuggestion",
    "Ended",
    "Errand",
    "ErrandKind",
    "ErrandState",
    "Event",
    "EvidenceItem",
    "EvidenceRule",
    "FirstVote",
    "GoldSource",
    "Guideline",
    "GuidelineReading",
    "Import",
    "ImportState",
    "ImportedSuggestion",
    "Label",
    "Link",
    "LinkDecision",
    "LinkLayer",
    "LinkOutcome",
    "LinkStatus",
    "Membership",
    "Mention",
    "MergeStrategy",
    "Outcome",
    "Post",
    "PostKind",
    "Project",
    "Release",
    "ReleasePart",
    "Role",
    "SearchEntry",
    "SecondRound",
    "SecondRoundAnswer",
    "Session",
    "SharedPassage",
    "SignInAttempt",
    "SignInLink",
    "User",
    "Webhook",
    "WebhookDelivery",
    "WebhookOrigin",
    "WebhookState",
]
