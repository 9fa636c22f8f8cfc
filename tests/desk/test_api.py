"""The desk through the API: the same rules, with stable codes."""

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.models import Role
from recognition.desk.models import Item
from tests.desk.conftest import READ


def address(name: str, item: Item) -> str:
    return reverse(f"desk_api:{name}", args=[item.pk])


def give(api, item: Item, **changed: object):
    body = {"version": item.version, "verdict": "accept", "values": READ} | changed
    return api.post(address("key", item), body, format="json")


def take_and_give(api, item: Item, **changed: object):
    item.refresh_from_db()
    assert api.post(address("claim", item)).status_code == 200
    return give(api, item, **changed)


def test_two_people_settle_an_item(official, checker, arrive, api_of):
    item = arrive(official)
    maker, second = api_of(official), api_of(checker)
    listed = maker.get(reverse("desk_api:items")).json()["results"]
    assert [(one["id"], one["worth"], one["role"]) for one in listed] == [
        (str(item.pk), "125000.50", "maker")
    ]
    held = maker.post(reverse("desk_api:next"), {}, format="json").json()
    assert held["fields"]["date"]["read_as"] == "2026-01-31"
    given = give(maker, item)
    assert (given.status_code, given.json()["state"]) == (201, "second_key")
    assert take_and_give(second, item).json()["state"] == "approved"
    settled = maker.get(address("item", item)).json()
    assert settled["values"] == READ | {"account_number": "XXXXXXX6789"}
    assert settled["role"] is None
    assert maker.post(reverse("desk_api:next"), {}, format="json").status_code == 204


def test_the_second_person_is_told_nothing(official, checker, arrive, api_of):
    item = arrive(official)
    take_and_give(api_of(official), item, values=READ | {"cheque_number": "777777"})
    api = api_of(checker)
    answers = [
        api.get(reverse("desk_api:items")),
        api.get(address("item", item)),
        api.post(address("claim", item)),
    ]
    for answer in answers:
        for secret in (*READ.values(), "777777", "0.93"):
            assert secret not in answer.content.decode()
    fields = answers[-1].json()["fields"]
    assert set(fields) == set(READ)
    assert api.get(fields["date"]["snippet"]).headers["Content-Type"] == "image/png"
    for name in ("submission", "corrections"):
        detail = reverse(f"api:{name}", args=[item.pk])
        assert api.get(detail).status_code in {404, 405}


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({"version": 9}, 409, "item_changed"),
        ({"verdict": "reject"}, 400, "return_code_missing"),
        ({"verdict": "return", "comment": "?"}, 400, "nobody_to_return_to"),
        ({"values": READ | {"courtesy_amount": ""}}, 400, "amount_missing"),
        ({"values": {"courtesy_amount": "1"}}, 400, "value_missing"),
        ({"values": READ | {"date": "soon"}}, 400, "invalid_value"),
        ({"verdict": "perhaps"}, 400, "invalid"),
        ({"verdict": "reject", "return_code": "00"}, 400, "invalid"),
    ],
)
def test_errors_have_codes(official, arrive, api_of, changed, status, code):
    answer = take_and_give(api_of(official), arrive(official), **changed)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)


def test_conflicts_have_codes(official, checker, make_user, arrive, api_of):
    item = arrive(official)
    maker, second = api_of(official), api_of(checker)
    assert give(maker, item).json()["error"]["code"] == "not_claimed"
    maker.post(address("claim", item))
    assert second.post(address("claim", item)).json()["error"]["code"] == "item_claimed"
    give(maker, item)
    refused = maker.post(address("claim", item))
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "not_for_you")
    take_and_give(second, item)
    third = api_of(make_user("third@bank.example", Role.CHECKER))
    assert third.post(address("claim", item)).json()["error"]["code"] == "item_settled"
    correction = {"field": "date", "value": "2026-02-01"}
    refused = maker.post(reverse("api:corrections", args=[item.pk]), correction, format="json")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "item_settled")
    deleted = maker.delete(reverse("api:submission", args=[item.pk]))
    assert deleted.json()["error"]["code"] == "item_settled"


def test_it_is_for_bank_staff_of_the_bank(official, individual, checker, arrive, api_of):
    item = arrive(official)
    assert APIClient().get(reverse("desk_api:items")).status_code == 401
    assert api_of(individual).get(reverse("desk_api:items")).json()["results"] == []
    assert api_of(individual).get(address("item", item)).status_code == 404
    Item.objects.update(bank="Another Bank")
    for name in ("item", "image"):
        assert api_of(checker).get(address(name, item)).status_code == 404
    assert give(api_of(checker), item).status_code == 404


def test_an_account_number_is_whole_only_while_it_is_keyed(official, checker, arrive, api_of):
    item = arrive(official)
    maker, second, whole = api_of(official), api_of(checker), READ["account_number"]
    assert whole not in maker.get(reverse("desk_api:items")).content.decode()
    held = maker.post(address("claim", item)).json()
    assert held["fields"]["account_number"]["value"] == whole
    answers = [give(maker, item), take_and_give(second, item)]
    answers += [api.get(address("item", item)) for api in (maker, second)]
    for answer in answers:
        assert whole not in answer.content.decode()


def test_the_amount_that_was_read_is_not_listed_for_who_may_key_blind(
    official, checker, arrive, api_of
):
    item = arrive(official)
    second = api_of(checker)

    def worth() -> str | None:
        (listed,) = second.get(reverse("desk_api:items")).json()["results"]
        assert listed["worth"] == second.get(address("item", item)).json()["worth"]
        return listed["worth"]

    assert worth() is None
    assert second.post(address("claim", item)).json()["item"]["worth"] == "125000.50"
    assert worth() == "125000.50"  # from now on only the maker
