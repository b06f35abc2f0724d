import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";

const key = Buffer.from(process.env.WEBHOOK_SECRET.replace("whsec_", ""), "base64");
const seen = new Set(); // keep it in your database

function isGenuine(headers, body) {
  const { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signatures } = headers;
  if (!id || Math.abs(Date.now() / 1000 - Number(timestamp)) > 300) return false; // somebody sends it again
  const hash = createHmac("sha256", key).update(`${id}.${timestamp}.`).update(body);
  const expected = Buffer.from(`v1,${hash.digest("base64")}`);
  return signatures.split(" ").some((each) => {
    const signature = Buffer.from(each); // two of them while a secret is replaced
    return signature.length === expected.length && timingSafeEqual(signature, expected);
  });
}

createServer(async (request, answer) => {
  const parts = [];
  for await (const part of request) parts.push(part);
  const body = Buffer.concat(parts); // the bytes as they came
  if (!isGenuine(request.headers, body)) return answer.writeHead(401).end();
  if (!seen.has(request.headers["webhook-id"])) { // the same id at every try
    seen.add(request.headers["webhook-id"]);
    const { type, data } = JSON.parse(body);
    console.log(type, data.claim, data.version);
  }
  answer.writeHead(204).end(); // answer soon; do what takes long afterwards
}).listen(Number(process.env.PORT), "127.0.0.1");
