"""Pages for people: one look, and headers that let nothing in from outside."""

from flask import Response, render_template

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


def page(template: str, status: int = 200, **values: object) -> Response:
    """One page from `templates/`."""
    return Response(render_template(template, **values), status, HEADERS, mimetype="text/html")
