/** For workers: the registries are the request's parameters. */
import { askRegistries } from "./client.ts";

export default {
  async fetch(request: Request): Promise<Response> {
    const told = new URL(request.url).searchParams;
    const at = (name: string): string => told.get(name) ?? "";
    if (at("host") === "") return new Response("ready");
    return Response.json(await askRegistries(at("host"), at("liar"), at("mover")));
  },
};
