/** A card that takes a file, dropped or chosen, or text that is written. */

/** Largest file that is read: more than what the core takes of facts in a page that a person looks at. */
const MAX_BYTES = 16 * 1024 * 1024;

/** How long nothing is typed before an answer is asked for, in milliseconds. */
const PAUSE = 200;

export class InputCard {
  readonly #card: HTMLElement;
  readonly #text: HTMLTextAreaElement;
  readonly #label: HTMLElement;
  readonly #what: string;
  #name: string;
  #changed: () => void = () => undefined;
  #pause: ReturnType<typeof setTimeout> | undefined;

  /** `what` names what is written where no file is. */
  constructor(id: string, what: string) {
    this.#what = what;
    this.#name = what;
    this.#card = document.querySelector(`#${id}-card`)!;
    this.#text = document.querySelector(`#${id}-text`)!;
    this.#label = document.querySelector(`#${id}-name`)!;
    const file = document.querySelector<HTMLInputElement>(`#${id}-file`)!;
    file.addEventListener("change", () => {
      void this.#take(file.files?.[0]);
      // Choosing the same file again is a change, too.
      file.value = "";
    });
    this.#text.addEventListener("input", () => {
      clearTimeout(this.#pause);
      this.#pause = setTimeout(() => this.#changed(), PAUSE);
    });
    this.#acceptDrops();
  }

  get text(): string {
    return this.#text.value;
  }

  /** The file's name, or what is written. */
  get name(): string {
    return this.#name;
  }

  onChange(changed: () => void): void {
    this.#changed = changed;
  }

  fill(name: string, text: string): void {
    this.#name = name;
    this.#text.value = text;
    this.#label.textContent = name === this.#what ? "" : name;
  }

  #acceptDrops(): void {
    // Entering a child leaves the parent: what counts is how many have been entered and not left.
    let depth = 0;
    const over = (delta: number) => {
      depth = Math.max(0, depth + delta);
      this.#card.toggleAttribute("data-over", depth > 0);
    };
    this.#card.addEventListener("dragenter", (event) => {
      event.preventDefault();
      over(1);
    });
    this.#card.addEventListener("dragleave", () => over(-1));
    this.#card.addEventListener("dragover", (event) => event.preventDefault());
    this.#card.addEventListener("drop", (event) => {
      event.preventDefault();
      over(-depth);
      void this.#take(event.dataTransfer?.files[0]);
    });
  }

  async #take(file: File | undefined): Promise<void> {
    if (file === undefined) return;
    if (file.size > MAX_BYTES) {
      this.fill(file.name, "");
      this.#label.textContent = `${file.name} has ${file.size} bytes: too many for this page`;
    } else this.fill(file.name, await file.text());
    this.#changed();
  }
}
