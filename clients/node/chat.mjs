#!/usr/bin/env node
// Chats with a model behind AiRouter, with OpenAI's own client for Node: npm install, then node chat.mjs --help.
import { parseArgs } from 'node:util';
import OpenAI from 'openai';

const help = `node chat.mjs [-S] [-n] [-m MODEL] [-u URL] [-k KEY] [-t TOKENS] [PROMPT]

  -S  print the answer as it comes       -u  the router (default $AIROUTER_URL, else http://127.0.0.1:3000/v1)
  -n  with -S, a line per chunk          -k  client key (default $AIROUTER_KEY)
  -m  model (default llama-3.1-8b)       -t  generate at most so many tokens`;

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    stream: { type: 'boolean', short: 'S' },
    newlines: { type: 'boolean', short: 'n' },
    model: { type: 'string', short: 'm', default: 'llama-3.1-8b' },
    url: { type: 'string', short: 'u', default: process.env.AIROUTER_URL ?? 'http://127.0.0.1:3000/v1' },
    key: { type: 'string', short: 'k', default: process.env.AIROUTER_KEY ?? 'none' },
    tokens: { type: 'string', short: 't' },
    help: { type: 'boolean', short: 'h' },
  },
});

const start = performance.now();
try {
  if (options.help) {
    console.log(help);
  } else {
    await chat();
  }
} catch (error) {
  if (!(error instanceof OpenAI.APIError)) throw error;
  console.error(`error${error.status ? ` ${error.status}` : ''}: ${error.error?.message ?? error.message}`);
  process.exitCode = 1;
}

async function chat() {
  const client = new OpenAI({ baseURL: options.url, apiKey: options.key });
  const request = {
    model: options.model,
    messages: [{ role: 'user', content: positionals.join(' ') || 'Hello!' }],
    max_completion_tokens: options.tokens && Number(options.tokens),
  };
  if (options.stream) {
    await stream(client, request);
  } else {
    const { choices: [choice], usage } = await client.chat.completions.create(request);
    console.log(choice.message.content);
    tell({ usage, reason: choice.finish_reason });
  }
}

async function stream(client, request) {
  const end = options.newlines ? '\n' : '';
  let first, usage, reason;
  try {
    const chunks = await client.chat.completions.create({ ...request, stream: true, stream_options: { include_usage: true } });
    for await (const { choices: [choice], usage: soFar } of chunks) {
      usage = soFar ?? usage; // in the last chunk, which has no choices
      reason = choice?.finish_reason ?? reason;
      if (choice?.delta.content) {
        first ??= performance.now();
        process.stdout.write(choice.delta.content + end);
      }
    }
  } finally {
    if (first && !end) console.log();
  }
  tell({ first, usage, reason });
}

/** The figures go to stderr, so that the answer alone can be piped on. */
function tell({ first, usage, reason }) {
  const milliseconds = performance.now() - start;
  if (first) {
    console.error(`time to first token: ${(first - start).toFixed(0)} ms`);
  }
  if (usage) {
    const tokens = usage.completion_tokens;
    const rate = (tokens / milliseconds) * 1000;
    console.error(`tokens: ${tokens} in ${milliseconds.toFixed(0)} ms, ${rate.toFixed(1)} tokens/s, finish reason: ${reason}`);
  }
}
