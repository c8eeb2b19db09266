package hostfit

import (
	"encoding/json"
	"errors"
	"fmt"
)

// The classes of errors, for [errors.Is].
var (
	// ErrInput: the core refused a document, facts, a policy or a candidate.
	ErrInput = errors.New("hostfit: input refused")
	// ErrUnsupportedVersion: the document is written in a newer minor or another major version of the language. It is
	// an ErrInput, too.
	ErrUnsupportedVersion = errors.New("hostfit: version of the language not supported")
	// ErrLimit: a limit was reached: the memory ceiling, the work budget, or one of the language's.
	ErrLimit = errors.New("hostfit: limit reached")
	// ErrMisuse: the binding was used wrongly: something closed, of another matcher, or a value that JSON can't say.
	ErrMisuse = errors.New("hostfit: misuse")
	// ErrLoad: the module isn't hostfit's, is of another ABI, or can't run here.
	ErrLoad = errors.New("hostfit: the core can't be loaded")
	// ErrInstanceLost: the runtime ended a call of the core in its middle. The call has no answer; the next one gets a
	// new instance.
	ErrInstanceLost = errors.New("hostfit: an instance of the core was lost")
)

// Codes that this package gives; those of the core are listed in docs/abi.md.
const (
	CodeClosed       = "closed"         // ErrMisuse: after Close
	CodeWrongMatcher = "wrong-matcher"  // ErrMisuse: made by another matcher
	CodeBadInput     = "bad-input"      // ErrMisuse: nil, an empty list, or an unknown dialect
	CodeNotJSON      = "not-json"       // ErrMisuse: text that isn't UTF-8, which JSON can't say
	CodeBadLimit     = "bad-limit"      // ErrMisuse: an option's value is outside of its range
	CodeNotHostfit   = "not-hostfit"    // ErrLoad: the module isn't hostfit's core
	CodeABIMismatch  = "abi-mismatch"   // ErrLoad: the module speaks another version of the ABI
	CodeInstanceLost = "instance-lost"  // ErrInstanceLost
	CodeConcurrent   = "concurrent-use" // ErrMisuse: two calls at once of what has one owner
)

// Error is everything that hostfit refuses. Use [errors.As] to get at it, [errors.Is] for its class.
type Error struct {
	// Code is stable: docs/abi.md, and the constants of this package.
	Code string
	// Message says what is wrong.
	Message string
	// Document is the id of the document, "" for facts and candidates, "policy" for a policy.
	Document string
	// Offset is the byte in the document.
	Offset uint32
	// Pointer is the JSON Pointer (RFC 6901) of the value.
	Pointer string
	// Help says how to mend it.
	Help string

	class error
	cause error
	raw   []byte
}

func (e *Error) Error() string {
	text := e.Message
	if e.Document != "" {
		text = e.Document + ": " + text
	}
	if e.Pointer != "" {
		text += " at " + e.Pointer
	}
	if e.cause != nil {
		text += ": " + e.cause.Error()
	}
	return fmt.Sprintf("hostfit: %s: %s", e.Code, text)
}

// Is tells the error's class.
func (e *Error) Is(target error) bool {
	return target == e.class || (target == ErrInput && e.class == ErrUnsupportedVersion)
}

// Unwrap gives what the runtime said, if it said anything.
func (e *Error) Unwrap() error { return e.cause }

var classes = map[string]error{
	"out-of-memory":       ErrLimit,
	"budget-exceeded":     ErrLimit,
	"limit":               ErrLimit,
	"too-large":           ErrLimit,
	"too-deep":            ErrLimit,
	"stale-handle":        ErrMisuse,
	"wrong-handle":        ErrMisuse,
	"bad-call":            ErrMisuse,
	"unsupported-version": ErrUnsupportedVersion,
}

// refusal reads what the core says of an error; without a word of it, even for that there was no memory.
func refusal(answer []byte) *Error {
	if len(answer) == 0 {
		return &Error{
			Code:    "out-of-memory",
			Message: "the memory ceiling is reached",
			Help:    "close what is not needed, or raise the ceiling",
			class:   ErrLimit,
		}
	}
	var told struct {
		Code, Message, Document, Pointer, Help string
		Offset                                 uint32
	}
	if err := json.Unmarshal(answer, &told); err != nil {
		return &Error{Code: CodeNotHostfit, Message: "the module's errors can't be read", class: ErrLoad, cause: err}
	}
	class, known := classes[told.Code]
	if !known {
		class = ErrInput
	}
	return &Error{
		Code:     told.Code,
		Message:  told.Message,
		Document: told.Document,
		Offset:   told.Offset,
		Pointer:  told.Pointer,
		Help:     told.Help,
		class:    class,
		raw:      answer,
	}
}

func misuse(code, message, help string) *Error {
	return &Error{Code: code, Message: message, Help: help, class: ErrMisuse}
}
