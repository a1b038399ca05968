"""/v1/openers/test: how a request would be judged, stored nowhere."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from app.domain.opener import USER_AGENT_MAX, Client, judge
from app.domain.scopes import Scope
from app.web.api.events import opener_answer
from app.web.api.fields import Answer, Body
from app.web.routing import Call, Noun

opener_routes = Noun("openers", "Who asks for a picture or follows a link, and how that is known.")

PURPOSES = ("sec-purpose", "purpose", "x-purpose", "x-moz")


class OpenerTestBody(Body):
    """A request as it would arrive."""

    endpoint: Literal["image", "click"]
    headers: Annotated[dict[str, Annotated[str, Field(max_length=4_000)]], Field(max_length=60)] = Field(
        default_factory=dict
    )
    ip: Annotated[str | None, Field(max_length=45)] = None
    age_s: Annotated[float | None, Field(ge=0, le=1e10, description="seconds since the touch was sent")] = (
        None
    )
    method: Literal["GET", "HEAD", "OPTIONS"] = "GET"


class OpenerTested(Answer):
    """The judgement, and what it was made of."""

    class_: Annotated[str, Field(alias="class")]
    certainty: str
    reason: str
    client: dict[str, Any]


@opener_routes.route("POST", "/v1/openers/test", Scope.REPORT, answers={200: OpenerTested})
def try_opener(_: Call, body: OpenerTestBody) -> Mapping[str, Any]:
    """Judge a request without storing anything"""
    headers = {name.lower(): value for name, value in body.headers.items()}
    client = Client(
        method=body.method,
        user_agent=headers.get("user-agent", "")[:USER_AGENT_MAX],
        ip=body.ip or "",
        purpose=" ".join(headers[name][:64] for name in PURPOSES if name in headers),
    )
    told = {
        "method": client.method,
        "user_agent": client.user_agent,
        "ip": client.ip,
        "purpose": client.purpose,
    }
    return {**opener_answer(judge(body.endpoint, client)), "client": told}
