// Typed attribute values as text.

import type { Attribute, TypedValue } from "../api/types";

/** One line for a value of any type; what arrays and maps hold is written out. */
export function valueText({ type, value }: TypedValue): string {
  if (Array.isArray(value)) {
    const parts = value.map((item) => (isAttribute(item) && type === "map" ? `${item.key}: ` : "") + valueText(item));
    return type === "map" ? `{${parts.join(", ")}}` : `[${parts.join(", ")}]`;
  }
  if (type === "empty" || value === null || value === undefined) return "";
  return String(value);
}

export function isAttribute(value: TypedValue | Attribute): value is Attribute {
  return "key" in value;
}
