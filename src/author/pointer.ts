/** JSON Pointers (RFC 6901): how places in documents are named. */

/** The pointer of a child: `~` and `/` in the token are escaped. */
export function childPointer(parent: string, token: string | number): string {
  return `${parent}/${String(token).replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

/** The pointer's tokens, unescaped; the empty pointer has none. */
export function pointerTokens(pointer: string): string[] {
  if (pointer === "") return [];
  return pointer
    .slice(1)
    .split("/")
    .map((token) => token.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** The pointer of what contains `pointer`; of the empty pointer, itself. */
export function parentPointer(pointer: string): string {
  const at = pointer.lastIndexOf("/");
  return at <= 0 ? "" : pointer.slice(0, at);
}
