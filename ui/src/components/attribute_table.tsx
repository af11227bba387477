import { useState } from "preact/hooks";
import type { Attribute } from "../api/types";
import { valueText } from "../model/attributes";
import { Name } from "./name";

/** Keys, types and values; values are shown as text whatever they contain. */
export function AttributeTable({ attributes }: { attributes: Attribute[] }) {
  if (attributes.length === 0) return null;
  return (
    <table class="attributes">
      <colgroup><col class="key-column" /><col /><col class="type-column" /></colgroup>
      <thead class="visually-hidden"><tr><th scope="col">Key</th><th scope="col">Value</th><th scope="col">Type</th></tr></thead>
      <tbody>
        {attributes.map((attribute, index) => (
          <tr key={index}>
            <th scope="row"><Name text={attribute.key} /></th>
            <td class={`value-${attribute.type}`}><AttributeValue attribute={attribute} /></td>
            <td class="type">{attribute.type}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const longestShown = 600;

function AttributeValue({ attribute }: { attribute: Attribute }) {
  const [whole, setWhole] = useState(false);
  if (Array.isArray(attribute.value)) {
    return <ul>{attribute.value.map((item, index) => <li key={index}>{"key" in item && `${item.key}: `}{valueText(item)}</li>)}</ul>;
  }
  const text = valueText(attribute);
  if (text.length <= longestShown || whole) return <>{text}</>;
  return (
    <>
      {text.slice(0, longestShown)}…{" "}
      <button type="button" class="link-button" onClick={() => setWhole(true)}>Show all {text.length} characters</button>
    </>
  );
}
