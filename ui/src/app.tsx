import { Logo } from "./components/icons";
import { matchRoute, type Route } from "./model/routes";
import { type Address, Link, useAddress } from "./router";
import { JourneyView } from "./views/journey_view";
import { JourneysView } from "./views/journeys_view";
import { NotFoundView } from "./views/not_found_view";
import { TraceView } from "./views/trace_view";
import { TracesView } from "./views/traces_view";

export function App() {
  const address = useAddress();
  const route = matchRoute(address.path);
  return (
    <>
      <a class="skip" href="#main">Skip to content</a>
      <header class="app-bar">
        <Link class="brand" href="/"><Logo />Segue</Link>
        <nav aria-label="Pages">
          <Link href="/" current={route.view === "journeys" || route.view === "journey"}>Journeys</Link>
          <Link href="/traces" current={route.view === "traces" || route.view === "trace"}>Traces</Link>
        </nav>
      </header>
      <main id="main" tabIndex={-1}>{viewFor(route, address)}</main>
    </>
  );
}

function viewFor(route: Route, { query }: Address) {
  switch (route.view) {
    case "journeys":
      return <JourneysView filters={query} />;
    case "journey":
      return <JourneyView key={route.contact} contact={route.contact} selectedKey={query.get("span") ?? ""} />;
    case "traces":
      return <TracesView filters={query} />;
    case "trace":
      return <TraceView key={route.traceId} traceId={route.traceId} selectedId={query.get("span") ?? ""} />;
    case "not_found":
      return <NotFoundView />;
  }
}
