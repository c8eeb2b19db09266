import { numbers, readVersion } from "../nfd/semver";

/** The three numbers of a version, or "none". */
function read(text: string): string {
  const bytes = String.UTF8.encode(text);
  if (!readVersion(changetype<usize>(bytes), bytes.byteLength)) return "none";
  return `${load<u64>(numbers)} ${load<u64>(numbers, 8)} ${load<u64>(numbers, 16)}`;
}

describe("versions as NFD coerces them", () => {
  it("have one to three numbers, and maybe a v", () => {
    expect(read("1")).toBe("1 0 0");
    expect(read("1.2")).toBe("1 2 0");
    expect(read("v1.2.3")).toBe("1 2 3");
    expect(read("22.04")).toBe("22 4 0");
    expect(read("1.02")).toBe("1 2 0");
  });
  it("may have a pre-release and metadata, which are dropped", () => {
    expect(read("6.8.0-1010-aws")).toBe("6 8 0");
    expect(read("6.12.0-rc1")).toBe("6 12 0");
    expect(read("1-0")).toBe("1 0 0");
    expect(read("1.2-a.b.0+x.01")).toBe("1 2 0");
    expect(read("1.2.3+0-1")).toBe("1 2 3");
    expect(read("1--")).toBe("1 0 0");
  });
  it("forget nothing of the version before", () => {
    expect(read("9.9.9")).toBe("9 9 9");
    expect(read("1")).toBe("1 0 0");
  });
  it("have no leading zero in a pre-release's number", () => {
    expect(read("1.0.0-01")).toBe("none");
    expect(read("1.0.0-a.00")).toBe("none");
    expect(read("1.0.0-0a")).toBe("1 0 0");
    expect(read("1.0.0-0")).toBe("1 0 0");
  });
  it("are nothing else", () => {
    expect(read("")).toBe("none");
    expect(read("v")).toBe("none");
    expect(read("V1")).toBe("none");
    expect(read("1.")).toBe("none");
    expect(read("1.2.")).toBe("none");
    expect(read("1.2.3.4")).toBe("none");
    expect(read("+5")).toBe("none");
    expect(read("1-")).toBe("none");
    expect(read("1+")).toBe("none");
    expect(read("1-a..b")).toBe("none");
    expect(read("1+a+b")).toBe("none");
    expect(read("5.14.0-427.el9_4")).toBe("none");
    expect(read("1.x")).toBe("none");
  });
  it("have numbers within uint64", () => {
    expect(read("18446744073709551615.0.00000000000000000000001")).toBe("18446744073709551615 0 1");
    expect(read("18446744073709551616")).toBe("none");
    expect(read("1.99999999999999999999")).toBe("none");
  });
  it("are at most 256 bytes long", () => {
    expect(read("1.0.0-" + "a".repeat(250))).toBe("1 0 0");
    expect(read("1.0.0-" + "a".repeat(251))).toBe("none");
  });
});
