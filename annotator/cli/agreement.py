"""How far reviewers agree: `annotator agreement`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from annotator.cli.base import as_json, command, echo_json
from annotator.services import agreement as figures
from annotator.services import projects

SHARE = 100


@command("agreement")
@click.argument("slug")
@as_json
def agreement(slug: str, *, as_json: bool) -> None:
    """Show how far the reviewers of the project SLUG agree. It counts the articles that all of them have finished."""
    document = figures.as_document(figures.of_project(projects.by_slug(slug)))
    if as_json:
        echo_json(document)
        return
    for line in _card(document):
        click.echo(line)


def _card(document: dict[str, Any]) -> list[str]:
    """Three questions, each with one sentence, then where and what together."""
    found, labels, units = document["found"], document["labels"], document["unitizing"]
    claims, links = document["claims"], document["links"]
    return [
        f"Articles that all reviewers have finished: {document['articles']:,}",
        *_copies(document["copies"]),
        "",
        "Did we find the same claims?",
        f"  Of 100 claims one reviewer marks, another marks: {_hundred(found['any_overlap'])}",
        f"  With at least half of the words in common:       {_hundred(found['half_shared'])}",
        "Did we draw the same boundaries?",
        f"  Exactly the same, of 100 claims in common:       {_hundred(document['boundaries']['exact'])}",
        "Did we give the same label?",
        f"  Krippendorff's alpha:                            {_decimal(labels['alpha'])}",
        f"  The same label, of 100 claims in common:         {_hundred(labels['percent'])}",
        "Did we link the same claims?",
        f"  Of 100 links one reviewer makes, another makes:  {_hundred(links['pairs'])}",
        f"  Krippendorff's alpha of their relations:         {_decimal(links['relation_alpha'])}",
        "Where and what together",
        f"  u-alpha:                                         {_decimal(units['u_alpha'])}",
        f"  |u-alpha, where only:                            {_decimal(units['binary_u_alpha'])}",
        f"  cu-alpha, what only:                             {_decimal(units['cu_alpha'])}",
        f"  Marked text, of 100 characters:                  {_hundred(units['density'])}",
        "",
        f"Claims that all labelled the same: {claims['unanimous']:,}, with different labels: {claims['conflicting']:,}",
        f"Claims that one reviewer alone marked: {claims['marked_by_one']:,}",
        *_listed("Label by label, alpha against the rest", document["by_label"], _label_line),
        *_listed("Reviewer by reviewer", document["pairs"], _pair_line),
        *_listed("Over time", document["over_time"], _batch_line),
    ]


def _copies(copies: dict[str, int]) -> list[str]:
    if not copies["left_out"]:
        return []
    unconfirmed = f", of which nobody has confirmed {copies['unconfirmed']:,}" if copies["unconfirmed"] else ""
    return [f"Copies of these, which are not counted again: {copies['left_out']:,}{unconfirmed}"]


def _listed(title: str, rows: list[dict[str, Any]], line: Callable[[dict[str, Any]], str]) -> list[str]:
    return ["", title, *(f"  {line(row)}" for row in rows)] if rows else []


def _label_line(row: dict[str, Any]) -> str:
    return f"{row['label']}: {_decimal(row['alpha'])}"


def _pair_line(row: dict[str, Any]) -> str:
    both = " and ".join(row["reviewers"])
    return f"{both}: in common, of 100 {_hundred(row['found'])}; alpha {_decimal(row['alpha'])}"


def _batch_line(row: dict[str, Any]) -> str:
    days = f"{row['first_opened']} to {row['last_opened']}"
    return f"{days}: in common, of 100 {_hundred(row['found'])}; alpha {_decimal(row['alpha'])}"


def _decimal(figure: dict[str, Any]) -> str:
    return _shown(figure, lambda value: f"{value:.3f}")


def _hundred(figure: dict[str, Any]) -> str:
    return _shown(figure, lambda value: f"{value * SHARE:.0f}")


def _shown(figure: dict[str, Any], written: Any) -> str:
    if figure["value"] is None:
        return f"cannot be computed: {figure['why']}"
    interval = (
        f" [{written(figure['low'])}, {written(figure['high'])}]"
        if figure["low"] is not None
        else f" ({figure['why_no_interval']})" * bool(figure["why_no_interval"])
    )
    return f"{written(figure['value'])}{interval}, n = {figure['n']:,}"
