#!/usr/bin/env python3
"""Renders the templates of cases.py with Jinja2, set up as Hugging Face's transformers does, and writes Golden/language.json.

Run it with Jinja2 3.1 installed (Debian: python3-jinja2): python3 make_golden.py
"""
import copy
import datetime
import json
import pathlib

import jinja2
import jinja2.ext
from jinja2.sandbox import ImmutableSandboxedEnvironment

from cases import CASES, CONTEXT

FOLDER = pathlib.Path(__file__).parent
NOW = datetime.datetime(2026, 1, 15, 12, 0, 0)


class Generation(jinja2.ext.Extension):
    """The tag generation: it writes its body, which is a call block's."""

    tags = {"generation"}

    def parse(self, parser):
        line = next(parser.stream).lineno
        body = parser.parse_statements(["name:endgeneration"], drop_needle=True)
        return jinja2.nodes.CallBlock(self.call_method("write"), [], [], body).set_lineno(line)

    def write(self, caller):
        return caller()


def raise_exception(message):
    raise jinja2.exceptions.TemplateError(message)


def tojson(value, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
    return json.dumps(value, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)


def environment():
    result = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=[Generation, jinja2.ext.loopcontrols])
    result.filters["tojson"] = tojson
    result.globals["raise_exception"] = raise_exception
    result.globals["strftime_now"] = NOW.strftime
    return result


def render(jinja, template):
    """What Jinja2 makes of it: the text, or that it is no template, or how it fails."""
    try:
        parsed = jinja.from_string(template)
    except jinja2.exceptions.TemplateSyntaxError as error:
        return {"syntax": error.message}
    except SyntaxError as error:
        # Python's own, about break and continue.
        return {"syntax": error.msg}
    try:
        return {"text": parsed.render(**copy.deepcopy(CONTEXT))}
    except Exception as error:
        # Python names the function that calls functions.
        return {"error": str(error).removeprefix("jinja2.sandbox.SandboxedEnvironment.call() ")}


def main():
    jinja = environment()
    cases = [
        {"group": group, "template": template, **render(jinja, template)}
        for group, templates in CASES.items() for template in templates
    ]
    golden = {"jinja2": jinja2.__version__, "context": CONTEXT, "cases": cases}
    (FOLDER / "Golden" / "language.json").write_text(json.dumps(golden, ensure_ascii=False, indent=1), "utf-8")
    print(f"{len(cases)} cases, {sum('text' in case for case in cases)} of them render")


if __name__ == "__main__":
    main()
