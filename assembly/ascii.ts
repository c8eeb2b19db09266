/**
 * ASCII texts of the core itself: keys, codes, messages. Written as string literals, they are laid out by build/ascii-texts.mjs as
 * { u8 length, bytes } in static memory, and an Ascii is the address of that. One of more than 255 bytes has the length 0.
 */
export type Ascii = usize;

export function asciiLength(s: Ascii): u32 {
  return load<u8>(s);
}

export function asciiBytes(s: Ascii): usize {
  return s + 1;
}
