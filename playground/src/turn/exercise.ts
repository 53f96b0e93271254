/* "Your turn": the chapter's exercise, with its editor, its check and its hints. */

import { button, el, withCode } from "../dom";
import type { Editor } from "../editor";
import { type Python, Stopped } from "../engine";
import { keep, progress } from "../progress";
import { progressLine, takeProgressLine } from "../progress_line";
import type { Conversation, Report } from "../protocol";
import { linkTo, type Shared } from "../share";
import * as storage from "../storage";
import { Talk } from "../talk/talk";
import { Wire } from "../talk/wire";
import { EMPTY_SERVER } from "./empty_server";
import { Draft } from "./draft";
import { taskList, whatToFix } from "./report";

export class Exercise {
  private editor!: Editor;
  private draft!: Draft;
  private readonly chapter: string;
  /** Whether this is the page of no chapter. */
  private readonly isFree: boolean;
  /** There, the chapters whose solution can be taken: none, in a student edition. */
  private readonly solutions: string[];
  private readonly notices = el("div", { class: "pg-notices", role: "status" });
  private readonly status = el("span", { class: "pg-status", role: "status" });
  private readonly verdict = el("section", { class: "pg-check", "aria-label": "The result of the check", "aria-live": "polite" });
  private readonly checkButton: HTMLButtonElement;
  private readonly talkButton: HTMLButtonElement;
  private readonly talkPlace = el("div");
  private talk: Talk | undefined;
  private isChecking = false;
  /** What another tab has written, until something is written here. */
  private ofOtherTab: string | undefined;

  constructor(
    private readonly place: HTMLElement,
    private readonly python: Python,
    private readonly site: URL,
  ) {
    this.chapter = place.dataset["chapter"]!;
    this.isFree = "solutions" in place.dataset;
    this.solutions = (place.dataset["solutions"] ?? "").split(" ").filter(Boolean);
    this.checkButton = button("Check", () => void this.check(), { class: "pg-button pg-run" });
    this.talkButton = button("Talk to it", () => this.openTalk().restart());
    python.onChange((state, loaded) => {
      if (!this.isChecking) return;
      if (state === "loading") this.say(`Loading, ${Math.round(loaded * 100)} %`, loaded);
      if (state === "busy") this.say("Checking");
    });
  }

  /** Shows the exercise. It fetches the starter and the editor. */
  async open(): Promise<void> {
    const [{ makeEditor }, starter] = await Promise.all([
      import("../editor"),
      this.starter(),
    ]);
    this.draft = new Draft(this.chapter, starter);
    storage.onTrouble((sentence) => this.notice(sentence));
    this.editor = makeEditor({
      text: this.draft.text,
      label: `Your code, ${this.chapter}.py`,
      run: () => void (this.isFree ? this.openTalk().restart() : this.check()),
      changed: (text) => this.keep(text),
    });
    const lead = "Write it here, and press Check. It stays in this browser. Or use your own editor, as described above.";
    this.place.replaceChildren(
      this.isFree ? "" : el("p", {}, lead),
      el("div", { class: "pg-panel" },
        el("div", { class: "pg-toolbar" },
          el("span", { class: "pg-file" }, `${this.isFree ? "" : "work/"}${this.chapter}.py`),
          this.isFree ? this.choice() : this.checkButton,
          this.talkButton,
          this.status,
          this.menu(),
        ),
        this.notices,
        el("div", { class: "pg-editor pg-main-editor" }, this.editor.element),
        el("div", { class: "pg-beside" }, this.verdict, this.talkPlace),
      ),
    );
    if (this.draft.isOlder) {
      this.notice("The starter has changed since you began. Your code is as you left it. Reset starts with the new one.");
    }
    this.draft.onOtherTab((text) => {
      if (text === this.editor.text()) return;
      this.ofOtherTab = text;
      const theirs = button("Take that text", () => {
        this.ofOtherTab = undefined;
        this.replaceWith(text, "This is the text of the other tab.");
      });
      this.notice("Another tab has changed this exercise. What you change here replaces that, and that is then kept under Earlier code.", theirs);
    });
    this.showKept();
    if (new URLSearchParams(location.search).has("work")) await this.compareWithWork();
  }

  /* `workbook play` serves the learner's file too. What is kept here and what is there may differ. */
  private async compareWithWork(): Promise<void> {
    const text = await this.fetch(`work/${this.chapter}.py`);
    if (!text || text === this.editor.text()) return;
    if (!this.draft.isKept) {
      this.replaceWith(text, `This is your file work/${this.chapter}.py. What you change here stays in this browser: download it to keep it there.`);
      return;
    }
    const take = button("Take the file", () => this.replaceWith(text, "This is your file now."));
    this.notice(`Your file work/${this.chapter}.py differs from what this browser has kept, which you see here.`, take);
  }

  /** Shows the code and the conversation of a link. Nothing runs before the reader says so. */
  openShared(shared: Shared): void {
    this.openTalk().prepare(shared);
    const run = button("Run it", () => this.talk!.replay(shared.actions), { class: "pg-button pg-run" });
    this.replaceWith(shared.source, "This code and its conversation came with the link. Read the code before you run it.", run);
    this.place.scrollIntoView({ block: "start" });
  }

  private openTalk(): Talk {
    if (!this.talk) {
      this.talk = new Talk(this.python, {
        name: this.chapter,
        source: () => this.editor.text(),
        goTo: (line) => this.goTo(line),
        share: (conversation) => void this.share(conversation),
      });
      this.talkPlace.replaceChildren(this.talk.element);
    }
    return this.talk;
  }

  private async share(conversation: Conversation): Promise<void> {
    const shared: Shared = { version: 1, chapter: this.chapter, source: this.editor.text(), ...conversation };
    const link = await linkTo(location.href, shared);
    try {
      await navigator.clipboard.writeText(link);
      this.notice("The link is copied. Whoever opens it sees this code and this conversation.");
    } catch {
      const field = el("input", { type: "text", readonly: true, value: link, "aria-label": "The link" });
      this.notice("Copy this link:", field);
      field.select();
    }
  }

  goTo(line: number): void {
    this.editor.mark(line);
    this.editor.goTo(line);
  }

  private menu(): HTMLElement {
    const before = this.place.dataset["before"];
    const upload = el("input", { type: "file", accept: ".py,text/x-python", hidden: true, on: { change: () => void this.upload(upload) } });
    const items = [
      this.wholeWindow(),
      button("Reset", () => this.reset()),
      button("Earlier code", () => this.offerEarlier()),
      before && button("Last chapter's solution", () => void this.take(`solutions/${before}.py`)),
      button("Download", () => this.download()),
      button("Progress", () => this.carry()),
      button("Upload", () => upload.click()),
    ];
    return el("div", { class: "pg-menu" }, ...items.filter((item): item is HTMLButtonElement => !!item), upload);
  }

  private wholeWindow(): HTMLButtonElement {
    const whole = button("Whole window", () => toggle());
    const toggle = (): void => {
      const is = this.place.querySelector(".pg-panel")!.classList.toggle("pg-whole");
      document.body.style.overflow = is ? "hidden" : "";
      for (const other of othersThan(this.place)) other.inert = is;
      whole.textContent = is ? "Back to the page" : "Whole window";
      whole.setAttribute("aria-pressed", String(is));
    };
    return whole;
  }

  private async check(): Promise<void> {
    if (this.isChecking) {
      this.python.stop("The check was stopped.");
      return;
    }
    this.isChecking = true;
    this.checkButton.textContent = "Stop";
    this.editor.mark(0);
    const source = this.editor.text();
    try {
      const request = { ask: "check", chapter: this.chapter, source } as const;
      const report = await this.python.ask(request, (news) => this.verdict.replaceChildren(taskList(news.tasks)));
      if ("trouble" in report) this.verdict.replaceChildren(el("pre", {}, report.trouble));
      else this.show(report);
    } catch (error) {
      if (!(error instanceof Stopped)) throw error;
      this.verdict.replaceChildren(el("p", {}, error.message));
    } finally {
      this.isChecking = false;
      this.checkButton.textContent = "Check";
      this.say("");
    }
  }

  private show(report: Report): void {
    keep(this.chapter, report.tasks);
    const shown: Node[] = [taskList(report.tasks), el("p", { class: "pg-sentence" }, report.sentence)];
    if (report.passed) shown.push(...this.wellDone());
    else shown.push(this.help(report), ...whatToFix(report));
    this.verdict.replaceChildren(...shown);
    this.editor.mark(report.first?.line ?? 0);
  }

  private wellDone(): Node[] {
    const next = document.querySelector<HTMLAnchorElement>(".md-footer__link--next");
    const nextTitle = next?.querySelector(".md-ellipsis")?.textContent?.trim();
    return [
      el("p", { class: "pg-well-done" }, `Chapter ${Number(this.chapter.slice(2, 4))} has passed.`),
      next && nextTitle ? el("p", {}, "Next: ", el("a", { href: next.href }, nextTitle)) : el("span"),
    ];
  }

  /* What the reader can do about a failure. */
  private help(report: Report): HTMLElement {
    const { task, line, picture, conversation } = report.first!;
    const given = el("ol", { class: "pg-hints" });
    const more = button(`Hint for task ${task}`, async () => {
      more.disabled = true;
      try {
        const hint = await this.python.ask({ ask: "hint", chapter: this.chapter, task });
        given.append(el("li", {}, ...withCode(hint)));
      } catch (error) {
        given.append(el("li", {}, String((error as Error).message)));
      } finally {
        more.disabled = false;
        more.focus();
      }
    });
    const there = line > 0 && button(`Go to line ${line}`, () => this.goTo(line));
    const drawn = el("div");
    const steps = picture && button("Step through the conversation", () => {
      const wire = new Wire("The conversation that went wrong");
      drawn.replaceChildren(wire.element);
      wire.show(picture, 0);
    });
    const again = conversation && button("Talk on from there", () => this.goOn(conversation));
    return el("div", { class: "pg-help" }, el("div", { class: "pg-actions" }, more, there, steps, again), given, drawn);
  }

  /* Holds a conversation with the code as it is now, for the reader to go on. */
  private goOn(conversation: Conversation): void {
    const talk = this.openTalk();
    talk.prepare(conversation);
    talk.replay(conversation.actions);
    talk.element.scrollIntoView({ block: "nearest" });
  }

  /* Shows what was passed in earlier visits. */
  private showKept(): void {
    const kept = progress()[this.chapter];
    if (!kept) return;
    const passed = Object.entries(kept).filter(([, is]) => is).map(([id]) => id);
    if (passed.length) this.say(`Passed so far: ${passed.join(", ")}`);
  }

  private reset(): void {
    void this.starter().then((starter) => {
      this.replaceWith(starter, "This is the starter again.");
      this.draft.reset();
    });
  }

  private async take(file: string): Promise<void> {
    this.replaceWith(await this.fetch(file), "This is our solution of the chapter before. It has none of this chapter's tasks.");
  }

  /* Without a chapter of its own, the editor starts with an empty server or with any solution. */
  private choice(): HTMLElement | string {
    if (!this.solutions.length) return "";
    const select = el("select", { id: "pg-choice", class: "pg-choice" },
      el("option", { value: "" }, "an empty server"),
      ...this.solutions.map((name) => el("option", { value: name }, `chapter ${Number(name.slice(2, 4))}: ${name.slice(5).replaceAll("_", " ")}`)));
    select.addEventListener("change", async () => {
      const text = select.value ? await this.fetch(`solutions/${select.value}.py`) : EMPTY_SERVER;
      this.replaceWith(text, "Your code was replaced.");
    });
    return el("span", { class: "pg-row" }, el("label", { for: select.id }, "Start with"), select);
  }

  private starter(): Promise<string> {
    return this.isFree ? Promise.resolve(EMPTY_SERVER) : this.fetch(`${this.chapter}/exercise.py`);
  }

  /* Replaces the text. The old one is kept, and can be brought back at once or later. */
  private replaceWith(text: string, sentence: string, ...actions: HTMLElement[]): void {
    const before = this.editor.text();
    if (text === before) {
      this.notice(sentence, ...actions);
      return;
    }
    this.draft.setAside(before);
    this.editor.replace(text);
    const back = button("Bring mine back", () => this.replaceWith(before, "This is your code again."));
    this.notice(sentence, ...actions, back);
  }

  private keep(text: string): void {
    if (this.ofOtherTab !== undefined) this.draft.setAside(this.ofOtherTab);
    this.ofOtherTab = undefined;
    this.draft.keep(text);
  }

  /* Offers the texts that were replaced: by a reset, a link, a file, or another tab. */
  private offerEarlier(): void {
    const earlier = this.draft.earlier.map(({ when, text }) => {
      const time = new Date(when).toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
      return button(time, () => this.replaceWith(text, `This is your code of ${time}.`));
    });
    this.notice(earlier.length ? "Code of yours that was replaced:" : "No code of yours was replaced so far.", ...earlier);
  }

  /* Shows the line that carries progress elsewhere, and takes one from there. */
  private carry(): void {
    const mine = el("input", { type: "text", readonly: true, class: "pg-choice", value: progressLine(), "aria-label": "Your progress" });
    const theirs = el("input", { type: "text", class: "pg-choice", "aria-label": "A line from elsewhere", placeholder: "progress-1:..." });
    const take = button("Take it", () => {
      try {
        this.notice(`${takeProgressLine(theirs.value)} tasks have passed there. They are ticked here now.`);
      } catch (error) {
        this.notice((error as Error).message);
      }
    });
    this.notice("This line carries your progress to another device, or into `workbook progress LINE`:", mine, " A line from there: ", theirs, take);
    mine.select();
  }

  private download(): void {
    const url = URL.createObjectURL(new Blob([this.editor.text()], { type: "text/x-python" }));
    el("a", { href: url, download: `${this.chapter}.py` }).click();
    URL.revokeObjectURL(url);
  }

  private async upload(input: HTMLInputElement): Promise<void> {
    const file = input.files?.[0];
    input.value = "";
    if (!file) return;
    this.replaceWith(await file.text(), `This is ${file.name} now.`);
  }

  private notice(sentence: string, ...actions: (HTMLElement | string)[]): void {
    const close = button("Close", () => this.notices.replaceChildren(), { class: "pg-button" });
    this.notices.replaceChildren(el("p", { class: "pg-notice" }, el("span", {}, ...withCode(sentence)), ...actions, close));
  }

  private say(words: string, share?: number): void {
    this.status.replaceChildren(words);
    if (share !== undefined) this.status.append(el("progress", { max: 1, value: share, "aria-label": words }));
  }

  private async fetch(path: string): Promise<string> {
    const response = await fetch(new URL(path, this.site));
    if (!response.ok) throw new Error(`${path} is not there`);
    return response.text();
  }
}

/* Everything on the page but this element and what is around it. */
function othersThan(element: Element): HTMLElement[] {
  const others: HTMLElement[] = [];
  for (let inside = element; inside !== document.body && inside.parentElement; inside = inside.parentElement) {
    for (const other of inside.parentElement.children) {
      if (other !== inside && other instanceof HTMLElement) others.push(other);
    }
  }
  return others;
}
