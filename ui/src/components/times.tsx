import { formatExact, formatLocal, formatRelative, parseInstant } from "../model/time";

/** How long ago, with the exact time on hover. */
export function Ago({ time }: { time: string }) {
  const instant = parseInstant(time);
  return (
    <time dateTime={formatExact(instant)} title={`${formatLocal(instant)} (${formatExact(instant)})`}>
      {formatRelative(instant, new Date())}
    </time>
  );
}

/** Local date and time, with UTC to the nanosecond on hover. */
export function At({ time }: { time: string }) {
  const instant = parseInstant(time);
  return <time dateTime={formatExact(instant)} title={formatExact(instant)}>{formatLocal(instant)}</time>;
}
