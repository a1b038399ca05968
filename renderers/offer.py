"""The words of an offer, on a card or in a grid: title, prices, button and badge, put into their boxes."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from renderers.canvas import Box, Canvas
from renderers.colour import Rgb, mix
from renderers.faces import Weight
from renderers.layout import ASCENT, Fitted, fit
from renderers.looks import visible_on
from renderers.pills import pill, reach
from renderers.product import Boxes
from renderers.shapes import star
from renderers.shaping import ELLIPSIS, Style
from renderers.writing import Align, Setting, Valign, put

STAR: Rgb = (0xE0, 0x94, 0x12)

_STARS = 5
_LEAST_PX = 11  # of CSS; smaller letters are no longer read on a telephone


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """An offer's colours."""

    page: Rgb
    ground: Rgb
    text: Rgb
    soft: Rgb
    sale: Rgb
    accent: Rgb
    badge: Rgb
    behind_badge: Rgb


@dataclass(frozen=True, slots=True)
class Words:
    """Puts one offer's words onto a canvas, from the top down.

    Together they stand in the middle of their box; spread, the title begins at its top and the rest ends at
    its foot, so that neighbours stand at the same heights.
    """

    canvas: Canvas
    look: Look
    boxes: Boxes
    is_mirrored: bool
    is_spread: bool = False
    stars: float | None = None
    title_px: int | None = None
    """The size of the title, where neighbours share one."""

    def write(self, texts: Mapping[str, str]) -> None:
        boxes, (left, top, right, bottom) = self.boxes, self.boxes.content
        title, setting = self.title(texts["title"])
        y = top if self.is_spread else top + (bottom - top - round(title.height_px) - self._below_px) // 2
        put(self.canvas, title, (left, y, right, bottom), setting, self.look.text, on=self.look.ground)
        y += round(title.height_px)
        if self.stars is not None:
            self._rating((left, y + boxes.stars_px // 4, right, y + boxes.stars_px), self.stars)
            y += boxes.stars_px
        if self.is_spread:
            y = max(y, bottom - boxes.foot_px)
        if boxes.has_price:
            y += boxes.price_air_px
            self._prices(texts, (left, y, right, y + boxes.price_px))
            y += boxes.price_px
        if boxes.has_button:
            y += boxes.button_air_px
            self._button(texts["button"], (left, y, right, y + boxes.button_px))
        self.badge(texts["badge"])

    def title(self, text: str) -> tuple[Fitted, Setting]:
        """How the title is set, and fits above the rest."""
        left, top, right, bottom = self.boxes.content
        setting = self._setting(22, 15, Weight.SEMIBOLD, valign=Valign.TOP, max_lines=3)
        if self.title_px is not None:
            setting = replace(setting, max_px=self.title_px, min_px=min(setting.min_px, self.title_px))
        return fit(text, setting.within((left, top, right, bottom - self._below_px))), setting

    @property
    def _below_px(self) -> int:
        return self.boxes.foot_px + (self.boxes.stars_px if self.stars is not None else 0)

    def _prices(self, texts: Mapping[str, str], box: Box) -> None:
        """The price, and the old one beside it where both can be read to their ends; never a part of one."""
        length = box[2] - box[0]
        setting = self._setting(24, 12, Weight.BOLD, is_tabular=True)
        soft = self._setting(16, 12, Weight.REGULAR, is_tabular=True)
        colour = self.look.sale if texts["old_price"] else self.look.text
        if texts["old_price"]:
            price = fit(texts["price"], setting.within(self._part(box, 0, round(length * 0.6))))
            start = reach(price, setting) + round(10 * self.boxes.unit)
            rest = self._part(box, start, length - start)
            old = fit(texts["old_price"], soft.within(rest))
            if _is_whole(price) and _is_whole(old):
                put(self.canvas, price, box, setting, colour, on=self.look.ground)
                self._old_price(old, rest, soft)
                return
        price = fit(texts["price"], setting.within(box))
        if _is_whole(price):
            put(self.canvas, price, box, setting, colour, on=self.look.ground)

    def _old_price(self, old: Fitted, box: Box, setting: Setting) -> None:
        put(self.canvas, old, box, setting, self.look.soft, on=self.look.ground)
        left, top, right, bottom = self._part(box, 0, reach(old, setting))
        thick = max(1, round(old.size_px / 12))
        middle = round(top + (bottom - top - old.height_px) / 2 + old.size_px * (ASCENT - 0.34))
        if old.lines:
            self.canvas.fill((left, middle, right, middle + thick), self.look.soft)

    def _rating(self, box: Box, stars: float) -> None:
        """Five stars, so many of them filled, parts of one too."""
        side, ground = max(1, box[3] - box[1]), self.look.ground
        empty = mix(ground, self.look.text, 0.2)
        filled = visible_on(ground, STAR)
        for at in range(_STARS):
            part = self._part(box, at * (side + side // 6), side)
            share = min(1.0, max(0.0, stars - at))
            cut = round(side * share)
            mask = star(side)
            whole = (side - cut, 0, side, side) if self.is_mirrored else (0, 0, cut, side)
            self.canvas.stamp(mask, part[:2], empty, on=ground)
            if cut:
                at_px = (part[0] + whole[0], part[1])
                self.canvas.fill((at_px[0], part[1], at_px[0] + cut, part[1] + side), ground)
                self.canvas.stamp(mask.crop(whole), at_px, filled, on=ground)

    def _button(self, text: str, box: Box) -> None:
        unit = self.boxes.unit
        pill(
            self.canvas, text, box,
            self._setting(15, 12, Weight.SEMIBOLD, align=Align.CENTER, max_lines=1),
            self.look.accent, on=self.look.ground,
            inset_px=round(20 * unit), radius_px=round(8 * unit), across=float(self.is_mirrored),
        )  # fmt: skip

    def badge(self, text: str) -> None:
        """A pill in the picture's outer upper corner; nothing for a text of nothing."""
        unit, (left, top, right, bottom) = self.boxes.unit, self.boxes.picture
        air, high = round(12 * unit), round(26 * unit)
        pill(
            self.canvas, text, (left + air, top + air, right - air, min(bottom, top + air + high)),
            self._setting(13, 11, Weight.BOLD, align=Align.CENTER, max_lines=1),
            self.look.badge, on=self.look.behind_badge,
            inset_px=round(10 * unit), radius_px=high // 2, across=float(self.is_mirrored),
        )  # fmt: skip

    def _part(self, box: Box, start: int, length: int) -> Box:
        """So many pixels of a box from the side where reading starts."""
        left, top, right, bottom = box
        if self.is_mirrored:
            return (max(left, right - start - length), top, right - start, bottom)
        return (left + start, top, min(right, left + start + length), bottom)

    def _setting(
        self,
        size: int,
        least: int,
        weight: Weight,
        *,
        is_tabular: bool = False,
        align: Align | None = None,
        valign: Valign = Valign.MIDDLE,
        max_lines: int = 1,
    ) -> Setting:
        unit, most = self.boxes.unit, max(1, round(size * self.boxes.unit))
        return Setting(
            max_px=most,
            min_px=min(most, max(_LEAST_PX * self.boxes.scale, round(least * unit))),
            style=Style(weight, is_tabular),
            align=align or (Align.RIGHT if self.is_mirrored else Align.LEFT),
            valign=valign,
            max_lines=max_lines,
            is_among_rtl=self.is_mirrored,
        )


def _is_whole(text: Fitted) -> bool:
    return not any(line.endswith(ELLIPSIS) for line in text.lines)
