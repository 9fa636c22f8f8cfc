"""A passkey is added in a real browser, and opens the account without a password."""

from collections.abc import Iterator

import pytest

from tests.e2e.running import Site, running_site

CHECKER = "checker@demo.example"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Start a site of its own: afterwards a password alone no longer opens this account."""
    with running_site(tmp_path_factory.mktemp("passkeys"), READ_WORDS="never") as site:
        yield site


@pytest.fixture
def device():
    """Return a function that gives a page a device with a fingerprint reader."""

    def attach(page) -> None:
        session = page.context.new_cdp_session(page)
        session.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
        }
        session.send("WebAuthn.addVirtualAuthenticator", {"options": options})

    return attach


def log_in(page, site, address: str) -> None:
    page.goto(f"{address}/account/login/")
    page.get_by_label("E-mail").fill(CHECKER)
    page.get_by_label("Password").fill(site.passwords[CHECKER])
    page.get_by_role("button", name="Log in", exact=True).click()


def log_out(page) -> None:
    page.get_by_role("button", name="Log out").first.click()
    page.wait_for_url("**/account/login/**")


def test_a_passkey_is_added_and_logs_in_alone_or_as_a_second_factor(visitor, site, device):
    page = visitor().page
    # Passkeys belong to a host name; browsers refuse bare addresses.
    address = site.address.replace("127.0.0.1", "localhost")
    device(page)
    log_in(page, site, address)
    page.wait_for_url(f"{address}/")

    page.goto(f"{address}/account/2fa/")
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Password").fill(site.passwords[CHECKER])
    page.get_by_role("button", name="Confirm").click()
    page.get_by_role("button", name="Add").click()
    page.wait_for_url("**/recovery-codes/**")

    log_out(page)
    page.get_by_role("button", name="Log in with a passkey").click()
    page.wait_for_url(f"{address}/")

    log_out(page)
    log_in(page, site, address)
    page.get_by_role("button", name="Use a security key").click()
    page.wait_for_url(f"{address}/")
    page.goto(f"{address}/account/")
    assert CHECKER in page.content()
