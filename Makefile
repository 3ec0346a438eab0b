# Everything that can be done with this repository; `make help` lists it.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

PREFIX ?= /usr/local
DEBUG_BINARY := .build/debug/sysndd-ctl
RELEASE_BINARY := .build/release/sysndd-ctl
SWIFT_SOURCES := Package.swift Sources Tests

# Every target is a word to say, none a file.
.PHONY: $(shell sed -nE 's/^([a-z-]+):.*/\1/p' $(firstword $(MAKEFILE_LIST)))

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

setup: ## install the Debian packages that are missing
	@scripts/setup

build: setup ## debug build
	swift build

release: setup ## release build, Swift's libraries linked in
	swift build -c release --static-swift-stdlib --product sysndd-ctl

install: release ## install the release build and the migrations under PREFIX
	install -D -m 0755 $(RELEASE_BINARY) $(DESTDIR)$(PREFIX)/bin/sysndd-ctl
	install -D -m 0644 -t $(DESTDIR)$(PREFIX)/share/sysndd-ctl/migrations migrations/*.sql

up: build ## start the private stack: database, migrations, HTTP shim
	@$(DEBUG_BINARY) dev up

down: build ## stop the private stack
	@$(DEBUG_BINARY) dev down

# Without an .env, the private stack is asked, its shim too.
STACK_PORT = $(shell sed -n "s/^API_PORT='\(.*\)'/\1/p" .sysndd/env)
PREFLIGHT_FLAGS ?= $(if $(wildcard .env),,$(if $(wildcard .sysndd/env),--env-file .sysndd/env --url http://127.0.0.1:$(STACK_PORT)))
preflight: build ## check server, schema, backups, accounts and machine; changes nothing
	@$(DEBUG_BINARY) preflight $(PREFLIGHT_FLAGS)

status: build ## show the private stack
	@$(DEBUG_BINARY) dev status

demo-data: up ## fill the private stack's database with generated rows
	@scripts/demo-data | mariadb --defaults-file=.sysndd/client.cnf

test: setup ## all tests on the embedded database
	swift build --build-tests
	@scripts/test

test-slow: setup ## tests that need minutes and gigabytes: a value of a gigabyte
	swift build --build-tests
	SYSNDD_TEST_SLOW=1 swift test --skip-build --no-parallel --filter '^BackupTests\.BackupSlowTests'

test-full: test-engines test-galera test-kills test-benchmarks test-container test-schemathesis test-browser ## what `make test` leaves out, but for gigabytes

test-engines: setup ## the database tests on MariaDB 10.11, MariaDB 11.8 and MySQL 9.7
	scripts/test-engines

test-kills: setup ## process and server killed at every stage of a restore, 120 times; how long an exchange takes
	swift build --build-tests
	SYSNDD_TEST_KILLS=1 swift test --skip-build --no-parallel --filter '^BackupTests\.Restore(KillMatrix|Swap)Tests'

test-container: release ## the production image: built, four workers behind a proxy, load, backup, restore; removed again (root)
	scripts/test-container

test-galera: setup ## the migration tests on a Galera cluster of three nodes
	scripts/test-galera

test-benchmarks: build ## the benchmarks of backups, on little data
	@scripts/test-benchmarks

test-schemathesis: build ## the HTTP API, asked whatever its OpenAPI document allows
	@scripts/test-schemathesis

test-browser: build ## the page for administrators, driven in a headless Chromium
	@scripts/test-browser

bench: bench-lexer bench-migrate bench-backup bench-list bench-restore bench-http ## all benchmarks

bench-lexer: setup ## speed and memory of the script lexer on 1 GiB
	swift run -c release lexer-benchmark

bench-migrate: release ## 500 migrations, against dbmate and the plain client
	benchmarks/migrate

bench-backup: release ## backups of 1.6 GB and of 5,000 tables, against mariadb-dump and mydumper
	benchmarks/backup

bench-http: release ## the HTTP shim under load, against a bare route
	@scripts/setup bench
	swift build -c release --static-swift-stdlib --product http-route-benchmark
	benchmarks/http

bench-list: release ## the list of 1,000 archives
	benchmarks/backup-list

bench-restore: release ## restores of 1.6 GB, against the plain client and myloader
	benchmarks/restore

check: setup ## layout and quick unit tests: runs before every commit
	swift format lint --strict --parallel --recursive $(SWIFT_SOURCES)
	swift build --build-tests
	swift test --skip-build --filter '^OpsCoreTests\.'

format: ## settle the layout of all Swift files
	swift format --in-place --parallel --recursive $(SWIFT_SOURCES)

clean: ## remove what was built
	rm -rf .build
