/* Opens the conversation of a picture below it: the same server, and the same things done by its clients.

   The page itself has made it, so it runs at once. A conversation from a link does not. */

import { button, el } from "../dom";
import { type Editor } from "../editor";
import type { Python } from "../engine";
import type { Conversation } from "../protocol";
import { fromAddress, linkTo, type Shared } from "../share";
import { Talk } from "./talk";

const FREE_PLAY = "playground/"; // the page that a copied link opens
let count = 0;

export class Opener {
  constructor(
    private readonly python: Python,
    private readonly site: URL,
  ) {}

  /** Returns a button that opens the conversation in the fragment `play`, in the place of `box`. */
  button(play: string, box: HTMLElement): HTMLButtonElement {
    const open = button("Open this conversation", async () => {
      open.disabled = true;
      const shared = await fromAddress(play);
      if (shared) await this.open(shared, box, () => {
        open.disabled = false;
        open.focus();
      });
    });
    return open;
  }

  private async open(shared: Shared, box: HTMLElement, closed: () => void): Promise<void> {
    const { makeEditor } = await import("../editor");
    const name = `picture_${++count}`;
    const notice = el("span", { class: "pg-status", role: "status" });
    const editor: Editor = makeEditor({ text: shared.source, label: "The server of this conversation", run: () => again() });
    const code = el("details", { class: "pg-code" }, el("summary", {}, "The server's code"), el("div", { class: "pg-editor" }, editor.element));
    const talk = new Talk(this.python, {
      name,
      source: () => editor.text(),
      goTo(line) {
        code.open = true;
        editor.mark(line);
        editor.goTo(line);
      },
      share: (conversation) => void this.share({ ...shared, source: editor.text(), ...conversation }, notice),
    });
    const again = (): void => talk.replay(talk.conversation.actions);
    const close = button("Close", () => {
      panel.remove();
      box.hidden = false;
      closed();
    });
    const panel = el("section", { class: "pg-panel pg-opened", "aria-label": "The conversation, opened", tabindex: -1 },
      el("div", { class: "pg-toolbar" }, el("span", { class: "pg-file" }, "Go on from here, as any of them"), notice, close),
      code, talk.element);
    const screen = box.closest(".first-screen"); // a picture beside the text has no room for this
    (screen ?? box).after(panel);
    box.hidden = !screen;
    panel.scrollIntoView({ block: "nearest" });
    panel.focus({ preventScroll: true });
    talk.prepare(shared);
    talk.replay(shared.actions);
  }

  private async share(shared: Shared & Conversation, notice: HTMLElement): Promise<void> {
    const link = await linkTo(new URL(FREE_PLAY, this.site).href, shared);
    try {
      await navigator.clipboard.writeText(link);
      notice.textContent = "The link is copied.";
    } catch {
      const field = el("input", { type: "text", readonly: true, class: "pg-choice", value: link, "aria-label": "The link" });
      notice.replaceChildren("Copy this link: ", field);
      field.select();
    }
  }
}
