"""Names of hosts as plain text: which of them mean this very machine, and which lie within a domain."""

import ipaddress


def is_loopback(address: str) -> bool:
    """Whether a client address is this machine; anything unreadable is not."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    mapped = getattr(ip, "ipv4_mapped", None)
    return bool((mapped or ip).is_loopback)


def is_own_name(host: str) -> bool:
    """Whether a host name, with or without a port, is one that a machine has for itself alone."""
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() and not host.endswith("]") else host
    return name == "localhost" or is_loopback(name.strip("[]"))


def is_within(host: str, domain: str) -> bool:
    """Whether `host` is the domain or one of its subdomains. A pattern (`.example.org`) is within what it stands for.

    >>> is_within("atlas.example.org", "example.org"), is_within("example.org.evil.net", "example.org")
    (True, False)
    """
    name, wanted = host.lower().strip("."), domain.lower().strip(".")
    return bool(wanted) and (name == wanted or name.endswith(f".{wanted}"))
