import type { Mail } from "../../snapshot";
import { byId, element, setAttribute, setText, updateList } from "../dom";
import { SectionError, showState, showTime, stateTag, type View } from "./view";

/**
 * The mails. A body is a document of its own in a frame without any rights (and the server's answer takes them, too): no
 * scripts, no requests. It is loaded when somebody opens the mail.
 */
export function mailsView(): View {
  const error = new SectionError();
  const nothing = element("p", { class: "muted", hidden: true }, "No mail was sent within the last day.");
  const list = element("ul", { class: "mails" });
  byId("mails").append(error.line, nothing, list);
  return {
    show: ({ mails, now }) => {
      error.show(mails);
      if (!mails.data) return;
      nothing.hidden = mails.data.length > 0;
      updateList(list, mails.data, {
        key: ({ id }) => id,
        create: createMail,
        update: (made, mail) => updateMail(made, mail, now),
      });
    },
  };
}

function createMail(mail: Mail): HTMLLIElement {
  const head = element(
    "span",
    { class: "mail-head" },
    element("strong"),
    element("span", { class: "muted mail-to" }),
    stateTag(),
    element("time", { class: "muted" }),
  );
  if (!mail.envelope) return element("li", { class: "mail" }, head);
  const details = element("details", {}, element("summary", {}, head));
  details.addEventListener("toggle", () => {
    if (!details.open || details.querySelector("iframe")) return;
    details.append(
      element("iframe", {
        title: `Mail: ${mail.envelope?.subject}`,
        src: `mail/${encodeURIComponent(mail.id)}`,
        sandbox: true,
        referrerpolicy: "no-referrer",
      }),
    );
  });
  return element("li", { class: "mail" }, details);
}

function updateMail(made: Element, mail: Mail, now: string | undefined): void {
  const [subject, to, tag, time] = made.querySelector(".mail-head")!.children;
  setText(subject!, mail.envelope?.subject || mail.integration);
  setText(to!, mail.envelope ? `to ${mail.envelope.to.join(", ")}` : (mail.message ?? ""));
  setAttribute(made, "data-id", mail.id);
  showState(tag!, mail.status);
  showTime(time as HTMLTimeElement, mail.createdAt, now);
}
