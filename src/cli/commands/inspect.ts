/** `hostfit inspect`: what an image says about itself. */
import { inspectImage } from "../../select/inspect.ts";
import { ofPlatform, parsePlatform } from "../../select/same-platform.ts";
import type { CommandModule } from "../command.ts";
import { ExitStatus, UsageError } from "../exit.ts";
import { inspectionJson } from "../inspection.ts";
import { writeAnswer } from "../output.ts";
import { inspectionText } from "../render/inspection.ts";
import { imageOf, newMatcher } from "../session.ts";

export const run: CommandModule["run"] = async ({ argument, options, io }) => {
  if (argument === undefined) throw new UsageError("an image is needed");
  const wanted = options.platform === undefined ? null : parsePlatform(options.platform);
  // The core is only needed to say which platforms are the same.
  const matcher = wanted === null ? null : await newMatcher();
  const image = await imageOf(argument, options, io);
  const inspection = await inspectImage(
    image,
    wanted === null || matcher === null
      ? {}
      : { keeps: (platforms) => ofPlatform(matcher, platforms, wanted) },
  );
  writeAnswer(io, options, inspectionJson(inspection), {
    text: (paint) => inspectionText(inspection, paint),
    quiet: () => inspection.candidates.map(({ reference }) => reference),
  });
  return ExitStatus.compatible;
};
