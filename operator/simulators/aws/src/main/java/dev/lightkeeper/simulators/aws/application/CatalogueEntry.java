package dev.lightkeeper.simulators.aws.application;

/** Images whose reference matches the pattern behave so. */
record CatalogueEntry(Glob pattern, Behaviour behaviour) {}
