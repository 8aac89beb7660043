# Everything a person or a machine does with this repository. Needs Python 3.11 or newer, pip and make.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed

.PHONY: help demo test check bench docs format clean

help:
	@echo "make demo     train a network on real digits, compile it, classify with it"
	@echo "make test     run all tests"
	@echo "make check    formatting, lint, types, direction of imports, and the size of the code"
	@echo "make bench    measure speed, and write the tables in benchmarks/"
	@echo "make docs     write the generated pages of docs/"
	@echo "make format   put the code into the form that make check asks for"
	@echo "make clean    remove $(VENV), caches and what the demo made"

$(STAMP): pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "netc needs Python 3.11 or newer: make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[dev]"
	@touch $@

demo: $(STAMP)
	rm -rf runs/demo
	$(BIN)/netc train specs/digits.net --out runs/demo
	$(BIN)/netc test specs/digits.net --weights runs/demo/best.safetensors
	$(BIN)/netc compile specs/digits.net --weights runs/demo/best.safetensors -o runs/demo/digits.onnx
	$(BIN)/netc predict runs/demo/digits.onnx --examples 8 --like specs/digits.net

test: $(STAMP)
	$(BIN)/python -m pytest

check: $(STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest tests/test_direction.py
	$(BIN)/python benchmarks/size_table.py

bench: $(STAMP)
	$(BIN)/python -m benchmarks

docs: $(STAMP)
	$(BIN)/python docs/generate.py

format: $(STAMP)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf $(VENV) runs build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
