"""What MkDocs calls: which files are on the site, in which order, and what a page's Markdown is.

The site's documents are the folder `chapters/`. Solutions and notebooks lie outside of it and are
added here, so that the links that work on a code host work on the site too. All that makes text is
in `site_page`.
"""

from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from authoring.chapters import Chapter, find_chapters
from authoring.errors import SourceError
from authoring.marked_source import MarkedSource
from authoring.site_page import make_site_page


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """In the navigation the chapters come after the first page, and what is in no chapter last."""
    chapters = [f"{chapter.name}/index.md" for chapter in _chapters(config)]
    others = sorted({file.name for file in Path(config.docs_dir).glob("*.md")} - {"index.md"})
    config.nav = ["index.md", *chapters, *others]
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Adds each chapter's notebook, and its solution without the markers."""
    for chapter in _chapters(config):
        files.append(
            _file(config, f"notebooks/{chapter.notebook.name}", chapter.notebook.read_text("utf-8"))
        )
        files.append(
            _file(
                config, f"solutions/{chapter.solution.name}", MarkedSource(chapter.solution).text()
            )
        )
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """A chapter's page gets its outputs and frames; any other page stays as it is."""
    name, _, rest = page.file.src_uri.partition("/")
    if rest != "index.md":
        return markdown
    try:
        return make_site_page(Chapter(_root(config), name))
    except SourceError as error:
        raise PluginError(str(error)) from None


def _chapters(config: MkDocsConfig) -> list[Chapter]:
    try:
        return find_chapters(_root(config))
    except SourceError as error:
        raise PluginError(str(error)) from None


def _root(config: MkDocsConfig) -> Path:
    return Path(config.config_file_path).parent


def _file(config: MkDocsConfig, uri: str, content: str) -> File:
    return File.generated(config, uri, content=content)
