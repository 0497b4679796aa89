// Drives a running AiRouter with OpenAI's own client for Node, one line of JSON per check (../runner.mjs). NodeClientTests.cs starts
// the servers and reads the lines.
//
// Environment: ROUTER_URL (ends with /v1), SCHEMAS (a folder with OpenAI's response schemas, or empty).
// Models of the router: "sim" (Triton), "relay" (the same through an OpenAI-compatible backend), "bge", "bge-relay", "whisper",
// "whisper-relay", and with tools and reasoning "tools", "tools-relay".
import OpenAI, { toFile } from 'openai';
import Ajv2020 from 'ajv/dist/2020.js';
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../runner.mjs';

const client = new OpenAI({ baseURL: process.env.ROUTER_URL, apiKey: 'sk-test', maxRetries: 0, timeout: 20_000 });
const schemas = loadSchemas(process.env.SCHEMAS);
const say = (text) => [{ role: 'user', content: text }];

const checks = {};

for (const model of ['sim', 'relay']) {
  checks[`${model}: chat`] = async () => {
    const answer = await client.chat.completions.create({ model, messages: say('[[say:Hello, world!]]'), max_tokens: 50 });
    valid('CreateChatCompletionResponse', answer);
    assert.equal(answer.choices[0].message.content, 'Hello, world!');
    assert.equal(answer.choices[0].finish_reason, 'stop');
    assert.equal(answer.model, model);
    assert.equal(answer.usage.total_tokens, answer.usage.prompt_tokens + answer.usage.completion_tokens);
  };

  checks[`${model}: chat stream`] = async () => {
    const stream = await client.chat.completions.create({
      model, messages: say('[[say:Hello, world! Grüße, 世界 🎉]]'), max_tokens: 50, stream: true,
      stream_options: { include_usage: true },
    });
    const chunks = [];
    for await (const chunk of stream) {
      valid('CreateChatCompletionStreamResponse', chunk);
      chunks.push(chunk);
    }
    assert.equal(text(chunks), 'Hello, world! Grüße, 世界 🎉');
    assert.equal(chunks[0].choices[0].delta.role, 'assistant');
    assert.equal(chunks.filter((c) => c.choices[0]?.delta.role).length, 1);
    assert.deepEqual(chunks.at(-1).choices, []);
    assert.ok(chunks.at(-1).usage.completion_tokens > 0);
    assert.equal(chunks.at(-2).choices[0].finish_reason, 'stop');
    assert.equal(new Set(chunks.map((c) => c.id)).size, 1);
    assert.equal(new Set(chunks.map((c) => c.model)).size, 1);
    assert.equal(chunks[0].model, model);
  };

  checks[`${model}: chat stream without usage has none`] = async () => {
    const stream = await client.chat.completions.create({ model, messages: say('[[say:Hi]]'), stream: true });
    for await (const chunk of stream) {
      assert.ok(!('usage' in chunk), JSON.stringify(chunk));
      assert.equal(chunk.choices.length, 1);
    }
  };

  checks[`${model}: stream helper`] = async () => {
    const runner = client.chat.completions.stream({
      model, messages: say('[[say:One two three]]'), stream_options: { include_usage: true },
    });
    const final = await runner.finalChatCompletion();
    assert.equal(final.choices[0].message.content, 'One two three');
    assert.equal(final.choices[0].finish_reason, 'stop');
    assert.ok((await runner.totalUsage()).total_tokens > 0);
  };

  checks[`${model}: two choices`] = async () => {
    const answer = await client.chat.completions.create({ model, messages: say('[[say:Both]]'), n: 2 });
    valid('CreateChatCompletionResponse', answer);
    assert.deepEqual(answer.choices.map((c) => c.index), [0, 1]);
    assert.deepEqual(answer.choices.map((c) => c.message.content), ['Both', 'Both']);
  };

  checks[`${model}: two choices streamed`] = async () => {
    const runner = client.chat.completions.stream({ model, messages: say('[[say:Both of them]]'), n: 2 });
    const final = await runner.finalChatCompletion();
    assert.deepEqual(final.choices.map((c) => c.message.content), ['Both of them', 'Both of them']);
  };

  checks[`${model}: stop`] = async () => {
    const answer = await client.chat.completions.create({
      model, messages: say('[[say:one two three four]]'), stop: ['three'],
    });
    assert.equal(answer.choices[0].message.content, 'one two ');
    assert.equal(answer.choices[0].finish_reason, 'stop');
  };

  checks[`${model}: length`] = async () => {
    const answer = await client.chat.completions.create({ model, messages: say('[[tokens:40]]'), max_tokens: 5 });
    assert.equal(answer.choices[0].finish_reason, 'length');
    assert.equal(answer.usage.completion_tokens, 5);
  };

  checks[`${model}: legacy completion`] = async () => {
    const answer = await client.completions.create({ model, prompt: '[[say:Once upon a time]]', max_tokens: 20 });
    valid('CreateCompletionResponse', answer);
    assert.equal(answer.choices[0].text, 'Once upon a time');
  };

  checks[`${model}: legacy completion stream`] = async () => {
    const stream = await client.completions.create({ model, prompt: '[[say:Once upon a time]]', stream: true });
    let whole = '';
    let finish = null;
    for await (const chunk of stream) {
      whole += chunk.choices[0].text;
      finish = chunk.choices[0].finish_reason ?? finish;
    }
    assert.equal(whole, 'Once upon a time');
    assert.equal(finish, 'stop');
  };

  checks[`${model}: abort`] = async () => {
    const stream = await client.chat.completions.create({
      model, messages: say('[[tokens:2000]] [[delay:5]]'), max_tokens: 2000, stream: true,
    });
    let seen = 0;
    for await (const _ of stream) {
      if (++seen === 5) {
        stream.controller.abort();
      }
    }
    assert.ok(seen < 50, `${seen} chunks after an abort`);
  };

  checks[`${model}: error before the first token has its status`] = async () => {
    for (const stream of [false, true]) {
      await assert.rejects(
        client.chat.completions.create({ model, messages: say('[[error:broken]]'), stream }),
        (error) => error instanceof OpenAI.APIError && error.status >= 500 && typeof error.type === 'string');
    }
  };

  checks[`${model}: error in the middle of a stream is raised`] = async () => {
    const stream = await client.chat.completions.create({
      model, messages: say('[[tokens:20]] [[error-after:5]]'), max_tokens: 20, stream: true,
    });
    let seen = 0;
    await assert.rejects(async () => {
      for await (const _ of stream) {
        seen++;
      }
    }, (error) => error instanceof OpenAI.APIError);
    assert.ok(seen >= 5, `${seen} chunks before the error`);
  };
}

const call = (name, args) => `<tool_call>\n${JSON.stringify({ name, arguments: args })}\n</tool_call>`;
const functions = [
  { name: 'weather', parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] } },
  { name: 'time', parameters: { type: 'object', properties: {} } },
];
const tools = functions.map((f) => ({ type: 'function', function: f }));
const runnable = (asked) => tools.map((tool) => ({
  ...tool,
  function: {
    ...tool.function, parse: JSON.parse,
    function: (args) => (asked.push([tool.function.name, args]), `[[say:It rains in ${args.city}.]]`),
  },
}));
const report = {
  type: 'json_schema',
  json_schema: {
    name: 'report', strict: true,
    schema: {
      type: 'object', properties: { city: { type: 'string' }, rain: { type: 'boolean' } }, required: ['city', 'rain'],
      additionalProperties: false,
    },
  },
};

for (const model of ['tools', 'tools-relay']) {
  const messages = say(`Weather? [[say:I look.${call('weather', { city: 'Oslo' })}]]`);

  for (const stream of [false, true]) {
    checks[`${model}: tool round trip${stream ? ' streamed' : ''}`] = async () => {
      const asked = [];
      const runner = client.chat.completions.runTools({ model, messages, tools: runnable(asked), stream });
      assert.equal(await runner.finalContent(), 'It rains in Oslo.');
      assert.deepEqual(asked, [['weather', { city: 'Oslo' }]]);
      assert.deepEqual(runner.messages.map((m) => m.role), ['user', 'assistant', 'tool', 'assistant']);
    };
  }

  checks[`${model}: tool events of a stream`] = async () => {
    let json = '';
    const done = [];
    const stream = client.chat.completions.stream({ model, messages, tools })
      .on('chunk', (chunk) => valid('CreateChatCompletionStreamResponse', chunk))
      .on('tool_calls.function.arguments.delta', (event) => { json += event.arguments_delta; })
      .on('tool_calls.function.arguments.done', (event) => done.push(event));
    const answer = await stream.finalChatCompletion();
    valid('CreateChatCompletionResponse', answer);
    assert.equal(answer.choices[0].finish_reason, 'tool_calls');
    assert.equal(answer.choices[0].message.content, 'I look.');
    assert.deepEqual(JSON.parse(json), { city: 'Oslo' });
    assert.deepEqual(done.map((e) => [e.index, e.name]), [[0, 'weather']]);
  };

  checks[`${model}: two calls in one answer`] = async () => {
    const both = say(`[[say:${call('weather', { city: 'Oslo' })}\n${call('time', {})}]]`);
    const whole = await client.chat.completions.create({ model, messages: both, tools });
    const streamed = await client.chat.completions.stream({ model, messages: both, tools }).finalChatCompletion();
    for (const answer of [whole, streamed]) {
      valid('CreateChatCompletionResponse', answer);
      const { message, finish_reason: finish } = answer.choices[0];
      assert.equal(finish, 'tool_calls');
      assert.equal(message.content, null);
      assert.deepEqual(
        message.tool_calls.map((c) => [c.function.name, JSON.parse(c.function.arguments)]),
        [['weather', { city: 'Oslo' }], ['time', {}]]);
      assert.equal(new Set(message.tool_calls.map((c) => c.id)).size, 2);
    }
  };

  checks[`${model}: forced call`] = async () => {
    const answer = await client.chat.completions.create({
      model, messages: say('[[json:{"city":"Oslo"}]]'), tools, tool_choice: { type: 'function', function: { name: 'weather' } },
    });
    valid('CreateChatCompletionResponse', answer);
    assert.equal(answer.choices[0].message.tool_calls[0].function.arguments, '{"city":"Oslo"}');
  };

  checks[`${model}: structured output`] = async () => {
    const answer = await client.chat.completions.parse({
      model, messages: say('[[json:{"city":"Oslo","rain":true}]]'), response_format: report,
    });
    assert.deepEqual(answer.choices[0].message.parsed, { city: 'Oslo', rain: true });
  };

  checks[`${model}: structured output streamed`] = async () => {
    const answer = await client.chat.completions.stream({
      model, messages: say('[[json:{"city":"Oslo","rain":false}]]'), response_format: report,
    }).finalChatCompletion();
    assert.deepEqual(answer.choices[0].message.parsed, { city: 'Oslo', rain: false });
  };

  checks[`${model}: reasoning`] = async () => {
    const asked = say('[[say:<think>hm</think>Yes.]]');
    const answer = await client.chat.completions.create({ model, messages: asked });
    valid('CreateChatCompletionResponse', answer);
    assert.equal(answer.choices[0].message.reasoning_content, 'hm');
    assert.equal(answer.choices[0].message.content, 'Yes.');
    let thought = '';
    const stream = await client.chat.completions.create({
      model, messages: asked, stream: true, stream_options: { include_usage: true },
    });
    let usage;
    for await (const chunk of stream) {
      thought += chunk.choices[0]?.delta.reasoning_content ?? '';
      usage = chunk.usage ?? usage;
    }
    assert.equal(thought, 'hm');
    assert.equal(usage.completion_tokens_details.reasoning_tokens, 4);
  };
}

for (const model of ['bge', 'bge-relay']) {
  checks[`${model}: embeddings`] = async () => {
    // The client asks for base64 by default and turns it into numbers again.
    const answer = await client.embeddings.create({ model, input: ['alpha', 'beta', 'alpha'] });
    valid('CreateEmbeddingResponse', answer);
    assert.equal(answer.object, 'list');
    assert.deepEqual(answer.data.map((d) => d.index), [0, 1, 2]);
    assert.deepEqual(answer.data[0].embedding, answer.data[2].embedding);
    assert.notDeepEqual(answer.data[0].embedding, answer.data[1].embedding);
    const length = Math.hypot(...answer.data[0].embedding);
    assert.ok(Math.abs(length - 1) < 1e-3, `length ${length}`);
  };

  checks[`${model}: embeddings as floats equal those of base64`] = async () => {
    const floats = await client.embeddings.create({ model, input: 'alpha', encoding_format: 'float' });
    const decoded = await client.embeddings.create({ model, input: 'alpha' });
    assert.deepEqual(floats.data[0].embedding.map(Math.fround), Array.from(decoded.data[0].embedding).map(Math.fround));
  };
}

for (const model of ['whisper', 'whisper-relay']) {
  checks[`${model}: transcription`] = async () => {
    const answer = await client.audio.transcriptions.create({ model, file: await tone(), language: 'de', prompt: 'Łódź' });
    assert.match(answer.text, /2\.000 s .*440 Hz, as startoftranscript de transcribe notimestamps after "Łódź"\.$/);
    assert.deepEqual(answer.usage, { type: 'duration', seconds: 2 });
  };

  checks[`${model}: transcription as subtitles`] = async () => {
    const answer = await client.audio.transcriptions.create({
      model, file: await tone(), prompt: '[[say:Hello.]]', response_format: 'srt',
    });
    assert.equal(answer, '1\n00:00:00,000 --> 00:00:02,000\nHello.\n\n');
  };

  checks[`${model}: transcription stream`] = async () => {
    const stream = await client.audio.transcriptions.create({
      model, file: await tone(), prompt: '[[say:Hello, world!]]', stream: true,
    });
    const events = [];
    for await (const event of stream) {
      events.push(event);
    }
    assert.deepEqual(events.map((e) => e.type), ['transcript.text.delta', 'transcript.text.done']);
    assert.equal(events[0].delta, 'Hello, world!');
    assert.equal(events[1].text, 'Hello, world!');
  };

  checks[`${model}: translation`] = async () => {
    const answer = await client.audio.translations.create({ model, file: await tone() });
    assert.match(answer.text, /as startoftranscript en translate notimestamps\.$/);
  };
}

checks['models'] = async () => {
  const list = await client.models.list();
  valid('ListModelsResponse', { object: 'list', data: list.data });
  const ids = list.data.map((m) => m.id);
  assert.ok(['sim', 'relay', 'bge', 'team/model'].every((id) => ids.includes(id)), ids.join());
};

checks['model with a slash in its name'] = async () => {
  const model = await client.models.retrieve('team/model');
  valid('Model', model);
  assert.equal(model.id, 'team/model');
};

checks['unknown model'] = async () => {
  await assert.rejects(
    client.chat.completions.create({ model: 'nope', messages: say('Hi') }),
    (error) => error instanceof OpenAI.NotFoundError && error.code === 'model_not_found' && error.param === 'model');
};

checks['bad request'] = async () => {
  await assert.rejects(
    client.chat.completions.create({ model: 'sim', messages: [] }),
    (error) => error instanceof OpenAI.BadRequestError && error.param === 'messages');
};

checks['unsupported parameter'] = async () => {
  await assert.rejects(
    client.chat.completions.create({ model: 'sim', messages: say('Hi'), tools: [{ type: 'function', function: { name: 'f' } }] }),
    (error) => error instanceof OpenAI.BadRequestError && error.code === 'unsupported_parameter');
};

checks['errors fit the schema'] = async () => {
  const response = await fetch(`${process.env.ROUTER_URL}/chat/completions`, { method: 'POST', body: '{' });
  assert.equal(response.status, 400 + (response.status === 415 ? 15 : 0));
  valid('ErrorResponse', await response.json());
};

checks['request id'] = async () => {
  const { request_id: id } = await client.chat.completions.create({ model: 'sim', messages: say('[[say:Hi]]') }).withResponse();
  assert.ok(id);
};

await run(checks);

function text(chunks) {
  return chunks.map((c) => c.choices[0]?.delta.content ?? '').join('');
}

/** Checks a value against one of OpenAI's published schemas, where they are at hand. */
/** Two seconds of 440 Hz at 44.1 kHz, as a WAV file. */
function tone() {
  const rate = 44_100;
  const wave = Buffer.alloc(44 + 2 * 2 * rate);
  wave.write('RIFF', 0);
  wave.writeUInt32LE(wave.length - 8, 4);
  wave.write('WAVEfmt ', 8);
  [16, 1 + (1 << 16), rate, 2 * rate, 2 + (16 << 16)].forEach((word, i) => wave.writeUInt32LE(word, 16 + 4 * i));
  wave.write('data', 36);
  wave.writeUInt32LE(wave.length - 44, 40);
  for (let i = 0; i < 2 * rate; i++) {
    wave.writeInt16LE(Math.round(16_000 * Math.sin((2 * Math.PI * 440 * i) / rate)), 44 + 2 * i);
  }

  return toFile(wave, 'speech.wav');
}

function valid(name, value) {
  if (!schemas) {
    return;
  }

  const validate = schemas.getSchema(`https://openai.example/response-schemas.min.json#/components/schemas/${name}`);
  assert.ok(validate, `there is no schema ${name}`);
  assert.ok(validate(JSON.parse(JSON.stringify(value))), JSON.stringify(validate.errors));
}

function loadSchemas(folder) {
  if (!folder || !existsSync(folder)) {
    return null;
  }

  const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false });
  ajv.addSchema(JSON.parse(readFileSync(join(folder, 'response-schemas.min.json'), 'utf8')));
  return ajv;
}
