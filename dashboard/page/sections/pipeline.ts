import type { PipelineNode } from "../../snapshot";
import { byId, element, setAttribute, setText, updateList } from "../dom";
import type { View } from "./view";

const SVG = "http://www.w3.org/2000/svg";

/** The steps as a graph; on a narrow page as a list, where each step says what it reads. */
export function pipelineView(): View {
  const lines = document.createElementNS(SVG, "svg");
  lines.setAttribute("class", "edges");
  lines.setAttribute("aria-hidden", "true");
  const list = element("ol", { class: "graph" });
  const host = byId("pipeline");
  host.append(lines, list);
  let nodes: readonly PipelineNode[] = [];
  // Also when a step grows, as its words change.
  const observer = new ResizeObserver(() => drawEdges(lines, list, nodes));
  observer.observe(list);
  return {
    show: ({ pipeline }) => {
      nodes = pipeline;
      const names = new Map(pipeline.map(({ id, name }) => [id, name]));
      updateList(list, pipeline, {
        key: ({ id }) => id,
        create: createNode,
        update: (made, node) => updateNode(made, node, names),
      });
      drawEdges(lines, list, pipeline);
    },
  };
}

function createNode({ id }: PipelineNode): HTMLLIElement {
  return element(
    "li",
    { class: `node node-${id}` },
    element("span", { class: "kind" }),
    element("strong", { class: "node-name" }),
    element("span", { class: "node-state" }),
    element("span", { class: "node-facts" }),
    element("span", { class: "reads" }),
  );
}

function updateNode(made: Element, node: PipelineNode, names: ReadonlyMap<string, string>): void {
  const [kind, name, state, facts, reads] = made.children;
  setAttribute(made, "data-status", node.status);
  setText(kind!, node.kind);
  showName(name!, node.name);
  setText(state!, node.says);
  setText(facts!, node.facts.join(" · "));
  setText(reads!, node.from.length > 0 ? `reads ${node.from.map((id) => names.get(id)).join(", ")}` : "");
}

/** A name that may break after an underscore. */
function showName(target: Element, name: string): void {
  if (target.textContent === name) return;
  const parts = name.split(/(?<=_)(?!_)/);
  target.replaceChildren(...parts.flatMap((part, index) => (index > 0 ? [element("wbr"), part] : [part])));
}

function drawEdges(lines: SVGElement, list: Element, nodes: readonly PipelineNode[]): void {
  const boxes = new Map(
    nodes.map(({ id }, index) => {
      const child = list.children[index] as HTMLElement;
      return [
        id,
        { left: child.offsetLeft, top: child.offsetTop, width: child.offsetWidth, height: child.offsetHeight },
      ];
    }),
  );
  const edges = nodes.flatMap((node) => node.from.map((from) => ({ from, to: node.id, status: node.status })));
  updateList(lines, edges, {
    key: ({ from, to }) => `${from} ${to}`,
    create: () => document.createElementNS(SVG, "path"),
    update: (path, { from, to, status }) => {
      const [a, b] = [boxes.get(from), boxes.get(to)];
      setAttribute(path, "data-status", status);
      setAttribute(path, "d", a && b ? edge(a, b) : "");
    },
  });
}

interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** A curve from the right side of one box to the left side of another, with a small arrow head. */
function edge(a: Box, b: Box): string {
  const [x1, y1] = [a.left + a.width, a.top + a.height / 2];
  const [x2, y2] = [b.left - 2, b.top + b.height / 2];
  const bend = (x2 - x1) / 2;
  return `M${x1},${y1} C${x1 + bend},${y1} ${x2 - bend},${y2} ${x2},${y2} m-5,-3.5 l5,3.5 l-5,3.5`;
}
