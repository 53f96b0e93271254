"""The playground in a real browser: every chapter is played, from first block to exercise.

Python takes some seconds to start on each page, so a test does all that it can on one page.
"""

import sys
from collections.abc import Callable, Iterator

import pytest
from browse_pages import COLORS, STICKING_OUT, TOO_WIDE, WCAG, violations
from built_site import CHAPTERS, PHONE, SITE
from playwright.sync_api import Locator, Page, expect

ROOT = SITE.parent
sys.path[:0] = [str(ROOT)]

from authoring.mutants import Mutant, message_file, read_mutants  # noqa: E402
from course import Chapter  # noqa: E402

PATIENCE = 90_000  # ms: a machine that does many other things at the same time
ECHO, RELAY = "ch01_echo_server", "ch06_relay"

OUTPUT_AFTER = "xpath=following-sibling::*[contains(concat(' ', @class, ' '), ' output ')][1]"

REACHES_OUT = """
import js
names = ["caches", "indexedDB", "fetch", "XMLHttpRequest", "WebSocket", "Worker"]
found = [name for name in names if getattr(js, name, None) is not None]
print(found + [name for name in ["serviceWorker", "storage"] if getattr(js.navigator, name, None)])
"""

MANY_LINES = """
count => {
    const form = document.querySelector(".pg-say");
    for (let number = 0; number < count; number++) {
        form.querySelector("input").value = `line ${number}`;
        form.dispatchEvent(new SubmitEvent("submit", { bubbles: true, cancelable: true }));
    }
}
"""

# What a worker needs to load Python is taken away when Python is there.
PYTHON_IS_READY = """new Promise(done => {
    const look = () => typeof fetch === "undefined" ? done() : setTimeout(look, 50);
    look();
})"""

KEEP_WHAT_IS_SAID = """() => {
    window.said = "";
    const status = document.querySelector(".pg-bar .pg-status");
    const look = () => { window.said += status.textContent; };
    const all = { childList: true, characterData: true, subtree: true };
    new MutationObserver(look).observe(status, all);
}"""

FAILING_HELPER = """

def self_said(other, butterfly, data):
    other.write("said: " + data)
"""

NOT_IN_A_BROWSER = {
    "import os; os._exit(1)": "The program ended itself while someone was connected.",
    "raise KeyboardInterrupt": "The program raised KeyboardInterrupt, which ends it.",
    "import threading; threading.Thread(target=print).start()": "can have no threads",
    "butterfly.write(input().encode())": "input() has nothing to read",
    "breakpoint(); butterfly.write(data)": "breakpoint() starts a debugger",
    "open('greeting.txt')": "In a browser there are no files beside yours.",
    "import subprocess; subprocess.run(['ls'])": "a browser has no processes",
    "import time; time.sleep(50000)": "This stops the event loop",
}
"""What stands in the place of `butterfly.write(data)`, and what is said about it."""

Visit = Callable[..., Page]

# What a block shows, recorded or live: the text of its outputs, and all words of its pictures.
SHOWN = """
outputs => outputs.map(output => {
    const words = [...output.querySelectorAll('svg text')].map(text => text.textContent);
    output.querySelectorAll('.pg-places, summary').forEach(other => other.remove());
    return words.length ? words.join('\\n') : output.textContent.trim();
})
"""


@pytest.fixture
def open_page(visit: Visit) -> Iterator[Visit]:
    def open_page(path: str, **options: object) -> Page:
        page = visit(path, **options)
        page.context.set_default_timeout(PATIENCE)
        return page

    expect.set_options(timeout=PATIENCE)
    yield open_page
    expect.set_options(timeout=5_000)


@pytest.mark.parametrize("name", [path.rstrip("/") for path in CHAPTERS])
def test_a_chapter_is_played_from_its_first_block_to_its_exercise(open_page, name):
    page = open_page(f"{name}/")
    recorded = recorded_outputs(page)
    last = page.locator("[data-block]").last
    run(page, int(last.get_attribute("data-block") or 0))
    assert live_outputs(page) == recorded
    steps = page.get_by_role("button", name="Step through").first
    steps.click()
    expect(page.get_by_role("button", name="One step back").first).to_be_visible()

    chapter = Chapter(ROOT, name)
    page.locator(".pg-exercise").scroll_into_view_if_needed()
    check(page)
    expect(page.locator(".pg-task").first.locator(".pg-verdict")).to_have_text("not written yet")
    mutant = a_mutant(chapter)
    write(page, mutant.source)
    check(page)
    said = one_line(message_file(chapter, mutant.name).read_text())
    for part in page.locator(".pg-headline, .pg-section > p").all():
        assert one_line(part.inner_text()) in said
    expect(page.locator(".pg-section").first).to_be_visible()
    write(page, chapter.solution.read_text())
    check(page)
    expect(page.locator(".pg-well-done")).to_be_visible()
    assert set(page.locator(".pg-verdict").all_inner_texts()) == {"passed"}


def test_blocks_are_predicted_edited_stopped_and_reset(open_page):
    page = open_page(f"{ECHO}/")
    asked = page.locator("[data-block][data-predict]").first
    expect(asked.locator(OUTPUT_AFTER)).not_to_be_visible()
    guess = page.get_by_label("What will it show?").first
    guess.fill("nothing at all")
    guess.press("Enter")
    expect(page.locator(".pg-you-said")).to_have_text("You said: nothing at all")

    block = page.locator("[data-block='1']")
    outputs = page.locator(".pg-outputs").first
    page.get_by_role("button", name="Reset block 1").click()
    recorded = outputs_after(block)
    page.get_by_role("button", name="Edit block 1", exact=True).click()
    run_instead(page, "print('<b>bold</b>' * 2)\n1 / 0")
    expect(outputs).to_contain_text("<b>bold</b><b>bold</b>")
    expect(outputs).to_contain_text("ZeroDivisionError: division by zero")
    expect(outputs.get_by_role("button", name="line 2 of block 1")).to_be_visible()
    assert outputs.locator("b").count() == 0

    # Code from a stranger's link runs in here: it finds no network, and no store of the browser.
    run_instead(page, REACHES_OUT)
    expect(outputs).to_contain_text("[]")

    run_instead(page, "n = 0\nwhile True:\n    n += 1")
    expect(outputs).to_contain_text("Stopped after 2 seconds at line")
    # A call into C never comes back by itself: the reader stops it, and Python starts again.
    run_instead(page, "sum(iter(int, 1))")
    page.get_by_role("button", name="Stop block 1").click()
    expect(outputs).to_contain_text("Stopped.")
    run_instead(page, "sum(iter(int, 1))")
    expect(outputs).to_contain_text("Python was inside one call that does not end.")
    run_instead(page, "print(6 * 7)")
    expect(outputs).to_contain_text("42")
    page.get_by_role("button", name="Reset block 1").click()
    assert outputs_after(block) == recorded
    expect(block).to_be_visible()


def test_a_chat_is_held_and_a_link_brings_it_back_without_running_anything(open_page):
    page = open_page(f"{RELAY}/")
    page.locator(".pg-exercise").scroll_into_view_if_needed()
    write(page, (ROOT / "solutions" / f"{RELAY}.py").read_text())
    page.get_by_role("button", name="Talk to it").click()
    join(page, "alice", "Ada")
    join(page, "bob", "Bob")
    say(page, "alice", "<i>grüße</i>")
    bob = page.get_by_role("region", name="bob", exact=True)
    expect(bob.locator(".pg-received-text").last).to_contain_text("Ada: <i>grüße</i>")
    expect(page.locator(".pg-server-log")).to_contain_text("Bob has joined")
    expect(page.locator(".pg-butterflies")).to_contain_text('"Ada"')
    drawn = page.locator(".pg-wire-box[aria-busy='false']")
    drawn.wait_for()
    words = page.locator(".pg-exercise .pg-wire text").all_text_contents()
    assert violations(page, WCAG) == []

    page.get_by_role("button", name="Copy link").click()
    expect(page.locator(".pg-notice")).to_contain_text("The link is copied.")
    link = page.evaluate("navigator.clipboard.readText()")
    write(page, "# my own")
    page.goto("about:blank")
    page.goto(link)
    expect(page.locator(".pg-notice")).to_contain_text("Read the code before you run it.")
    expect(page.locator(".pg-received-text")).to_have_count(0)
    page.get_by_role("button", name="Run it").click()
    expect(bob.locator(".pg-received-text").last).to_contain_text("Ada: <i>grüße</i>")
    drawn.wait_for()
    expect(page.locator(".pg-exercise .pg-wire text")).to_have_text(words)
    page.goto(page.url.partition("#")[0])
    page.reload()
    page.locator(".pg-exercise").scroll_into_view_if_needed()
    page.get_by_role("button", name="Earlier code").click()
    page.locator(".pg-notice .pg-button").first.click()
    expect(page.locator(".pg-main-editor .cm-content")).to_have_text("# my own")


def test_what_a_browser_does_not_have_is_said_in_words_that_are_true_there(open_page):
    page = open_page(f"{ECHO}/")
    page.locator(".pg-exercise").scroll_into_view_if_needed()
    solution = (ROOT / "solutions" / f"{ECHO}.py").read_text()
    for wrong, said in NOT_IN_A_BROWSER.items():
        write(page, solution.replace("butterfly.write(data)", wrong))
        check(page)
        expect(page.locator(".pg-failure")).to_contain_text(said)
    write(page, solution.replace("    main()", "    pass") + "\nmain()\n")
    check(page)
    expect(page.locator(".pg-failure")).to_contain_text("Put main() back below the line")


def test_a_failed_check_is_gone_on_from_in_the_terminals(open_page):
    page = open_page(f"{RELAY}/")
    page.locator(".pg-exercise").scroll_into_view_if_needed()
    solution = (ROOT / "solutions" / f"{RELAY}.py").read_text()
    said = 'other.write(butterfly.nick + b": " + data)'
    write(page, solution.replace(said, "self_said(other, butterfly, data)") + FAILING_HELPER)
    check(page)
    page.get_by_role("button", name="Talk on from there").click()
    mine = page.locator(".pg-exercise")
    place = mine.locator(".pg-server-log .pg-log-error").last
    expect(place).to_contain_text("TypeError: can only concatenate str")
    lines = place.get_by_role("button").all_inner_texts()
    assert len(lines) == 2  # the helper's, and that of its call
    place.get_by_role("button").last.click()
    expect(mine.locator(".pg-wrong-line")).to_contain_text("self_said(other, butterfly, data)")
    assert mine.locator(".pg-terminal[data-state='connected']").count() >= 1


def test_a_picture_opens_where_its_conversation_ended_and_the_reader_goes_on(open_page):
    page = open_page("ch07_who_goes_there/")
    box = page.locator(".picture[data-play]").first
    page.get_by_role("button", name="Open this conversation").first.click()
    opened = page.locator(".pg-opened")
    clients = ["alice", "mute", "alice (2)", "bob", "carol"]
    expect(opened.locator(".pg-terminal strong")).to_have_text(clients)
    second = opened.get_by_role("region", name="alice (2)", exact=True)
    expect(second.locator(".pg-received-text").last).to_contain_text("That name is taken.")
    expect(opened.locator(".pg-wire .row")).to_have_count(box.locator(".row").count())
    expect(box).not_to_be_visible()

    # A server of another panel, at the same time, is another server.
    page.locator(".pg-exercise").scroll_into_view_if_needed()
    page.get_by_role("button", name="Talk to it").click()
    mine = page.locator(".pg-exercise")
    connect(mine, "alice")
    say(opened, "bob", "and now?")
    alice = opened.get_by_role("region", name="alice", exact=True)
    expect(alice.locator(".pg-received-text").last).to_contain_text("bob: and now?")
    expect(mine.locator(".pg-received-text")).not_to_contain_text("and now?")

    opened.get_by_role("button", name="Copy link").click()
    expect(opened.locator(".pg-status").first).to_have_text("The link is copied.")
    link = page.evaluate("navigator.clipboard.readText()")
    assert violations(page, WCAG) == []
    opened.get_by_role("button", name="Close").click()
    expect(box).to_be_visible()

    page.goto(link)
    page.get_by_role("button", name="Run it").click()
    alice = page.get_by_role("region", name="alice", exact=True)
    expect(alice.locator(".pg-received-text").last).to_contain_text("bob: and now?")


def test_a_picture_that_the_reader_made_opens_with_the_readers_server(open_page):
    page = open_page(f"{ECHO}/")
    number = 1 + page.locator("[data-block]").evaluate_all(
        "all => all.findIndex(block => block.textContent.includes('one answer is enough'))"
    )
    page.get_by_role("button", name=f"Edit block {number}", exact=True).click()
    editor = page.locator(".cm-content").first
    source = page.locator(f"[data-block='{number}'] code").text_content()
    write_into(page, editor, source.replace("one answer is enough", "enough, I said"))
    page.get_by_role("button", name=f"Run block {number}", exact=True).click()
    outputs = page.locator(".pg-outputs").nth(number - 1)
    outputs.get_by_role("button", name="Open this conversation").click()
    expect(outputs.locator(".pg-opened .pg-received-text")).to_contain_text("enough, I said")
    outputs.get_by_text("The server's code").click()
    expect(outputs.locator(".pg-opened .cm-content")).to_contain_text("async def once")


def test_the_picture_of_the_first_page_opens_below_the_first_screen(open_page):
    page = open_page("")
    page.get_by_role("button", name="Open this conversation").click()
    opened = page.locator(".first-screen + .pg-opened")
    expect(opened.locator(".pg-received-text").last).to_contain_text("alice has left the room.")
    say(opened, "bob", "still here")
    expect(opened.locator(".pg-typed").last).to_contain_text("still here")


@pytest.mark.chromium(
    "Firefox tells its tests of no worker, and pages not how much memory there is"
)
def test_a_spare_python_takes_the_place_of_one_that_hangs(open_page):
    page = open_page(f"{ECHO}/")
    page.evaluate("Object.defineProperty(navigator, 'deviceMemory', { value: 8 })")
    page.get_by_role("button", name="Edit block 1", exact=True).click()
    run_instead(page, "print('first')")
    outputs = page.locator(".pg-outputs").first
    expect(outputs).to_contain_text("first")
    page.wait_for_event("worker")  # nothing is asked for: there is time for a spare
    page.workers[-1].evaluate(PYTHON_IS_READY)
    page.evaluate(KEEP_WHAT_IS_SAID)
    run_instead(page, "sum(iter(int, 1))")
    expect(outputs).to_contain_text("Python was inside one call that does not end.")
    run_instead(page, "print('second')")
    expect(outputs).to_contain_text("second")
    assert "Loading" not in page.evaluate("window.said")


def test_a_link_that_is_broken_says_so(open_page):
    page = open_page(f"{RELAY}/#play=abcdef")
    expect(page.get_by_role("alert").first).to_contain_text("This link is broken")
    expect(page.locator(".cm-content")).to_be_visible()


def test_a_draft_that_is_in_doubt_gets_a_sentence_and_is_never_lost(open_page, saved):
    page = open_page(f"{ECHO}/")
    page.locator(".pg-exercise").scroll_into_view_if_needed()
    write(page, "# mine")
    other = page.context.new_page()
    other.goto(page.url)
    other.locator(".pg-exercise").scroll_into_view_if_needed()
    expect(other.locator(".pg-main-editor")).to_contain_text("# mine")
    write(other, "# of the other tab")
    expect(page.locator(".pg-notice")).to_contain_text("Another tab has changed this exercise.")
    expect(page.locator(".pg-main-editor")).to_contain_text("# mine")
    page.get_by_role("button", name="Take that text").click()
    expect(page.locator(".pg-main-editor")).to_contain_text("# of the other tab")
    write(page, "# mine, again")
    write(other, "# of the other tab, again")
    expect(page.locator(".pg-notice")).to_contain_text("Another tab has changed this exercise.")
    other.close()
    write(page, "# written over it")
    page.get_by_role("button", name="Earlier code").click()
    page.locator(".pg-notice .pg-button").first.click()
    expect(page.locator(".pg-main-editor")).to_contain_text("# of the other tab, again")

    page.evaluate(
        "name => { const key = `workbook:draft:${name}`;"
        "const kept = JSON.parse(localStorage.getItem(key));"
        "localStorage.setItem(key, JSON.stringify({ ...kept, starter: 'of old' })); }",
        ECHO,
    )
    page.reload()
    page.locator(".pg-exercise").scroll_into_view_if_needed()
    expect(page.locator(".pg-notice")).to_contain_text("The starter has changed since you began.")
    expect(page.locator(".pg-main-editor")).to_contain_text("# of the other tab")

    write(page, "# mine again")
    page.get_by_role("button", name="Last chapter's solution").click()
    expect(page.locator(".pg-main-editor")).to_contain_text("Chapter 0")
    page.reload()
    page.locator(".pg-exercise").scroll_into_view_if_needed()
    page.get_by_role("button", name="Earlier code").click()
    page.locator(".pg-notice .pg-button").first.click()
    expect(page.locator(".pg-main-editor .cm-content")).to_have_text("# mine again")

    page.add_init_script("Storage.prototype.setItem = () => { throw new Error('full') }")
    page.reload()
    page.locator(".pg-exercise").scroll_into_view_if_needed()
    write(page, "# nowhere to keep this")
    expect(page.locator(".pg-notice")).to_contain_text("Your browser keeps nothing for this page")
    download = page.get_by_role("button", name="Download")
    assert saved(page, download.click) == (f"{ECHO}.py", "# nowhere to keep this")


def test_a_draft_that_differs_from_the_file_in_work_leaves_the_choice(open_page):
    page = open_page(f"{ECHO}/")
    page.context.route("**/work/*.py", lambda route: route.fulfill(body="# from work"))
    page.goto(f"{page.url}?work=1")  # as `workbook play` does
    page.locator(".pg-exercise").scroll_into_view_if_needed()
    editor = page.locator(".pg-main-editor .cm-content")
    expect(editor).to_have_text("# from work")
    expect(page.locator(".pg-notice")).to_contain_text("This is your file work/")
    write(page, "# written here")
    page.reload()
    page.locator(".pg-exercise").scroll_into_view_if_needed()
    expect(page.locator(".pg-notice")).to_contain_text("differs from what this browser has kept")
    expect(editor).to_have_text("# written here")
    page.get_by_role("button", name="Take the file").click()
    expect(editor).to_have_text("# from work")
    page.get_by_role("button", name="Earlier code").click()
    page.locator(".pg-notice .pg-button").first.click()
    expect(editor).to_have_text("# written here")


def test_the_exercise_is_done_with_the_keyboard_and_survives_a_reload(open_page):
    page = open_page(f"{ECHO}/")
    page.locator(".pg-exercise").scroll_into_view_if_needed()
    page.locator(".cm-content").focus()
    page.keyboard.press("Control+Enter")
    hint = page.get_by_role("button", name="Hint for task 1.1")
    expect(hint).to_be_visible()
    page.keyboard.press("Escape")
    for _ in range(20):
        page.keyboard.press("Tab")
        if hint.evaluate("button => button === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(page.locator(".pg-hints li")).to_have_count(1)
    write(page, (ROOT / "solutions" / f"{ECHO}.py").read_text())
    check(page)

    page.reload()
    tick = page.locator(".md-nav--primary .pg-tick")
    expect(tick).to_have_count(1)
    expect(tick).to_have_attribute("aria-label", "passed")
    page.locator(".pg-exercise").scroll_into_view_if_needed()
    expect(page.locator(".cm-content")).to_contain_text("Goodbye.")
    page.get_by_role("button", name="Reset", exact=True).click()
    expect(page.locator(".cm-content")).to_contain_text("NotImplementedError")
    page.get_by_role("button", name="Bring mine back").click()
    expect(page.locator(".cm-content")).not_to_contain_text("NotImplementedError")

    page.get_by_role("button", name="Progress").click()
    expect(page.get_by_label("Your progress")).to_have_value("progress-1:1.1,1.2:1")
    page.get_by_label("A line from elsewhere").fill("progress-1:0.1,0.2,2.1:0")
    page.get_by_role("button", name="Take it").click()
    expect(tick).to_have_count(2)


def test_the_page_of_no_chapter_serves_any_solution_also_without_a_network(open_page):
    page = open_page("playground/", service_workers="allow")
    page.get_by_label("Start with").select_option("ch02_custom_handler")
    expect(page.locator(".cm-content")).to_contain_text("Chapter 2")
    page.get_by_role("button", name="Bring mine back").click()
    page.get_by_role("button", name="Talk to it").click()
    connect(page, "alice")
    say(page, "alice", "hello")
    received = page.locator(".pg-received-text")
    expect(received).to_contain_text("You said: hello")
    page.evaluate(MANY_LINES, 500)
    expect(received.last).to_contain_text("You said: line 499")
    expect(page.locator(".pg-log").first).to_contain_text("Earlier lines are left out.")
    expect(page.locator(".pg-row-said")).to_contain_text("You said: line 499")
    assert page.locator(".pg-log > *").count() < 500
    page.locator("html[data-offline='ready']").wait_for()
    page.context.set_offline(True)
    page.reload()
    page.get_by_role("button", name="Talk to it").click()
    connect(page, "bob")
    say(page, "bob", "who is there?")
    expect(received).to_contain_text("You said: who is there?")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_playground_is_accessible_and_fits_a_phone(open_page, scheme):
    page = open_page(f"{ECHO}/", scheme=scheme, viewport=PHONE)
    page.locator(".pg-exercise").scroll_into_view_if_needed()
    write(page, "async def serve(bind, ssl_options)\n    pass\n")
    check(page)
    page.get_by_role("button", name="Talk to it").click()
    expect(page.locator(".pg-trouble")).to_contain_text("expected ':'")
    write(page, (ROOT / "solutions" / f"{ECHO}.py").read_text())
    page.get_by_role("button", name="Restart").click()
    connect(page, "alice")
    page.locator(".pg-more summary").first.click()
    assert violations(page, WCAG) == []
    assert violations(page, COLORS) == []
    assert page.evaluate(TOO_WIDE) == 0
    assert page.evaluate(STICKING_OUT) == []


def a_mutant(chapter: Chapter) -> Mutant:
    return next(m for m in read_mutants(chapter) if m.world == "child" and m.deadline is None)


def one_line(text: str) -> str:
    return " ".join(text.replace("`", "").split())


def outputs_after(block: Locator) -> list[str]:
    return [text.strip() for text in block.locator(OUTPUT_AFTER).all_text_contents()]


def recorded_outputs(page: Page) -> list[list[str]]:
    return page.locator("[data-block]").evaluate_all(f"""
        blocks => blocks.map(block => {{
            const outputs = [];
            let next = block.nextElementSibling;
            while (next && (next.matches('.pg-bar, .pg-outputs, .output, .new-lines'))) {{
                if (next.matches('.output')) outputs.push(next);
                next = next.nextElementSibling;
            }}
            return ({SHOWN})(outputs);
        }})
    """)


def live_outputs(page: Page) -> list[list[str]]:
    return page.locator(".pg-outputs").evaluate_all(
        f"all => all.map(each => ({SHOWN})([...each.querySelectorAll('.pg-live')]))"
    )


def run(page: Page, number: int) -> None:
    page.get_by_role("button", name=f"Run block {number}", exact=True).click()
    page.locator(".pg-outputs").nth(number - 1).and_(page.locator("[data-state]")).wait_for()


def write(page: Page, text: str) -> None:
    write_into(page, page.locator(".pg-main-editor .cm-content"), text)


def write_into(page: Page, editor: Locator, text: str) -> None:
    page.bring_to_front()
    editor.focus()
    page.keyboard.press("Control+a")
    page.evaluate("text => navigator.clipboard.writeText(text)", text)
    page.keyboard.press("Control+v")


def check(page: Page) -> None:
    page.locator(".pg-sentence, .pg-check p").evaluate_all("all => all.forEach(e => e.remove())")
    page.get_by_role("button", name="Check", exact=True).click()
    page.locator(".pg-sentence").wait_for()
    page.get_by_role("button", name="Check", exact=True).wait_for()


def run_instead(page: Page, source: str) -> None:
    write_into(page, page.locator(".cm-content").first, source)
    page.keyboard.press("Control+Enter")


def connect(page: Page | Locator, name: str) -> None:
    page.get_by_role("button", name=f"Connect {name}").click()
    expect(page.get_by_role("textbox", name=f"{name} says")).to_be_enabled()


def join(page: Page, name: str, nick: str) -> None:
    connect(page, name)
    say(page, name, nick)


def say(page: Page | Locator, name: str, line: str) -> None:
    field = page.get_by_role("textbox", name=f"{name} says")
    field.fill(line)
    field.press("Enter")
