"""The goldens of kinds that are drawn of lines and words: codes, bars, stars, steps and charts.

Each is a name, a kind, its parameters, a size, and the values of its templates.
"""

from collections.abc import Mapping
from typing import Any

from renderers import Size

Sign = tuple[str, str, Mapping[str, Any], Size, Mapping[str, str]]


def signs() -> list[Sign]:
    return [*_barcodes()]


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
