import { render } from "preact";
import { App } from "./app";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/lists.css";
import "./styles/journey.css";
import "./styles/waterfall.css";
import "./styles/details.css";

render(<App />, document.getElementById("app")!);
