"""Rules of the client that need no service."""

import threading

import httpx
import pytest

from boxoffice_client import Boxoffice, RetryOptions
from boxoffice_client.consistency import Consistency
from boxoffice_client.retry import Attempts, Failure, growing, jittered, retry_after


def test_the_greatest_token_of_an_epoch_is_kept_and_a_new_epoch_replaces_it() -> None:
    consistency = Consistency()
    for told, kept in [
        ("junk", None),
        ("aa-9", "aa-9"),
        ("aa-10", "aa-10"),
        ("aa-2", "aa-10"),
        ("bb-1", "bb-1"),
        ("bb-x", "bb-1"),
    ]:
        consistency.take({"consistency-token": told})
        assert consistency.current() == kept, told


def test_threads_that_take_at_once_leave_the_greatest() -> None:
    consistency = Consistency()

    def take(thread: int) -> None:
        for step in range(1_000):
            consistency.take({"consistency-token": f"aa-{(step * 8 + thread) % 7_993}"})

    threads = [threading.Thread(target=take, args=(thread,)) for thread in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert consistency.current() == "aa-7992"


def test_pauses_grow_to_a_bound_and_vary() -> None:
    assert [growing(0.1, 5.0, failures) for failures in (1, 2, 3, 20)] == [0.1, 0.2, 0.4, 5.0]
    pauses = [jittered(1.0) for _ in range(100)]
    assert all(0.5 <= pause <= 1.0 for pause in pauses)
    assert len(set(pauses)) > 50


@pytest.mark.parametrize(
    ("failure", "repeatable", "again"),
    [
        (Failure.NOTHING_HAPPENED, False, True),
        (Failure.UNKNOWN, False, False),
        (Failure.UNKNOWN, True, True),
        (Failure.FINAL, True, False),
    ],
)
def test_only_what_is_safe_is_sent_again(failure: Failure, repeatable: bool, again: bool) -> None:
    assert (Attempts(RetryOptions(), repeatable).failed(failure, None, False) is not None) == again


def test_retry_after_is_seconds_or_a_date() -> None:
    assert retry_after({"retry-after": "7"}) == 7.0
    assert retry_after({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}) == 0.0
    assert (retry_after({"retry-after": "Tue, 01 Jan 2199 00:00:00 GMT"}) or 0.0) > 3_600
    assert retry_after({"retry-after": "soon"}) is None
    assert retry_after({}) is None


def test_a_base_url_may_have_a_path_and_has_to_be_one() -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(200, json={"currentUser": None})

    for base_url in ("https://shop.example/tickets/", "HTTPS://Shop.example:443/tickets"):
        Boxoffice(base_url, transport=httpx.MockTransport(answer)).current_user()
        assert httpx.URL(asked.pop()) == "https://shop.example/tickets/api/users/currentuser", base_url
    for bad in ("shop.example", "ftp://shop.example", "http://shop.example?a=b", []):
        with pytest.raises(ValueError):
            Boxoffice(bad)
