/* Makes a page of the site live. Nothing of Python is loaded before the first click. */

import { makePlayable } from "./blocks/playable";
import { PageOfBlocks } from "./blocks/page_of_blocks";
import { el } from "./dom";
import { Python } from "./engine";
import { keepForLater } from "./offline";
import { tick } from "./progress";
import { Opener } from "./talk/opened";
import { fromAddress, type Shared } from "./share";
import { Exercise } from "./turn/exercise";

const SITE = new URL("..", import.meta.url);

const python = new Python();
const opener = new Opener(python, SITE);
new PageOfBlocks(document, python, opener);
for (const box of document.querySelectorAll<HTMLElement>(".picture")) makePlayable(box, box.dataset["play"] ?? "", opener);
tick();
python.onChange((state) => {
  if (state === "ready") void keepForLater(SITE);
});

const place = document.querySelector<HTMLElement>(".pg-exercise");
if (place) void begin(place);

async function begin(place: HTMLElement): Promise<void> {
  const exercise = new Exercise(place, python, SITE);
  const open = (): Promise<void> =>
    exercise.open().catch((error: unknown) => {
      place.textContent = "The editor could not be loaded. Are you online? Load this page again.";
      throw error;
    });
  let shared: Shared | null;
  try {
    shared = await fromAddress(location.hash);
  } catch (error) {
    await open();
    place.before(el("p", { class: "pg-notice", role: "alert" }, (error as Error).message));
    place.scrollIntoView({ block: "center" });
    return;
  }
  if (!shared) {
    whenNear(place, () => void open());
    return;
  }
  await open();
  exercise.openShared(shared);
}

/* The editor weighs more than the page: it is fetched when the reader comes near. */
function whenNear(place: HTMLElement, open: () => void): void {
  const observer = new IntersectionObserver(
    (entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      observer.disconnect();
      open();
    },
    { rootMargin: "800px" },
  );
  observer.observe(place);
}
