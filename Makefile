# `make demo` and `make test` set up all they need by themselves: python3 (3.11 or newer), make and git suffice.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
SOURCE := bot documents domain handlers storage templates tests benchmarks
PIP    := $(BIN)/python -m pip --disable-pip-version-check install --quiet --constraint constraints.txt

.PHONY: figures samples demo test check format lint types floors docs bench crash soak fuzz fix clean help

help: ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

$(VENV)/.created:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Cần Python 3.11 trở lên. Chỉ rõ bằng: make PYTHON=python3.12 …"; exit 2; }
	@$(PYTHON) -m venv $(VENV) \
	  || { echo "Không tạo được môi trường ảo. Trên Debian/Ubuntu: apt install python3-venv"; exit 2; }
	@touch $@

$(VENV)/.demo: $(VENV)/.created pyproject.toml constraints.txt
	@echo "Đang cài đặt thư viện (chỉ lần đầu)…"
	@$(PIP) --editable '.[pdf]'
	@touch $@

$(VENV)/.dev: $(VENV)/.created pyproject.toml constraints.txt
	@echo "Đang cài đặt thư viện phát triển (chỉ lần đầu)…"
	@$(PIP) --editable '.[dev]'
	@touch $@ $(VENV)/.demo

demo: $(VENV)/.demo ## the whole job on a real plan, in the terminal; no account, token or network
	@$(BIN)/dondoc demo

test: $(VENV)/.dev ## the test suite, on SQLite and PostgreSQL
	@$(BIN)/python -m pytest

check: format lint types floors docs test ## all of it; what CI runs

format: $(VENV)/.dev
	@$(BIN)/ruff format --check --quiet $(SOURCE)

lint: $(VENV)/.dev
	@$(BIN)/ruff check --quiet $(SOURCE)

types: $(VENV)/.dev
	@$(BIN)/mypy --no-error-summary

floors: $(VENV)/.dev ## who may import whom
	@$(BIN)/lint-imports --no-cache > $(VENV)/floors.txt 2>&1 || { cat $(VENV)/floors.txt; exit 1; }

docs: $(VENV)/.dev ## the documents say what is true
	@$(BIN)/python -m pytest tests/docs

# Without it the benchmark says so and leaves out the comparison with aiogram.
$(VENV)-bench/.made: benchmarks/aiogram.txt
	@echo "Đang cài đặt thư viện để so sánh (chỉ lần đầu)…"
	@$(PYTHON) -m venv $(VENV)-bench && $(VENV)-bench/bin/python -m pip --disable-pip-version-check install --quiet \
	  --requirement $< && touch $@ || echo "Không cài được aiogram; đo không có nó."

bench: $(VENV)/.dev $(VENV)-bench/.made ## speed, compared within one run
	@$(BIN)/python -m benchmarks

samples: $(VENV)/.dev ## the documents of five plans with a year of invented figures, in docs/samples/
	@$(BIN)/python -m tests.documents.samples docs/samples

figures: $(VENV)/.dev ## every reply of the figures' fixture with its reading
	@$(BIN)/python -m tests.domain.show_figures

crash: $(VENV)/.dev ## kill -9 under load, on each engine 25 times over files and 200 times over HTTP
	@DONDOC_CRASH_KILLS=25 DONDOC_CRASH_KILLS_OVER_HTTP=200 $(BIN)/python -m pytest tests/crash -n 0

soak: $(VENV)/.dev ## bad weather between the program and the messenger, for 30 minutes ($DONDOC_SOAK_MINUTES)
	@DONDOC_SOAK_MINUTES=$${DONDOC_SOAK_MINUTES:-30} $(BIN)/python -m pytest tests/soak -n 0

fuzz: $(VENV)/.dev ## 2,000 damaged documents of each format: read or refused by name, in time and memory
	@$(BIN)/python -m tests.documents.fuzz

fix: $(VENV)/.dev ## format and mend what can be mended
	@$(BIN)/ruff check --quiet --fix $(SOURCE); $(BIN)/ruff format --quiet $(SOURCE)

clean:
	rm -rf $(VENV) $(VENV)-bench dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
