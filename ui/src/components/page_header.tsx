import type { ComponentChildren } from "preact";
import { Link } from "../router";
import { CopyButton } from "./copy_button";
import { RefreshIcon } from "./icons";

interface PageHeaderProps {
  back: { href: string; label: string };
  title: string;
  /** The id that the copy button copies. */
  id: string;
  idName: string;
  reload: () => void;
  children: ComponentChildren;
}

/** The head of a page about one thing: where it belongs, what it is, its path of bots, its facts. */
export function PageHeader({ back, title, id, idName, reload, children }: PageHeaderProps) {
  return (
    <header class="subject">
      <nav class="crumbs" aria-label="Breadcrumb"><Link href={back.href}>{back.label}</Link> <span aria-hidden="true">/</span></nav>
      <div class="page-head">
        <h1>{title}</h1>
        <CopyButton text={id} what={idName} />
        <span class="spring" />
        <button type="button" class="icon-button" aria-label="Refresh" title="Refresh" onClick={reload}><RefreshIcon /></button>
      </div>
      {children}
    </header>
  );
}

interface StatProps {
  name: string;
  children: ComponentChildren;
  alarm?: boolean;
  /** Takes a whole line on a narrow screen. */
  wide?: boolean;
}

export function Stat({ name, children, alarm = false, wide = false }: StatProps) {
  return <div class={`stat${alarm ? " alarm" : ""}${wide ? " wide" : ""}`}><dt>{name}</dt><dd>{children}</dd></div>;
}
