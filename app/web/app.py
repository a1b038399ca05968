"""The Flask application: the API, its documents, the preference pages and the health of the house."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from flask import g, request
from flask_openapi import OpenAPI
from flask_openapi.models import Info, Schema, Server
from flask_openapi.utils import get_model_schema
from pydantic import BaseModel, ValidationError

from app.domain.problems import Invalid
from app.web import demo, documents, errors, health, preferences
from app.web.api import ROUTES
from app.web.api.fields import Path, ProblemDocument, Query
from app.web.auth import Doorkeeper
from app.web.bodies import BODY_MAX, Json
from app.web.routing import Endpoint, read_body
from app.web.sentences import pointer, problems_of
from app.wiring import House

VERSION = "1"
FORM_PARTS_MAX = 10
FORM_MEMORY_MAX = 256 * 2**10  # werkzeug reads files in parts of 64 kB and holds them against this, too


def create(house: House) -> OpenAPI:
    """The application of one process."""
    app = OpenAPI(
        "app.web",
        info=Info(title="Mailtide", version=VERSION, description=documents.ABOUT),
        servers=[Server(url=house.settings.base_url)],
        security_schemes={"key": {"type": "http", "scheme": "bearer"}},
        validation_error_callback=_refuse_invalid,
        validation_error_model=ProblemDocument,
        doc_ui=False,
    )
    app.openapi_version = "3.1.0"
    app.json = Json(app)
    app.config.update(
        MAX_CONTENT_LENGTH=BODY_MAX, MAX_FORM_MEMORY_SIZE=FORM_MEMORY_MAX, MAX_FORM_PARTS=FORM_PARTS_MAX
    )
    app.extensions["endpoints"] = {}
    errors.install(app)
    _ask_for_keys(app, Doorkeeper(house.cold))
    for noun in ROUTES:
        noun.register(app, house)
    schema = get_model_schema(ProblemDocument)
    for name, inner in schema.pop("$defs", {}).items():
        app.components_schemas[name] = Schema(**inner)
    documents.install(app)
    preferences.install(app, house)
    demo.install(app, house)
    health.install(app, house)
    return app


def _ask_for_keys(app: OpenAPI, doorkeeper: Doorkeeper) -> None:
    def admit() -> None:
        endpoint: Endpoint | None = app.extensions["endpoints"].get(request.endpoint)
        if endpoint is not None and request.method != "OPTIONS":
            header = request.headers.get("Authorization", "")
            g.key = doorkeeper.admit(header, endpoint.scope, now=datetime.now(UTC))
            g.endpoint = endpoint
            read_body(endpoint)

    app.before_request(admit)


def _refuse_invalid(wrong: ValidationError) -> None:
    """What flask-openapi calls when a path, a query or a body does not fit its model."""
    # The exception names its model and does not carry it; the view's annotations do.
    hints = g.endpoint.view.__annotations__.values()
    model = next(hint for hint in hints if isinstance(hint, type) and hint.__name__ == wrong.title)
    raise Invalid(problems=problems_of(wrong, model, place=_place(model)))


def _place(model: type[BaseModel]) -> Callable[[Sequence[str | int]], str]:
    if issubclass(model, Path):
        return lambda location: "{" + str(location[0]) + "}" if location else ""
    if issubclass(model, Query):
        return lambda location: "?" + str(location[0]) if location else ""
    return pointer
