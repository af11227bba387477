// The controls of the list pages. All state is in the page's address; see model/filters.ts.

import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Bot } from "../api/types";
import { customRange, ranges, withFilter } from "../model/filters";
import { replaceQuery } from "../router";
import { SearchIcon } from "./icons";

const typingPauseMs = 250;

interface FilterProps {
  filters: URLSearchParams;
  name: string;
  label: string;
}

function set(filters: URLSearchParams, name: string, value: string): void {
  replaceQuery(withFilter(filters, name, value));
}

/** A text filter that takes effect when the typing pauses, or at once with Enter. */
export function TextFilter({ filters, name, label, type = "search", placeholder = "" }: FilterProps & {
  type?: "search" | "number";
  placeholder?: string;
}) {
  const value = filters.get(name) ?? "";
  const [text, setText] = useState(value);
  const latest = useRef(filters);
  latest.current = filters;
  const applied = useRef(value);
  useEffect(() => {
    // Only a value from elsewhere, such as a link, replaces what is being typed.
    if (value === applied.current) return;
    applied.current = value;
    setText(value);
  }, [value]);
  const apply = () => {
    if (text.trim() === applied.current) return;
    applied.current = text.trim();
    set(latest.current, name, applied.current);
  };
  useEffect(() => {
    const timer = setTimeout(apply, typingPauseMs);
    return () => clearTimeout(timer);
  }, [text]);
  const properties = {
    value: text,
    placeholder,
    autocomplete: "off",
    spellcheck: false,
    onInput: (event: { currentTarget: HTMLInputElement }) => setText(event.currentTarget.value),
    onKeyDown: (event: KeyboardEvent) => event.key === "Enter" && apply(),
  } as const;
  return (
    <label class={`field field-${type}`}>
      <span class="field-label">{label}</span>
      <span class="field-box">
        {type === "search" && <SearchIcon />}
        {type === "search" ? <input type="search" {...properties} /> : <input type="number" min={0} {...properties} />}
      </span>
    </label>
  );
}

export function SelectFilter({ filters, name, label, options }: FilterProps & {
  options: ReadonlyArray<{ value: string; label: string }>;
}) {
  const value = filters.get(name) ?? "";
  // A filter from the address may name what no list has (any more); it must still be visible to be removed.
  const known = options.some((option) => option.value === value);
  return (
    <label class="field">
      <span class="field-label">{label}</span>
      <select value={value} onChange={(event) => set(filters, name, event.currentTarget.value)}>
        {options.map((option) => <option key={option.value} value={option.value}>{option.label}</option>)}
        {!known && <option value={value}>{value}</option>}
      </select>
    </label>
  );
}

export function BotFilters({ filters, bots }: { filters: URLSearchParams; bots: Bot[] }) {
  const chosen = filters.get("bot") ?? "";
  const nodes = new Set(bots.filter(({ bot }) => chosen === "" || bot === chosen).flatMap((bot) => bot.nodes));
  return (
    <>
      <SelectFilter filters={filters} name="bot" label="Bot" options={withAny("Any bot", bots.map(({ bot }) => bot))} />
      <SelectFilter filters={filters} name="node" label="Node" options={withAny("Any node", [...nodes].sort())} />
    </>
  );
}

export function withAny(anyLabel: string, values: string[]): Array<{ value: string; label: string }> {
  return [{ value: "", label: anyLabel }, ...values.map((value) => ({ value, label: value }))];
}

export function ErrorsFilter({ filters }: { filters: URLSearchParams }) {
  return (
    <label class="field field-check">
      <input type="checkbox" checked={filters.get("errors") === "true"}
        onChange={(event) => set(filters, "errors", event.currentTarget.checked ? "true" : "")} />
      <span>Errors only</span>
    </label>
  );
}

export function RangeFilter({ filters }: { filters: URLSearchParams }) {
  return (
    <>
      <SelectFilter filters={filters} name="range" label="Time"
        options={[...ranges, { value: customRange, label: "From … to …" }]} />
      {filters.get("range") === customRange && (
        <>
          <DateFilter filters={filters} name="from" label="From" />
          <DateFilter filters={filters} name="to" label="To" />
        </>
      )}
    </>
  );
}

function DateFilter({ filters, name, label }: FilterProps) {
  return (
    <label class="field">
      <span class="field-label">{label}</span>
      <input type="datetime-local" value={filters.get(name) ?? ""}
        onChange={(event) => set(filters, name, event.currentTarget.value)} />
    </label>
  );
}

export function FilterBar({ label, children }: { label: string; children: ComponentChildren }) {
  return (
    <form class="filters" role="search" aria-label={label} onSubmit={(event) => event.preventDefault()}>
      {children}
    </form>
  );
}
