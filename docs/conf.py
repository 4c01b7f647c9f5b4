"""Sphinx's settings for the book; `make book` runs docs/build.py, which prepares the notebooks and calls Sphinx."""
import os
import re

import backprop_lab

project, author, release = "backprop_lab", "backprop_lab founders", backprop_lab.__version__
extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.mathjax"]
html_theme, html_title, html_static_path = "sphinx_book_theme", "backprop_lab", ["_static"]
html_theme_options = {"use_download_button": False, "show_toc_level": 2}
html_css_files, html_js_files = ["book.css"], ["live.js"]
html_show_sourcelink, html_copy_source = False, False
nb_execution_mode = "off"                       # the notebooks are committed executed
nb_render_markdown_format = "myst"              # formulas in outputs are typeset too
nb_ipywidgets_js = {}                           # nothing from elsewhere
mathjax_path = os.environ.get("MATHJAX", "tex-svg.js")      # one copy for both languages
myst_enable_extensions = ["dollarmath", "amsmath"]
myst_heading_anchors = 3
suppress_warnings = ["myst.header", "mystnb.mime_priority"]
autodoc_member_order = "bysource"
locale_dirs, gettext_compact, gettext_uuid = ["locale"], False, False
language = "en"


def as_text(app, what, name, obj, options, lines):
    """Docstrings here are plain text with `names` in backticks: show them so, line by line."""
    shown = []
    for line in lines:
        pieces = re.split(r"`([^`]+)`", line)
        pieces[::2] = [re.sub(r"([\\*_|])", r"\\\1", piece) for piece in pieces[::2]]
        pieces[1::2] = [f"``{piece}``" for piece in pieces[1::2]]
        text = re.sub(r"(``[^`]+``)(?=\w)", r"\1\\ ", "".join(pieces))      # `Row`s
        shown.append("| " + text.strip() if line.strip() else "")
    lines[:] = shown


def setup(app):
    app.connect("autodoc-process-docstring", as_text)
    skip = lambda app, what, name, *rest: True if name.endswith("_request") else None       # scikit-learn's own
    app.connect("autodoc-skip-member", skip)
