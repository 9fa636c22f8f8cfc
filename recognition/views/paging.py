"""Pages of long lists."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.utils.functional import cached_property

HEAD = 240
"""So many rows are fetched to find out whether there are more."""


class HeadFirstPaginator(Paginator):  # type: ignore[type-arg] # not generic at run time
    """Counts by fetching: what finds little is searched once, not to count and again to show."""

    @cached_property
    def head(self) -> list[Any]:
        """The first rows, one more than ``HEAD`` where there are more."""
        return list(self.object_list[: HEAD + 1])

    @cached_property
    def count(self) -> int:
        """How many rows there are."""
        found = len(self.head)
        return found if found <= HEAD else self.object_list.count()

    def page(self, number: int | str) -> Page[Any]:
        """Return a page, or raise as the base class does."""
        number = self.validate_number(number)
        bottom = (number - 1) * self.per_page
        if bottom + self.per_page <= len(self.head) or self.count <= HEAD:
            return self._get_page(self.head[bottom : bottom + self.per_page], number, self)
        return super().page(number)
