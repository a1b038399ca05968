"""What of a MaxMind DB's record is read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.opener import Client, judge
from app.domain.surroundings.places import is_readers, read_place, why_unknown
from tests import make

RECORD = {
    "continent": {"code": "EU", "names": {"en": "Europe"}},
    "country": {"iso_code": "FR", "names": {"en": "France"}},
    "subdivisions": [{"iso_code": "IDF", "names": {"en": "Île-de-France"}}, {"names": {"en": "Paris"}}],
    "city": {"names": {"en": "Paris", "fr": "Paris"}},
    "location": {"latitude": 48.8534, "longitude": 2.3488, "time_zone": "Europe/Paris"},
}


def test_country_region_city_and_coordinates_are_read() -> None:
    assert read_place(RECORD) == {
        "continent": "EU",
        "country": "FR",
        "region": "Île-de-France",
        "city": "Paris",
        "latitude": 48.8534,
        "longitude": 2.3488,
    }


def test_a_file_of_countries_tells_the_country() -> None:
    assert read_place({"country": {"iso_code": "FR"}}) == {"country": "FR"}


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["city", "names", "en", "subdivisions", "location"]), inner)
        ),
        max_leaves=8,
    )
)
def test_of_any_other_record_nothing_is_read(record: object) -> None:
    assert None not in read_place(record).values()


@pytest.mark.parametrize(
    ("user_agent", "has_file", "why"),
    [
        (make.CHROME, False, "the setting PLACE_FILE names no file"),
        (make.CHROME, True, "the file does not know the address"),
        (make.GMAIL, True, "the reader is behind a proxy (gmail_image_proxy), whose address this is"),
        (make.APPLE, True, "a machine asks (apple_privacy_prefetch)"),
    ],
)
def test_why_a_place_is_not_known_is_said(user_agent: str, has_file: bool, why: str) -> None:
    opener = judge("image", Client(user_agent=user_agent))

    assert why_unknown(opener, has_file=has_file) == why
    assert is_readers(opener) is (user_agent == make.CHROME)
