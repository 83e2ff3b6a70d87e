PY ?= python3

.PHONY: run test check bench soak lock
run: ; $(PY) house.py run
test: ; $(PY) house.py test
check: ; $(PY) house.py check
bench: ; $(PY) house.py bench
soak: ; $(PY) house.py soak
lock: ; $(PY) house.py lock
