// Drives a running AiRouter in front of a server that speaks Anthropic's Messages with Anthropic's own client, and prints one line of JSON
// per check, as suite.mjs does. MessagesClientTests.cs plays the server: it refuses requests that have lost something on the way.
//
// Environment: ROUTER_URL (ends with /v1). Its model is "claude".
import Anthropic from '@anthropic-ai/sdk';
import assert from 'node:assert/strict';

const anthropic = new Anthropic({ baseURL: process.env.ROUTER_URL.replace(/\/v1$/, ''), apiKey: 'sk-test', maxRetries: 0, timeout: 20_000 });
const model = 'claude';
const system = [{ type: 'text', text: 'Be brief.', cache_control: { type: 'ephemeral' } }];
const thinking = { type: 'enabled', budget_tokens: 1024 };
const ask = { model, max_tokens: 2000, system, thinking, messages: [{ role: 'user', content: 'Think.' }] };
const usage = { input_tokens: 10, cache_creation_input_tokens: 2, cache_read_input_tokens: 3, output_tokens: 15 };
const checks = {};

const matches = (message) => {
  assert.equal(message.model, model);
  assert.equal(message.stop_reason, 'end_turn');
  assert.deepEqual(message.content[0], { type: 'thinking', thinking: 'Hm, hm.', signature: 'c2lnbmF0dXJl' });
  assert.equal(message.content.at(-1).text, 'Grüße, 世界 🎉');
  for (const [name, tokens] of Object.entries(usage)) {
    assert.equal(message.usage[name], tokens, name);
  }
};

checks['signature and cache survive'] = async () => {
  const message = await anthropic.messages.create(ask);
  matches(message);
  assert.match(message._request_id, /^req_/);
};

checks['signature and cache survive a stream'] = async () => {
  const types = [];
  const stream = anthropic.messages.stream(ask).on('streamEvent', (event) => types.push(event.type));
  matches(await stream.finalMessage());
  assert.match(stream.request_id, /^req_/);
  assert.deepEqual([types[0], types.at(-2), types.at(-1)], ['message_start', 'message_delta', 'message_stop']);
};

for (const streamed of [false, true]) {
  checks[`signature goes back with the next turn${streamed ? ', streamed' : ''}`] = async () => {
    const send = (request) => streamed ? anthropic.messages.stream(request).finalMessage() : anthropic.messages.create(request);
    const first = await send(ask);
    const second = await send({ ...ask, messages: [...ask.messages, { role: 'assistant', content: first.content }, { role: 'user', content: 'Again.' }] });
    assert.equal(second.content[0].text, 'I remember.');
  };
}

checks['version and what is tried out reach the server'] = async () => {
  const message = await anthropic.beta.messages.create({
    model, max_tokens: 50, betas: ['context-1m-2025-08-07'], messages: [{ role: 'user', content: 'Which betas?' }],
  });
  assert.match(message.content[0].text, /^context-1m-2025-08-07 of 20\d\d-\d\d-\d\d$/);
};

checks['tools of the server run there'] = async () => {
  const message = await anthropic.messages.create({
    model, max_tokens: 50, tools: [{ type: 'web_search_20250305', name: 'web_search' }], messages: [{ role: 'user', content: 'Search.' }],
  });
  assert.deepEqual(message.content.map((b) => b.type), ['server_tool_use', 'web_search_tool_result', 'text']);
  assert.equal(message.content[2].citations[0].type, 'web_search_result_location');
};

checks['tokens are counted there'] = async () => {
  assert.equal((await anthropic.messages.countTokens({ model, messages: [{ role: 'user', content: 'Hi' }] })).input_tokens, 42);
};

checks['errors are raised with the id'] = async () => {
  await assert.rejects(
    anthropic.messages.create({ model, max_tokens: 50, messages: [{ role: 'user', content: 'Fail.' }] }),
    (error) => error instanceof Anthropic.InternalServerError && error.status === 529 && error.error.error.type === 'overloaded_error' &&
      /^req_/.test(error.requestID));
};

checks['an error in the middle of a stream is raised'] = async () => {
  const stream = anthropic.messages.stream({ model, max_tokens: 50, messages: [{ role: 'user', content: 'Break.' }] });
  let text = '';
  stream.on('text', (piece) => { text += piece; });
  await assert.rejects(stream.finalMessage());
  assert.equal(text, 'Hel');
};

for (const [name, check] of Object.entries(checks)) {
  try {
    await check();
    console.log(JSON.stringify({ name, ok: true }));
  } catch (error) {
    console.log(JSON.stringify({ name, ok: false, error: String(error?.stack ?? error) }));
  }
}
