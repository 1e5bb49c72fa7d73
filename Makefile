# The two commands for a newcomer are `make demo` and `make test`; the rest are their parts.

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.NOTPARALLEL:
# A changed snapshot fails; `make bless` accepts it.
export INSTA_UPDATE ?= no
.PHONY: help demo test bench bless assets tidy lint unit docs api browser crash unchanged tools together front-end

help:
	@echo "make demo    build Almoner and serve the demonstration place"
	@echo "make test    everything that is checked: style, tests on both databases, browser, crash test, house rules"
	@echo "make assets  build the front-end files from their packages"
	@echo "make bench   measure and write docs/reference/benchmarks.md"
	@echo "make bless   accept changed expected output; read the changes after it"

# Where the demonstration listens, and how many people it has.
LISTEN ?= 127.0.0.1:8080
PEOPLE ?= 10000

# House-keeping in the profile of the build that follows, so that packages are built once.
XTASK ?= cargo xtask

demo: XTASK = cargo run --quiet --locked --release --package xtask --
demo:
	.ci/install node
	$(MAKE) --no-print-directory assets XTASK="$(XTASK)"
	cargo build --release --locked --package almoner
	target/release/almoner demo --people $(PEOPLE) --listen $(LISTEN)

# Each step prints its name, so that a failure names the step.
test: tools assets lint unit api browser together tidy unchanged
	@echo "All of it passed."

# The one waits for the disk most of its time, the other for the processor.
together: assets
	@$(MAKE) --no-print-directory -j2 --output-sync=target docs crash

tools:
	@echo "== tools: what the tests need"
	.ci/install node postgresql chromium hledger libreoffice
	mkdir -p target && git diff HEAD > target/tree-before.diff

front-end: node_modules/.package-lock.json

node_modules/.package-lock.json: package.json package-lock.json
	npm ci --no-audit --no-fund --loglevel=error
	touch $@

assets: front-end
	$(XTASK) assets

lint: assets
	@echo "== lint: rustfmt and clippy"
	cargo fmt --all -- --check
	cargo clippy --workspace --all-targets --locked -- -D warnings

unit: assets
	@echo "== unit: the Rust tests on SQLite, then on PostgreSQL"
	cargo xtask test --database both

docs: assets
	@echo "== docs: every public item's page builds"
	RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --locked --quiet

api: assets
	@echo "== api: the API, asked by a client that others wrote"
	cargo build --workspace --bins --locked
	npm run --silent test:api

browser: assets
	@echo "== browser: the screens in Chromium"
	cargo build --workspace --bins --locked
	npm run --silent test:browser
	npm run --silent test:autosave

crash: assets
	@echo "== crash: kill -9 in the middle of loads and edits, both databases"
	cargo xtask crash --database both --rounds 50

tidy: assets
	@echo "== tidy: the house rules"
	cargo xtask tidy

# Generated files that are committed must be what their generators make.
unchanged:
	@echo "== unchanged: the tests left every tracked file as it was"
	git diff HEAD | diff - target/tree-before.diff

bench: XTASK = cargo run --quiet --locked --release --package xtask --
bench:
	.ci/install node
	$(MAKE) --no-print-directory assets XTASK="$(XTASK)"
	$(XTASK) bench

bless:
	cargo xtask bless
	git status --short
