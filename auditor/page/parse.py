"""Bytes into a Page: encoding, format, language."""

from __future__ import annotations

from dataclasses import replace

from auditor.language.detect import detect
from auditor.page.page import Page
from auditor.page.snapshot import Format, Snapshot

BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


def parse(snapshot: Snapshot) -> Page:
    """Parse any snapshot. Never raises on any bytes."""
    source, encoding = decode(snapshot)
    match snapshot.format:
        case Format.HTML:
            from auditor.page.html import parse_html

            page = parse_html(snapshot, source, encoding)
        case Format.MARKDOWN:
            from auditor.page.markdown import parse_markdown

            page = parse_markdown(snapshot, source, encoding)
        case Format.TEXT:
            from auditor.page.plaintext import parse_plaintext

            page = parse_plaintext(snapshot, source, encoding)
    return replace(page, language=_language(page))


def decode(snapshot: Snapshot) -> tuple[str, str]:
    """(text, encoding name): byte-order mark, HTTP header, UTF-8 where it is valid, then what the document declares and
    BeautifulSoup's detector finds; as browsers do, but that valid UTF-8 wins over a wrong declaration.

    Bytes that are wrong in the chosen encoding become U+FFFD. Line ends are kept, so that offsets are the file's.
    """
    body = snapshot.body
    for mark, name in BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace"), name
    try:
        return body.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    from bs4.dammit import EncodingDetector

    header = _charset(snapshot.headers.get("content-type", ""))
    detector = EncodingDetector(
        body[:4096], known_definite_encodings=[header] if header else [], is_html=True, exclude_encodings=["ascii"]
    )
    for name in detector.encodings:
        if not name:
            continue
        try:
            return body.decode(name), name
        except (UnicodeDecodeError, LookupError, ValueError):
            continue
    declared = header or EncodingDetector.find_declared_encoding(body, is_html=True) or "utf-8"
    try:
        return body.decode(declared, "replace"), declared
    except (LookupError, ValueError):
        return body.decode("utf-8", "replace"), "utf-8"


def _charset(content_type: str) -> str:
    _, _, rest = content_type.lower().partition("charset=")
    return rest.split(";")[0].strip(" \"'")


def _language(page: Page) -> str:
    """What the article is written in: by its words, else as declared."""
    words: list[str] = []
    length = 0
    for paragraph in page.article:
        words.append(paragraph.text)
        length += len(paragraph.text)
        if length > 3000:
            break
    return detect(" ".join(words)) or page.metadata.language[:2]
