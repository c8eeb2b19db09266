/** `hostfit completion`: a shell's completion script. */
import type { CommandModule } from "../command.ts";
import { completionScript, type Shell } from "../completion.ts";
import { ExitStatus, UsageError } from "../exit.ts";
import { GLOBAL_OPTIONS } from "../options.ts";
import { COMMANDS } from "../table.ts";

const SHELLS: ReadonlySet<string> = new Set<Shell>(["bash", "zsh", "fish"]);

export const run: CommandModule["run"] = async ({ argument, io }) => {
  if (argument === undefined || !isShell(argument)) {
    throw new UsageError(
      `there is no completion for ${JSON.stringify(argument ?? "")}`,
      "name one of bash, zsh, fish",
    );
  }
  io.stdout.write(completionScript(argument, COMMANDS, GLOBAL_OPTIONS));
  return ExitStatus.compatible;
};

function isShell(name: string): name is Shell {
  return SHELLS.has(name);
}
