// The page's few pictures, drawn with the current text colour and hidden from screen readers.

import type { ComponentChildren } from "preact";

function Icon({ children, size = 16 }: { children: ComponentChildren; size?: number }) {
  return (
    <svg class="icon" width={size} height={size} viewBox="0 0 16 16" fill="none" stroke="currentColor"
      stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">
      {children}
    </svg>
  );
}

export function Logo() {
  return (
    <svg class="logo" width="24" height="24" viewBox="0 0 24 24" fill="none" stroke="currentColor"
      stroke-width="2.4" stroke-linecap="round" aria-hidden="true">
      <path d="M3 7h7c4 0 4 10 8 10h2" />
      <circle cx="20.4" cy="17" r="1.2" fill="currentColor" />
    </svg>
  );
}

export const ArrowIcon = () => <Icon size={12}><path d="M2 8h11M9 4l4 4-4 4" /></Icon>;
export const SearchIcon = () => <Icon><circle cx="7" cy="7" r="4.5" /><path d="M10.5 10.5 14 14" /></Icon>;
export const CloseIcon = () => <Icon><path d="M4 4l8 8M12 4l-8 8" /></Icon>;
export const CopyIcon = () => <Icon size={14}><rect x="5.5" y="5.5" width="8" height="8" rx="1.5" /><path d="M3 10.5V4a1.5 1.5 0 0 1 1.5-1.5H10" /></Icon>;
export const CheckIcon = () => <Icon size={12}><path d="M3 8.5 6.5 12 13 4.5" /></Icon>;
export const BlockedIcon = () => <Icon size={12}><circle cx="8" cy="8" r="6" /><path d="m4 12 8-8" /></Icon>;
export const WaitIcon = () => <Icon size={12}><circle cx="8" cy="8" r="6" /><path d="M8 4.5V8l2.5 1.5" /></Icon>;
export const ErrorIcon = () => <Icon size={14}><circle cx="8" cy="8" r="6.2" /><path d="M8 4.8v4M8 11.2v0" /></Icon>;
export const CaretIcon = () => <Icon size={12}><path d="m6 3.5 5 4.5-5 4.5" /></Icon>;
export const RefreshIcon = () => <Icon><path d="M13.5 8A5.5 5.5 0 1 1 11.6 3.8M13.5 2v3.2h-3.2" /></Icon>;
export const LinkIcon = () => <Icon size={14}><path d="M6.5 9.5l3-3M7 5l1.6-1.6a2.8 2.8 0 0 1 4 4L11 9M9 11l-1.6 1.6a2.8 2.8 0 0 1-4-4L5 7" /></Icon>;
