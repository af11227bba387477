import { Notice } from "../components/states";
import { useTitle } from "../components/use_title";
import { Link } from "../router";

export function NotFoundView() {
  useTitle("No such page");
  return (
    <div class="page">
      <Notice title="There is no such page">
        <p>Journeys are at <Link href="/">/</Link>, traces at <Link href="/traces">/traces</Link>.</p>
      </Notice>
    </div>
  );
}
