/** UTF-8 bytes of a spec's string, with the padding that the core's readers rely on. */
export class Bytes {
  readonly address: usize;
  readonly length: u32;
  private readonly kept: StaticArray<u8>;

  constructor(text: string) {
    const encoded = String.UTF8.encode(text);
    this.length = encoded.byteLength;
    this.kept = new StaticArray<u8>(encoded.byteLength + 64);
    this.address = changetype<usize>(this.kept);
    memory.copy(this.address, changetype<usize>(encoded), encoded.byteLength);
  }
}
