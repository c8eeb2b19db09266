package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sort"
	"strings"

	hostfit "github.com/hostfit/hostfit/bindings/go"
)

// maxScore is the most that a scheduler takes from a plugin (Kubernetes: framework.MaxNodeScore).
const maxScore = 100

// Plugin keeps the nodes' facts in the core, and answers for one image after the other. It is for concurrent use as long
// as nodes don't change meanwhile.
type Plugin struct {
	matcher *hostfit.Matcher
	nodes   map[string]*hostfit.Host
}

// Answer is what a scheduler wants to know about one node.
type Answer struct {
	Node string
	// Fits for certain. Undetermined nodes don't: nobody has observed what would settle it.
	Fits bool
	// Score is 0 to maxScore, the share of the image's preferences that hold.
	Score int64
	// Why says what is the matter where it doesn't fit.
	Why string
}

// NewPlugin starts without nodes.
func NewPlugin(ctx context.Context) (*Plugin, error) {
	matcher, err := hostfit.New(ctx)
	if err != nil {
		return nil, err
	}
	return &Plugin{matcher: matcher, nodes: map[string]*hostfit.Host{}}, nil
}

// Close ends the matcher, and everything in it.
func (p *Plugin) Close(ctx context.Context) error { return p.matcher.Close(ctx) }

// Update takes a node's facts: what a watch on NodeFeature objects brings. Those that can't be read leave the node out.
func (p *Plugin) Update(ctx context.Context, name string, facts []byte) error {
	host, err := p.matcher.Facts(ctx, facts)
	if err != nil {
		p.Remove(name)
		return fmt.Errorf("node %s: %w", name, err)
	}
	p.Remove(name)
	p.nodes[name] = host
	return nil
}

// Remove forgets a node.
func (p *Plugin) Remove(name string) {
	if host, known := p.nodes[name]; known {
		host.Close()
		delete(p.nodes, name)
	}
}

// Schedule answers for every node: filter first, in few calls of the core; then reasons for those that are filtered out, and
// scores for the rest. The best come first, by name where they are equal.
func (p *Plugin) Schedule(ctx context.Context, documents ...hostfit.Document) ([]Answer, error) {
	requirements, err := p.matcher.Compile(ctx, documents...)
	if err != nil {
		return nil, err
	}
	defer requirements.Close()
	names := make([]string, 0, len(p.nodes))
	for name := range p.nodes {
		names = append(names, name)
	}
	sort.Strings(names)
	hosts := make([]*hostfit.Host, len(names))
	for i, name := range names {
		hosts[i] = p.nodes[name]
	}
	values, err := p.matcher.DecideMany(ctx, requirements, hosts)
	if err != nil {
		return nil, err
	}
	answers := make([]Answer, len(names))
	for i, name := range names {
		verdict, err := p.matcher.Evaluate(ctx, requirements, hosts[i], hostfit.Question{})
		if err != nil {
			return nil, err
		}
		answers[i] = Answer{Node: name, Fits: values[i] == hostfit.Compatible}
		if answers[i].Fits {
			answers[i].Score = score(verdict)
		} else {
			answers[i].Why = why(verdict)
		}
	}
	sort.SliceStable(answers, func(a, b int) bool {
		if answers[a].Fits != answers[b].Fits {
			return answers[a].Fits
		}
		return answers[a].Score > answers[b].Score
	})
	return answers, nil
}

// score brings the document's weights into the scheduler's range.
func score(verdict *hostfit.Verdict) int64 {
	if verdict.MaxScore <= 0 {
		return 0
	}
	return verdict.Score * maxScore / verdict.MaxScore
}

// why is one line, as an event on a pod has it.
func why(verdict *hostfit.Verdict) string {
	told := make([]string, 0, len(verdict.Reasons))
	for _, reason := range verdict.Reasons {
		switch {
		case reason.Feature != nil && reason.Name != nil:
			told = append(told, fmt.Sprintf("%s %s: found %s, wanted %s", *reason.Feature, *reason.Name, found(reason), reason.Wanted))
		case reason.Feature != nil:
			told = append(told, fmt.Sprintf("%s: found %s, wanted %s", *reason.Feature, found(reason), reason.Wanted))
		default:
			told = append(told, fmt.Sprintf("%s: found %s, wanted %s", reason.Kind, found(reason), reason.Wanted))
		}
	}
	return strings.Join(told, "; ")
}

func found(reason hostfit.Reason) string {
	var text string
	if json.Unmarshal(reason.Found, &text) == nil && text != "" {
		return text
	}
	return string(reason.Found)
}

// isDocumentsFault tells whether it is the image's documents that are at fault, and not the nodes or the scheduler.
func isDocumentsFault(err error) bool {
	return errors.Is(err, hostfit.ErrInput) || errors.Is(err, hostfit.ErrLimit)
}
