# make run: the report's four trainings.  make test: notebooks and tests.  make lab: read the notebooks.
# make book, make book-pdf: the lab as pages for offline reading and for printing.  make assignment, make grade: the exercises.
# make test-oracles, make test-browser: before other judges; in a real browser.  make fuzz: half an hour of hostile files.
# make bench, make study: measure and run again.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SOURCES := setup.py settings.ini
# uv is five times as quick where it is there
INSTALL := $(if $(shell command -v uv),uv pip install --python $(BIN)/python,$(BIN)/python -m pip install)

# of `make lab`, given on the command line: desktops set a variable of this name for gettext
ifneq ($(origin LANGUAGE),command line)
LANGUAGE :=
endif

.PHONY: run test lint test-oracles fuzz test-browser lab export book book-pdf assignment grade bench study clean

run: $(VENV)/run
	$(BIN)/backprop-lab report

# the first part by nbdev's own command; tests/test_sync.py runs every notebook and compares what it says
test: $(VENV)/dev lint
	$(BIN)/nbdev_test --path nbs --file_re '^0\d_' --n_workers 2 --do_print
	$(BIN)/pytest -n 2 --dist worksteal -m "not oracles" --ignore=tests/browser

lint: $(VENV)/dev
	$(BIN)/ruff check nbs tests docs benchmarks exercises setup.py

test-oracles: $(VENV)/oracles
	$(BIN)/pytest -m oracles --ignore=tests/browser

# coverage-guided; a file that was found lies in the folder then, and `tests/fuzz.py network FILE` tries it again
fuzz: export TMPDIR := $(CURDIR)/$(VENV)/fuzz
fuzz: $(VENV)/oracles
	mkdir -p $(TMPDIR)
	$(BIN)/python tests/fuzz.py network $(or $(FUZZ_SECONDS),900)
	$(BIN)/python tests/fuzz.py table $(or $(FUZZ_SECONDS),900)

test-browser: book $(VENV)/chromium
	$(BIN)/pytest -n 2 --dist loadfile tests/browser

$(VENV)/chromium:
	command -v chromium > /dev/null || { apt-get update -q && apt-get install -y -q chromium fonts-noto-cjk; } > $(VENV)/chromium.log
	touch $@

# opens the first page; make lab LANGUAGE=zh_TW: in Traditional Chinese, on copies; make lab NBGRADER=1: with nbgrader's
# panels, to edit exercises
lab: $(VENV)/dev
	$(if $(LANGUAGE),$(BIN)/python docs/translate.py lab --language $(LANGUAGE))
	cd nbs$(LANGUAGE:%=_%) && NBGRADER=$(NBGRADER) ../$(BIN)/jupyter lab --config=../docs/lab/jupyter_lab_config.py

# after a change in a notebook: clean first, since cleaning may give cells their ids, then export
export: $(VENV)/dev
	$(BIN)/nbdev_clean
	$(BIN)/nbdev_export

book: $(VENV)/dev
	$(BIN)/python docs/build.py

# the same to be printed: book/backprop_lab.pdf, with contents and page numbers
book-pdf: book $(VENV)/chromium
	$(BIN)/python docs/pdf.py en
	$(BIN)/python docs/pdf.py zh_TW

# nbgrader calls its helpers by their names
assignment grade: export PATH := $(CURDIR)/$(BIN):$(PATH)

# exercises without their solutions, in English and Traditional Chinese, in exercises/release
assignment: $(VENV)/dev
	python docs/translate.py exercises
	cd exercises && for name in lab lab_zh_TW; do nbgrader generate_assignment $$name --force || exit 1; done

# marks of what lies in exercises/submitted/STUDENT: grades.csv, overview.html, a page each in feedback;
# ends with an error and a list where something has to be looked at. GRADE='--again --seconds 30', say
grade: $(VENV)/dev
	@cd exercises && python grade.py $(GRADE)

# the peers get an environment of their own; one thread each, so that one core is compared with one core
bench: $(VENV)-bench/installed $(VENV)/dev
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1 $(VENV)-bench/bin/python benchmarks/run.py
	$(BIN)/jupyter execute --inplace nbs/24_speed.ipynb nbs/31_digits.ipynb
	$(BIN)/nbdev_clean

$(VENV)-bench/installed: benchmarks/requirements.txt $(SOURCES)
	$(PYTHON) -m venv $(VENV)-bench
	$(VENV)-bench/bin/python -m pip install --quiet -e . -r benchmarks/requirements.txt
	touch $@

# a million trainings and a map of rates and widths: hours on two cores (BACKPROP_LAB_RUNS=50000 BACKPROP_LAB_MAP=20:
# ten minutes); interrupted, it goes on where it stopped
study: $(VENV)/dev
	BACKPROP_LAB_FULL=1 BACKPROP_LAB_STORE=$(CURDIR)/$(VENV)/study.sqlite \
		$(BIN)/jupyter execute --inplace --timeout=-1 nbs/30_study.ipynb
	$(BIN)/nbdev_clean

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "backprop_lab needs Python 3.11 or newer; call make PYTHON=python3.12, say"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/run: $(BIN)/python $(SOURCES)
	$(INSTALL) --quiet -e .
	touch $@

$(VENV)/dev: $(BIN)/python $(SOURCES)
	$(INSTALL) --quiet -e '.[dev]'
	touch $@ $(VENV)/run

# by pip, whose settings may name a PyTorch without CUDA, which uv would not see
$(VENV)/oracles: $(VENV)/dev
	$(BIN)/python -m pip install --quiet -e '.[oracles]'
	touch $@

clean:
	rm -rf $(VENV) $(VENV)-bench report screenshots book build dist *.egg-info
