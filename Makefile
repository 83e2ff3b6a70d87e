PY ?= python3

.PHONY: run test test-pretix check bench soak lock
run: ; $(PY) house.py run
test: ; $(PY) house.py test
test-pretix: ; $(PY) house.py test-pretix
check: ; $(PY) house.py check
bench: ; $(PY) house.py bench
soak: ; $(PY) house.py soak
lock: ; $(PY) house.py lock
