/* Makes a page of the site live. Nothing is loaded from the worker's side before the first click. */

import { PageOfBlocks } from "./blocks/page_of_blocks";
import { Python } from "./engine";

const python = new Python();
new PageOfBlocks(document, python);
