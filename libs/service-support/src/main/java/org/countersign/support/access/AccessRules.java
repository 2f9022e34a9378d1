package org.countersign.support.access;

import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.http.server.PathContainer;
import org.springframework.web.util.ServletRequestPathUtils;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/**
 * All calls of a service's public port, and the roles that they need. A call without a rule does not exist for clients:
 * default deny. HEAD needs what GET needs, and OPTIONS what the path's first rule needs.
 */
public final class AccessRules {

    /** The role of organisers. */
    public static final String ORGANISER = "ORGANISER";
    /** The role of auditors. */
    public static final String AUDITOR = "AUDITOR";

    private final List<AccessRule> rules;

    private AccessRules(List<AccessRule> rules) {
        this.rules =
                rules.stream().sorted(Comparator.comparing(AccessRule::pattern)).toList();
    }

    /**
     * A rule.
     *
     * @param method the HTTP method, not HEAD and not OPTIONS
     * @param pattern the paths
     * @param roles the roles of which the caller needs one; empty for a public call
     * @param action the name of the call in the {@link AccessLog}; empty if it has no entry
     */
    public record AccessRule(String method, PathPattern pattern, Set<String> roles, String action) {

        /** Returns whether callers need no credentials. */
        public boolean isPublic() {
            return roles.isEmpty();
        }
    }

    /** The answer of the rules to a request. */
    public sealed interface Verdict {

        /** The request may be served under this rule. */
        record Known(AccessRule rule) implements Verdict {}

        /** No rule has this path. */
        record UnknownPath() implements Verdict {}

        /** Rules have this path, but for these methods only. */
        record OtherMethods(Set<String> allowed) implements Verdict {}
    }

    /** Collects rules. */
    public static final class Builder {

        private final List<AccessRule> rules = new ArrayList<>();

        private Builder() {}

        /** Adds public calls. */
        public Builder open(String method, String... patterns) {
            return add(method, Set.of(), patterns);
        }

        /** Adds calls that need the role of organisers. */
        public Builder organiser(String method, String... patterns) {
            return add(method, Set.of(ORGANISER), patterns);
        }

        /** Adds calls that need the role of auditors. */
        public Builder auditor(String method, String... patterns) {
            return add(method, Set.of(AUDITOR), patterns);
        }

        /** Adds calls that need the role of organisers or that of auditors. */
        public Builder organiserOrAuditor(String method, String... patterns) {
            return add(method, Set.of(ORGANISER, AUDITOR), patterns);
        }

        private Builder add(String method, Set<String> roles, String... patterns) {
            Arrays.stream(patterns)
                    .map(PathPatternParser.defaultInstance::parse)
                    .forEach(pattern -> rules.add(new AccessRule(method, pattern, roles, "")));
            return this;
        }

        /** Gives calls of earlier rules an entry in the {@link AccessLog} before they are served. */
        public Builder logged(String action, String method, String... patterns) {
            List<String> wanted = List.of(patterns);
            rules.replaceAll(rule -> rule.method().equals(method)
                            && wanted.contains(rule.pattern().getPatternString())
                    ? new AccessRule(method, rule.pattern(), rule.roles(), action)
                    : rule);
            return this;
        }

        /** Returns the rules. */
        public AccessRules build() {
            return new AccessRules(rules);
        }
    }

    /** Starts with no rule, so that nothing is served. */
    public static Builder rules() {
        return new Builder();
    }

    /** Returns all rules. */
    public List<AccessRule> all() {
        return rules;
    }

    /** Looks up the rule of a request. */
    public Verdict judge(HttpServletRequest request) {
        return judge(request.getMethod(), ServletRequestPathUtils.parse(request).pathWithinApplication());
    }

    /** Returns whether a rule lets everybody make this request. */
    public boolean isPublic(HttpServletRequest request) {
        return judge(request) instanceof Verdict.Known known && known.rule().isPublic();
    }

    private Verdict judge(String method, PathContainer path) {
        List<AccessRule> ofPath =
                rules.stream().filter(rule -> rule.pattern().matches(path)).toList();
        if (ofPath.isEmpty()) {
            return new Verdict.UnknownPath();
        }
        if (method.equals("OPTIONS")) {
            return new Verdict.Known(ofPath.stream()
                    .filter(rule -> rule.method().equals("GET"))
                    .findFirst()
                    .orElse(ofPath.get(0)));
        }
        String asked = method.equals("HEAD") ? "GET" : method;
        return ofPath.stream()
                .filter(rule -> rule.method().equals(asked))
                .<Verdict>map(Verdict.Known::new)
                .findFirst()
                .orElseGet(() -> new Verdict.OtherMethods(allowed(ofPath)));
    }

    private static Set<String> allowed(List<AccessRule> ofPath) {
        Set<String> allowed = new TreeSet<>(Set.of("OPTIONS"));
        ofPath.forEach(rule -> allowed.add(rule.method()));
        if (allowed.contains("GET")) {
            allowed.add("HEAD");
        }
        return allowed;
    }
}
