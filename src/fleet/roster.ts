/** The hosts of a fleet inside the core: who stands in which slot, and who is like whom. */
import { createHash } from "node:crypto";
import type { Fleet } from "../../bindings/js/fleet.ts";
import { HostfitError } from "../errors.ts";
import type { FleetHost } from "./hosts.ts";
import type { Omissions } from "./left-out.ts";

/** A fleet whose slots have names. */
export interface Roster {
  readonly fleet: Fleet;
  /** By slot. */
  readonly names: readonly string[];
  /** By slot: hosts of one profile have the same facts, but for their name. */
  readonly profiles: readonly number[];
  /** By profile: the slots of its hosts, ascending. */
  readonly members: readonly (readonly number[])[];
}

/** How loading goes on. */
export interface LoadOptions {
  readonly omissions: Omissions;
  readonly signal?: AbortSignal;
  /** So many hosts are loaded. */
  readonly progress?: (done: number) => void;
}

/** Hosts after which the event loop has its turn. */
const SLICE = 256;

/**
 * Adds hosts to an empty fleet. One that the core refuses goes to `omissions`; where the core's memory ends, so does loading: the host that
 * found no room is noted, those after it are not looked at. Throws the signal's reason.
 */
export async function loadRoster(
  fleet: Fleet,
  hosts: AsyncIterable<FleetHost>,
  { omissions, signal, progress }: LoadOptions,
): Promise<Roster> {
  const names: string[] = [];
  const profiles: number[] = [];
  const members: number[][] = [];
  const known = new Map<string, number>();
  let read = 0;
  for await (const { name, file, facts, json } of hosts) {
    if (++read % SLICE === 0) {
      signal?.throwIfAborted();
      progress?.(names.length);
      await new Promise(setImmediate);
    }
    let slot: number;
    try {
      slot = fleet.add(json ?? { ...facts });
    } catch (error) {
      omissions.note(file.includes(name) ? file : `${file}: ${name}`, error);
      if (error instanceof HostfitError && error.code === "out-of-memory") break;
      continue;
    }
    const { name: _, ...rest } = facts;
    const key = createHash("sha256").update(JSON.stringify(rest)).digest("base64");
    const profile = known.get(key) ?? members.length;
    known.set(key, profile);
    names[slot] = name;
    profiles[slot] = profile;
    const alike = members[profile];
    if (alike === undefined) members[profile] = [slot];
    else alike.push(slot);
  }
  progress?.(names.length);
  return { fleet, names, profiles, members };
}
