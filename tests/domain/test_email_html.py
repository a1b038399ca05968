"""HTML's tags, links and blocks are found where a browser finds them, and edits leave the rest alone."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.email_html.edits import Edit, apply, insertion, set_attribute
from app.domain.email_html.reading import PLACES_MAX, read
from app.domain.email_html.tokens import Tag, tokens
from app.domain.problems import Invalid

LARGE = 2**18

PIECES = st.sampled_from(
    [
        *(
            "<a href='x'>",
            '<a href="x">',
            "<A HREF=x>",
            "<a href>",
            "<a href= >",
            "</a>",
            "</A >",
            "<a/href=x>",
            "<a",
        ),
        *(
            "<img src=x>",
            "<img data-mailtide-block=hero>",
            "<area href=x>",
            "<v:rect href='x'>",
            "<p>",
            "</p>",
        ),
        *(
            "<table>",
            "</table>",
            "<td>",
            "</td>",
            "<tr>",
            "</tr>",
            "<body>",
            "</body>",
            "<html>",
            "<head>",
            "</head>",
        ),
        *(
            "<!--",
            "-->",
            "--!>",
            "<!-->",
            "<!--[if mso]>",
            "<![endif]-->",
            "<!--[if !mso]><!-->",
            "<!--<![endif]-->",
        ),
        *(
            "<style>",
            "</style>",
            "<title>",
            "</title >",
            "<script>",
            "</script>",
            "<textarea>",
            "<plaintext>",
        ),
        *(
            "<!doctype html>",
            "<?xml ?>",
            "</>",
            "</ x>",
            "<",
            ">",
            "'",
            '"',
            "=",
            "/",
            " ",
            "\r\n",
            "x",
            "é",
            "&amp;",
        ),
        *("{{ a }}", "<%= b %>", "*|C|*", "\0", "\ufeff", "{% if a > b %}"),
    ]
)
SOUP = st.lists(PIECES, max_size=40).map("".join)


def tags(html: str) -> list[Tag]:
    return [token for token in tokens(html) if isinstance(token, Tag)]


def names(html: str) -> list[str]:
    return [("/" if tag.is_closing else "") + tag.name for tag in tags(html)]


def hrefs(html: str) -> list[str | None]:
    return [anchor.tag.value("href") for anchor in read(html).anchors]


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("<p>a<BR/>b</P >", ["p", "br", "/p"]),
        ("1 < 2 <3 <- <>", []),
        ("<p title='a > b' class=\"c > d\">x</p>", ["p", "/p"]),
        ("<p title=a'b>c</p>", ["p", "/p"]),
        ('<p "x>y</p>', ["p", "/p"]),
        ('<p title="never closed><b>', []),
        ("<p><b unfinished", ["p"]),
        ("<!-- <b> --><i>", ["i"]),
        ("<!--><b>", ["b"]),
        ("<!---><b>", ["b"]),
        ("<!-- a --!><b>", ["b"]),
        ("<!-- never closed <b>", []),
        ("<!doctype html><b>", ["b"]),
        ("<?xml version='1.0'?><b>", ["b"]),
        ("</ bogus <b>><i>", ["i"]),
        ("</><i>", ["i"]),
        ("<![CDATA[ <b> ]]><i>", ["i"]),
        ("<style>a > b { content: '<b>' }</style><i>", ["style", "/style", "i"]),
        ("<script>'</scripty><b>'</SCRIPT\t><i>", ["script", "/script", "i"]),
        ("<title><b></title><textarea><b></textarea>", ["title", "/title", "textarea", "/textarea"]),
        ("<style> never closed <b>", ["style"]),
        ("<p><plaintext><b>", ["p", "plaintext"]),
        ("<%= x %><b>{% if a < b %}", ["b"]),
    ],
)
def test_tags_are_found_as_browsers_do(html: str, found: list[str]) -> None:
    assert names(html) == found


@pytest.mark.parametrize(
    ("html", "value"),
    [
        ('<a href="x y">', "x y"),
        ("<a href='x>y'>", "x>y"),
        ("<a href=x/y>", "x/y"),
        ("<a href=x/>", "x/"),
        ("<A\n\tHREF\n=\n'x'>", "x"),
        ("<a href=first href=second>", "first"),
        ("<a/href=x>", "x"),
        ("<a class=b'c href=x>", "x"),
        ('<a title=""href="x">', "x"),
        ("<a href>", ""),
        ("<a href=>", ""),
        ("<a =href=x>", None),
        ("<a data-href=x>", None),
        ("<a>", None),
    ],
)
def test_an_attribute_is_read_as_browsers_do(html: str, value: str | None) -> None:
    [tag] = tags(html)

    assert tag.value("href") == value


@pytest.mark.parametrize(
    ("html", "edited"),
    [
        ('<a href="x" b>', '<a href="NEW" b>'),
        ("<a href='x'>", "<a href='NEW'>"),
        ("<a href=x b>", '<a href="NEW" b>'),
        ("<a href=x/>", '<a href="NEW">'),
        ("<A b HREF>", '<A b HREF="NEW">'),
        ("<a href= >", '<a href= "NEW">'),
        ("<a href=>", '<a href="NEW">'),
        ("<a>", '<a href="NEW">'),
        ("<a/>", '<a href="NEW"/>'),
        ("<a b = c>", '<a href="NEW" b = c>'),
    ],
)
def test_an_attribute_is_set_in_place(html: str, edited: str) -> None:
    [tag] = tags(html)

    assert apply(html, [set_attribute(tag, "href", "NEW")]) == edited


@pytest.mark.parametrize(
    ("html", "written", "edited"),
    [
        ("<a href='x'>", "{{ 'y' }}", """<a href="{{ 'y' }}">"""),
        ('<a href="x">', '{{ "y" }}', """<a href='{{ "y" }}'>"""),
        ("<a href='x'>", '{{ "y" }}', """<a href='{{ "y" }}'>"""),
        ("<a href>", '{{ "y" }}', """<a href='{{ "y" }}'>"""),
    ],
)
def test_quotes_follow_a_value_that_holds_some(html: str, written: str, edited: str) -> None:
    [tag] = tags(html)

    assert apply(html, [set_attribute(tag, "href", written)]) == edited


def test_edits_keep_their_order_at_one_place_and_never_overlap() -> None:
    edits = [Edit(1, 2, "B"), insertion(1, "1"), insertion(1, "2"), insertion(0, "0")]

    assert apply("abc", edits) == "0a12Bc"

    with pytest.raises(ValueError, match="overlap"):
        apply("abc", [Edit(0, 2, ""), Edit(1, 3, "")])


def test_links_are_anchors_areas_and_shapes_of_outlook() -> None:
    html = """<a href=1>x</a><area href=2><link href=3><base href=4><form action=5>
      <!-- <a href=6> --><!--[if gte mso 9]><v:roundrect href="7"><a href=8><![endif]-->
      <!--[if !mso]><!--><a href=9><!--<![endif]--><v:shape>"""

    assert hrefs(html) == ["1", "2", "7", "8", "9"]


@pytest.mark.parametrize(
    ("html", "around"),
    [
        ("<a href=1><img data-mailtide-block=b></a>", "1"),
        ("<a href=1>x</a><img data-mailtide-block=b>", None),
        ("<a href=1><b><table><tr><td><img data-mailtide-block=b></td></tr></table></b></a>", "1"),
        ("<table><td><a href=1>x<td><img data-mailtide-block=b></table>", None),
        ("<table><tr><td><a href=1>x</tr><tr><td><img data-mailtide-block=b></table>", None),
        ("<table><tr><td><a href=1>x</td></tr></table><img data-mailtide-block=b>", None),
        ("<a href=1><table><tr><td><a href=2>x</a><img data-mailtide-block=b></table></a>", "1"),
        ("<a href=1>x<a href=2><img data-mailtide-block=b></a>", "2"),
        ("</table></td></a><a href=1><img data-mailtide-block=b>", "1"),
        ("<!--[if mso]><a href=1><![endif]--><img data-mailtide-block=b>", None),
        ("<a href=1><!--[if mso]><img data-mailtide-block=b><![endif]--></a>", None),
    ],
)
def test_the_link_around_a_block_is_known(html: str, around: str | None) -> None:
    [image] = read(html).images

    assert (image.anchor.tag.value("href") if image.anchor else None) == around


@pytest.mark.parametrize(
    "html",
    [
        "<!doctype html><html><head><title>t</title></head>\n<BODY bgcolor='>'>|x</body>",
        "\ufeff<html>\n<head><style>p{}</style><!-- note --></head>\n |<p>x",
        "<!-- note --><meta charset=utf-8><title>a <b></title>\n|hello <b>",
        "|<table><tr><td>x",
        "  |just text",
        "<style>p{}</style>  |text & more",
        "|",
        "<!--[if mso]><body><![endif]-->|<div><p>",
        "stray<p></p><body>|x",
        "<meta charset=utf-8>|<style>never closed <p>x",
        "<title>t</title>|<!-- never closed <body>",
        "<title>t</title>\n|<a never closed",
    ],
)
def test_the_pixel_belongs_where_the_content_begins(html: str) -> None:
    assert read(html.replace("|", "")).body_at == html.index("|")


def test_lines_and_columns_count_from_one() -> None:
    letter = read("ab\r\n  <a href=x>")

    at = letter.anchors[0].tag.start
    assert (letter.line(at), letter.column(at)) == (2, 3)


@pytest.mark.parametrize("piece", ["<a href=x>", "<img>", "<area href=x>", "<!--[if x]><a><![endif]-->"])
def test_more_than_an_email_holds_is_refused(piece: str) -> None:
    read(piece * PLACES_MAX)

    with pytest.raises(Invalid, match="at most 2,000"):
        read(piece * (PLACES_MAX + 1))


@pytest.mark.parametrize(
    "piece",
    [
        "<",
        "</",
        "<!",
        "<!--",
        "<!--[if ",
        "<p>",
        "<td><table>",
        "<style>",
        "<p x='",
        "< p",
        "<p\n",
        "<a =",
        "-->",
    ],
)
def test_hostile_html_is_read_at_once(piece: str) -> None:
    started = time.process_time()

    read(piece * (LARGE // len(piece)))
    read("<a " + piece * (LARGE // len(piece)) + ">")

    # Some tens of milliseconds; were the time quadratic, it would be hours.
    assert time.process_time() - started < 5


@given(SOUP)
def test_without_edits_any_html_is_itself(html: str) -> None:
    letter = read(html)

    assert apply(html, []) == html
    assert 0 <= letter.body_at <= len(html)


@given(SOUP)
def test_an_edited_attribute_reads_as_written_and_moves_no_other_tag(html: str) -> None:
    before = read(html)
    edits = [set_attribute(anchor.tag, "href", "https://new.example/?a=1&amp;b") for anchor in before.anchors]

    edited = apply(html, edits)

    after = read(edited)
    assert names(edited) == names(html)
    assert {anchor.tag.value("href") for anchor in after.anchors} <= {"https://new.example/?a=1&amp;b"}
    assert [image.tag.value("src") for image in after.images] == [
        image.tag.value("src") for image in before.images
    ]
