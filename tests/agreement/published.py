"""Published tables of ratings, each with where it is from."""

from __future__ import annotations

import numpy as np

from annotator.agreement.figures import Figure

# K. Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, section C: four observers (rows), twelve units,
# five categories; "*" is missing.
KRIPPENDORFF_2011 = """
1 2 3 3 2 1 4 1 2 * * *
1 2 3 3 2 2 4 1 2 5 * 3
* 3 3 3 2 3 4 2 2 5 1 *
1 2 3 3 2 4 4 1 2 5 1 *
"""

# The same, section A: two observers, ten units, two categories; section B: two observers, twelve units, five categories.
KRIPPENDORFF_2011_BINARY = """
0 1 0 0 0 0 0 0 1 0
1 1 1 0 0 1 0 0 0 0
"""
KRIPPENDORFF_2011_NOMINAL = """
a a b b d c c c e d d a
b a b b b c c c e d d d
"""

# J. L. Fleiss (1971), Measuring nominal scale agreement among many raters, Psychological Bulletin 76, table 1: thirty
# patients, six diagnoses each: depression, personality disorder, schizophrenia, neurosis, other.
FLEISS_1971 = """
00060 03003 01401 00006 03030 20400 00402 20310 20040 00006
10050 11040 03300 10050 02031 00501 30012 51000 02040 10203
00006 01050 02013 20040 10041 05010 40002 02040 10500 00006
"""

# A. P. Dawid and A. M. Skene (1979), Maximum likelihood estimation of observer error-rates using the EM algorithm,
# Applied Statistics 28, table 1: 45 patients, five anaesthetists, four classes; the first anaesthetist rated thrice.
DAWID_SKENE_1979 = """
1111111 3334334 1122122 2223121 2223222 2223322 1222111 3333433 2222223 2322223 4444444 2223343 1111111 2223212 1211111
1112111 1111111 1111111 2222221 2221322 2222222 2222221 2223222 2212222 1111111 1111111 2322222 1111111 1111111 1121121
1111111 3333233 1111111 2222222 2223232 4334343 2212232 2323233 3333432 1111111 1111111 1212111 2322222 1211111 2222222
"""


# K. Krippendorff (2019), Content Analysis, 4th edition, figure 12.11, which is the example of Krippendorff and others
# (2016) too: three coders on a continuum of 60; each unit with its first and last place, counted from 1, and its value.
KRIPPENDORFF_2016 = (
    ((1, 7, 1), (8, 13, 2), (31, 32, 5), (33, 37, 6), (38, 44, 6), (45, 60, 7)),
    ((1, 7, 1), (8, 13, 3), (14, 21, 5), (33, 44, 6)),
    ((1, 7, 1), (8, 13, 4), (14, 21, 5), (33, 37, 6), (38, 41, 6), (42, 44, 6)),
)


def counts_of(table: str) -> np.ndarray:
    """Units × categories: how many observers gave each; `table` has a row for each observer."""
    observers = [line.split() for line in table.strip().splitlines()]
    categories = sorted({value for line in observers for value in line} - {"*"})
    units = zip(*observers, strict=True)
    return np.array([[unit.count(category) for category in categories] for unit in units])


def fleiss_1971() -> np.ndarray:
    """Patients × diagnoses: how many psychiatrists gave each."""
    return np.array([[int(digit) for digit in row] for row in FLEISS_1971.split()])


def dawid_skene_1979() -> np.ndarray:
    """Patients × anaesthetists × classes: how often each gave each."""
    counts = np.zeros((45, 5, 4))
    for patient, ratings in enumerate(DAWID_SKENE_1979.split()):
        for observer, rating in zip((0, 0, 0, 1, 2, 3, 4), ratings, strict=True):
            counts[patient, observer, int(rating) - 1] += 1
    return counts


def value(figure: Figure) -> float:
    """The value of a figure that has one."""
    assert figure.value is not None, figure.why
    return figure.value


def interval(figure: Figure) -> tuple[float, float]:
    """The interval of a figure that has one."""
    assert figure.low is not None, figure.why_no_interval
    assert figure.high is not None
    return figure.low, figure.high
