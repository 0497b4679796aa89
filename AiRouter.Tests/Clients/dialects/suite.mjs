// Drives a running AiRouter with clients that speak other dialects than chat completions, one line of JSON per check (../runner.mjs).
// DialectClientTests.cs starts the servers and reads the lines.
//
// Environment: ROUTER_URL (ends with /v1). Models of the router, with tools and reasoning: "tools" (Triton), "tools-relay" (the same
// through an OpenAI-compatible backend without a Responses API).
import Anthropic from '@anthropic-ai/sdk';
import { createOpenAI } from '@ai-sdk/openai';
import { ChatOpenAI } from '@langchain/openai';
import { generateObject, generateText, stepCountIs, streamText, tool } from 'ai';
import assert from 'node:assert/strict';
import OpenAI from 'openai';
import { z } from 'zod';
import { run } from '../runner.mjs';

// Its warnings would stand among the lines of the checks.
globalThis.AI_SDK_LOG_WARNINGS = false;

const url = process.env.ROUTER_URL;
const openai = new OpenAI({ baseURL: url, apiKey: 'sk-test', maxRetries: 0, timeout: 20_000 });
const anthropic = new Anthropic({ baseURL: url.replace(/\/v1$/, ''), apiKey: 'sk-test', maxRetries: 0, timeout: 20_000 });
const provider = createOpenAI({ baseURL: url, apiKey: 'sk-test' });

const call = (name, args) => `<tool_call>\n${JSON.stringify({ name, arguments: args })}\n</tool_call>`;
const parameters = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
const asksForWeather = `Weather? [[say:I look.${call('weather', { city: 'Oslo' })}]]`;
const report = { type: 'object', properties: { city: { type: 'string' }, rain: { type: 'boolean' } }, required: ['city', 'rain'], additionalProperties: false };
const checks = {};

for (const model of ['tools', 'tools-relay']) {
  const weather = { type: 'function', name: 'weather', parameters, strict: false };

  checks[`${model}: responses`] = async () => {
    const response = await openai.responses.create({ model, input: '[[say:Grüße, 世界 🎉]]', instructions: 'Be brief.' });
    assert.equal(response.output_text, 'Grüße, 世界 🎉');
    assert.equal(response.status, 'completed');
    assert.equal(response.model, model);
    assert.equal(response.usage.total_tokens, response.usage.input_tokens + response.usage.output_tokens);
  };

  checks[`${model}: responses stream helper`] = async () => {
    const types = [];
    const stream = openai.responses.stream({ model, input: `[[say:<think>hm</think>Yes, it does.]]` });
    for await (const event of stream) {
      types.push(event.type);
    }
    const response = await stream.finalResponse();
    assert.equal(response.output_text, 'Yes, it does.');
    assert.deepEqual(response.output.map((i) => i.type), ['reasoning', 'message']);
    assert.deepEqual([types[0], types[1], types.at(-1)], ['response.created', 'response.in_progress', 'response.completed']);
  };

  checks[`${model}: responses tool round trip`] = async () => {
    const input = [{ role: 'user', content: asksForWeather }];
    const first = await openai.responses.create({ model, input, tools: [weather] });
    const asked = first.output.find((i) => i.type === 'function_call');
    assert.equal(asked.name, 'weather');
    assert.deepEqual(JSON.parse(asked.arguments), { city: 'Oslo' });
    input.push(...first.output, { type: 'function_call_output', call_id: asked.call_id, output: '[[say:It rains in Oslo.]]' });
    const second = await openai.responses.create({ model, input, tools: [weather] });
    assert.equal(second.output_text, 'It rains in Oslo.');
  };

  checks[`${model}: responses structured output`] = async () => {
    const response = await openai.responses.parse({
      model, input: '[[json:{"city":"Oslo","rain":true}]]',
      text: { format: { type: 'json_schema', name: 'report', strict: true, schema: report } },
    });
    assert.deepEqual(JSON.parse(response.output_text), { city: 'Oslo', rain: true });
  };

  checks[`${model}: responses cut by the token limit are incomplete`] = async () => {
    const response = await openai.responses.create({ model, input: '[[tokens:50]]', max_output_tokens: 16 });
    assert.equal(response.status, 'incomplete');
    assert.equal(response.incomplete_details.reason, 'max_output_tokens');
  };

  checks[`${model}: responses error in the middle of a stream is raised`] = async () => {
    const stream = await openai.responses.create({ model, input: '[[tokens:20]] [[error-after:5]]', stream: true });
    const types = [];
    let error = null;
    try {
      for await (const event of stream) {
        types.push(event.type);
      }
    } catch (raised) {
      error = raised;
    }
    assert.ok(error !== null || types.includes('response.failed') || types.includes('error'), types.join());
    assert.ok(!types.includes('response.completed'));
  };

  checks[`${model}: AI SDK text`] = async () => {
    const { text, usage } = await generateText({ model: provider(model), prompt: '[[say:Hello, world!]]' });
    assert.equal(text, 'Hello, world!');
    assert.ok(usage.totalTokens > 0);
  };

  checks[`${model}: AI SDK stream`] = async () => {
    const result = streamText({ model: provider(model), prompt: '[[say:One two three]]', onError() {} });
    let text = '';
    for await (const piece of result.textStream) {
      text += piece;
    }
    assert.equal(text, 'One two three');
    assert.equal(await result.finishReason, 'stop');
  };

  checks[`${model}: AI SDK tools`] = async () => {
    const { text, steps } = await generateText({
      model: provider(model), prompt: asksForWeather, stopWhen: stepCountIs(2),
      tools: { weather: tool({ inputSchema: z.object({ city: z.string() }), execute: ({ city }) => `[[say:It rains in ${city}.]]` }) },
      providerOptions: { openai: { store: false } },
    });
    assert.equal(steps.length, 2);
    assert.equal(text, 'It rains in Oslo.');
  };

  checks[`${model}: AI SDK object`] = async () => {
    const { object } = await generateObject({
      model: provider(model), prompt: '[[json:{"city":"Oslo","rain":false}]]', schema: z.object({ city: z.string(), rain: z.boolean() }),
    });
    assert.deepEqual(object, { city: 'Oslo', rain: false });
  };

  checks[`${model}: LangChain over responses`] = async () => {
    const chat = new ChatOpenAI({ model, apiKey: 'sk-test', configuration: { baseURL: url }, useResponsesApi: true, maxRetries: 0 });
    assert.equal((await chat.invoke('[[say:Hello, world!]]')).text, 'Hello, world!');
    let text = '';
    for await (const piece of await chat.stream('[[say:One two three]]')) {
      text += piece.text;
    }
    assert.equal(text, 'One two three');
  };

  const thinks = `[[say:<think>Let me see.</think>Yes, it does.]]`;
  const summarized = { openai: { store: false, forceReasoning: true, reasoningSummary: 'auto' } };

  checks[`${model}: reasoning is the summary of those who ask for one`] = async () => {
    const types = [];
    const stream = openai.responses.stream({ model, input: thinks, reasoning: { summary: 'auto' } });
    for await (const event of stream) {
      types.push(event.type);
    }
    const response = await stream.finalResponse();
    assert.deepEqual(response.output[0].summary, [{ type: 'summary_text', text: 'Let me see.' }]);
    const ofReasoning = [...new Set(types.filter((t) => t.includes('reasoning')))];
    assert.deepEqual(ofReasoning, [
      'response.reasoning_summary_part.added', 'response.reasoning_summary_text.delta', 'response.reasoning_summary_text.done',
      'response.reasoning_summary_part.done',
    ]);
  };

  checks[`${model}: AI SDK reads reasoning`] = async () => {
    const whole = await generateText({ model: provider(model), prompt: thinks, providerOptions: summarized });
    assert.equal(whole.reasoningText, 'Let me see.');
    assert.equal(whole.text, 'Yes, it does.');
    const streamed = streamText({ model: provider(model), prompt: thinks, providerOptions: summarized, onError() {} });
    assert.equal(await streamed.reasoningText, 'Let me see.');
    assert.equal(await streamed.text, 'Yes, it does.');
  };

  checks[`${model}: AI SDK sends reasoning back`] = async () => {
    const thinksAndCalls = `Weather? [[say:<think>Oslo, then.</think>${call('weather', { city: 'Oslo' })}]]`;
    const { text, steps } = await generateText({
      model: provider(model), prompt: thinksAndCalls, stopWhen: stepCountIs(2), providerOptions: summarized,
      tools: { weather: tool({ inputSchema: z.object({ city: z.string() }), execute: ({ city }) => `[[say:It rains in ${city}.]]` }) },
    });
    assert.equal(text, 'It rains in Oslo.');
    assert.equal(steps[0].reasoningText, 'Oslo, then.');
    const sent = steps[1].request.body;
    const items = (typeof sent === 'string' ? JSON.parse(sent) : sent).input;
    assert.deepEqual(items.find((i) => i.type === 'reasoning').summary, [{ type: 'summary_text', text: 'Oslo, then.' }]);
  };

  checks[`${model}: LangChain reads reasoning`] = async () => {
    const chat = new ChatOpenAI({
      model, apiKey: 'sk-test', configuration: { baseURL: url }, useResponsesApi: true, maxRetries: 0,
      modelKwargs: { reasoning: { summary: 'auto' } },
    });
    const whole = await chat.invoke(thinks);
    assert.equal(whole.additional_kwargs.reasoning.summary.map((s) => s.text).join(''), 'Let me see.');
    let streamed = null;
    for await (const piece of await chat.stream(thinks)) {
      streamed = streamed === null ? piece : streamed.concat(piece);
    }
    assert.equal(streamed.additional_kwargs.reasoning.summary.map((s) => s.text).join(''), 'Let me see.');
    assert.equal((await chat.invoke([['user', 'Hi'], whole, ['user', '[[say:Again.]]']])).text, 'Again.');
  };

  checks[`${model}: Anthropic message`] = async () => {
    const message = await anthropic.messages.create({
      model, max_tokens: 100, system: 'Be brief.', messages: [{ role: 'user', content: '[[say:Grüße, 世界 🎉]]' }],
    });
    assert.deepEqual(message.content.map((b) => [b.type, b.text]), [['text', 'Grüße, 世界 🎉']]);
    assert.equal(message.stop_reason, 'end_turn');
    assert.ok(message.usage.input_tokens > 0 && message.usage.output_tokens > 0);
  };

  checks[`${model}: Anthropic stream helper`] = async () => {
    const message = await anthropic.messages.stream({
      model, max_tokens: 100, messages: [{ role: 'user', content: '[[say:<think>hm</think>Yes, it does.]]' }],
    }).finalMessage();
    assert.deepEqual(message.content.map((b) => b.type), ['thinking', 'text']);
    assert.equal(message.content[1].text, 'Yes, it does.');
    assert.equal(message.stop_reason, 'end_turn');
  };

  for (const streamed of [false, true]) {
    checks[`${model}: Anthropic tool round trip${streamed ? ' streamed' : ''}`] = async () => {
      const tools = [{ name: 'weather', input_schema: parameters }];
      const messages = [{ role: 'user', content: asksForWeather }];
      const ask = () => streamed
        ? anthropic.messages.stream({ model, max_tokens: 200, messages, tools }).finalMessage()
        : anthropic.messages.create({ model, max_tokens: 200, messages, tools });
      const first = await ask();
      assert.equal(first.stop_reason, 'tool_use');
      const asked = first.content.find((b) => b.type === 'tool_use');
      assert.deepEqual([asked.name, asked.input], ['weather', { city: 'Oslo' }]);
      messages.push(
        { role: 'assistant', content: first.content },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: asked.id, content: '[[say:It rains in Oslo.]]' }] });
      const second = await ask();
      assert.equal(second.content.at(-1).text, 'It rains in Oslo.');
    };
  }

  checks[`${model}: Anthropic cut by the token limit`] = async () => {
    const message = await anthropic.messages.create({ model, max_tokens: 5, messages: [{ role: 'user', content: '[[tokens:50]]' }] });
    assert.equal(message.stop_reason, 'max_tokens');
  };

  checks[`${model}: Anthropic error in the middle of a stream is raised`] = async () => {
    await assert.rejects(
      anthropic.messages.stream({ model, max_tokens: 50, messages: [{ role: 'user', content: '[[tokens:20]] [[error-after:5]]' }] }).finalMessage());
  };
}

checks['responses go on from one that is kept'] = async () => {
  const first = await openai.responses.create({ model: 'tools', input: 'My name is Ada. [[say:Hello, Ada.]]' });
  assert.equal(first.store, true);
  const second = await openai.responses.create({ model: 'tools', input: '[[say:Again.]]', previous_response_id: first.id });
  assert.ok(second.usage.input_tokens > first.usage.input_tokens);
  assert.equal((await openai.responses.retrieve(second.id)).output_text ?? 'Again.', 'Again.');
  const items = await openai.responses.inputItems.list(second.id, { order: 'asc' });
  assert.deepEqual(items.data.map((i) => i.role), ['user', 'assistant', 'user']);
  await openai.responses.delete(second.id);
  await assert.rejects(openai.responses.retrieve(second.id), (error) => error.status === 404);
};

checks['AI SDK names what it was answered'] = async () => {
  const { text, steps } = await generateText({
    model: provider('tools'), prompt: asksForWeather, stopWhen: stepCountIs(2),
    tools: { weather: tool({ inputSchema: z.object({ city: z.string() }), execute: ({ city }) => `[[say:It rains in ${city}.]]` }) },
  });
  assert.equal(steps.length, 2);
  assert.equal(text, 'It rains in Oslo.');
  assert.ok(JSON.stringify(steps[1].request.body).includes('item_reference'));
};

checks['responses with a tool of OpenAI\'s own are refused by name'] = async () => {
  await assert.rejects(
    openai.responses.create({ model: 'tools', input: 'Hi', tools: [{ type: 'web_search' }] }),
    (error) => error instanceof OpenAI.BadRequestError && error.message.includes('web_search'));
};

checks['tokens of responses'] = async () => {
  const { input_tokens: tokens } = await openai.responses.inputTokens.count({ model: 'tools', input: 'Hello there' });
  assert.ok(tokens > 2);
};

checks['tokens of Anthropic messages'] = async () => {
  const { input_tokens: tokens } = await anthropic.messages.countTokens({ model: 'tools', messages: [{ role: 'user', content: 'Hello there' }] });
  assert.ok(tokens > 2);
};

checks['Anthropic errors have their type'] = async () => {
  await assert.rejects(
    anthropic.messages.create({ model: 'nobody', max_tokens: 5, messages: [{ role: 'user', content: 'Hi' }] }),
    (error) => error instanceof Anthropic.NotFoundError && error.error?.error?.type === 'not_found_error');
  await assert.rejects(
    anthropic.messages.create({ model: 'tools', max_tokens: 5, messages: [] }),
    (error) => error instanceof Anthropic.BadRequestError && error.error?.error?.type === 'invalid_request_error');
};

await run(checks);
