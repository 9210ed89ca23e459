"""A hostile site, and a fetcher that may visit it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import pytest

from bot.fetch.http import HttpFetcher
from bot.fetch.wire import FetchLimits
from tests.fetch.certificates import an_authority, write_certificate
from tests.fetch.hostile_site import HostileSite

MakeFetcher = Callable[..., HttpFetcher]


class StoppedClock:
    """Stands still until a test moves it, or until somebody waits."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
        self.waits: list[float] = []

    def now(self) -> datetime:
        return self.moment

    def wait(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.moment += timedelta(seconds=seconds)


@pytest.fixture(scope="session")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A file of authorities with one that signed nothing."""
    path = tmp_path_factory.mktemp("authorities") / "stranger.pem"
    return str(write_certificate(path, an_authority("Stranger").certificate))


@pytest.fixture(autouse=True)
def _few_authorities(stranger: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Loading the 140 real ones takes longer than most of these tests."""
    monkeypatch.setenv("SSL_CERT_FILE", stranger)


@pytest.fixture(autouse=True)
def _no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever proxy the machine has that runs the tests, they are of another network."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
def site() -> Iterator[HostileSite]:
    with HostileSite() as site:
        yield site


@pytest.fixture
def fetcher_for(clock: StoppedClock) -> Iterator[MakeFetcher]:
    """Makes fetchers that may visit the given hosts of this machine, and are closed after the test."""
    with ExitStack() as stack:

        def make(*hosts: str, **options: object) -> HttpFetcher:
            settings = {"clock": clock, "wait": clock.wait, "limits": FetchLimits(), **options}
            return stack.enter_context(HttpFetcher("safeguarding@example.org", hosts, **settings))  # type: ignore[arg-type]  # the fixture passes options on

        yield make


@pytest.fixture
def fetcher(fetcher_for: MakeFetcher, site: HostileSite) -> HttpFetcher:
    return fetcher_for(site.host)
