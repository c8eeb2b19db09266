package hostfit

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"sort"
	"testing"
)

// The conformance vectors (test/vectors/README.md).
const vectors = "../../test/vectors"

type source struct {
	Text   *string
	Base64 []byte
}

func (s source) bytes() []byte {
	if s.Text != nil {
		return []byte(*s.Text)
	}
	return s.Base64
}

type vectorDocument struct {
	source
	ID      string
	Dialect string
}

type vectorCandidate struct {
	ID          string
	Platform    *Platform
	Annotations map[string]string
	Author      string
	Documents   []vectorDocument
}

type vector struct {
	Name              string
	Documents         []vectorDocument
	Facts             source
	Policy            *source
	Candidate         *vectorCandidate
	Candidates        *[]vectorCandidate
	AllowUndetermined bool
	Expect            json.RawMessage
}

func readVectors(t *testing.T) []vector {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(vectors, "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no vectors in %s: %v", vectors, err)
	}
	sort.Strings(files)
	var all []vector
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var parsed struct{ Cases []vector }
		if err := json.Unmarshal(content, &parsed); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		all = append(all, parsed.Cases...)
	}
	return all
}

func documentsOf(list []vectorDocument) []Document {
	documents := make([]Document, len(list))
	for i, d := range list {
		documents[i] = Document{ID: d.ID, JSON: d.bytes()}
		if d.Dialect == "nfd" {
			documents[i].Dialect = NFD
		}
	}
	return documents
}

// answer gives the core's own bytes, of a refusal too.
func answer(ctx context.Context, m *Matcher, v vector) ([]byte, error) {
	raw, err := ask(ctx, m, v)
	var refused *Error
	if errors.As(err, &refused) && refused.raw != nil {
		return refused.raw, nil
	}
	return raw, err
}

func ask(ctx context.Context, m *Matcher, v vector) ([]byte, error) {
	var compiled []*Requirements
	compile := func(list []vectorDocument) (*Requirements, error) {
		r, err := m.Compile(ctx, documentsOf(list)...)
		if err == nil {
			compiled = append(compiled, r)
		}
		return r, err
	}
	defer func() {
		for _, r := range compiled {
			r.Close()
		}
	}()
	var candidates []Candidate
	var requirements *Requirements
	var err error
	if v.Candidates == nil {
		if requirements, err = compile(v.Documents); err != nil {
			return nil, err
		}
	} else {
		for _, c := range *v.Candidates {
			candidate := Candidate{ID: c.ID, Platform: c.Platform, Annotations: c.Annotations, Author: c.Author}
			if len(c.Documents) > 0 {
				if candidate.Requirements, err = compile(c.Documents); err != nil {
					return nil, err
				}
			}
			candidates = append(candidates, candidate)
		}
	}
	host, err := m.Facts(ctx, v.Facts.bytes())
	if err != nil {
		return nil, err
	}
	defer host.Close()
	var policy *Policy
	if v.Policy != nil {
		if policy, err = m.Policy(ctx, v.Policy.bytes()); err != nil {
			return nil, err
		}
		defer policy.Close()
	}
	if v.Candidates != nil {
		return m.RankJSON(ctx, host, candidates, RankOptions{Policy: policy, AllowUndetermined: v.AllowUndetermined})
	}
	question := Question{Policy: policy}
	if v.Candidate != nil {
		question.Candidate = &Candidate{Platform: v.Candidate.Platform, Annotations: v.Candidate.Annotations}
	}
	return m.EvaluateJSON(ctx, requirements, host, question)
}

func TestVectors(t *testing.T) {
	ctx := t.Context()
	m, err := New(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close(ctx)
	var lines bytes.Buffer
	for _, v := range readVectors(t) {
		got, err := answer(ctx, m, v)
		if err != nil {
			t.Errorf("%s: %v", v.Name, err)
			continue
		}
		lines.Write(got)
		lines.WriteByte('\n')
		if !sameAnswer(t, got, v.Expect) {
			t.Errorf("%s:\n got %s\nwant %s", v.Name, got, v.Expect)
		}
	}
	// Compared byte for byte with Node's by test/bindings/go.test.ts.
	if file := os.Getenv("HOSTFIT_ANSWERS"); file != "" {
		if err := os.WriteFile(file, lines.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// sameAnswer compares as JSON; of an error code, pointer and document.
func sameAnswer(t *testing.T, got, want []byte) bool {
	var refused struct {
		Error *struct{ Code, Pointer, Document string }
	}
	if err := json.Unmarshal(want, &refused); err == nil && refused.Error != nil {
		told := struct{ Code, Pointer, Document string }{}
		if err := json.Unmarshal(got, &told); err != nil {
			t.Fatalf("%s: %v", got, err)
		}
		return told == *refused.Error
	}
	var a, b any
	if err := json.Unmarshal(got, &a); err != nil {
		t.Fatalf("%s: %v", got, err)
	}
	if err := json.Unmarshal(want, &b); err != nil {
		t.Fatalf("%s: %v", want, err)
	}
	return reflect.DeepEqual(a, b)
}

// What Go's types lose of an answer would be lost for everybody: written again, it has the same members and values.
func TestTypesHoldEverythingThatAnswersHave(t *testing.T) {
	for _, v := range readVectors(t) {
		var typed any
		switch {
		case bytes.HasPrefix(v.Expect, []byte(`{"error"`)):
			continue
		case bytes.HasPrefix(v.Expect, []byte(`{"chosen"`)):
			typed = new(Ranking)
		default:
			typed = new(Verdict)
		}
		decoder := json.NewDecoder(bytes.NewReader(v.Expect))
		decoder.DisallowUnknownFields()
		if err := decoder.Decode(typed); err != nil {
			t.Errorf("%s: %v", v.Name, err)
		}
	}
}

func TestMisuseVectors(t *testing.T) {
	content, err := os.ReadFile(filepath.Join(vectors, "misuse", "cases.json"))
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Cases []struct {
			Name         string
			Module       *string
			BytesOfCore  *int
			Memory, Work *int
			Facts        string
			Expect       struct{ From, Code string }
		}
	}
	if err := json.Unmarshal(content, &file); err != nil {
		t.Fatal(err)
	}
	classes := map[string]error{
		CodeNotHostfit:    ErrLoad,
		CodeABIMismatch:   ErrLoad,
		CodeBadLimit:      ErrMisuse,
		"out-of-memory":   ErrLimit,
		"budget-exceeded": ErrLimit,
	}
	for _, c := range file.Cases {
		t.Run(c.Name, func(t *testing.T) {
			var options []Option
			if c.Module != nil {
				module, err := base64.StdEncoding.DecodeString(*c.Module)
				if err != nil {
					t.Fatal(err)
				}
				options = append(options, WithWasm(module))
			}
			if n := c.BytesOfCore; n != nil {
				options = append(options, WithWasm(wasm[:(*n+len(wasm))%len(wasm)]))
			}
			if c.Memory != nil {
				options = append(options, WithMemory(*c.Memory))
			}
			if c.Work != nil {
				options = append(options, WithWork(*c.Work))
			}
			m, err := New(t.Context(), options...)
			if c.Expect.From == "facts" {
				if err != nil {
					t.Fatal(err)
				}
				defer m.Close(t.Context())
				_, err = m.Facts(t.Context(), []byte(c.Facts))
			}
			var refused *Error
			if !errors.As(err, &refused) || refused.Code != c.Expect.Code || !errors.Is(err, classes[c.Expect.Code]) {
				t.Errorf("got %v, want %s", err, c.Expect.Code)
			}
		})
	}
}
