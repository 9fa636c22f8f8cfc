"""The desk's pages, as forms without any script."""

import json

import pytest
from django.urls import reverse

from accounts.models import Role
from recognition.desk.models import Item, Key, State
from tests.desk.conftest import READ

KEYED = READ | {"date": "31/01/2026", "micr_line": "⑈004512⑈ 560229012⑆ 000123⑈ 31"}


def take(client, item: Item):
    return client.post(reverse("desk:take", args=[item.pk]), follow=True)


def send(client, item: Item, **changed: str):
    item.refresh_from_db()
    data = KEYED | {"version": item.version, "verdict": "accept"} | changed
    return client.post(reverse("desk:key", args=[item.pk]), data, follow=True)


def status_of_image(client, item: Item) -> int:
    answer = client.get(reverse("desk:image", args=[item.pk]))
    answer.getvalue()
    return answer.status_code


def test_individuals_have_no_desk(individual, official, arrive, client_of, client):
    item = arrive(official)
    stranger = client_of(individual)
    for name in ("queue", "next"):
        assert stranger.get(reverse(f"desk:{name}")).status_code == 404
    assert stranger.get(reverse("desk:item", args=[item.pk])).status_code == 404
    assert "/account/login/" in client.get(reverse("desk:queue")).url
    assert "Desk" not in stranger.get("/").text


def test_the_queue_names_what_waits_and_the_menu_counts_it(official, arrive, client_of):
    arrive(official)
    arrive(official, courtesy_amount={"value": "9900000.00"})
    page = client_of(official).get(reverse("desk:queue"))
    assert page.text.index("99,00,000") < page.text.index("1,25,000")  # more is at stake
    assert "2 items wait for you" in page.text
    assert page.text.count('<span class="badge">2<span') == 1


def test_a_maker_corrects_and_goes_on_to_the_next(official, arrive, client_of):
    first, second = arrive(official), arrive(official)
    client = client_of(official)
    page = client.post(reverse("desk:next"), follow=True)
    assert page.redirect_chain[-1][0] == reverse("desk:item", args=[first.pk])
    assert 'value="31/01/2026"' in page.text
    page = send(client, first, cheque_number="004513")
    assert page.redirect_chain[-1][0] == reverse("desk:item", args=[second.pk])
    first.refresh_from_db()
    assert first.state == State.SECOND_KEY
    corrected = first.run.readings.get(name="cheque_number")
    assert (corrected.value, corrected.final) == ("004512", "004513")
    page = send(client, second)
    assert "Nothing waits for you." in page.text


def test_what_is_wrong_is_shown_beside_what_was_typed(official, arrive, client_of):
    item = arrive(official)
    client = client_of(official)
    take(client, item)
    page = send(client, item, date="31/31/2026")
    assert page.status_code == 400
    assert "A date looks like" in page.text
    assert 'value="31/31/2026"' in page.text
    assert not Key.objects.exists()


def test_a_checker_sees_neither_the_reading_nor_the_first_key(official, checker, arrive, client_of):
    item = arrive(official)
    maker = client_of(official)
    take(maker, item)
    send(maker, item, cheque_number="777777")
    client = client_of(checker)
    listed = client.get(reverse("desk:queue")).text
    page = take(client, item)
    assert page.status_code == 200
    for secret in (*KEYED.values(), "2026-01-31", "777777", "1,25,000", "93 %", "right with"):
        assert secret not in page.text
        assert secret not in listed
    assert 'name="micr_line"' not in page.text
    assert status_of_image(client, item) == 200
    snippet = reverse("desk:snippet", args=[item.pk, "date"])
    assert client.get(snippet).headers["Content-Type"] == "image/png"
    assert client.get(reverse("submission", args=[item.pk])).status_code == 404
    page = send(client, item, verdict="return", comment="Which number is it?")
    assert "Which number is it?" in take(maker, item).text


def test_images_are_for_who_has_the_item_open(official, make_user, arrive, client_of):
    item = arrive(official)
    other = client_of(make_user("other@bank.example", Role.OFFICIAL))
    assert status_of_image(other, item) == 404
    take(other, item)
    assert status_of_image(other, item) == 200
    owner = client_of(official)
    assert "Somebody else has this item open." in take(owner, item).text
    other.post(reverse("desk:release", args=[item.pk]))
    assert "Somebody else" not in take(owner, item).text


def test_the_script_is_answered_in_json_and_fragments(official, arrive, client_of):
    item, following = arrive(official), arrive(official)
    client = client_of(official)
    take(client, item)
    fragment = client.post(reverse("desk:next"), {"fragment": "1", "without": str(item.pk)})
    assert f'data-item="{following.pk}"' in fragment.text
    assert "<html" not in fragment.text
    json_please = {"HTTP_ACCEPT": "application/json"}
    address = reverse("desk:key", args=[item.pk])
    refused = client.post(address, {"version": 7} | KEYED, **json_please)
    assert (refused.status_code, json.loads(refused.content)["error"]["code"]) == (
        409,
        "item_changed",
    )
    taken = client.post(address, {"version": 0} | KEYED, **json_please)
    assert json.loads(taken.content) == {"state": "second_key"}
    assert client.post(reverse("desk:renew", args=[following.pk])).status_code == 200
    assert client.post(reverse("desk:renew", args=[item.pk])).status_code == 409
    without = {"fragment": "1", "without": str(following.pk)}
    assert client.post(reverse("desk:next"), without).status_code == 204


@pytest.mark.parametrize("bad", [{"version": "x"}, {"verdict": "perhaps"}])
def test_nonsense_is_no_page(official, arrive, client_of, bad):
    item = arrive(official)
    client = client_of(official)
    take(client, item)
    assert client.post(reverse("desk:key", args=[item.pk]), KEYED | bad).status_code == 404


def test_other_banks_items_do_not_exist(official, checker, arrive, client_of):
    item = arrive(official)
    Item.objects.update(bank="Another Bank")
    client = client_of(checker)
    assert client.get(reverse("desk:item", args=[item.pk])).status_code == 404
    assert client.post(reverse("desk:take", args=[item.pk])).status_code == 404


def test_the_queue_costs_as_many_queries_with_one_item_as_with_sixty(
    official, arrive, client_of, django_assert_max_num_queries
):
    for _ in range(60):
        arrive(official)
    client = client_of(official)
    client.get(reverse("desk:queue"))
    with django_assert_max_num_queries(12):
        assert "60 items" in client.get(reverse("desk:queue")).text
