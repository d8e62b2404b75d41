"""The vendors' own hosts, which nothing here may reach without consent."""

from functools import cache

from hamsa_schemas import load_facts
from hamsa_schemas.data_files import find, package_data

HOST_FACT = "endpoint.host"


@cache
def vendor_domains() -> frozenset[str]:
    """The domains of all services that are described here, such as `tryhamsa.com`."""
    providers = [path.split("/")[0] for path, _ in find(package_data(), "facts.json")]
    hosts = [load_facts(provider).text(HOST_FACT) for provider in providers]
    return frozenset(".".join(host.split(".")[-2:]) for host in hosts)


def is_vendor_host(host: str) -> bool:
    """Whether a host name is a vendor's, or below one of theirs."""
    name = host.lower().rstrip(".")
    return any(name == domain or name.endswith(f".{domain}") for domain in vendor_domains())
