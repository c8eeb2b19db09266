// Reads one question a line and answers with what the real libraries of other tools pick from an index.
package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"sort"
	"strings"

	"github.com/containerd/platforms"
	"github.com/containers/image/v5/manifest"
	"github.com/containers/image/v5/types"
	ggcr "github.com/google/go-containerregistry/pkg/v1"
	"github.com/opencontainers/go-digest"
	"github.com/opencontainers/image-spec/specs-go"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	regclient "github.com/regclient/regclient/types/platform"
	"oras.land/oras-go/v2"
	"oras.land/oras-go/v2/content"
	"oras.land/oras-go/v2/content/memory"
)

type entry struct {
	Platform    *ocispec.Platform `json:"platform"`
	Annotations map[string]string `json:"annotations"`
}

// What each tool detects of the host; the test says it, since the machine that runs this is another.
type question struct {
	Entries    []entry            `json:"entries"`
	Containerd []ocispec.Platform `json:"containerd"`
	Docker     ocispec.Platform   `json:"docker"`
	Podman     ocispec.Platform   `json:"podman"`
	Regclient  regclient.Platform `json:"regclient"`
	Oras       ocispec.Platform   `json:"oras"`
}

type answer struct {
	Containerd int `json:"containerd"`
	Docker     int `json:"docker"`
	Podman     int `json:"podman"`
	Crane      int `json:"crane"`
	Oras       int `json:"oras"`
	Regclient  int `json:"regclient"`
}

func main() {
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(make([]byte, 1<<20), 16<<20)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for in.Scan() {
		var q question
		must(json.Unmarshal(in.Bytes(), &q))
		comparer := platforms.MatchComparer(nil)
		if len(q.Containerd) == 1 {
			comparer = platforms.Only(q.Containerd[0])
		} else {
			comparer = platforms.Ordered(q.Containerd...)
		}
		line, err := json.Marshal(answer{
			Containerd: sorted(q.Entries, comparer),
			Docker:     sorted(q.Entries, platforms.Only(platforms.Normalize(q.Docker))),
			Podman:     podman(q.Entries, q.Podman),
			Crane:      crane(q.Entries),
			Oras:       orasPick(q.Entries, q.Oras),
			Regclient:  regclientPick(q.Entries, q.Regclient),
		})
		must(err)
		fmt.Fprintln(out, string(line))
	}
}

// As containerd's images.Manifest and moby's filterManifests do it.
func sorted(entries []entry, comparer platforms.MatchComparer) int {
	var indexes []int
	for i, e := range entries {
		if e.Platform == nil || comparer.Match(*e.Platform) {
			indexes = append(indexes, i)
		}
	}
	sort.SliceStable(indexes, func(a, b int) bool {
		p, q := entries[indexes[a]].Platform, entries[indexes[b]].Platform
		if p == nil {
			return false
		}
		if q == nil {
			return true
		}
		return comparer.Less(*p, *q)
	})
	if len(indexes) == 0 {
		return -1
	}
	return indexes[0]
}

func podman(entries []entry, host ocispec.Platform) int {
	raw, err := json.Marshal(index(entries))
	must(err)
	parsed, err := manifest.OCI1IndexFromManifest(raw)
	must(err)
	chosen, err := parsed.ChooseInstance(&types.SystemContext{
		OSChoice: host.OS, ArchitectureChoice: host.Architecture, VariantChoice: host.Variant,
	})
	if err != nil {
		return -1
	}
	return position(entries, chosen)
}

// As remote.Index does it: the default platform, a missing one counts as the default.
func crane(entries []entry) int {
	wanted := ggcr.Platform{OS: "linux", Architecture: "amd64"}
	for i, e := range entries {
		given := wanted
		if p := e.Platform; p != nil {
			given = ggcr.Platform{OS: p.OS, Architecture: p.Architecture, Variant: p.Variant, OSVersion: p.OSVersion, OSFeatures: p.OSFeatures}
		}
		if given.Satisfies(wanted) {
			return i
		}
	}
	return -1
}

func orasPick(entries []entry, host ocispec.Platform) int {
	ctx := context.Background()
	store := memory.New()
	for i := range entries {
		must(store.Push(ctx, descriptor(i), bytes.NewReader(blob(i))))
	}
	raw, err := json.Marshal(index(entries))
	must(err)
	root := content.NewDescriptorFromBytes(ocispec.MediaTypeImageIndex, raw)
	must(store.Push(ctx, root, bytes.NewReader(raw)))
	must(store.Tag(ctx, root, "it"))
	found, err := oras.Resolve(ctx, store, "it", oras.ResolveOptions{TargetPlatform: &host})
	if err != nil {
		return -1
	}
	return position(entries, found.Digest)
}

func regclientPick(entries []entry, host regclient.Platform) int {
	compare := regclient.NewCompare(host)
	picked := -1
	var best regclient.Platform
	for i, e := range entries {
		if e.Platform == nil {
			continue
		}
		p := regclient.Platform{OS: e.Platform.OS, Architecture: e.Platform.Architecture, Variant: e.Platform.Variant, OSVersion: e.Platform.OSVersion, OSFeatures: e.Platform.OSFeatures}
		if compare.Better(p, best) {
			picked, best = i, p
		}
	}
	return picked
}

func index(entries []entry) ocispec.Index {
	list := ocispec.Index{Versioned: specs.Versioned{SchemaVersion: 2}, MediaType: ocispec.MediaTypeImageIndex}
	for i, e := range entries {
		d := descriptor(i)
		d.Platform, d.Annotations = e.Platform, e.Annotations
		list.Manifests = append(list.Manifests, d)
	}
	return list
}

func blob(i int) []byte {
	return []byte(fmt.Sprintf(`{"schemaVersion":2,"mediaType":"%s","config":{"mediaType":"application/vnd.oci.empty.v1+json","digest":"%s","size":2},"layers":[],"annotations":{"n":"%s"}}`,
		ocispec.MediaTypeImageManifest, digest.FromString("{}"), strings.Repeat("x", i)))
}

func descriptor(i int) ocispec.Descriptor {
	return content.NewDescriptorFromBytes(ocispec.MediaTypeImageManifest, blob(i))
}

func position(entries []entry, wanted digest.Digest) int {
	for i := range entries {
		if descriptor(i).Digest == wanted {
			return i
		}
	}
	return -1
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
