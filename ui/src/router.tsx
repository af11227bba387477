// Client-side navigation over the history API: a store of the current address, and links that change it.

import type { ComponentChildren } from "preact";
import { useLayoutEffect, useState } from "preact/hooks";

export interface Address {
  path: string;
  query: URLSearchParams;
}

const listeners = new Set<() => void>();

function currentAddress(): Address {
  return { path: window.location.pathname, query: new URLSearchParams(window.location.search) };
}

/** Shows `url`. `replace` is for changes that the back button should not stop at, such as typing in a filter. */
export function navigate(url: string, { replace = false } = {}): void {
  const leavesPage = new URL(url, window.location.href).pathname !== window.location.pathname;
  if (replace) window.history.replaceState(null, "", url);
  else window.history.pushState(null, "", url);
  for (const listener of listeners) listener();
  if (!leavesPage) return;
  window.scrollTo(0, 0);
  // What had the focus is gone; readers and the Tab key start from the new page's beginning.
  document.querySelector("main")?.focus({ preventScroll: true });
}

/** Changes the query of the current page in place. */
export function replaceQuery(query: URLSearchParams): void {
  const text = query.toString();
  navigate(window.location.pathname + (text && `?${text}`), { replace: true });
}

export function useAddress(): Address {
  const [address, setAddress] = useState(currentAddress);
  // At once with the first page: a link followed before the next painting would change the address alone.
  useLayoutEffect(() => {
    const update = () => setAddress(currentAddress());
    listeners.add(update);
    window.addEventListener("popstate", update);
    return () => {
      listeners.delete(update);
      window.removeEventListener("popstate", update);
    };
  }, []);
  return address;
}

interface LinkProps {
  href: string;
  class?: string;
  title?: string | undefined;
  current?: boolean;
  children: ComponentChildren;
}

/** A link within the page. Modified clicks (new tab, download) are left to the browser. */
export function Link({ current, href, children, ...rest }: LinkProps) {
  const follow = (event: MouseEvent) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    navigate(href);
  };
  return (
    <a href={href} onClick={follow} aria-current={current ? "page" : undefined} {...rest}>
      {children}
    </a>
  );
}
