import { createHmac, timingSafeEqual } from "node:crypto";
import { appendFile } from "node:fs/promises";
import { createServer } from "node:http";

const key = Buffer.from(process.env.WEBHOOK_SECRET.replace("whsec_", ""), "base64");
const inbox = "inbox.txt"; // who works on it reads it here; in earnest a table of your database
const done = new Set(); // that too

function isGenuine(headers, body) {
  const { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signatures } = headers;
  if (!id || !timestamp || !signatures) return false;
  if (!(Math.abs(Date.now() / 1000 - Number(timestamp)) <= 300)) return false; // somebody sends it again
  const hash = createHmac("sha256", key).update(`${id}.${timestamp}.`).update(body);
  const expected = Buffer.from(`v1,${hash.digest("base64")}`);
  return signatures.split(" ").some((each) => {
    const signature = Buffer.from(each); // two of them while a secret is replaced
    return signature.length === expected.length && timingSafeEqual(signature, expected);
  });
}

async function takeIn(type, data) {
  let what = data.publication ?? ""; // empty for a type that we do not know yet
  if (type === "webhook.test") what = data.message;
  if (type === "request.declined") what = `${data.request} ${data.reason}`;
  await appendFile(inbox, `${type} ${what}\n`);
}

async function receive(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  const body = Buffer.concat(parts); // the bytes as they came
  if (!isGenuine(request.headers, body)) return 400;
  const id = request.headers["webhook-id"]; // the same one at every try
  if (done.has(id)) return 204;
  const { type, data } = JSON.parse(body);
  await takeIn(type, data);
  done.add(id); // only now: what failed before must come again
  return 204;
}

createServer(async (request, answer) => {
  try {
    answer.writeHead(await receive(request)).end();
  } catch (error) {
    console.error(error); // we are sent it again
    answer.writeHead(500).end();
  }
}).listen(Number(process.env.PORT), "127.0.0.1");
