// Loads data for a view: aborts what is no longer wanted, keeps the old answer on screen while a new one is under way.

import { useCallback, useEffect, useState } from "preact/hooks";
import { ApiError } from "./client";
import type { Page } from "./types";

export interface Request<Data> {
  /** The last good answer; undefined until there is one. */
  data: Data | undefined;
  error: ApiError | undefined;
  loading: boolean;
  reload: () => void;
}

type Load<Data> = (signal: AbortSignal) => Promise<Data>;

/** Calls `load` again whenever `key` changes; `key` must name everything `load` depends on. */
export function useRequest<Data>(key: string, load: Load<Data>): Request<Data> {
  const [state, setState] = useState<Omit<Request<Data>, "reload">>({ data: undefined, error: undefined, loading: true });
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    const controller = new AbortController();
    setState((old) => ({ ...old, loading: true }));
    load(controller.signal).then(
      (data) => !controller.signal.aborted && setState({ data, error: undefined, loading: false }),
      (error) => !controller.signal.aborted && setState({ data: undefined, error: asApiError(error), loading: false }),
    );
    return () => controller.abort();
  }, [key, attempt]);
  const reload = useCallback(() => setAttempt((count) => count + 1), []);
  return { ...state, reload };
}

export interface Pages<Item> extends Request<Item[]> {
  /** Present while there is a further page. */
  loadMore: (() => void) | undefined;
  /** A further page that failed; what is already on screen stays. */
  moreError: ApiError | undefined;
}

type LoadPage<Item> = (page: string | undefined, signal?: AbortSignal) => Promise<Page<Item>>;

interface Further<Item> {
  first: Page<Item> | undefined;
  items: Item[];
  next: string | null;
  error: ApiError | undefined;
}

/** Like `useRequest`, for a list that goes on: `loadMore` appends the next page. */
export function usePages<Item>(key: string, loadPage: LoadPage<Item>): Pages<Item> {
  const request = useRequest(key, (signal) => loadPage(undefined, signal));
  const first = request.data;
  const [stored, setFurther] = useState<Further<Item>>({ first: undefined, items: [], next: null, error: undefined });
  // Further pages belong to one first page; a new first page makes them void.
  const further =
    stored.first === first ? stored : { first, items: [], next: first?.next_page ?? null, error: undefined };
  const loadMore = () => {
    if (further.next === null) return;
    loadPage(further.next).then(
      (page) => setFurther({ first, items: [...further.items, ...page.items], next: page.next_page, error: undefined }),
      (error) => setFurther({ ...further, error: asApiError(error) }),
    );
  };
  return {
    ...request,
    data: first && [...first.items, ...further.items],
    loadMore: further.next === null ? undefined : loadMore,
    moreError: further.error,
  };
}

function asApiError(error: unknown): ApiError {
  return error instanceof ApiError ? error : new ApiError("unexpected_answer", String(error));
}
