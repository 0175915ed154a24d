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
    """α of one label against all others."""

    label: str
    alpha: FigureOut


class PairOut(Schema):
    """Two reviewers on the articles that both finished."""

    reviewers: list[str]
    articles: int
    found: FigureOut
    alpha: FigureOut


class ConfusionOut(Schema):
    """How often one label met another in the same claim; `counts` is symmetric, in the order of `labels`."""

    labels: list[str]
    counts: list[list[int]]


class ExpertOut(Schema):
    """Coefficients that papers ask for beside α. Side by side they only confuse."""

    fleiss_kappa: FigureOut
    ac1: FigureOut


class AgreementOut(Schema):
    """How far the reviewers agree over the `articles` that all of them have finished."""

    articles: int
    found: FoundOut
    boundaries: BoundariesOut
    labels: LabelsOut
    unitizing: UnitizingOut
    claims: ClaimsOut
    by_label: list[LabelAgreementOut]
    pairs: list[PairOut]
    confusion: ConfusionOut
    expert: ExpertOut
