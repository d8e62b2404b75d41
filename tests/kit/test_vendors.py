"""The vendors' own hosts."""

import pytest

from hamsa_kit.vendors import is_vendor_host, vendor_domains


def test_domain_of_hamsa_is_known() -> None:
    assert "tryhamsa.com" in vendor_domains()


@pytest.mark.parametrize("host", ["api.tryhamsa.com", "tryhamsa.com", "API.TryHamsa.com.", "eu.api.tryhamsa.com"])
def test_hosts_of_a_vendor_are_recognised_however_they_are_written(host: str) -> None:
    assert is_vendor_host(host)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "tryhamsa.com.example", "nottryhamsa.com", ""])
def test_other_hosts_are_not_taken_for_a_vendor(host: str) -> None:
    assert not is_vendor_host(host)
