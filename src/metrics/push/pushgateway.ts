import type { SeriesLabels } from "../families/series.js";
import { groupingPath } from "./grouping-path.js";
import { pack } from "./pack.js";
import { seriesText } from "./series-text.js";
import type { PushJob, PushProtocol, PushRequest, PushSettings } from "./types.js";
import { judgeStatus } from "./verdict.js";

const HEADERS = { "content-type": "text/plain; version=0.0.4; charset=utf-8" };

/**
 * A Pushgateway, in the text format. One request holds everything: a group is replaced as a whole.
 *
 * @see https://github.com/prometheus/pushgateway#api
 */
export function createPushgateway(settings: PushSettings): PushProtocol {
  const { job, instance, grouping, method } = settings;
  const group: SeriesLabels = { job, ...(instance === undefined ? {} : { instance }), ...grouping };
  const url = new URL(settings.url);
  url.pathname = url.pathname.replace(/\/+$/, "") + groupingPath(Object.entries(group));

  async function* requests({ batches }: PushJob): AsyncGenerator<PushRequest> {
    const parts: Buffer[] = [];
    let described: string | undefined;
    let count = 0;
    for await (const { family, series } of batches) {
      const isDescribed = described === family.name;
      if (series.length > 0) parts.push(Buffer.from(seriesText(family, series, { group, isDescribed })));
      if (series.length > 0) described = family.name;
      count += series.length;
    }
    const packed = await pack(Buffer.concat(parts), HEADERS, settings.gzip);
    yield { method, url, series: count, ...packed };
  }

  return {
    requests,
    *farewell() {
      if (settings.deleteOnClose) yield deletion();
    },
    deletion,
    judge: (answer) => judgeStatus(answer, (status) => status === 429 || status >= 500),
  };

  function deletion(): PushRequest {
    return { method: "DELETE", url, headers: {}, body: Buffer.alloc(0), series: 0 };
  }
}
