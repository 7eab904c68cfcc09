"""The license of an image as JSON: the same form as everywhere, and never the freer half of two that both hold."""

from dermref.rights.facts import licenses_in
from dermref.services.describing import describe_license


def test_license_when_it_is_one_port_then_its_jurisdiction_is_told() -> None:
    told = describe_license("CC-BY-SA-3.0-DE", licenses_in("CC-BY-SA-3.0-DE"))
    assert (told["id"], told["family"], told["version"], told["jurisdiction"]) == (
        "CC-BY-SA-3.0-DE",
        "cc-by-sa",
        "3.0",
        "de",
    )


def test_license_when_two_hold_together_then_none_stands_for_both() -> None:
    both = "CC-BY-4.0 AND CC-BY-NC-ND-4.0"
    told = describe_license(both, licenses_in(both))
    assert (told["id"], told["expression"], told["family"], told["url"]) == (both, both, None, None)


def test_license_when_only_site_terms_speak_then_says_so() -> None:
    told = describe_license("LicenseRef-peir", licenses_in("LicenseRef-peir"))
    assert (told["id"], told["family"], told["url"], told["known"]) == ("LicenseRef-peir", "site-terms", None, True)
