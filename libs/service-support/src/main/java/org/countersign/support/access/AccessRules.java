package org.countersign.support.access;

import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.countersign.support.access.Permission.Subject;
import org.springframework.http.server.PathContainer;
import org.springframework.web.util.ServletRequestPathUtils;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/**
 * All calls of a service's public port, and the permissions that they need. A call without a rule does not exist for
 * clients: default deny. HEAD needs what GET needs, and OPTIONS what the path's first rule needs.
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
     * @param permission what the caller needs
     * @param action the name of the call in the {@link AccessLog}; empty if it has no entry
     */
    public record AccessRule(String method, PathPattern pattern, Permission permission, String action) {

        /** Returns whether callers need no credentials. */
        public boolean isPublic() {
            return permission.isPublic();
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
            return calls(Permission.PUBLIC, method, patterns);
        }

        /** Adds calls of the built-in organiser, which no account may make. */
        public Builder organiser(String method, String... patterns) {
            return calls(Permission.organiser(Subject.NOBODY), method, patterns);
        }

        /** Adds calls of the built-in auditor, which no account may make. */
        public Builder auditor(String method, String... patterns) {
            return calls(Permission.auditor(Subject.NOBODY), method, patterns);
        }

        /** Adds calls of the built-in organiser and the built-in auditor, which no account may make. */
        public Builder organiserOrAuditor(String method, String... patterns) {
            return calls(new Permission(Set.of(ORGANISER, AUDITOR), Set.of(), Subject.NOBODY), method, patterns);
        }

        /**
         * Adds calls with a permission.
         *
         * @throws IllegalArgumentException if a path lacks the variable that names what the permission is for
         */
        public Builder calls(Permission permission, String method, String... patterns) {
            for (String path : patterns) {
                PathPattern pattern = PathPatternParser.defaultInstance.parse(path);
                if (!permission.subject().isIn(pattern)) {
                    throw new IllegalArgumentException(path + " names no " + permission.subject());
                }
                rules.add(new AccessRule(method, pattern, permission, ""));
            }
            return this;
        }

        /** Gives calls of earlier rules an entry in the {@link AccessLog} before they are served. */
        public Builder logged(String action, String method, String... patterns) {
            List<String> wanted = List.of(patterns);
            rules.replaceAll(rule -> rule.method().equals(method)
                            && wanted.contains(rule.pattern().getPatternString())
                    ? new AccessRule(method, rule.pattern(), rule.permission(), action)
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
