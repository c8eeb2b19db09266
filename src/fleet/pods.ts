/** The images that run in a cluster: of `kubectl get pods -A -o json`. */
import { isMap, type JsonMap, scalar } from "../probe/elsewhere/described.ts";

/** An image that pods run. */
export interface PodImage {
  /** As the pod names it, or by the digest that the kubelet says it runs. */
  readonly reference: string;
  /** Pods that run it. */
  readonly pods: number;
}

/** Whether this is a Pod, or a list of Pods. */
export function isPods(value: unknown): value is JsonMap {
  if (!isMap(value)) return false;
  if (value.kind === "Pod" || value.kind === "PodList") return true;
  const items: readonly unknown[] = Array.isArray(value.items) ? value.items : [];
  return items.length > 0 && items.every((item) => isMap(item) && item.kind === "Pod");
}

/**
 * The images of pods, each once, in the order in which they are first named. What a container runs is known by its digest where the
 * kubelet tells it: the tag may name another image by now.
 */
export function podImages(value: JsonMap): PodImage[] {
  const items: readonly unknown[] = Array.isArray(value.items) ? value.items : [value];
  const pods = new Map<string, number>();
  for (const pod of items) {
    if (!isMap(pod)) continue;
    const references = new Set<string>();
    const spec = isMap(pod.spec) ? pod.spec : {};
    const status = isMap(pod.status) ? pod.status : {};
    for (const kind of ["initContainers", "containers", "ephemeralContainers"]) {
      const statuses = mapsIn(status[`${kind.slice(0, -1)}Statuses`]);
      for (const container of mapsIn(spec[kind])) {
        const image = scalar(container.image);
        if (image === undefined || image === "") continue;
        const running = statuses.find((one) => one.name === container.name);
        references.add(pinned(image, scalar(running?.imageID)));
      }
    }
    for (const reference of references) pods.set(reference, (pods.get(reference) ?? 0) + 1);
  }
  return [...pods].map(([reference, count]) => ({ reference, pods: count }));
}

/**
 * `repository@digest`. An imageID is `repository@digest`, with a scheme before it from some runtimes; where it is a digest alone it is that
 * of the image's configuration, which names nothing in a registry.
 */
function pinned(image: string, imageId: string | undefined): string {
  const [, repository, digest] =
    /^(?:[a-z-]+:\/\/)?([^@\s]+)@(sha256:[0-9a-f]{64})$/.exec(imageId ?? "") ?? [];
  return repository === undefined || digest === undefined || image.includes("@")
    ? image
    : `${repository}@${digest}`;
}

function mapsIn(list: unknown): JsonMap[] {
  return Array.isArray(list) ? list.filter(isMap) : [];
}
