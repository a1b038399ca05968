"""Goldens of what is put together from several texts: layers, banner, grid, weather, poll."""

from collections.abc import Iterator, Mapping

from renderers import Size

Told = tuple[str, str, Mapping[str, object], Size, Mapping[str, str]]
"""Name, kind, parameters, size, values."""

WIDE = Size(480, 160)


def boards() -> Iterator[Told]:
    yield from _layers()
    yield from _banners()
    yield from _weathers()
    yield from _polls()
    yield from _grids()


def _layers() -> Iterator[Told]:
    label = {"text": "Gold member", "box": _box(20, 12, 200, 24), "size_px": 13, "case": "upper"}
    number = {"text": "{{ x }}", "box": _box(20, 36, 240, 80), "size_px": 72, "weight": "bold"}
    below = {"text": "points so far", "box": _box(20, 118, 240, 26), "size_px": 16, "weight": "regular"}
    sticker = {
        "text": "New",
        "box": _box(300, 20, 160, 120),
        "size_px": 56,
        "weight": "bold",
        "align": "center",
        "rotation": -12,
        "stroke": {"colour": "#d6452b", "width_px": 5},
    }
    sea = {"from": "#0e7c86", "to": "#0b2a3b", "angle": 120}
    yield (
        "layers-points",
        "layers",
        {"background": sea, "layers": [{**label, "letter_spacing": 14}, number, below, sticker]},
        WIDE,
        {"/layers/1/text": "420"},
    )
    shadow = {"text": "The sea is warm", "size_px": 40, "weight": "bold", "shadow": {}}
    photo = {"background": "asset:photo", "focus": {"x": 0, "y": 0}, "overlay": {"colour": "#0e7c86"}}
    yield "layers-overlay", "layers", {**photo, "layers": [shadow]}, WIDE, {}
    yield "layers-2x", "layers", {"layers": [shadow], "background": "#f4f8f8"}, Size(240, 80, 2), {}
    arabic = {"text": "مرحبا آنا، لديك ٤٢٠ نقطة", "letter_spacing": 20, "size_px": 30}
    yield "layers-arabic", "layers", {"background": "#e9e2d3", "layers": [arabic]}, WIDE, {}


def _box(x: int, y: int, width: int, height: int) -> dict[str, int]:
    return {"x": x, "y": y, "width": width, "height": height}


def _banners() -> Iterator[Told]:
    words = {
        "label": "Summer sale",
        "headline": "{{ x }}",
        "text": "Everything glazed this week, 20% off until Friday.",
        "button": "See the new pots",
    }
    size, ana = Size(480, 200), {"/headline": "Ana, the kiln is still warm"}
    sea = {"from": "#0e7c86", "to": "#0b2a3b", "angle": 120}
    arabic = {
        "label": "جديد",
        "headline": "إبريق شاي من الطين الأحمر",
        "text": "كل ما خرج من الفرن هذا الأسبوع",
        "button": "ألق نظرة",
    }
    yield "banner-photo", "banner", {**words, "image": "asset:photo"}, size, ana
    yield "banner-behind", "banner", {**words, "image": "asset:photo", "place": "behind"}, size, ana
    yield "banner-center", "banner", {**words, "align": "center", "background": sea}, size, ana
    yield "banner-arabic", "banner", {**arabic, "image": "asset:drawing", "background": "#f4f8f8"}, size, {}
    yield "banner-standing", "banner", {**words, "image": "asset:drawing"}, Size(260, 360), ana
    yield "banner-2x", "banner", {**words, "background": "#f4f8f8"}, Size(300, 120, 2), ana
    name = {"/headline": "Wolfeschlegelsteinhausenbergerdorffwelchevoralternwarengewissenhaft"}
    yield "banner-long", "banner", {**words, "text": "long " * 60, "button": "long " * 20}, size, name


def _weathers() -> Iterator[Told]:
    params = {"condition": "{{ a }}", "temperature": "{{ b }}", "is_day": "{{ c }}", "place": "{{ d }}"}
    size = Size(480, 140)
    told = {
        "clear": ("0", "34", "1", "Sevilla"),
        "night": ("clear", "12", "0", "Lisbon"),
        "partly": ("2", "21.4", "1", "Lisbon"),
        "cloudy": ("overcast", "-0.2", "1", "Århus"),
        "fog": ("45", "3", "1", "San Francisco"),
        "rain": ("63", "11", "1", "Bergen"),
        "showers": ("80", "", "0", "Cork"),
        "snow": ("75", "−12", "1", "Tromsø"),
        "thunder": ("95", "19", "1", ""),
        "wind": ("wind", "8", "1", "Cap Finisterre and everything that lies around it"),
    }
    for name, values in told.items():
        pointers = ("/condition", "/temperature", "/is_day", "/place")
        yield f"weather-{name}", "weather", params, size, dict(zip(pointers, values, strict=True))
    arabic = {"condition": "2", "temperature": "42", "place": "الرياض", "text": "طقس مثالي للشاي المثلج"}
    yield "weather-arabic", "weather", {**arabic, "names": {"partly_cloudy": "غائم جزئيًا"}}, size, {}
    text = {"condition": "61", "temperature": "9", "unit": "F", "place": "Cork", "text": "The kettle is on"}
    yield "weather-standing", "weather", {**text, "background": "#ffffff"}, Size(180, 220), {}
    yield "weather-2x", "weather", text, Size(240, 80, 2), {}


def _polls() -> Iterator[Told]:
    glazes = [
        {"text": "Tidepool", "votes": "{{ x }}"},
        {"text": "Red clay", "votes": 312},
        {"text": "Moss", "votes": 118},
    ]
    poll = {"question": "Which glaze shall we fire next?", "answers": glazes, "chosen": "Red clay"}
    size, votes = Size(480, 240), {"/answers/0/votes": "420"}
    yield "poll-results", "poll", poll, size, votes
    yield "poll-answers", "poll", {**poll, "show": "answers"}, size, votes
    yield "poll-dark", "poll", {**poll, "background": "#0b2a3b", "chosen": "1"}, size, votes
    yield "poll-nothing", "poll", {**poll, "answers": [{"text": "Sea"}, {"text": "Clay"}]}, size, {}
    yield "poll-2x", "poll", {**poll, "background": "#e9e2d3", "accent": "#d6452b"}, Size(240, 160, 2), votes
    yield "poll-only", "poll", {**poll, "only": 2}, Size(300, 44), votes
    yield "poll-only-answer", "poll", {**poll, "only": 2, "show": "answers"}, Size(300, 44), votes
    arabic = {
        "question": "ما هو لونك المفضل؟",
        "answers": [
            {"text": "أزرق البحر", "votes": 4},
            {"text": "أحمر", "votes": 1},
            {"text": "أخضر", "votes": 1},
        ],
        "chosen": "1",
        "caption": "{votes} أصوات",
    }
    yield "poll-arabic", "poll", arabic, size, {}
    name = "Wolfeschlegelsteinhausenbergerdorffwelchevoralternwarengewissenhaft"
    long = [{"text": f"{name} {name}", "votes": 9_999_999_999}, {"text": ""}, {"text": "🎉 𓂀𓆣", "votes": 1}]
    yield "poll-long", "poll", {**poll, "answers": long}, Size(360, 240), {}


def _grids() -> Iterator[Told]:
    mug = {"title": "{{ x }}", "price": "€24.00", "rating": 4.5}
    pot = {"title": "Red clay teapot", "price": "€32.00", "old_price": "€40.00", "badge": "-20%", "rating": 5}
    vase = {"title": "Vase", "price": "€58.00", "rating": "3.2"}
    size, title = Size(480, 250), {"/items/0/title": "Tidepool mug, glazed by hand"}
    yield "grid-plain", "grid", {"items": [mug, pot, vase]}, size, title
    photo, drawing = {"image": "asset:photo"}, {"image": "asset:drawing"}
    pictures = [{**mug, **photo}, {**pot, **drawing}, {**vase, **photo}]
    yield "grid-photo", "grid", {"items": pictures, "button": "Add to basket"}, Size(480, 300), title
    dark = {"background": "#0b2a3b", "page": "#081c27"}
    yield "grid-rows", "grid", {"items": [mug, pot], "columns": 1, **dark}, Size(400, 240), title
    arabic = [
        {"title": "كوب فخاري مزجج يدويًا", "price": "٢٤٫٠٠ €", "rating": 4.5},
        {"title": "إبريق شاي", "price": "٣٢٫٠٠ €", "old_price": "٤٠٫٠٠ €", "badge": "خصم"},
        {"title": "{{ x }}"},
    ]
    fill = [{"title": "وعاء", "price": "١٨٫٠٠ €"}]
    yield "grid-arabic", "grid", {"items": arabic, "fill": fill}, size, {"/items/2/title": ""}
    name = "Wolfeschlegelsteinhausenbergerdorffwelchevoralternwarengewissenhaft"
    long = {"title": name, "price": "1.234.567.890,00 €", "old_price": "2.345.678.901,00 €", "badge": name}
    yield "grid-2x", "grid", {"items": [long, pot]}, Size(240, 180, 2), {}
