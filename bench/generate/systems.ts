/** Distributions with the kernels that they ship. */
export interface System {
  readonly id: string;
  readonly version: string;
  readonly name: string;
  /** `uname -r` without the architecture's suffix; `%` stands for a build number. */
  readonly kernels: readonly string[];
  /** Whether the release ends in the architecture's name. */
  readonly namesArchitecture: boolean;
}

export const SYSTEMS: readonly System[] = [
  {
    id: "ubuntu",
    version: "22.04",
    name: "Ubuntu 22.04.5 LTS",
    kernels: ["5.15.0-%-generic", "6.8.0-%-generic", "6.8.0-1%-aws", "6.5.0-1%-azure"],
    namesArchitecture: false,
  },
  {
    id: "ubuntu",
    version: "24.04",
    name: "Ubuntu 24.04.2 LTS",
    kernels: ["6.8.0-%-generic", "6.11.0-%-generic", "6.8.0-1%-gke", "6.8.0-1%-nvidia"],
    namesArchitecture: false,
  },
  {
    id: "debian",
    version: "12",
    name: "Debian GNU/Linux 12 (bookworm)",
    kernels: ["6.1.0-%-amd64", "6.1.0-%-cloud-amd64"],
    namesArchitecture: false,
  },
  {
    id: "rhel",
    version: "8.10",
    name: "Red Hat Enterprise Linux 8.10 (Ootpa)",
    kernels: ["4.18.0-553.%.1.el8_10."],
    namesArchitecture: true,
  },
  {
    id: "rhel",
    version: "9.4",
    name: "Red Hat Enterprise Linux 9.4 (Plow)",
    kernels: ["5.14.0-427.%.1.el9_4."],
    namesArchitecture: true,
  },
  {
    id: "rocky",
    version: "9.5",
    name: "Rocky Linux 9.5 (Blue Onyx)",
    kernels: ["5.14.0-503.%.1.el9_5."],
    namesArchitecture: true,
  },
  {
    id: "sles",
    version: "15.6",
    name: "SUSE Linux Enterprise Server 15 SP6",
    kernels: ["6.4.0-150600.23.%-default"],
    namesArchitecture: false,
  },
  {
    id: "amzn",
    version: "2023",
    name: "Amazon Linux 2023",
    kernels: ["6.1.%-150.273.amzn2023."],
    namesArchitecture: true,
  },
  {
    id: "cos",
    version: "117",
    name: "Container-Optimized OS from Google",
    kernels: ["6.6.%+"],
    namesArchitecture: false,
  },
  {
    id: "talos",
    version: "1.9.5",
    name: "Talos (v1.9.5)",
    kernels: ["6.12.%-talos"],
    namesArchitecture: false,
  },
];
