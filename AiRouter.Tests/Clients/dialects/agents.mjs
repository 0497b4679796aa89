// Drives a running AiRouter with OpenAI's Agents SDK, which speaks the Responses API by default, one line of JSON per check
// (../runner.mjs). AgentsClientTests.cs starts the servers and reads the lines.
//
// Environment: ROUTER_URL (ends with /v1). Models of the router, with tools and reasoning: "tools" (Triton), "tools-relay" (the same
// through an OpenAI-compatible backend without a Responses API). The router keeps responses.
import { Agent, OpenAIProvider, Runner, tool } from '@openai/agents';
import assert from 'node:assert/strict';
import OpenAI from 'openai';
import { z } from 'zod';
import { run } from '../runner.mjs';

const openAIClient = new OpenAI({ baseURL: process.env.ROUTER_URL, apiKey: 'sk-test', maxRetries: 0, timeout: 20_000 });
const runner = new Runner({ modelProvider: new OpenAIProvider({ openAIClient }), tracingDisabled: true });

const call = (name, args) => `<tool_call>\n${JSON.stringify({ name, arguments: args })}\n</tool_call>`;
const asksForWeather = `Weather? [[say:I look.${call('weather', { city: 'Oslo' })}]]`;
const asksForHandoff = `Weather? [[say:${call('transfer_to_clerk', {})}]]`;
const weather = tool({
  name: 'weather', description: 'The weather of a city.', parameters: z.object({ city: z.string() }),
  execute: ({ city }) => `[[say:It rains in ${city}.]]`,
});
const kinds = (result) => result.newItems.map((item) => item.type);
const checks = {};

for (const model of ['tools', 'tools-relay']) {
  const agent = new Agent({ name: 'forecaster', instructions: 'Be brief.', model, tools: [weather] });

  checks[`${model}: agent`] = async () => {
    const result = await runner.run(agent, '[[say:<think>hm</think>Grüße, 世界]]');
    assert.equal(result.finalOutput, 'Grüße, 世界');
    assert.deepEqual(kinds(result), ['reasoning_item', 'message_output_item']);
    const { usage } = result.state;
    assert.ok(usage.inputTokens > 0 && usage.totalTokens === usage.inputTokens + usage.outputTokens);
  };

  checks[`${model}: agent with a function tool`] = async () => {
    const result = await runner.run(agent, asksForWeather);
    assert.equal(result.finalOutput, 'It rains in Oslo.');
    assert.deepEqual(kinds(result), ['message_output_item', 'tool_call_item', 'tool_call_output_item', 'message_output_item']);
  };

  checks[`${model}: agent streamed with a function tool`] = async () => {
    const result = await runner.run(agent, asksForWeather, { stream: true });
    let text = '';
    for await (const piece of result.toTextStream()) {
      text += piece;
    }
    await result.completed;
    assert.equal(text, 'I look.It rains in Oslo.');
    assert.equal(result.finalOutput, 'It rains in Oslo.');
  };

  for (const stream of [false, true]) {
    checks[`${model}: handoff${stream ? ' streamed' : ''}`] = async () => {
      // The clerk reads what comes last, which is the handoff: its instructions are all that it answers to.
      const clerk = new Agent({ name: 'clerk', instructions: 'You are the clerk.', model });
      const desk = new Agent({ name: 'desk', instructions: 'Hand over.', model, handoffs: [clerk] });
      const result = await runner.run(desk, asksForHandoff, { stream });
      await result.completed;
      assert.equal(result.lastAgent.name, 'clerk');
      assert.ok(result.finalOutput.length > 0);
      assert.ok(kinds(result).includes('handoff_output_item'), kinds(result).join());
    };
  }

  checks[`${model}: agent with a typed output`] = async () => {
    const reporter = new Agent({ name: 'reporter', model, outputType: z.object({ city: z.string(), rain: z.boolean() }) });
    const result = await runner.run(reporter, '[[json:{"city":"Oslo","rain":true}]]');
    assert.deepEqual(result.finalOutput, { city: 'Oslo', rain: true });
  };

  checks[`${model}: agent goes on from a kept response`] = async () => {
    const first = await runner.run(agent, 'My name is Ada. [[say:Hello, Ada.]]');
    const second = await runner.run(agent, '[[say:Again.]]', { previousResponseId: first.lastResponseId });
    assert.equal(second.finalOutput, 'Again.');
    assert.ok(second.state.usage.inputTokens > first.state.usage.inputTokens);
  };
}

await run(checks);
