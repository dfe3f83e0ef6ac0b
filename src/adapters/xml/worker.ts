/** The thread on which the XML library lives, as long as there is something to read. */
import { parentPort } from "node:worker_threads";
import { readTree } from "../../config/tree.ts";
import { parseAgentMetadata } from "../process/agent-metadata.ts";
import type { XmlAnswer, XmlJob } from "./protocol.ts";

function carryOut(job: XmlJob): XmlAnswer {
  switch (job.type) {
    case "config":
      return { type: "config", tree: readTree(job.bytes) };
    case "metadata":
      return { type: "metadata", metadata: parseAgentMetadata(job.text) };
  }
}

parentPort?.on("message", (job: XmlJob) => parentPort?.postMessage(carryOut(job)));
