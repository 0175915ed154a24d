"""The forms of pages, in the user's words; each module has those of the view of its name.

Text comes in as it was typed; only addresses lose blanks around them. NUL and halves of surrogate pairs never get here:
security refuses them in every field of every form.
"""
