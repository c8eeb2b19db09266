// Answers with Go's own regexp what hostfit's pattern engine is asked: one JSON object a line in and out. With the
// argument "orbits" it prints the code points that unicode.SimpleFold takes for one, as one JSON array of arrays.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"os"
	"regexp"
	"regexp/syntax"
	"unicode"
)

type question struct {
	Pattern []byte   `json:"pattern"`
	Texts   [][]byte `json:"texts"`
}

type answer struct {
	// The syntax.ErrorCode; empty if the pattern compiles.
	Error string `json:"error"`
	// The part of the pattern that Go shows with it.
	Shown   []byte `json:"shown"`
	Matches []bool `json:"matches"`
}

func main() {
	if len(os.Args) > 1 && os.Args[1] == "orbits" {
		printOrbits()
		return
	}
	in := json.NewDecoder(bufio.NewReaderSize(os.Stdin, 1<<20))
	out := bufio.NewWriterSize(os.Stdout, 1<<20)
	defer out.Flush()
	encoder := json.NewEncoder(out)
	for {
		var q question
		if in.Decode(&q) != nil {
			return
		}
		a := answer{Matches: []bool{}}
		re, err := regexp.Compile(string(q.Pattern))
		var bad *syntax.Error
		if errors.As(err, &bad) {
			a.Error, a.Shown = bad.Code.String(), []byte(bad.Expr)
		} else {
			for _, text := range q.Texts {
				a.Matches = append(a.Matches, re.Match(text))
			}
		}
		if encoder.Encode(a) != nil {
			return
		}
	}
}

func printOrbits() {
	orbits := [][]rune{}
	for r := rune(0); r <= unicode.MaxRune; r++ {
		orbit := []rune{r}
		least := true
		for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
			orbit = append(orbit, f)
			least = least && f > r
		}
		if least && len(orbit) > 1 {
			orbits = append(orbits, orbit)
		}
	}
	if json.NewEncoder(os.Stdout).Encode(orbits) != nil {
		os.Exit(1)
	}
}
