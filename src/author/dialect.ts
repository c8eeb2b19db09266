/** Which dialect a document is written in, by its bytes. */

/** NFD's document has `compatibilities` at the top and no apiVersion; the dialect must be known before YAML is read. */
export function looksLikeNfd(bytes: Uint8Array): boolean {
  const text = new TextDecoder().decode(bytes.subarray(0, 1 << 20));
  if (/^[ \t]*\{?[ \t]*["']?apiVersion["']?[ \t]*:/m.test(text)) return false;
  return /^["'{ \t]*compatibilities["']?[ \t]*:/im.test(text);
}
