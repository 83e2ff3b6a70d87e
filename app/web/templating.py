"""Templates compiled once for each language: a sentence that depends on nothing else is part of the page's text.

A page of the desk says some hundred sentences. Looked up at each drawing they cost it a tenth of its time, though the
catalogues only change with a release.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha1
from pathlib import Path
from types import FunctionType
from typing import Any, Final

import jinja2
from flask.templating import Environment
from jinja2 import FileSystemBytecodeCache, Template, nodes
from jinja2.environment import TemplateModule
from jinja2.runtime import Context
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

from app.web import tongue

#: What templates call a sentence by, and how each is said.
SAYING: Final[dict[str, Callable[..., Markup]]] = {
    "_": tongue.words,
    "gettext": tongue.words,
    "pgettext": tongue.words_in,
}


class _Calls(Context):
    """A context that calls a plain function of ours at once; Jinja asks each one first what it wants to be handed."""

    def call(__self, __what: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401, N805 - as Jinja has it
        if type(__what) is FunctionType and not hasattr(__what, "jinja_pass_arg"):
            kwargs.pop("_block_vars", None)
            kwargs.pop("_loop_vars", None)
            return __what(*args, **kwargs)
        return super().call(__what, *args, **kwargs)


class _Template(Template):
    """A template whose macros all templates share: none of ours is given globals that others are not."""

    def _get_default_module(self, _ctx: object = None) -> TemplateModule:
        # Jinja compares the globals of importing and imported template at each import, ten times a page.
        return super()._get_default_module()


class _Compiled(FileSystemBytecodeCache):
    """Compiled templates on disk, true as long as neither the text nor the catalogue it was said from changed."""

    def __init__(self, folder: Path, lang: str) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        super().__init__(str(folder))
        self._catalogue = sha1(tongue.compiled(lang), usedforsecurity=False).hexdigest()

    def get_source_checksum(self, source: str) -> str:
        """What a compiled template must have been made from."""
        return super().get_source_checksum(self._catalogue + source)


class _Said(NodeTransformer):
    """Puts a sentence without variables in the place of the call that would look it up."""

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802 - named by Jinja
        self.generic_visit(node)
        say = SAYING.get(node.node.name) if isinstance(node.node, nodes.Name) else None
        plain = [one.value for one in node.args if isinstance(one, nodes.Const)]
        if say is None or len(plain) < len(node.args) or node.kwargs or node.dyn_args or node.dyn_kwargs:
            return node
        return nodes.Const(say(*plain), lineno=node.lineno, environment=node.environment)


class Templates(Environment):
    """Flask's templates, compiled for the language the page speaks; one twin of itself for each."""

    context_class = _Calls
    template_class = _Template
    #: The language this one compiles for; the application's own compiles for none.
    lang = ""

    def __init__(self, app: Any, **options: Any) -> None:  # noqa: ANN401 - as Flask has it
        super().__init__(app, **options)
        self._folder: Path | None = None
        self._twins: dict[str, Templates] = {}

    def keep_in(self, folder: Path) -> None:
        """Let what templates were compiled to outlive the process; Jinja's own release is part of the address."""
        self._folder = folder / f"templates-{jinja2.__version__}"

    def _load_template(self, name: str, globals: Any) -> Template:  # noqa: ANN401 - as Jinja has it
        if self.lang:
            return super()._load_template(name, globals)
        return self._in(tongue.language())._load_template(name, globals)

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        return _Said().visit(tree) if self.lang else tree

    def _in(self, lang: str) -> Templates:
        twin = self._twins.get(lang)
        if twin is None:
            twin = self.overlay()
            twin.lang = lang
            if self._folder is not None:
                twin.bytecode_cache = _Compiled(self._folder / lang, lang)
            twin = self._twins.setdefault(lang, twin)
        return twin
