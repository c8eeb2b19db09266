import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { probe } from "../../src/probe/probe.ts";
import { openRoot } from "../../src/probe/root.ts";
import { describeWith } from "../tools.ts";

let outer: string;
let root: string;

beforeEach(() => {
  // In memory where there is such a place: one test makes a hundred thousand files.
  outer = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "hostfit-root-"));
  root = join(outer, "root");
  mkdirSync(join(root, "etc"), { recursive: true });
  writeFileSync(join(outer, "secret"), "outside\n");
  writeFileSync(join(root, "etc", "inside"), "inside\n");
});

afterEach(() => {
  rmSync(outer, { recursive: true, force: true });
});

function textAt(path: string): string {
  const read = openRoot(root).read(path, 1_024);
  return read.ok ? read.bytes.toString("utf8") : read.code;
}

describe("links below a root stay below it", () => {
  const cases: readonly { link: string; target: string; want: string; why: string }[] = [
    { link: "etc/a", target: "inside", want: "inside\n", why: "a relative link" },
    { link: "etc/b", target: "/etc/inside", want: "inside\n", why: "an absolute link starts at the root" },
    {
      link: "etc/c",
      target: "../../../../../etc/inside",
      want: "inside\n",
      why: "too many .. stop at the root",
    },
    { link: "etc/d", target: "../../secret", want: "ENOENT", why: "one level above the root is the root" },
    { link: "etc/e", target: "/../secret", want: "ENOENT", why: "an absolute path above the root likewise" },
    { link: "etc/f", target: "f", want: "ELOOP", why: "a link to itself" },
    { link: "etc/g", target: "nowhere/at/all", want: "ENOENT", why: "a link to nothing" },
    { link: "etc/h", target: "inside/more", want: "ENOTDIR", why: "a link through a file" },
    { link: "etc/i", target: ".", want: "not-a-regular-file", why: "a link to a directory" },
  ];
  for (const { link, target, want, why } of cases) {
    it(`${why}: ${target}`, () => {
      symlinkSync(target, join(root, link));
      expect(textAt(`/${link}`)).toBe(want);
    });
  }

  it("an absolute link out of the root, to a file that exists on this machine, is not followed", () => {
    symlinkSync(join(outer, "secret"), join(root, "etc", "leak"));
    expect(textAt("/etc/leak")).toBe("ENOENT");
  });

  it("a linked directory is followed and its files are found", () => {
    mkdirSync(join(root, "usr/lib/modules/6.8.0"), { recursive: true });
    writeFileSync(join(root, "usr/lib/modules/6.8.0/modules.builtin"), "kernel/a.ko\n");
    symlinkSync("usr/lib", join(root, "lib"));
    expect(textAt("/lib/modules/6.8.0/modules.builtin")).toBe("kernel/a.ko\n");
    expect(openRoot(root).list("/lib/modules", 10)).toEqual({ ok: true, names: ["6.8.0"], truncated: false });
  });

  it("a path with .. of its own stops at the root too", () => {
    expect(textAt("/../../secret")).toBe("ENOENT");
    expect(textAt("/etc/../etc/./inside")).toBe("inside\n");
  });
});

describe("what is read is bounded", () => {
  it("in bytes, and says whether there is more", () => {
    writeFileSync(join(root, "big"), Buffer.alloc(200_000, "x"));
    const files = openRoot(root);
    const part = files.read("/big", 100_000);
    expect(part.ok && [part.bytes.length, part.truncated]).toEqual([100_000, true]);
    const whole = files.read("/big", 200_000);
    expect(whole.ok && [whole.bytes.length, whole.truncated]).toEqual([200_000, false]);
  });

  it("an empty file is read as such", () => {
    writeFileSync(join(root, "empty"), "");
    const read = openRoot(root).read("/empty", 10);
    expect(read.ok && [read.bytes.length, read.truncated]).toEqual([0, false]);
  });

  it("in names: a directory with 100,000 entries gives the limit of them", { timeout: 120_000 }, () => {
    const directory = join(root, "many");
    mkdirSync(directory);
    execFileSync("/bin/sh", ["-c", "seq 100000 | xargs touch"], { cwd: directory });
    const names = openRoot(root).list("/many", 4_096);
    expect(names.ok && [names.names.length, names.truncated]).toEqual([4_096, true]);
  });

  it("a bus with more devices than any machine has gives a partial list, with a note", async () => {
    const bus = join(root, "sys/bus/pci/devices");
    mkdirSync(bus, { recursive: true });
    for (let at = 0; at < 9_000; at += 1) symlinkSync("../one", join(bus, `0000:00:${at}`));
    const { host, notes } = await probe({ root, env: {}, only: ["pci.device"] });
    expect(host.features.instances["pci.device"]).toEqual({ elements: [], partial: true });
    expect(notes.some((note) => note.code === "too-much")).toBe(true);
    expect(notes.length).toBeLessThanOrEqual(1_001);
    expect(notes.at(-1)?.code).toBe("too-many-notes");
  });
});

/** Changes a file in another process, over and over, until `body` has run. */
async function whileChanging(script: string, body: () => void): Promise<void> {
  const child = spawn(process.execPath, ["-e", `const fs = require("node:fs");\n${script}`, root], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    await once(child.stdout, "data");
    body();
  } finally {
    child.kill("SIGKILL");
    await once(child, "exit");
  }
}

describe("a file that changes while it is read", { timeout: 60_000 }, () => {
  it("that grows, shrinks and goes is what it was for a moment, within the limit, or a failure", async () => {
    const script = `const file = process.argv[1] + "/changing";
fs.writeFileSync(file, "a".repeat(100000));
process.stdout.write("begun");
for (;;) {
  fs.appendFileSync(file, "b".repeat(70000));
  fs.truncateSync(file, 10);
  fs.writeFileSync(file, "c".repeat(200000));
  fs.rmSync(file);
}`;
    await whileChanging(script, () => {
      const seen = new Set<string>();
      for (let at = 0; at < 3_000; at += 1) {
        const read = openRoot(root).read("/changing", 150_000);
        seen.add(read.ok ? "read" : read.code);
        if (!read.ok) continue;
        expect(read.bytes.length).toBeLessThanOrEqual(150_000);
        expect(/^a*b*c*$/.test(read.bytes.toString("latin1"))).toBe(true);
      }
      for (const one of seen) expect(["read", "ENOENT"]).toContain(one);
    });
  });

  it("or becomes a link that leads out of the root, a FIFO or a folder, never gives what is outside, and doesn't block", async () => {
    writeFileSync(`${root}.outside`, "secret");
    const script = `const { execFileSync } = require("node:child_process");
const file = process.argv[1] + "/turning";
const swap = (make) => { make(file + ".new"); fs.rmSync(file, { recursive: true, force: true }); fs.renameSync(file + ".new", file); };
swap((to) => fs.writeFileSync(to, "inside"));
process.stdout.write("begun");
for (let at = 0; ; at += 1) {
  swap((to) => fs.symlinkSync(process.argv[1] + ".outside", to));
  swap((to) => fs.writeFileSync(to, "inside"));
  swap((to) => fs.mkdirSync(to));
  if (at % 50 === 0) swap((to) => execFileSync("mkfifo", [to]));
  swap((to) => fs.writeFileSync(to, "inside"));
}`;
    try {
      await whileChanging(script, () => {
        for (let at = 0; at < 3_000; at += 1) {
          const read = openRoot(root).read("/turning", 100);
          if (read.ok) expect(["", "inside"]).toContain(read.bytes.toString());
        }
      });
    } finally {
      rmSync(`${root}.outside`);
    }
  });
});

describe("only regular files are opened", () => {
  it("a device is refused", () => {
    const read = openRoot("/").read("/dev/zero", 10);
    expect(read.ok ? "read" : read.code).toBe("not-a-regular-file");
  });

  it("a socket is refused", async () => {
    const path = join(root, "socket");
    const server = createServer();
    await new Promise<void>((resolve) => {
      server.listen(path, resolve);
    });
    try {
      expect(textAt("/socket")).toBe("not-a-regular-file");
      expect(openRoot(root).stat("/socket")).toEqual({ ok: true, kind: "other" });
    } finally {
      await new Promise((resolve) => {
        server.close(resolve);
      });
    }
  });

  it("a directory is no file, and a file is no directory", () => {
    expect(textAt("/etc")).toBe("not-a-regular-file");
    const names = openRoot(root).list("/etc/inside", 10);
    expect(names.ok ? "listed" : names.code).toBe("not-a-directory");
  });

  it("files of /proc, which say that they are empty, are read to their end", () => {
    const read = openRoot("/").read("/proc/self/status", 65_536);
    expect(read.ok && read.bytes.toString("utf8").includes("Name:")).toBe(process.platform === "linux");
  });
});

describeWith("mkfifo", "a FIFO where a file is expected", () => {
  it("is refused at once, and the probe goes on", async () => {
    mkdirSync(join(root, "proc/sys/kernel"), { recursive: true });
    for (const path of ["proc/cpuinfo", "proc/swaps", "proc/config.gz", "etc/os-release"]) {
      execFileSync("mkfifo", [join(root, path)]);
    }
    const { host, notes } = await probe({ root, env: {} });
    expect(host.features.attributes["memory.swap"]).toBeUndefined();
    const refused = notes.filter((note) => note.code === "not-a-regular-file").map((note) => note.feature);
    expect(refused).toEqual(
      expect.arrayContaining(["cpu.cpuid", "memory.swap", "kernel.config", "system.osrelease"]),
    );
  });
});
