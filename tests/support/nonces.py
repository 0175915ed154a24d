"""What of an answer is a person's own chance and moment, masked, so that two sessions can be compared byte for byte."""

from __future__ import annotations

import re
import zlib
from base64 import urlsafe_b64decode
from collections.abc import Iterable

# Random ids and moments are replaced by the order in which they first appear: an id more, or another order, shows.
NONCES = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{4}-\d\d-\d\dT[\d:.]+Z|\b[2-9a-hjkmnp-z]{16}\b")
CURSOR = re.compile(r'(?<="next":")[\w-]+')
# A form's signed token, the stored name of a session, the stamp of the static files: their length stays.
RANDOM = re.compile(
    r'(?<=name="csrf_token" value=")[^"]+|(?<=data-token=")[^"]+|(?<=/account/sessions/)[0-9a-f]{64}'
    r'|(?<=/static/)[^/]+|(?<="csrf_token":")[^"]+'
)
FORM_COOKIE = re.compile(r"(?<=annotator_form=)(\.?)([\w-]+)\.[\w-]+\.[\w-]+")


def masked(answers: Iterable[object]) -> list[str]:
    """Each answer as text, with what is random in it replaced; the same names stand for the same thing throughout."""
    names: dict[str, str] = {}
    opened = (FORM_COOKIE.sub(_opened_cookie, CURSOR.sub(_opened_cursor, repr(each))) for each in answers)
    blanked = (RANDOM.sub(lambda found: "*" * len(found[0]), each) for each in opened)
    return [NONCES.sub(lambda nonce: names.setdefault(nonce[0], f"<{len(names)}>"), each) for each in blanked]


def _opened_cursor(found: re.Match[str]) -> str:
    return urlsafe_b64decode(f"{found[0]}==").decode()


def _opened_cookie(found: re.Match[str]) -> str:
    """What Flask's signed cookie carries: messages for the next page, and the CSRF token. Long ones are packed."""
    packed, content = found.groups()
    payload = urlsafe_b64decode(f"{content}==")
    return (zlib.decompress(payload) if packed else payload).decode()
