package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sort"
	"strings"
	"sync"

	hostfit "github.com/hostfit/hostfit/bindings/go"
)

// maxScore is the most that a scheduler takes from a plugin (Kubernetes: framework.MaxNodeScore).
const maxScore = 100

// Plugin keeps the nodes' facts in a fleet, and answers for one image after the other. It is for concurrent use: a fleet has one
// owner, which is who holds the lock.
type Plugin struct {
	mutex   sync.Mutex
	matcher *hostfit.Matcher
	fleet   *hostfit.Fleet
	slots   map[string]int
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
	fleet, err := matcher.Fleet(ctx)
	if err != nil {
		return nil, errors.Join(err, matcher.Close(ctx))
	}
	return &Plugin{matcher: matcher, fleet: fleet, slots: map[string]int{}}, nil
}

// Close ends the matcher, and everything in it.
func (p *Plugin) Close(ctx context.Context) error { return p.matcher.Close(ctx) }

// Update takes a node's facts: what a watch on NodeFeature objects brings. Those that can't be read leave the node out.
func (p *Plugin) Update(ctx context.Context, name string, facts []byte) error {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	slot, known := p.slots[name]
	var err error
	if known {
		err = p.fleet.Update(ctx, slot, facts)
	} else if slot, err = p.fleet.Add(ctx, facts); err == nil {
		p.slots[name] = slot
	}
	if err == nil {
		return nil
	}
	if known {
		err = errors.Join(err, p.remove(ctx, name))
	}
	return fmt.Errorf("node %s: %w", name, err)
}

// Remove forgets a node.
func (p *Plugin) Remove(ctx context.Context, name string) error {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	return p.remove(ctx, name)
}

func (p *Plugin) remove(ctx context.Context, name string) error {
	slot, known := p.slots[name]
	if !known {
		return nil
	}
	delete(p.slots, name)
	return p.fleet.Remove(ctx, slot)
}

// Schedule answers for every node: one row of the fleet filters and scores, and those that are filtered out are explained. The
// best come first, by name where they are equal.
func (p *Plugin) Schedule(ctx context.Context, documents ...hostfit.Document) ([]Answer, error) {
	requirements, err := p.matcher.Compile(ctx, documents...)
	if err != nil {
		return nil, err
	}
	defer requirements.Close()
	p.mutex.Lock()
	defer p.mutex.Unlock()
	row, err := p.fleet.Row(ctx, requirements, hostfit.RowQuestion{Scores: true})
	if err != nil {
		return nil, err
	}
	answers := make([]Answer, 0, len(p.slots))
	for name, slot := range p.slots {
		value, _ := row.Value(slot)
		answer := Answer{Node: name, Fits: value == hostfit.Compatible}
		verdict, err := p.fleet.Explain(ctx, slot, requirements, hostfit.Question{})
		if err != nil {
			return nil, err
		}
		if answer.Fits {
			answer.Score = score(row.Scores[slot], verdict.MaxScore)
		} else {
			answer.Why = why(verdict)
		}
		answers = append(answers, answer)
	}
	sort.Slice(answers, func(a, b int) bool {
		x, y := answers[a], answers[b]
		if x.Fits != y.Fits {
			return x.Fits
		}
		if x.Score != y.Score {
			return x.Score > y.Score
		}
		return x.Node < y.Node
	})
	return answers, nil
}

// score brings the document's weights into the scheduler's range.
func score(sum int32, most int64) int64 {
	if most <= 0 {
		return 0
	}
	return int64(sum) * maxScore / most
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
