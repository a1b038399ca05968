"""The goldens of kinds that are drawn of lines and words: codes, bars, stars, steps and charts.

Each is a name, a kind, its parameters, a size, and the values of its templates.
"""

from collections.abc import Mapping
from typing import Any

from renderers import Size

Sign = tuple[str, str, Mapping[str, Any], Size, Mapping[str, str]]


def signs() -> list[Sign]:
    return [*_barcodes(), *_coupons()]


def _barcodes() -> list[Sign]:
    url, wide = "https://shop.example/v/ANA-2026", Size(240, 90)
    return [
        ("barcode-qr", "barcode", {"value": "{{ x }}"}, Size(120, 120), {"/value": url}),
        (
            "barcode-qr-words",
            "barcode",
            {"value": url, "level": "H", "caption": "ANA-2026"},
            Size(120, 140, 2),
            {},
        ),
        ("barcode-code128", "barcode", {"value": "ANA-2026-00420", "symbology": "code128"}, wide, {}),
        ("barcode-ean13", "barcode", {"value": "400638133393", "symbology": "ean13"}, wide, {}),
        ("barcode-ean8", "barcode", {"value": "9638507", "symbology": "ean8"}, Size(120, 60, 2), {}),
        ("barcode-upca", "barcode", {"value": "03600029145", "symbology": "upca"}, Size(130, 60), {}),
    ]


def _coupons() -> list[Sign]:
    plain = {
        "title": "20% off everything",
        "label": "Your code, Ana",
        "code": "{{ x }}",
        "expires": "Valid until 30 November",
    }
    arabic = {"title": "خصم ٢٠٪ على كل شيء", "label": "رمزك", "expires": "صالح حتى ٣٠ نوفمبر"}
    sand = {"background": "#e9e2d3", "accent": "#d6452b"}
    dark = {"symbology": "code128", "background": "#0b2a3b", "page": "#081c27"}
    code = {"/code": "ANA-2026-K7"}
    return [
        ("coupon-plain", "coupon", plain, Size(480, 160), code),
        ("coupon-2x", "coupon", plain, Size(300, 100, 2), code),
        ("coupon-dark", "coupon", {**plain, **dark}, Size(480, 150), code),
        ("coupon-standing", "coupon", {**plain, **sand}, Size(240, 300), code),
        ("coupon-arabic", "coupon", {**plain, **arabic}, Size(480, 160), code),
        ("coupon-code", "coupon", {"code": "ANA-2026-K7", "symbology": "none"}, Size(240, 90), {}),
        (
            "coupon-long",
            "coupon",
            {**plain, "title": "Donaudampfschifffahrt" * 4, "label": "x" * 90},
            Size(480, 160),
            code,
        ),
    ]
