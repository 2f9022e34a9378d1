package org.countersign.signature.api.security;

import static org.countersign.support.access.Permission.Subject.CASE;
import static org.countersign.support.access.Permission.Subject.INSTALLATION;
import static org.countersign.support.access.Permission.Subject.ORGANISATION;
import static org.countersign.support.access.Permission.Subject.ORGANISATION_TO_STAFF;
import static org.countersign.support.access.Permission.Subject.OWN_ORGANISATIONS;
import static org.countersign.support.access.Permission.Subject.OWN_PETITIONS;
import static org.countersign.support.access.Permission.Subject.PETITION;
import static org.countersign.support.access.Permission.Subject.PETITION_IN_QUERY;
import static org.countersign.support.access.Permission.Subject.SIGNATURE;
import static org.countersign.support.access.Permission.Subject.SIGNATURE_IN_QUERY;
import static org.countersign.support.access.Permission.auditor;
import static org.countersign.support.access.Permission.organiser;
import static org.countersign.support.access.Role.AUDITOR;
import static org.countersign.support.access.Role.EDITOR;
import static org.countersign.support.access.Role.EXPORTER;
import static org.countersign.support.access.Role.MODERATOR;
import static org.countersign.support.access.Role.OPERATOR;
import static org.countersign.support.access.Role.PUBLISHER;

import org.countersign.support.access.AccessRules;

/** All calls of the public port, and the permissions that they need. */
final class SignatureAccessRules {

    static final AccessRules RULES = AccessRules.rules()
            // Pages for everybody, and their files.
            .open(
                    "GET",
                    "/",
                    "/petitions/{slug}",
                    "/petitions/{slug}/signed",
                    "/petitions/{slug}/later",
                    "/petitions/{slug}/again",
                    "/petitions/{slug}/confirmed",
                    "/petitions/{slug}/withdrawn",
                    "/petitions/{slug}/map.svg",
                    "/petitions/{slug}/picture.png",
                    "/petitions/{slug}/feed.atom",
                    "/feed.atom",
                    "/verify",
                    "/accessibility",
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
            .open("POST", "/petitions/{slug}", "/petitions/{slug}/again")
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
            .open("GET", "/api/petitions/{petition}/notices")
            .open("POST", "/api/petitions/{petition}/signatures")
            .open("GET", "/log/checkpoint", "/log/key", "/log/tile/{*path}")
            // The organiser, and people and programs with a role in the organisation of the petition.
            .calls(organiser(OWN_PETITIONS, EDITOR, PUBLISHER, MODERATOR, EXPORTER), "GET", "/organise")
            .calls(organiser(OWN_ORGANISATIONS, PUBLISHER), "GET", "/organise/new")
            .calls(organiser(OWN_ORGANISATIONS, PUBLISHER), "POST", "/organise/new", "/api/petitions")
            .calls(
                    organiser(PETITION, EDITOR, PUBLISHER),
                    "GET",
                    "/organise/petitions/{slug}",
                    "/api/petitions/{petition}/alerts")
            .calls(
                    organiser(PETITION, PUBLISHER),
                    "POST",
                    "/organise/petitions/{slug}/close",
                    "/organise/petitions/{slug}/reopen",
                    "/organise/petitions/{slug}/alerts",
                    "/organise/petitions/{slug}/alerts/{id}/stop",
                    "/organise/petitions/{slug}/webhooks",
                    "/organise/petitions/{slug}/webhooks/{id}/test",
                    "/organise/petitions/{slug}/webhooks/{id}/remove",
                    "/organise/petitions/{slug}/deliveries/{id}/retry",
                    "/api/petitions/{petition}/close",
                    "/api/petitions/{petition}/reopen",
                    "/api/petitions/{petition}/alerts")
            .calls(organiser(PETITION, PUBLISHER), "GET", "/organise/petitions/{slug}/notice")
            .calls(organiser(PETITION, PUBLISHER), "POST", "/organise/petitions/{slug}/notice")
            .calls(organiser(PETITION, PUBLISHER), "PUT", "/api/petitions/{petition}/notice")
            .calls(organiser(PETITION, PUBLISHER), "DELETE", "/api/petitions/{petition}/alerts/{id}")
            .calls(
                    organiser(PETITION, EXPORTER),
                    "GET",
                    "/api/petitions/{petition}/signatures.csv",
                    "/api/petitions/{petition}/signatures.ndjson",
                    "/api/petitions/{petition}/handover.pdf")
            .calls(
                    organiser(PETITION, EDITOR, PUBLISHER, MODERATOR),
                    "GET",
                    "/api/petitions/{petition}/attack",
                    "/api/petitions/{petition}/attacks")
            .calls(
                    organiser(PETITION, MODERATOR),
                    "GET",
                    "/organise/petitions/{slug}/held",
                    "/organise/petitions/{slug}/signers",
                    "/organise/petitions/{slug}/cases",
                    "/api/petitions/{petition}/rules",
                    "/api/petitions/{petition}/held",
                    "/api/petitions/{petition}/cases")
            .calls(organiser(PETITION, MODERATOR), "PUT", "/api/petitions/{petition}/rules")
            // The controllers that find and erase signers write further entries with the number of results.
            .calls(
                    organiser(PETITION, MODERATOR),
                    "POST",
                    "/organise/petitions/{slug}/rules",
                    "/organise/petitions/{slug}/held/release",
                    "/organise/petitions/{slug}/held/dismiss",
                    "/organise/petitions/{slug}/signers",
                    "/organise/petitions/{slug}/signers/{id}/erase",
                    "/organise/petitions/{slug}/signers/{id}/invalidate",
                    "/organise/petitions/{slug}/signers/{id}/reinstate",
                    "/organise/petitions/{slug}/cases",
                    "/organise/petitions/{slug}/cases/{id}/cancel",
                    "/organise/petitions/{slug}/cases/{id}/undo",
                    "/api/petitions/{petition}/held/release",
                    "/api/petitions/{petition}/held/dismiss",
                    "/api/petitions/{petition}/signatures/search",
                    "/api/petitions/{petition}/cases/preview",
                    "/api/petitions/{petition}/cases")
            .calls(
                    organiser(SIGNATURE, MODERATOR),
                    "POST",
                    "/api/signatures/{id}/invalidate",
                    "/api/signatures/{id}/reinstate",
                    "/api/signatures/{id}/erase")
            .calls(organiser(CASE, MODERATOR), "GET", "/api/cases/{id}")
            .calls(organiser(CASE, MODERATOR), "POST", "/api/cases/{id}/cancel", "/api/cases/{id}/undo")
            .calls(
                    organiser(OWN_PETITIONS, MODERATOR),
                    "POST",
                    "/api/signatures/search",
                    "/api/signatures/erase-person")
            // The whole installation.
            .calls(organiser(INSTALLATION), "POST", "/api/recovery/log", "/api/recovery/relay")
            .calls(organiser(INSTALLATION), "GET", "/api/privacy", "/api/organisations")
            .calls(organiser(INSTALLATION), "POST", "/api/organisations")
            .calls(auditor(INSTALLATION), "GET", "/api/audit/reconcile")
            // People and API tokens.
            .calls(organiser(ORGANISATION, OPERATOR), "GET", "/api/organisations/{organisation}/people")
            .calls(organiser(ORGANISATION_TO_STAFF, OPERATOR), "POST", "/api/organisations/{organisation}/people")
            .calls(organiser(ORGANISATION, OPERATOR), "PUT", "/api/organisations/{organisation}/people/{id}")
            .calls(organiser(ORGANISATION, OPERATOR), "DELETE", "/api/organisations/{organisation}/people/{id}")
            .calls(organiser(ORGANISATION, OPERATOR), "GET", "/api/organisations/{organisation}/tokens")
            .calls(organiser(ORGANISATION, OPERATOR), "POST", "/api/organisations/{organisation}/tokens")
            .calls(organiser(ORGANISATION, OPERATOR), "DELETE", "/api/organisations/{organisation}/tokens/{id}")
            // The auditor.
            .calls(auditor(OWN_PETITIONS, AUDITOR), "GET", "/audit", "/api/access-log")
            .calls(auditor(PETITION_IN_QUERY, AUDITOR), "GET", "/api/audit/replay")
            .calls(auditor(PETITION, AUDITOR), "GET", "/audit/petitions/{slug}", "/api/petitions/{petition}/history")
            .calls(auditor(SIGNATURE_IN_QUERY, AUDITOR), "GET", "/audit/signatures")
            .calls(auditor(SIGNATURE, AUDITOR), "GET", "/audit/signatures/{id}", "/api/signatures/{id}/history")
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
            .logged("change privacy notice", "PUT", "/api/petitions/{petition}/notice")
            .logged("change privacy notice", "POST", "/organise/petitions/{slug}/notice")
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
            .logged("create organisation", "POST", "/api/organisations")
            .logged("read people", "GET", "/api/organisations/{organisation}/people")
            .logged("add person", "POST", "/api/organisations/{organisation}/people")
            .logged("change roles", "PUT", "/api/organisations/{organisation}/people/{id}")
            .logged("remove person", "DELETE", "/api/organisations/{organisation}/people/{id}")
            .logged("create token", "POST", "/api/organisations/{organisation}/tokens")
            .logged("revoke token", "DELETE", "/api/organisations/{organisation}/tokens/{id}")
            .build();

    private SignatureAccessRules() {}
}
