"""Addresses: registrable domains as the public suffix list has them, one spelling an address, nothing raised on any text."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor import urls


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("www.example.com", "example.com"),
        ("Blog.Example.CO.UK.", "example.co.uk"),
        ("a.github.io", "a.github.io"),
        ("x.a.github.io", "a.github.io"),
        ("www.ck", "www.ck"),
        ("shop.foo.ck", "shop.foo.ck"),
        ("a.shop.foo.ck", "shop.foo.ck"),
        ("foo.ck", "foo.ck"),
        ("localhost", "localhost"),
        ("127.0.0.1", "127.0.0.1"),
        ("[::1]", "[::1]"),
        ("harbor-lane.example", "harbor-lane.example"),
        ("www.bücher.de", "bücher.de"),
        ("co.uk", "co.uk"),
        ("a.printer.lan", "printer.lan"),
        ("", ""),
    ],
)
def test_registrable_domain(host: str, domain: str) -> None:
    assert urls.registrable(host) == domain


LABELS = st.sampled_from(
    [
        "www",
        "a",
        "shop",
        "example",
        "com",
        "co",
        "uk",
        "ck",
        "github",
        "io",
        "s3",
        "amazonaws",
        "kawasaki",
        "jp",
        "city",
        "au",
        "de",
    ]
)


@given(st.lists(LABELS, min_size=2, max_size=5).map(".".join))
def test_registrable_domain_is_the_librarys(host: str) -> None:
    answer = urls._library()(host)
    # The library answers nothing, and `_library` the host, where the host is a public suffix itself or its suffix is unknown.
    if answer != host:
        assert urls.registrable(host) == answer


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("HTTP://Example.COM:80/a?b#c", "http://example.com/a?b"),
        ("https://example.com", "https://example.com/"),
        ("https://example.com:8443/", "https://example.com:8443/"),
        ("ftp://example.com/", ""),
        ("https://[::1]:443/x", "https://[::1]/x"),
        ("https://exa mple:99999/", ""),
        ("javascript:alert(1)", ""),
    ],
)
def test_one_spelling_an_address(written: str, normal: str) -> None:
    assert urls.normalise(written) == normal


@pytest.mark.parametrize(
    ("href", "url"),
    [
        ("../a b", "https://x.example/a b"),
        ("#top", ""),
        ("mailto:a@x.example", ""),
        ("//y.example/z#q", "https://y.example/z"),
        ("http://[", ""),
    ],
)
def test_where_a_link_leads(href: str, url: str) -> None:
    assert urls.absolute("https://x.example/p/", href) == url


_PIECES = st.lists(
    st.sampled_from(
        [
            "a",
            "b.",
            "..",
            "/",
            "//",
            "?",
            "#",
            ";",
            ":",
            "@",
            "&",
            "%",
            "~",
            "é",
            "[",
            "]",
            "\t",
            "http:",
            "https:",
            "x.example",
            "X.example:80",
            "v=1",
        ]
    ),
    max_size=9,
)


@given(
    st.sampled_from(["https://x.example/p/q?r#s", "http://X.example", "https://x.example:8/p;o", "ftp://x.example/"]),
    _PIECES.map("".join),
)
def test_addresses_are_resolved_as_by_the_standard_library(base: str, href: str) -> None:
    written = href.strip()
    try:
        url = urljoin(base, written).partition("#")[0] if written and written[0] != "#" else ""
    except ValueError:
        url = ""
    assert urls.absolute(base, href) == url
    try:
        _ = urlsplit(href).port
        host = urlsplit(href).hostname or ""
    except ValueError:
        host = ""
    assert urls.host(href) == host


@given(st.text(max_size=60))
def test_no_text_raises(text: str) -> None:
    urls.absolute("https://x.example/", text)
    urls.normalise(text)
    urls.site(text)
    urls.registrable(text)
