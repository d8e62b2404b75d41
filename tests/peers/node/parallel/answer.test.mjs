import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { ask, startMock } from "./mock.mjs";

let mock;
before(async () => (mock = await startMock()));
after(() => mock.stop());

test("an answer comes whole", async () => {
  const { code, seen } = await ask(mock, "مرحبا بكم في همسة");
  assert.equal(code, 1000);
  assert.deepEqual([seen.at(0), seen.at(1), seen.at(-1)], ["info", "ack", "end"]);
});
