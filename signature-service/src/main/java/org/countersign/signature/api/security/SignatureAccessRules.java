package org.countersign.signature.api.security;

import org.countersign.support.access.AccessRules;

/** All calls of the public port, and the roles that they need. */
final class SignatureAccessRules {

    static final AccessRules RULES = AccessRules.rules()
            // Pages for everybody, and their files.
            .open(
                    "GET",
                    "/",
                    "/petitions/{slug}",
                    "/petitions/{slug}/signed",
                    "/petitions/{slug}/later",
                    "/petitions/{slug}/confirmed",
                    "/petitions/{slug}/withdrawn",
                    "/petitions/{slug}/map.svg",
                    "/petitions/{slug}/picture.png",
                    "/petitions/{slug}/feed.atom",
                    "/feed.atom",
                    "/verify",
                    "/embed/{slug}",
                    "/oembed",
                    "/style.css",
                    "/icon.svg",
                    "/live.js",
                    "/retry.js",
                    "/proof.js",
                    "/verify.js",
                    "/embed.css",
                    "/embed.js")
            .open("POST", "/petitions/{slug}")
            // The token in the link authorizes.
            .open("GET", "/confirm", "/withdraw", "/unsubscribe", "/stop-alert", "/my-data")
            .open("POST", "/confirm", "/withdraw", "/unsubscribe", "/stop-alert", "/my-data")
            .open("GET", "/never-write", "/write-again")
            .open("POST", "/never-write", "/write-again")
            .open("GET", "/api/signatures/mine", "/api/signatures/receipt")
            .open("POST", "/api/signatures/verify", "/api/signatures/withdraw", "/api/signatures/erase")
            .open("POST", "/withdraw-consent", "/withdraw-contact")
            .open("POST", "/api/signatures/withdraw-consent", "/api/signatures/withdraw-contact")
            // Pages for people with an account. Their filter chain finds the session and denies the rest.
            .open("GET", "/sign-in", "/first-operator", "/account", "/invitation", "/people/{slug}")
            .open(
                    "POST",
                    "/invitation",
                    "/people/{slug}/invite",
                    "/people/{slug}/withdraw",
                    "/people/{slug}/roles",
                    "/people/{slug}/remove",
                    "/people/{slug}/disable")
            .open(
                    "POST",
                    "/sign-in",
                    "/sign-in/code",
                    "/first-operator",
                    "/account/sign-out",
                    "/account/sessions/end",
                    "/account/sessions/end-others",
                    "/account/password")
            // The API for everybody.
            .open("GET", "/api/petitions", "/api/petitions/{petition}", "/api/petitions/{petition}/challenge")
            .open("POST", "/api/petitions/{petition}/signatures")
            .open("GET", "/log/checkpoint", "/log/key", "/log/tile/{*path}")
            // The organiser.
            .organiser(
                    "GET",
                    "/organise",
                    "/organise/new",
                    "/organise/petitions/{slug}",
                    "/organise/petitions/{slug}/held")
            .organiser(
                    "POST",
                    "/organise/new",
                    "/organise/petitions/{slug}/close",
                    "/organise/petitions/{slug}/reopen",
                    "/organise/petitions/{slug}/alerts",
                    "/organise/petitions/{slug}/alerts/{id}/stop",
                    "/organise/petitions/{slug}/webhooks",
                    "/organise/petitions/{slug}/webhooks/{id}/test",
                    "/organise/petitions/{slug}/webhooks/{id}/remove",
                    "/organise/petitions/{slug}/deliveries/{id}/retry",
                    "/organise/petitions/{slug}/rules",
                    "/organise/petitions/{slug}/held/release",
                    "/organise/petitions/{slug}/held/dismiss")
            .organiser(
                    "GET",
                    "/api/petitions/{petition}/alerts",
                    "/api/petitions/{petition}/signatures.csv",
                    "/api/petitions/{petition}/signatures.ndjson",
                    "/api/petitions/{petition}/handover.pdf",
                    "/api/petitions/{petition}/rules",
                    "/api/petitions/{petition}/held")
            .organiser("GET", "/api/petitions/{petition}/attack", "/api/petitions/{petition}/attacks")
            .organiser("PUT", "/api/petitions/{petition}/rules")
            .organiser(
                    "POST",
                    "/api/petitions/{petition}/held/release",
                    "/api/petitions/{petition}/held/dismiss",
                    "/api/petitions",
                    "/api/petitions/{petition}/close",
                    "/api/petitions/{petition}/reopen",
                    "/api/petitions/{petition}/alerts",
                    "/api/signatures/{id}/invalidate",
                    "/api/signatures/{id}/reinstate",
                    "/api/signatures/{id}/erase",
                    "/api/recovery/log",
                    "/api/recovery/relay")
            .organiser("DELETE", "/api/petitions/{petition}/alerts/{id}")
            // Finding and erasing signers. The controllers write further entries with the number of results.
            .organiser("GET", "/organise/petitions/{slug}/signers")
            .organiser(
                    "POST",
                    "/organise/petitions/{slug}/signers",
                    "/organise/petitions/{slug}/signers/{id}/erase",
                    "/organise/petitions/{slug}/signers/{id}/invalidate",
                    "/organise/petitions/{slug}/signers/{id}/reinstate",
                    "/api/petitions/{petition}/signatures/search",
                    "/api/signatures/search",
                    "/api/signatures/erase-person")
            .organiser("GET", "/api/petitions/{petition}/cases", "/api/cases/{id}", "/organise/petitions/{slug}/cases")
            .organiser(
                    "POST",
                    "/api/petitions/{petition}/cases/preview",
                    "/api/petitions/{petition}/cases",
                    "/api/cases/{id}/cancel",
                    "/api/cases/{id}/undo",
                    "/organise/petitions/{slug}/cases",
                    "/organise/petitions/{slug}/cases/{id}/cancel",
                    "/organise/petitions/{slug}/cases/{id}/undo")
            .organiser("GET", "/api/privacy")
            // The auditor.
            .auditor(
                    "GET",
                    "/audit",
                    "/audit/petitions/{slug}",
                    "/audit/signatures",
                    "/audit/signatures/{id}",
                    "/api/audit/replay",
                    "/api/audit/reconcile",
                    "/api/petitions/{petition}/history",
                    "/api/signatures/{id}/history",
                    "/api/access-log")
            .logged(
                    "export signatures",
                    "GET",
                    "/api/petitions/{petition}/signatures.csv",
                    "/api/petitions/{petition}/signatures.ndjson")
            .logged("export hand-over document", "GET", "/api/petitions/{petition}/handover.pdf")
            .logged("read alert recipients", "GET", "/api/petitions/{petition}/alerts", "/organise/petitions/{slug}")
            .logged("read petition history", "GET", "/api/petitions/{petition}/history", "/audit/petitions/{slug}")
            .logged("read signature history", "GET", "/api/signatures/{id}/history", "/audit/signatures/{id}")
            .logged("read access log", "GET", "/api/access-log")
            .logged("invalidate signature", "POST", "/api/signatures/{id}/invalidate")
            .logged("reinstate signature", "POST", "/api/signatures/{id}/reinstate")
            .logged("erase signature", "POST", "/api/signatures/{id}/erase")
            .logged("search signatures", "GET", "/organise/petitions/{slug}/signers")
            .logged(
                    "search signatures",
                    "POST",
                    "/organise/petitions/{slug}/signers",
                    "/api/petitions/{petition}/signatures/search",
                    "/api/signatures/search")
            .logged("invalidate signature", "POST", "/organise/petitions/{slug}/signers/{id}/invalidate")
            .logged("reinstate signature", "POST", "/organise/petitions/{slug}/signers/{id}/reinstate")
            .logged("preview case", "POST", "/api/petitions/{petition}/cases/preview")
            .logged("preview or open case", "POST", "/organise/petitions/{slug}/cases")
            .logged("open case", "POST", "/api/petitions/{petition}/cases")
            .logged("cancel case", "POST", "/api/cases/{id}/cancel", "/organise/petitions/{slug}/cases/{id}/cancel")
            .logged("undo case", "POST", "/api/cases/{id}/undo", "/organise/petitions/{slug}/cases/{id}/undo")
            .logged("recover event log", "POST", "/api/recovery/log")
            .logged("read held signings", "GET", "/api/petitions/{petition}/held", "/organise/petitions/{slug}/held")
            .logged("change signing rules", "PUT", "/api/petitions/{petition}/rules")
            .logged("change signing rules", "POST", "/organise/petitions/{slug}/rules")
            .logged(
                    "release held signings",
                    "POST",
                    "/api/petitions/{petition}/held/release",
                    "/organise/petitions/{slug}/held/release")
            .logged(
                    "dismiss held signings",
                    "POST",
                    "/api/petitions/{petition}/held/dismiss",
                    "/organise/petitions/{slug}/held/dismiss")
            .logged("publish events again", "POST", "/api/recovery/relay")
            .build();

    private SignatureAccessRules() {}
}
