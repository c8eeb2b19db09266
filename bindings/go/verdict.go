package hostfit

import "encoding/json"

// Value is one of the three verdicts.
type Value string

const (
	// Compatible: it fits, whatever the facts are that nobody has observed.
	Compatible Value = "compatible"
	// Incompatible: it doesn't fit, whatever the facts are that nobody has observed.
	Incompatible Value = "incompatible"
	// Undetermined: that depends on facts that nobody has observed.
	Undetermined Value = "undetermined"
)

// values are the verdicts by the core's numbers.
var values = [...]Value{Incompatible, Undetermined, Compatible}

// Kleene is a value of strong Kleene logic.
type Kleene string

const (
	True    Kleene = "true"
	False   Kleene = "false"
	Unknown Kleene = "unknown"
)

// Verdict is the answer of an evaluation (docs/language.md, "Answers").
type Verdict struct {
	Value Value `json:"verdict"`
	// Score is the sum of the weights of the preferences that hold, MaxScore of all of them.
	Score    int64 `json:"score"`
	MaxScore int64 `json:"maxScore"`
	// Platform is nil if no candidate took part.
	Platform *PlatformAnswer `json:"platform"`
	// Runtime is nil without runtimes in the document, or if none is available.
	Runtime *Runtime `json:"runtime"`
	// Reasons are the terms that decided; at least one unless the verdict is Compatible.
	Reasons []Reason `json:"reasons"`
	// Omitted counts the reasons past the cap.
	Omitted     int          `json:"omitted"`
	Preferences []Preference `json:"preferences"`
	// NFD is what Node Feature Discovery itself would answer, for each document of its dialect.
	NFD []NFDAnswer `json:"nfd"`

	// JSON is the answer as the core wrote it; nil of a candidate in a ranking.
	JSON json.RawMessage `json:"-"`
}

// PlatformAnswer says whether the candidate's platform is one of the host's.
type PlatformAnswer struct {
	Value Kleene `json:"value"`
	// Host is an index into the facts' platforms, nil if none was taken.
	Host *int `json:"host"`
	// Containerd is whether containerd would take this platform on this host.
	Containerd bool `json:"containerd"`
	// Wanted is the candidate's platform, normalised; nil if it isn't known.
	Wanted *Platform `json:"wanted"`
}

// Runtime is the runtime to use.
type Runtime struct {
	// Type is the document's name for it.
	Type string `json:"type"`
	// Handler is the host's name for it, nil where the host gives none.
	Handler *string `json:"handler"`
}

// ReasonKind says what a reason is about.
type ReasonKind string

const (
	ReasonFlag      ReasonKind = "flag"
	ReasonAttribute ReasonKind = "attribute"
	ReasonInstances ReasonKind = "instances"
	ReasonCount     ReasonKind = "count"
	ReasonPlatform  ReasonKind = "platform"
	ReasonRuntime   ReasonKind = "runtime"
	ReasonNFD       ReasonKind = "nfd"
)

// Reason is one term that decided, with its place in the document and the author's texts around it.
type Reason struct {
	// Document is the id of the document, Pointer the JSON Pointer in it.
	Document string     `json:"document"`
	Pointer  string     `json:"pointer"`
	Kind     ReasonKind `json:"kind"`
	// Value is that of the test at Pointer itself.
	Value Kleene `json:"value"`
	// Feature and Name are nil where the term has none.
	Feature *string `json:"feature"`
	Name    *string `json:"name"`
	// Wanted is the test as it stands in the document; Found is what was there, of a form that Kind says
	// (docs/language.md, "Answers").
	Wanted json.RawMessage `json:"wanted"`
	Found  json.RawMessage `json:"found"`
	// Within is the pointer of the innermost "any" around it.
	Within        *string `json:"within"`
	Title         *string `json:"title"`
	Description   *string `json:"description"`
	Documentation *string `json:"documentation"`
	// Origin is the included document that it comes from.
	Origin *string `json:"origin"`
}

// Preference is a preference and its value: its weight counts if it is True.
type Preference struct {
	Document string  `json:"document"`
	Pointer  string  `json:"pointer"`
	Name     *string `json:"name"`
	Weight   int     `json:"weight"`
	Value    Kleene  `json:"value"`
}

// NFDAnswer is what Node Feature Discovery itself would answer: Error if it is not nil, else Match.
type NFDAnswer struct {
	Document string    `json:"document"`
	Match    bool      `json:"match"`
	Set      *NFDSet   `json:"set"`
	Error    *NFDError `json:"error"`
}

// NFDSet is the best-weighted compatibility set that holds.
type NFDSet struct {
	Index       int     `json:"index"`
	Weight      int     `json:"weight"`
	Tag         *string `json:"tag"`
	Description *string `json:"description"`
}

// NFDError is why Node Feature Discovery would answer with an error.
type NFDError struct {
	Code    string `json:"code"`
	Pointer string `json:"pointer"`
}

// Ranking is candidates in order for one host.
type Ranking struct {
	// Chosen is an index into the candidates that were given, nil if none can be chosen.
	Chosen *int `json:"chosen"`
	// Candidates are in order, the best first; those that don't fit last.
	Candidates []Ranked `json:"candidates"`

	// JSON is the answer as the core wrote it.
	JSON json.RawMessage `json:"-"`
}

// Ranked is a candidate's verdict, and its place.
type Ranked struct {
	ID string `json:"id"`
	// Index is the candidate's place in the list that was given.
	Index int `json:"index"`
	// DecidedBy is the step of docs/language.md, "Choosing", that decided its place.
	DecidedBy   string `json:"decidedBy"`
	PolicyScore int64  `json:"policyScore"`
	// Documented is whether it has documents.
	Documented bool `json:"documented"`
	Verdict
}
