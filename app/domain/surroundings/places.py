"""Where the reader's address lies, out of a record of a MaxMind DB; a hint, as addresses are."""

from collections.abc import Mapping

from app.domain.opener import Opener, OpenerClass

TEXT_MAX = 100


def read_place(record: object) -> dict[str, object]:
    """What `place.` has: `continent country region city latitude longitude`, as far as the record tells.

    The layout is that of GeoLite2 and DB-IP City files; a country file has the first two.
    """
    if not isinstance(record, Mapping):
        return {}
    regions = record.get("subdivisions")
    region = regions[0] if isinstance(regions, list) and regions else {}
    location = _mapping(record.get("location"))
    told = {
        "continent": _text(_mapping(record.get("continent")).get("code")),
        "country": _text(_mapping(record.get("country")).get("iso_code")),
        "region": _name(region),
        "city": _name(record.get("city")),
        "latitude": _number(location.get("latitude"), 90),
        "longitude": _number(location.get("longitude"), 180),
    }
    return {name: value for name, value in told.items() if value is not None}


def why_unknown(opener: Opener, *, has_file: bool) -> str:
    """Why nothing is said of the place, for traces."""
    if not has_file:
        return "the setting PLACE_FILE names no file"
    if opener.opener_class is OpenerClass.PROXY:
        return f"the reader is behind a proxy ({opener.reason}), whose address this is"
    if not opener.is_person:
        return f"a machine asks ({opener.reason})"
    return "the file does not know the address"


def is_readers(opener: Opener) -> bool:
    """Whether the address a request comes from is the reader's own."""
    return opener.opener_class is OpenerClass.HUMAN


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _name(value: object) -> str | None:
    return _text(_mapping(_mapping(value).get("names")).get("en"))


def _text(value: object) -> str | None:
    return value[:TEXT_MAX] if isinstance(value, str) and value else None


def _number(value: object, most: float) -> float | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and abs(value) <= most else None  # type: ignore[arg-type]
