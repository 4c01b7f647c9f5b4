# make run: the report's four trainings.  make test: everything passes.  make lab: read the notebooks.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SOURCES := setup.py settings.ini

.PHONY: run test lab export bench clean

run: $(VENV)/run
	$(BIN)/backprop-lab report

test: $(VENV)/dev
	$(BIN)/nbdev_test --path nbs --n_workers 2 --do_print
	$(BIN)/pytest

lab: $(VENV)/dev
	cd nbs && ../$(BIN)/jupyter lab

# after a change in a notebook: clean first, since cleaning may give cells their ids, then export
export: $(VENV)/dev
	$(BIN)/nbdev_clean
	$(BIN)/nbdev_export

# the peers get an environment of their own; one thread each, so that one core is compared with one core
bench: $(VENV)-bench/installed $(VENV)/dev
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1 $(VENV)-bench/bin/python benchmarks/run.py
	$(BIN)/jupyter execute --inplace nbs/12_speed.ipynb nbs/13_digits.ipynb
	$(BIN)/nbdev_clean

$(VENV)-bench/installed: benchmarks/requirements.txt $(SOURCES)
	$(PYTHON) -m venv $(VENV)-bench
	$(VENV)-bench/bin/python -m pip install --quiet -e . -r benchmarks/requirements.txt
	touch $@

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' || { echo "backprop_lab needs Python 3.10 or newer; call make PYTHON=python3.12, say"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/run: $(BIN)/python $(SOURCES)
	$(BIN)/python -m pip install --quiet -e .
	touch $@

$(VENV)/dev: $(BIN)/python $(SOURCES)
	$(BIN)/python -m pip install --quiet -e '.[dev]'
	touch $@ $(VENV)/run

clean:
	rm -rf $(VENV) $(VENV)-bench report build dist *.egg-info
