/** Completion scripts for shells, generated from the command table. They call nothing: all words stand in them. */
import type { CommandSpec } from "./command-spec.ts";
import type { OptionSpec, ValueKind } from "./options.ts";

export type Shell = "bash" | "zsh" | "fish";

/** The script that makes `shell` complete the commands of `table`. */
export function completionScript(
  shell: Shell,
  table: readonly CommandSpec[],
  everywhere: readonly OptionSpec[],
): string {
  const commands = table.map((spec) => ({
    spec,
    options: [...spec.options, ...everywhere, HELP].map(optionWords),
  }));
  switch (shell) {
    case "bash":
      return bash(commands);
    case "zsh":
      return zsh(commands);
    case "fish":
      return fish(commands);
  }
}

const HELP: OptionSpec = { flags: "-h, --help", summary: "show this help", group: "Output" };

interface OptionWords {
  readonly short: string | undefined;
  readonly long: string;
  readonly summary: string;
  readonly value: ValueKind | undefined;
  readonly choices: readonly string[];
}

interface CommandWords {
  readonly spec: CommandSpec;
  readonly options: readonly OptionWords[];
}

function optionWords(option: OptionSpec): OptionWords {
  const words = option.flags.split(/[ ,]+/).filter((word) => word.startsWith("-"));
  return {
    short: words.find((word) => !word.startsWith("--")),
    long: words.find((word) => word.startsWith("--")) ?? option.flags,
    summary: option.summary,
    value: option.flags.includes("<") ? (option.value ?? "text") : undefined,
    choices: option.choices ?? [],
  };
}

const takesValue = ({ value }: OptionWords): boolean => value !== undefined;

const spelled = (option: OptionWords): string[] => [
  ...(option.short === undefined ? [] : [option.short]),
  option.long,
];

/* ------------------------------------------------------------------ bash */

function bash(commands: readonly CommandWords[]): string {
  // bash splits `oci:dir` at the colon, so that a folder after it is a word of its own.
  const arms = commands.map(({ spec, options }) => {
    const values = options
      .filter(takesValue)
      .map(
        (option) =>
          `        ${spelled(option).join("|")}) ${bashValue(option.value, option.choices)}; return ;;`,
      );
    const words = options.flatMap(spelled).join(" ");
    const first =
      spec.argument === undefined ? ":" : bashValue(spec.argument.value, spec.argument.choices ?? []);
    const argument =
      spec.rest === undefined
        ? first
        : `if [ "$words" -lt 2 ]; then ${first}; else ${bashValue(spec.rest.value, spec.rest.choices ?? [])}; fi`;
    return `    ${spec.name})
      case "$prev" in
${values.length === 0 ? "        '') ;;" : values.join("\n")}
      esac
      case "$cur" in
        -*) COMPREPLY=($(compgen -W "${words}" -- "$cur")) ;;
        *) ${argument} ;;
      esac ;;`;
  });
  const valued = [
    ...new Set(commands.flatMap(({ options }) => options.filter(takesValue).flatMap(spelled))),
  ].join("|");
  return `# bash completion for hostfit; load it with: source <(hostfit completion bash)
_hostfit_paths() { local IFS=$'\\n'; COMPREPLY=($(compgen "$1" -- "$2")); compopt -o filenames 2>/dev/null; }
_hostfit_image() {
  case "$prev$cur" in
    oci:) _hostfit_paths -d "" ;;
    :*) _hostfit_paths -d "$cur" ;;
    *) COMPREPLY=($(compgen -W "oci:" -- "$cur")); compopt -o nospace 2>/dev/null ;;
  esac
}
_hostfit() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}" command="" word words=0 skip=""
  COMPREPLY=()
  # bash splits --output=json at the sign, too.
  if [ "$cur" = "=" ]; then cur=""; elif [ "$prev" = "=" ]; then prev="\${COMP_WORDS[COMP_CWORD-2]}"; fi
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    if [ -n "$skip" ] && [ "$word" != "=" ]; then skip=""; continue; fi
    case "$word" in
      =) ;;
      ${valued}) skip=1 ;;
      -*) ;;
      *) command="\${command:-$word}"; words=$((words+1)) ;;
    esac
  done
  case "$command" in
    "") COMPREPLY=($(compgen -W "${commands.map(({ spec }) => spec.name).join(" ")} help --help --version" -- "$cur")) ;;
    help) COMPREPLY=($(compgen -W "${commands.map(({ spec }) => spec.name).join(" ")}" -- "$cur")) ;;
${arms.join("\n")}
  esac
}
complete -F _hostfit hostfit
`;
}

function bashValue(kind: ValueKind | undefined, choices: readonly string[]): string {
  switch (kind) {
    case "choice":
      return `COMPREPLY=($(compgen -W "${choices.join(" ")}" -- "$cur"))`;
    case "file":
      return '_hostfit_paths -f "$cur"';
    case "folder":
      return '_hostfit_paths -d "$cur"';
    case "image":
      return "_hostfit_image";
    default:
      return ":";
  }
}

/* ------------------------------------------------------------------- zsh */

function zsh(commands: readonly CommandWords[]): string {
  const list = commands.map(({ spec }) => `    ${zshQuote(`${spec.name}:${spec.summary}`)}`);
  const arms = commands.map(({ spec, options }) => {
    const lines = options.map((option) => {
      const names = spelled(option);
      const head = names.length === 1 ? names[0] : `(${names.join(" ")})'{${names.join(",")}}'`;
      const tail = option.value === undefined ? "" : zshValue(option.value, option.choices);
      return `        '${head}[${zshText(option.summary)}]${tail}'`;
    });
    if (spec.argument !== undefined) {
      lines.push(`        '1${zshValue(spec.argument.value, spec.argument.choices ?? [])}'`);
    }
    if (spec.rest !== undefined) {
      lines.push(`        '*${zshValue(spec.rest.value, spec.rest.choices ?? [])}'`);
    }
    return `      ${spec.name})\n        _arguments ${`\\\n${lines.join(" \\\n")}`} ;;`;
  });
  return `#compdef hostfit
# zsh completion for hostfit; load it with: source <(hostfit completion zsh)
# It needs zsh's completion system: autoload -U compinit && compinit
_hostfit_image() {
  if compset -P 'oci:'; then _files -/; else compadd -S '' -- 'oci:'; fi
}
_hostfit() {
  local -a commands
  commands=(
${list.join("\n")}
    'help:show the help of a command'
  )
  local line state
  _arguments -C '1: :->command' '*:: :->rest' '(- *)'{-h,--help}'[show help]' '(- *)'{-V,--version}'[print the version]'
  case "$state" in
    command) _describe command commands ;;
    rest)
      case "$line[1]" in
${arms.join("\n")}
        help) _describe command commands ;;
      esac ;;
  esac
}
if [ "$funcstack[1]" = "_hostfit" ]; then
  _hostfit "$@"
elif (( $+functions[compdef] )); then
  compdef _hostfit hostfit
else
  print -u2 -- "hostfit: the completion needs zsh's completion system; put this line before it: autoload -U compinit && compinit"
fi
`;
}

function zshValue(kind: ValueKind, choices: readonly string[]): string {
  switch (kind) {
    case "choice":
      return `:choice:(${choices.join(" ")})`;
    case "file":
      return ":file:_files";
    case "folder":
      return ":folder:_files -/";
    case "image":
      return ":image:_hostfit_image";
    default:
      return ":value: ";
  }
}

function zshQuote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** Text inside the brackets of an `_arguments` specification. */
function zshText(text: string): string {
  return text.replaceAll("'", "'\\''").replaceAll("[", "\\[").replaceAll("]", "\\]").replaceAll(":", "\\:");
}

/* ------------------------------------------------------------------ fish */

function fish(commands: readonly CommandWords[]): string {
  const names = commands.map(({ spec }) => spec.name).join(" ");
  const lines = [
    "# fish completion for hostfit; save it as ~/.config/fish/completions/hostfit.fish",
    "complete -c hostfit -f",
    `set -l commands ${names} help`,
    ...commands.map(
      ({ spec }) =>
        `complete -c hostfit -n "not __fish_seen_subcommand_from $commands" -a ${spec.name} -d ${fishQuote(spec.summary)}`,
    ),
    'complete -c hostfit -n "not __fish_seen_subcommand_from $commands" -a help -d "show the help of a command"',
    'complete -c hostfit -n "not __fish_seen_subcommand_from $commands" -s V -l version -d "print the version"',
    `complete -c hostfit -n "__fish_seen_subcommand_from help" -a "${names}"`,
  ];
  for (const { spec, options } of commands) {
    const seen = `-n "__fish_seen_subcommand_from ${spec.name}"`;
    for (const option of options) {
      const short = option.short === undefined ? "" : ` -s ${option.short.slice(1)}`;
      lines.push(
        `complete -c hostfit ${seen}${short} -l ${option.long.slice(2)}${fishValue(option.value, option.choices)} ` +
          `-d ${fishQuote(option.summary)}`,
      );
    }
    if (spec.argument !== undefined) {
      lines.push(
        `complete -c hostfit ${seen}${fishArgument(spec.argument.value, spec.argument.choices ?? [])}`,
      );
    }
    if (spec.rest !== undefined) {
      lines.push(`complete -c hostfit ${seen}${fishArgument(spec.rest.value, spec.rest.choices ?? [])}`);
    }
  }
  return `${lines.join("\n")}\n`;
}

function fishValue(kind: ValueKind | undefined, choices: readonly string[]): string {
  switch (kind) {
    case undefined:
      return "";
    case "choice":
      return ` -x -a "${choices.join(" ")}"`;
    case "file":
      return " -r -F";
    case "folder":
      return ' -x -a "(__fish_complete_directories)"';
    default:
      return " -x";
  }
}

function fishArgument(kind: ValueKind, choices: readonly string[]): string {
  switch (kind) {
    case "choice":
      return ` -a "${choices.join(" ")}"`;
    case "image":
      return ` -a "oci:(__fish_complete_directories (string replace -r '^oci:' '' -- (commandline -ct)))"`;
    default:
      return " -F";
  }
}

function fishQuote(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
