// Command zot-registry serves zot's minimal registry (the distribution API, no extensions) on loopback.
package main

import (
	"context"
	"flag"
	"log"
	"net"

	"zotregistry.io/zot/pkg/api"
	"zotregistry.io/zot/pkg/api/config"
)

func main() {
	address := flag.String("address", "127.0.0.1:5000", "where to listen")
	folder := flag.String("folder", "", "where to keep what is pushed")
	flag.Parse()
	host, port, err := net.SplitHostPort(*address)
	if err != nil {
		log.Fatal(err)
	}
	settings := config.New()
	settings.HTTP.Address = host
	settings.HTTP.Port = port
	settings.Log.Level = "error"
	settings.Storage.RootDirectory = *folder
	settings.Storage.GC = false
	controller := api.NewController(settings)
	log.Fatal(controller.Run(context.Background()))
}
