/** `npm run sim`: hunts broken promises through seeds. */
import { hunt, playOne } from "./hunt.ts";
import { readOptions, USAGE, UsageError } from "./options.ts";

try {
  const options = readOptions(process.argv.slice(2));
  const out = (line: string): void => console.log(line);
  const output = { out, progress: options.json ? (): void => {} : out };
  process.exitCode =
    options.seed === undefined ? await hunt(options, output) : playOne(options.seed, options, output);
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(`${error.message}\n${USAGE}`);
  process.exitCode = 2;
}
