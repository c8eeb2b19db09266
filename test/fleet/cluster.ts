/** Objects as a cluster's API gives them, for tests. */

/** A NodeFeature object of a node. */
export function nodeFeature(
  node: string,
  features: object,
  { name = node, namespace = "node-feature-discovery" } = {},
): object {
  return {
    apiVersion: "nfd.k8s-sigs.io/v1alpha1",
    kind: "NodeFeature",
    metadata: {
      name,
      namespace,
      labels: { "nfd.node.kubernetes.io/node-name": node },
      managedFields: [{ manager: "nfd-worker", fieldsV1: { "f:spec": {} } }],
    },
    spec: { features },
  };
}

/** A Node with NFD's labels. */
export function node(name: string, labels: Readonly<Record<string, string>>, kernel = "6.1.0"): object {
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name,
      labels: { "kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64", ...labels },
    },
    status: { nodeInfo: { kernelVersion: kernel, operatingSystem: "linux", architecture: "amd64" } },
  };
}

/** A Pod; `images` maps a container's name to its image, and to the imageID that the kubelet tells. */
export function pod(name: string, images: Readonly<Record<string, readonly [string, string?]>>): object {
  const entries = Object.entries(images);
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "default" },
    spec: { containers: entries.map(([container, [image]]) => ({ name: container, image })) },
    status: {
      containerStatuses: entries.map(([container, [image, imageID = ""]]) => ({
        name: container,
        image,
        imageID,
      })),
    },
  };
}

/** As `kubectl get -o json` prints several. */
export function list(items: readonly object[]): object {
  return { apiVersion: "v1", kind: "List", items, metadata: { resourceVersion: "" } };
}

/** Attributes as NFD has them. */
export function attributes(feature: string, elements: Readonly<Record<string, string>>): object {
  return { attributes: { [feature]: { elements } } };
}
