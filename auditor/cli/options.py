"""The command line's options, each declared once with its help."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from auditor.cli import settings
from auditor.cli.formats import Format
from auditor.report import Confidence, Label, Severity


class Listing(StrEnum):
    """How what is no report is written."""

    TERMINAL = Format.TERMINAL.value
    JSON = Format.JSON.value


class TablesFormat(StrEnum):
    """How tables in a folder are written."""

    CSV = "csv"
    JSONL = "jsonl"
    PARQUET = "parquet"


class FailOn(StrEnum):
    """The severity that a gate stops at."""

    INFO = Severity.INFO.value
    LOW = Severity.LOW.value
    MEDIUM = Severity.MEDIUM.value
    HIGH = Severity.HIGH.value
    NEVER = "never"


class FailOnVerdict(StrEnum):
    """What a page may be judged to be that a gate stops at."""

    SPAM = Label.SPAM.value
    LOW_QUALITY = Label.LOW_QUALITY.value


Paths = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[PATH]...",
        help="Files, folders (searched for .html, .md, .mdx, .txt and the like), patterns, or - for standard input.",
        show_default=False,
    ),
]
FilesFrom = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="Audit also the paths in this file, one a line or parted by NULs (- for standard input).",
        show_default=False,
    ),
]
ChangedSince = Annotated[
    str | None,
    typer.Option(
        metavar="REF",
        help="Audit only files that changed since HEAD left this branch or commit, or are not committed yet.",
        show_default=False,
    ),
]
Urls = Annotated[
    list[str] | None,
    typer.Argument(metavar="[URL]...", help="Where to start; a whole site from its front page.", show_default=False),
]

Each = Annotated[bool, typer.Option("--each", help="Every file is of a site of its own: compare nothing between them.")]
StdinName = Annotated[
    str, typer.Option(metavar="NAME", help="What to call standard input; its ending decides the format (post.md).")
]
MaxBytes = Annotated[int, typer.Option(min=1, metavar="N", help="Largest document to read, in bytes.")]
Select = Annotated[
    list[str] | None,
    typer.Option(
        metavar="CHECK", help="Run only this check or group; repeat or separate by commas.", show_default=False
    ),
]
Ignore = Annotated[
    list[str] | None,
    typer.Option(
        metavar="CHECK", help="Leave this check or group out; repeat or separate by commas.", show_default=False
    ),
]

FormatOption = Annotated[Format, typer.Option("--format", help="How to write the report.")]
ListingOption = Annotated[Listing, typer.Option("--format", help="How to write it.")]
OutputFile = Annotated[
    Path | None,
    typer.Option("--output", metavar="FILE", help="Write it to this file.", show_default="standard output"),
]
Outputs = Annotated[
    list[str] | None,
    typer.Option(
        "--output",
        metavar="[FORMAT=]FILE",
        help="Write the report to this file; with FORMAT= in that format, repeatable (sarif=out.sarif).",
        show_default="standard output",
    ),
]
TablesPlace = Annotated[
    Path | None,
    typer.Option(
        "--tables",
        metavar="PATH",
        help="Also write pages, links and findings as tables: into a folder, or into the workbook NAME.xlsx.",
        show_default=False,
    ),
]
TablesOption = Annotated[TablesFormat, typer.Option("--tables-format", help="How to write tables into a folder.")]
FailOnOption = Annotated[
    FailOn, typer.Option("--fail-on", help="Exit with 1 for a finding of this severity or a worse one.")
]
MinConfidence = Annotated[
    Confidence, typer.Option(help="How sure a finding has to be for --fail-on; the report shows every one.")
]
FailOnVerdictOption = Annotated[
    FailOnVerdict | None,
    typer.Option(
        "--fail-on-verdict",
        help="Exit with 1 for a page judged spam, or low-quality or spam; with --baseline where it was better before.",
        show_default=False,
    ),
]
AllowEmpty = Annotated[
    bool, typer.Option("--allow-empty", help="Documents without any text are no error, even where there are no others.")
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="One line instead of the terminal report, no progress.")]
Verbose = Annotated[
    bool, typer.Option("--verbose", "-v", help="Show all: clean pages, suppressed findings, no limits.")
]

ConfigFile = Annotated[
    Path | None,
    typer.Option(
        "--config",
        metavar="FILE",
        is_eager=True,
        callback=settings.configure,
        envvar="AUDITOR_CONFIG",
        show_envvar=False,
        help="Take settings from this file.",
        show_default="auditor.toml or pyproject.toml, from this folder upwards",
    ),
]
NoConfig = Annotated[
    bool,
    typer.Option(
        "--no-config",
        is_eager=True,
        callback=settings.leave_out,
        envvar="AUDITOR_NO_CONFIG",
        show_envvar=False,
        help="Read no configuration file.",
    ),
]
BaselineFile = Annotated[
    Path | None,
    typer.Option("--baseline", metavar="FILE", help="Suppress the findings that this file lists.", show_default=False),
]
UpdateBaseline = Annotated[
    bool, typer.Option("--update-baseline", help="Write what was found into --baseline FILE, and stop at none of it.")
]

StoreFolder = Annotated[
    Path | None,
    typer.Option(
        "--store",
        metavar="DIR",
        help="Where runs are kept; AUDITOR_STORE names another usual place.",
        show_default="this user's data folder",
    ),
]
NoStore = Annotated[bool, typer.Option("--no-store", help="Keep nothing: forget the run when its report is written.")]
Resume = Annotated[bool, typer.Option("--resume", help="Go on with the latest run from here that was broken off.")]
FromRun = Annotated[
    int | None,
    typer.Option(min=1, metavar="ID", help="Audit a kept run again, without network.", show_default=False),
]
UrlList = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="Fetch the addresses in this file, one a line (- for standard input), and no others unless --depth says so.",
        show_default=False,
    ),
]
MinPages = Annotated[int, typer.Option(min=1, metavar="N", help="Exit with 1 where fewer pages were had.")]
MaxSeconds = Annotated[float, typer.Option(min=1, metavar="SECONDS", help="End the crawl after so long.")]
Jobs = Annotated[
    int, typer.Option("--jobs", "-j", min=0, metavar="N", help="Processes that audit; 0 for one a core, at most eight.")
]
MaxPages = Annotated[int, typer.Option(min=1, metavar="N", help="Fetch at most so many pages.")]
Depth = Annotated[int, typer.Option(min=0, metavar="N", help="Follow links so many steps from the start.")]
Rate = Annotated[float, typer.Option(min=0, metavar="N", help="Requests a second to one host at most; 0 for no limit.")]
Concurrency = Annotated[int, typer.Option(min=1, max=64, metavar="N", help="Requests at once to one host.")]
Timeout = Annotated[float, typer.Option(min=0.1, metavar="SECONDS", help="Give a page up after so long.")]
UserAgent = Annotated[
    str, typer.Option(metavar="TEXT", help="Who to say that is asking, instead of auditor.", show_default=False)
]
Include = Annotated[
    list[str] | None,
    typer.Option(metavar="GLOB", help="Fetch only addresses like this (*/blog/*); repeatable.", show_default=False),
]
Exclude = Annotated[
    list[str] | None,
    typer.Option(metavar="GLOB", help="Leave out addresses like this; repeatable.", show_default=False),
]
Subdomains = Annotated[bool, typer.Option("--subdomains", help="Follow links to the site's other host names.")]
AllowPrivate = Annotated[
    bool,
    typer.Option("--allow-private", help="Also fetch from this machine and private networks (for a staging site)."),
]
NoRobots = Annotated[
    bool, typer.Option("--no-robots", help="Do not ask robots.txt for permission. For your own site only.")
]
CheckExternal = Annotated[
    bool,
    typer.Option("--check-external", help="Also look whether links to other sites lead anywhere; one request each."),
]
CheckTargets = Annotated[
    bool,
    typer.Option(
        "--check-targets", help="Also read title and description of what articles link to; implies --check-external."
    ),
]
Render = Annotated[
    bool, typer.Option("--render", help="Run the pages' scripts in a Chromium and audit what they make of them.")
]
Chromium = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="The browser to use.", show_default="the system's chromium"),
]
CompareAs = Annotated[
    str,
    typer.Option(
        metavar="BOT", help="Also ask as this search bot (googlebot) and as a browser, and compare.", show_default=False
    ),
]
Mine = Annotated[
    list[str] | None,
    typer.Option(metavar="DOMAIN", help="A domain of your own, for --compare-as; repeatable.", show_default=False),
]

RunIds = Annotated[list[int], typer.Argument(metavar="ID...", help="Numbers of runs, as `auditor runs` lists them.")]
RunId = Annotated[int, typer.Argument(metavar="ID", help="Number of a run, as `auditor runs` lists it.")]
Keep = Annotated[int, typer.Option(min=0, metavar="N", help="Keep the latest so many runs of each site.")]
OlderThan = Annotated[
    float | None,
    typer.Option(min=0, metavar="DAYS", help="Keep also what is not as old as this.", show_default=False),
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Remove them; without this it is only said which.")]
WarcFile = Annotated[
    Path | None, typer.Option("--warc", metavar="FILE", help="Write a WARC file (.warc.gz).", show_default=False)
]
ExportFolder = Annotated[
    Path | None, typer.Option("--folder", metavar="DIR", help="Write plain files and a list.", show_default=False)
]
Source = Annotated[
    Path, typer.Argument(metavar="SOURCE", help="A WARC file, a folder that was exported, or one with a built site.")
]
UrlBase = Annotated[
    str | None,
    typer.Option(metavar="URL", help="Address at which the built site in a folder stands.", show_default=False),
]
