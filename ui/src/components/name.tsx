/** A dotted or underscored name that may break after its separators rather than inside a word. */
export function Name({ text }: { text: string }) {
  return <>{text.split(/(?<=[._/-])/).map((part, index) => [index > 0 && <wbr />, part])}</>;
}
