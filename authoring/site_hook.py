"""The functions that MkDocs calls: they choose the site's files, their order and their Markdown.

The site's documents are the folder `chapters/`. Solutions and notebooks are outside it and are
added here, so that the links that work on a code host work on the site too. `site_page` makes the
text.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from authoring.description import description
from authoring.explained import with_ways_back
from authoring.folded import with_folded_sections
from authoring.front_page import make_front_page
from authoring.played import plays_of
from authoring.plots import with_plots
from authoring.site_nav import navigation
from authoring.site_page import make_free_play, make_site_page
from course import Chapter, SourceError, all_chapters
from course.sections import MarkedSource

PLAYGROUND = Path("playground") / "dist"
"""What `make site` has built. A site without it is complete, and nothing on it runs."""

REFERENCE = "reference.md"

LESS_FOUND = {"what-the-graders-catch.md": 0.2, REFERENCE: 0.4, "how-fast-is-it.md": 0.4}
"""Pages that repeat the words of the chapters, and how much less the search thinks of them."""

FOLDED = ("what-the-graders-catch.md",)
"""Pages that are long lists: their sections are folded on the site."""

SERVICE_WORKER = "sw.js"
"""It is at the root of the site, because a service worker sees only what is below it."""

FREE_PLAY = "<!-- playground -->"
"""On a page that belongs to no chapter: the place of an editor with an empty server."""

SITE_ONLY = re.compile(r"^<!-- site-only\n(.*?)^-->$", re.DOTALL | re.MULTILINE)


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Set the navigation, in sections."""
    with _mistakes_end_the_build():
        config.nav = navigation(Path(config.docs_dir), all_chapters(_root(config)))
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add each chapter's notebook, and its solution without the markers."""
    with _mistakes_end_the_build():
        for chapter in all_chapters(_root(config)):
            if not chapter.notebook.is_file():
                problem = "this notebook is not made yet: run `make chapters`"
                raise SourceError(chapter.notebook, 1, problem)
            uri = f"notebooks/{chapter.notebook.name}"
            files.append(File.generated(config, uri, abs_src_path=str(chapter.notebook)))
            if chapter.solution.is_file():  # a student edition may have none
                uri = f"solutions/{chapter.solution.name}"
                text = MarkedSource(chapter.solution).text()
                files.append(File.generated(config, uri, content=text))
    for built in _playground(config):
        name = built.relative_to(_root(config) / PLAYGROUND).as_posix()
        uri = name if name == SERVICE_WORKER else f"playground/{name}"
        files.append(File.generated(config, uri, abs_src_path=str(built)))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Return a page's Markdown as the site shows it, and set what search engines read about it."""
    name, _, rest = page.file.src_uri.partition("/")
    page.meta.setdefault("description", description(markdown))
    if page.file.src_uri in LESS_FOUND:
        page.meta["search"] = {"boost": LESS_FOUND[page.file.src_uri]}
    with _mistakes_end_the_build():
        if rest == "index.md":
            chapter = Chapter(_root(config), name)
            return make_site_page(chapter, plays_of(chapter))
        if page.is_homepage:
            page.meta["hide"] = ["navigation", "toc"]
            return make_front_page(markdown, _root(config), all_chapters(_root(config)))
    if page.file.src_uri in FOLDED:
        markdown = with_folded_sections(markdown)
    markdown = SITE_ONLY.sub(r"\1", markdown)
    markdown = markdown.replace(FREE_PLAY, make_free_play(all_chapters(_root(config))))
    return with_plots(markdown, Path(config.docs_dir))


def on_page_content(html: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Return a page's HTML: on the reference page, each name leads back to its chapter."""
    return with_ways_back(html) if page.file.src_uri == REFERENCE else html


def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str:
    """Return a page of the site with the playground's script and style."""
    if not _playground(config):
        return output
    base = "../" * page.url.count("/") + "playground/"
    head = (
        f'<link rel="stylesheet" href="{base}playground.css">\n'
        f'<script type="module" src="{base}page.js"></script>\n'
    )
    return output.replace("</head>", f"{head}</head>", 1)


def on_post_build(config: MkDocsConfig) -> None:
    """Remove the site map when the site's address is not known: without it, the map is empty."""
    if not config.site_url:
        for name in ("sitemap.xml", "sitemap.xml.gz"):
            (Path(config.site_dir) / name).unlink(missing_ok=True)


def _playground(config: MkDocsConfig) -> list[Path]:
    return sorted(file for file in (_root(config) / PLAYGROUND).rglob("*") if file.is_file())


@contextmanager
def _mistakes_end_the_build() -> Iterator[None]:
    """Turn a `SourceError` into a `PluginError`, which MkDocs prints as one line."""
    try:
        yield
    except SourceError as error:
        raise PluginError(str(error)) from None


def _root(config: MkDocsConfig) -> Path:
    return Path(config.config_file_path).parent
