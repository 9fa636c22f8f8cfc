"""People, and clients that are logged in as them."""

import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client, TransactionTestCase
from rest_framework.test import APIClient

from accounts.audit import triggers
from accounts.models import Role, User
from accounts.tokens import issue_token

# The browser tests' driver leaves an event loop in this thread, and Django would take every later
# query in it for one of asynchronous code, of which there is none here.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

PASSWORD = "correct horse battery staple"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Put SQLite into a file, as in life: other processes and threads can then write to it."""
    database = django_settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        file = tmp_path_factory.mktemp("database") / "test.sqlite3"
        database.setdefault("TEST", {})["NAME"] = str(file)


@pytest.fixture(autouse=True, scope="session")
def _audit_log_can_be_emptied() -> Iterator[None]:
    """Let the database be emptied after a test that commits, which its triggers refuse."""
    teardown = TransactionTestCase._fixture_teardown

    def empty(case: TransactionTestCase) -> None:
        with connection.schema_editor() as editor:
            triggers.remove(editor)
        teardown(case)
        with connection.schema_editor() as editor:
            triggers.install(editor)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", empty)
        yield


@pytest.fixture(autouse=True, scope="session")
def _static_files_have_a_folder() -> None:
    """A server that outlives one test asks for it before any test has one of its own."""
    Path(django_settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


@pytest.fixture(autouse=True)
def _site_for_tests(settings, tmp_path: Path) -> None:
    """Keep what tests write among the tests, static files unhashed and password hashing quick."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def make_user(db: None) -> Callable[..., User]:
    """Return a function that makes a user with a verified address and ``PASSWORD``."""

    def make(email: str, role: Role = Role.INDIVIDUAL, *, verified: bool = True) -> User:
        user = User.objects.create_user(email, PASSWORD, role=role)
        EmailAddress.objects.create(user=user, email=email, verified=verified, primary=True)
        return user

    return make


@pytest.fixture
def individual(make_user: Callable[..., User]) -> User:
    return make_user("individual@example.org")


@pytest.fixture
def official(make_user: Callable[..., User]) -> User:
    return make_user("official@bank.example", Role.OFFICIAL)


@pytest.fixture
def checker(make_user: Callable[..., User]) -> User:
    return make_user("checker@bank.example", Role.CHECKER)


@pytest.fixture
def moderator(make_user: Callable[..., User]) -> User:
    return make_user("moderator@example.org", Role.MODERATOR)


@pytest.fixture
def client_of() -> Callable[[User], Client]:
    """Return a function that makes a browser in which this user is logged in."""

    def make(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return make


@pytest.fixture
def api_of() -> Callable[[User], APIClient]:
    """Return a function that makes an API client with a token of this user."""

    def make(user: User) -> APIClient:
        name = f"test {user.api_tokens.count()}"
        _token, key = issue_token(owner=user, name=name, lifetime=timedelta(days=1))
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {key}")
        return client

    return make
