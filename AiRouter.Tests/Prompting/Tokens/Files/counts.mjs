// Adds to counts.json what the makers' own libraries count; see make.py.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(`${process.cwd()}/`);
const { Tokenizer } = require('@anush008/tokenizers');
const { get_encoding } = require('tiktoken');
const folder = new URL('.', import.meta.url);
const texts = JSON.parse(readFileSync(new URL('texts.json', folder)));
const counts = JSON.parse(readFileSync(new URL('counts.json', folder)));
for (const name of ['llama3-like', 'qwen-like', 'gpt2-like', 'deepseek-like']) {
  const tokenizer = await Tokenizer.fromString(readFileSync(new URL(`${name}.json`, folder), 'utf8'));
  const encoded = texts.map(text => tokenizer.encode(text, null, { addSpecialTokens: false }));
  counts[`${name}.json`] = (await Promise.all(encoded)).map(encoding => encoding.getLength());
}
for (const name of ['cl100k_base', 'o200k_base']) {
  const encoding = get_encoding(name);
  counts[name] = texts.map(text => encoding.encode(text, 'all').length);
}
writeFileSync(new URL('counts.json', folder), JSON.stringify(counts));
