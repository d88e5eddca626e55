# klachtd: `make run` to see it, `make test` to prove it; `make` lists the rest.

GOLANGCI_LINT = v2.15.0
GOVULNCHECK   = v1.9.0
FUZZTIME     ?= 20s
SEEDS        ?= 100
SEED         ?=
SIMULATED    ?= 20000
TESTFLAGS    ?=
ARGS         ?=

# From git where this is a checkout of its own, not the folder that it may lie in.
VERSION := $(shell [ -e .git ] && git describe --tags --always --dirty 2>/dev/null || echo unversioned)
COMMIT  := $(shell [ -e .git ] && git rev-parse --short=12 HEAD 2>/dev/null || echo unknown)
TOOLS   := $(CURDIR)/.tools

export CGO_ENABLED = 1

.DEFAULT_GOAL := help
.PHONY: help run build static deb try-deb test sim docs check check-fmt check-vet check-lint check-vuln check-unit evidence fuzz bench fmt clean need-go

help: ## lists these targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | awk -F '\t' '{ printf "  make %-8s %s\n", $$1, $$2 }'

run: build ## builds klachtd and runs its demo (ARGS=--once: ends after the play)
	bin/klachtd demo $(ARGS)

build: need-go ## leaves the binary at bin/klachtd
	go build -trimpath -buildvcs=false -ldflags '-X main.version=$(VERSION) -X main.commit=$(COMMIT)' -o bin/klachtd ./cmd/klachtd

# One file that runs on any Linux of its architecture: no C library of the machine
# that built it, and names looked up by Go.
static: need-go
	go build -trimpath -buildvcs=false -tags netgo,osusergo,sqlite_omit_load_extension \
		-ldflags '-s -w -X main.version=$(VERSION) -X main.commit=$(COMMIT) -linkmode external -extldflags -static' -o bin/static/klachtd ./cmd/klachtd

deb: static ## a Debian package in bin/
	@packaging/deb/build bin/static/klachtd $(VERSION)

try-deb: deb ## installs, uses, upgrades and removes it on a bare Debian in a folder (root, debootstrap)
	@packaging/deb/try "$$(ls -t bin/*.deb | head -1)"

test: need-go ## everything, with the race detector, real mail servers and fuzz seeds; then evidence (root: installs those servers)
	@.ci/install-peers
	@.ci/unpack-peers
	@mkdir -p $(TOOLS) && rm -f $(TOOLS)/corpus
	KLACHTD_CORPUS=$(TOOLS)/corpus go test -race -vet=off -count=1 -timeout 30m $(TESTFLAGS) ./...
	go test -vet=off -count=1 -run '^TestYears' $(TESTFLAGS) ./internal/desk
	@$(MAKE) --no-print-directory evidence
	@cat $(TOOLS)/corpus 2>/dev/null || true

sim: need-go ## years of an academy on a set clock: SEEDS=100 of them, or SEED=42 alone with its diary; and what signals find
	KLACHTD_SIM_SEEDS=$(SEEDS) KLACHTD_SIM_SEED=$(SEED) go test -vet=off -count=1 -timeout 0 $(if $(SEED),-v) -run '^TestYears$$' ./internal/desk
	$(if $(SEED),,KLACHTD_SIM=$(SIMULATED) go test -vet=off -count=1 -v -run Simulated ./internal/report)

docs: build ## the pictures of the handbook, from the real mails (needs chromium)
	@.ci/pictures

evidence: need-go ## which tests prove which line of docs/security.md
	@out=$$(go test -vet=off -count=1 -run '^TestSecurityLines$$' -v ./internal/arch 2>&1) || { echo "$$out"; exit 1; }; \
	echo "$$out" | sed -n '/^security\.md/p'

check: check-fmt check-vet check-lint check-unit check-vuln ## gofmt, go vet, golangci-lint, govulncheck (pinned, installed into .tools), the systemd unit

check-fmt: need-go
	@files=$$(find . -name '*.go' -not -path './.*' -print0 | xargs -0 gofmt -l) || exit 1; \
	if [ -n "$$files" ]; then echo "not formatted (make fmt):"; echo "$$files"; exit 1; fi

check-vet: need-go
	go vet ./...

check-lint: need-go $(TOOLS)/golangci-lint-$(GOLANGCI_LINT)
	$(TOOLS)/bin/golangci-lint run ./...

check-unit:
	@.ci/unit

check-vuln: need-go $(TOOLS)/govulncheck-$(GOVULNCHECK)
	@.ci/vuln $(TOOLS)/bin/govulncheck ./...

fuzz: need-go ## each fuzz target for FUZZTIME=20s
	@targets=$$(go test -vet=off -list '^Fuzz' ./...) || { echo "$$targets"; exit 1; }; \
	echo "$$targets" | awk '/^Fuzz/ { f[n++] = $$1 } /^(ok|\?)/ { for (i = 0; i < n; i++) print f[i], $$2; n = 0 }' | \
	while read -r target package; do \
		echo "$$target in $$package, $(FUZZTIME)"; \
		go test -vet=off -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 100x "$$package" </dev/null || exit 1; \
	done

bench: need-go ## the table of speed and memory, beside the limits of this machine
	@.ci/install-peers
	go test -vet=off -run '^$$' -bench . -benchtime 1x -timeout 90m $(TESTFLAGS) ./internal/bench

fmt: need-go ## formats all Go files
	@find . -name '*.go' -not -path './.*' -print0 | xargs -0 gofmt -l -w

clean: ## removes bin and .tools
	rm -rf bin .tools

$(TOOLS)/golangci-lint-$(GOLANGCI_LINT):
	@echo "installing golangci-lint $(GOLANGCI_LINT) into .tools: some minutes, once"
	@GOBIN=$(TOOLS)/bin go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI_LINT)
	@rm -f $(TOOLS)/golangci-lint-*; touch $@

$(TOOLS)/govulncheck-$(GOVULNCHECK):
	@echo "installing govulncheck $(GOVULNCHECK) into .tools, once"
	@GOBIN=$(TOOLS)/bin go install golang.org/x/vuln/cmd/govulncheck@$(GOVULNCHECK)
	@rm -f $(TOOLS)/govulncheck-*; touch $@

need-go:
	@command -v go >/dev/null || { echo "go is missing: klachtd needs Go 1.26 (https://go.dev/dl)" >&2; exit 1; }
	@command -v "$$(go env CC | cut -d' ' -f1)" >/dev/null || { echo "$$(go env CC) is missing: SQLite is C (on Debian: apt-get install gcc libc6-dev)" >&2; exit 1; }
	@go list -m >/dev/null || { echo "this Go cannot read go.mod: klachtd needs Go 1.26, here is $$(go env GOVERSION)" >&2; exit 1; }
