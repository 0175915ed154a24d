"""The cards of the list of claims: what they say, and that what people wrote stays words."""

from __future__ import annotations

from markupsafe import Markup

from annotator.domain.cards import AT_ONCE, Card, CardLabel, render_cards

LABEL = CardLabel("Sourced", "S", 1, retired=False)
HOSTILE = "\"><img src=x onerror=alert(1)> '&</li></noscript>\r\n<script>"


def draw(text: str, *cards: Card) -> str:
    return "".join(render_cards(text, cards))


def test_a_card_quotes_the_claim_with_whole_words_around_it() -> None:
    text = "On Sunday both governments announced a complete ceasefire in the whole north of the country."
    start = text.index("complete")
    drawn = draw(text, Card("c1", 3, start, start + 18, LABEL, "evidence"))
    assert '<span class="claim-context">…governments announced a </span>' in drawn
    assert '<span class="claim-exact" dir="auto">complete ceasefire</span>' in drawn
    assert '<span class="claim-context"> in the whole north of the…</span>' in drawn
    assert 'id="claim-c1" data-id="c1" data-version="3" data-start="39" data-end="57"' in drawn
    assert 'data-state="lacks">lacks evidence</span>' in drawn


def test_without_blanks_around_it_no_character_is_cut() -> None:
    family = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
    text = family * 12 + "X" + family * 12
    drawn = draw(text, Card("c1", 1, text.index("X"), text.index("X") + 1, LABEL))
    assert f'<span class="claim-context">…{family * 5}</span>' in drawn
    assert f'<span class="claim-context">{family * 5}…</span>' in drawn


def test_hostile_words_stay_words() -> None:
    label = CardLabel(HOSTILE, "<", 2, retired=True)
    card = Card('"><b>', 1, 0, len(HOSTILE), label, HOSTILE, unsure=True)
    for drawn in (draw(HOSTILE * 2, card), draw(HOSTILE * 2, card._replace(reviewer=HOSTILE))):
        assert drawn.count("<li") == drawn.count("</li>") == 1
        assert "\r" not in drawn
        for tag in ("<img", "<script", "</noscript", "<b>"):
            assert tag not in drawn


def test_cards_are_given_out_some_at_a_time_and_are_safe() -> None:
    cards = [Card(f"c{number}", 1, 0, 3, LABEL) for number in range(AT_ONCE + 1)]
    batches = list(render_cards("One two.", cards))
    assert [batch.count("<li") for batch in batches] == [AT_ONCE, 1]
    assert all(isinstance(batch, Markup) for batch in batches)
    assert list(render_cards("One two.", [])) == []
