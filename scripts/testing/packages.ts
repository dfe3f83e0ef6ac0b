/** The Debian packages that the lab and the tests of real devices need, and how they get here. */
import { spawnSync } from "node:child_process";
import { existsSync, rmSync, writeFileSync } from "node:fs";

/** Each with what it is for. The client libraries of Corosync come with `corosync`. */
export const DEBIAN_PACKAGES = {
  corosync: "the group engine and its libraries (libcpg, libvotequorum, libquorum, libcmap, libcfg)",
  "fence-agents": "the agents that a real cluster uses, fence_ipmilan first of all",
  openipmi: "ipmi_sim, the BMC that the lab plugs into each node",
  ipmitool: "what fence_ipmilan calls",
  "gnutls-bin": "gnutls-cli, through which Debian's fence_ilo speaks",
  snmp: "snmpget and snmpset, which the power switch agents call",
  snmpd: "a power switch that we did not write; only ever started by a test, on loopback",
  "openssh-server": "sshd, a login that we did not write; only ever started by a test, on loopback",
  "qemu-system-x86": "a virtual machine that we did not write, for fence_qmp; only ever started by a test",
  "sg3-utils": "what fence_scsi calls",
  iproute2: "network namespaces, links and bridges",
  lvm2: "the LVM commands, whose lock daemon bouncerd replaces",
  "lvm2-lockd": "lvmlockctl, which asks the lock daemon of LVM",
  mount: "private mounts for each node",
  chromium: "the browser that looks at the console",
  procps: "ps and pgrep",
  "util-linux": "unshare, nsenter, setsid, flock",
} as const;

/** Asked by Debian's packages before they start a service. Source: invoke-rc.d(8). */
const POLICY = "/usr/sbin/policy-rc.d";
/** How long another apt may keep its locks. Units: ms. */
const APT_LOCK_WAIT_MS = 5 * 60_000;
const APT_RETRY_MS = 5_000;
const APT_RUN_MS = 10 * 60_000;

export type PackagesEnd = { readonly ok: true } | { readonly ok: false; readonly why: string };

/** Installs what is missing and says which. Needs root; tries nothing on another distribution. */
export async function ensurePackages(): Promise<PackagesEnd> {
  if (!existsSync("/etc/debian_version") || !existsSync("/usr/bin/apt-get")) {
    return { ok: false, why: "this is no Debian; the lab is made for Debian's packages" };
  }
  const missing = missingPackages();
  if (missing.length === 0) return { ok: true };
  console.log(`installing Debian packages that the lab needs: ${missing.join(", ")}`);
  const install = ["install", "-y", "--no-install-recommends", ...missing];
  const allowServices = forbidServices();
  let end = hasCandidates(missing) ? await aptGet(install) : { ok: false, output: "" };
  if (!end.ok) {
    // Either the lists were never fetched, or they name files that the mirror no longer has.
    const update = await aptGet(["update", "-q"]);
    end = update.ok ? await aptGet(install) : update;
  }
  allowServices();
  if (end.ok) return { ok: true };
  const why = `apt-get could not install ${missing.join(", ")}`;
  return { ok: false, why: `${why}: ${end.output.trim().split("\n").slice(-3).join(" / ")}` };
}

/**
 * Some of the packages bring services (corosync, snmpd), which Debian starts at once: here only tests
 * may. A policy that is there already stays.
 */
function forbidServices(): () => void {
  if (existsSync(POLICY)) return () => {};
  writeFileSync(POLICY, "#!/bin/sh\nexit 101\n", { mode: 0o755 });
  return () => rmSync(POLICY, { force: true });
}

export function missingPackages(): string[] {
  return Object.keys(DEBIAN_PACKAGES).filter((name) => {
    const query = spawnSync("dpkg-query", ["--status", name], { encoding: "utf8" });
    return !/^Status: install ok installed$/m.test(query.stdout ?? "");
  });
}

function hasCandidates(names: readonly string[]): boolean {
  return names.every((name) => {
    const policy = spawnSync("apt-cache", ["policy", name], { encoding: "utf8", env: apt() });
    return /Candidate: (?!\(none\))/.test(policy.stdout);
  });
}

/** Waits for apt's locks up to the bound: DPkg's own timeout does not cover the lock of the lists. */
async function aptGet(args: readonly string[]): Promise<{ readonly ok: boolean; readonly output: string }> {
  const until = Date.now() + APT_LOCK_WAIT_MS;
  const options = ["-o", `DPkg::Lock::Timeout=${APT_LOCK_WAIT_MS / 1_000}`];
  for (;;) {
    const run = spawnSync("apt-get", [...options, ...args], {
      encoding: "utf8",
      timeout: APT_RUN_MS,
      env: apt(),
      maxBuffer: 64 * 1024 * 1024,
    });
    const output = `${run.stdout}${run.stderr}`;
    if (run.status === 0) return { ok: true, output };
    if (!/Could not get lock|Unable to lock/.test(output) || Date.now() > until) return { ok: false, output };
    console.log("another apt is at work; waiting for it ...");
    await new Promise((resolve) => setTimeout(resolve, APT_RETRY_MS));
  }
}

function apt(): NodeJS.ProcessEnv {
  return { ...process.env, DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C" };
}
