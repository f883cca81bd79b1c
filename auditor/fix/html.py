"""HTML: aims at a page's links, phrases and blocks made into edits of its source."""

from __future__ import annotations

import re

from auditor.fix.aims import Aims
from auditor.fix.edit import Edit, RefusedError, combined, spliced
from auditor.fix.markup import Element, Markup
from auditor.fix.posts import posts
from auditor.fix.rel import marked
from auditor.fix.seams import closed, line
from auditor.fix.spelling import beside, spelt, squeezed
from auditor.fix.wording import Choice, choose, worthless
from auditor.language.phrases import Phrases
from auditor.page.page import Page
from auditor.page.places import offsets
from auditor.report import Finding

_WRAPPERS = frozenset(("b", "strong", "em", "i", "u", "span", "font", "mark", "small", "big", "sup", "sub", "ins"))
_BLOCKS = frozenset(("p", "li", "ul", "ol", "h2", "h3", "h4", "h5", "h6", "blockquote", "dd", "dt", "dl", "center"))
_NOTHING = re.compile(r"(?:\s|&nbsp;|&#160;|\u200b|<br\s*/?>)*", re.IGNORECASE)
_KEPT = frozenset(
    (
        "script",
        "style",
        "form",
        "input",
        "button",
        "select",
        "textarea",
        "iframe",
        "img",
        "picture",
        "video",
        "audio",
        "object",
        "svg",
    )
)
"""Elements that stand in no hidden list of links; what holds one is no such list."""
_END = re.compile(r"</html\s*>", re.IGNORECASE)


class Surgeon:
    """Makes the edits of one HTML page. `words` are those a reader will miss, in any order."""

    def __init__(self, page: Page, phrases: Phrases, aim: Aims, mark: bool) -> None:
        self.page, self.phrases, self.aim, self.mark = page, phrases, aim, mark
        self.source = page.source
        self.markup = Markup(page.source)
        self.edits: list[Edit] = []
        self.words: list[str] = []
        self.gone: set[int] = set()
        """Links of the page that go, by index."""
        meant = [*aim.links()]
        spots = [page.links[index].spot for index in meant]
        paragraphs = [*aim.unseen, *(index for index, _, _ in aim.phrases)]
        spots += [page.paragraphs[index].spot for index in paragraphs]
        placed = offsets(page, spots)
        self.at = {index: placed.get(page.links[index].spot, -1) for index in meant}
        self.hidden_at = frozenset(self.at[index] for index in aim.hidden)
        self.alone: dict[int, bool] = {}
        reasons = {page.links[index].hidden for index in aim.hidden} | {
            page.paragraphs[index].hidden for index in aim.unseen
        }
        self.unseen = squeezed(paragraph.text for paragraph in page.paragraphs if paragraph.hidden in reasons - {None})
        """The words of all that is hidden in the same ways."""
        self.paragraph_at = {index: placed.get(page.paragraphs[index].spot, -1) for index in paragraphs}

    def operate(self) -> tuple[Edit, ...]:
        """Every edit, in order.

        Raises:
            RefusedError: the page cannot be rewritten safely.
        """
        for block, finding in self.aim.related.items():
            posts_edits, words, gone = posts(self.page, self.markup, block, finding)
            self.edits += posts_edits
            self.words += words
            self.gone |= gone
        for index, finding in self.aim.appended.items():
            self._appended(index, finding)
        for index, finding in self.aim.hidden.items():
            self._hidden(self._link(index), finding)
            self.gone.add(index)
        for index, finding in self.aim.unseen.items():
            self._hidden(self.markup.element(self.paragraph_at[index]), finding)
        for index, finding in sorted(self.aim.planted.items()):
            self._planted(index, finding)
        for (index, start, end), finding in self.aim.phrases.items():
            self._phrase(index, start, end, finding)
        return combined(self.edits)

    def _link(self, index: int) -> Element:
        link = self.page.links[index]
        found = self.markup.element(self.at[index])
        if found.tag.name != "a" or " ".join(str(found.tag.get("href")).split()) != " ".join(link.href.split()):
            raise RefusedError(f"the link to {link.host} cannot be told from others like it; correct it by hand")
        return found

    def _planted(self, index: int, finding: Finding) -> None:
        link = self.page.links[index]
        if self.mark:
            at = self.at[index]
            self.edits += marked(self.source, at, self.markup.opened(at), finding)
            return
        found = self._link(index)
        self.gone.add(index)
        if self._covered(found.start):
            return
        pictured = any(token.name in _KEPT for token in self.markup.within(found))
        if link.paragraph is None or link.start == link.end:
            if pictured or found.tag.get_text().strip():
                self._unwrap(found, finding)
            else:
                self._drop(found, found.start, found.end, finding)
            return
        text = self.page.paragraphs[link.paragraph].text
        choice = choose(text, link.start, link.end, self.phrases, worthless(finding))
        if pictured or not choice.drop:
            self._unwrap(found, finding)
            return
        self.words.append(text[link.start : link.end])
        self._drop(found, found.start, found.end, finding, (text, link.start, link.end, choice))

    def _unwrap(self, found: Element, finding: Finding) -> None:
        self.edits += (Edit(found.start, found.inner, "", finding), Edit(found.close, found.end, "", finding))

    def _drop(
        self, found: Element, start: int, end: int, finding: Finding,
        chosen: tuple[str, int, int, Choice] | None = None,
    ) -> None:  # fmt: skip
        """Take an element out with what holds nothing else, and with the words that lead to it."""
        for parent in self.markup.around(found):
            if parent.tag.name not in _WRAPPERS or not self._empty(parent, start, end):
                break
            start, end, found = parent.start, parent.end, parent
        if chosen is not None:
            start, end = self._with_words(start, end, *chosen)
        whole = None
        for parent in self.markup.around(found):
            if parent.tag.name not in _BLOCKS | _WRAPPERS or not self._empty(parent, start, end):
                break
            start, end = parent.start, parent.end
            whole = parent
        self._cut(*(line(self.source, start, end) if whole else closed(self.source, start, end)), finding)

    def _with_words(self, start: int, end: int, text: str, first: int, last: int, choice: Choice) -> tuple[int, int]:
        """The stretch with what the choice takes along; a reader misses all of it."""
        begin, stop = beside(self.source, start, end, text[choice.start : first], text[last : choice.end])
        self.words += (self.source[begin:start], self.source[end:stop])
        return begin, stop

    def _empty(self, parent: Element, start: int, end: int) -> bool:
        """Whether nothing is left of an element's content when the stretch and what goes already is gone."""
        inside = [one for one in self.edits if parent.inner <= one.start and one.end <= parent.close]
        if any(one.replacement for one in inside):
            return False
        gone = combined([*inside, Edit(max(start, parent.inner), min(end, parent.close), "")])
        moved = [Edit(one.start - parent.inner, one.end - parent.inner, "") for one in gone]
        return _NOTHING.fullmatch(spliced(self.source[parent.inner : parent.close], moved)) is not None

    def _hidden(self, found: Element, finding: Finding) -> None:
        """Take out the largest element that holds nothing but hidden words and links that are meant."""
        if self._covered(found.start):
            return
        for parent in self.markup.around(found):
            if parent.start not in self.alone:
                self.alone[parent.start] = self._nothing_else(parent)
            if not self.alone[parent.start]:
                break
            found = parent
        self._cut(*closed(self.source, found.start, found.end), finding)

    def _nothing_else(self, parent: Element) -> bool:
        """Whether an element holds nothing but hidden words and links that are meant."""
        if parent.tag.name in ("td", "th", "tr", "tbody", "table", "main", "article"):
            return False
        if self._stranger(parent, self.hidden_at):
            return False
        return squeezed([parent.tag.get_text(" ")]) in self.unseen

    def _stranger(self, parent: Element, meant: frozenset[int]) -> bool:
        """Whether an element holds a link that is not meant, or what no list of links holds."""
        return any(
            token.name in _KEPT or (token.name == "a" and token.opens and token.start not in meant)
            for token in self.markup.within(parent)
        )

    def _appended(self, index: int, finding: Finding) -> None:
        """Take out the largest element after the end of the document that holds no link but those that are meant."""
        found = self._link(index)
        self.gone.add(index)
        if self._covered(found.start):
            return
        meant = frozenset(self.at[one] for one in self.aim.appended)
        end = next((match.end() for match in reversed([*_END.finditer(self.source, 0, found.start)])), len(self.source))
        for parent in self.markup.around(found):
            if parent.start < end or self._stranger(parent, meant):
                break
            found = parent
        link = self.page.links[index]
        if link.hidden is None:
            self.words.append(found.tag.get_text(" "))
        self._cut(*closed(self.source, found.start, found.end), finding)

    def _phrase(self, index: int, first: int, last: int, finding: Finding) -> None:
        text = self.page.paragraphs[index].text
        begin = self.paragraph_at[index]
        if begin < 0:
            raise RefusedError("the paragraph of a planted phrase cannot be found; correct it by hand")
        found = [*re.compile(spelt(text[first:last])).finditer(self.source, begin, begin + 4 * len(text) + 400)]
        if not found:
            raise RefusedError(f"markup stands within “{text[first:last][:60]}”; correct it by hand")
        choice = choose(text, first, last, self.phrases, stray=True)
        self.words.append(text[first:last])
        start, end = self._with_words(found[0].start(), found[0].end(), text, first, last, choice)
        self._cut(*closed(self.source, start, end), finding)

    def _covered(self, at: int) -> bool:
        return any(edit.start <= at < edit.end for edit in self.edits)

    def _cut(self, start: int, end: int, finding: Finding) -> None:
        self.edits.append(Edit(start, end, "", finding))
