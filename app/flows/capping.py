"""Display caps at the open and the click: which variants were seen often enough, and what is counted."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from app.domain.blocks import Block, Variant
from app.domain.blocks.caps import TOTAL_MAX, Cap
from app.domain.context.engagement import PURCHASES
from app.domain.frequency.windows import Rolling, Zones, to_ms
from app.domain.surroundings.days import zone_of
from app.flows.driving import Flow
from app.stores.absence import Unavailable
from app.stores.hot.caps import (
    CountClick,
    GiveBack,
    Spend,
    Spent,
    Tally,
    View,
    click_field,
    touch_field,
    view_field,
)
from app.stores.hot.exchanges import Loaded, Record, Recorded


@dataclass(frozen=True, slots=True)
class Standing:
    """Variants whose cap is reached, the one that this touch's view was counted for, and whether it stays."""

    barred: frozenset[str] = frozenset()
    counted: str = ""
    is_staying: bool = False

    def without(self, variant: Variant) -> "Standing":
        """The same, after a variant's cap was found to be reached."""
        return Standing(self.barred | {_variant(cap) for cap in variant.caps})


def count_fields(block: Block, touch_id: str | None) -> tuple[str, ...]:
    """The fields of a customer's history that the block's caps read."""
    if not block.caps or touch_id is None:
        return ()
    return (*map(_field, _own(block)), touch_field(touch_id, block.block_id))


def tallies(block: Block, zone: str, now: datetime) -> tuple[Tally, ...]:
    """What the block's caps count among all customers."""
    zones = _zones(None, zone)
    return tuple(_tally(cap, to_ms(now), zones) for cap in block.caps if cap.is_total)


def standing_of(block: Block, loaded: Loaded, zone: str, *, is_kept: bool, now: datetime) -> Standing:
    """Where the block's caps stand for a customer. Of whom nothing is kept, no cap could be held."""
    if not block.caps:
        return Standing()
    if not is_kept:
        return Standing(frozenset(map(_variant, block.caps)))
    own, zones, now_ms = _own(block), _zones(loaded.state[0], zone), to_ms(now)
    state = dict(zip(block.item_state, loaded.state[1 + len(block.needs.state) :], strict=False))
    bought = state.get(PURCHASES)
    *counts, shown = loaded.history[-1 - len(own) :]
    barred = {
        _variant(cap)
        for cap, raw in zip(own, counts, strict=True)
        if cap.is_reached(raw, now_ms, zones, bought)
    }
    total = (cap for cap in block.caps if cap.is_total)
    barred |= {_variant(cap) for cap, used in zip(total, loaded.tallies, strict=True) if used >= cap.most}
    counted = (shown or b"").partition(b"|")[2].decode()
    return Standing(frozenset(barred), counted, not block.sticky.is_refreshed_on_cap)


@dataclass(frozen=True, slots=True)
class Viewing:
    """A person's view of a variant with caps, by its caps of views."""

    block: Block
    caps: tuple[Cap, ...]
    customer_id: str
    message_id: str
    now_ms: int
    zones: Zones

    def view(self) -> View:
        """What is counted in the same step as the choice is recorded."""
        own = next((cap for cap in self.caps if cap.counted == "views" and not cap.is_total), None)
        variant, is_staying = _variant(self.caps[0]), self.block.sticky.is_kept
        if own is None and any(cap.counted == "purchases" for cap in self.caps):
            # It is counted when they saw it first; nothing is refused.
            return View(variant, self.message_id, self.now_ms, is_staying, self.caps[0].name, TOTAL_MAX)
        if own is None:
            return View(variant, self.message_id, self.now_ms, is_staying)
        since = own.since_ms(self.now_ms, self.zones)
        return View(variant, self.message_id, self.now_ms, is_staying, own.name, own.most, since)

    def spend(self) -> Spend | None:
        """What is counted among all customers before that."""
        total = next((cap for cap in self.caps if cap.counted == "views" and cap.is_total), None)
        if total is None:
            return None
        tally = _tally(total, self.now_ms, self.zones)
        return Spend(tally, self.customer_id, self.message_id, self.now_ms, total.most)


def viewing_of(
    block: Block, caps: tuple[Cap, ...], loaded: Loaded, zone: str, whom: tuple[str, str], now: datetime
) -> Viewing:
    """A view by `whom`: customer and message."""
    return Viewing(block, caps, *whom, to_ms(now), _zones(loaded.state[0], zone))


def recording_view(told: Record, viewing: Viewing, *, is_counted: bool) -> Flow[Recorded]:
    """Record what a person is shown if its caps allow it. With Redis away they cannot be asked: they do not.

    With `is_counted`, this touch's view of the variant was counted before: it is not counted again.
    """
    spend = None if is_counted else viewing.spend()
    try:
        spent = (yield spend) if spend is not None else None
        if spent is Spent.REFUSED:
            return Recorded(is_capped=True)
        recorded = yield told
        assert isinstance(recorded, Recorded)  # noqa: S101 - what the driver answers to a Record
        if spend is not None and spent is Spent.COUNTED and (recorded.is_capped or recorded.standing):
            yield GiveBack(spend)
    except Unavailable:
        return Recorded(is_capped=True)
    return recorded


def counting_click(
    block: Block, variant: str, customer_id: str, message_id: str, zone: str, now: datetime
) -> Flow[None]:
    """Count a person's click on a variant that has a cap of clicks. With Redis away it is not counted."""
    name = f"{block.block_id}|{variant.partition('/')[0]}"
    caps = {cap.is_total: cap for cap in block.caps if cap.counted == "clicks" and cap.name == name}
    try:
        for is_total, cap in caps.items():
            if is_total:
                yield Spend(_tally(cap, to_ms(now), _zones(None, zone)), customer_id, message_id, to_ms(now))
            else:
                yield CountClick(name, customer_id, message_id, to_ms(now))
    except Unavailable:
        return


def _own(block: Block) -> list[Cap]:
    return [cap for cap in block.caps if not cap.is_total]


def _variant(cap: Cap) -> str:
    return cap.name.rpartition("|")[2]


def _field(cap: Cap) -> str:
    return click_field(cap.name) if cap.counted == "clicks" else view_field(cap.name)


def _tally(cap: Cap, now_ms: int, zones: Zones) -> Tally:
    return Tally(cap.name, cap.counted, cap.since_ms(now_ms, zones), isinstance(cap.window, Rolling))


def _zones(system: bytes | None, zone: str) -> Zones:
    customer, deployment = zone_of(system, zone), zone_of(None, zone)
    utc = ZoneInfo("UTC")
    return Zones(
        customer if isinstance(customer, ZoneInfo) else utc,
        deployment if isinstance(deployment, ZoneInfo) else utc,
    )
