// Variants of a benchmark, a process each, all alive at once and asked in turn, round after round: noise of the machine
// falls on all of them alike.
import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** Starts `script` once for each variant; it sends "ready" first. */
export async function launch(script, variants, execArgv = []) {
  const launched = [];
  for (const variant of variants) {
    const child = fork(fileURLToPath(script), [variant], { execArgv });
    await once(child, "message");
    launched.push({ variant, ask: (question) => ask(child, question), stop: () => child.kill() });
  }
  return launched;
}

async function ask(child, question) {
  child.send(question);
  const [answer] = await once(child, "message");
  return answer;
}

/** Asks every variant `rounds` times in turn; the answers by variant, the first `warmUp` left out. */
export async function interleave(launched, { question, rounds, warmUp = 1 }) {
  const answers = Object.fromEntries(launched.map(({ variant }) => [variant, []]));
  for (let round = 0; round < rounds + warmUp; round++) {
    for (const { variant, ask } of launched) {
      const answer = await ask(question);
      if (round >= warmUp) answers[variant].push(answer);
    }
  }
  return answers;
}

/** The middle one of some numbers. */
export function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

/** What the lowest tenth of some numbers stays below: what a busy machine disturbs least. */
export function lowestTenth(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 10)];
}
