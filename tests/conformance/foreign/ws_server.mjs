// A Hamsa server with Node's `ws`, right unless it is told to make a mistake; without the REST routes. It prints its port
// and serves until it is ended: node ws_server.mjs [--mistake NAME] [--requests NUMBER]
//
// Written from the documents by itself, without the code of the servers in Python.
import { createRequire } from "node:module";
import { createServer } from "node:http";
import { parseArgs } from "node:util";

// `ws` lies with the clients that the tests run in Node.
const { WebSocketServer } = createRequire(new URL("../../peers/node/", import.meta.url))("ws");

const MISTAKES = {
  "json-as-binary": "messages are sent as a Buffer, and so as binary ones",
  "base64-audio": "audio comes as text, in Base64",
  "unknown-type-ignored": "messages of an unknown type are ignored",
  "utf16-counted": "the limit of the text is counted in the units of JavaScript's strings",
  "unclean-close": "wrong keys are dropped without a close frame",
  "ends-early": "a text is only acknowledged and ended, its audio is lost",
  "error-ends-connection": "the connection is closed behind an error",
  "type-not-named": "the error of an unknown type does not say which",
};
const text = { type: "string" };
const { mistake, requests } = parseArgs({ options: { mistake: text, requests: { ...text, default: "100" } } }).values;
if (mistake !== undefined && !(mistake in MISTAKES)) throw new Error(`no mistake ${mistake}`);

const PING_MS = 30_000;
const IDLE_MS = 3_600_000;
const WINDOW_MS = 60_000;
const CUSTOM_VOICE = "5b0f7c1e-9d5b-4a55-8a3c-0f2d8f6f2a11";
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const NO_FUNDS = "Insufficient funds in wallet";
const MALFORMED = "Invalid message format: missing type or payload";

const REFUSALS = {
  "foreign-inactive-user": [4001, "User account is inactive or not found"],
  "foreign-inactive-project": [4001, "Project is inactive or not found"],
  "foreign-no-funds": [4003, NO_FUNDS],
  "foreign-internal-error": [4500, "Internal authentication error"],
};
const ACCEPTED = ["foreign-valid", "foreign-nearly-broke", "foreign-rate-limited"];

function refusalOf(key) {
  if (!key) return [4001, "Missing API key in headers or query parameters"];
  if (empty.has(key)) return REFUSALS["foreign-no-funds"];
  if (ACCEPTED.includes(key)) return undefined;
  return REFUSALS[key] ?? [4001, "API key is invalid or expired"];
}

class Wrong extends Error {}

const made = new Map();
const empty = new Set();

function count(key) {
  const since = Date.now() - WINDOW_MS;
  const recent = (made.get(key) ?? []).filter((at) => at > since);
  if (recent.length >= Number(requests) || key === "foreign-rate-limited") {
    throw new Wrong("Rate limit exceeded for this API key");
  }
  made.set(key, [...recent, Date.now()]);
}

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const isText = (value, otherwise) => typeof (value === undefined ? otherwise : value) === "string";
const isSwitch = (value) => value === undefined || typeof value === "boolean";

function requestOf(data, isBinary) {
  let content;
  try {
    content = isBinary ? undefined : JSON.parse(data.toString());
  } catch {
    throw new Wrong(MALFORMED);
  }
  if (!isObject(content) || typeof content.type !== "string" || (content.payload ?? null) === null) {
    throw new Wrong(MALFORMED);
  }
  if (content.type === "tts") return speechOf(content.payload);
  if (content.type === "stt") return recordingOf(content.payload);
  throw new Wrong(`Unsupported message type: ${mistake === "type-not-named" ? "[type]" : content.type}`);
}

function speechOf(payload) {
  const { text, speaker, dialect, languageId, mulaw } = isObject(payload) ? payload : {};
  const length = isText(text) && mistake !== "utf16-counted" ? [...text].length : (text?.length ?? 0);
  const right = isText(text) && length > 0 && length <= 2000 && isText(speaker) && speaker !== "";
  if (!right || !isText(dialect, "") || !isText(languageId, "ar") || !isSwitch(mulaw)) {
    throw new Wrong("Invalid payload for message type: tts");
  }
  if (UUID.test(speaker) && speaker.toLowerCase() !== CUSTOM_VOICE) throw new Wrong("Voice not owned by user");
  return { text, length, speaker, mulaw };
}

function recordingOf(payload) {
  const { audioBase64, audioList, language, isEosEnabled, eosThreshold = 0.3 } = isObject(payload) ? payload : {};
  const inFile = typeof audioBase64 === "string" && audioBase64 !== "" && audioList === undefined;
  const inList = Array.isArray(audioList) && audioList.length > 0 && audioBase64 === undefined;
  const threshold = typeof eosThreshold === "number" && eosThreshold >= 0 && eosThreshold <= 1;
  const samples = !inList || audioList.every((sample) => typeof sample === "number");
  if (!(inFile || inList) || !threshold || !samples || !isText(language, "ar") || !isSwitch(isEosEnabled)) {
    throw new Wrong("Invalid payload for message type: stt");
  }
  if (inList) return { silent: audioList.every((sample) => sample === 0) };
  const file = Buffer.from(audioBase64, "base64");
  if (file.toString("latin1", 0, 4) !== "RIFF") {
    throw new Wrong("Error generating transcription: Audio format not supported");
  }
  return { silent: file.subarray(44).every((byte) => byte === 0) };
}

// A tone that swells and fades, 90 ms a character, at the pitch of the speaker: 16-bit PCM at 16 kHz, or mu-law at 8 kHz.
function spoken({ length, speaker, mulaw }) {
  const rate = mulaw ? 8000 : 16000;
  const pitch = 160 + (Buffer.from(speaker).reduce((sum, byte) => sum * 31 + byte) % 240);
  const samples = Math.floor(length * 0.09 * rate);
  const audio = Buffer.alloc(mulaw ? samples : samples * 2);
  for (let at = 0; at < samples; at += 1) {
    const swell = Math.abs(Math.sin((Math.PI * 4 * at) / rate));
    const sample = Math.round(9000 * swell * Math.sin((2 * Math.PI * pitch * at) / rate));
    if (mulaw) audio[at] = mulawOf(sample);
    else audio.writeInt16LE(sample, at * 2);
  }
  return audio;
}

function mulawOf(sample) {
  const level = Math.min(Math.abs(sample), 32635) + 132;
  const exponent = 24 - Math.clz32(level);
  return ~((sample < 0 ? 0x80 : 0) | (exponent << 4) | ((level >> (exponent + 3)) & 0x0f)) & 0xff;
}

function chunksOf(audio) {
  const size = Math.min(Math.ceil(audio.length / 12) * 2, 64_000);
  const starts = Array.from({ length: Math.ceil(audio.length / size) }, (_, number) => number * size);
  return starts.map((start) => audio.subarray(start, start + size));
}

function say(socket, type, message) {
  const text = JSON.stringify({ type, payload: { message } });
  socket.send(mistake === "json-as-binary" ? Buffer.from(text) : text);
}

function turnAway(socket, [code, text]) {
  say(socket, "error", text);
  if (mistake === "unclean-close") setTimeout(() => socket.terminate(), 50);
  else socket.close(code, text);
}

function answer(socket, key, data, isBinary) {
  const request = requestOf(data, isBinary);
  count(key);
  if (request.text === undefined) {
    socket.send(request.silent ? "" : "مرحبا بك في خدمة همسة");
    return;
  }
  say(socket, "ack", "Real time text to speach connection establesh");
  for (const chunk of mistake === "ends-early" ? [] : chunksOf(spoken(request))) {
    if (mistake === "base64-audio") socket.send(chunk.toString("base64"));
    else socket.send(chunk);
  }
  say(socket, "end", "End of TTS stream");
}

function converse(socket, request) {
  const key = new URL(request.url, "http://here").searchParams.get("api_key") ?? request.headers["x-api-key"];
  const refusal = refusalOf(key);
  socket.on("error", () => socket.close());
  if (refusal !== undefined) {
    turnAway(socket, refusal);
    return;
  }
  say(socket, "info", "Connected to realtime WebSocket server");
  const pings = setInterval(() => socket.ping(), PING_MS);
  const idle = setTimeout(() => socket.close(1000, "Connection closed due to inactivity (60 min timeout)"), IDLE_MS);
  socket.on("close", () => {
    clearInterval(pings);
    clearTimeout(idle);
  });
  socket.on("message", (data, isBinary) => {
    idle.refresh();
    if (empty.has(key)) {
      turnAway(socket, refusalOf(key));
      return;
    }
    try {
      answer(socket, key, data, isBinary);
      if (key === "foreign-nearly-broke") empty.add(key);
    } catch (error) {
      if (!(error instanceof Wrong)) throw error;
      if (mistake === "unknown-type-ignored" && error.message.startsWith("Unsupported")) return;
      say(socket, "error", error.message);
      if (mistake === "error-ends-connection") socket.close(1000);
    }
  });
}

const http = createServer((request, response) => {
  response.writeHead(404).end();
});
new WebSocketServer({ server: http, path: "/v1/realtime/ws" }).on("connection", converse);
http.listen(0, "127.0.0.1", () => console.log(http.address().port));
