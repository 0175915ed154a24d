"""Which label of the project a word of a file means: what was said, else the same key, else the same name."""

from __future__ import annotations

from collections.abc import Mapping

from annotator.errors import Invalid
from annotator.models import Label, Project
from annotator.services import projects


class LabelChoice:
    """The labels of a project that are in use, and which of them the words of a file mean."""

    def __init__(self, project: Project, said: Mapping[str, str]) -> None:
        """`said` gives keys for words. Raises Invalid for a key that no label in use has."""
        self._labels = {label.key: label for label in projects.labels_of(project) if label.retired_at is None}
        self._names = {label.name.casefold(): label.key for label in self._labels.values()}
        self._said = dict(said)
        for key in self._said.values():
            if key not in self._labels:
                raise Invalid.field("label", f"There is no label '{key}' in use in this project: {self._listed()}.")

    def key_of(self, word: str) -> str | None:
        """The key that `word` means, or None."""
        if word in self._said:
            return self._said[word]
        if word in self._labels:
            return word
        folded = word.strip().casefold()
        return folded if folded in self._labels else self._names.get(folded)

    def label(self, key: str) -> Label:
        """The label of a key that `key_of` gave."""
        return self._labels[key]

    def refusal(self, word: str, count: int) -> str:
        """Why `word`, which `count` claims carry, cannot be taken, and the way out."""
        times = f"{count:,} claim" + ("" if count == 1 else "s")
        if not word:
            return f"{times} of this file have no label. Say which one is meant (--label '=KEY'): {self._listed()}."
        shown = word[:60]
        return (
            f"“{shown}” ({times}) is none of this project's labels: {self._listed()}. "
            f"Say which one is meant (--label '{shown}=KEY')."
        )

    def _listed(self) -> str:
        return ", ".join(f"{label.key} ({label.name})" for label in self._labels.values()) or "it has none"
