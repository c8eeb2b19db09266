// Package hostfit answers, before anything is pulled: does this container image fit this host, and which of its variants
// fits best?
//
// An image's author says what the image needs in a requirements document; a host is described by facts. A [Matcher]
// compiles the one, loads the other, and gives a [Verdict]:
//
//   - [Compatible] and [Incompatible] are said only where they hold whatever the facts are that nobody has observed;
//   - [Undetermined] otherwise, with reasons that name the facts that would settle it.
//
// Nothing of that is decided in Go. The core, one WebAssembly module without imports, reads the documents' JSON,
// compares and explains; every binding of hostfit embeds the same module and gets the same bytes back. It runs in
// wazero: no cgo, no process, no network.
//
// # Concurrency
//
// A Matcher is for concurrent use. It keeps a pool of instances of the core, as many as processors by default; what was
// compiled or loaded is kept as bytes, and comes into an instance when it is first asked about it there. An instance that
// a limit of the embedder's has killed is dropped, and another takes its place.
//
// A [Fleet], many hosts that are asked about together, has one owner: a second call at the same time is refused.
//
// # Cancelling
//
// Every call takes a context and looks at it between calls of the core, each of which is bounded by the work budget
// ([WithWork]). wazero could also end a running call (WithCloseOnContextDone); that makes every call several times
// slower, and is up to the embedder of [WithRuntime].
//
// # Errors
//
// What the core refuses is an [*Error] with a stable code and the place in the document; its class is one of [ErrInput],
// [ErrUnsupportedVersion], [ErrLimit], [ErrMisuse], [ErrLoad] and [ErrInstanceLost], told by [errors.Is].
package hostfit
