"""The type of a request behind ``login_required``."""

from django.http import HttpRequest

from accounts.models import User


class AuthenticatedRequest(HttpRequest):
    """A request of somebody who is logged in."""

    user: User
