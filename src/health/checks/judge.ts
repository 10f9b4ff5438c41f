import type { CheckWord, HealthWord } from "../types.js";
import type { Outcome } from "./answer.js";

/** Turns the outcomes of a check into its word. */
export interface Judge {
  /** `unknown` before the first outcome. */
  word(): CheckWord;
  /** Failures in a row. */
  failures(): number;
  /** True while a failure is being watched: it fails, or has not yet passed often enough. */
  isFailing(): boolean;
  add(outcome: Outcome): void;
}

/** How often counts. */
export interface JudgeParts {
  readonly failureThreshold: number;
  readonly successThreshold: number;
  /** True: even a check that has never passed must fail `failureThreshold` times; else it is down at once. */
  readonly patient: boolean;
}

/** Makes a judge that has heard nothing. */
export function createJudge({ failureThreshold, successThreshold, patient }: JudgeParts): Judge {
  let word: CheckWord = "unknown";
  let failures = 0;
  let successes = 0;
  let hasPassed = patient;

  function fail(): HealthWord {
    failures++;
    successes = 0;
    return word === "unhealthy" || !hasPassed || failures >= failureThreshold ? "unhealthy" : "degraded";
  }

  function pass(status: HealthWord): HealthWord {
    failures = 0;
    successes++;
    if (word === "unhealthy" && successes < successThreshold) return word;
    hasPassed = true;
    return status;
  }

  return {
    word: () => word,
    failures: () => failures,
    isFailing: () => failures > 0 || word === "unhealthy",
    add({ status }) {
      word = status === "unhealthy" ? fail() : pass(status);
    },
  };
}
