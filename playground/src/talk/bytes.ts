/* Bytes as the protocol carries them: text with one character for each byte. */

const SIMPLE: Record<string, string> = { n: "\n", r: "\r", t: "\t", "0": "\0", "\\": "\\", '"': '"', "'": "'" };

/** Returns the bytes of a text in UTF-8. */
export function utf8(text: string): string {
  return String.fromCharCode(...new TextEncoder().encode(text));
}

/** Returns the bytes that escapes such as `\x00` and `\n` stand for. Throws a sentence. */
export function fromEscapes(text: string): string {
  return text.replace(/\\(x[0-9a-fA-F]{2}|.?)|[^\\]+/gsu, (all, escape: string | undefined) => {
    if (escape === undefined) return utf8(all);
    if (/^x../.test(escape)) return String.fromCharCode(parseInt(escape.slice(1), 16));
    const simple = SIMPLE[escape];
    if (simple === undefined) throw new Error(`${all} is not an escape. Use \\n, \\r, \\t, \\\\ or \\x and two digits.`);
    return simple;
  });
}

/** Returns the bytes of a text such as `68 69 0a`. Throws a sentence. */
export function fromHex(text: string): string {
  const digits = text.replace(/[\s,]|0x/g, "");
  if (!/^(?:[0-9a-fA-F]{2})*$/.test(digits)) {
    throw new Error("This is not hexadecimal: write two digits for each byte, such as 68 69 0a.");
  }
  return digits.replace(/../g, (byte) => String.fromCharCode(parseInt(byte, 16)));
}

/** Decodes what one client receives, piece by piece. Control characters are shown as escapes. */
export class Received {
  private readonly decoder = new TextDecoder("utf-8");

  /** Returns the text of the next bytes. Bytes that are not text become U+FFFD. */
  next(data: string): string {
    const bytes = Uint8Array.from(data, (character) => character.charCodeAt(0));
    return this.decoder.decode(bytes, { stream: true }).replace(UNSEEN, escaped);
  }
}

/* What would move the cursor, hide or turn around the text. A newline is shown as one. */
const UNSEEN = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

function escaped(character: string): string {
  const code = character.charCodeAt(0);
  return code < 256 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
}
