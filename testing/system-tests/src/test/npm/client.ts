// A foreign program: it signs, confirms and reads counts with clients generated from the OpenAPI documents.
// Usage: node out/client.js SIGNATURE_SERVICE_URL COUNTER_URL MAILBOX_URL PETITION EMAIL
import createClient from "openapi-fetch";
import type { paths as SignaturePaths } from "./signature-service.js";
import type { paths as CounterPaths } from "./counter-projection.js";

const [signatureUrl, counterUrl, mailboxUrl, petition, email] = process.argv.slice(2);
const signatures = createClient<SignaturePaths>({ baseUrl: signatureUrl });
const counter = createClient<CounterPaths>({ baseUrl: counterUrl });
const path = { petition };

async function poll<T>(description: string, attempt: () => Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline) {
    const found = await attempt();
    if (found !== undefined) {
      return found;
    }
    await new Promise((resume) => setTimeout(resume, 200));
  }
  throw new Error(`timeout: ${description}`);
}

const signed = await signatures.POST("/api/petitions/{petition}/signatures", {
  params: { path },
  body: { name: "Ida Reed", email, country: "GB" },
});
if (signed.data?.status !== "pending") {
  throw new Error(`signing failed: ${JSON.stringify(signed.error)}`);
}

const token = await poll("confirmation mail", async () => {
  const mails = await (await fetch(`${mailboxUrl}/api/messages?to=${encodeURIComponent(email)}`)).json();
  const link = /\/confirm\?token=([\w-]+)/.exec(mails.at(-1)?.text ?? "");
  return link?.[1];
});

const confirmed = await signatures.POST("/api/signatures/verify", { body: { token } });
if (confirmed.data?.status !== "verified") {
  throw new Error(`confirming failed: ${JSON.stringify(confirmed.error)}`);
}

const counts = await poll("verified count", async () => {
  const read = await counter.GET("/api/petitions/{petition}/counts", { params: { path } });
  return read.data && read.data.verified > 0 ? read.data : undefined;
});
console.log(`verified ${counts.verified} of ${counts.goal}`);

const invalid = await signatures.POST("/api/petitions/{petition}/signatures", {
  params: { path },
  body: { name: "", email: "nobody", country: "GB" },
});
console.log(`invalid fields: ${invalid.error?.errors?.map((error) => error.field).sort().join(", ")}`);
