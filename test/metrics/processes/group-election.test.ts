import { createServer } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { elect } from "../../../src/metrics/processes/group-election.js";
import { openGroupFolder } from "../../../src/metrics/processes/group-folder.js";
import { temporaryFolder } from "./fakes.js";

it("steps back where another hub turns out to listen further on", async () => {
  const folder = openGroupFolder("n-test", temporaryFolder());
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(folder.address(5), resolve));
  onTestFinished(() => void other.close());
  // As if the look before was slow, and the other was elected meanwhile.
  let looks = 0;
  const elected = await elect({ ...folder, newest: () => (looks++ === 0 ? 0 : folder.newest()) });
  onTestFinished(() => void ("socket" in elected && elected.socket.destroy()));
  expect(elected).toMatchObject({ address: folder.address(5) });
});

it("takes a place that none before had, also after a hub that closed in order", async () => {
  const folder = openGroupFolder("n-test", temporaryFolder());
  for (const place of [1, 2, 3]) {
    const elected = await elect(folder);
    expect(elected).toMatchObject({ place });
    expect(folder.isCurrent(place)).toBe(true);
    if ("server" in elected) await new Promise((resolve) => elected.server.close(resolve));
    expect(folder.isCurrent(place)).toBe(false);
  }
});
