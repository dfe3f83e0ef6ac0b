/** The pages in the order of the menu. */
export interface PageEntry {
  readonly page:
    | "overview"
    | "node"
    | "incidents"
    | "devices"
    | "configuration"
    | "simulator"
    | "access"
    | "demo";
  readonly item?: string;
  readonly only?: "demo" | "admin";
}

export const PAGES: readonly PageEntry[] = [
  { page: "overview" },
  { page: "node" },
  { page: "incidents" },
  { page: "devices" },
  { page: "configuration" },
  { page: "simulator" },
  { page: "access", only: "admin" },
  { page: "demo", only: "demo" },
];
