"""Each platform's tags for the customer key and the sending."""

import pytest

from app.domain.merge_tags import PLATFORMS, merge_tags
from app.domain.problems import Invalid


@pytest.mark.parametrize("platform", PLATFORMS)
def test_every_platform_names_the_customer_and_the_sending(platform: str) -> None:
    tags = merge_tags(platform, "spring")

    assert "mailtide" in tags.customer_key.lower()
    assert tags.send_key


def test_the_message_stands_for_the_sending_where_the_platform_has_no_tag() -> None:
    assert merge_tags("hubspot", "spring").query(is_html=False) == "c={{contact.mailtide_key}}&t=spring"


def test_tags_stay_as_they_are_and_only_the_separator_is_encoded() -> None:
    tags = merge_tags("klaviyo", "spring", send_key='{{ message["id"] }}'.replace('"', "'"))

    assert tags.query(is_html=True) == "c={{ person|lookup:'mailtide_key' }}&amp;t={{ message['id'] }}"


def test_ones_own_tags_come_before_the_usual() -> None:
    tags = merge_tags("mailchimp", "spring", customer_key="*|KEY|*")

    assert (tags.customer_key, tags.send_key) == ("*|KEY|*", "*|CAMPAIGN_UID|*")


@pytest.mark.parametrize(
    ("platform", "given", "pointer"),
    [
        ("custom", {}, "/tags"),
        ("custom", {"send_key": "[[id]]"}, "/tags"),
        ("custom", {"customer_key": "{{ key"}, "/tags/customer_key"),
        ("custom", {"customer_key": "[[a&b]]"}, "/tags/customer_key"),
        ("mailchimp", {"send_key": "x#y"}, "/tags/send_key"),
        ("custom", {"customer_key": "{{ a['b'] }}", "send_key": '{{ c["d"] }}'}, "/tags"),
    ],
)
def test_tags_that_would_break_the_address_are_refused(platform: str, given: dict, pointer: str) -> None:
    with pytest.raises(Invalid) as refused:
        merge_tags(platform, "spring", **given)

    assert [problem.pointer for problem in refused.value.problems] == [pointer]
