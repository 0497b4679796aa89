// Responses over a WebSocket through a running AiRouter, with OpenAI's own client for Node. Prints the events that it got, and how the
// socket was closed, one line of JSON each; NodeTurnTests.cs reads them.
//
// Environment: ROUTER_URL (ends with /v1), ROUTER_KEY.
import OpenAI from 'openai';
import { ResponsesWS } from 'openai/resources/responses/ws';

const client = new OpenAI({ baseURL: process.env.ROUTER_URL, apiKey: process.env.ROUTER_KEY });
const socket = new ResponsesWS(client);
const print = (line) => console.log(JSON.stringify(line));

// Asked in turn: one response that goes on from the one before, and one of a model that is not there.
const asked = [
  (previous) => ({ model: 'public-model', input: 'And then?', previous_response_id: previous }),
  () => ({ model: 'unheard-of', input: 'Hi' }),
];

socket.on('response.created', print);
socket.on('response.output_text.delta', print);
socket.on('response.completed', (event) => {
  print(event);
  socket.send({ type: 'response.create', ...asked.shift()(event.response.id) });
});
socket.on('error', (error) => {
  print({ type: 'error', status: error.error?.status, code: error.error?.error?.code, message: String(error.message) });
  socket.close();
});
socket.socket.on('close', (code) => print({ type: 'closed', code }));
socket.send({ type: 'response.create', model: 'public-model', input: 'Hi' });
