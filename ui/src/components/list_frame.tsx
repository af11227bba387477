import type { ComponentChildren } from "preact";
import type { Pages } from "../api/use_request";
import { RefreshIcon } from "./icons";
import { Failure, Loading } from "./states";

interface ListFrameProps<Item> {
  title: string;
  what: string;
  pages: Pages<Item>;
  columns: string[];
  /** Names the columns' widths, see lists.css. */
  layout: string;
  filters: ComponentChildren;
  empty: ComponentChildren;
  row: (item: Item) => ComponentChildren;
}

/** A list page: heading, filters, rows, paging, and every state in between. */
export function ListFrame<Item>({ title, what, pages, filters, ...list }: ListFrameProps<Item>) {
  return (
    <div class="page">
      <div class="page-head">
        <h1>{title}</h1>
        <button type="button" class="icon-button" aria-label="Refresh" title="Refresh" onClick={pages.reload}>
          <RefreshIcon />
        </button>
      </div>
      {filters}
      <ListBody what={what} pages={pages} {...list} />
    </div>
  );
}

function ListBody<Item>({ what, pages, columns, layout, empty, row }: Omit<ListFrameProps<Item>, "title" | "filters">) {
  const { data, error, loading, reload, loadMore, moreError } = pages;
  if (error) return <Failure error={error} retry={reload} />;
  if (!data) return <Loading what={what} />;
  if (data.length === 0) return <>{empty}</>;
  return (
    <div class={`card list-card ${layout}`} aria-busy={loading}>
      <div class="list-head" aria-hidden="true">
        {columns.map((column) => <span key={column}>{column}</span>)}
      </div>
      <ul class="list" aria-label={what}>{data.map(row)}</ul>
      {moreError && <Failure error={moreError} retry={() => loadMore?.()} />}
      {loadMore && !moreError && (
        <button type="button" class="button load-more" onClick={loadMore}>Show older {what}</button>
      )}
    </div>
  );
}

/** A number with the word that a narrow screen, which has no column heads, needs. */
export function Count({ value, one, many, alarm = false }: { value: number; one: string; many: string; alarm?: boolean }) {
  const tone = alarm && value > 0 ? " alarm" : "";
  return (
    <span class={`count${tone}${value === 0 ? " zero" : ""}`}>
      {value.toLocaleString("en")} <span class="count-word">{value === 1 ? one : many}</span>
    </span>
  );
}
