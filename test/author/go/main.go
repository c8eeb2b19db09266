// Reads one JSON object a line, {"yaml": text, "json": text or null}: a document as an author wrote it and the JSON that
// hostfit made of it (null where hostfit refused it). Decodes the first with sigs.k8s.io/yaml into the types that NFD
// decodes it into, the second with encoding/json into the same, and answers with a line that compares them.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"reflect"

	"sigs.k8s.io/yaml"
)

type matchExpression struct {
	Op    string   `json:"op"`
	Value []string `json:"value,omitempty"`
	Type  string   `json:"type,omitempty"`
}

type matchExpressionSet map[string]*matchExpression

type term struct {
	Feature          string              `json:"feature"`
	MatchExpressions *matchExpressionSet `json:"matchExpressions"`
	MatchName        *matchExpression    `json:"matchName"`
}

type matchAnyElem struct {
	MatchFeatures []term `json:"matchFeatures"`
}

type groupRule struct {
	Name          string            `json:"name"`
	Vars          map[string]string `json:"vars"`
	VarsTemplate  string            `json:"varsTemplate"`
	MatchFeatures []term            `json:"matchFeatures"`
	MatchAny      []matchAnyElem    `json:"matchAny"`
}

type compatibility struct {
	Rules       []groupRule `json:"rules"`
	Weight      int         `json:"weight,omitempty"`
	Tag         string      `json:"tag,omitempty"`
	Description string      `json:"description,omitempty"`
}

type spec struct {
	Version         string          `json:"version"`
	Compatibilities []compatibility `json:"compatibilities"`
}

type question struct {
	YAML string  `json:"yaml"`
	JSON *string `json:"json"`
}

type answer struct {
	// What sigs.k8s.io/yaml says: its error, or the document marshalled again.
	Error string `json:"error,omitempty"`
	Go    string `json:"go,omitempty"`
	// "equal", "different", "refused" (only hostfit), "accepted" (only hostfit), "both-refuse".
	Outcome string `json:"outcome"`
}

func main() {
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(make([]byte, 1<<20), 64<<20)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for in.Scan() {
		var q question
		if err := json.Unmarshal(in.Bytes(), &q); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		line, err := json.Marshal(compare(q))
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		out.Write(line)
		out.WriteByte('\n')
	}
}

func compare(q question) answer {
	var theirs, ours spec
	if err := yaml.Unmarshal([]byte(q.YAML), &theirs); err != nil {
		if q.JSON == nil {
			return answer{Error: err.Error(), Outcome: "both-refuse"}
		}
		return answer{Error: err.Error(), Outcome: "accepted"}
	}
	again, _ := json.Marshal(theirs)
	if q.JSON == nil {
		return answer{Go: string(again), Outcome: "refused"}
	}
	decoder := json.NewDecoder(bytes.NewReader([]byte(*q.JSON)))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&ours); err != nil {
		return answer{Go: string(again), Error: "hostfit's JSON: " + err.Error(), Outcome: "different"}
	}
	if reflect.DeepEqual(theirs, ours) {
		return answer{Go: string(again), Outcome: "equal"}
	}
	return answer{Go: string(again), Outcome: "different"}
}
