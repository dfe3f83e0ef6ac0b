/** The pages in the order of the menu. */
export interface PageEntry {
  readonly page: "overview" | "node" | "incidents" | "demo";
  readonly item?: string;
  readonly only?: "demo" | "admin";
}

export const PAGES: readonly PageEntry[] = [
  { page: "overview" },
  { page: "node" },
  { page: "incidents" },
  { page: "demo", only: "demo" },
];
