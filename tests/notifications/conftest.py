"""What is handed in and keyed, as in the tests of batches and desk."""

from collections.abc import Callable

import pytest

from recognition.desk.models import Item, Verdict
from recognition.desk.services import claims, keys
from recognition.notifications import tasks
from tests.batches.conftest import hand_in, sent, unpack  # noqa: F401 - fixtures
from tests.desk.conftest import READ, arrive, make_user  # noqa: F401 - fixtures
from tests.recognition.conftest import reader, submit, work  # noqa: F401 - fixtures


@pytest.fixture
def beat() -> Callable[[], None]:
    """Do what the scheduler asks for once a minute."""
    return tasks.tell


@pytest.fixture
def key() -> Callable[..., Item]:
    """Take an item and give a key to it."""

    def give(item: Item, person, verdict=Verdict.ACCEPT, **answer) -> Item:
        item.refresh_from_db()
        claims.claim(item, person)
        answer = keys.Answer(verdict, READ, **answer)
        return keys.give_key(item_id=item.pk, person=person, version=item.version, answer=answer)

    return give
