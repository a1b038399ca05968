"""The goldens of kinds that are drawn of lines and words: codes, bars, stars, steps and charts.

Each is a name, a kind, its parameters, a size, and the values of its templates.
"""

from collections.abc import Mapping
from typing import Any

from renderers import Size

ANA = "Wolfeschlegelsteinhausenbergerdorffwelchevoralternwarengewissenhaft"

Sign = tuple[str, str, Mapping[str, Any], Size, Mapping[str, str]]


def signs() -> list[Sign]:
    return [*_barcodes(), *_coupons(), *_progress(), *_ratings(), *_stocks(), *_orders(), *_charts()]


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


def _progress() -> list[Sign]:
    points = {"value": "{{ x }}", "target": 2000, "label": "{left} points to Gold"}
    some = {"/value": "1250"}
    ring, card = (
        {**points, "style": "ring"},
        {"value": 5, "target": 8, "style": "stamps", "label": "Coffee card"},
    )
    arabic = {"label": "٧٥٠ نقطة حتى الذهبي"}
    long = {"label": ANA, "caption": "{value} of {target} points, {percent}"}
    full, dark = {**points, "label": "You are Gold, Ana"}, {**points, "background": "#0b2a3b"}
    return [
        ("progress-bar", "progress", points, Size(480, 80), some),
        ("progress-bar-2x", "progress", points, Size(240, 50, 2), some),
        ("progress-bar-full", "progress", full, Size(480, 80), {"/value": "2,400"}),
        ("progress-bar-none", "progress", dark, Size(480, 80), {"/value": ""}),
        ("progress-bar-arabic", "progress", {**points, **arabic}, Size(480, 80), some),
        ("progress-bar-long", "progress", {**points, **long}, Size(480, 80), {"/value": "9999999999"}),
        ("progress-ring", "progress", ring, Size(400, 130), some),
        ("progress-ring-standing", "progress", {**ring, "background": "#f4f8f8"}, Size(200, 240), some),
        ("progress-ring-alone", "progress", {**ring, "label": "", "caption": ""}, Size(80, 80, 2), some),
        ("progress-stamps", "progress", card, Size(400, 120), {}),
        ("progress-stamps-2x", "progress", {**card, "value": 12, "target": 12}, Size(240, 120, 2), {}),
        ("progress-stamps-hebrew", "progress", {**card, "label": "כרטיס קפה"}, Size(400, 120), {}),
    ]


def _ratings() -> list[Sign]:
    mean, wide = {"value": "{{ x }}", "caption": "{value} · 128 reviews"}, Size(400, 60)
    good, given = {"/value": "4.6"}, {"value": 7, "style": "number"}
    dark, many = (
        {**mean, "background": "#0b2a3b"},
        {**mean, "out_of": 10, "caption": "Excellent, say our customers"},
    )
    return [
        ("rating-stars", "rating", mean, wide, good),
        ("rating-stars-2x", "rating", {**mean, "caption": "{value}"}, Size(200, 40, 2), {"/value": "3.5"}),
        ("rating-stars-dark", "rating", dark, wide, {"/value": "2.3"}),
        ("rating-stars-arabic", "rating", {**mean, "caption": "٤٫٦ من ٥"}, wide, good),
        ("rating-stars-narrow", "rating", mean, Size(160, 80), good),
        ("rating-stars-ten", "rating", many, wide, {"/value": "8.2"}),
        ("rating-stars-none", "rating", {**mean, "caption": "{value}"}, wide, {"/value": "0"}),
        ("rating-number", "rating", {**given, "position": 10}, Size(48, 48), {}),
        ("rating-number-given", "rating", {**given, "position": 7}, Size(48, 48, 2), {}),
        ("rating-star", "rating", {"style": "star", "position": 3, "value": 3}, Size(48, 48), {}),
        ("rating-star-empty", "rating", {"style": "star", "position": 4, "value": 3}, Size(48, 48, 2), {}),
    ]


def _stocks() -> list[Sign]:
    plain, wide = {"count": "{{ x }}"}, Size(240, 44)
    arabic = {"levels": [{"at_most": 5, "text": "بقي {n} فقط"}]}
    long = {"levels": [{"at_most": 5, "text": f"{ANA} {{n}}"}]}
    return [
        ("stock-gone", "stock", plain, wide, {"/count": "0"}),
        ("stock-few", "stock", plain, wide, {"/count": "3"}),
        ("stock-some", "stock", plain, wide, {"/count": "12"}),
        ("stock-many", "stock", plain, wide, {"/count": "9999999999"}),
        ("stock-dark-2x", "stock", {**plain, "background": "#0b2a3b"}, Size(160, 40, 2), {"/count": "3"}),
        ("stock-arabic", "stock", {**plain, **arabic}, wide, {"/count": "3"}),
        ("stock-long", "stock", {**plain, **long}, wide, {"/count": "3"}),
    ]


def _orders() -> list[Sign]:
    plain = {
        "steps": ["Ordered", "Packed", "On its way", "Delivered"],
        "current": "{{ x }}",
        "note": "Arrives Tuesday, 1 December",
    }
    german = [
        "Bestellung eingegangen",
        "In Bearbeitung",
        "Verpackt",
        "Versandt",
        "In Zustellung",
        "Zugestellt",
    ]
    arabic = {"steps": ["تم الطلب", "قيد التجهيز", "في الطريق", "تم التسليم"], "note": "يصل الثلاثاء"}
    wide, dark = Size(480, 110), {**plain, "background": "#0b2a3b"}
    return [
        ("order-way", "order", plain, wide, {"/current": "On its way"}),
        ("order-2x", "order", plain, Size(300, 65, 2), {"/current": "2"}),
        ("order-done", "order", {**plain, "note": ""}, wide, {"/current": "4"}),
        ("order-first-dark", "order", dark, wide, {"/current": "1"}),
        ("order-arabic", "order", {**plain, **arabic}, wide, {"/current": "3"}),
        ("order-german", "order", {**plain, "steps": german}, Size(600, 130), {"/current": "5"}),
        ("order-narrow", "order", {**plain, "steps": german}, Size(280, 110), {"/current": "5"}),
    ]


def _charts() -> list[Sign]:
    wide, few = Size(480, 180), {"/numbers": "120,80,45.5,0,210,160"}
    bar = {
        "title": "Your year with us",
        "numbers": "{{ x }}",
        "labels": "Jan,Feb,Mar,Apr,May,Jun,Jul,Aug,Sep,Oct,Nov,Dec",
        "prefix": "€",
    }
    many = {"/numbers": "12,15,9,22,30,28,35,41,38,44,52,49"}
    line, spark = {**bar, "style": "line"}, {**bar, "style": "sparkline", "title": "Spent"}
    donut = {**bar, "style": "donut", "labels": "Mugs,Teapots,Bowls,Other things"}
    arabic = {**bar, "labels": "يناير,فبراير,مارس,أبريل", "title": "إنفاقك هذا العام", "prefix": ""}
    dark = {"background": "#0b2a3b"}
    mixed = ",".join(str(at * 37 % 50 - 10) for at in range(24))
    return [
        ("chart-bar", "chart", bar, wide, few),
        ("chart-bar-many", "chart", bar, wide, many),
        ("chart-bar-mixed", "chart", {**bar, "labels": ""}, wide, {"/numbers": mixed}),
        ("chart-bar-low-2x", "chart", bar, Size(300, 110, 2), {"/numbers": "40,-25,10,-60"}),
        ("chart-bar-arabic", "chart", arabic, wide, {"/numbers": "5,9,4,7"}),
        ("chart-bar-none", "chart", bar, wide, {"/numbers": ""}),
        ("chart-bar-zeros", "chart", bar, wide, {"/numbers": "0,0,0"}),
        ("chart-line-dark", "chart", {**line, **dark}, wide, many),
        (
            "chart-line-large-2x",
            "chart",
            line,
            Size(240, 110, 2),
            {"/numbers": "1200000,1300000,1250000,1400000"},
        ),
        ("chart-line-one", "chart", line, Size(240, 140), {"/numbers": "7"}),
        ("chart-sparkline", "chart", spark, Size(320, 64), many),
        ("chart-sparkline-2x", "chart", {**spark, "title": ""}, Size(160, 40, 2), many),
        ("chart-donut", "chart", donut, wide, {"/numbers": "45,30,15,10"}),
        (
            "chart-donut-standing",
            "chart",
            {**donut, **dark, "title": ""},
            Size(220, 300),
            {"/numbers": "45,30,15,10,5,5"},
        ),
    ]
