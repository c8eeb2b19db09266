package hostfit

import (
	"context"
	"encoding/json"
	"runtime"
)

// Candidate is a manifest that could be chosen.
type Candidate struct {
	// ID is shown in the answer; a digest as a rule.
	ID string
	// Platform is nil if it isn't known.
	Platform    *Platform
	Annotations map[string]string
	// Requirements are nil if it has none: it is judged by its platform alone.
	Requirements *Requirements
	// Author is whose documents these are: scores are compared only between equal ones.
	Author string
}

// RankOptions are what may take part in a ranking beside candidates and a host.
type RankOptions struct {
	Policy *Policy
	// AllowUndetermined has an undetermined candidate chosen if no compatible one is there.
	AllowUndetermined bool
}

// candidateInput is a candidate as the core reads it in an evaluation.
type candidateInput struct {
	Platform    *Platform         `json:"platform"`
	Annotations map[string]string `json:"annotations"`
}

// rankedInput is a candidate as the core reads it in a ranking.
type rankedInput struct {
	ID string `json:"id"`
	candidateInput
	Requirements *int32 `json:"requirements"`
	Author       string `json:"author"`
}

func (c *Candidate) input() (candidateInput, error) {
	in := candidateInput{Platform: c.Platform, Annotations: c.Annotations}
	if in.Annotations == nil {
		in.Annotations = map[string]string{}
	}
	for key, text := range c.Annotations {
		if err := exact(key, text); err != nil {
			return in, err
		}
	}
	if p := c.Platform; p != nil {
		if err := exact(append([]string{p.Architecture, p.OS, p.OSVersion, p.Variant}, p.OSFeatures...)...); err != nil {
			return in, err
		}
	}
	return in, exact(c.ID, c.Author)
}

func (c *Candidate) forEvaluation() ([]byte, error) {
	in, err := c.input()
	if err != nil {
		return nil, err
	}
	return json.Marshal(in)
}

// Rank puts candidates in order for a host, and says which one to choose and why.
func (m *Matcher) Rank(ctx context.Context, host *Host, candidates []Candidate, options RankOptions) (*Ranking, error) {
	answer, err := m.RankJSON(ctx, host, candidates, options)
	if err != nil {
		return nil, err
	}
	ranking := &Ranking{JSON: answer}
	if err := json.Unmarshal(answer, ranking); err != nil {
		return nil, notHostfit(err)
	}
	return ranking, nil
}

// RankJSON is Rank for who hands the answer on: the bytes as the core wrote them.
func (m *Matcher) RankJSON(ctx context.Context, host *Host, candidates []Candidate, options RankOptions) ([]byte, error) {
	if err := m.check(host.inner()); err != nil {
		return nil, err
	}
	inputs := make([]rankedInput, len(candidates))
	for i := range candidates {
		input, err := candidates[i].input()
		if err != nil {
			return nil, err
		}
		inputs[i] = rankedInput{ID: candidates[i].ID, candidateInput: input, Author: candidates[i].Author}
		if r := candidates[i].Requirements; r != nil {
			if err := m.check(r.object); err != nil {
				return nil, err
			}
		}
	}
	in, err := m.pool.take(ctx)
	if err != nil {
		return nil, err
	}
	defer m.pool.give(ctx, in)
	for i := range candidates {
		if candidates[i].Requirements == nil {
			continue
		}
		// Each may have to be compiled in this instance.
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		number, err := in.handle(ctx, candidates[i].Requirements.object)
		if err != nil {
			return nil, err
		}
		handle := int32(number)
		inputs[i].Requirements = &handle
	}
	first, err := in.handle(ctx, host.object)
	if err != nil {
		return nil, err
	}
	runtime.KeepAlive(host)
	runtime.KeepAlive(candidates)
	policy, err := m.policyIn(ctx, in, options.Policy)
	if err != nil {
		return nil, err
	}
	asked, err := json.Marshal(struct {
		Candidates        []rankedInput `json:"candidates"`
		AllowUndetermined bool          `json:"allowUndetermined"`
	}{inputs, options.AllowUndetermined})
	if err != nil {
		return nil, misuse(CodeBadInput, "the candidates can't be written as JSON", err.Error())
	}
	length, err := in.write(ctx, asked)
	if err != nil {
		return nil, err
	}
	if _, err := in.asked(ctx, in.rank, first, policy, length); err != nil {
		return nil, err
	}
	return in.answer(), nil
}
