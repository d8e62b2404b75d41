// A client with Node's `ws` that prints what it sees, one JSON object a line. Started by test_node_client.py.
//
// Standard input is its job: {"url", "options" of the WebSocket, "requests", "stays"}. It sends the requests one after
// the other, each when the one before has been answered, and then closes, unless it stays till the server does.
import { readFileSync } from "node:fs";
import WebSocket from "ws";

const { url, options, requests, stays } = JSON.parse(readFileSync(0, "utf8"));
const socket = new WebSocket(url, options);
const tell = (event) => console.log(JSON.stringify(event));

function sendNext() {
  if (requests.length > 0) socket.send(requests.shift());
  else if (!stays) socket.close(1000);
}

socket.on("upgrade", (response) => tell({ event: "upgrade", headers: response.headers }));
socket.on("open", () => {
  tell({ event: "open", extensions: socket.extensions });
  sendNext();
});
socket.on("message", (data, isBinary) => {
  // Text, too, comes as a Buffer: only isBinary tells it from audio.
  tell({ event: "message", isBinary, isBuffer: Buffer.isBuffer(data), base64: data.toString("base64") });
  if (isBinary) return;
  const { type } = JSON.parse(data);
  if (type === "end" || type === "error") sendNext();
});
socket.on("close", (code, reason) => tell({ event: "close", code, reason: reason.toString() }));
socket.on("error", (error) => tell({ event: "error", message: error.message }));
