// A mock of its own for each test file: node's runner gives every file a process, and runs them at the same time.
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

import WebSocket from "ws";

const command = process.env.HAMSA_MOCK_COMMAND ?? "hamsa-mock";

export async function startMock(...flags) {
  const folder = await mkdtemp(join(tmpdir(), "hamsa-mock-"));
  const ready = join(folder, "ready.json");
  const [program, ...first] = command.split(" ");
  const serve = ["serve", "--port", "0", "--profile", "instant", "--quiet", "--ready-file", ready, ...flags];
  const mock = spawn(program, [...first, ...serve], { stdio: ["ignore", "inherit", "inherit"] });
  const ended = new Promise((resolve) => mock.once("exit", resolve));
  while (mock.exitCode === null) {
    const text = await readFile(ready, "utf8").catch(() => "");
    if (text) {
      const stop = async () => {
        mock.kill();
        await ended;
        await rm(folder, { recursive: true });
      };
      return { ...JSON.parse(text), stop };
    }
    await wait(10);
  }
  throw new Error(`the mock ended with ${mock.exitCode}`);
}

export async function admin(mock, method, path, body) {
  const answer = await fetch(mock.admin_url + path, { method, body: body && JSON.stringify(body) });
  if (!answer.ok) throw new Error((await answer.json()).message);
  return answer.status === 204 ? undefined : answer.json();
}

// Ask for speech; the types of all that comes, and the close code.
export function ask(mock, text) {
  return new Promise((resolve) => {
    const socket = new WebSocket(`${mock.ws_url}?api_key=${mock.keys[0]}`);
    const seen = [];
    socket.on("message", (data, isBinary) => {
      const type = isBinary ? "chunk" : JSON.parse(data).type;
      seen.push(type);
      if (type === "info") socket.send(JSON.stringify({ type: "tts", payload: { text, speaker: "Majd" } }));
      if (type === "end") socket.close(1000);
    });
    socket.on("close", (code) => resolve({ code, seen }));
  });
}
