"""How far reviewers agree."""

from __future__ import annotations

from annotator.api.schemas.base import Schema


class FigureOut(Schema):
    """`value` rests on `n` observations, [`low`, `high`] is its 95 % interval; what is null says why."""

    value: float | None
    n: int
    why: str
    low: float | None
    high: float | None
    why_no_interval: str


class FoundOut(Schema):
    """Did we find the same claims: mean F1 of pairs of reviewers, for claims that overlap and that share half."""

    any_overlap: FigureOut
    half_shared: FigureOut


class BoundariesOut(Schema):
    """Did we draw the same boundaries: the share that is exactly the same, and median shifts in code points."""

    exact: FigureOut
    start_shift: FigureOut
    end_shift: FigureOut


class LabelsOut(Schema):
    """Did we give the same label: Krippendorff's nominal α and the share of pairs with the same one."""

    alpha: FigureOut
    percent: FigureOut


class LinkAgreementOut(Schema):
    """Did we link the same claims, among those that two reviewers marked (2a / (2a + b + c)), and did we give the same
    pair the same relation; `left_out` links are between claims that nobody else marked.
    """

    pairs: FigureOut
    relation_alpha: FigureOut
    relation_percent: FigureOut
    left_out: int
    several_relations: int


class UnitizingOut(Schema):
    """Where and what together, by length of text (Krippendorff and others 2016); `left_out` claims lay inside longer
    ones of the same reviewer.
    """

    u_alpha: FigureOut
    binary_u_alpha: FigureOut
    cu_alpha: FigureOut
    density: FigureOut
    left_out: int


class ClaimsOut(Schema):
    """How many claims all reviewers labelled the same, some labelled differently, and only one marked."""

    unanimous: int
    conflicting: int
    marked_by_one: int


class LabelAgreementOut(Schema):
    """α of one label against all others, and how many votes it was given where two or more voted."""

    label: str
    alpha: FigureOut
    votes: int


class PairOut(Schema):
    """Two reviewers on the articles that both finished: the claims in common, α and Cohen's κ of their labels, and how
    often a label of the first (rows) met one of the second.
    """

    reviewers: list[str]
    articles: int
    found: FigureOut
    alpha: FigureOut
    kappa: FigureOut
    confusion: list[list[int]]


class ConfusionOut(Schema):
    """How often one label met another in the same claim; `counts` is symmetric, in the order of `labels`."""

    labels: list[str]
    counts: list[list[int]]


class ExpertOut(Schema):
    """Coefficients that papers ask for beside α. Side by side they only confuse."""

    fleiss_kappa: FigureOut
    fleiss_standard_error: float | None
    ac1: FigureOut


class BatchOut(Schema):
    """So many articles that opened one after the other, the first and the last of them on these days."""

    first_opened: str
    last_opened: str
    articles: int
    found: FigureOut
    alpha: FigureOut
    u_alpha: FigureOut


class ArticleAgreementOut(Schema):
    """One article, by its id: its reviewers and claims, the share of claims in common and uα (null where undefined), and
    how many of its claims all labelled the same, some labelled differently, or one alone marked.
    """

    article: str
    reviewers: int
    claims: int
    found: float | None
    u_alpha: float | None
    unanimous: int
    conflicting: int
    alone: int


class CopiesCountedOut(Schema):
    """Articles that do not count because they are copies of one that does, and those that nobody has confirmed."""

    left_out: int
    unconfirmed: int


class AgreementOut(Schema):
    """How far the reviewers agree over the `articles` that all of them have finished; copies of one text are one."""

    articles: int
    copies: CopiesCountedOut
    found: FoundOut
    boundaries: BoundariesOut
    labels: LabelsOut
    links: LinkAgreementOut
    unitizing: UnitizingOut
    claims: ClaimsOut
    by_label: list[LabelAgreementOut]
    pairs: list[PairOut]
    confusion: ConfusionOut
    over_time: list[BatchOut]
    most_to_decide: list[ArticleAgreementOut]
    expert: ExpertOut


class BesideOthersOut(Schema):
    """How often the reviewer gives the label that most of the others give, over so many articles and claims."""

    articles: int
    claims: int
    label_of_most: FigureOut


class AgainstGoldOut(Schema):
    """F1 of the reviewer's claims with the gold ones of finished articles, and the share of the common ones with its
    label. Inflated where the reviewer's claims helped to make the gold set.
    """

    articles: int
    found: FigureOut
    labels: FigureOut


class ReviewerAgreementOut(Schema):
    """One reviewer. `confusion` is what the model of Dawid and Skene makes of their `votes`: for each true label (rows)
    how probable each given one is; null below 20 votes.
    """

    reviewer: str
    beside_others: BesideOthersOut
    against_gold: AgainstGoldOut
    votes: int
    confusion: list[list[float]] | None


class ReviewersAgreementOut(Schema):
    """Every reviewer; `labels` name the rows and columns of their confusion."""

    labels: list[str]
    items: list[ReviewerAgreementOut]


class OwnAgreementOut(Schema):
    """One's own figures over `articles` of one's own that are adjudicated to the end; null where there are none."""

    articles: int
    beside_others: BesideOthersOut | None
    against_gold: AgainstGoldOut | None
