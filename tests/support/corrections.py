"""Generated articles and their corrections, in which it is known of every character where it went.

An article is full of what makes carrying hard: stock phrases, the same sentence twice, short sentences. A correction
mends letters and words, puts sentences in (some of them copies of others), drops sentences, and moves paragraphs.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from annotator.domain.spans import Span

Letter = tuple[str, int | None]
"""A character and where it stood in the old text; None for one that was written anew."""
Sentence = list[Letter]

NAMES = ("Assad", "Ankara", "Damascus", "Idlib", "Moscow", "the ministry", "the observers", "a resident", "the army")
VERBS = ("said", "denied", "reported", "confirmed", "expected", "announced", "repeated", "doubted")
THINGS = ("a complete ceasefire", "calm in the province", "three air strikes", "the truce", "new talks", "shelling")
TAILS = ("on Wednesday", "late on Sunday", "according to state media", "in the south", "without giving details", "")
STOCK = ("There was no immediate comment.", "Nobody was hurt.", "He did not reply.", "The truce held overnight.")


@dataclass(frozen=True)
class Corrected:
    """Both texts, spans of the old one, and for each its place in the new one: None if it is not there any more."""

    old: str
    new: str
    spans: list[Span]
    places: list[Span | None]


def corrected(seed: int) -> Corrected:
    """One article and its correction."""
    chance = Random(f"correction {seed}")
    paragraphs = [[_sentence(chance) for _ in range(chance.randint(1, 5))] for _ in range(chance.randint(3, 12))]
    for _ in range(chance.randint(0, 3)):  # The same sentence twice, sometimes one after the other.
        said = chance.choice(chance.choice(paragraphs))
        paragraph = chance.choice(paragraphs)
        paragraph.insert(chance.randint(0, len(paragraph)), said)
    old = "\n\n".join(" ".join(sentences) for sentences in paragraphs)
    rows: list[list[Sentence]] = []
    at = 0
    for sentences in paragraphs:
        row: list[Sentence] = []
        for words in sentences:
            row.append([(letter, at + number) for number, letter in enumerate(words)])
            at += len(words) + 1
        rows.append(row)
        at += 1
    stood = [Span(words[0][1] or 0, (words[-1][1] or 0) + 1) for row in rows for words in row]
    spans = [_span(chance, old, rows) for _ in range(chance.randint(8, 30))]
    for _ in range(chance.choice((0, 1, 2, 4, 8, 14))):
        chance.choice((_typo, _typo, _word, _put_in, _repeat, _drop, _drop, _move, _move_sentence))(chance, rows)
    letters = _written_again(old, _put_back(old, _joined([row for row in rows if row])), stood)
    return Corrected(old, _words(letters), spans, _places(letters, spans))


def _sentence(chance: Random) -> str:
    if chance.random() < 0.15:
        return chance.choice(STOCK)
    words = f"{chance.choice(NAMES)} {chance.choice(VERBS)} {chance.choice(THINGS)} {chance.choice(TAILS)}"
    if chance.random() < 0.5:
        words += f" and {chance.choice(VERBS)} {chance.choice(THINGS)} of {chance.randint(2, 900)} people"
    if chance.random() < 0.2:
        words += f", after {chance.choice(NAMES)} had {chance.choice(VERBS)} {chance.choice(THINGS)} in {chance.choice(NAMES)}"
    words = " ".join(words.split())
    return words[0].upper() + words[1:] + "."


def _span(chance: Random, old: str, rows: list[list[Sentence]]) -> Span:
    """A sentence, some words of it, two sentences, or letters from anywhere."""
    row = chance.choice(rows)
    number = chance.randrange(len(row))
    first, last = row[number][0][1] or 0, (row[number][-1][1] or 0) + 1
    kind = chance.random()
    if kind < 0.3:
        return Span(first, last)
    if kind < 0.45 and number + 1 < len(row):
        return Span(first, (row[number + 1][-1][1] or 0) + 1)
    if kind < 0.95:
        edges = [first, *(at + 1 for at in range(first, last) if old[at] == " "), last]
        start, end = sorted(chance.sample(edges, 2))
        return Span(start, start + len(old[start:end].rstrip()))
    start = chance.randrange(first, last)
    return Span(start, chance.randint(start + 1, last))


def _any(chance: Random, rows: list[list[Sentence]]) -> tuple[list[Sentence], int]:
    row = chance.choice([row for row in rows if row])
    return row, chance.randrange(len(row))


def _typo(chance: Random, rows: list[list[Sentence]]) -> None:
    row, number = _any(chance, rows)
    sentence = row[number]
    at = chance.randrange(len(sentence))
    letter = chance.choice("aeinst")
    change = chance.choice(("change", "add", "double", "drop", "swap"))
    if change == "change":
        sentence[at] = (letter, None)
    elif change == "add":
        sentence.insert(at, (letter, None))
    elif change == "double":
        sentence.insert(at, (sentence[at][0], None))
    elif change == "drop" and len(sentence) > 1:
        del sentence[at]
    elif at + 1 < len(sentence):
        sentence[at], sentence[at + 1] = sentence[at + 1], sentence[at]


def _word(chance: Random, rows: list[list[Sentence]]) -> None:
    row, number = _any(chance, rows)
    sentence = row[number]
    blanks = [-1, *(at for at, (letter, _) in enumerate(sentence) if letter == " ")]
    at = chance.choice(blanks) + 1
    end = next((n for n in range(at, len(sentence)) if sentence[n][0] in " ."), len(sentence))
    sentence[at : end if chance.random() < 0.5 else at] = _new(
        chance.choice(("reportedly ", "twice ", "some ")).strip()
    )
    if at + 1 < len(sentence):
        sentence.insert(at, (" ", None)) if chance.random() < 0.2 else None


def _put_in(chance: Random, rows: list[list[Sentence]]) -> None:
    row, number = _any(chance, rows)
    row.insert(number + chance.randint(0, 1), _new(_sentence(chance)))


def _repeat(chance: Random, rows: list[list[Sentence]]) -> None:
    """A copy of a sentence, or of its second half, goes elsewhere or beside it; in some the sentence is dropped then."""
    row, number = _any(chance, rows)
    copy = _new(_words(row[number]))
    other, place = _any(chance, rows) if chance.random() < 0.7 else (row, number)
    if chance.random() < 0.3:
        other[place] = other[place][:-1] + _new(", ") + copy[len(copy) // 2 :]
        return
    dropped = row[number]
    other.insert(place + (chance.randint(0, 1) if other is not row else 0), copy)
    # Put back in its very place it would be the same text: nobody could tell.
    if chance.random() < 0.4 and other is not row:
        row[:] = [sentence for sentence in row if sentence is not dropped]


def _drop(chance: Random, rows: list[list[Sentence]]) -> None:
    """Of a sentence and its copy in one paragraph it is the copy that goes: nobody could tell which it was."""
    row, number = _any(chance, rows)
    if sum(map(len, rows)) > 2:
        same = [sentence for sentence in row if _words(sentence) == _words(row[number])]
        dropped = max(same, key=lambda sentence: sum(origin is None for _, origin in sentence))
        row[:] = [sentence for sentence in row if sentence is not dropped]


def _move(chance: Random, rows: list[list[Sentence]]) -> None:
    row = rows.pop(chance.randrange(len(rows)))
    rows.insert(chance.randint(0, len(rows)), row)


def _move_sentence(chance: Random, rows: list[list[Sentence]]) -> None:
    row, number = _any(chance, rows)
    sentence = row.pop(number)
    other = chance.choice(rows)
    other.insert(chance.randint(0, len(other)), sentence)


def _words(sentence: Sentence) -> str:
    return "".join(letter for letter, _ in sentence)


def _new(words: str) -> Sentence:
    return [(letter, None) for letter in words]


def _joined(rows: list[list[Sentence]]) -> Sentence:
    """The letters of the whole text. A blank between two sentences that were neighbours is the one of before."""
    letters: Sentence = []
    for row in rows:
        letters += _new("\n\n") if letters else []
        for number, sentence in enumerate(row):
            if number:
                end, start = letters[-1][1], sentence[0][1]
                kept = end is not None and start is not None and start == end + 2
                letters.append((" ", end + 1 if kept and end is not None else None))
            letters += sentence
    return letters


def _put_back(old: str, letters: Sentence) -> Sentence:
    """What was taken out and written again in the same words between the same letters counts as never gone."""
    framed: Sentence = [("", -1), *letters, ("", len(old))]
    at_origin = {origin: at for at, (_, origin) in enumerate(framed) if origin is not None}
    for at in range(len(framed) - 1):
        origin = framed[at][1]
        if origin is None or framed[at + 1][1] == origin + 1:
            continue
        for length in range(2, min(len(framed) - at, 600)):
            there = framed[at + length][1] == origin + length and at_origin.get(origin + length) == at + length
            if there and _words(framed[at + 1 : at + length]) == old[origin + 1 : origin + length]:
                for step in range(1, length):
                    framed[at + step] = (framed[at + step][0], origin + step)
                break
    return framed[1:-1]


def _written_again(old: str, letters: Sentence, sentences: list[Span]) -> Sentence:
    """A sentence that is gone, and stands written anew beside one of its paragraph that it stood beside, was never gone.

    Nobody could tell from the text that it is another: as when a copy is put before it, and it is moved and dropped.
    """
    again = list(letters)
    went = {origin: at for at, (_, origin) in enumerate(again) if origin is not None}
    for start, end in sentences:
        if any(origin in went for origin in range(start, end)):
            continue
        before, behind = went.get(start - 2), went.get(end + 1)
        if before is not None and old[start - 1] == " ":
            first, from_origin, words = before + 1, start - 1, old[start - 1 : end]
        elif behind is not None and old[end : end + 1] == " ":
            first, from_origin, words = behind - 1 - (end - start), start, old[start : end + 1]
        else:
            continue
        written = again[first : first + len(words)] if first >= 0 else []
        if _words(written) == words and all(origin is None for _, origin in written):
            for step, letter in enumerate(words):
                again[first + step] = (letter, from_origin + step)
                went[from_origin + step] = first + step
    return again


def _places(letters: Sentence, spans: list[Span]) -> list[Span | None]:
    went = {origin: at for at, (_, origin) in enumerate(letters) if origin is not None}
    places: list[Span | None] = []
    for span in spans:
        at = [went.get(origin) for origin in range(span.start, span.end)]
        first = at[0]
        whole = first is not None and at == list(range(first, first + len(at)))
        places.append(Span(first, first + len(at)) if whole and first is not None else None)
    return places
