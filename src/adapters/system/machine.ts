/** Who this machine is, by its own firmware. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Machine } from "../../core/readiness/types.ts";

const DMI_FOLDER = "/sys/class/dmi/id";
/** Units: characters of one value. */
const SERIAL_CHARS_MAX = 64;
const PRODUCT_CHARS_MAX = 128;

/**
 * The demo and the lab play several machines on one: there `BOUNCER_DMI` names a folder with the same
 * files. What cannot be read is left out: serial and UUID are for root only, and some have none.
 */
export async function readMachine(env: NodeJS.ProcessEnv = process.env): Promise<Machine> {
  const folder = env["BOUNCER_DMI"] || DMI_FOLDER;
  const read = async (name: string, charsMax: number): Promise<string> => {
    const text = await readFile(join(folder, name), "utf8").catch(() => "");
    return text
      .replace(/\p{Cc}|\p{Cf}/gu, "")
      .trim()
      .slice(0, charsMax);
  };
  const [serial, uuid, vendor, name] = await Promise.all([
    read("product_serial", SERIAL_CHARS_MAX),
    read("product_uuid", SERIAL_CHARS_MAX),
    read("sys_vendor", SERIAL_CHARS_MAX),
    read("product_name", SERIAL_CHARS_MAX),
  ]);
  const product = `${vendor} ${name}`.trim().slice(0, PRODUCT_CHARS_MAX);
  return {
    ...(serial === "" ? {} : { serial }),
    ...(uuid === "" ? {} : { uuid: uuid.toLowerCase() }),
    ...(product === "" ? {} : { product }),
  };
}
