"""Writes the small tokenizers of the tests, and texts.json. Trained on the lines below; nobody else's vocabulary is in them.

    python3 make.py            (Python 3; spm_train and python3-sentencepiece of Debian for the two SentencePiece models)
    npm install @anush008/tokenizers tiktoken && node counts.mjs      (Hugging Face's own tokenizers; OpenAI's tiktoken)

The second one writes counts.json: what the makers of the formats count.
"""
import collections
import json
import os
import random
import re
import subprocess

TEXT = """The router answers requests of many clients. It counts the tokens of a prompt before it asks a model.
Requests that are too long are refused with the numbers: what was asked for, and what the model holds.
I'll say it's fine, you're right, we've been there, don't worry, he'd know. In 2024 there were 1,234,567 of them.
def count(text):\n    for token in tokenize(text):\n        yield token\n\n    return None\n
{"role": "user", "content": "Hello, world!", "n": [1, 2, 3], "ok": true}
Der Zähler zählt; die Straße führt über Brücken. Le café est fermé à Noël. El niño comió piñas mañana.
Привет, как дела? Счётчик считает токены. 日本語のテキストを数える。中文文本计数。한국어 텍스트를 셉니다。
नमस्ते दुनिया। مرحبا بالعالم. שלום עולם. ภาษาไทย. Tiếng Việt có dấu. 👍🏽 🎉 𝒜𝓁𝓅𝒽𝒶
""" * 4
SPLIT = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*"
         r"|\s*[\r\n]+|\s+(?!\S)|\s+")
WORDS = re.compile(r" ?[^\W\d_]+|\d{1,3}| ?[^\s\w]+|\s+")


def byte_letters():
    own = [*range(ord("!"), ord("~") + 1), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = iter(range(0x100, 0x200))
    return [chr(b) if b in own else chr(next(others)) for b in range(256)]


LETTERS = byte_letters()


def train(count):
    words = collections.Counter(tuple(LETTERS[b] for b in word.encode()) for word in WORDS.findall(TEXT))
    vocabulary = {letter: index for index, letter in enumerate(sorted(LETTERS))}
    merges = []
    while len(merges) < count:
        pairs = collections.Counter()
        for word, times in words.items():
            for pair in zip(word, word[1:]):
                pairs[pair] += times
        if not pairs:
            break
        best = max(pairs, key=lambda pair: (pairs[pair], pair))
        merges.append(best)
        vocabulary.setdefault("".join(best), len(vocabulary))
        merged = collections.Counter()
        for word, times in words.items():
            out, i = [], 0
            while i < len(word):
                if word[i:i + 2] == best:
                    out.append("".join(best))
                    i += 2
                else:
                    out.append(word[i])
                    i += 1
            merged[tuple(out)] += times
        words = merged
    return vocabulary, merges


def added(vocabulary, *tokens):
    return [dict(id=len(vocabulary) + i, content=token, single_word=False, lstrip=False, rstrip=False, normalized=False,
                 special=True) | flags for i, (token, flags) in enumerate(tokens)]


def write(name, vocabulary, merges, tokens, normalizer, pre, post, pairs, **model):
    merge_list = [list(m) for m in merges] if pairs else [" ".join(m) for m in merges]
    with open(name, "w", encoding="utf-8") as file:
        json.dump(dict(version="1.0", truncation=None, padding=None, added_tokens=tokens, normalizer=normalizer,
                       pre_tokenizer=pre, post_processor=post, decoder=dict(type="ByteLevel", add_prefix_space=True,
                       trim_offsets=True, use_regex=True), model=dict(type="BPE", dropout=None, unk_token=None,
                       continuing_subword_prefix=None, end_of_word_suffix=None, fuse_unk=False, byte_fallback=False,
                       **model, vocab=vocabulary, merges=merge_list)), file, ensure_ascii=False)


def byte_level(prefix=False, regex=False):
    return dict(type="ByteLevel", add_prefix_space=prefix, trim_offsets=True, use_regex=regex)


def split(pattern, behavior="Isolated"):
    return dict(type="Split", pattern=pattern, behavior=behavior, invert=False)


vocabulary, merges = train(400)
bos = dict(type="TemplateProcessing", single=[{"SpecialToken": {"id": "<|begin_of_text|>", "type_id": 0}},
           {"Sequence": {"id": "A", "type_id": 0}}], pair=[{"Sequence": {"id": "A", "type_id": 0}},
           {"Sequence": {"id": "B", "type_id": 1}}], special_tokens={"<|begin_of_text|>": dict(
               id="<|begin_of_text|>", ids=[len(vocabulary)], tokens=["<|begin_of_text|>"])})
# As Llama 3: merges as texts, whole pieces first, BOS.
whole = dict(vocabulary)
whole["".join(LETTERS[b] for b in " übermorgen".encode())] = len(whole)
write("llama3-like.json", whole, merges,
      added(whole, ("<|begin_of_text|>", {}), ("<|start_header_id|>", {}), ("<|end_header_id|>", {}), ("<|eot_id|>", {})),
      None, dict(type="Sequence", pretokenizers=[split({"Regex": SPLIT}), byte_level()]),
      dict(type="Sequence", processors=[byte_level(), bos]), False, ignore_merges=True)
# As Qwen: form C, merges as lists; tokens that take the white space beside them.
write("qwen-like.json", vocabulary, merges,
      added(vocabulary, ("<|im_start|>", {}), ("<|im_end|>", {}), ("<think>", dict(special=False)),
            ("<pad>", dict(lstrip=True, rstrip=True)), ("word", dict(single_word=True)), ("né", dict(normalized=True))),
      dict(type="NFC"), dict(type="Sequence", pretokenizers=[split({"Regex": SPLIT.replace("{1,3}", "")}), byte_level()]),
      byte_level(), True)
# As GPT-2: the pattern that is built in, a space in front.
write("gpt2-like.json", vocabulary, merges, added(vocabulary, ("<|endoftext|>", {})), None, byte_level(True, True),
      byte_level(), False)
# As DeepSeek: several patterns, and all behaviors of a split.
write("deepseek-like.json", vocabulary, merges, added(vocabulary, ("<｜User｜>", {}), ("<｜end▁of▁sentence｜>", {})),
      dict(type="Sequence", normalizers=[]), dict(type="Sequence", pretokenizers=[
          split({"Regex": r"\p{N}{1,3}"}), split({"Regex": "[一-龥぀-ゟ゠-ヿ]+"}), split({"String": "—"}, "MergedWithPrevious"),
          split({"Regex": r"[!-/:-~]"}, "MergedWithNext"), split({"Regex": "_"}, "Contiguous"), split({"Regex": "\t"}, "Removed"),
          dict(type="Digits", individual_digits=True), byte_level(regex=True)]), byte_level(), True)

for name, options in (("llama-like", []), ("gemma-like", ["--add_dummy_prefix=false",
                      "--user_defined_symbols=<start_of_turn>,<end_of_turn>,▁▁▁▁"])):
    with open("corpus.txt", "w", encoding="utf-8") as file:
        file.write(TEXT)
    subprocess.run(["spm_train", "--input=corpus.txt", f"--model_prefix={name}", "--model_type=bpe", "--vocab_size=560",
                    "--byte_fallback=true", "--normalization_rule_name=identity", "--remove_extra_whitespaces=false",
                    "--allow_whitespace_only_pieces=true", "--split_digits=true", "--character_coverage=0.98",
                    "--hard_vocab_limit=false", *options], check=True)
for name in ("corpus.txt", "llama-like.vocab", "gemma-like.vocab"):
    os.remove(name)

random.seed(11)
texts = ["", " ", "Hello world", " Hello  world ", "I'll say IT'S don't WE'RE", "1234567890 12 3456 ١٢٣", "def f(x):\n    return x\n\n\n\tif y:",
         "日本語のテキスト、中文。한국어", "e\u0301te\u0301 cafe\u0301 A\u030a \u1112\u1161\u11ab", "👍🏽👨‍👩‍👧 𝒜𝓁𝓅𝒽𝒶 𝟙𝟚 𠀀𠀁 𐍈",
         "<|begin_of_text|><|start_header_id|>user<|end_header_id|>\n\nHi<|eot_id|>", "<|im_start|>user\nHi<|im_end|>\n<think>\n\n",
         "<｜User｜>Hi<｜end▁of▁sentence｜>", "<s>[INST] hi [/INST] </s><s>[INST] more [/INST]", "a <pad>  b<pad>c  <pad>", "word words sword (word)",
         "né ne\u0301 naïf", "a" * 300, "   " * 30, "\n" * 20, " \n \n\t \r\n x", "!!!???...;;;—a——b", "ﬁ ½ ² Ⅷ ẞ İ", "\u200b\u00a0\u2003x\u3000y\u0085z",
         "\x00\x01\x1f\x7f", "übermorgen übermorgen", "<start_of_turn>user\nhi<end_of_turn>\n    x        y", "__init__ ___ _", "\tx\t\ty\t", "<|im_start|>" * 20]
pools = ["abcdefghij '.,!? \n\t", "ABCabc012 -_/\\", "日本語中文한국어。、ーァ", "éèüößÆøåçñ ", "😀😁👍🏽❤️‍🔥", "𝒜𝟙𠀀𐍈𞤀𞤢", "אבגדהابتثج",
         "กขคงจ ฉ", "\u0301\u0308\u0323abce", "  \n\r\t\u00a0\u3000", "()[]{}<>|&^%$#@!~`", "<|im_end|>", "word né "]
for _ in range(120):
    texts.append("".join("".join(random.choice(pool) for _ in range(random.randint(1, 6)))
                         for pool in random.choices(pools, k=random.randint(1, 30))))
with open("texts.json", "w", encoding="utf-8") as file:
    json.dump(texts, file, indent=0)

import sentencepiece
counts = {}
for name in ("llama-like", "gemma-like"):
    model = sentencepiece.SentencePieceProcessor(model_file=f"{name}.model")
    signs = [model.id_to_piece(i) for i in range(model.get_piece_size()) if model.is_control(i) or model.is_unknown(i)]
    parts = re.compile("(" + "|".join(map(re.escape, signs)) + ")")
    counts[f"{name}.model"] = [sum(1 if part in signs else len(model.encode(part)) for part in parts.split(text) if part)
                               for text in texts]
with open("counts.json", "w", encoding="utf-8") as file:
    json.dump(counts, file)
