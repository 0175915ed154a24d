"""What all parts of a whole project's file have in common: they are strict, and their kinds of value."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from annotator.domain.text import problem_with


def _storable(text: str) -> str:
    problem = problem_with(text)
    if problem is not None:
        raise ValueError(problem)
    return text


Text = Annotated[str, AfterValidator(_storable)]
Id = Annotated[str, Field(pattern="^[2-9a-z]{16}$")]
Offset = Annotated[int, Field(ge=0)]
Number = Annotated[int, Field(ge=1)]
AssignmentKind = Literal["review", "adjudication", "training", "second_look", "returned"]
AssignmentState = Literal["new", "in_progress", "submitted", "locked"]


class Part(BaseModel):
    """A part of a line: every field is given, and there is no other."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)
