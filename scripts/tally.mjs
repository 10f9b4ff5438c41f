/**
 * What vitest's JSON reporter writes, as far as it is read here.
 *
 * @typedef {object} Report
 * @property {boolean} success
 * @property {number} numPassedTests
 * @property {number} numFailedTests
 * @property {number} numPendingTests
 * @property {number} numTodoTests
 * @property {{ status: string, assertionResults: { status: string }[] }[]} testResults
 *
 * @typedef {{ passed: number, failed: number }} Tally
 */

/** @param {Report["testResults"][number]} file */
function brokeOutsideTests(file) {
  return file.status === "failed" && !file.assertionResults.some((test) => test.status === "failed");
}

/**
 * Counts one run of vitest. A test that was skipped, a file that could not be loaded, an error outside
 * any test and a report that was never written are failures too.
 *
 * @param {Report | undefined} report
 * @param {boolean} exitedWell
 * @returns {Tally}
 */
export function tally(report, exitedWell) {
  if (!report) return { passed: 0, failed: 1 };
  const broken = report.testResults.filter(brokeOutsideTests).length;
  const failed = report.numFailedTests + report.numPendingTests + report.numTodoTests + broken;
  const passed = report.numPassedTests;
  const unwell = !exitedWell || !report.success || passed === 0;
  return { passed, failed: failed === 0 && unwell ? 1 : failed };
}

/** @param {Tally[]} tallies @returns {Tally} */
export function sum(tallies) {
  return tallies.reduce((a, b) => ({ passed: a.passed + b.passed, failed: a.failed + b.failed }), {
    passed: 0,
    failed: 0,
  });
}

/** The last line of `npm test`. @param {Tally} tally */
export function verdict({ passed, failed }) {
  return `telltale: ${passed} passed, ${failed} failed`;
}
