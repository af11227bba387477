import { Component, type ComponentChildren, type FunctionComponent, h } from "preact";

/** The component, redrawn only when one of its properties is another value than before. */
export function memo<Properties extends object>(
  draw: (properties: Properties) => ComponentChildren,
): new (properties: Properties) => Component<Properties> {
  return class extends Component<Properties> {
    override shouldComponentUpdate(next: Properties): boolean {
      return (Object.keys(next) as Array<keyof Properties>).some((key) => next[key] !== this.props[key]);
    }

    override render() {
      return h(draw as FunctionComponent<Properties>, this.props);
    }
  };
}
