/** For pages: the registry is where the page is from, the others are parameters. */
import { askRegistries } from "./client.ts";

const told = new URL(location.href).searchParams;
Object.assign(globalThis, {
  asked: askRegistries(location.host, told.get("liar") ?? "", told.get("mover") ?? ""),
});
