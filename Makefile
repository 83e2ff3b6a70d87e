PY ?= python3

.PHONY: run test check bench lock
run: ; $(PY) house.py run
test: ; $(PY) house.py test
check: ; $(PY) house.py check
bench: ; $(PY) house.py bench
lock: ; $(PY) house.py lock
