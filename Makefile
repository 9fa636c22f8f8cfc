# Two commands: `make run` serves the whole product, `make test` is the whole gate.

PYTHON ?= python3
BIN := .venv/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: run test lint javascript tests postgres format clean

run: .venv/.serve
	@exec $(BIN)/python -m hdr_site.serve

test: lint javascript tests postgres

lint: .venv/.develop
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .
	$(BIN)/lint-imports
	$(BIN)/python manage.py makemigrations --check --dry-run
	HDR_MODE=production SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_hex(40))') \
	ALLOWED_HOSTS=hdr.example DATABASE_URL=postgres://hdr@localhost/hdr REDIS_URL=redis://localhost/0 \
	EMAIL_URL=smtp://localhost $(BIN)/python manage.py check --deploy --fail-level WARNING

javascript: .venv/.develop
	$(BIN)/python -m tests.javascript

tests: .venv/.develop
	$(BIN)/pytest

postgres: .venv/.develop
	$(BIN)/python -m tests.postgres tests/accounts tests/audit tests/batches tests/desk tests/notifications tests/recognition tests/webhooks

format: .venv/.develop
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

clean:
	rm -rf .venv node_modules

# Each stamp remembers what was installed for it, so a second start installs nothing.
.venv/.python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed.")'
	@$(PYTHON) -m venv .venv || { echo "Python's venv module is missing: apt-get install python3-venv" >&2; exit 1; }
	@touch $@

.venv/.serve: .venv/.python requirements.txt
	@echo "Installing what the site needs (once) ..."
	@$(BIN)/pip install --quiet -r requirements.txt
	@touch $@

.venv/.develop: .venv/.serve requirements-training.txt requirements-dev.txt
	@echo "Installing what the tests need (once) ..."
	@$(BIN)/pip install --quiet -r requirements-dev.txt
	@touch $@
