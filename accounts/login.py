"""Who may log in at all."""

from allauth.account.auth_backends import AuthenticationBackend

from accounts import demo
from accounts.models import User


class LoginBackend(AuthenticationBackend):
    """allauth's, which asks for e-mail and password; Django asks it again with each request."""

    def user_can_authenticate(self, user: User) -> bool:
        """Refuse suspended people, and the accounts of a demonstration that has ended."""
        return bool(super().user_can_authenticate(user)) and not demo.is_over_for(user)
