"""The articles of a project while they are compared: what is known of each, and the sketches that are made of their texts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Select, and_, bindparam, func, select

from annotator.models import Article, ArticleVersion, CopySketch

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from annotator.matching.shared_passages import Place
    from annotator.matching.sketches import Sketch

AT_ONCE = 200
"""Texts that are read together."""

KEPT = 8_000
"""Sketches that are kept while they are compared, about 4 kB each, 32 MB in all; others are made again from the text when needed."""

Watch = Callable[[int], None]
"""Is told of texts as they are read and compared, and how many of them are new; it may raise, and nothing is kept."""


class Articles:
    """All listed articles of a project in their order, and by their number what is known of each; `new` have no sketch."""

    def __init__(self, listed: int) -> None:
        # Numpy is needed by nothing else that a server does when it starts.
        import numpy as np

        from annotator.matching.sketches import BANDS, ROWS

        self.ids: list[str] = []
        self.versions: list[str] = []
        self.digests: list[bytes] = []
        self.passages: list[bytes] = []
        self.new: set[int] = set()
        # Only what is written to takes memory.
        self.signatures = np.zeros((listed, BANDS * ROWS), dtype="<u4")
        self.signed = np.zeros(listed, dtype=bool)

    @classmethod
    def read(cls, connection: Connection, project_id: str) -> Articles:
        """Those of a project, a few rows at a time."""
        import numpy as np

        known = _all_known(project_id)
        articles = cls(connection.scalar(select(func.count()).select_from(known.order_by(None).subquery())) or 0)
        for n, row in enumerate(connection.execute(known, execution_options={"yield_per": AT_ONCE})):
            article_id, version_id, words, signature, passages = row
            articles.ids.append(article_id)
            articles.versions.append(version_id)
            articles.digests.append(words or b"")
            articles.passages.append(passages or b"")
            if words is None:
                articles.new.add(n)
            elif signature:
                articles.sign(n, np.frombuffer(signature, dtype="<u4"))
        return articles

    def sign(self, n: int, signature: NDArray[np.uint32]) -> None:
        """Note the signature of a text that is long enough to have one."""
        self.signatures[n] = signature
        self.signed[n] = True

    def sketch(self, n: int) -> tuple[bytes, bytes, bytes]:
        """What is kept of one."""
        signature = self.signatures[n].tobytes() if self.signed[n] else b""
        return self.digests[n], signature, self.passages[n]


class Sketches:
    """The sketches of the texts: some are kept while they are compared, the others made again when they are asked for."""

    def __init__(self, connection: Connection, articles: Articles, watch: Watch) -> None:
        from annotator.matching.sketches import Sketching

        self._connection = connection
        self._articles = articles
        self._watch = watch
        self._sketching = Sketching()
        self._kept: dict[int, tuple[Sketch, list[Place]]] = {}

    def make(self, *, paragraphs: bool) -> None:
        """Sketch all articles that are new."""
        from annotator.matching import shared_passages

        articles = self._articles
        number_of = {articles.versions[n]: n for n in sorted(articles.new)}
        for version_id, text in _texts(self._connection, list(number_of)):
            n = number_of[version_id]
            self._watch(1)
            places, words = shared_passages.places_and_words(text)
            sketch = self._sketching.of_words(words)
            articles.digests[n] = sketch.digest
            if sketch.long_enough:
                articles.sign(n, self._sketching.signature(sketch))
            if paragraphs:
                articles.passages[n] = shared_passages.packed(places, sketch.words)
            if len(self._kept) < KEPT:
                self._kept[n] = sketch, places

    def of(self, n: int) -> Sketch:
        """The sketch of an article."""
        self._watch(0)
        return self._sketched(n)[0]

    def paragraphs_of(self, n: int) -> list[list[int]]:
        """The words of each paragraph of an article that counts."""
        self._watch(0)
        sketch, places = self._sketched(n)
        return [sketch.words[each.first : each.last].tolist() for each in places]

    def _sketched(self, n: int) -> tuple[Sketch, list[Place]]:
        from annotator.matching import shared_passages

        if n not in self._kept:
            if len(self._kept) >= KEPT:
                del self._kept[next(iter(self._kept))]
            text = self._connection.execute(_TEXT, {"version_id": self._articles.versions[n]}).scalar_one()
            places, words = shared_passages.places_and_words(text)
            self._kept[n] = self._sketching.of_words(words), places
        return self._kept[n]


# Built once: to build a statement takes longer than to read one text.
_TEXT = select(ArticleVersion.text).where(ArticleVersion.id == bindparam("version_id"))


def _all_known(project_id: str) -> Select[str, str, bytes | None, bytes | None, bytes | None]:
    """All listed articles in their order, each in its present version, with its sketch if it was compared."""
    return (
        select(Article.id, ArticleVersion.id, CopySketch.words, CopySketch.signature, CopySketch.passages)
        .join(ArticleVersion, and_(ArticleVersion.article_id == Article.id, ArticleVersion.number == Article.version))
        .outerjoin(CopySketch, CopySketch.version_id == ArticleVersion.id)
        .where(Article.project_id == project_id, Article.listed_at.is_not(None))
        .order_by(Article.position)
    )


def _texts(connection: Connection, version_ids: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The texts of these versions, a few in memory at a time."""
    for first in range(0, len(version_ids), AT_ONCE):
        part = version_ids[first : first + AT_ONCE]
        found = connection.execute(
            select(ArticleVersion.id, ArticleVersion.text).where(ArticleVersion.id.in_(part))
        ).all()
        yield from ((version_id, text) for version_id, text in found)
