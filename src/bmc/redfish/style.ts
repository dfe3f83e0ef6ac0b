/** Which controller is played. Source: recorded answers and issues of the vendors' services. */

export interface RedfishStyle {
  readonly manufacturer: string;
  readonly model: string;
  /** Ids of the systems that are listed, in that order. */
  readonly systems: readonly string[];
  /** Which of them is the machine; the others are always on and refuse every order. */
  readonly machine: string;
  /** `slash`: paths end in one, and those without are led on. */
  readonly paths: "slash" | "plain";
  /** `PoweringOff` and `PoweringOn` while it takes its time; others say the old state till the end. */
  readonly changing: "shown" | "hidden";
  /** The status of an order that was accepted. */
  readonly accepted: 200 | 202 | 204;
  /** What is said to an order for a state that there is already, or that cannot be now. */
  readonly refusal: { readonly status: 400 | 409; readonly id: string; readonly message: string };
  readonly resetTypes: readonly string[];
  /** Where the types are listed: in the action, in a resource of their own, or nowhere. */
  readonly listed: "inline" | "action-info" | "nowhere";
  readonly serial: string;
  readonly uuid: string;
}

const HOST = { serial: "CZ29160B7T", uuid: "36383350-3033-5a43-3239-313630423754" } as const;
const TYPES = ["On", "ForceOff", "GracefulShutdown", "ForceRestart", "Nmi", "PushPowerButton"] as const;
const WRONG_STATE = "The operation was not successful due to the current power state.";

export const REDFISH_STYLES: Readonly<
  Record<"ilo5" | "idrac9" | "openbmc" | "supermicro" | "multi", RedfishStyle>
> = {
  ilo5: {
    ...HOST,
    manufacturer: "HPE",
    model: "ProLiant DL360 Gen10",
    systems: ["1"],
    machine: "1",
    paths: "slash",
    changing: "hidden",
    accepted: 200,
    refusal: { status: 400, id: "iLO.2.14.InvalidOperationForSystemState", message: WRONG_STATE },
    resetTypes: TYPES,
    listed: "inline",
  },
  idrac9: {
    ...HOST,
    manufacturer: "Dell Inc.",
    model: "PowerEdge R740",
    systems: ["System.Embedded.1"],
    machine: "System.Embedded.1",
    paths: "plain",
    changing: "hidden",
    accepted: 204,
    refusal: {
      status: 409,
      id: "IDRAC.2.8.PSU501",
      message: "Server is already in the requested power state.",
    },
    resetTypes: TYPES,
    listed: "inline",
  },
  openbmc: {
    ...HOST,
    manufacturer: "OpenBMC",
    model: "Witherspoon",
    systems: ["system"],
    machine: "system",
    paths: "plain",
    changing: "shown",
    accepted: 204,
    refusal: { status: 400, id: "Base.1.8.1.ResourceInUse", message: "The resource is being changed." },
    resetTypes: TYPES,
    listed: "action-info",
  },
  supermicro: {
    ...HOST,
    manufacturer: "Supermicro",
    model: "SYS-1029P",
    systems: ["1"],
    machine: "1",
    paths: "plain",
    changing: "hidden",
    accepted: 202,
    refusal: { status: 400, id: "Base.1.4.PropertyValueNotInList", message: WRONG_STATE },
    resetTypes: [...TYPES, "ForceOn"],
    listed: "nowhere",
  },
  multi: {
    ...HOST,
    manufacturer: "NVIDIA",
    model: "GB200",
    systems: ["System_0", "HGX_Baseboard_0"],
    machine: "System_0",
    paths: "plain",
    changing: "shown",
    accepted: 204,
    refusal: { status: 409, id: "Base.1.15.0.OperationNotAllowed", message: WRONG_STATE },
    resetTypes: TYPES,
    listed: "inline",
  },
};

export type RedfishStyleName = keyof typeof REDFISH_STYLES;
