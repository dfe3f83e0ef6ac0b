/** Files that ipmi_sim reads. Source: ipmi_lan(5), ipmi_sim_cmd(5). */
import type { NodeName } from "../../core/ids.ts";
import { guidOf } from "../node/firmware.ts";

export interface LanOptions {
  readonly name: string;
  /** The machine that it belongs to. */
  readonly machine: NodeName;
  readonly address: string;
  readonly port: number;
  readonly login: string;
  readonly password: string;
  /** Shell command that reads and switches the machine's power. */
  readonly chassis: string;
}

export function lanConf(options: LanOptions): string {
  return `name "${options.name}"
set_working_mc 0x20
  startlan 1
    addr ${options.address} ${options.port}
    priv_limit admin
    allowed_auths_callback md5
    allowed_auths_user md5
    allowed_auths_operator md5
    allowed_auths_admin md5
    guid ${guidOf(options.machine)}
  endlan
  chassis_control "${options.chassis}"
  user 1 false "" "" user 10 md5
  user 2 true "${options.login}" "${options.password}" admin 10 md5
`;
}

/** A controller without sensors: enough for its chassis commands. */
export const BMC_EMU = `mc_setbmc 0x20
mc_add 0x20 0 no-device-sdrs 0x23 9 8 0x9f 0x1291 0xf02
sel_enable 0x20 1000 0x0a
mc_enable 0x20
`;
