"""Two who write at once never follow the same event."""

from threading import Barrier, Thread

import pytest
from django.db import connection

from accounts.audit import chain
from accounts.audit.codes import EventCode
from accounts.audit.models import Event
from accounts.audit.services import record

WRITERS, EVENTS_EACH = 4, 10


@pytest.mark.django_db(transaction=True)
def test_the_chain_holds_under_many_writers(make_user):
    person = make_user("person@example.org")
    start = Barrier(WRITERS)

    def write() -> None:
        start.wait()
        try:
            for _ in range(EVENTS_EACH):
                record(EventCode.LOGGED_IN, actor=person)
        finally:
            connection.close()

    threads = [Thread(target=write) for _ in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    logins = Event.objects.filter(code=EventCode.LOGGED_IN)  # beside what setting up wrote
    assert logins.count() == WRITERS * EVENTS_EACH
    assert not list(chain.faults())
