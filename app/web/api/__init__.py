"""The API, one module a noun; `ROUTES` is every noun in the order of the documents."""

from collections.abc import Sequence

from app.web.api.activity import activity_routes
from app.web.api.assets import asset_routes
from app.web.api.attributes import attribute_routes
from app.web.api.blocks import block_routes
from app.web.api.catalogs import catalog_routes
from app.web.api.coverages import coverage_routes
from app.web.api.customers import customer_routes
from app.web.api.decisions import decision_routes
from app.web.api.events import event_routes
from app.web.api.experiments import experiment_routes
from app.web.api.explanations import explanation_routes
from app.web.api.feeds import feed_routes
from app.web.api.frequency import frequency_routes
from app.web.api.messages import message_routes
from app.web.api.openers import opener_routes
from app.web.api.policies import policy_routes
from app.web.api.previews import preview_routes
from app.web.api.publications import publication_routes
from app.web.api.reports import report_routes
from app.web.api.reservations import reservation_routes
from app.web.api.rules import rule_routes
from app.web.api.segments import segment_routes
from app.web.api.simulations import simulation_routes
from app.web.api.touch_urls import touch_url_routes
from app.web.api.touches import touch_routes
from app.web.api.wrap import wrap_routes
from app.web.routing import Noun

ROUTES: Sequence[Noun] = (
    customer_routes,
    frequency_routes,
    activity_routes,
    catalog_routes,
    feed_routes,
    block_routes,
    publication_routes,
    preview_routes,
    coverage_routes,
    asset_routes,
    rule_routes,
    segment_routes,
    attribute_routes,
    message_routes,
    wrap_routes,
    policy_routes,
    simulation_routes,
    decision_routes,
    reservation_routes,
    touch_routes,
    touch_url_routes,
    event_routes,
    explanation_routes,
    report_routes,
    experiment_routes,
    opener_routes,
)
