"""The coefficients against the tables in which they were published."""

from __future__ import annotations

import numpy as np
import pytest

from annotator.agreement import alpha, expert, reviewers, unitizing
from annotator.agreement.pairing import Labelled, span_counts, span_f1
from tests.agreement import published

# R. Artstein and M. Poesio (2008), Inter-Coder Agreement for Computational Linguistics, Computational Linguistics 34,
# section 2: two coders, 100 utterances; their κ is 0.8013 and their π, with pooled margins, 0.7995.
ARTSTEIN_POESIO = np.array([[46, 0, 0], [6, 32, 6], [0, 0, 10]])


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        (published.KRIPPENDORFF_2011, 0.743),
        (published.KRIPPENDORFF_2011_BINARY, 0.095),
        (published.KRIPPENDORFF_2011_NOMINAL, 0.692),
    ],
    ids=["missing", "binary", "nominal"],
)
def test_alpha_of_krippendorff_2011(table, expected):
    assert alpha.nominal(published.counts_of(table)).value == pytest.approx(expected, abs=5e-4)


def test_kappa_of_fleiss_1971():
    found = expert.fleiss_kappa(published.fleiss_1971())
    assert found.figure.value == pytest.approx(0.430, abs=5e-4)
    # Each diagnosis as in table 2 of the paper; the error with the variance corrected in 1979.
    assert found.by_category == pytest.approx([0.245, 0.245, 0.520, 0.471, 0.566], abs=5e-4)
    assert found.standard_error == pytest.approx(0.0244, abs=5e-5)


def test_kappa_of_artstein_and_poesio():
    assert expert.cohen_kappa(ARTSTEIN_POESIO).value == pytest.approx(0.8013, abs=5e-5)


def test_pi_of_artstein_and_poesio():
    assert expert.scott_pi(ARTSTEIN_POESIO).value == pytest.approx(0.7995, abs=5e-5)


def test_alpha_approaches_pi_of_artstein_and_poesio():
    # α is π with a correction for few units, so many copies of one table come down to π.
    both = np.concatenate([np.tile(_given(a, b), (n, 1)) for (a, b), n in np.ndenumerate(ARTSTEIN_POESIO)])
    assert alpha.nominal(np.tile(both, (200, 1))).value == pytest.approx(0.7995, abs=5e-5)


def test_ac1_of_gwet_2002():
    # K. L. Gwet (2002), Kappa statistic is not satisfactory for assessing the extent of agreement between raters: 118
    # and 0 units on which both say yes and no, 5 and 2 on which they differ.
    units = [(2, 0)] * 118 + [(1, 1)] * 7
    assert expert.gwet_ac1(np.array(units)).value == pytest.approx(0.9408, abs=5e-5)
    assert expert.cohen_kappa(np.array([[118, 5], [2, 0]])).value == pytest.approx(-0.0234, abs=5e-5)


def test_error_rates_of_dawid_and_skene_1979():
    found = reviewers.dawid_skene(published.dawid_skene_1979(), diagonal=0, off_diagonal=0)
    # Tables 2 and 4 of the paper: how common each class is, and how the first anaesthetist confuses them.
    assert found.prevalence == pytest.approx([0.40, 0.42, 0.11, 0.07], abs=5e-3)
    first = [[0.89, 0.11, 0, 0], [0.07, 0.88, 0.05, 0], [0, 0.34, 0.66, 0], [0, 0, 0.56, 0.44]]
    assert found.confusion[0] == pytest.approx(np.array(first), abs=5e-3)


def test_the_family_of_krippendorff_and_others_2016():
    coders = [
        [unitizing.Unit(first - 1, last, value) for first, last, value in units]
        for units in published.KRIPPENDORFF_2016
    ]
    added = unitizing.sums(coders, length=60, categories=7).flat()
    assert unitizing.u_alpha(added, 7) == pytest.approx(0.510, abs=5e-4)
    assert unitizing.cu_alpha(added, 7) == pytest.approx(0.724, abs=5e-4)
    # Published as 0.413. Its formula gives 1 - 26 / 44.338 = 0.4136; with 44.3 expected it is 0.4131.
    assert unitizing.binary_u_alpha(added, 7) == pytest.approx(0.413, abs=1e-3)


def test_the_schemes_of_semeval_2013():
    # I. Segura-Bedmar, P. Martínez, M. Herrero-Zazo (2013), SemEval-2013 Task 9: exact boundary and label, exact
    # boundary, partial boundary (a half), any overlap with the label.
    gold = [Labelled(0, 10, 0), Labelled(20, 30, 1), Labelled(40, 50, 0), Labelled(60, 70, 1)]
    system = [Labelled(0, 10, 0), Labelled(20, 30, 0), Labelled(45, 55, 0), Labelled(80, 90, 1)]
    found = span_f1(gold, system)
    assert found == pytest.approx((2 / 8, 4 / 8, 5 / 8, 4 / 8))
    assert span_f1(system, gold) == found


def _given(*categories: int) -> np.ndarray:
    return np.bincount(categories, minlength=3)


def test_the_counts_of_semeval_2013():
    # A span right in both, one with another label, one with another boundary, one missed, one invented.
    gold = [Labelled(0, 10, 0), Labelled(20, 30, 1), Labelled(40, 50, 0), Labelled(60, 70, 1)]
    system = [Labelled(0, 10, 0), Labelled(20, 30, 0), Labelled(45, 55, 0), Labelled(80, 90, 1)]
    found = span_counts(gold, system)
    assert found == {
        "strict": (1, 2, 0, 1, 1),
        "exact": (2, 1, 0, 1, 1),
        "type": (2, 1, 0, 1, 1),
        "partial": (2, 0, 1, 1, 1),
    }
    both = span_f1(gold, system)._asdict()
    assert {name: counts.f1 for name, counts in found.items()} == pytest.approx(both)
    assert (found["strict"].possible, found["strict"].actual) == (4, 4)
    assert (found["partial"].precision, found["partial"].recall) == (2.5 / 4, 2.5 / 4)
    assert span_counts([], [])["strict"].f1 is None
