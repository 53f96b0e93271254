/* An editor for Python, made of CodeMirror's parts. It is loaded when somebody begins to edit.

   Tab indents. Escape and then Tab leaves the editor, for those who use no mouse. */

import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { python } from "@codemirror/lang-python";
import { bracketMatching, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { Compartment, EditorState, StateEffect, StateField } from "@codemirror/state";
import {
  Decoration,
  type DecorationSet,
  drawSelection,
  EditorView,
  highlightActiveLine,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { classHighlighter } from "@lezer/highlight";

export interface Options {
  text: string;
  label: string;
  /** Ctrl-Enter, Cmd-Enter and Shift-Enter. */
  run(): void;
  changed?(text: string): void;
}

export interface Editor {
  element: HTMLElement;
  text(): string;
  replace(text: string): void;
  /** Marks a line as the one with the mistake; 0 takes the mark away. */
  mark(line: number): void;
  /** Moves the cursor to a line, and the line into view. */
  goTo(line: number): void;
  focus(): void;
}

const setMark = StateEffect.define<number>();
const WRONG = Decoration.line({ class: "pg-wrong-line" });

const marked = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, change) {
    let now = change.docChanged ? Decoration.none : marks;
    for (const effect of change.effects) {
      if (!effect.is(setMark)) continue;
      const exists = effect.value >= 1 && effect.value <= change.state.doc.lines;
      now = exists ? Decoration.set([WRONG.range(change.state.doc.line(effect.value).from)]) : Decoration.none;
    }
    return now;
  },
  provide: (field) => EditorView.decorations.from(field),
});

export function makeEditor(options: Options): Editor {
  const run = (): boolean => {
    options.run();
    return true;
  };
  const tab = new Compartment();
  const state = EditorState.create({
    doc: options.text,
    extensions: [
      keymap.of([
        { key: "Mod-Enter", run, preventDefault: true },
        { key: "Shift-Enter", run, preventDefault: true },
      ]),
      lineNumbers(),
      history(),
      drawSelection(),
      indentOnInput(),
      indentUnit.of("    "),
      bracketMatching(),
      closeBrackets(),
      autocompletion(),
      highlightActiveLine(),
      highlightSelectionMatches(),
      python(),
      syntaxHighlighting(classHighlighter),
      marked,
      keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...searchKeymap, ...historyKeymap, ...completionKeymap]),
      tab.of(keymap.of([indentWithTab])),
      EditorView.contentAttributes.of({
        tabindex: "0",
        "aria-label": `${options.label}. Tab indents; press Escape and then Tab to leave.`,
      }),
      EditorView.updateListener.of((change) => {
        if (change.docChanged) options.changed?.(change.state.doc.toString());
      }),
      EditorView.theme({ "&": { backgroundColor: "transparent" } }),
    ],
  });
  const view = new EditorView({ state });
  return {
    element: view.dom,
    text: () => view.state.doc.toString(),
    replace: (text) => view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } }),
    mark: (line) => view.dispatch({ effects: setMark.of(line) }),
    goTo(line) {
      const at = view.state.doc.line(Math.min(Math.max(line, 1), view.state.doc.lines)).from;
      view.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: "center" }) });
      view.focus();
    },
    focus: () => view.focus(),
  };
}
