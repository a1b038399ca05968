"""Translations: the customer's texts, by locale, whole in every locale, and never a template twice."""

from collections.abc import Mapping
from typing import Any

import pytest

from app.domain.blocks import Block, compile_block
from app.domain.context import build
from app.domain.links import render_link
from app.domain.problems import Invalid
from app.domain.state import SYSTEM, attribute_field
from app.domain.templates import Template
from app.domain.translations import Translated
from app.stores.hot.codec import encode
from tests import make

TEXTS: dict[str, dict[str, str]] = {
    "en": {"headline": "Hello {{ customer.first_name | default: 'you' }}", "ends": "Ends soon"},
    "fr": {"headline": "Bonjour {{ customer.first_name | default: 'à vous' }}", "ends": "Bientôt fini"},
    "fr-CA": {"headline": "Salut {{ customer.first_name }}"},
    "zh-Hant": {"headline": "您好", "ends": "即將結束"},
}


def block(source: str = "{{ texts.headline }}", **fields: Any) -> Block:
    variant = {"id": "all", "creative": make.creative(source), "link": "https://shop.example/"}
    told = {"texts": TEXTS, "default_locale": "en", "variants": [variant], **fields}
    return compile_block("hero", make.block(**told), version=1)


def template(made: Block) -> Template:
    return made.variants[0].creative.templates["/text"]


def faults(**fields: Any) -> dict[str, str]:
    with pytest.raises(Invalid) as refused:
        block(**fields)
    return {one.pointer: one.detail for one in refused.value.problems}


@pytest.mark.parametrize(
    ("locale", "wanted"),
    [
        ("en", "Hello Ana, Ends soon"),
        ("en-GB", "Hello Ana, Ends soon"),
        ("fr", "Bonjour Ana, Bientôt fini"),
        ("fr-FR", "Bonjour Ana, Bientôt fini"),
        ("fr-CA", "Salut Ana, Bientôt fini"),
        ("fr_CA", "Salut Ana, Bientôt fini"),
        ("FR-ca", "Salut Ana, Bientôt fini"),
        ("zh-Hant-TW", "您好, 即將結束"),
        ("zh-Hans-CN", "Hello Ana, Ends soon"),
        ("de", "Hello Ana, Ends soon"),
        ("", "Hello Ana, Ends soon"),
        ("-", "Hello Ana, Ends soon"),
        (None, "Hello Ana, Ends soon"),
        (7, "Hello Ana, Ends soon"),
    ],
)
def test_the_nearest_locale_is_taken_and_else_the_default(locale: object, wanted: str) -> None:
    made = template(block("{{ texts.headline }}, {{ texts.ends }}"))

    assert made.render({"customer": {"locale": locale, "first_name": "Ana"}}) == wanted


def test_nobodys_picture_has_the_default_texts() -> None:
    assert template(block()).render({}) == "Hello you"


def test_a_text_is_filtered_and_asked_for_as_any_value() -> None:
    made = template(block("{% if texts.ends contains 'soon' %}{{ texts.ends | upcase }}{% endif %}"))

    assert made.render({"customer": {"locale": "en"}}) == "ENDS SOON"
    assert made.render({"customer": {"locale": "fr"}}) == ""


def test_what_a_customer_is_called_is_no_template_in_a_text_either() -> None:
    context = {"customer": {"first_name": "{{ texts.ends }}{{ customer.locale }}", "locale": "fr-CA"}}

    assert template(block()).render(context) == "Salut {{ texts.ends }}{{ customer.locale }}"


def test_a_text_in_a_link_is_encoded() -> None:
    link = "https://shop.example/{{ texts.headline }}"
    made = block(variants=[{"id": "all", "creative": make.creative("x"), "link": link}]).variants[0].link

    assert made is not None
    context = {"customer": {"locale": "fr", "first_name": "A/B"}}
    assert render_link(made, context) == "https://shop.example/Bonjour%20A%2FB"


def test_the_locale_and_what_the_texts_read_is_loaded_only_where_texts_are_named() -> None:
    assert {SYSTEM, attribute_field("first_name")} <= set(block().needs.state)
    plain = block("Good morning")
    assert plain.needs.state == ()
    assert type(block("{{ customer.first_name }}").variants[0].creative.templates["/text"]) is Template


def test_a_context_of_the_house_chooses_the_locale() -> None:
    made = block()
    stored = {SYSTEM: encode({"locale": "fr-CA"}), attribute_field("first_name"): encode("Ana")}
    context = build(
        made.needs,
        [stored.get(name) for name in made.needs.state],
        [None for _ in made.needs.history],
        customer_id="ana",
        message={},
        touch={},
        opener="human",
        now=make.NOW,
    )

    assert isinstance(template(made), Translated)
    assert template(made).render(context) == "Salut Ana"


def test_the_fallback_is_translated_too() -> None:
    made = block(fallback={"creative": make.creative("{{ texts.ends }}")}).fallback

    assert made.creative.templates["/text"].render({"customer": {"locale": "fr"}}) == "Bientôt fini"


def test_the_arms_of_a_split_are_translated_too() -> None:
    arms = [{"id": arm, "creative": make.creative("{{ texts.ends }}" + arm)} for arm in "ab"]
    outcome = block(variants=[{"id": "test", "split": arms}]).variants[0]

    shown = [arm.creative.templates["/text"] for arm in map(outcome.arms.__getitem__, "ab")]
    assert [one.render({"customer": {"locale": "fr"}}) for one in shown] == ["Bientôt finia", "Bientôt finib"]


@pytest.mark.parametrize(
    ("change", "pointer", "told"),
    [
        ({"texts": []}, "/texts", "1 to 50 locales"),
        ({"texts": {}}, "/texts", "1 to 50 locales"),
        ({"texts": {**TEXTS, "xx": TEXTS["en"]}}, "/texts/xx", "no locale"),
        ({"texts": {**TEXTS, "english": TEXTS["en"]}}, "/texts/english", "no locale"),
        ({"texts": {**TEXTS, "en_GB": {}}}, "/texts/en_GB", "write it as en, fr-CA"),
        ({"texts": {**TEXTS, "en-gb": {}}}, "/texts/en-gb", "write it as en, fr-CA"),
        ({"texts": {**TEXTS, "de": []}}, "/texts/de", "are an object"),
        ({"default_locale": None}, "/default_locale", "one of the texts' locales: en, fr"),
        ({"default_locale": "de"}, "/default_locale", "one of the texts' locales: en, fr"),
        ({"texts": None}, "/default_locale", "no texts it could be the default of"),
        ({"texts": {**TEXTS, "de": {"headline": "Hallo"}}}, "/texts/de/ends", "is needed: en"),
        (
            {"texts": {**TEXTS, "fr-CA": {"headlin": "x"}}},
            "/texts/fr-CA/headlin",
            "en, the default, has no such text; did you mean 'headline'?",
        ),
        ({"texts": {"en": {"headline": "a", "a-b": "x"}}}, "/texts/en/a-b", "a name begins with"),
        ({"texts": {"en": {"headline": "a", "size": "x"}}}, "/texts/en/size", "none of size"),
        ({"texts": {"en": {"headline": 3}}}, "/texts/en/headline", "at most 8000 characters"),
        ({"texts": {"en": {"headline": "{{ a.b"}}}, "/texts/en/headline", "expected '}}'"),
        ({"texts": {"en": {"headline": "{{ x | nofilter }}"}}}, "/texts/en/headline", "unknown filter"),
        (
            {"texts": {"en": {"headline": "{{ custmer.name }}"}}},
            "/texts/en/headline",
            "did you mean 'customer'?",
        ),
        (
            {"texts": {"en": {"headline": "{{ texts.headline }}"}}},
            "/texts/en/headline",
            "cannot name another text",
        ),
        (
            {"texts": {"en": {f"t{number}": "x" for number in range(501)}}},
            "/texts",
            "at most 500 texts",
        ),
    ],
)
def test_texts_that_cannot_be_used_are_refused_with_their_place(
    change: Mapping[str, Any], pointer: str, told: str
) -> None:
    assert told in faults(**change)[pointer]


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("{{ texts.headlin }}", "there is no text 'headlin'; did you mean 'headline'?"),
        ("{{ texts.q }}", "there is no text 'q'; known are headline, ends"),
        ("{{ texts }}", "named in full"),
        ("{{ texts[customer.tier] }}", "named in full"),
        ("{% for t in texts %}x{% endfor %}", "named in full"),
    ],
)
def test_a_template_names_a_text_that_there_is(source: str, told: str) -> None:
    assert told in faults(source=source)["/variants/0/creative/params/text"]


def test_a_block_without_texts_says_so_where_one_is_named() -> None:
    told = faults(texts=None, default_locale=None)

    assert "the block has no texts" in told["/variants/0/creative/params/text"]


def test_a_text_of_an_item_is_for_variants_with_items() -> None:
    told = faults(texts={"en": {"headline": "{{ item.title }}"}})

    assert list(told) == ["/variants/0/creative/params/text"]
