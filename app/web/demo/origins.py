"""Whether a POST comes from one of our own pages: what stands in for a key where there is none."""

from urllib.parse import urlsplit

from flask import Request

from app.domain.problems import Forbidden

HOW = "It is taken only from the page at /demo/; programs use the API, with a key."


def refuse_strangers(request: Request) -> None:
    """Raise Forbidden unless a browser says that our own page sent this.

    Browsers send Sec-Fetch-Site over https and on localhost, and Origin with every POST; neither can
    be set by another site's page.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        is_ours = site == "same-origin"
    else:
        is_ours = urlsplit(request.headers.get("Origin", "")).netloc == request.host
    if not is_ours:
        raise Forbidden(HOW)
