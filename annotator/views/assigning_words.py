"""What assigning has done, in sentences for the manager."""

from __future__ import annotations

from annotator.services.dealing import AssignReport
from annotator.templating import plural


def told(report: AssignReport) -> list[tuple[str, str]]:
    """The sentences, each with the kind of notice that it is."""
    done = [
        f"{plural(count, one, many)} {what}."
        for count, one, many, what in (
            (report.returned, "abandoned review", "abandoned reviews", "returned to the pool"),
            (report.assigned, "assignment", "assignments", "made"),
            (report.training, "training article", "training articles", "given"),
            (report.second_looks, "second look", "second looks", "given"),
        )
        if count
    ]
    sentences = [(" ".join(done), "success")] if done else []
    if report.short:
        count = len(report.short)
        lacking = "1 article still lacks reviewers" if count == 1 else f"{count:,} articles still lack reviewers"
        sentences.append((f"{lacking}: {'; '.join(report.reasons())}.", "warning"))
    elif not done:
        sentences.append(("Every article has its reviewers already.", "success"))
    if report.split:
        groups = ", ".join(f"“{group}”" for group in report.split[:3]) + (" and others" if report.split[3:] else "")
        sentences.append(
            (
                f"Different people review articles of one group: {groups}. Their claims cannot be linked blind.",
                "warning",
            )
        )
    return sentences
