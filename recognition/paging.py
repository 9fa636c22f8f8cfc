"""Pages of long lists, without sorting, skipping or searching anything twice."""

from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet

HEAD = 240
"""So many rows are looked for to find out whether there are more."""


class IdsFirstPaginator(Paginator):  # type: ignore[type-arg] # not generic at run time
    """Finds the ids of a page's rows first: to sort and skip whole rows takes the longest.

    What finds little is searched once only, not to count it and again to show it.
    """

    object_list: QuerySet[Model]

    @cached_property
    def ids(self) -> Any:
        """The ids of all rows, in order."""
        return self.object_list.prefetch_related(None).values_list("pk", flat=True)

    @cached_property
    def head(self) -> list[Any]:
        """The first ids, one more than ``HEAD`` where there are more."""
        return list(self.ids[: HEAD + 1])

    @cached_property
    def count(self) -> int:
        """How many rows there are."""
        found = len(self.head)
        return found if found <= HEAD else int(self.ids.count())

    def page(self, number: int | str) -> Page[Any]:
        """Return a page, or raise as the base class does."""
        number = self.validate_number(number)
        start = (number - 1) * self.per_page
        end = start + self.per_page
        is_in_head = end <= len(self.head) or self.count <= HEAD
        ids = list((self.head if is_in_head else self.ids)[start:end])
        rows = {row.pk: row for row in self.object_list.order_by().filter(pk__in=ids)}
        return Page([rows[pk] for pk in ids if pk in rows], number, self)
