"""What a block's document may hold, as the API's description tells it; blocks are checked by the domain."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from app.web.api.fields import Body


class Creative(Body):
    """What is shown: a kind of picture and its parameters; texts may be Liquid templates."""

    kind: str
    params: dict[str, Any]


class HoursShape(Body):
    """Weekdays and times of day; a window that ends before it starts goes on into the next day."""

    days: Annotated[list[str] | None, Field(description="mon, tue, wed, thu, fri, sat, sun; all of them")] = (
        None
    )
    start: Annotated[str, Field(description="the first minute inside")] = "00:00"
    end: Annotated[str, Field(description="the first minute outside")] = "24:00"
    zone: Annotated[str, Field(description="customer, or a zone such as Europe/Paris")] = "customer"


class ArmShape(Body):
    """One arm of a split: what it shows, and its part of the sum of all weights."""

    id: str
    weight: Annotated[int, Field(ge=0, le=10_000)] = 1
    creative: Creative | None = None
    link: str | None = None
    collapse: bool | None = None


class WindowShape(Body):
    """A rolling while, or the calendar's day, week or month; one of the two."""

    rolling: Annotated[str | None, Field(description="such as P7D; 92 days at most")] = None
    calendar: Literal["day", "week", "month"] | None = None
    count: Annotated[int | None, Field(description="of the calendar's units; 1")] = None
    zone: Annotated[str | None, Field(description="customer, deployment, or a zone by name")] = None
    week_start: Annotated[str | None, Field(description="monday to sunday")] = None


class CapShape(Body):
    """How often people may see or click it: each customer, or all together."""

    max: Annotated[int, Field(ge=1, description="100 at most for each customer")]
    per: Literal["customer", "total"] = "customer"
    window: Annotated[WindowShape | None, Field(description="without one: ever")] = None


class VariantShape(Body):
    """One thing the block may show, one of `creative`, `split` and `collapse`: the first whose rule holds."""

    id: str
    when: Annotated[
        dict[str, Any] | None, Field(description="a rule; without one the variant always may be shown")
    ] = None
    from_: Annotated[datetime | None, Field(alias="from", description="not before")] = None
    until: Annotated[datetime | None, Field(description="not from then on")] = None
    hours: Annotated[list[HoursShape] | None, Field(description="only in one of these windows")] = None
    creative: Creative | None = None
    link: Annotated[str | None, Field(description="http or https; may be a Liquid template")] = None
    collapse: Annotated[
        bool | None, Field(description="true: one transparent pixel; a click goes where the fallback leads")
    ] = None
    max_views: Annotated[
        int | CapShape | None, Field(description="views by people after which it is shown no more")
    ] = None
    max_clicks: Annotated[
        int | CapShape | None, Field(description="clicks by people after which it is shown no more")
    ] = None
    stop_after: Annotated[
        Literal["click", "conversion"] | None,
        Field(description="shown no more to who clicked on it, or bought since they saw it first"),
    ] = None
    split: Annotated[
        list[ArmShape] | None, Field(description="2 to 10 arms, one for each customer: see Experiments")
    ] = None


class FallbackShape(Body):
    """What is shown when no variant may be."""

    creative: Creative
    link: str | None = None


class StickyShape(Body):
    """Whose first choice stays: the touch's, the customer's in every touch, or nobody's."""

    per: Literal["touch", "customer", "none"] = "touch"
    refresh_on_cap: Annotated[
        bool, Field(description="a variant goes also from where it was shown when its cap is reached")
    ] = False
    for_: Annotated[
        str | None, Field(alias="for", description="such as PT24H; then it is chosen anew, and stays anew")
    ] = None


class VoteShape(Body):
    """What clicks on the block's links answer; one of `answers` and `answer`."""

    poll: Annotated[str, Field(description="its name; blocks with the same name share its votes")]
    answers: Annotated[
        list[str] | None, Field(description="2 to 20 names; a link gives one of them with a=NAME")
    ] = None
    answer: Annotated[str | None, Field(description="the one that every click on this block gives")] = None


class BlockShape(Body):
    """A block's draft."""

    name: str | None = None
    width: Annotated[int, Field(description="CSS pixels")]
    height: Annotated[int, Field(description="CSS pixels")]
    scale: Annotated[int, Field(description="1, 2 or 3 pixels of the picture for one of CSS")] = 1
    alt: Annotated[str, Field(description="the text shown where pictures are off")]
    sticky: StickyShape | None = None
    allow_unsigned: Annotated[
        bool, Field(description="show it also to customers whose key proves nothing")
    ] = False
    render_budget_ms: Annotated[
        int,
        Field(description="how long an open waits for a picture before it shows the fallback; 10 to 2,000"),
    ] = 150
    vote: VoteShape | None = None
    texts: Annotated[
        dict[str, dict[str, str]] | None, Field(description="translations by locale: {{ texts.NAME }}")
    ] = None
    default_locale: Annotated[str | None, Field(description="the one of `texts` for all others")] = None
    holdout: Annotated[
        float, Field(ge=0, le=50, description="percent of the customers who always see the fallback")
    ] = 0
    variants: Annotated[list[VariantShape], Field(max_length=50)]
    fallback: FallbackShape
