"""Pages of lists."""

from rest_framework.pagination import PageNumberPagination

from recognition.paging import IdsFirstPaginator


class Pages(PageNumberPagination):
    """``page`` and ``page_size``, at most 100 a page."""

    page_size = 25
    max_page_size = 100
    page_size_query_param = "page_size"


class LongPages(Pages):
    """The same of lists that may have a hundred thousand rows."""

    django_paginator_class = IdsFirstPaginator
