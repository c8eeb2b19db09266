/** All tables, one a file of vectors. */
import { choosing } from "./choosing.ts";
import { documents } from "./documents.ts";
import { errors } from "./errors.ts";
import { flags } from "./flags.ts";
import { handlers } from "./handlers.ts";
import { instances } from "./instances.ts";
import { lists } from "./lists.ts";
import { logic } from "./logic.ts";
import { nfd } from "./nfd.ts";
import { observation } from "./observation.ts";
import { platforms } from "./platforms.ts";
import { policies } from "./policies.ts";
import { preferences } from "./preferences.ts";
import { quantities } from "./quantities.ts";
import { ranges } from "./ranges.ts";
import { reasonsTable } from "./reasons.ts";
import { runtimes } from "./runtimes.ts";
import type { Table } from "./table.ts";
import { tests } from "./tests.ts";
import { versions } from "./versions.ts";

export const TABLES: readonly Table[] = [
  logic,
  versions,
  quantities,
  ranges,
  tests,
  flags,
  instances,
  lists,
  observation,
  preferences,
  runtimes,
  handlers,
  platforms,
  policies,
  choosing,
  reasonsTable,
  documents,
  errors,
  nfd,
];
