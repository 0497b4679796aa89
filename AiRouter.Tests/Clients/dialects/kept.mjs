// Drives a running AiRouter that keeps responses with OpenAI's client: conversations, and responses in the background, one line of JSON
// per check (../runner.mjs). KeptClientTests.cs starts the servers and reads the lines.
//
// Environment: ROUTER_URL (ends with /v1). Model of the router: "tools" (Triton).
import assert from 'node:assert/strict';
import OpenAI from 'openai';
import { run } from '../runner.mjs';

const openai = new OpenAI({ baseURL: process.env.ROUTER_URL, apiKey: 'sk-test', maxRetries: 0, timeout: 20_000 });
const model = 'tools';
const checks = {};

const untilOver = async (id, also = []) => {
  const deadline = Date.now() + 20_000;
  while (Date.now() < deadline) {
    const response = await openai.responses.retrieve(id);
    if (!['queued', 'in_progress'].includes(response.status) || also.includes(response.status)) {
      return response;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`${id} does not end`);
};

checks['conversation with its items'] = async () => {
  const { id } = await openai.conversations.create({ metadata: { topic: 'names' }, items: [{ role: 'user', content: 'My name is Ada.' }] });
  assert.equal((await openai.conversations.retrieve(id)).metadata.topic, 'names');
  assert.equal((await openai.conversations.update(id, { metadata: { topic: 'people' } })).metadata.topic, 'people');
  const added = await openai.conversations.items.create(id, { items: [{ role: 'user', content: 'Who am I?' }, { role: 'assistant', content: 'Ada.' }] });
  assert.equal(added.data.length, 2);
  const texts = [];
  for await (const item of openai.conversations.items.list(id, { order: 'asc', limit: 1 })) {
    texts.push(item.content[0].text);
  }
  assert.deepEqual(texts, ['My name is Ada.', 'Who am I?', 'Ada.']);
  const item = await openai.conversations.items.retrieve(added.data[0].id, { conversation_id: id });
  assert.equal(item.role, 'user');
  assert.equal((await openai.conversations.items.delete(item.id, { conversation_id: id })).id, id);
  assert.equal((await openai.conversations.delete(id)).deleted, true);
  await assert.rejects(openai.conversations.retrieve(id), OpenAI.NotFoundError);
};

checks['responses in a conversation'] = async () => {
  const { id } = await openai.conversations.create();
  const first = await openai.responses.create({ model, conversation: id, input: '[[say:Hello, Ada.]]' });
  assert.equal(first.conversation.id, id);
  const stream = openai.responses.stream({ model, conversation: { id }, input: '[[say:Again.]]' });
  assert.equal((await stream.finalResponse()).output_text, 'Again.');
  const items = (await openai.conversations.items.list(id, { order: 'asc' })).data;
  assert.deepEqual(items.map((i) => i.content[0].text), ['[[say:Hello, Ada.]]', 'Hello, Ada.', '[[say:Again.]]', 'Again.']);
};

checks['response in the background'] = async () => {
  const queued = await openai.responses.create({ model, background: true, input: '[[say:Done.]]' });
  assert.equal(queued.status, 'queued');
  const done = await untilOver(queued.id);
  assert.deepEqual([done.id, done.status, done.background], [queued.id, 'completed', true]);
  assert.equal(done.output_text, 'Done.');
};

checks['response in the background is cancelled'] = async () => {
  const { id } = await openai.responses.create({ model, background: true, input: '[[hang]]' });
  await untilOver(id, ['in_progress']);
  assert.equal((await openai.responses.cancel(id)).status, 'cancelled');
  assert.equal((await openai.responses.cancel(id)).status, 'cancelled');
  assert.equal((await openai.responses.retrieve(id)).status, 'cancelled');
};

checks['response in the background fails'] = async () => {
  const { id } = await openai.responses.create({ model, background: true, input: '[[error]]' });
  const failed = await untilOver(id);
  assert.equal(failed.status, 'failed');
  assert.equal(failed.error.code, 'server_error');
};

await run(checks);
