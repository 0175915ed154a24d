"""CoNLL-U Plus, read back by a parser of its own: tokens by the stated rule, every claim in a column of its own depth."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest

from annotator.formats.conll import write_conll
from annotator.formats.records import DocumentRecord, Losses
from tests.support.datasets import DATASET, HOSTILE, claim, document, hostile, small


@dataclass
class Read:
    """A document as a reader of the format finds it."""

    name: str
    sentences: list[list[list[str]]]

    @property
    def tokens(self) -> list[list[str]]:
        return [token for sentence in self.sentences for token in sentence]

    def claims(self) -> Iterator[tuple[int, int, str]]:
        """The claims of all columns, as (start, end, label)."""
        for column in range(4, len(self.tokens[0])):
            found: tuple[int, int, str] | None = None
            for token in self.tokens:
                tag = token[column]
                if found and not tag.startswith("I-"):
                    yield found
                    found = None
                if tag.startswith("B-"):
                    found = int(token[2]), int(token[3]), tag[2:]
                elif tag.startswith("I-"):
                    assert found is not None, "an I without a B"
                    assert found[2] == tag[2:], "a claim that changes its label"
                    found = found[0], int(token[3]), found[2]
                else:
                    assert tag == "O"
            if found:
                yield found


def parse(content: str) -> tuple[list[str], list[Read]]:
    first, *lines = content.split("\n")
    columns = first.removeprefix("# global.columns = ").split(" ")
    documents: list[Read] = []
    fresh = True
    for line in lines:
        if line.startswith("# newdoc id = "):
            documents.append(Read(line.removeprefix("# newdoc id = "), []))
            fresh = True
        elif not line:
            fresh = True
        elif not line.startswith("# "):
            cells = line.split("\t")
            assert len(cells) == len(columns), line
            if fresh:
                documents[-1].sentences.append([])
                fresh = False
            documents[-1].sentences[-1].append(cells)
            assert cells[0] == str(len(documents[-1].sentences[-1]))
    return columns, documents


def written(*documents: DocumentRecord, losses: Losses | None = None) -> tuple[list[str], list[Read]]:
    return parse(b"".join(write_conll(DATASET, documents, Losses() if losses is None else losses)).decode())


def test_every_claim_of_whole_words_comes_back() -> None:
    losses = Losses()
    columns, found = written(*small(), losses=losses)
    assert columns == ["ID", "FORM", "START", "END", "CLAIM1", "CLAIM2"]
    assert [read.name for read in found] == ["june", "may", "empty"]
    for read, source in zip(found, small(), strict=True):
        assert sorted(read.claims()) == sorted(
            (record.claim.start, record.claim.end, record.claim.label) for record in source.claims
        )
    assert losses == {
        "evidence items were left out": 7,
        "links between claims were left out": 1,
        "all about claims but their place and label was left out": 7,
    }


def test_tokens_are_exact_and_cover_all_but_white_space() -> None:
    _, [read] = written(hostile())
    covered: set[int] = set()
    for _, form, start, end, *_ in read.tokens:
        assert HOSTILE[int(start) : int(end)] == form
        assert not covered & set(range(int(start), int(end)))
        covered |= set(range(int(start), int(end)))
    left = {character for n, character in enumerate(HOSTILE) if n not in covered}
    assert all(character.isspace() for character in left), left


def test_claims_that_nest_cross_and_cut_words_are_all_there() -> None:
    losses = Losses()
    _, [read] = written(hostile(), losses=losses)
    found = sorted(read.claims())
    marked = [record.claim for record in hostile().claims if record.claim.exact.strip()]
    assert len(found) == len(marked)
    # "\nover" begins on white space; "lépha" is inside a word.
    assert losses["claims that begin or end inside a token, or on white space, were moved to whole tokens"] == 2
    assert losses["claims on nothing but white space were left out"] == 1
    exact = {(one.start, one.end, one.label) for one in marked}
    assert len(exact - set(found)) == 2


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("Don't re-open 3,5 % of #1_a!", ["Don't", "re-open", "3", ",", "5", "%", "of", "#", "1_a", "!"]),
        ("l’eau e\u0301té", ["l’eau", "e\u0301té"]),
        ("👩‍👩‍👧🇩🇪 ok", ["👩‍👩‍👧", "🇩🇪", "ok"]),
        ("نعم، مُحَمَّد", ["نعم", "،", "مُحَمَّد"]),
        ("नमस्ते", ["नमस्ते"]),
        ("a\x1cb\x0bc\u2028d", ["a", "b", "c", "d"]),
    ],
)
def test_tokens_are_cut_by_the_stated_rule(text: str, tokens: list[str]) -> None:
    _, [read] = written(document("a", text, []))
    assert [token[1] for token in read.tokens] == tokens


def test_tokens_do_not_depend_on_the_claims() -> None:
    _, [marked] = written(hostile())
    _, [bare] = written(replace(hostile(), claims=()))
    assert [token[:4] for token in marked.tokens] == [token[:4] for token in bare.tokens]


def test_the_longer_claim_stands_in_the_first_column() -> None:
    text = "One two three."
    columns, [read] = written(document("a", text, [claim(text, "One two", "disputed"), claim(text, "One two three")]))
    assert columns[4:] == ["CLAIM1", "CLAIM2"]
    assert [token[4:] for token in read.tokens] == [
        ["B-sourced", "B-disputed"],
        ["I-sourced", "I-disputed"],
        ["I-sourced", "O"],
        ["O", "O"],
    ]


def test_claims_side_by_side_share_a_column_and_stay_apart() -> None:
    text = "One two three."
    _, [read] = written(document("a", text, [claim(text, "One two"), claim(text, "three")]))
    assert [token[4] for token in read.tokens] == ["B-sourced", "I-sourced", "B-sourced", "O"]


def test_reviewers_are_not_told_apart_and_that_is_said() -> None:
    losses = Losses()
    list(write_conll(replace(DATASET, layer="annotations"), small(), losses))
    assert losses["who marked a claim was left out"] == 7


def test_a_spoilt_file_is_noticed() -> None:
    content = b"".join(write_conll(DATASET, small(), Losses())).decode()
    with pytest.raises(AssertionError):
        parse(content.replace("\tO\tO\n", "\tO\n", 1))
    _, found = parse(content.replace("B-sourced", "I-sourced", 1))
    with pytest.raises(AssertionError):
        [list(read.claims()) for read in found]
