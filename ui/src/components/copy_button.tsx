import { useState } from "preact/hooks";
import { CheckIcon, CopyIcon } from "./icons";

/** Copies `text`; says so until the pointer or focus leaves. */
export function CopyButton({ text, what }: { text: string; what: string }) {
  const [copied, setCopied] = useState(false);
  const copy = () => {
    // Without a secure context there is no clipboard; the text stays selectable.
    navigator.clipboard?.writeText(text).then(() => setCopied(true), () => setCopied(false));
  };
  const reset = () => setCopied(false);
  return (
    <button type="button" class="icon-button" aria-label={copied ? `${what} copied` : `Copy ${what}`} title={`Copy ${what}`}
      onClick={copy} onBlur={reset} onPointerLeave={reset}>
      {copied ? <CheckIcon /> : <CopyIcon />}
    </button>
  );
}
