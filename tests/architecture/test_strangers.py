"""A stranger walks every address there is: another person's things are a 404, or a login page.

The addresses are discovered, so that one added later is walked too.
"""

from collections.abc import Iterator

import pytest
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from accounts.models import User
from recognition.models import FieldName, Kind, Submission
from recognition.services import review

METHODS = ("get", "post", "put", "patch", "delete")
SECRETS = ("secret-name", "125000.50", "004512", "00123456789", "official@bank.example")
# What an item's owner made; every address with one of these shows or changes the item.
OWNED = {"submission_id", "run_id", "object_id"}


def _addresses(
    resolver: URLResolver, route: str = "", space: str = ""
) -> Iterator[tuple[str, str, list[str]]]:
    """Yield (name, route, arguments) of every address of the site."""
    for entry in resolver.url_patterns:
        here = route + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from _addresses(entry, here, inner)
        elif isinstance(entry, URLPattern) and entry.name:
            yield space + entry.name, here, list(entry.pattern.converters)


ADDRESSES = sorted({name: arguments for name, _, arguments in _addresses(get_resolver())}.items())


@pytest.fixture
def theirs(submit, work, official) -> Submission:
    """A cheque of somebody else, with everything that belongs to it."""
    submission = submit(official, Kind.CHEQUE, "secret-name.png")
    work()
    review.correct(
        submission.runs.get().readings.get(name=FieldName.CHEQUE_NUMBER), "777777", official
    )
    return submission


def _fill(name: str, arguments: list[str], theirs: Submission) -> str | None:
    values = {
        "submission_id": theirs.pk,
        "run_id": theirs.runs.get().pk,
        "object_id": theirs.pk,
        "name": "date",
        "version": "1",
        "file_name": "card.json",
    }
    unknown = [argument for argument in arguments if argument not in values]
    if unknown:
        return None
    try:
        return reverse(name, kwargs={argument: values[argument] for argument in arguments})
    except NoReverseMatch:  # a regular expression that wants something of its own
        return None


def _visit(client, method: str, address: str):
    client.raise_request_exception = False
    return getattr(client, method)(address, follow=False)


def _shown(response) -> str:
    body = b"".join(response) if response.streaming else response.content
    return body.decode("utf-8", "replace")


def test_many_addresses_are_known() -> None:
    assert len(ADDRESSES) > 60
    assert any(OWNED & set(arguments) for _, arguments in ADDRESSES)


@pytest.mark.parametrize("who", ["anonymous", "individual", "checker"])
@pytest.mark.parametrize("method", METHODS)
def test_a_stranger_never_sees_or_changes_anything(
    theirs, client, client_of, request, who, method
) -> None:
    user = None if who == "anonymous" else request.getfixturevalue(who)
    visitor = client if user is None else client_of(user)
    for name, arguments in ADDRESSES:
        address = _fill(name, arguments, theirs)
        if address is None or (user is not None and "logout" in name):
            continue
        response = _visit(visitor, method, address)
        text = f"{method} {address} as {who}: {response.status_code}"

        assert response.status_code < 500, text
        assert not [secret for secret in SECRETS if secret in _shown(response)], text
        if OWNED & set(arguments):
            assert response.status_code in {302, 401, 403, 404, 405}, text
            if response.status_code == 302:
                assert "/login/" in response.headers["Location"] or "admin" in name, text
            if response.status_code == 403:
                assert name.startswith("admin:"), f"a 404, not a 403: {text}"
    _is_untouched(theirs)


def test_a_stranger_with_a_token_is_told_that_there_is_nothing(theirs, api_of, individual) -> None:
    api = api_of(individual)
    walked = 0
    for name, arguments in ADDRESSES:
        if name.startswith("api:") and OWNED & set(arguments):
            address = _fill(name, arguments, theirs)
            for method in ("get", "post", "delete"):
                response = _visit(api, method, address)
                if response.status_code != 405:
                    body = response.json()
                    assert (response.status_code, body["error"]["code"]) == (404, "not_found")
                    walked += 1
    assert walked >= 9
    _is_untouched(theirs)


def test_lists_hold_ones_own_alone(theirs, api_of, client_of, individual, submit) -> None:
    mine = submit(individual)
    ids = f"{theirs.pk},{mine.pk}"
    found = api_of(individual).get(f"/api/v1/submissions?ids={ids}").json()["results"]
    assert [one["id"] for one in found] == [str(mine.pk)]


def test_the_admin_site_is_for_moderators(client_of, individual, official, checker) -> None:
    lists = [name for name, _ in ADDRESSES if name.startswith("admin:") and "changelist" in name]
    assert len(lists) > 8
    for user in (individual, official, checker):
        visitor = client_of(user)
        for name in ("admin:index", *lists):
            status = visitor.get(reverse(name)).status_code
            assert status in {302, 403}, f"{name} as {user.role}: {status}"


def _is_untouched(theirs: Submission) -> None:
    now = Submission.objects.get(pk=theirs.pk)
    assert now.deleted_at is None
    assert now.runs.count() == 1
    assert now.runs.get().readings.get(name=FieldName.CHEQUE_NUMBER).corrections.count() == 1
    assert User.objects.get(pk=theirs.owner_id).is_active
