// A sentence goes in, its audio comes out: with Node's `ws` (npm install ws).
import WebSocket from "ws";

const url = process.env.HAMSA_WS_URL ?? "ws://127.0.0.1:8765/v1/realtime/ws";
const key = process.env.HAMSA_API_KEY ?? "hamsa-test-key";
const request = { type: "tts", payload: { text: "مرحبا بكم في همسة", speaker: "Majd" } };
const socket = new WebSocket(`${url}?api_key=${key}`);
const chunks = [];
let whole = false;
let why = "";

socket.on("message", (data, isBinary) => {
  if (isBinary) return chunks.push(data);
  const { type, payload } = JSON.parse(data);
  if (type === "info") return socket.send(JSON.stringify(request));
  if (type === "error") why = payload.message;
  if (type === "end") whole = true;
  if (type === "error" || type === "end") socket.close(1000);
});
socket.on("error", (error) => (why ||= error.message));
socket.on("close", (code, reason) => {
  if (whole) return console.log(`${Buffer.concat(chunks).length} bytes of audio, 16-bit mono at 16 kHz`);
  console.error(why || `${reason}` || `closed with ${code}`);
  process.exitCode = 1;
});
