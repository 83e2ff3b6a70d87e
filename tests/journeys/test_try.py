import pytest
from playwright.sync_api import expect
pytestmark = pytest.mark.browser

def test_a(house, lea):
    lea.goto("/")
    lea.screenshot(path="/tmp/j_home.png")
    print(lea.inner_text("main")[:600])

def test_b(house, signed_in):
    p = signed_in("karim")
    p.screenshot(path="/tmp/j_queue.png")
    print(p.url)
