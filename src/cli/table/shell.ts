/** Commands about the shell that hostfit is used from. */
import type { CommandSpec } from "../command-spec.ts";

export const SHELL: readonly CommandSpec[] = [
  {
    name: "completion",
    summary: "print the completion script of a shell",
    description:
      "Prints a script that makes the shell complete hostfit's commands, options and arguments. zsh needs its completion " +
      "system first, which many set-ups load already: autoload -U compinit && compinit.",
    argument: {
      name: "shell",
      summary: "bash, zsh or fish",
      required: true,
      value: "choice",
      choices: ["bash", "zsh", "fish"],
    },
    options: [],
    examples: [
      { line: "source <(hostfit completion bash)", says: "bash: in ~/.bashrc" },
      {
        line: "autoload -U compinit && compinit; source <(hostfit completion zsh)",
        says: "zsh: in ~/.zshrc",
      },
      {
        line: "hostfit completion fish > ~/.config/fish/completions/hostfit.fish",
        says: "fish: once",
      },
    ],
    load: () => import("../commands/completion.ts"),
  },
];
