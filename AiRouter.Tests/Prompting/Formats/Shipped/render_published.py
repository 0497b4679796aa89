"""Writes the golden renderings of the shipped prompt formats: Golden/NAME.json for each name in sources.json.

Usage: python3 render_published.py FOLDER

FOLDER holds the models' published templates under the file names of sources.json; they are not part of this repository.
Each is rendered by Jinja2 itself, set up as transformers does, for every case of cases.json and for the format's own
cases. A published template that refuses a conversation (raise_exception) gives "refused", one that breaks on it gives
"fails".

Some templates want the same conversation in another form than a chat request has it ("adapt" in sources.json): the
published template is given that form, ours the request's.
"""

import copy
import datetime
import hashlib
import importlib.util
import json
import pathlib
import re
import sys

import jinja2
from jinja2.ext import Extension, loopcontrols
from jinja2.sandbox import ImmutableSandboxedEnvironment

HERE = pathlib.Path(__file__).parent
FORMATS = HERE.parents[3] / "prompt-formats"
NOW = datetime.datetime(2026, 1, 15, 12, 0, 0)


class Generation(Extension):
    """The generation tag: it marks the model's own text and changes nothing of it."""

    tags = {"generation"}

    def parse(self, parser):
        line = next(parser.stream).lineno
        body = parser.parse_statements(["name:endgeneration"], drop_needle=True)
        return jinja2.nodes.Scope(body).set_lineno(line)


def environment():
    def refuse(message):
        raise jinja2.exceptions.TemplateError(message)

    def tojson(value, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
        return json.dumps(value, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)

    result = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True, extensions=[Generation, loopcontrols])
    result.filters["tojson"] = tojson
    result.globals["raise_exception"] = refuse
    result.globals["strftime_now"] = NOW.strftime
    return result


ENVIRONMENT = environment()


def arguments_text(call):
    return json.dumps(call["function"]["arguments"], ensure_ascii=False)


def calls_text(message):
    calls = [{"name": c["function"]["name"], "arguments": c["function"]["arguments"]} for c in message["tool_calls"]]
    return json.dumps(calls, ensure_ascii=False)


def calls_as_content(context, before, after):
    for message in context["messages"]:
        if message.get("tool_calls"):
            message["content"] = (message["content"] or "") + before + calls_text(message) + after
            del message["tool_calls"]


def rename(context, old, new):
    for message in context["messages"]:
        if old in message:
            message[new] = message.pop(old)


def empty_content(context):
    for message in context["messages"]:
        if message.get("content", "") is None:
            message["content"] = ""


def arguments_as_text(context):
    for message in context["messages"]:
        for call in message.get("tool_calls", []):
            call["function"]["arguments"] = arguments_text(call)


def tools_in_system(context):
    tools = context.pop("tools", None)
    if tools:
        if context["messages"][0]["role"] != "system":
            context["messages"].insert(0, {"role": "system", "content": ""})
        context["messages"][0]["tools"] = json.dumps([t["function"] for t in tools], ensure_ascii=False)


def glm_calls(context):
    messages = []
    for message in context["messages"]:
        if message.get("tool_calls"):
            if message["content"]:
                messages.append({"role": "assistant", "content": message["content"]})
            for call in message["tool_calls"]:
                name = call["function"]["name"]
                messages.append({"role": "assistant", "metadata": name, "content": arguments_text(call)})
        elif message["role"] == "tool":
            messages.append({"role": "observation", "content": message["content"]})
        else:
            messages.append(message)
    context["messages"] = messages


ADAPT = {
    "empty content": empty_content,
    "arguments as text": arguments_as_text,
    "reasoning as thinking": lambda c: rename(c, "reasoning_content", "thinking"),
    "reasoning as tool_plan": lambda c: rename(c, "reasoning_content", "tool_plan"),
    "tools in system": tools_in_system,
    "granite calls": lambda c: calls_as_content(c, "<|tool_call|>", ""),
    "phi calls": lambda c: calls_as_content(c, "<|tool_call|>", "<|/tool_call|>"),
    "glm calls": glm_calls,
}

# What a published template always does, whatever it is told; ours does it only when told.
ONLY = {
    "system only": lambda c: c["messages"][0]["role"] == "system",
    "tools only": lambda c: bool(c.get("tools")),
    "generation prompt only": lambda c: c["add_generation_prompt"],
}


def strip_around_tags(text):
    return re.sub(r"-?%\}", "-%}", re.sub(r"\{%-?", "{%-", text))


def module(path):
    spec = importlib.util.spec_from_file_location("published", path)
    result = importlib.util.module_from_spec(spec)
    sys.modules["published"] = result
    spec.loader.exec_module(result)
    return result


def assigned(path, name):
    """The value of a module's constant, without running the module."""
    import ast

    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", None) == name:
            return ast.literal_eval(node.value)
    raise KeyError(name)


def two_speakers(context):
    """System text and turns of a conversation that a format in code can express; None: it cannot."""
    messages = context["messages"]
    system = None
    if messages[0]["role"] == "system":
        system, messages = messages[0]["content"], messages[1:]
    turns = [m["role"] for m in messages]
    expected = [("user", "assistant")[i % 2] for i in range(len(turns))]
    ends_right = turns[-1:] == (["user"] if context["add_generation_prompt"] else ["assistant"])
    return (system, messages) if turns == expected and ends_right and not context.get("tools") else None


def fastchat(path):
    published = module(path)

    def render(context, bos, eos):
        system, turns = two_speakers(context)
        conversation = published.get_conv_template("vicuna_v1.1")
        if system is not None:
            conversation.set_system_message(system)
        for turn in turns:
            conversation.append_message(conversation.roles[turn["role"] == "assistant"], turn["content"])
        if context["add_generation_prompt"]:
            conversation.append_message(conversation.roles[1], None)
        return bos + conversation.get_prompt()

    return render, lambda c: two_speakers(c) is not None


def alpaca(path):
    prompt = assigned(path, "PROMPT_DICT")["prompt_no_input"]

    def render(context, bos, eos):
        _, turns = two_speakers(context)
        text = bos + prompt.format(instruction=turns[0]["content"])
        return text if len(turns) == 1 else text + turns[1]["content"] + eos

    def can(context):
        speakers = two_speakers(context)
        return speakers is not None and speakers[0] is None and len(speakers[1]) <= 2

    return render, can


CODE = {"fastchat": fastchat, "alpaca": alpaca}


def published_template(folder, file, source):
    path = folder / file
    text = assigned(path, source["python"]) if "python" in source else path.read_text(encoding="utf-8")
    adapt = source.get("adapt", [])
    return ENVIRONMENT.from_string(strip_around_tags(text) if "strip around tags" in adapt else text)


def renderer(folder, source):
    if "code" in source:
        return CODE[source["code"]](folder / source["file"])
    plain = published_template(folder, source["file"], source)
    with_tools = published_template(folder, source["toolsFile"], source) if "toolsFile" in source else plain

    def render(context, bos, eos):
        context = copy.deepcopy(context)
        template = with_tools if context.get("tools") else plain
        for name in source.get("adapt", []):
            if name in ADAPT:
                ADAPT[name](context)
        return template.render(bos_token=bos, eos_token=eos, **context)

    return render, lambda c: all(ONLY[name](c) for name in source.get("adapt", []) if name in ONLY)


def rendering(render, context, bos, eos):
    try:
        return {"expected": render(context, bos, eos)}
    except jinja2.exceptions.UndefinedError as error:
        return {"fails": str(error)}
    except jinja2.exceptions.TemplateError as error:
        return {"refused": str(error)}
    except (TypeError, AttributeError) as error:
        return {"fails": str(error)}


def own_context(cases, own):
    context = copy.deepcopy(cases[own["like"]]) if "like" in own else {}
    context.update({k: v for k, v in own.items() if k != "like"})
    return context


def main():
    folder = pathlib.Path(sys.argv[1])
    cases = json.loads((HERE / "cases.json").read_text(encoding="utf-8"))
    sources = json.loads((HERE / "sources.json").read_text(encoding="utf-8"))
    manifest = json.loads((FORMATS / "manifest.json").read_text(encoding="utf-8"))
    formats = {f["name"]: f for f in manifest["formats"]}
    (HERE / "Golden").mkdir(exist_ok=True)
    for name, source in sources.items():
        bos, eos = formats[name].get("bos", ""), formats[name].get("eos", "")
        render, takes = renderer(folder, source)
        result = []
        contexts = {**cases, **{k: own_context(cases, own) for k, own in source.get("cases", {}).items()}}
        for case, context in contexts.items():
            if takes(context) and case not in source.get("except", {}):
                golden = {"case": case, **({"context": context} if case not in cases else {})}
                result.append({**golden, **rendering(render, context, bos, eos)})
        files = [source["file"]] + ([source["toolsFile"]] if "toolsFile" in source else [])
        facts = {
            "format": name,
            "model": source["model"],
            "where": source["where"],
            "sha256": [hashlib.sha256((folder / f).read_bytes()).hexdigest() for f in files],
            "adapted": source.get("adapt", []),
            "leftOut": source.get("except", {}),
        }
        head = ",\n".join(f"  {json.dumps(k)}: {json.dumps(v, ensure_ascii=False)}" for k, v in facts.items())
        body = ",\n".join("    " + json.dumps(g, ensure_ascii=False) for g in result)
        text = "{\n" + head + ',\n  "cases": [\n' + body + "\n  ]\n}\n"
        (HERE / "Golden" / (name + ".json")).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
