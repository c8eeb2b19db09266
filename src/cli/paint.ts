/** Colour for people: on a terminal, never in a pipe, and as NO_COLOR and FORCE_COLOR say. */
import { styleText } from "node:util";
import type { Io, Sink } from "./io.ts";

/** What a piece of text means; the colours follow from that. */
export type Tone = "good" | "bad" | "unsure" | "strong" | "faint" | "plain";

const STYLES = {
  good: "green",
  bad: "red",
  unsure: "yellow",
  strong: "bold",
  faint: "dim",
} as const;

/** Wraps text in its tone's colour, or gives it back as it is. */
export type Paint = (tone: Tone, text: string) => string;

/** Leaves all text as it is. */
export const plain: Paint = (_tone, text) => text;

/**
 * The painter for a stream. As Node itself decides it: FORCE_COLOR (unless `0` or `false`) switches colour on, then
 * NO_COLOR (https://no-color.org) and `TERM=dumb` switch it off, then it depends on whether the stream is a terminal.
 */
export function painterFor(sink: Sink, env: Io["env"]): Paint {
  return wantsColour(sink, env) ? paint : plain;
}

function wantsColour(sink: Sink, env: Io["env"]): boolean {
  const forced = env.FORCE_COLOR;
  if (forced !== undefined) return forced !== "0" && forced !== "false";
  const refused = env.NO_COLOR;
  if (refused !== undefined && refused !== "") return false;
  return sink.isTTY && env.TERM !== "dumb";
}

const paint: Paint = (tone, text) => {
  if (tone === "plain" || text === "") return text;
  // Newer versions of Node would look at process.stdout here; which stream this is for was decided above.
  const always: { validateStream?: boolean } = { validateStream: false };
  return (styleText as (style: string, text: string, options?: object) => string)(STYLES[tone], text, always);
};
