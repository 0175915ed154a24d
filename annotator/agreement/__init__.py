"""How far reviewers agree: numbers in, numbers out.

Three questions are kept apart: did we find the same claims (pairing.py, unitizing.py), did we draw the same
boundaries (pairing.py), did we give the same label (alpha.py). Each article gives sums (sums.py) that are added over
articles and divided once; nothing is averaged per article. What cannot be computed is a `Figure` without a value that
says why: never 1.0, 0.0 or NaN.
"""
