// One realtime session through a running AiRouter with OpenAI's own client for Node, which connects to wss: only and puts its key into
// the subprotocol. Prints the events that it got, and how the socket was closed, one line of JSON each; NodeRealtimeTests.cs reads them.
//
// Environment: ROUTER_URL (https, ends with /v1), ROUTER_KEY, NODE_EXTRA_CA_CERTS. Node 20 wants --experimental-websocket.
import OpenAI from 'openai';
import { OpenAIRealtimeWebSocket } from 'openai/realtime/websocket';

const client = new OpenAI({ baseURL: process.env.ROUTER_URL, apiKey: process.env.ROUTER_KEY, organization: 'org-1' });
const session = new OpenAIRealtimeWebSocket({ model: 'public-model' }, client);
const print = (line) => console.log(JSON.stringify(line));

session.on('event', (event) => {
  print(event);
  if (event.type === 'session.created') {
    session.send({ type: 'session.update', session: { type: 'realtime', model: 'public-model', instructions: 'Be brief.' } });
  } else if (event.type === 'session.updated') {
    session.send({ type: 'response.create' });
  } else if (event.type === 'response.done') {
    session.close({ code: 1000, reason: 'OK' });
  }
});
session.on('error', (error) => {
  print({ type: 'failure', message: String(error.message) });
  process.exit(1);
});
session.socket.addEventListener('close', (close) => {
  print({ type: 'closed', code: close.code, protocol: session.socket.protocol });
});
