"""How many items wait for whoever looks at a page, and what of one its list shows them."""

from django import template

from accounts.models import User
from recognition.desk import access
from recognition.desk.models import Item

register = template.Library()

MANY = 99


@register.simple_tag
def waiting_for(user: User) -> str:
    """Return how many items this person could decide on, ``99+`` where they are more; or nothing.

    One query, which stops at the hundredth item, however many there are.
    """
    count = access.queue_of(user).order_by()[: MANY + 1].count()
    if count > MANY:
        return f"{MANY}+"
    return str(count) if count else ""


@register.filter
def shows_worth_to(item: Item, person: User) -> bool:
    """Tell whether the largest amount that was read is shown to this person."""
    return access.may_see_worth(person, item)
