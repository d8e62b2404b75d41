// A sentence goes in, its audio comes out: with Node's `ws` (npm install ws).
import WebSocket from "ws";

const url = process.env.HAMSA_WS_URL ?? "ws://127.0.0.1:8765/v1/realtime/ws";
const key = process.env.HAMSA_API_KEY ?? "hamsa-test-key";
const socket = new WebSocket(`${url}?api_key=${key}`);
const chunks = [];

socket.on("open", () => {
  const request = { type: "tts", payload: { text: "مرحبا بكم في همسة", speaker: "Majd" } };
  socket.send(JSON.stringify(request));
});
socket.on("message", (data, isBinary) => {
  if (isBinary) return chunks.push(data);
  const { type, payload } = JSON.parse(data);
  if (type === "error") console.error(payload.message);
  if (type === "end") console.log(`${Buffer.concat(chunks).length} bytes of audio, 16-bit mono at 16 kHz`);
  if (type === "error" || type === "end") socket.close();
});
socket.on("error", (error) => console.error(error.message));
