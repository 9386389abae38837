# The two that matter: `make demo` and `make test`. `make check` is what a change has to pass.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo run install develop test walk soak check format lint types migration pictures train almanac contact-sheet lock clean

demo: install ## try it: the bot with a Telegram of its own on this machine
	$(BIN)/nearer demo

run: install ## run it for real; TELEGRAM_TOKEN and NEARER_KEY must be set
	$(BIN)/nearer run

install: .venv/installed ## the locked requirements, and the `nearer` command

develop: .venv/developing ## what tests and checks need besides

test: develop ## every test; the browser's where Chromium is installed
	$(BIN)/pytest -n 2 --dist loadgroup

walk: develop ## somebody does anything at any time, 2,000 steps
	WALK=2000 $(BIN)/python -m pytest tests/journeys/test_walker.py --timeout 0 -s

fuzz: develop ## anything at all comes in by the webhook or is tapped, 100,000 times
	FUZZ=100000 $(BIN)/python -m pytest tests/fuzz --timeout 0

check: develop format lint types test ## format, lint, types, tests

format: develop
	$(BIN)/ruff format --check .

lint: develop
	$(BIN)/ruff check .

types: develop
	$(BIN)/mypy

migration: develop ## make migration m="what it does"
	$(BIN)/python -m bot.storage.revision "$(m)"

bench: develop .venv-bench/installed ## every figure of docs/performance.md, beside what people build; half an hour
	$(BIN)/python -m tests.bench

soak: develop ## ten simulated weeks of 5,000 people with all that goes wrong; SOAK="--subscribers 300 --database postgresql"
	$(BIN)/python -m tests.soak --write docs/reliability.md $(SOAK)

pictures: develop ## docs/pictures, taken from the demo page in Chromium
	$(BIN)/python -m tests.screens docs/pictures

train: .venv-train/installed ## bot/hearing/model, from content/en/replies; within two hours on two cores
	.venv-train/bin/python -m bot.hearing.training

almanac: develop ## docs/almanac.html: a year of somebody invented, to read through
	$(BIN)/python -m tests.almanac docs/almanac.html

contact-sheet: develop ## docs/contact-sheet.png: twelve pictures side by side
	$(BIN)/python -m tests.pictures contact-sheet docs/contact-sheet.png

lock: develop ## renew the locked requirements from pyproject.toml
	$(BIN)/uv pip compile pyproject.toml --extra build --universal --generate-hashes --no-emit-index-url \
		--python-version 3.11 --no-header --upgrade -q -o requirements.txt
	$(BIN)/uv pip compile pyproject.toml --extra build --extra dev --universal --generate-hashes --no-emit-index-url \
		--python-version 3.11 --no-header --upgrade -q -o requirements-dev.txt -c requirements.txt
	$(BIN)/uv pip compile requirements-bench.in --universal --generate-hashes --no-emit-index-url \
		--python-version 3.11 --no-header --upgrade -q -o requirements-bench.txt

clean:
	rm -rf .venv .venv-bench .demo

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/installed: requirements.txt pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

.venv-bench/installed: requirements-bench.txt
	$(PYTHON) -m venv .venv-bench
	.venv-bench/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bench.txt
	touch $@

.venv/developing: requirements-dev.txt .venv/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	touch $@

# No lock holds torch: its CPU build comes first. The weights' own package wants more than its files are needed for.
.venv-train/installed: requirements-train.txt
	$(PYTHON) -m venv .venv-train
	.venv-train/bin/python -m pip install --quiet --disable-pip-version-check torch==2.13.0
	.venv-train/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-train.txt
	touch $@
