/* Makes a page of the site live. Nothing of Python is loaded before the first click. */

import { PageOfBlocks } from "./blocks/page_of_blocks";
import { Python } from "./engine";
import { tick } from "./progress";
import { Exercise } from "./turn/exercise";

const SITE = new URL("..", import.meta.url);

const python = new Python();
new PageOfBlocks(document, python);
whenNear(document.querySelector<HTMLElement>(".pg-exercise"), (place) => {
  void new Exercise(place, python, SITE).open();
});
tick();

/* The editor weighs more than the page: it is fetched when the reader comes near. */
function whenNear(place: HTMLElement | null, open: (place: HTMLElement) => void): void {
  if (!place) return;
  const observer = new IntersectionObserver(
    (entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      observer.disconnect();
      open(place);
    },
    { rootMargin: "800px" },
  );
  observer.observe(place);
}
