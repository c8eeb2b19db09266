/** Commands about many hosts. */
import type { CommandSpec } from "../command-spec.ts";
import { OPTIONS } from "../options.ts";
import { meaning, oneOf, READING_REGISTRY } from "./takes.ts";

export const FLEETS: readonly CommandSpec[] = [
  {
    name: "fleet",
    summary: "which of these images fit which of these hosts?",
    description:
      "Judges every image on every host: before a migration, what fits the new machines; what would change with another kernel " +
      "or device (--what-if). Text begins with a summary and shows the images that don't fit everywhere, the worst first, with " +
      "what is missing on how many hosts. Exit status 1: an image fits no host; 2: it isn't known of one whether it fits any; 4: " +
      "--keep-going left something out.",
    options: [
      OPTIONS.images,
      OPTIONS.hosts,
      OPTIONS.whatIf,
      ...READING_REGISTRY,
      OPTIONS.policy,
      OPTIONS.keepGoing,
      meaning(OPTIONS.all, "show all images that don't fit everywhere, with all reasons", "Output"),
      oneOf(OPTIONS.output, ["text", "json", "csv", "html"]),
      meaning(OPTIONS.quiet, "no progress and no text; the exit status is the answer"),
    ],
    examples: [
      { line: "hostfit fleet --images images.txt --hosts nodes/", says: "which images fit which hosts" },
      {
        line: "kubectl get pods -A -o json | hostfit fleet --images - --hosts nodefeatures.json",
        says: "what runs in a cluster, on its nodes (kubectl get nodefeatures -A -o json)",
      },
      {
        line: "hostfit fleet --images images.txt --hosts nodes/ --what-if kernel-6.12.yaml -o html > report.html",
        says: "and after an upgrade, as a page",
      },
    ],
    load: () => import("../commands/fleet.ts"),
  },
];
