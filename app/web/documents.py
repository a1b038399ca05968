"""/v1/openapi.json and /docs: the API's full account, for programs and for people."""

from flask import Response
from flask_openapi import OpenAPI

from app.stores.hot.codec import encode
from app.web.outlines import outline
from app.web.pages import page

ABOUT = (
    "Mailtide decides what an email shows when it is opened, sends the click where the picture promised, "
    "and says when the next message may go."
)


def install(app: OpenAPI) -> None:
    """Add both addresses."""

    def openapi_json() -> Response:
        return Response(encode(app.api_doc), mimetype="application/json")

    def docs() -> Response:
        told = app.api_doc
        return page("docs.html", nouns=outline(told), about=ABOUT, base_url=told["servers"][0]["url"])

    app.add_url_rule("/v1/openapi.json", view_func=openapi_json)
    app.add_url_rule("/docs", view_func=docs)
