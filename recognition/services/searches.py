"""Filters of the history that people keep for another time."""

from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.http import QueryDict
from django.utils.translation import gettext as _

from accounts.models import User
from recognition.models import SavedSearch

MAX_SEARCHES = 20
MAX_LENGTH = 1000  # characters, as the column


class CannotSave(Exception):  # noqa: N818 - it says what is the case, and callers show it
    """Why the search was not kept."""


def save_search(*, owner: User, name: str, query: str, known: Iterable[str]) -> SavedSearch:
    """Keep what the address says of the ``known`` filters under a name.

    Raises:
        CannotSave: no name, nothing to keep, too much, or the name is taken.
    """
    asked = QueryDict(query)
    kept = QueryDict(mutable=True)
    for filter_ in sorted(known):
        if asked.get(filter_):
            kept[filter_] = asked[filter_]
    text = kept.urlencode()
    if not name.strip():
        raise CannotSave(_("Give the search a name."))
    if not text or len(text) > MAX_LENGTH:
        raise CannotSave(_("There is nothing to keep: search for something first."))
    if owner.saved_searches.count() >= MAX_SEARCHES:
        raise CannotSave(_("You have %d searches, which is the most.") % MAX_SEARCHES)
    try:
        with transaction.atomic():
            return SavedSearch.objects.create(owner=owner, name=name.strip()[:60], query=text)
    except IntegrityError as error:
        raise CannotSave(_("You have a search of this name.")) from error
