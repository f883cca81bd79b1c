"""Names: the file that an address becomes, on any file system and never outside its folder."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from auditor.page.snapshot import Format

ENDINGS = {Format.HTML: ".html", Format.MARKDOWN: ".md", Format.TEXT: ".txt"}

MAX_SEGMENT = 80
MAX_NAME = 180
"""Characters of a whole name: Windows has 260 for the path to it as well."""

_UNSAFE = re.compile(r"[^A-Za-z0-9._~%@+,=-]+")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d|index\.jsonl)(?:\.|\Z)", re.IGNORECASE)
_KNOWN = re.compile(r"\.(?:html?|xhtml|md|markdown|mdx|txt)\Z", re.IGNORECASE)


def file_name(address: str, form: Format) -> str:
    """`https://example.com/posts/a?page=2` → `example.com/posts/a~1f0c…/index.html`: readable, relative, with `/` between folders.

    Two addresses may share a name; `Names` keeps them apart.
    """
    try:
        parts = urlsplit(address)
    except ValueError:
        return f"_/{_mark(address)}{ENDINGS[form]}"
    folders = [_segment(parts.netloc) or "_", *(_segment(name) for name in parts.path.split("/") if name)]
    query = f"~{_mark(parts.query)}" if parts.query else ""
    if len(folders) == 1 or parts.path.endswith("/") or not _KNOWN.search(folders[-1]):
        folders[-1] += query if len(folders) > 1 else ""
        name = "/".join((*folders, f"index{query if len(folders) == 1 else ''}{ENDINGS[form]}"))
    else:
        stem, dot, ending = folders[-1].rpartition(".")
        name = "/".join((*folders[:-1], f"{stem}{query}{dot}{ending}"))
    return name if len(name) <= MAX_NAME else _flat(name, address, form)


@dataclass(slots=True)
class Names:
    """Names that are taken, by what a file system that does not tell capitals apart makes of them."""

    _files: set[str] = field(default_factory=set)
    _folders: set[str] = field(default_factory=set)

    def take(self, address: str, form: Format) -> str:
        """A name that no other address has, and that is no folder of another's."""
        name = file_name(address, form)
        turn = 0
        while not self._free(name):
            name = _flat(name, f"{address} {turn or ''}", form)
            turn += 1
        self._files.add(name.lower())
        self._folders.update(_folders(name))
        return name

    def _free(self, name: str) -> bool:
        key = name.lower()
        return key not in self._files and key not in self._folders and self._files.isdisjoint(_folders(name))


def _folders(name: str) -> list[str]:
    parts = name.lower().split("/")
    return ["/".join(parts[:end]) for end in range(1, len(parts))]


def _flat(name: str, address: str, form: Format) -> str:
    return f"{name.partition('/')[0]}/~{_mark(address)}{ENDINGS[form]}"


def _segment(text: str) -> str:
    """One name of a path; what was lost on the way stands for itself as a mark."""
    safe = _UNSAFE.sub("_", text)
    if safe.startswith(".") or safe.endswith((".", " ")) or _RESERVED.match(safe):
        safe = f"_{safe.strip('. ')}"
    if safe == text and len(safe) <= MAX_SEGMENT:
        return safe
    ending = match[0] if (match := _KNOWN.search(safe)) else ""
    return f"{safe.removesuffix(ending)[:MAX_SEGMENT]}~{_mark(text)}{ending}"


def _mark(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()
