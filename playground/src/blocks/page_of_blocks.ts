/* The blocks of a page, which share their names from top to bottom.

   A block needs what the ones above it have made. So those that have not run yet run first. */

import { type Python, Stopped } from "../engine";
import type { Opener } from "../talk/opened";
import { Block } from "./block";

export class PageOfBlocks {
  private readonly blocks: Block[];
  private running: Block | undefined;

  constructor(
    page: ParentNode,
    private readonly python: Python,
    opener: Opener,
  ) {
    const calls = {
      run: (block: Block) => void this.run(block),
      stop: () => this.python.stop("Stopped. What the blocks had made is gone: run them again."),
      opener,
      jump: (number: number, line: number) => void this.blocks[number - 1]?.edit(line),
    };
    const found = [...page.querySelectorAll<HTMLElement>("[data-block]")];
    this.blocks = found.map((code) => new Block(code, calls));
    python.onChange((state, loaded) => {
      if (state === "loading") this.running?.say(`Loading Python, ${Math.round(loaded * 100)} %`, loaded);
      if (state === "busy") this.running?.say("Running");
    });
  }

  private async run(wanted: Block): Promise<void> {
    if (this.running) return;
    try {
      for (const block of this.blocks.slice(0, wanted.number - 1)) {
        if (this.isFresh(block)) continue;
        if (await this.runOne(block)) continue;
        wanted.tell(`Block ${block.number}, which comes before this one, failed. So this one did not run.`);
        return;
      }
      await this.runOne(wanted);
    } finally {
      this.running = undefined;
    }
  }

  private isFresh(block: Block): boolean {
    return block.ranIn !== 0 && block.ranIn === this.python.generation && this.python.state !== "asleep";
  }

  /* Runs one block, and returns whether the ones below it can run. */
  private async runOne(block: Block): Promise<boolean> {
    this.running = block;
    block.isRunning(true);
    try {
      const outputs = await this.python.ask({ ask: "run", source: block.source, name: `block ${block.number}` });
      block.ranIn = this.python.generation;
      block.show(outputs);
      return block.raises || !outputs.some((output) => output.type === "error");
    } catch (error) {
      if (!(error instanceof Stopped)) throw error;
      block.tell(error.message);
      return false;
    } finally {
      block.isRunning(false);
      block.say("");
    }
  }
}
