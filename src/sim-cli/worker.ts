/** One of the threads that play seeds. */
import { parentPort } from "node:worker_threads";
import { type Task, work } from "./work.ts";

parentPort?.on("message", (task: Task) => parentPort?.postMessage(work(task)));
