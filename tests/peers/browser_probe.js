// Appended to examples/browser_client.html by the test's server: reports what a user sees and hears whenever the state
// of the page changes. The text in the answer, if there is one, is then spoken by a press of the button.
{
  const body = document.body;
  let state;
  let sent = Promise.resolve();

  async function withAudio(report, source) {
    const wav = await (await fetch(source)).arrayBuffer();
    const { duration } = await new AudioContext().decodeAudioData(wav.slice());
    return { ...report, wav: Array.from(new Uint8Array(wav)), duration };
  }

  async function send(report, source) {
    const whole = source ? await withAudio(report, source) : report;
    const answer = await fetch("/report", { method: "POST", body: JSON.stringify(whole) });
    const next = await answer.text();
    if (next) {
      document.querySelector("textarea").value = next;
      document.querySelector("button").click();
    }
  }

  function look() {
    if (body.dataset.state === state) return;
    state = body.dataset.state;
    const log = Array.from(document.querySelectorAll("#log li"), (line) => line.textContent);
    const report = { state, status: document.querySelector("#status").textContent, log };
    const source = state === "done" ? document.querySelector("audio").src : null;
    sent = sent.then(() => send(report, source));
  }

  new MutationObserver(look).observe(body, { attributeFilter: ["data-state"] });
  look();
}
