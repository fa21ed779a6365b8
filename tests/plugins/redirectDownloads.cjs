/** Leads a Node program's way to Pulumi's download site to FAKE_PULUMI_SITE; for `node --require`. */
const realFetch = globalThis.fetch;
globalThis.fetch = (input, init) =>
  realFetch(String(input).replace("https://get.pulumi.com", process.env.FAKE_PULUMI_SITE), init);
