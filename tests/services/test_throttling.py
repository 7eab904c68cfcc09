"""Guessing a password gets slow, for one account from one place first, and nobody else is shut out."""

from dataclasses import dataclass

from dermref.services import throttling
from dermref.services.throttling import FOR_ONE_ACCOUNT, FROM_ONE_ADDRESS, FROM_ONE_PLACE, WINDOW, Throttle


@dataclass
class Clock:
    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


def failed(throttle: Throttle, account: str, address: str, times: int) -> None:
    for _ in range(times):
        throttle.fail(account, address)


def test_attempts_when_five_have_failed_then_wait_until_the_window_is_over() -> None:
    clock = Clock()
    throttle = Throttle(clock)
    failed(throttle, "jane", "192.0.2.1", FROM_ONE_PLACE - 1)
    assert throttle.wait("jane", "192.0.2.1") == 0
    throttle.fail("jane", "192.0.2.1")
    assert 0 < throttle.wait("jane", "192.0.2.1") <= WINDOW + 1
    assert throttle.wait("jane", "192.0.2.2") == throttle.wait("joe", "192.0.2.1") == 0
    clock.now += WINDOW + 1
    assert throttle.wait("jane", "192.0.2.1") == 0


def test_attempts_when_one_succeeds_then_counted_anew() -> None:
    throttle = Throttle(Clock())
    failed(throttle, "jane", "192.0.2.1", FROM_ONE_PLACE)
    throttle.succeed("jane", "192.0.2.1")
    assert throttle.wait("jane", "192.0.2.1") == 0


def test_attempts_when_they_come_from_many_places_then_the_account_is_shut() -> None:
    throttle = Throttle(Clock())
    for number in range(FOR_ONE_ACCOUNT):
        throttle.fail("jane", f"192.0.2.{number}")
    assert throttle.wait("jane", "198.51.100.1") > 0


def test_attempts_when_one_place_tries_many_accounts_then_it_is_shut_unless_a_proxy_stands_there() -> None:
    throttle = Throttle(Clock())
    for number in range(FROM_ONE_ADDRESS):
        throttle.fail(f"user{number}", "192.0.2.1")
        throttle.fail(f"user{number}", "127.0.0.1")
    assert throttle.wait("another", "192.0.2.1") > 0
    assert throttle.wait("another", "127.0.0.1") == 0


def test_attempts_when_more_are_kept_than_fit_then_the_oldest_are_forgotten() -> None:
    throttle = Throttle(Clock())
    failed(throttle, "first", "127.0.0.1", FROM_ONE_PLACE)
    for number in range(throttling.MOST_KEYS):
        throttle.fail(f"user{number}", "127.0.0.1")
    assert throttle.wait("first", "127.0.0.1") == 0
