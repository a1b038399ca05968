"""Templates and links: what marketers write, hostile work refused, values that stay values."""

import time
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.domain.links import BadLink, check_link, compile_link, render_link
from app.domain.problems import Invalid
from app.domain.templates import _ENVIRONMENT, OUTPUT_MAX, BadTemplate, Template, compile_template

CHAIN = '{{ "a" ' + '| replace: "a", "aaaaaaaaaa" ' * 9 + "}}"


@pytest.mark.parametrize(
    ("source", "context", "wanted"),
    [
        ("Good morning", {}, "Good morning"),
        ("{{ customer.first_name | default: 'You' }}", {"customer": {}}, "You"),
        (
            "{{ customer.first_name }}, {{ customer.points }}",
            {"customer": {"first_name": "Ana", "points": 3}},
            "Ana, 3",
        ),
        ("{% if customer.vip %}VIP{% else %}-{% endif %}", {"customer": {"vip": True}}, "VIP"),
        (
            "{% for i in cart.items %}{{ i.item_id }} {% endfor %}",
            {"cart": {"items": [{"item_id": "mug"}]}},
            "mug ",
        ),
        ("{{ missing.deep.path }}", {}, ""),
        ("{{ customer.name | upcase | truncate: 5 }}", {"customer": {"name": "Alexandra"}}, "AL..."),
    ],
)
def test_a_template_makes_its_text(source: str, context: dict[str, object], wanted: str) -> None:
    assert compile_template(source).render(context) == wanted


@pytest.mark.parametrize(
    ("source", "told"),
    [
        (CHAIN, "more than 4000 characters"),
        ("{% for i in (1..100000000) %}x{% endfor %}", "a range has at most 2000 numbers"),
        ("{% for i in (1..9999999999) reversed %}x{% break %}{% endfor %}", "a range has"),
        ("{% for i in (1..9999999999) offset: 9999999990 %}x{% endfor %}", "a range has"),
        ("{% if (1..9999999999) == (1..9999999999) %}x{% endif %}", "a range has"),
        ("{% unless (1..9999999999) contains 'x' %}x{% endunless %}", "a range has"),
        ("{% case 1 %}{% when (1..9999999999) %}x{% endcase %}", "the template cannot be used"),
        ("{% assign a = (1..9999999999) %}{{ a | join }}", "a range has"),
        ("{% if a %}{% else %}{{ 1 | plus: 1 | default: (1..9999999999) }}{% endif %}", "a range has"),
        ("{% capture a %}{{ (1..9999999999) | sum }}{% endcapture %}", "a range has"),
        ("{{ 'x' if (1..9999999999) == 1 }}", "the template cannot be used"),
        ("{% assign a = 'xxxxxxxx' %}" + "{% assign a = a | append: a %}" * 20, "append makes more than"),
        (
            "{% assign a = 'x,x,x,x' | split: ',' %}" + "{% assign a = a | concat: a %}" * 20,
            "concat makes more than 1000 items",
        ),
        (
            "{% capture a %}xxxx{% endcapture %}" + "{% capture a %}{{ a }}{{ a }}{% endcapture %}" * 15,
            "output stream limit",
        ),
        ("{% for i in (1..999) %}{% for j in (1..999) %}x{% endfor %}{% endfor %}", "loop iteration limit"),
        ("{{ 9 " + "| times: 999999999999 " * 9 + "}}", "256 bits"),
        ("{% if a %}" * 50 + "{% endif %}" * 50, "nesting limit"),
        ("{{ x | nofilter }}", "unknown filter 'nofilter'"),
        ("{% include 'a' %}", "unexpected tag 'include'"),
        ("{% render 'a' %}", "unexpected tag 'render'"),
        ("{{ a.b", "expected '}}'"),
        ("x" * 8_001 + "{{ a }}", "at most 8000 characters"),
        ("{{ a }}" + "{{" * 3_900, "the {{ at character 8 is not closed"),
        ("{{" + " " * 7_900, "the {{ at character 1 is not closed"),
    ],
)
def test_a_hostile_or_broken_template_is_refused_fast_and_plainly(source: str, told: str) -> None:
    started = time.perf_counter()

    with pytest.raises(Invalid) as refused:
        compile_template(source, pointer="/text")

    assert time.perf_counter() - started < 0.5
    assert refused.value.problems[0].pointer == "/text"
    assert told in refused.value.problems[0].detail
    assert "\n" not in refused.value.problems[0].detail


def test_a_bomb_that_only_values_set_off_is_refused_at_render() -> None:
    template = compile_template('{{ a | replace: "a", b | replace: "a", b | replace: "a", b }}')

    with pytest.raises(BadTemplate):
        template.render({"a": "a" * 50, "b": "a" * 50})


@pytest.mark.parametrize("filter_name", sorted(_ENVIRONMENT.filters.keys() - {"link_value"}))
def test_no_filter_counts_what_a_value_says(filter_name: str) -> None:
    source = "{{ (1..a) | " + filter_name + " }}"
    try:
        template = compile_template(source)
    except Invalid:
        return  # it needs arguments, or more than numbers
    started = time.perf_counter()

    with pytest.raises(BadTemplate, match="a range has at most 2000 numbers"):
        template.render({"a": 9_999_999_999})

    assert time.perf_counter() - started < 0.1


def test_loops_that_only_values_make_long_are_refused_at_render() -> None:
    loops = compile_template("{% for i in a %}{% for j in a %}x{% endfor %}{% endfor %}")

    assert loops.render({"a": [1, 2]}) == "xxxx"
    with pytest.raises(BadTemplate, match="loop iteration limit"):
        loops.render({"a": list(range(500))})


@pytest.mark.parametrize("value", ["{{ customer.id }}", "{% raw %}", "{{ 'x' | upcase }}", "}}{{"])
def test_a_value_is_never_a_template(value: str) -> None:
    assert compile_template("{{ a }}").render({"a": value, "customer": {"id": "secret"}}) == value


@pytest.mark.parametrize("path", ["a.__class__", "a.keys", "a.__init__.__globals__", "a.items[0]"])
def test_nothing_of_pythons_can_be_reached(path: str) -> None:
    assert compile_template("{{ " + path + " }}").render({"a": {"b": 1}}) == ""


def test_a_template_knows_the_paths_it_reads() -> None:
    template = compile_template("{{ customer.name }}{% for i in cart.items %}{{ i.price }}{% endfor %}")

    assert template.paths == {"customer.name", "cart.items"}


@given(st.text(max_size=60), st.text(max_size=200))
def test_any_text_and_any_value_is_text_or_refused(source: str, value: str) -> None:
    try:
        template = compile_template("{{ a }}" + source)
        text = template.render({"a": value})
    except (Invalid, BadTemplate):
        return
    assert len(text) <= OUTPUT_MAX


@given(
    st.lists(
        st.sampled_from(
            [
                "{{ a.x }}",
                "{{a.y}}",
                "{{ a.x | default: 'You' }}",
                '{{ a.z | default: "" }}',
                "{{ a.x.y }}",
                " & ",
                "} { ",
                "'",
            ]
        ),
        max_size=5,
    ).map("".join),
    st.dictionaries(
        st.sampled_from(["x", "y", "z"]),
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats(allow_nan=False)
        | st.text(max_size=6)
        | st.just([1, "b"]),
    ),
)
@example(source="", values={"x": "a\rb\r\nc"})
def test_the_short_way_writes_what_liquid_writes(source: str, values: dict[str, object]) -> None:
    template = compile_template("{{ a.x }}" + source)

    assert template._plain is not None
    assert template.render({"a": values}) == replace(template, _plain=None).render({"a": values})


@pytest.mark.parametrize(
    "value", ["x" * 3_999, "x" * 4_000, "x" * 4_001, "é" * 15_990, "x" * 16_001, 2**300, -(2**255)]
)
@pytest.mark.parametrize("source", ["{{ a.x }}", "{{ a.x | default: 'You' }}", "{{ a.x }}{{ a.x }}!"])
def test_the_short_way_ends_where_liquid_ends(source: str, value: object) -> None:
    template = compile_template(source)

    assert _outcome(template, value) == _outcome(replace(template, _plain=None), value)


def _outcome(template: Template, value: object) -> str:
    try:
        return template.render({"a": {"x": value}})
    except BadTemplate:
        return "refused"


@pytest.mark.parametrize(
    "source",
    [
        "{{ customer.url }}",
        "https://{{ customer.host }}/",
        "{{ customer.scheme }}://shop.example/",
        "https://shop.example{{ customer.rest }}",
        "javascript:alert(1)",
        "//shop.example/",
        "https://user:pw@shop.example/",
        "https://shop.example\\@evil.example/",
        "https://shop.example/a b",
        "mailto:a@b.example",
        "https:///x",
        "https://shop.example:99999999/",
        "https://shop.example/" + "x" * 2_048,
    ],
)
def test_a_link_that_could_lead_elsewhere_is_refused_at_save(source: str) -> None:
    with pytest.raises(Invalid):
        compile_link(source, pointer="/link")


@given(st.text(max_size=300))
def test_no_value_changes_where_a_link_leads(value: str) -> None:
    link = compile_link("https://shop.example/p/{{ customer.x }}?q={{ customer.x | downcase }}#f")

    try:
        url = render_link(link, {"customer": {"x": value}})
    except BadLink:
        return
    assert url.startswith("https://shop.example/p/")
    assert check_link(url) is None
    assert url.count("?") == url.count("#") == 1


def test_a_link_keeps_what_its_author_wrote() -> None:
    link = compile_link(
        "https://shop.example/{% if customer.vip %}vip{% else %}all{% endif %}?c={{- customer.id -}}&x=1"
    )

    assert (
        render_link(link, {"customer": {"vip": True, "id": "a&b"}}) == "https://shop.example/vip?c=a%26b&x=1"
    )


@pytest.mark.parametrize(("value", "written"), [(True, "true"), (["a", 1], "a1"), (None, ""), (1.5, "1.5")])
def test_a_value_in_a_link_is_written_as_in_a_text(value: object, written: str) -> None:
    link = compile_link("https://shop.example/?x={{ customer.x }}")

    assert render_link(link, {"customer": {"x": value}}) == f"https://shop.example/?x={written}"
    assert compile_template("{{ customer.x }}").render({"customer": {"x": value}}) == written
