#!/usr/bin/env node
// Compares embeddings by cosine similarity: texts with each other, or (-M, -U) each text at two models or servers.
import { parseArgs } from 'node:util';
import OpenAI from 'openai';

const help = `node embeddings.mjs [-m MODEL] [-u URL] [-k KEY] [-M MODEL] [-U URL] [-K KEY] [TEXT…]

  -m  model (default bge)                                                   -M  compare with this model
  -u  the router (default $AIROUTER_URL, else http://127.0.0.1:3000/v1)     -U  compare with this server
  -k  client key (default $AIROUTER_KEY)                                    -K  its key`;

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    model: { type: 'string', short: 'm', default: 'bge' },
    url: { type: 'string', short: 'u', default: process.env.AIROUTER_URL ?? 'http://127.0.0.1:3000/v1' },
    key: { type: 'string', short: 'k', default: process.env.AIROUTER_KEY ?? 'none' },
    'other-model': { type: 'string', short: 'M' },
    'other-url': { type: 'string', short: 'U' },
    'other-key': { type: 'string', short: 'K' },
    help: { type: 'boolean', short: 'h' },
  },
});
const { model, url, key, 'other-model': otherModel, 'other-url': otherUrl, 'other-key': otherKey } = options;
const texts = positionals.length ? positionals : ['a cat', 'a kitten', 'a bill'];

try {
  if (options.help) {
    console.log(help);
  } else {
    await compare();
  }
} catch (error) {
  if (!(error instanceof OpenAI.APIError || error instanceof RangeError)) throw error;
  console.error(`error${error.status ? ` ${error.status}` : ''}: ${error.error?.message ?? error.message}`);
  process.exitCode = 1;
}

async function compare() {
  const here = await embed(url, key, model);
  if (otherModel || otherUrl) {
    const there = await embed(otherUrl ?? url, otherKey ?? key, otherModel ?? model);
    texts.forEach((text, i) => console.log(`${similarity(here[i], there[i]).toFixed(4)}  ${text}`));
  } else {
    texts.forEach((text, i) => texts.slice(i + 1).forEach((other, j) =>
      console.log(`${similarity(here[i], here[i + 1 + j]).toFixed(4)}  ${text} | ${other}`)));
  }
}

async function embed(baseURL, apiKey, model) {
  const start = performance.now();
  const { data } = await new OpenAI({ baseURL, apiKey }).embeddings.create({ model, input: texts });
  const vectors = data.map((item) => item.embedding);
  const milliseconds = (performance.now() - start).toFixed(0);
  console.error(`${model}: ${vectors.length} embeddings of ${vectors[0].length} dimensions in ${milliseconds} ms`);
  return vectors;
}

function similarity(one, other) {
  if (one.length !== other.length) {
    throw new RangeError(`${one.length} and ${other.length} dimensions cannot be compared`);
  }
  return one.reduce((sum, value, i) => sum + value * other[i], 0) / (Math.hypot(...one) * Math.hypot(...other));
}
