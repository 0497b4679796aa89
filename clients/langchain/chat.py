#!/usr/bin/env python3
"""Chats with a model behind AiRouter, with LangChain for Python."""

import argparse
import os
import sys
import time

from langchain_openai import ChatOpenAI
from openai import APIError


def main():
    options = parse_options()
    model = ChatOpenAI(
        model=options.model,
        base_url=options.url,
        api_key=options.key,
        max_tokens=options.tokens,
        stream_usage=True,
    )
    prompt = " ".join(options.prompt)

    start = time.perf_counter()
    if options.stream:
        stream(model, prompt, start, end="\n" if options.newlines else "")
    else:
        answer = model.invoke(prompt)
        print(answer.content)
        tell(start, None, answer.usage_metadata, answer.response_metadata.get("finish_reason"))


def stream(model, prompt, start, end):
    first = usage = reason = None
    try:
        for chunk in model.stream(prompt):
            usage = chunk.usage_metadata or usage  # in the last chunk
            reason = chunk.response_metadata.get("finish_reason") or reason
            if chunk.content:
                first = first or time.perf_counter()
                print(chunk.content, end=end, flush=True)
    finally:
        if first and not end:
            print(flush=True)
    tell(start, first, usage, reason)


def tell(start, first, usage, reason):
    """The figures go to stderr, so that the answer alone can be piped on."""
    seconds = time.perf_counter() - start
    if first:
        print(f"time to first token: {(first - start) * 1000:.0f} ms", file=sys.stderr)
    if usage:
        tokens = usage["output_tokens"]
        print(
            f"tokens: {tokens} in {seconds * 1000:.0f} ms, {tokens / seconds:.1f} tokens/s, finish reason: {reason}",
            file=sys.stderr,
        )


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("prompt", nargs="*", default=["Hello!"], help="what to say (default: Hello!)")
    parser.add_argument("-S", "--stream", action="store_true", help="print the answer as it comes")
    parser.add_argument("-n", "--newlines", action="store_true", help="with -S, a line per chunk")
    parser.add_argument("-m", "--model", default="llama-3.1-8b", help="default: llama-3.1-8b")
    parser.add_argument("-u", "--url", default=os.environ.get("AIROUTER_URL", "http://127.0.0.1:3000/v1"))
    parser.add_argument("-k", "--key", default=os.environ.get("AIROUTER_KEY", "none"), help="client key")
    parser.add_argument("-t", "--tokens", type=int, help="generate at most so many")
    return parser.parse_args()


def explain(error):
    """What AiRouter says, without what the client wraps around it."""
    status = getattr(error, "status_code", "")
    message = error.body["message"] if isinstance(error.body, dict) and "message" in error.body else error.message
    return f"error {status}: {message}" if status else f"error: {message}"


if __name__ == "__main__":
    try:
        main()
    except APIError as error:
        sys.exit(explain(error))
