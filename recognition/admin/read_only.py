"""What the tables of the admin site have in common: they are looked at, never edited."""

from django.http import HttpRequest


class ReadOnly:
    """Looked at, never edited."""

    def has_add_permission(self, _request: HttpRequest, _obj: object = None) -> bool:
        """Refuse."""
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: object = None) -> bool:
        """Refuse."""
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: object = None) -> bool:
        """Refuse."""
        return False
