/** One way to log in that a `WWW-Authenticate` header offers (RFC 9110, section 11.6.1). Names are in lower case. */
export interface Challenge {
  readonly scheme: string;
  readonly parameters: Readonly<Record<string, string>>;
}

const MAX_HEADER_LENGTH = 8192;
const TOKEN = /[!#$%&'*+\-.^_`|~0-9A-Za-z]+/y;
const QUOTED = /"((?:[^"\\]|\\.)*)"/y;

/**
 * Reads a `WWW-Authenticate` header, of which several may be joined by commas. Reading stops at what is no challenge;
 * what was read before counts.
 */
export function parseChallenges(header: string): readonly Challenge[] {
  const text = header.slice(0, MAX_HEADER_LENGTH);
  const challenges: { scheme: string; parameters: Record<string, string> }[] = [];
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match !== null) at = pattern.lastIndex;
    return match;
  };
  const skip = (): void => {
    while (at < text.length && (text[at] === " " || text[at] === "\t" || text[at] === ",")) at++;
  };
  for (skip(); at < text.length; skip()) {
    const name = take(TOKEN)?.[0].toLowerCase();
    if (name === undefined) break;
    const last = challenges.at(-1);
    if (text[at] !== "=" || last === undefined) {
      challenges.push({ scheme: name, parameters: Object.create(null) as Record<string, string> });
      continue;
    }
    at++;
    const quoted = take(QUOTED);
    const value = quoted === null ? take(TOKEN)?.[0] : quoted[1]?.replace(/\\(.)/g, "$1");
    if (value === undefined) break;
    last.parameters[name] ??= value;
  }
  return challenges;
}
