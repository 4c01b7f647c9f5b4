"""Sphinx's settings for the book; `make book` runs docs/build.py, which prepares the notebooks and calls Sphinx."""
import json
import re
from pathlib import Path

import backprop_lab
from docutils import nodes
from sphinx import addnodes

project, author, release = "backprop_lab", "backprop_lab founders", backprop_lab.__version__
extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.mathjax"]
html_theme, html_title, html_static_path, templates_path = "sphinx_book_theme", "backprop_lab", ["_static"], ["_templates"]
html_theme_options = {
    "use_download_button": False, "show_toc_level": 2, "home_page_in_toc": True,
    "article_header_end": ["twin.html", "article-header-buttons.html"],
}
html_css_files, html_js_files, html_context = ["book.css"], ["live.js"], {"default_mode": "auto"}
html_sidebars = {"**": ["search-button-field.html", "sbt-sidebar-nav.html"]}
html_show_sourcelink, html_copy_source = False, False
html_domain_indices, html_use_index = False, False
nb_execution_mode = "off"                       # the notebooks are committed executed
nb_render_markdown_format = "myst"              # formulas in outputs are typeset too
nb_merge_streams = True                         # what one cell prints stands in one box
nb_ipywidgets_js = {}                           # nothing from elsewhere
mathjax_path = "tex-svg.js"
myst_enable_extensions = ["dollarmath", "amsmath"]
myst_heading_anchors = 3
suppress_warnings = ["myst.header", "mystnb.mime_priority"]
autodoc_member_order = "bysource"
locale_dirs, gettext_uuid = ["locale"], False   # the theme's words for Taiwan
language = "en"
WORDS = {
    "en": {"search_bar_text": "Search the book", "search_some": "% pages", "search_none": "Nothing found."},
    "zh_TW": {"search_bar_text": "搜尋本書", "search_some": "找到 % 頁", "search_none": "沒有找到。"},
}
TWINS = {"en": ("zh_TW/", "zh-TW", "繁體中文"), "zh_TW": ("../", "en", "English")}      # where, language, its name
SKIPPED = (nodes.math_block, nodes.raw, nodes.comment)


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


def parts_of(node, inside=(nodes.section, addnodes.desc)):
    """[anchor, heading, text] of each section and each entry of the reference under a node."""
    def text(node):
        if isinstance(node, nodes.Text):
            return node.astext()
        if isinstance(node, nodes.math):                        # a short formula as one would type it
            plain = re.sub(r"\\(?:text|mathsf|,|;)|[{}_^\\]", "", node.astext().replace("\\delta", "δ").replace("\\sigma", "σ"))
            return plain if len(plain) < 20 else "…"
        if isinstance(node, (*SKIPPED, *inside, nodes.title, addnodes.desc_signature)):
            return ""
        return ("" if isinstance(node, (nodes.inline, nodes.TextElement)) else " ").join(map(text, node.children))
    for part in node.findall(lambda each: isinstance(each, inside)):
        head = part.next_node(addnodes.desc_signature if isinstance(part, addnodes.desc) else nodes.title)
        heading = head.get("fullname") or head.astext()
        anchor = (part if part.get("ids") else head).get("ids", [""])[0]
        yield [anchor, heading, re.sub(r"\s+", " ", " ".join(map(text, part.children))).strip()]


def page(app, name, template, context, doctree):
    """A page's twin in the other language, its words, and its text for the search."""
    folder, context["twin_language"], context["twin_name"] = TWINS[app.config.language]
    context["twin"] = f"{context['content_root']}{folder}{name}.html"
    context.update(WORDS[app.config.language])
    if doctree is not None and (parts := list(parts_of(doctree))):
        app.texts.append([name, parts[0][1], parts])


def write_index(app, error):
    """The search's index, in the place of Sphinx's own, whose excerpts and Chinese do not work from the file system."""
    if error is None:
        text = json.dumps(sorted(app.texts), ensure_ascii=False, separators=(",", ":"))
        (Path(app.outdir) / "searchindex.js").write_text(f"const pages={text};\n", encoding="utf-8")


def setup(app):
    app.texts = []
    app.connect("config-inited", lambda app, config: config.html_theme_options.update(
        search_bar_text=WORDS[config.language]["search_bar_text"]))
    app.connect("html-page-context", page)
    app.connect("build-finished", write_index)
    app.connect("autodoc-process-docstring", as_text)
    skip = lambda app, what, name, *rest: True if name.endswith("_request") else None       # scikit-learn's own
    app.connect("autodoc-skip-member", skip)
    return {"parallel_read_safe": False, "parallel_write_safe": False}
