package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"

	"github.com/containerd/containerd/v2/plugins/content/local"
	"github.com/containerd/platforms"
	hostfit "github.com/hostfit/hostfit/bindings/go"
	"github.com/opencontainers/go-digest"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
)

const usage = `usage: containerd-select --store DIR --index DIGEST --facts FILE

  --store   containerd's content store (/var/lib/containerd/io.containerd.content.v1.content), or an OCI layout
  --index   the digest of a pulled index
  --facts   the host's facts as JSON (hostfit probe -o json)

Prints the digest to pull. Exit status: 0 chosen, 1 nothing fits, 2 an error.
`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	status, err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	os.Exit(status)
}

func run(ctx context.Context, arguments []string, out, notes io.Writer) (int, error) {
	flags := flag.NewFlagSet("containerd-select", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	root := flags.String("store", "", "")
	index := flags.String("index", "", "")
	file := flags.String("facts", "", "")
	if err := flags.Parse(arguments); err != nil || *root == "" || *index == "" || *file == "" {
		return 2, fmt.Errorf("%s", usage)
	}
	parsed, err := digest.Parse(*index)
	if err != nil {
		return 2, err
	}
	facts, err := os.ReadFile(*file)
	if err != nil {
		return 2, err
	}
	store, err := local.NewStore(*root)
	if err != nil {
		return 2, err
	}
	matcher, err := hostfit.New(ctx)
	if err != nil {
		return 2, err
	}
	defer matcher.Close(ctx)
	host, err := matcher.Facts(ctx, facts)
	if err != nil {
		return 2, err
	}
	selection, err := Select(ctx, matcher, host, store, ocispec.Descriptor{Digest: parsed}, platformOf(facts))
	if err != nil {
		return 2, err
	}
	for _, candidate := range selection.Ranking.Candidates {
		manifest := selection.Manifests[candidate.Index]
		platform := "platform not known"
		if manifest.Platform != nil {
			platform = platforms.Format(*manifest.Platform)
		}
		fmt.Fprintf(notes, "%-12s %-16s %s\n", candidate.Value, platform, manifest.Annotations[ocispec.AnnotationTitle])
	}
	if selection.Others != nil {
		fmt.Fprintf(notes, "containerd alone would take %s\n", selection.Others.Annotations[ocispec.AnnotationTitle])
	}
	if selection.Chosen == nil {
		return 1, nil
	}
	fmt.Fprintln(out, selection.Chosen.Digest)
	return 0, nil
}

// platformOf is the host's first platform, which containerd is asked about; its own machine's if the facts name none.
func platformOf(facts []byte) ocispec.Platform {
	var host struct{ Platforms []ocispec.Platform }
	if err := json.Unmarshal(facts, &host); err != nil || len(host.Platforms) == 0 {
		return platforms.DefaultSpec()
	}
	return host.Platforms[0]
}
