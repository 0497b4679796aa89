#!/usr/bin/env python3
"""Compares embeddings by cosine similarity, with LangChain: texts with each other, or (-M, -U) each text at two models or servers."""

import argparse
import itertools
import math
import os
import sys
import time

from langchain_openai import OpenAIEmbeddings
from openai import APIError


def main():
    options = parse_options()
    here = embed(options.url, options.key, options.model, options.texts)
    if options.other_model or options.other_url:
        there = embed(
            options.other_url or options.url,
            options.other_key or options.key,
            options.other_model or options.model,
            options.texts,
        )
        for text, one, other in zip(options.texts, here, there):
            print(f"{similarity(one, other):.4f}  {text}")
    else:
        for (text, one), (other_text, other) in itertools.combinations(zip(options.texts, here), 2):
            print(f"{similarity(one, other):.4f}  {text} | {other_text}")


def embed(url, key, model, texts):
    # By default LangChain cuts texts into tokens of an OpenAI model, which mean nothing to any other model.
    embeddings = OpenAIEmbeddings(model=model, base_url=url, api_key=key, check_embedding_ctx_length=False)
    start = time.perf_counter()
    vectors = embeddings.embed_documents(texts)
    milliseconds = (time.perf_counter() - start) * 1000
    print(f"{model}: {len(vectors)} embeddings of {len(vectors[0])} dimensions in {milliseconds:.0f} ms", file=sys.stderr)
    return vectors


def similarity(one, other):
    if len(one) != len(other):
        sys.exit(f"error: {len(one)} and {len(other)} dimensions cannot be compared")
    return sum(a * b for a, b in zip(one, other)) / (math.hypot(*one) * math.hypot(*other))


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("texts", nargs="*", default=["a cat", "a kitten", "a bill"], help="default: a cat, a kitten, a bill")
    parser.add_argument("-m", "--model", default="bge", help="default: bge")
    parser.add_argument("-u", "--url", default=os.environ.get("AIROUTER_URL", "http://127.0.0.1:3000/v1"))
    parser.add_argument("-k", "--key", default=os.environ.get("AIROUTER_KEY", "none"), help="client key")
    parser.add_argument("-M", "--other-model", help="compare with this model")
    parser.add_argument("-U", "--other-url", help="compare with this server")
    parser.add_argument("-K", "--other-key", help="its key")
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
