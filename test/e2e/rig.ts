/** A demo cluster with consoles, and a real browser in front of it. */
import { existsSync } from "node:fs";
import { chromium, type Page } from "playwright-core";
import type { Role } from "../../src/api/access.ts";
import { type DemoCluster, openDemoCluster } from "../../src/demo/cluster.ts";
import { consoleLink } from "../../src/demo/console-link.ts";
import { openControl } from "../../src/demo/control.ts";
import { untilStatus } from "../../src/demo/follow.ts";
import { withoutMethod } from "../../src/stories/cluster-conf.ts";

export const CHROMIUM = "/usr/bin/chromium";
export const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
/** Units: ms. */
export const PATIENCE_MS = 45_000;

export interface Look {
  readonly locale?: "en-GB" | "ru-RU";
  readonly width?: number;
  readonly theme?: "dark" | "light";
  /** Which node serves the page. */
  readonly node?: number;
}

export interface Rig {
  readonly cluster: DemoCluster;
  /** A page with cookies of its own, signed in by a one-time link. */
  open(role: Role, look?: Look): Promise<Page>;
  /** What pages complained about: errors of scripts, breaches of the content policy. */
  readonly complaints: string[];
  close(): Promise<void>;
}

/** tpve03 has no fence method: a person has to end its incidents. */
export async function openRig(): Promise<Rig> {
  if (!existsSync(CHROMIUM)) throw new Error(`${CHROMIUM} is missing: apt-get install chromium`);
  const cluster = await openDemoCluster({
    kind: "story",
    nodes: 3,
    console: true,
    configuration: (base) => withoutMethod(base, "tpve03"),
  });
  const control = await openControl(cluster);
  const browser = await chromium.launch({ executablePath: CHROMIUM, headless: true, args: FLAGS });
  const complaints: string[] = [];
  await Promise.all(cluster.layout.nodes.map(({ name }) => untilAllOpen(cluster, name)));

  return {
    cluster,
    complaints,
    async open(role, { locale = "en-GB", width = 1440, theme = "dark", node = 0 } = {}) {
      const link = await consoleLink(cluster.layout.nodes[node], role);
      if (link === undefined) throw new Error("the console did not start");
      const context = await browser.newContext({
        ignoreHTTPSErrors: true,
        viewport: { width, height: width < 600 ? 844 : 900 },
        locale,
        timezoneId: "UTC",
        colorScheme: theme,
      });
      const page = await context.newPage();
      page.setDefaultTimeout(PATIENCE_MS);
      page.on("pageerror", (error) => complaints.push(error.message));
      page.on("console", (message) => {
        if (message.type() === "error" && !/net::ERR|status of 4/.test(message.text()))
          complaints.push(`${message.text()} (${message.location().url}:${message.location().lineNumber})`);
      });
      await page.goto(link);
      await page.getByTestId("age").waitFor();
      return page;
    },
    async close() {
      await browser.close();
      await control.close();
      await cluster.close();
    },
  };
}

export async function untilAllOpen(cluster: DemoCluster, name: string, members = 3): Promise<void> {
  await untilStatus({
    socket: cluster.unit(name).machine.node.socket,
    what: `${name}: storage is open`,
    holds: (status) => status.gate === "open" && status.domain.members.length === members,
    timeoutMs: PATIENCE_MS,
  });
}

/** Goes to a page without loading anything anew. */
export async function visit(page: Page, hash: string): Promise<void> {
  await page.evaluate((wanted) => {
    (globalThis as unknown as { location: { hash: string } }).location.hash = wanted;
  }, hash);
}
