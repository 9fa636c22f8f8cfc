"""The site. Celery's application is loaded with Django, so that tasks find their broker."""

from hdr_site.celery import app as celery_app

__all__ = ["celery_app"]
