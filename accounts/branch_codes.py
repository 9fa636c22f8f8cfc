"""The codes that name a bank's branch: IFSC, and the sort code of an Indian MICR line.

Only the form is checked; whether such a branch exists, the moderator finds out.
"""

import re

# Reserve Bank of India: four letters for the bank, a zero kept for later, six characters for the
# branch.
_IFSC = re.compile(r"[A-Z]{4}0[A-Z0-9]{6}", re.ASCII)
# City, bank and branch, three digits each. The city's are the first of its PIN code, and no PIN
# code begins with a zero.
_SORT_CODE = re.compile(r"[1-9][0-9]{8}", re.ASCII)
_SPACING = re.compile(r"[\s.\-]+")

# Both forms in one expression that every database understands.
BRANCH_CODE_FORM = r"^([A-Z]{4}0[A-Z0-9]{6}|[1-9][0-9]{8})$"


def normalise_branch_code(text: str) -> str:
    """Return an IFSC or a sort code as it is stored; raise ``ValueError`` for anything else.

    >>> normalise_branch_code("sbin 0001234"), normalise_branch_code("110-002-001")
    ('SBIN0001234', '110002001')
    """
    code = _SPACING.sub("", text).upper()
    if _IFSC.fullmatch(code) or _SORT_CODE.fullmatch(code):
        return code
    raise ValueError("neither an IFSC nor a nine-digit sort code")
