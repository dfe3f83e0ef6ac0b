/** The languages, and the shape that each of their catalogues has. */
import type { en } from "./en.ts";

export type Language = "en" | "ru";
export type Catalogue = typeof en;
