"""/v1/reservations: the touch went out, or it will not."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from flask import request
from pydantic import Field

from app.domain.scopes import Scope
from app.flows import reservations
from app.flows.touches import Outcome, read_place
from app.web.api.batches import checked
from app.web.api.decisions import decision_routes, office
from app.web.api.fields import Answer, Body, Moment, Path
from app.web.bodies import json_of
from app.web.routing import Call

reservation_routes = decision_routes.more("reservations")


class ReservationPath(Path):
    """Names a reservation."""

    reservation_id: Annotated[str, Field(max_length=800)]


class ConfirmBody(Body):
    """When the touch was handed over; now by default."""

    sent_at: Moment | None = None


class Confirmed(Answer):
    """The touch counts as sent. `late`: its place had expired; `unreserved`: it had been released."""

    touch_id: str
    status: Literal["confirmed", "already_confirmed", "late", "unreserved"]
    over_cap: bool


class Released(Answer):
    """The place is free. `gone`: none was held any more."""

    touch_id: str
    status: Literal["released", "gone"]


@reservation_routes.route(
    "POST",
    "/v1/reservations/<reservation_id>/confirm",
    Scope.DECIDE,
    answers={200: Confirmed, 404: "Unknown reservation"},
)
def confirm_reservation(call: Call, path: ReservationPath) -> Confirmed:
    """Confirm that the touch was handed over

    Confirming twice changes nothing. A confirmation that comes after the place expired counts too.
    The body may be empty, or tell `sent_at`.
    """
    body = checked(json_of(request), ConfirmBody) if request.get_data(cache=True) else ConfirmBody()
    place = read_place(call.house.keyring, path.reservation_id)
    outcome = reservations.confirm(office(call), place, sent_at=body.sent_at)
    return Confirmed(touch_id=place.touch_id, status=_status(outcome), over_cap=outcome.is_over_cap)


@reservation_routes.route(
    "POST",
    "/v1/reservations/<reservation_id>/release",
    Scope.DECIDE,
    answers={200: Released, 404: "Unknown reservation", 409: "The touch was sent"},
)
def release_reservation(call: Call, path: ReservationPath) -> Mapping[str, Any]:
    """Give the place back: the touch will not go"""
    place = read_place(call.house.keyring, path.reservation_id)
    return {"touch_id": place.touch_id, "status": reservations.release(office(call), place)}


def _status(outcome: Outcome) -> Literal["confirmed", "already_confirmed", "late", "unreserved"]:
    if outcome.is_repeat:
        return "already_confirmed"
    if outcome.is_late:
        return "late"
    return "unreserved" if outcome.is_unreserved else "confirmed"
