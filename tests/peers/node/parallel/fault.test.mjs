import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { admin, ask, startMock } from "./mock.mjs";

let mock;
before(async () => (mock = await startMock()));
after(() => mock.stop());

test("a client meets a fault, and the journal says so", async () => {
  await admin(mock, "POST", "/faults", "close(4003) after chunk 1");
  assert.equal((await ask(mock, "مرحبا بكم في همسة")).code, 4003);
  const judged = await admin(mock, "POST", "/verify", { query: { event: "tts", exactly: 1 } });
  assert.equal(judged.verdict, "satisfied", judged.text);
});
