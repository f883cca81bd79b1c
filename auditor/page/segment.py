"""Which role each run of an outline has, and which container is the article's.

The whole page is kept: related posts, comments and footers are what this tool looks at. The article is the smallest container that
holds nearly all of the page's good prose; inside it, containers that announce another role keep theirs.
"""

from __future__ import annotations

from collections.abc import Set

from auditor.page.outline import Outline, Run
from auditor.page.page import Kind, Role
from auditor.page.roles import hint, names_article
from auditor.page.sections import section_role

_ENOUGH = 0.72  # share of the good prose that the article's container must hold
_MOST = 0.6  # a hint is dropped where its container holds more of the good prose than this
_CLAIM = 0.5  # a role is dropped where its containers together claim more of the good prose than this
_SOFT_CLAIMS = (Role.NAVIGATION, Role.FOOTER, Role.SIDEBAR, Role.RELATED, Role.WIDGET, Role.AUTHOR)
_TELLING = frozenset({"nav", "footer", "aside"})
# Python looks a member up with a function of its own, which costs more than what a run is asked for.
_HEADING, _UNSUNG, _LISTED = Kind.HEADING, (Kind.HEADING, Kind.CODE), (Kind.ITEM, Kind.CELL)
_OF_ARTICLE, _MENU, _PART, _OFFERED = Role.ARTICLE, Role.NAVIGATION, Role.WIDGET, Role.RELATED
_KEPT = (Role.COMMENTS, Role.NAVIGATION)


def goodness(run: Run, hidden: bool) -> float:
    """How much a run looks like an article's prose: its unlinked characters, more where it has sentences."""
    length = len(run.text)
    free = length - run.linked
    if length < 25 or hidden or run.kind in _UNSUNG or run.linked > 0.6 * length:
        return 0.0
    if length < 80 and run.text[-1] not in ".!?…\"”':;)":
        return 0.1 * free
    score = float(free)
    if run.kind in _LISTED:
        score *= 0.6
    return score * (1.0 + 0.1 * min(run.text.count(","), 5))


def container_roles(outline: Outline) -> tuple[list[Role | None], int]:
    """(role of each container, own or inherited, None where open; index of the article's container)."""
    containers = outline.containers
    count = len(containers)
    mass = [0.0] * count
    scores = [goodness(run, containers[run.container].reason is not None) for run in outline.runs]
    for run, score in zip(outline.runs, scores, strict=True):
        mass[run.container] += score
    for index in range(count - 1, 0, -1):
        mass[containers[index].parent] += mass[index]
    total = mass[0]
    read = [False] * count
    for run in outline.runs:
        read[run.container] = True
    for index in range(count - 1, 0, -1):
        if read[index]:
            read[containers[index].parent] = True
    # A container without any text is nobody's, and what its names suggest is not worth finding out.
    open_to = [read[i] and (total <= 0 or mass[i] <= _MOST * total) for i in range(count)]
    roles = _inherit(outline, open_to)
    # Page builders wrap every paragraph in a "widget" or "panel": a role that claims most of the prose by names alone says nothing.
    claimed = dict.fromkeys(_SOFT_CLAIMS, 0.0)
    for index in range(1, count):
        role = roles[index]
        if role in claimed and roles[containers[index].parent] is None:
            claimed[role] += mass[index]
    empty = {role for role, share in claimed.items() if share > _CLAIM * total > 0}
    if empty:
        roles = _inherit(outline, open_to, empty)
    free = [0.0] * count
    for run, score in zip(outline.runs, scores, strict=True):
        if roles[run.container] is None:
            free[run.container] += score
    for index in range(count - 1, 0, -1):
        free[containers[index].parent] += free[index]
    return roles, _article(outline, free)


def _inherit(outline: Outline, open_to: list[bool], empty: Set[Role] = frozenset()) -> list[Role | None]:
    """Each container's role: its outermost hinted ancestor's, else its own. Only those that are `open_to` hints have one of their own,
    and of the roles in `empty` only where their tag says so."""
    containers = outline.containers
    roles: list[Role | None] = [None] * len(containers)
    for index in range(1, len(containers)):
        box = containers[index]
        role = roles[box.parent]
        if role is None and open_to[index]:
            role = hint(box.tag, box.names, box.aria)
            if role in empty and box.tag not in _TELLING:
                role = None
        roles[index] = role
    return roles


def _article(outline: Outline, free: list[float]) -> int:
    """The smallest container with nearly all of the prose that no role claims; a container that calls itself the article is
    preferred on the way down."""
    containers = outline.containers
    children: list[list[int]] = [[] for _ in containers]
    for index in range(1, len(containers)):
        if free[index] > 0:
            children[containers[index].parent].append(index)
    total = free[0]
    current = 0
    named = -1
    while children[current]:
        best = max(children[current], key=free.__getitem__)
        box = containers[best]
        claims = names_article(box.tag, box.names)
        if free[best] < (0.5 if claims else _ENOUGH) * free[current] or free[best] < 0.4 * total:
            break
        if (
            box.tag in ("p", "li", "blockquote", "td", "tr", "tbody", "table", "ul", "ol", "dl", "pre")
            and len(children[current]) > 1
        ):
            break
        current = best
        if claims:
            named = best
    return named if named >= 0 and free[named] <= 1.35 * free[current] else current


def run_roles(outline: Outline) -> tuple[list[Role], list[int]]:
    """(role of each run, index of the container that gave it). Sections that a heading announces count from that heading on."""
    containers = outline.containers
    roles, article = container_roles(outline)
    inside = [False] * len(containers)
    inside[article] = True
    owner = [0] * len(containers)
    for index in range(1, len(containers)):
        parent = containers[index].parent
        inside[index] = inside[index] or inside[parent]
        owner[index] = index if roles[parent] is None and roles[index] is not None else owner[parent]
    found: list[Role] = []
    owners: list[int] = []
    first = next((i for i, run in enumerate(outline.runs) if inside[run.container] and roles[run.container] is None), 0)
    for position, run in enumerate(outline.runs):
        role = roles[run.container]
        if role is not None:
            found.append(role)
            owners.append(owner[run.container])
        elif inside[run.container] or (run.kind is _HEADING and run.level == 1 and position < first):
            found.append(_OF_ARTICLE)
            owners.append(article)
        else:
            found.append(_MENU if position < first else _PART)
            owners.append(run.container)
    _announce(outline, found, owners)
    return found, owners


def _announce(outline: Outline, roles: list[Role], owners: list[int]) -> None:
    """Give the runs below a heading such as "Related posts" that heading's role, up to where its section ends."""
    containers, runs = outline.containers, outline.runs
    index = 0
    while index < len(runs):
        run = runs[index]
        announced = None
        if len(run.text) < 70 and (run.kind is _HEADING or len(run.text) < 40):
            announced = section_role(run.text)
        if announced is None or announced is _OF_ARTICLE or roles[index] is announced or roles[index] in _KEPT:
            index += 1
            continue
        stop = _section_end(outline, index)
        linked = sum(r.linked for r in runs[index + 1 : stop])
        length = sum(len(r.text) for r in runs[index + 1 : stop])
        wanted = announced is not _OFFERED or (length > 0 and linked > 0.25 * length)
        if stop > index + 1 and wanted:
            for at in range(index, stop):
                roles[at] = announced
                owners[at] = len(containers) + index
            index = stop
        else:
            index += 1


def _section_end(outline: Outline, index: int) -> int:
    """Where the section that the run at `index` heads ends: with the container that holds heading and content, at the next
    heading of its own level or above, at most 60 runs on."""
    containers, runs = outline.containers, outline.runs
    heading = runs[index]
    box = heading.container
    # The heading's own element holds only itself; climb until something follows inside.
    while box > 0:
        box = containers[box].parent
        if index + 1 < len(runs) and _within(outline, runs[index + 1].container, box):
            break
    level = heading.level if heading.kind is _HEADING else 7
    stop = index + 1
    while stop < len(runs) and stop - index <= 60:
        run = runs[stop]
        if not _within(outline, run.container, box):
            break
        if run.kind is _HEADING and (run.level < level or (run.level == level and not run.linked)):
            break
        if len(run.text) > 300 and run.linked == 0:
            break  # prose again
        stop += 1
    return stop


def _within(outline: Outline, container: int, outer: int) -> bool:
    containers = outline.containers
    while container > outer:
        container = containers[container].parent
    return container == outer
