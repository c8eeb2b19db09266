//go:build tools

// Package export names NFD's command, so that it can be built with the versions of this module: its own go.mod replaces one of its
// parts, which `go install` refuses.
package export

import _ "sigs.k8s.io/node-feature-discovery/cmd/nfd"
