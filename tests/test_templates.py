"""Markdown as site generators have it: what they put in stays out of the text, links in it are found, and lines are the file's."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from auditor.cli import app
from auditor.page.page import Page
from auditor.page.parse import parse
from auditor.page.places import locate
from auditor.page.snapshot import Format, Snapshot
from auditor.page.templates import MAX_EXPRESSION, target, without_jsx
from auditor.suppression import asks


def page(text: str, name: str = "a.md", encoding: str = "utf-8") -> Page:
    return parse(Snapshot(text.encode(encoding), Format.MARKDOWN, path=name))


def words(text: str, name: str = "a.md") -> list[str]:
    return [paragraph.text for paragraph in page(text, name).paragraphs]


def links(text: str, name: str = "a.md") -> list[tuple[str, str]]:
    return [(link.href, link.anchor) for link in page(text, name).links]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('See [the post]({{< ref "post.md" >}}) and [more]({{% relref "b.md" %}}).', "See the post and more."),
        ("See [the post]({% post_url 2020-01-01-a %}) here.", "See the post here."),
        ("{% for p in posts %}[{{ p.title }}]({{ p.url }}){% endfor %} Words.", "Words."),
        ("Look [here][a].\n\n[a]: {% link x.md %}", "Look here."),
        ('{{< figure src="a.png" title="A cat" >}} Words.', "Words."),
        ('![A cat]({{< ref "a.png" >}}) Words.', "Words."),
        ('{% include figure.html src="x" %}\n\nWords.', "Words."),
        ("{# a comment\nover lines #} Words {# here #} too.", "Words too."),
        ("`[x]({% post_url a %})` stays.", "[x]({% post_url a %}) stays."),
        ("Braces {like these} are words.", "Braces {like these} are words."),
    ],
)
def test_templates_are_no_words(text: str, expected: str) -> None:
    assert " ".join(words(text)).strip() == expected


@pytest.mark.parametrize(
    ("written", "leads"),
    [
        ("https://a.example/", "https://a.example/"),
        ("{{ site.url }}/a", "/a"),
        ("{{site.baseurl}}{% link x %}/a?b=1", "/a?b=1"),
        ('{{< ref "post.md" >}}', None),
        ("{{ site.url }}about", None),
        ("a{b}c", "a{b}c"),
        ("/tags/{{ tag }}/", "/tags//"),
    ],
)
def test_where_a_target_leads(written: str, leads: str | None) -> None:
    assert target(written) == leads


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("import A from './a'\n\nWords.", ["Words."]),
        ("import {\n  B,\n  C\n} from './b'\n\nWords.", ["Words."]),
        ("export const meta = {\n  title: 'x',\n\n  y: 1\n}\n\nWords.", ["Words."]),
        ("export default function Layout({ children }) {\n  return <div>{children}</div>\n}\n\nWords.", ["Words."]),
        ("Hello {props.name} and {items.map((i) => (\n  <li key={i}>{i}</li>\n))} done.", ["Hello and done."]),
        ("{/* a\n\ncomment } */}\n\nWords.", ["Words."]),
        ("{'a } in a string'} Words.", ["Words."]),
        ('<Card title="Foo" data={{a: 1, b: {c: 2}}}>\n  Words\n</Card>', ["Words"]),
        ("We import goods from Spain and export {amount} tons.", ["We import goods from Spain and export tons."]),
        ("```js\nconst a = {b: 1}\n```\n\nWords.", ["const a = {b: 1}", "Words."]),
        ("{/* see https://a.example/ and\n\n[b](https://b.example/) */}\n\nWords.", ["Words."]),
        ("export const meta = {\n  image: 'https://a.example/b.png',\n\n  y: 1\n}\n\nWords.", ["Words."]),
        (
            "- An item\n\n    ```js\n    if (x) {\n    ```\n\n  Words.\n\n    ```js\n    }\n    ```",
            ["An item", "if (x) {", "Words.", "}"],
        ),
        ("```md\n```js\n{\n```\nWords } here.", ["```js {", "Words } here."]),
        ("`{props.name}` is code.", ["{props.name} is code."]),
        ("A brace { that never closes.", ["A brace { that never closes."]),
        ("{'x'} " + "y" * 2 * MAX_EXPRESSION, ["y" * 2 * MAX_EXPRESSION]),
    ],
)
def test_expressions_and_modules_of_mdx_are_no_words(text: str, expected: str) -> None:
    assert [one.strip() for one in words(text, "a.mdx")] == expected


@pytest.mark.parametrize("name", ["a.md", "a.mdx"])
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<a href={'https://spin.example/x'}>casino</a>", [("https://spin.example/x", "casino")]),
        ("<a href={`https://spin.example/x`}>casino</a>", [("https://spin.example/x", "casino")]),
        ("<Link to='https://spin.example/x'>casino</Link>", [("https://spin.example/x", "casino")]),
        ('<Button href={"https://spin.example/x"}>play</Button> <b>x</b>', [("https://spin.example/x", "play")]),
        ("<Card href='https://a.example/'>An <a href='/b'>inner</a> one</Card>", [("/b", "inner")]),
        ("<Link to='/about'>about</Link> <Card href='https://a.example/' /> words", []),
        ("<a href={url}>words</a> <a href={{ p.url }}>words</a>", []),
        ("<a href='{{ p.url }}'>words</a> <a href='{{ site.url }}/a'>a</a>", [("/a", "a")]),
    ],
)
def test_links_of_html_and_components(text: str, name: str, expected: list[tuple[str, str]]) -> None:
    assert links(text, name) == expected
    assert not set("{}:") & set("".join(words(text, name)))


def test_rel_may_be_written_as_an_expression() -> None:
    text = "<a href='https://a.example/' rel={'sponsored nofollow'}>a</a> <a href='https://b.example/' rel={rel}>b</a>"
    for name in ("a.md", "a.mdx"):
        assert [sorted(link.rel) for link in page(text, name).links] == [["nofollow", "sponsored"], []]


def test_a_comment_of_mdx_silences_though_it_is_taken_out() -> None:
    text = "Words.\n\n{/* auditor: ignore[casino-link] see https://a.example/ */}\n\nMore words.\n"
    read = page(text, "a.mdx")
    (ask,) = asks(read)
    assert (ask.checks, ask.offset >= text.index("{/*"), read.links) == (("casino-link",), True, ())


def test_a_link_does_not_hide_in_an_expression() -> None:
    text = "Words {open && (<p>and <a href='https://spin.example/x'>casino</a></p>)} here."
    assert ("https://spin.example/x", "casino") in links(text, "a.mdx")


@pytest.mark.parametrize(
    "text",
    [
        '{\n  "title": "A barn",\n  "date": "2020-01-01"\n}\n\nWords.\n',
        ';;;\n{"title": "A barn", "date": "2020-01-01"}\n;;;\nWords.\n',
        '---json\n{"title": "A barn", "date": "2020-01-01"}\n---\nWords.\n',
        '\ufeff{"title": "A barn", "date": "2020-01-01"}\r\nWords.\r\n',
    ],
)
def test_front_matter_may_be_json(text: str) -> None:
    read = page(text)
    assert (read.title, read.metadata.published, words(text)) == ("A barn", "2020-01-01", ["Words."])


def test_the_language_of_front_matter_may_be_named() -> None:
    assert page("---toml\ntitle = 'A barn'\n---\nWords.\n").title == "A barn"
    assert page("---yaml\r\ntitle: A barn\r\n---\r\nWords.\r\n").title == "A barn"
    script = page("---js\n{ title: 'A barn' }\n---\nWords.\n")
    assert (script.metadata.structured_errors, [p.text for p in script.paragraphs]) == ((), ["Words."])


def test_a_brace_at_the_start_of_prose_is_no_front_matter() -> None:
    for text in ("{ a brace } and words.", '{"a": 1} goes on here.', '{"a": [1, 2'):
        assert words(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("---\ntitle: A\n\nWords.\n", "front matter: no line --- ends it"),
        ('{"title": "A",,}\n\nWords.\n', "front matter: Illegal trailing comma"),
        ("---\ntitle: [\n---\nWords.\n", "front matter:"),
        (";;;\n{\n;;;\nWords.\n", "front matter:"),
        ("---json\n{\n---\nWords.\n", "front matter:"),
        ("---json\n{}\n\nWords.\n", "front matter: no line --- ends it"),
    ],
)
def test_broken_front_matter_is_said_and_the_body_read(text: str, said: str) -> None:
    read = page(text)
    if said.endswith("comma"):  # worded differently by older Pythons
        said = "front matter:"
    assert read.metadata.structured_errors[0].startswith(said)
    assert words(text)[-1] == "Words."


PLANTED = "[best casino bonus](https://spin.example/x)"
BLOCKS = (
    'Words {{< figure src="a.png" >}} here and [there]({{< ref "post.md" >}}) too.',
    "{{< note >}}\nA note of some words.\n{{< /note >}}",
    "{% include x.html %}\nMore words {{ page.title | escape }} here.",
    "## A heading of words",
    "- one item\n- another [y]({{ site.url }}/a) item",
    "```js\nconst a = {b: [1}\n```",
    "A `{code}` span and a [link](/inside).",
    "> A quote with *words* in it.",
    "<div>\nSome *HTML* here.\n</div>",
)
JSX = (
    "import A from './a'",
    "import {\n  B,\n  C\n} from './b'",
    "export const meta = {\n  title: 'x',\n\n  y: [1, {z: 2}]\n}",
    "{/* a\n\ncomment */}",
    "Hello {props.name} and {items.map((i) => (\n  <li key={i}>{i}</li>\n))} done.",
    "<Chart\n  data={[\n    1,\n    2\n  ]}\n  onClick={() => 3}\n/>",
    '<Card title="Foo" data={{a: 1}}>\n  Words in a card.\n</Card>',
)
HEADS = ("", "---\ntitle: A\n---\n", "+++\ntitle = 'A'\n+++\n", '{\n"title": "A"\n}\n\n', ";;;\n{}\n;;;\n")


@given(
    head=st.sampled_from(HEADS),
    before=st.lists(st.sampled_from(BLOCKS + JSX), max_size=6),
    after=st.lists(st.sampled_from(BLOCKS + JSX), max_size=3),
    home=st.sampled_from(
        [
            "We keep {} a list.",
            "{{{{< note >}}}}\nIn it {} stands.\n{{{{< /note >}}}}",
            "<Card>\nSo {} is said.\n</Card>",
            "- item {} here",
        ]
    ),
    newline=st.sampled_from(["\n", "\r\n"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_a_planted_link_is_found_at_its_line_and_column(
    head: str, before: list[str], after: list[str], home: str, newline: str, encoding: str
) -> None:
    text = (head + "\n\n".join([*before, home.format(PLANTED), *after]) + "\n").replace("\n", newline)
    read = page(text, "a.mdx", encoding)
    (link,) = [link for link in read.links if link.external]
    assert (link.href, link.anchor) == ("https://spin.example/x", "best casino bonus")
    place = locate(read, [link.spot])[link.spot]
    lines = text.split("\n")
    at = next(number for number, line in enumerate(lines) if PLANTED in line)
    assert (place.line, place.column) == (at + 1, lines[at].index(PLANTED) + 1)


@given(st.text(alphabet="{}()[]<>/*`'\"a=\n ;import", max_size=400), st.integers(0, 50))
def test_nothing_moves(text: str, start: int) -> None:
    start = min(start, len(text))
    made = without_jsx(text, start)
    assert len(made) == len(text) and made[:start] == text[:start]


@pytest.mark.parametrize(
    "unit",
    [
        "{",
        "{{",
        "{%",
        "{a ",
        "[x]({{",
        "[x]({%",
        "import {",
        "\nimport {\n",
        "\nexport const a = ",
        "`{",
        "{/*",
        "<A b={",
        "{'",
        "\n```",
        "[a]: {{",
    ],
)
def test_what_never_closes_is_read_to_its_end(unit: str) -> None:
    size = 400_000  # quadratic time would be noticed, for it would be minutes
    assert len(page(unit * (size // len(unit)), "a.mdx").source) <= size


def test_what_is_wrong_with_one_file_leaves_the_others_alone(tmp_path: Path) -> None:
    good = "# A barn\n\n" + "The barn was built of oak and stands by the river. " * 20
    (tmp_path / "good.md").write_text(good)
    (tmp_path / "broken.md").write_text("---\ntitle: [\n---\n" + good)
    (tmp_path / "latin.md").write_bytes(good.replace("oak", "bois d'été").encode("latin-1"))
    (tmp_path / "utf16.md").write_bytes(good.encode("utf-16"))
    (tmp_path / "bom.md").write_bytes(good.replace("\n", "\r\n").encode("utf-8-sig"))
    (tmp_path / "huge.md").write_bytes(b"words and more \n" * 2_000_000)
    result = CliRunner().invoke(app, ["check", str(tmp_path), "--format", "jsonl"])
    assert result.exit_code == 2
    assert "huge.md: larger than 10,000,000 bytes; raise the limit or split the document" in result.stderr
    result = CliRunner().invoke(app, ["check", *(str(path) for path in sorted(tmp_path.glob("*.md"))), "--verbose"])
    assert "5 pages" in result.stdout
    assert "front matter: while parsing" in " ".join(result.stdout.split())
