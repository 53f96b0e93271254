"""`workbook play`: open a chapter's page in the browser, where it can be run and written.

The built site is served on this machine alone, and with it the learner's file, which the page takes
as a draft. Nothing that a page sends is stored.
"""

from __future__ import annotations

import webbrowser
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import click

from course import Chapter
from workbook.checkout.project import short_path

HOST = "127.0.0.1"


def play(project: Path, chapter: Chapter, port: int, opens: bool) -> None:
    """Serve the site until Ctrl-C, and open the chapter's page if `opens`.

    Raises click.ClickException when the site is not built or the port is taken.
    """
    try:
        server = serve_site(project, port)
    except OSError as error:
        raise click.ClickException(
            f"Port {port} on {HOST} cannot be used: {error.strerror}. Choose another: --port 0 "
            "takes any free port."
        ) from error
    address = f"http://{HOST}:{server.server_port}/{chapter.name}/?work=1"
    click.echo(f"{address}\nCtrl-C stops it.")
    if opens:
        webbrowser.open(address)
    with server:
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            click.echo()


def serve_site(project: Path, port: int) -> ThreadingHTTPServer:
    """Return a server of the built site and of work/, on loopback. Port 0 is any that is free.

    Raises click.ClickException when the site is not built, and OSError when the port is taken.
    """
    site = project / "site"
    if (site / "playground" / "page.js").is_file():
        return ThreadingHTTPServer((HOST, port), partial(_Handler, project, directory=str(site)))
    raise click.ClickException(
        f"There is no playground in {short_path(site)} yet. Build it, which needs npm: make site"
    )


class _Handler(SimpleHTTPRequestHandler):
    """Serves the site, and the chapters' files of work/. Says nothing."""

    def __init__(self, project: Path, *given: object, directory: str) -> None:
        self._project = project
        super().__init__(*given, directory=directory)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        """Answer with a learner's file, or with a file of the site."""
        name = self.path.removeprefix("/work/")
        if name == self.path:
            super().do_GET()
            return
        chapter = Chapter(self._project, Path(name).stem)
        is_there = name == f"{chapter.name}.py" and chapter.work.is_file()
        data = chapter.work.read_bytes() if is_there else b""
        self.send_response(200 if is_there else 204)
        self.send_header("Content-Type", "text/x-python; charset=utf-8")
        self.send_header("Cache-Control", "no-store")
        if is_there:
            self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing."""
