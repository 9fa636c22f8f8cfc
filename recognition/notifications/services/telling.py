"""Tell people of what happened, and note what they have read and how they want to hear of it."""

from django.utils import timezone

from accounts.models import ApplicationState, OfficialApplication, User
from recognition.desk.models import Item
from recognition.notifications.models import Mail, Notice, Topic, Wish


def tell_of_return(item: Item) -> None:
    """Tell the maker that an item came back."""
    if item.maker is not None and item.maker.is_active:
        Notice.objects.create(person=item.maker, topic=Topic.ITEM_RETURNED, item=item)


def tell_of_decision(application: OfficialApplication) -> None:
    """Tell the applicant what was decided; a mail of it is sent by whoever decided."""
    approved = application.state == ApplicationState.APPROVED
    topic = Topic.APPLICATION_APPROVED if approved else Topic.APPLICATION_REJECTED
    Notice.objects.create(person=application.applicant, topic=topic)


def mark_read(notice: Notice) -> None:
    """Note that this was seen."""
    Notice.objects.unread().filter(pk=notice.pk).update(read_at=timezone.now())


def mark_all_read(person: User) -> None:
    """Note that everything was seen that this person was told of so far."""
    Notice.objects.of(person).unread().update(read_at=timezone.now())


def set_mail(person: User, mail: Mail) -> None:
    """Keep how this person wants to hear of things."""
    Wish.objects.update_or_create(person=person, defaults={"mail": mail})
