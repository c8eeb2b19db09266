import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { CredentialFiles, defaultCredentialFiles } from "../../src/registry/credentials.ts";
import { temporaryFolder } from "./content.ts";
import { rejection } from "./rejection.ts";

const auth = (text: string): { auth: string } => ({ auth: Buffer.from(text).toString("base64") });
const password = (username: string, secret: string): unknown => ({
  kind: "password",
  username,
  password: secret,
});

function files(...contents: unknown[]): CredentialFiles {
  const folder = temporaryFolder();
  return new CredentialFiles(
    contents.map((content, position) => {
      const file = join(folder, `${position}.json`);
      if (content !== null)
        writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
      return file;
    }),
  );
}

describe("a login in a file", () => {
  test.each<[string, Record<string, unknown>, string, string, unknown]>([
    ["by host", { "ghcr.io": auth("me:secret") }, "ghcr.io", "org/app", password("me", "secret")],
    ["by host and port", { "localhost:5000": auth("me:s") }, "localhost:5000", "app", password("me", "s")],
    ["by URL", { "https://ghcr.io": auth("me:s") }, "ghcr.io", "app", password("me", "s")],
    [
      "by Docker's old URL",
      { "https://reg.example/v1/": auth("me:s") },
      "reg.example",
      "a",
      password("me", "s"),
    ],
    [
      "for Docker Hub",
      { "https://index.docker.io/v1/": auth("me:s") },
      "docker.io",
      "library/alpine",
      password("me", "s"),
    ],
    [
      "for Docker Hub by name",
      { "docker.io": auth("me:s") },
      "docker.io",
      "library/alpine",
      password("me", "s"),
    ],
    ["in plain", { "ghcr.io": { username: "me", password: "s" } }, "ghcr.io", "app", password("me", "s")],
    ["with colons in the password", { "ghcr.io": auth("me:a:b") }, "ghcr.io", "app", password("me", "a:b")],
    [
      "with an identity token",
      { "ghcr.io": { ...auth("me:"), identitytoken: "t" } },
      "ghcr.io",
      "app",
      { kind: "identity-token", token: "t" },
    ],
    [
      "with a registry token",
      { "ghcr.io": { registrytoken: "t" } },
      "ghcr.io",
      "app",
      { kind: "registry-token", token: "t" },
    ],
    [
      "by the longest path that holds the repository",
      { "quay.io": auth("host:s"), "quay.io/org": auth("org:s"), "quay.io/org/app": auth("app:s") },
      "quay.io",
      "org/app",
      password("app", "s"),
    ],
    [
      "by a path that holds the repository",
      { "quay.io": auth("host:s"), "quay.io/org": auth("org:s"), "quay.io/or": auth("no:s") },
      "quay.io",
      "org/app/x",
      password("org", "s"),
    ],
    [
      "by its exact host rather than by a URL",
      { "https://ghcr.io/v1/": auth("old:s"), "ghcr.io": auth("new:s") },
      "ghcr.io",
      "app",
      password("new", "s"),
    ],
    ["not for another host", { "ghcr.io": auth("me:s") }, "evil-ghcr.io", "app", { kind: "anonymous" }],
    [
      "not for another port",
      { "localhost:5000": auth("me:s") },
      "localhost:5001",
      "app",
      { kind: "anonymous" },
    ],
    ["not if it is empty", { "ghcr.io": {} }, "ghcr.io", "app", { kind: "anonymous" }],
  ])("is found %s", async (_, auths, host, repository, expected) => {
    expect(await files({ auths }).credentialsFor(host, repository)).toEqual(expected);
  });

  test("in the first file that has one counts", async () => {
    const provider = files(
      null,
      { auths: {} },
      { auths: { "ghcr.io": auth("a:s") } },
      { auths: { "ghcr.io": auth("b:s") } },
    );
    expect(await provider.credentialsFor("ghcr.io", "app")).toEqual(password("a", "s"));
  });

  test("that a helper keeps is not fetched, and the reader is told", async () => {
    for (const config of [{ credHelpers: { "ghcr.io": "desktop" } }, { credsStore: "desktop" }]) {
      const found = await files(config).credentialsFor("ghcr.io", "app");
      expect(found).toMatchObject({ kind: "anonymous", because: expect.stringContaining('"desktop"') });
    }
    const found = await files({ credHelpers: { "ghcr.io": "desktop" } }).credentialsFor("quay.io", "app");
    expect(found).toEqual({ kind: "anonymous" });
  });

  test.each([
    ["is no JSON", '{"auths": {"ghcr.io": {"auth": "c2VjcmV0" x'],
    ["is a list", "[]"],
    ["has a login without a colon", { auths: { "ghcr.io": auth("secret") } }],
    ["is too large", " ".repeat(1024 * 1024 + 1)],
  ])("in a file that %s is an error that doesn't quote it", async (_, content) => {
    const error = await rejection(files(content).credentialsFor("ghcr.io", "app"));
    expect(error.code).toBe("credentials-invalid");
    expect(JSON.stringify([error.message, error.help, error.details, String(error.cause)])).not.toMatch(
      /secret|c2VjcmV0/,
    );
  });

  test("in a folder or an empty file is none", async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "config.json"));
    writeFileSync(join(folder, "empty.json"), "");
    const provider = new CredentialFiles([join(folder, "config.json"), join(folder, "empty.json")]);
    expect(await provider.credentialsFor("ghcr.io", "app")).toEqual({ kind: "anonymous" });
  });
});

test("the files are those of podman and Docker, where the environment says", () => {
  expect(defaultCredentialFiles({}, "/home/me")).toEqual(["/home/me/.docker/config.json"]);
  expect(
    defaultCredentialFiles(
      { REGISTRY_AUTH_FILE: "/a", XDG_RUNTIME_DIR: "/run/me", DOCKER_CONFIG: "/d" },
      "/home/me",
    ),
  ).toEqual(["/a", "/run/me/containers/auth.json", "/d/config.json"]);
});
