/** A power switch as the drivers of the frame see it: outlets that are read, told, and read again. */
import { type Power, problem, type Result, success } from "../frame/agent.ts";
import type { PlugEntry, PowerDevice } from "../frame/device.ts";
import type { Row, Snmp, Value } from "./client.ts";
import type { Outlet, PduFamily, PduModel } from "./model.ts";

const SYS_OBJECT_ID = "1.3.6.1.2.1.1.2.0";
/** Rows of a table that are looked at: a chain of four units with 48 outlets each. */
const ROWS_MAX = 192;

interface Located extends Outlet {
  readonly model: PduModel;
}

export function createPdu(snmp: Snmp, family: PduFamily): PowerDevice {
  const located = new Map<string, Located>();
  let candidates: readonly PduModel[] | undefined;

  async function models(): Promise<Result<readonly PduModel[]>> {
    if (candidates !== undefined) return success(candidates);
    const id = await snmp.get(SYS_OBJECT_ID);
    if (!id.ok && id.problem.kind !== "missing") return id;
    const known = id.ok && typeof id.value === "string" ? family.models[id.value] : undefined;
    const found = known ?? family.otherwise;
    if (found.length === 0) {
      const said = id.ok ? `says that it is ${String(id.value)}` : "does not say what it is";
      return problem("unsupported", `${snmp.device} is no ${family.about}: it ${said}`);
    }
    candidates = found;
    return success(found);
  }

  /** Which outlet is meant, in which tree. Where a tree does not have it, the next one is tried. */
  async function locate(plug: string): Promise<Result<Located>> {
    const known = located.get(plug);
    if (known !== undefined) return success(known);
    const all = await models();
    if (!all.ok) return all;
    let last: Result<Located> = problem("missing", `${snmp.device} has no outlet ${plug}`);
    for (const model of all.value) {
      const outlet = await outletOf(plug, model);
      if (!outlet.ok && outlet.problem.kind !== "missing") return outlet;
      last = outlet.ok ? await present({ ...outlet.value, model }, plug) : outlet;
      if (last.ok) located.set(plug, last.value);
      if (last.ok || last.problem.kind !== "missing") return last;
    }
    return last;
  }

  async function present(one: Located, plug: string): Promise<Result<Located>> {
    const state = await snmp.get(one.model.status(one));
    if (state.ok) return success(one);
    return state.problem.kind === "missing"
      ? problem("missing", `${snmp.device} (${one.model.name}) has no outlet ${plug}`)
      : state;
  }

  async function outletOf(plug: string, model: PduModel): Promise<Result<Outlet>> {
    const [, unit = "1", outlet] = /^(?:(\d{1,3}):)?(\d{1,4})$/.exec(plug) ?? [];
    if (outlet !== undefined) {
      if (Number(outlet) === 0) return problem("missing", "outlets are counted from 1");
      if (Number(unit) !== 1 && !model.hasUnits) {
        return problem("missing", `${snmp.device} (${model.name}) is one unit: it has no outlet ${plug}`);
      }
      return success({ unit: Number(unit), outlet: Number(outlet) });
    }
    if (model.rows === "number") {
      return problem("missing", `outlets of ${model.name} have numbers, and ${plug} is none`);
    }
    const rows = await snmp.walk(model.table, ROWS_MAX);
    if (!rows.ok) return rows;
    const same = rows.value.filter(({ value }) => value === plug);
    if (same.length > 1)
      return problem("usage", `${same.length} outlets have the name ${plug}: give a number`);
    const found = same[0] === undefined ? undefined : rowOutlet(model, same[0]);
    return found === undefined
      ? problem("missing", `${snmp.device} (${model.name}) has no outlet with the name ${plug}`)
      : success(found);
  }

  async function list(): Promise<Result<readonly PlugEntry[]>> {
    const all = await models();
    if (!all.ok) return all;
    for (const model of all.value) {
      const rows = await snmp.walk(model.table, ROWS_MAX);
      if (!rows.ok) return rows;
      const entries: PlugEntry[] = [];
      for (const row of rows.value) {
        const outlet = rowOutlet(model, row);
        if (outlet === undefined) continue;
        const state = await snmp.get(model.status(outlet));
        if (!state.ok) return state;
        const plug = model.hasUnits ? `${outlet.unit}:${outlet.outlet}` : String(outlet.outlet);
        const alias = model.rows === "text" ? printable(row.value) : plug;
        entries.push({ plug, alias, power: powerOf(model, state.value) });
      }
      if (entries.length > 0) return success(entries);
    }
    return problem("missing", `${snmp.device} has no outlets that can be switched`);
  }

  return {
    async power(plug) {
      const one = await locate(plug);
      if (!one.ok) return one;
      const state = await snmp.get(one.value.model.status(one.value));
      return state.ok ? success(powerOf(one.value.model, state.value)) : state;
    },
    async set(plug, to) {
      const one = await locate(plug);
      if (!one.ok) return one;
      const { model } = one.value;
      const told = await snmp.setInteger(model.control(one.value), model.commands[to]);
      // It could be read: what is "not there" for a set only may not be written.
      return !told.ok && told.problem.kind === "missing"
        ? problem("privilege", `${told.problem.detail}: this account may read, and not write`)
        : told;
    },
    list,
    async close() {
      snmp.close();
    },
  };
}

function powerOf({ states }: PduModel, value: Value): Power {
  if (value === states.on) return "on";
  return value === states.off ? "off" : "unknown";
}

function rowOutlet(model: PduModel, { oid, value }: Row): Outlet | undefined {
  const index = oid
    .slice(model.table.length + 1)
    .split(".")
    .map(Number);
  return model.outletOf(index, value);
}

function printable(value: Value): string {
  return String(value ?? "").replace(/[^\x20-\x7e]/g, "?");
}
