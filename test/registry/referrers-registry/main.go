// Command referrers-registry serves go-containerregistry's in-memory registry on loopback, with the referrers API.
//
// `crane registry serve` is the same registry, but leaves that API off and has no switch for it.
package main

import (
	"flag"
	"log"
	"net/http"
	"time"

	"github.com/google/go-containerregistry/pkg/registry"
)

func main() {
	address := flag.String("address", "127.0.0.1:5000", "where to listen")
	flag.Parse()
	server := &http.Server{
		Addr:              *address,
		ReadHeaderTimeout: 5 * time.Second,
		Handler:           registry.New(registry.WithReferrersSupport(true)),
	}
	log.Fatal(server.ListenAndServe())
}
