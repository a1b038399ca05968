"""A deployment with the demo, and the system's Chromium to look at it with."""

import shutil
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests import make
from tests.journeys.deployment import Deployment

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# With its own name a headless Chromium is judged a bot, as it should be.
USER_AGENT = make.CHROME

# Playwright looks into the email's frame by script, and nothing may run there: Chromium notes that down.
OWN_LOOK = "Blocked script execution"

TOUCHES = 12  # that the four customers were sent before the demo begins

MakePage = Callable[..., Page]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium; without one the tests are skipped and say so."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        pytest.skip("no Chromium here: apt-get install chromium")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture(scope="session")
def shop(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """A deployment with the demo loaded; ask for `demo`, which is started over."""
    folder: Path = tmp_path_factory.mktemp("demo")
    deployment = Deployment(folder)
    deployment.env["BASE_URL"] = f"http://127.0.0.1:{deployment.port}"
    try:
        deployment.start()
        deployment.cli("prepare", "--demo")
        make.wait_until(lambda: fetched(deployment, "/demo/") == 200)
        yield deployment
    finally:
        deployment.stop()


@pytest.fixture
def demo(shop: Deployment) -> Deployment:
    """The demo as it begins, its touches in SQL."""
    before = _touches(shop)
    assert fetched(shop, "/demo/start-over", method="POST") == 200
    make.wait_until(lambda: len(_touches(shop)) == TOUCHES and not before & _touches(shop))
    return shop


@pytest.fixture
def visit(browser: Browser, demo: Deployment) -> Iterator[MakePage]:
    """Opens a page of the demo. At the end nothing may stand in the console: no error, no CSP violation."""
    complaints: list[str] = []
    expected = [OWN_LOOK]
    contexts = []

    def open_page(
        path: str = "/demo/",
        *,
        width: int = 1440,
        height: int = 1000,
        host: str = "127.0.0.1",
        may_complain: str = "",
        **how: Any,
    ) -> Page:
        expected.extend(filter(None, [may_complain]))
        context = browser.new_context(
            viewport={"width": width, "height": height}, user_agent=USER_AGENT, **how
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("console", lambda message: complaints.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"http://{host}:{demo.port}{path}")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert [one for one in complaints if not any(words in one for words in expected)] == []


def _touches(deployment: Deployment) -> set[str]:
    return {one["touch_id"] for one in deployment.recorded(type="touch")}


def fetched(deployment: Deployment, path: str, *, method: str = "GET") -> int:
    """The status of one of our own addresses, asked for as our own page does."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{deployment.port}{path}",
        method=method,
        data=b"" if method == "POST" else None,
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        with refused:
            return int(refused.code)
