// Package main filters and scores nodes for an image, as a scheduler's plugin does (Kubernetes: Filter and Score).
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	hostfit "github.com/hostfit/hostfit/bindings/go"
)

const usage = `usage: scheduler DOCUMENT FACTS...

DOCUMENT is a requirements document, FACTS are nodes: Host documents or NodeFeature objects, named by their files; all JSON.
Exit status: 0 a node fits, 1 none does, 2 an error.`

func main() {
	status, err := run(context.Background(), os.Args[1:], os.Stdout)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	os.Exit(status)
}

func run(ctx context.Context, arguments []string, out io.Writer) (int, error) {
	if len(arguments) < 2 {
		return 2, fmt.Errorf("%s", usage)
	}
	document, err := os.ReadFile(arguments[0])
	if err != nil {
		return 2, err
	}
	plugin, err := NewPlugin(ctx)
	if err != nil {
		return 2, err
	}
	defer plugin.Close(ctx)
	for _, file := range arguments[1:] {
		facts, err := os.ReadFile(file)
		if err != nil {
			return 2, err
		}
		if err := plugin.Update(ctx, strings.TrimSuffix(filepath.Base(file), ".json"), facts); err != nil {
			return 2, err
		}
	}
	answers, err := plugin.Schedule(ctx, hostfit.Document{ID: arguments[0], JSON: document})
	if isDocumentsFault(err) {
		return 2, fmt.Errorf("the image can't be scheduled: %w", err)
	}
	if err != nil {
		return 2, err
	}
	for _, answer := range answers {
		if answer.Fits {
			fmt.Fprintf(out, "%3d %s\n", answer.Score, answer.Node)
		} else {
			fmt.Fprintf(out, "  - %s: %s\n", answer.Node, answer.Why)
		}
	}
	if !answers[0].Fits {
		return 1, nil
	}
	return 0, nil
}
