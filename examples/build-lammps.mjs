#!/usr/bin/env node
/**
 * Builds the image layout in examples/lammps from the documents in examples/lammps-src: one index with six variants of an
 * application, their documents partly embedded in the index, partly attached as referrers.
 *
 *     node examples/build-lammps.mjs [DIRECTORY]
 *
 * Needs no network, asks no clock: the same sources give the same bytes, everywhere. (For that the layers are gzip with
 * stored blocks, since deflate's output differs between versions of zlib.)
 */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";

const HERE = dirname(fileURLToPath(import.meta.url));
const TARGET = process.argv[2] ?? join(HERE, "lammps");
const CREATED = "2026-01-15T12:00:00Z";
const VERSION = "29Aug2024";

const INDEX = "application/vnd.oci.image.index.v1+json";
const MANIFEST = "application/vnd.oci.image.manifest.v1+json";
const CONFIG = "application/vnd.oci.image.config.v1+json";
const LAYER = "application/vnd.oci.image.layer.v1.tar+gzip";
const REQUIREMENTS = "application/vnd.hostfit.requirements.v1";
const EMPTY = "application/vnd.oci.empty.v1+json";

/** In the order of the index: what every tool can run stands first of its platform. */
const VARIANTS = [
  { name: "amd64", platform: { architecture: "amd64", os: "linux" }, document: "attached" },
  { name: "amd64-v2", platform: { architecture: "amd64", os: "linux", variant: "v2" }, document: "attached" },
  { name: "amd64-v3", platform: { architecture: "amd64", os: "linux", variant: "v3" }, document: "embedded" },
  { name: "amd64-v4", platform: { architecture: "amd64", os: "linux", variant: "v4" }, document: "embedded" },
  { name: "amd64-cuda", platform: { architecture: "amd64", os: "linux" }, document: "embedded" },
  { name: "arm64", platform: { architecture: "arm64", os: "linux", variant: "v8" }, document: "attached" },
];

const blobs = new Map();

function build() {
  const attached = [];
  const manifests = VARIANTS.map((variant) => {
    const manifest = imageManifest(variant);
    const document = readDocument(variant.name);
    const annotations = { "org.opencontainers.image.title": `lammps ${variant.name}` };
    if (variant.document === "embedded") {
      annotations["io.hostfit.requirements"] = JSON.stringify(document);
    } else {
      // Where documents stand in the index, it speaks for all its entries; this one says that there is more to read.
      annotations["io.hostfit.requirements.consult"] = "true";
      attached.push(documentManifest(manifest, document));
    }
    return { ...manifest, platform: variant.platform, annotations };
  });
  const index = put(INDEX, {
    schemaVersion: 2,
    mediaType: INDEX,
    manifests,
    annotations: {
      "org.opencontainers.image.created": CREATED,
      "org.opencontainers.image.title": "lammps",
      "org.opencontainers.image.version": VERSION,
    },
  });
  write({
    schemaVersion: 2,
    mediaType: INDEX,
    manifests: [
      { ...index, annotations: { "org.opencontainers.image.ref.name": VERSION } },
      ...attached.sort((a, b) => (a.digest < b.digest ? -1 : 1)),
    ],
  });
}

/** One variant: a config, and a layer with a single file that says which variant it is. */
function imageManifest({ name, platform }) {
  const archive = tar("etc/lammps-variant", `${name}\n`);
  const layer = put(LAYER, gzip(archive));
  const config = put(CONFIG, {
    created: CREATED,
    architecture: platform.architecture,
    ...(platform.variant === undefined ? {} : { variant: platform.variant }),
    os: platform.os,
    config: { Entrypoint: ["/usr/bin/lmp"], Labels: { "org.opencontainers.image.title": `lammps ${name}` } },
    rootfs: { type: "layers", diff_ids: [digestOf(archive)] },
    history: [{ created: CREATED, created_by: "examples/build-lammps.mjs" }],
  });
  return put(MANIFEST, { schemaVersion: 2, mediaType: MANIFEST, config, layers: [layer] });
}

/** A document of its own, attached with `subject`. */
function documentManifest(subject, document) {
  const config = put(EMPTY, Buffer.from("{}"));
  const layer = put(`${REQUIREMENTS}+json`, document);
  return put(MANIFEST, {
    schemaVersion: 2,
    mediaType: MANIFEST,
    artifactType: REQUIREMENTS,
    config,
    layers: [layer],
    subject,
    annotations: { "io.hostfit.revision": "1", "org.opencontainers.image.created": CREATED },
  });
}

/** What is text in the document must be quoted in the file, so that a plain YAML reading suffices here. */
function readDocument(name) {
  return parse(readFileSync(join(HERE, "lammps-src", `${name}.yaml`), "utf8"), { schema: "core" });
}

/** Keeps a blob (an object as compact JSON) and gives its descriptor. */
function put(mediaType, content) {
  const bytes = Buffer.isBuffer(content) ? content : Buffer.from(JSON.stringify(content));
  const digest = digestOf(bytes);
  blobs.set(digest, bytes);
  return { mediaType, digest, size: bytes.length };
}

function digestOf(bytes) {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

function write(index) {
  rmSync(TARGET, { recursive: true, force: true });
  mkdirSync(join(TARGET, "blobs", "sha256"), { recursive: true });
  for (const [digest, bytes] of blobs) writeFileSync(join(TARGET, "blobs", "sha256", digest.slice(7)), bytes);
  writeFileSync(join(TARGET, "oci-layout"), JSON.stringify({ imageLayoutVersion: "1.0.0" }));
  writeFileSync(join(TARGET, "index.json"), JSON.stringify(index));
}

/** A POSIX archive (ustar) with one file. */
function tar(name, text) {
  const body = Buffer.from(text);
  const header = Buffer.alloc(512);
  const octal = (value, width) => `${value.toString(8).padStart(width - 1, "0")}\0`;
  header.write(name, 0);
  header.write(octal(0o644, 8), 100);
  header.write(octal(0, 8), 108);
  header.write(octal(0, 8), 116);
  header.write(octal(body.length, 12), 124);
  header.write(octal(0, 12), 136);
  header.write("        ", 148);
  header.write("0", 156);
  header.write("ustar\x0000", 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  const padding = Buffer.alloc((512 - (body.length % 512)) % 512);
  return Buffer.concat([header, body, padding, Buffer.alloc(1024)]);
}

/** RFC 1952 with one stored block of RFC 1951 (at most 65,535 bytes). */
function gzip(bytes) {
  const head = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff, 1, 0, 0, 0, 0]);
  head.writeUInt16LE(bytes.length, 11);
  head.writeUInt16LE(~bytes.length & 0xffff, 13);
  const tail = Buffer.alloc(8);
  tail.writeUInt32LE(crc32(bytes), 0);
  tail.writeUInt32LE(bytes.length, 4);
  return Buffer.concat([head, bytes, tail]);
}

function crc32(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}

build();
