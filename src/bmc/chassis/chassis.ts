/** The machine behind a controller: a power supply that takes its time, and an operating system. */

export type ChassisPower = "on" | "off" | "powering-on" | "powering-off";

export interface ChassisOptions {
  readonly power?: "on" | "off";
  /** Units: ms between an order and its effect. */
  readonly offMs?: number;
  readonly onMs?: number;
  /** Called when the power has changed; for whoever runs a process as the machine. */
  readonly onChange?: (power: "on" | "off") => void;
}

export interface Chassis {
  readonly power: ChassisPower;
  /** How often the power went off, and on: by whatever order. */
  readonly offCount: number;
  readonly onCount: number;
  /** `hung`: a button that is pressed and let go does nothing. `stuck`: no order does anything. */
  health: "well" | "hung" | "stuck";
  /** Shape: a new order overrules one that still works. */
  turn(to: "on" | "off"): void;
  /** A button pressed shortly: on when off; asks the operating system when on. */
  press(): void;
  close(): void;
}

export function createChassis(options: ChassisOptions = {}): Chassis {
  const { offMs = 0, onMs = 0, onChange } = options;
  let power: ChassisPower = options.power ?? "on";
  let timer: NodeJS.Timeout | undefined;
  const counts = { off: 0, on: 0 };

  function reach(to: "on" | "off"): void {
    timer = undefined;
    power = to;
    counts[to] += 1;
    onChange?.(to);
  }

  const chassis: Chassis = {
    health: "well",
    get power() {
      return power;
    },
    get offCount() {
      return counts.off;
    },
    get onCount() {
      return counts.on;
    },
    turn(to) {
      const changing = to === "off" ? "powering-off" : "powering-on";
      if (chassis.health === "stuck" || power === to || power === changing) return;
      clearTimeout(timer);
      const ms = to === "off" ? offMs : onMs;
      if (ms === 0) return reach(to);
      power = changing;
      timer = setTimeout(() => reach(to), ms);
    },
    press() {
      if (power === "off" || power === "powering-off") chassis.turn("on");
      else if (chassis.health === "well") chassis.turn("off");
    },
    close: () => clearTimeout(timer),
  };
  return chassis;
}
