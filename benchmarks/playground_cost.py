"""What the playground costs a reader, beside a bare page with Pyodide, in the same run.

    make site && .venv/bin/python benchmarks/playground_cost.py

Both pages are served from here, without a network in between, and opened in the Chromium that is
installed, each time in a fresh profile. The figures: from the click to the first output; the weight
over the wire, compressed as a host would, of a first visit that runs a block and checks an
exercise, and of the next visit; from Check to the verdict, for each chapter's solution, with the
ten seeds of a check, once Python is there; the frames that the page loses while 1,000 messages
cross the wire, beside those that the bare page loses while nothing happens there; and what the page
holds in memory after many messages and many runs of a block.

The figures count on a machine that does nothing else: the first line says how busy it was.
"""

from __future__ import annotations

import gzip
import os
import shutil
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

ROOT = Path(__file__).parents[1]
SITE = ROOT / "site"
ROUNDS = 5
CHECKS = 3
MESSAGES = 1000
AT_ONCE = 10  # messages in each frame
MANY_MESSAGES, MANY_RUNS = 10_000, 50
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
PATIENCE = 180_000  # ms

LIST_OF_PACKAGES = "/playground/pyodide/pyodide-lock.json"

BARE = """\
<!doctype html><meta charset="utf-8"><title>bare</title><button>Run</button><pre></pre>
<script type="module">
document.querySelector("button").onclick = async () => {
  const { loadPyodide } = await import("/playground/pyodide/pyodide.mjs");
  const python = await loadPyodide({ indexURL: "/playground/pyodide/" });
  document.querySelector("pre").textContent = python.runPython("str(6 * 7)");
};
</script>
"""
COUNT_FRAMES = """
() => {
  window.frames_lost = window.frames = 0;
  let before = performance.now();
  const look = now => {
    const passed = Math.max(1, Math.round((now - before) / (1000 / 60)));
    window.frames += passed;
    window.frames_lost += passed - 1;
    before = now;
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}
"""
# As many messages in each frame as are asked for, typed by alice: what comes back is waited for.
SAY = """
([count, at_once]) => {
  const form = document.querySelector(".pg-say");
  let number = 0;
  const more = () => {
    for (let left = at_once; left && number < count; left--, number++) {
      form.querySelector("input").value = `line ${number}`;
      form.dispatchEvent(new SubmitEvent("submit", { bubbles: true, cancelable: true }));
    }
    if (number < count) requestAnimationFrame(more);
  };
  more();
}
"""


class _Handler(SimpleHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path != "/bare.html":
            super().do_GET()
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(BARE.encode())

    def translate_path(self, path: str) -> str:
        if path == LIST_OF_PACKAGES:  # the bare page asks for it, as any page with Pyodide does
            return str(ROOT / "playground" / "node_modules" / "pyodide" / "pyodide-lock.json")
        return super().translate_path(path)

    def log_message(self, format: str, *arguments: object) -> None:
        pass


@contextmanager
def served() -> Iterator[str]:
    """Serve the site and the bare page, and yield their address."""
    handler = partial(_Handler, directory=str(SITE))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


@contextmanager
def fresh_page(browser: Any, workers: str = "block") -> Iterator[Any]:
    """Yield a page in a profile that has seen nothing."""
    context = browser.new_context(service_workers=workers)
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()


def first_output(page: Any, address: str, is_bare: bool) -> float:
    """Return the seconds from the click to the first output."""
    page.goto(address + ("bare.html" if is_bare else "ch00_warm_up/"))
    page.get_by_role("button", name="Run" if is_bare else "Run block 1", exact=True).click()
    begun = time.perf_counter()
    page.locator("pre:not(:empty)" if is_bare else ".pg-outputs[data-state]").first.wait_for()
    return time.perf_counter() - begun


def check(page: Any) -> float:
    """Return the seconds from the click on Check to the verdict."""
    page.locator(".pg-sentence").evaluate_all("all => all.forEach(one => one.remove())")
    page.get_by_role("button", name="Check", exact=True).click()
    begun = time.perf_counter()
    page.locator(".pg-sentence").wait_for()
    return time.perf_counter() - begun


def write(page: Any, text: str) -> None:
    """Replace the text in the exercise's editor."""
    page.locator(".pg-exercise").scroll_into_view_if_needed()
    page.locator(".pg-main-editor .cm-content").focus()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(text)


def weights(browser: Any, address: str) -> tuple[int, int]:
    """Return the compressed bytes of a first visit with a check, and of the next visit."""
    seen: list[int] = []

    def note(response: Any) -> None:
        if not response.from_service_worker and response.url.startswith(address):
            seen.append(len(gzip.compress(response.body())))

    def visit(page: Any) -> int:
        seen.clear()
        first_output(page, address, is_bare=False)
        page.locator(".pg-exercise").scroll_into_view_if_needed()
        page.locator(".cm-content").wait_for()
        check(page)
        return sum(seen)

    with fresh_page(browser, "allow") as page:
        page.on("response", note)
        cold = visit(page)
        page.locator("html[data-offline]").wait_for()
        return cold, visit(page)


def verdicts(browser: Any, address: str) -> Iterator[tuple[str, float]]:
    """Yield each chapter with the seconds that a check of its solution takes: the median of some.

    The first is left out, because it fetches and imports the graders.
    """
    for solution in sorted((ROOT / "solutions").glob("ch*.py")):
        with fresh_page(browser) as page:
            page.goto(f"{address}{solution.stem}/")
            write(page, solution.read_text(encoding="utf-8"))
            check(page)
            yield solution.stem, statistics.median(check(page) for _ in range(CHECKS))


def open_server(page: Any, address: str) -> None:
    """Open the page of no chapter, start its echo server, and connect alice."""
    page.goto(f"{address}playground/")
    page.get_by_role("button", name="Talk to it").click()
    page.get_by_role("button", name="Connect alice").click()
    page.get_by_role("textbox", name="alice says").click()
    say(page, 1)


def say(page: Any, count: int) -> float:
    """Say so many lines, and return the seconds until the last one is answered and drawn."""
    begun = time.perf_counter()
    page.evaluate(SAY, [count, AT_ONCE])
    last = f"You said: line {count - 1}"
    page.locator(".pg-received-text").get_by_text(last, exact=True).last.wait_for()
    page.locator(".pg-wire-box[aria-busy=false]").wait_for()
    return time.perf_counter() - begun


def frames_lost(page: Any) -> float:
    """Return the share of frames that were lost since COUNT_FRAMES."""
    return float(page.evaluate("window.frames_lost / window.frames"))


def lost_frames(browser: Any, address: str) -> tuple[float, float, float]:
    """Return the share of frames lost while an echo server answers, on a bare page, and seconds."""
    with fresh_page(browser) as page, fresh_page(browser) as bare:
        open_server(page, address)
        page.evaluate(COUNT_FRAMES)
        seconds = say(page, MESSAGES)
        ours = frames_lost(page)
        bare.goto(f"{address}bare.html")
        bare.bring_to_front()
        bare.evaluate(COUNT_FRAMES)
        bare.wait_for_timeout(seconds * 1000)
        return ours, frames_lost(bare), seconds


def held(page: Any) -> tuple[int, int]:
    """Return the bytes of objects that the page holds after its garbage is collected, and nodes."""
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    session.send("Performance.enable")
    found = session.send("Performance.getMetrics")["metrics"]
    metrics = {metric["name"]: metric["value"] for metric in found}
    session.detach()
    return int(metrics["JSHeapUsedSize"]), int(metrics["Nodes"])


def growth(browser: Any, address: str) -> Iterator[tuple[str, tuple[int, int], tuple[int, int]]]:
    """Yield what was done, and what the page held before it and after it."""
    with fresh_page(browser) as page:
        open_server(page, address)
        say(page, MESSAGES)
        before = held(page)
        say(page, MANY_MESSAGES)
        yield f"{MANY_MESSAGES:,} messages", before, held(page)
    with fresh_page(browser) as page:
        first_output(page, address, is_bare=False)
        before = held(page)
        for _ in range(MANY_RUNS):
            page.get_by_role("button", name="Run block 1", exact=True).click()
            page.get_by_role("button", name="Run block 1", exact=True).wait_for()
        yield f"{MANY_RUNS} runs of a block", before, held(page)


def main() -> int:
    """Print the figures. Returns 0, also when there is nothing to measure here."""
    found = [path for path in map(shutil.which, BROWSERS) if path]
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        found = []
    if not found or not (SITE / "playground" / "page.js").is_file():
        print("Not measured: this needs `make site`, all of requirements.txt, and Chromium.")
        return 0
    with served() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found[0], args=["--no-sandbox"])
        print(f"busy: {os.getloadavg()[0]:.1f} of {os.cpu_count()} processors")
        times: dict[bool, list[float]] = {True: [], False: []}
        for _ in range(ROUNDS):
            for is_bare, measured in times.items():
                with fresh_page(browser) as page:
                    measured.append(first_output(page, address, is_bare))
        bare, ours = (statistics.median(measured) for measured in times.values())
        print(f"click to first output: {ours:.1f} s, bare Pyodide {bare:.1f} s: {ours / bare:.2f}")
        cold, next_time = weights(browser, address)
        print(f"over the wire, compressed: {cold / 1e6:.2f} MB first, {next_time} bytes next time")
        for chapter, seconds in verdicts(browser, address):
            print(f"Check to verdict, {chapter}: {seconds:.2f} s")
        lost, lost_bare, seconds = lost_frames(browser, address)
        print(f"{MESSAGES:,} messages: {seconds:.1f} s, {lost:.1%} of frames lost", end="")
        print(f", {lost_bare:.1%} on a bare page")
        for what, (heap, nodes), (heap_after, nodes_after) in growth(browser, address):
            print(
                f"{what}: {heap / 1e6:.1f} MB held before, {heap_after / 1e6:.1f} MB after", end=""
            )
            print(f"; {nodes:,} nodes before, {nodes_after:,} after")
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
