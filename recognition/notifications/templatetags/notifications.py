"""How many notices a person has not read."""

from django import template

from accounts.models import User
from recognition.notifications.models import MOST_COUNTED, Notice

register = template.Library()


@register.simple_tag
def unread_notices_of(user: User) -> str:
    """Return how many there are, ``99+`` where they are more; or nothing. One query."""
    count = Notice.objects.of(user).unread().order_by()[: MOST_COUNTED + 1].count()
    if count > MOST_COUNTED:
        return f"{MOST_COUNTED}+"
    return str(count) if count else ""
