// Package main chooses the manifest of a pulled index that fits a host best, and takes it from containerd's content store.
//
// It is the part that a client of containerd would do between resolving an image and pulling it: containerd's own
// platforms.MatchComparer sees a platform and nothing else; hostfit sees what the image's author says that it needs.
package main

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/containerd/containerd/v2/core/content"
	"github.com/containerd/containerd/v2/core/images"
	"github.com/containerd/platforms"
	hostfit "github.com/hostfit/hostfit/bindings/go"
	"github.com/opencontainers/go-digest"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
)

// Where documents stand in an index (docs/registry.md). Attached ones are a registry's to find: hostfit select does.
const (
	inlineAnnotation = "io.hostfit.requirements"
	pinnedAnnotation = "io.hostfit.requirements.digest"
)

// maxDocument is what the core takes; nothing larger is read.
const maxDocument = 1 << 20

// Selection is what was chosen, and what containerd would have taken.
type Selection struct {
	// Chosen is nil if nothing fits for certain.
	Chosen *ocispec.Descriptor
	// Others is what containerd's matcher for the host's first platform takes, nil if nothing.
	Others  *ocispec.Descriptor
	Ranking *hostfit.Ranking
	// Manifests are the candidates; the ranking's indices lead here.
	Manifests []ocispec.Descriptor
}

// Select ranks the manifests of an index in a content store. host is what the matcher loaded from facts, platform the
// host's own in containerd's view.
func Select(
	ctx context.Context,
	matcher *hostfit.Matcher,
	host *hostfit.Host,
	store content.Provider,
	index ocispec.Descriptor,
	platform ocispec.Platform,
) (*Selection, error) {
	blob, err := content.ReadBlob(ctx, store, index)
	if err != nil {
		return nil, fmt.Errorf("the index %s: %w", index.Digest, err)
	}
	var list ocispec.Index
	if err := json.Unmarshal(blob, &list); err != nil {
		return nil, fmt.Errorf("the index %s: %w", index.Digest, err)
	}
	shared, err := documentsOf(ctx, store, "index", list.Annotations)
	if err != nil {
		return nil, err
	}
	selection := &Selection{}
	var candidates []hostfit.Candidate
	for _, manifest := range list.Manifests {
		if !images.IsManifestType(manifest.MediaType) {
			continue
		}
		own, err := documentsOf(ctx, store, manifest.Digest.String(), manifest.Annotations)
		if err != nil {
			return nil, err
		}
		candidate := hostfit.Candidate{ID: manifest.Digest.String(), Annotations: manifest.Annotations}
		if manifest.Platform != nil {
			// image-spec's type has the fields of hostfit's.
			known := hostfit.Platform(*manifest.Platform)
			candidate.Platform = &known
		}
		// What the index requires, every manifest does.
		if documents := append(append([]hostfit.Document{}, shared...), own...); len(documents) > 0 {
			if candidate.Requirements, err = matcher.Compile(ctx, documents...); err != nil {
				return nil, fmt.Errorf("%s: %w", manifest.Digest, err)
			}
			defer candidate.Requirements.Close()
		}
		candidates = append(candidates, candidate)
		selection.Manifests = append(selection.Manifests, manifest)
	}
	if selection.Ranking, err = matcher.Rank(ctx, host, candidates, hostfit.RankOptions{}); err != nil {
		return nil, err
	}
	if chosen := selection.Ranking.Chosen; chosen != nil {
		selection.Chosen = &selection.Manifests[*chosen]
	}
	selection.Others = containerds(selection.Manifests, platforms.Only(platform))
	return selection, nil
}

// documentsOf reads what annotations say or pin.
func documentsOf(ctx context.Context, store content.Provider, id string, annotations map[string]string) ([]hostfit.Document, error) {
	if inline := annotations[inlineAnnotation]; inline != "" {
		return []hostfit.Document{{ID: id, JSON: []byte(inline)}}, nil
	}
	pinned := annotations[pinnedAnnotation]
	if pinned == "" {
		return nil, nil
	}
	parsed, err := digest.Parse(pinned)
	if err != nil {
		return nil, fmt.Errorf("%s of %s: %w", pinnedAnnotation, id, err)
	}
	reader, err := store.ReaderAt(ctx, ocispec.Descriptor{Digest: parsed})
	if err != nil {
		return nil, fmt.Errorf("the document %s: %w", pinned, err)
	}
	defer reader.Close()
	if reader.Size() > maxDocument {
		return nil, fmt.Errorf("the document %s has %d bytes", pinned, reader.Size())
	}
	document := make([]byte, reader.Size())
	if _, err := reader.ReadAt(document, 0); err != nil {
		return nil, fmt.Errorf("the document %s: %w", pinned, err)
	}
	return []hostfit.Document{{ID: pinned, JSON: document}}, nil
}

// containerds is what containerd takes: the best that its matcher takes, the first of equals.
func containerds(manifests []ocispec.Descriptor, matcher platforms.MatchComparer) *ocispec.Descriptor {
	var best *ocispec.Descriptor
	for i := range manifests {
		platform := manifests[i].Platform
		if platform == nil || !matcher.Match(*platform) {
			continue
		}
		if best == nil || matcher.Less(*platform, *best.Platform) {
			best = &manifests[i]
		}
	}
	return best
}
